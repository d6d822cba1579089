"""A word trigram over an interaction model's sentences, as Gr.fst: what the ear is measured with."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log
from pathlib import Path

from voice_models.training.decoding_graph import write_grammar
from voice_models.training.prompts import model_samples

BEGIN, END = "<s>", "</s>"

Context = tuple[str, ...]
Arc = tuple[int, int, int, float]


class Trigram:
    """Witten–Bell smoothed trigram with back-off."""

    def __init__(self, sentences: Iterable[str]) -> None:
        """Count the words of sentences."""
        self.counts: dict[Context, Counter[str]] = defaultdict(Counter)
        for sentence in sentences:
            words = [BEGIN, *sentence.split(), END]
            for at in range(1, len(words)):
                for order in range(3):
                    if at - order >= 0:
                        self.counts[tuple(words[at - order : at])][words[at]] += 1

    def share_left(self, context: Context) -> float:
        """Probability that a context leaves to the shorter one."""
        seen = self.counts[context]
        return len(seen) / (len(seen) + seen.total())

    def probability(self, context: Context, word: str) -> float:
        """Smoothed probability of a word after up to two others."""
        seen = self.counts[context]
        if not context:
            return seen[word] / seen.total()
        own = seen[word] / (len(seen) + seen.total())
        return own + self.share_left(context) * self.probability(context[1:], word)

    def graph(self, numbers: Mapping[str, int], empty_cost: float | None) -> tuple[list[Arc], dict[int, float]]:
        """Arcs of a back-off automaton, start first, and final costs.

        Args:
            numbers: number of each word; n-grams with other words are left out.
            empty_cost: cost of saying nothing at all; None forbids it. Allowing it keeps orders from being invented
                out of the noise after the last word.
        """
        states: dict[Context, int] = {(BEGIN,): 0}
        contexts = sorted(context for context in self.counts if all(w == BEGIN or w in numbers for w in context))
        for context in contexts:
            states.setdefault(context, len(states))
        arcs: list[Arc] = []
        finals: dict[int, float] = {}
        for context in sorted(contexts, key=states.__getitem__):
            source = states[context]
            for word in sorted(self.counts[context]):
                cost = -log(self.probability(context, word))
                if word == END:
                    finals[source] = cost
                elif word in numbers:
                    target: Context = (*context, word)[-2:]
                    while target not in states:
                        target = target[1:]
                    arcs.append((source, states[target], numbers[word], cost))
            if context:
                shorter = context[1:] if context[1:] in states else ()
                arcs.append((source, states[shorter], 0, -log(self.share_left(context))))
        if empty_cost is not None:
            finals[0] = empty_cost
        return arcs, finals


def write_trigram(
    path: Path, models: Sequence[Path], numbers: Mapping[str, int], count: int = 30_000, empty_cost: float | None = 1.0
) -> Trigram:
    """Write Gr.fst for `count` random sentences of interaction models; the same every time."""
    rng = random.Random(1)  # noqa: S311
    trigram = Trigram(sentence for model in models for sentence in model_samples(model, rng, count))
    arcs, finals = trigram.graph(numbers, empty_cost)
    write_grammar(path, arcs, finals)
    return trigram


def word_numbers(model: Path) -> dict[str, int]:
    """The words of a model directory and their numbers."""
    lines = (model / "graph" / "words.txt").read_text(encoding="utf-8").splitlines()
    return {word: int(number) for word, number in map(str.split, lines) if word != "<eps>"}


def slot_values(model: Path) -> dict[str, list[str]]:
    """Values of each slot of an interaction model in lower case, the longest first."""
    language = json.loads(model.read_text(encoding="utf-8"))["interactionModel"]["languageModel"]
    types = {
        entry["name"]: sorted((value["name"]["value"].lower() for value in entry["values"]), key=len, reverse=True)
        for entry in language.get("types", ())
    }
    slots = [slot for intent in language["intents"] for slot in intent.get("slots") or ()]
    return {slot["name"]: types[slot["type"]] for slot in slots if slot["type"] in types}
