"""A listening model as the ``Gr.fst`` of a Vosk model: what may be said, how likely, and room for speech to others."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from local_runner.hearing import UNKNOWN_WORD
from local_runner.listening import ClassToken, ListeningModel, Token
from local_runner.recognition.fst import Transducer
from local_runner.recognition.ngram import END, START, History, NGram, estimate


@dataclass(frozen=True)
class GraphSettings:
    """How the language model of a skill is made."""

    order: int = 3
    """Longest n-gram, in tokens; a slot is one token."""
    caution: float = 0.3
    """How much the language model keeps for orders of words never seen in a sample (1: Witten–Bell)."""
    empty_cost: float = 1.0
    """Cost (natural log) of hearing nothing at all: without it words are made of the noise after a sentence."""
    garbage_cost: float = 8.0
    """Cost of an utterance that is not for us."""
    garbage_inside_cost: float = 20.0
    """Cost of speech that is not for us before or after a sentence that is."""
    garbage_word_cost: float = 0.0
    """Cost added for each word of speech that is not for us, beside the word's own."""
    garbage_words: bool = True
    """Whether speech that is not for us is looked for among all words of the voice model, not only among its sounds:
    tells better what is ours, and costs time in a graph that would be small without."""
    filler_cost: float = 5.0
    """Cost of a filler word before a sentence."""
    slot_share: int = 100
    """A class with more words than this is put into the graph once, not once for each place where it is used; the
    language model then forgets what stood before it."""


@dataclass(frozen=True)
class Graph:
    """A compiled language model."""

    fst: bytes
    """``Gr.fst``: OpenFst ``const``, over the voice model's own word numbers."""
    unheard: tuple[str, ...]
    """Words of the listening model that the voice model does not know; phrases with them cannot be heard."""
    states: int
    arcs: int


def compile_graph(
    listening: ListeningModel,
    words: dict[str, int],
    settings: GraphSettings | None = None,
    background: dict[str, float] | None = None,
) -> Graph:
    """Compile a listening model.

    Args:
        listening: what may be said.
        words: the voice model's vocabulary, word → number in its graph.
        settings: defaults if None.
        background: word → cost, the voice model's own unigram; the same for all words if None.

    Sentences and phrases with a word outside ``words`` are left out (the words are reported), so that what remains can
    be heard as well as ever.
    """
    return _Compiler(listening, words, settings or GraphSettings(), background).compile()


class _Compiler:
    """Builds one graph.

    ::

        start ──► n-gram of the sentences ──► end
          │             ▲         │
          │             │         ▼            garbage: any words at all, each output as [unk]
          └──────────► garbage ◄──┘
    """

    def __init__(
        self,
        listening: ListeningModel,
        words: dict[str, int],
        settings: GraphSettings,
        background: dict[str, float] | None,
    ) -> None:
        self.listening = listening
        self.words = words
        self.settings = settings
        self.background = background
        self.fst = Transducer()
        self.sizes: dict[str, int] = {}
        self.shared: dict[str, tuple[int, int]] = {}
        self.trees: dict[str, list[tuple[int, int, Token, float]]] = {}

    def compile(self) -> Graph:
        heard = [(s.tokens, s.weight) for s in self.listening.sentences if self._can_be_heard(s.tokens)]
        fst = self.fst
        start = fst.add_state()
        fst.finals[start] = self.settings.empty_cost
        garbage = self._add_garbage()
        fst.add_arc(start, garbage[0], self.settings.garbage_cost)
        fst.finals[garbage[1]] = 0.0
        if heard:
            self._add_sentences(estimate(heard, self.settings.order, self.settings.caution), start, garbage)
        unheard = tuple(sorted(w for w in self.listening.vocabulary if w not in self.words))
        return Graph(fst.to_bytes(), unheard, len(fst.finals), len(fst.arcs))

    def _can_be_heard(self, tokens: tuple[Token, ...]) -> bool:
        return all(self._class_size(t.name) > 0 if isinstance(t, ClassToken) else t in self.words for t in tokens)

    def _class_size(self, name: str) -> int:
        """Number of words in the phrases of a class that can be heard, classes in it written out."""
        if name not in self.sizes:
            self.sizes[name] = 0
            self.sizes[name] = sum(
                self._class_size(t.name) if isinstance(t, ClassToken) else 1
                for phrase in self._phrases(name)
                for t in phrase
            ) + int(self.listening.word_class(name).open)
        return self.sizes[name]

    def _phrases(self, name: str) -> list[tuple[Token, ...]]:
        return [phrase for phrase in self.listening.word_class(name).phrases if self._can_be_heard(phrase)]

    def _add_sentences(self, model: NGram, start: int, garbage: tuple[int, int]) -> None:
        """The n-gram as an automaton: a state for each history, arcs for what may follow, an arc to the shorter one."""
        fst = self.fst
        states: dict[History, int] = {history: fst.add_state() for history in model.probability}
        first = states[model.state((START,))]
        fst.add_arc(start, first)
        fst.add_arc(garbage[1], first, self.settings.garbage_inside_cost)
        for history, source in states.items():
            for token, p in model.probability[history].items():
                cost = -math.log(p)
                if token == END:
                    fst.finals[source] = cost
                    fst.add_arc(source, garbage[0], cost + self.settings.garbage_inside_cost)
                elif isinstance(token, str):
                    fst.add_arc(source, states[model.state((*history, token))], cost, self.words[token])
                elif self._is_shared(token.name):
                    self._add_shared(source, states[model.state((token,))], token.name, cost)
                else:
                    self._add_class(source, states[model.state((*history, token))], token.name, cost)
            if history:
                fst.add_arc(source, states[history[1:]], -math.log(model.backoff[history]))
        for filler in self.listening.fillers:
            if filler in self.words:
                fst.add_arc(start, start, self.settings.filler_cost, self.words[filler])

    def _is_shared(self, name: str) -> bool:
        return self._class_size(name) > self.settings.slot_share or self.listening.word_class(name).open

    def _add_shared(self, source: int, target: int, name: str, cost: float) -> None:
        """Paths through the one copy of a class; ``target`` is the same wherever the class is used."""
        if name not in self.shared:
            begin, end = self.shared[name] = (self.fst.add_state(), self.fst.add_state())
            self._add_class(begin, end, name, 0.0)
            self.fst.add_arc(end, target)
        self.fst.add_arc(source, self.shared[name][0], cost)

    def _add_class(self, source: int, target: int, name: str, cost: float) -> None:
        """Paths from ``source`` to ``target`` through every phrase of a class."""
        if self.listening.word_class(name).open:
            begin, end = self._add_words(output=None)
            cost += math.log(2) if self._tree(name) else 0.0
            self.fst.add_arc(source, begin, cost)
            self.fst.add_arc(end, target)
        states = [source, target]
        for begun, ended, token, step in self._tree(name):
            while ended >= len(states):
                states.append(self.fst.add_state())
            first = cost if begun == 0 else 0.0
            if isinstance(token, ClassToken):
                self._add_class(states[begun], states[ended], token.name, step + first)
            else:
                self.fst.add_arc(states[begun], states[ended], step + first, self.words[token])

    def _tree(self, name: str) -> list[tuple[int, int, Token, float]]:
        """The phrases of a class as a prefix tree: from, to (0 is its root, 1 its end), token, cost.

        Every step costs what it rules out, so that the search can weigh words as early as possible.
        """
        if name in self.trees:
            return self.trees[name]
        phrases = self._phrases(name)
        below = Counter(phrase[:i] for phrase in phrases for i in range(len(phrase) + 1))
        whole = set(phrases)
        numbers: dict[tuple[Token, ...], int] = {(): 0}
        arcs: list[tuple[int, int, Token, float]] = []
        for prefix, count in sorted(below.items(), key=lambda item: len(item[0])):
            if not prefix:
                continue
            before = prefix[:-1]
            # ``below[before]`` no longer counts the phrase that ends there: its state is only for those that go on.
            step = math.log(below[before] / count)
            if prefix in whole:
                arcs.append((numbers[before], 1, prefix[-1], step + math.log(count)))
                below[prefix] -= 1
            if below[prefix]:
                numbers[prefix] = len(numbers) + 1
                arcs.append((numbers[before], numbers[prefix], prefix[-1], step + math.log(count / below[prefix])))
        self.trees[name] = arcs
        return arcs

    def _add_garbage(self) -> tuple[int, int]:
        """Speech that is not for us: words of the whole vocabulary, and sounds that are no word."""
        unknown = self.words.get(UNKNOWN_WORD)
        if unknown is None:
            # Without [unk] in the vocabulary there is nothing to write for it.
            return self.fst.add_state(), self.fst.add_state()
        begin, end = self._add_words(output=unknown, listed=self.settings.garbage_words)
        self.fst.add_arc(begin, end, 0.0, unknown)
        return begin, end

    def _add_words(self, output: int | None, listed: bool = True) -> tuple[int, int]:
        """One or more words of the voice model's vocabulary; ``output`` is what they are written as, or themselves."""
        begin, end = self.fst.add_state(), self.fst.add_state()
        flat = math.log(max(1, len(self.words)))
        costs = self.background or dict.fromkeys((w for w in self.words if w != UNKNOWN_WORD), flat)
        for word, cost in costs.items() if listed else ():
            self.fst.add_arc(begin, end, cost, self.words[word], output)
        self.fst.add_arc(end, begin, self.settings.garbage_word_cost)
        return begin, end
