"""A listening model as the ``Gr.fst`` of a Vosk model: what may be said, how likely, and room for speech to others."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from local_runner.hearing import UNKNOWN_WORD
from local_runner.listening import ClassToken, ListeningModel, Token, WordClass
from local_runner.recognition.fst import Transducer
from local_runner.recognition.ngram import END, START, History, NGram, estimate


@dataclass(frozen=True)
class GraphSettings:
    """How the language model of a skill is made."""

    order: int = 4
    """Longest n-gram, in tokens; a slot is one token."""
    caution: float = 0.3
    """How much the language model keeps for orders of words never seen in a sample (1: Witten–Bell)."""
    empty_cost: float = 1.0
    """Cost (natural log) of hearing nothing at all: without it words are made of the noise after a sentence."""
    garbage_cost: float = 4.0
    """Cost of beginning a stretch of speech that is not for us."""
    garbage_word_cost: float = 1.0
    """Cost added for each word of such a stretch, beside the word's own."""
    garbage_words: bool = True
    """Whether such speech is made of the voice model's whole vocabulary (else of its phones alone)."""
    filler_cost: float = 5.0
    """Cost of a filler word before a sentence."""
    slot_share: int = 400
    """A class with more words than this is put into the graph once and shared, not once for each place of use."""


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
        self.shared: dict[str, int] = {}
        self.after_shared: dict[str, set[int]] = {}
        self.sizes: dict[str, int] = {}

    def compile(self) -> Graph:
        heard = [(s.tokens, s.weight) for s in self.listening.sentences if self._can_be_heard(s.tokens)]
        fst = self.fst
        start = fst.add_state()
        fst.finals[start] = self.settings.empty_cost
        if heard:
            self._add_ngram(estimate(heard, self.settings.order, self.settings.caution), start)
        if UNKNOWN_WORD in self.words:
            self._add_garbage(start)
        unheard = tuple(sorted(w for w in self.listening.vocabulary if w not in self.words))
        return Graph(fst.to_bytes(), unheard, len(fst.finals), len(fst.arcs))

    def _can_be_heard(self, tokens: tuple[Token, ...]) -> bool:
        return all(self._class_size(t.name) > 0 if isinstance(t, ClassToken) else t in self.words for t in tokens)

    def _class_size(self, name: str) -> int:
        """Number of words in the phrases of a class that can be heard."""
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

    def _add_ngram(self, model: NGram, start: int) -> None:
        fst = self.fst
        states: dict[History, int] = {history: fst.add_state() for history in model.probability}
        fst.add_arc(start, states[model.state((START,))])
        for history, source in states.items():
            for token, p in model.probability[history].items():
                cost = -math.log(p)
                if token == END:
                    fst.finals[source] = min(fst.finals[source], cost)
                    continue
                target = states[model.state((*history, token))]
                if isinstance(token, ClassToken):
                    self._add_class(source, target, token.name, cost)
                else:
                    fst.add_arc(source, target, cost, self.words[token])
            if history:
                fst.add_arc(source, states[history[1:]], -math.log(model.backoff[history]))
        for filler in self.listening.fillers:
            if filler in self.words:
                fst.add_arc(start, start, self.settings.filler_cost, self.words[filler])

    def _add_class(self, source: int, target: int, name: str, cost: float) -> None:
        """Paths from ``source`` to ``target`` through every phrase of a class."""
        listed = self.listening.word_class(name)
        if listed.open:
            self._add_open(source, target, cost)
        phrases = self._phrases(name)
        if not phrases:
            return
        cost += math.log(2) if listed.open else 0.0
        # A prefix tree, every step costing what it rules out, so that the search can weigh words as early as possible.
        below = Counter(phrase[:i] for phrase in phrases for i in range(len(phrase) + 1))
        whole = set(phrases)
        tree: dict[tuple[Token, ...], int] = {(): source}
        for prefix, count in below.items():
            if not prefix:
                continue
            before = prefix[:-1]
            step = math.log(below[before] / count) + (cost if not before else 0.0)
            if prefix in whole:
                self._add_token(tree[before], target, prefix[-1], step + math.log(count))
            if count > (prefix in whole):
                state = tree[prefix] = self.fst.add_state()
                left = count - (prefix in whole)
                self._add_token(tree[before], state, prefix[-1], step + math.log(count / left))
                below[prefix] = left

    def _add_token(self, source: int, target: int, token: Token, cost: float) -> None:
        if isinstance(token, ClassToken):
            self._add_class(source, target, token.name, cost)
        else:
            self.fst.add_arc(source, target, cost, self.words[token])

    def _add_open(self, source: int, target: int, cost: float) -> None:
        """Any words at all, at least one."""
        # TODO

    def _word_costs(self) -> dict[str, float]:
        if self.background is not None:
            return self.background
        flat = math.log(len(self.words))
        return dict.fromkeys((w for w in self.words if w != UNKNOWN_WORD and not w.startswith("<")), flat)

    def _add_garbage(self, start: int) -> None:
        settings = self.settings
        fst = self.fst
        garbage = fst.add_state()
        unknown = self.words[UNKNOWN_WORD]
        costs = self._word_costs() if settings.garbage_words else {}
        fst.finals[garbage] = 0.0
        for source, enter in ((start, settings.garbage_cost), (garbage, settings.garbage_word_cost)):
            if source == start:
                fst.add_arc(start, garbage, enter, unknown)
                continue
            fst.add_arc(garbage, garbage, settings.garbage_word_cost, unknown)
        for word, cost in costs.items():
            label = self.words[word]
            fst.add_arc(start, garbage, settings.garbage_cost + cost, label, unknown)
            fst.add_arc(garbage, garbage, settings.garbage_word_cost + cost, label, unknown)


_ = WordClass
