"""HCLr.fst: every word of the lexicon as a path of transitions, to be composed with a language model while decoding."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import Path

from voice_models.training.lexicon import Lexicon
from voice_models.training.phones import PHONE_IDS, PHONES, SILENCE, forward_transition, loop_transition, positioned

UNKNOWN = "[unk]"
"""The word that any run of phones makes; Vosk's name for what is in no vocabulary."""

BOUNDARY, PAUSE, START = 0, 1, 2
"""States: between words, in a pause, and where a word may begin."""

STEP = log(2)
"""Cost of staying in a phone and of leaving it, and of a pause and of none: each has probability one half."""


class GraphError(RuntimeError):
    """OpenFst's tools are missing or refused a graph; the message says what to do."""


@dataclass
class _Branch:
    """A node of the prefix tree: phones heard so far, and the words that begin so."""

    words: list[int] = field(default_factory=list)
    """Words that end here."""
    below: int = 0
    """Pronunciations that pass through or end here."""
    children: dict[int, _Branch] = field(default_factory=dict)


class GraphText:
    """Builds the graph as OpenFst's text.

    Words share their beginnings in a tree. Where only one word is left, its label is put out at once and the rest of
    its phones is a path shared with every other word that ends so: a third of the size of a plain tree.
    """

    def __init__(self, lexicon: Lexicon, word_ids: Mapping[str, int], unknown_cost: float | None) -> None:
        """Build it.

        Args:
            lexicon: word → pronunciations.
            word_ids: number of each word (and of UNKNOWN, when there is a cost).
            unknown_cost: cost of each phone of an unknown word; None leaves unknown words out.
        """
        self.lines: list[str] = []
        self.states = 3
        self._endings: dict[tuple[int, ...], int] = {}
        silence = PHONE_IDS[SILENCE]
        self._arc(BOUNDARY, START, 0, 0, STEP)
        self._arc(BOUNDARY, PAUSE, forward_transition(silence), 0, STEP)
        self._arc(PAUSE, PAUSE, loop_transition(silence), 0, STEP)
        self._arc(PAUSE, START, 0, 0, STEP)
        if unknown_cost is not None:
            self._unknown(unknown_cost, word_ids[UNKNOWN])
        self._tree(self._grow(lexicon, word_ids))
        self.lines += [f"{BOUNDARY}", f"{PAUSE}\t{STEP:.5g}"]

    def _arc(self, source: int, target: int, transition: int, word: int, cost: float) -> None:
        self.lines.append(f"{source}\t{target}\t{transition}\t{word}\t{cost:.5g}")

    def _state(self, phone: int) -> int:
        """A new state that is reached by entering `phone` and may stay in it."""
        state = self.states
        self.states += 1
        self._arc(state, state, loop_transition(phone), 0, STEP)
        return state

    def _unknown(self, cost: float, word: int) -> None:
        hub, end = self.states, self.states + 1
        self.states += 2
        for phone in PHONES:
            for position, source, target in (("B", START, hub), ("I", hub, hub), ("E", hub, end)):
                number = PHONE_IDS[f"{phone}_{position}"]
                state = self._state(number)
                self._arc(source, state, forward_transition(number), 0, cost)
                self._arc(state, target, 0, 0, STEP)
        self._arc(end, BOUNDARY, 0, word, 0.0)

    @staticmethod
    def _grow(lexicon: Lexicon, word_ids: Mapping[str, int]) -> _Branch:
        root = _Branch()
        for word in sorted(lexicon):
            for phones in {tuple(positioned(each)): None for each in lexicon[word]}:
                branch = root
                for phone in phones:
                    branch = branch.children.setdefault(phone, _Branch())
                    branch.below += 1
                branch.words.append(word_ids[word])
        return root

    def _ending(self, phones: tuple[int, ...]) -> int:
        """The state reached by entering the first of these phones when the others are all that is left of the word."""
        state = self._endings.get(phones)
        if state is None:
            state = self._endings[phones] = self._state(phones[0])
            if len(phones) == 1:
                self._arc(state, BOUNDARY, 0, 0, STEP)
            else:
                self._arc(state, self._ending(phones[1:]), forward_transition(phones[1]), 0, STEP)
        return state

    def _tree(self, root: _Branch) -> None:
        todo = [(root, START, 0.0)]
        while todo:
            branch, state, cost = todo.pop()
            for word in branch.words:
                self._arc(state, BOUNDARY, 0, word, STEP)
            for phone, child in branch.children.items():
                if child.below == 1:
                    rest, word = _only(phone, child)
                    self._arc(state, self._ending(rest), forward_transition(phone), word, cost)
                else:
                    target = self._state(phone)
                    self._arc(state, target, forward_transition(phone), 0, cost)
                    todo.append((child, target, STEP))


def _only(phone: int, branch: _Branch) -> tuple[tuple[int, ...], int]:
    """The phones from `phone` to the end of the one word below, and that word."""
    phones = [phone]
    while branch.children:
        ((following, branch),) = branch.children.items()
        phones.append(following)
    return tuple(phones), branch.words[0]


def look_ahead_plugin() -> Path:
    """The folder of OpenFst's lookahead plug-in, which the tools do not search by themselves.

    Raises:
        GraphError: it is not installed.
    """
    for path in sorted(Path("/usr/lib").glob("*/fst/**/olabel_lookahead-fst.so")):
        return path.parent
    raise GraphError("OpenFst's look-ahead plug-in is missing; install Debian's 'libfst22-plugins-base'")


def run_tools(pipeline: str, text: str, out: Path) -> None:
    """Run a shell pipeline of OpenFst tools from text to a file.

    Raises:
        GraphError: a tool is missing or failed.
    """
    script = f"set -e; LD_LIBRARY_PATH='{look_ahead_plugin()}' ; export LD_LIBRARY_PATH; {pipeline}"
    done = subprocess.run(["sh", "-c", script], input=text.encode(), capture_output=True)  # noqa: S603, S607
    if done.returncode or not done.stdout:
        words = done.stderr.decode(errors="replace").strip() or "no output"
        raise GraphError(f"OpenFst refused {out.name} ({words}); is Debian's 'libfst-tools' installed?")
    out.write_bytes(done.stdout)


def write_lexicon_graph(path: Path, lexicon: Lexicon, unknown_cost: float | None) -> dict[str, int]:
    """Write HCLr.fst. Returns the number of each word, as look-ahead composition has renumbered them."""
    words = sorted([*lexicon, UNKNOWN] if unknown_cost is not None else lexicon)
    first = {word: number for number, word in enumerate(words, 1)}
    graph = GraphText(lexicon, first, unknown_cost)
    with tempfile.TemporaryDirectory() as scratch:
        pairs = Path(scratch) / "relabel"
        convert = f"fstconvert --fst_type=olabel_lookahead --save_relabel_opairs='{pairs}'"
        run_tools(f"fstcompile | fstarcsort --sort_type=olabel | {convert}", "\n".join(graph.lines) + "\n", path)
        renumbered = dict(_pair(line) for line in pairs.read_text(encoding="ascii").splitlines())
    return {word: renumbered[number] for word, number in first.items()}


def _pair(line: str) -> tuple[int, int]:
    old, new = line.split()
    return int(old), int(new)


def write_loop_grammar(path: Path, costs: Mapping[int, float]) -> None:
    """Write a Gr.fst in which any word follows any other: word number → cost."""
    lines = [f"0\t0\t{word}\t{word}\t{cost:.3f}" for word, cost in sorted(costs.items())]
    run_tools("fstcompile | fstarcsort --sort_type=ilabel | fstconvert --fst_type=const", _text([*lines, "0"]), path)


def write_grammar(path: Path, arcs: Iterable[tuple[int, int, int, float]], finals: Mapping[int, float]) -> None:
    """Write a Gr.fst from arcs (source, target, word number, cost), the start's first, and final costs."""
    lines = [f"{source}\t{target}\t{word}\t{word}\t{cost:.4f}" for source, target, word, cost in arcs]
    lines += [f"{state}\t{cost:.4f}" for state, cost in finals.items()]
    tools = "fstcompile | fstconnect | fstarcsort --sort_type=ilabel | fstconvert --fst_type=const"
    run_tools(tools, _text(lines), path)


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"


def word_boundaries() -> Iterator[str]:
    """The lines of phones/word_boundary.int."""
    kinds = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}
    for name, number in PHONE_IDS.items():
        yield f"{number} {kinds[name[-1]] if '_' in name else 'nonword'}"
