"""New words in a voice model: its ``HCLr.fst`` read, paths for their sounds added, and written again.

``HCLr.fst`` is OpenFst's ``olabel_lookahead`` type (``add-on.h``, ``label-reachable.h``): a header without states, a
magic number, a ``const`` FST, and for each state the set of words whose beginning it may still be, as intervals of word
numbers, so that the search knows early which words the language model rules out. Our own models have the structure
that ``voice_models.training.decoding_graph`` writes: a state between words, from which silence or the start of any word
follows. Only such graphs can be added to; those of other makers depend on a phonetic context that is not in the model.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from local_runner.recognition.fst import (
    EPSILON,
    Transducer,
    pack_header,
    parse_const_fst,
    skip_header,
    to_const_fst,
)
from voice_models.training.phones import PHONE_IDS, forward_transition, loop_transition, positioned

_ADD_ON_MAGIC = 446681434
_BETWEEN_WORDS = 0
_STEP = log(2)

Intervals = tuple[tuple[int, int], ...]
"""Word numbers: first, and first after the last."""


@dataclass(frozen=True)
class LexiconGraph:
    """An ``HCLr.fst`` as read."""

    finals: NDArray[np.float32]
    source: NDArray[np.int64]
    """State that each arc leaves."""
    arcs: NDArray[np.void]
    """Transition ids in, word numbers out; sorted by word number within a state."""
    final_label: int
    """The number that stands for the end in the intervals."""
    reachable: tuple[Intervals, ...]
    """For each state."""

    @property
    def word_start(self) -> int | None:
        """The state in which every word begins, or None if this graph is not one of ours."""
        leaving = self.arcs[self.source == _BETWEEN_WORDS]
        silent = leaving[(leaving["input"] == EPSILON) & (leaving["output"] == EPSILON)]
        return int(silent["next"][0]) if len(silent) == 1 and len(leaving) == 2 else None


def can_be_added_to(model: Path) -> bool:
    """Whether a voice model has the phones of our own models (``graph/phones/word_boundary.int`` tells)."""
    kinds = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}
    expected = [f"{n} {kinds[name[-1]] if '_' in name else 'nonword'}" for name, n in PHONE_IDS.items()]
    try:
        return (model / "graph/phones/word_boundary.int").read_text(encoding="ascii").split("\n")[:-1] == expected
    except (OSError, UnicodeDecodeError):
        return False


def read_lexicon_graph(path: Path) -> LexiconGraph:
    """Read an ``HCLr.fst``.

    Raises:
        ValueError: it is something else, or is cut short.
    """
    data = path.read_bytes()
    try:
        kind, at = skip_header(data, 0)
        (magic,) = struct.unpack_from("<i", data, at)
        if kind != "olabel_lookahead" or magic != _ADD_ON_MAGIC:
            raise ValueError("another kind of FST")
        inner, at = parse_const_fst(data, at + 4)
        # An add-on, of which the first half (for input labels) is missing and the second (for output labels) is there,
        # made for output labels, without the table of renumbering.
        if data[at : at + 5] != bytes([1, 0, 1, 0, 0]):
            raise ValueError("another kind of look-ahead")
        final_label, count = struct.unpack_from("<iq", data, at + 5)
        at += 17
        reachable: list[Intervals] = []
        for _ in range(count):
            (intervals,) = struct.unpack_from("<q", data, at)
            numbers = struct.unpack_from(f"<{2 * intervals}i", data, at + 8)
            reachable.append(tuple(zip(numbers[::2], numbers[1::2], strict=True)))
            at += 8 + 8 * intervals + 4
    except (struct.error, IndexError, ValueError) as error:
        raise ValueError(f"{path.name} is not a lexicon graph, or is cut short") from error
    source = np.repeat(np.arange(len(inner.states)), inner.states["arcs"].astype(np.int64))
    return LexiconGraph(inner.states["final"].copy(), source, inner.arcs, final_label, tuple(reachable))


def with_words(
    graph: LexiconGraph, pronunciations: Mapping[str, Sequence[Sequence[str]]]
) -> tuple[LexiconGraph, dict[str, int]]:
    """The graph with words added.

    Args:
        graph: one of ours.
        pronunciations: word → its pronunciations, each a sequence of ARPABET phones.

    Returns:
        The new graph, and the number of each new word.

    Raises:
        ValueError: the graph is not one of ours.
    """
    start = graph.word_start
    if start is None:
        raise ValueError("words can only be added to graphs of our own models")
    first = max(graph.final_label, max(end - 1 for intervals in graph.reachable for _, end in intervals)) + 1
    numbers = {word: first + i for i, word in enumerate(pronunciations)}
    added = Transducer()
    states = len(graph.finals)
    for word, number in numbers.items():
        for pronunciation in pronunciations[word]:
            before, cost, label = start, 0.0, number
            for phone in positioned(pronunciation):
                state = states + added.add_state()
                added.add_arc(before, state, cost, forward_transition(phone), label)
                added.add_arc(state, state, _STEP, loop_transition(phone), EPSILON)
                before, cost, label = state, _STEP, EPSILON
            added.add_arc(before, _BETWEEN_WORDS, _STEP, EPSILON, EPSILON)
    arcs, source = added.sorted_arcs()
    arcs, source = np.concatenate([graph.arcs, arcs]), np.concatenate([graph.source, source])
    order = np.lexsort((arcs["output"], source))
    everything = graph.reachable[start]
    last = first + len(numbers)
    new: Intervals = ((first, last),)
    # Whoever may still come to the start of any word may come to that of a new one.
    reachable = [intervals + new if _covers(intervals, everything) else intervals for intervals in graph.reachable]
    # Within a new word its number has been put out, so what may follow is what may follow any word.
    reachable += [graph.reachable[_BETWEEN_WORDS] + new] * len(added.finals)
    finals = np.concatenate([graph.finals, np.array(added.finals, np.float32)])
    return LexiconGraph(finals, source[order], arcs[order], graph.final_label, tuple(reachable)), numbers


def write_lexicon_graph(graph: LexiconGraph, path: Path) -> None:
    """Write an ``HCLr.fst``."""
    parts = [
        pack_header("olabel_lookahead", 1, start=-1),
        struct.pack("<i", _ADD_ON_MAGIC),
        to_const_fst(graph.finals, graph.source, graph.arcs, sorted_by="output"),
        bytes([1, 0, 1, 0, 0]),
        struct.pack("<iq", graph.final_label, len(graph.reachable)),
    ]
    for intervals in graph.reachable:
        numbers = [n for interval in intervals for n in interval]
        size = sum(end - begin for begin, end in intervals)
        parts.append(struct.pack(f"<q{len(numbers)}ii", len(intervals), *numbers, size))
    path.write_bytes(b"".join(parts))


def _covers(intervals: Intervals, others: Intervals) -> bool:
    return all(any(b <= begin and end <= e for b, e in intervals) for begin, end in others)
