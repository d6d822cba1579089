"""Vosk's answers as hypotheses with confidences."""

from __future__ import annotations

import heapq
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from local_runner.hearing import UNKNOWN_WORD, Hypothesis, Word


@dataclass(frozen=True)
class Alternative:
    """One reading of one stretch of speech, before confidences are known."""

    words: tuple[tuple[str, float, float], ...]
    """Text, start and end in seconds."""
    score: float
    """Natural logarithm of its likelihood; only differences mean anything."""


def alternatives(result: str) -> tuple[Alternative, ...]:
    """Read what ``Result()`` gives after ``SetMaxAlternatives(n)`` and ``SetWords(True)``."""
    found = []
    for item in json.loads(result).get("alternatives", ()):
        words: list[tuple[str, float, float]] = []
        for w in item.get("result", ()):
            text, start, end = w["word"], float(w["start"]), float(w["end"])
            if text == UNKNOWN_WORD and words and words[-1][0] == UNKNOWN_WORD:
                start = words.pop()[1]  # speech to somebody else has no words worth counting
            words.append((text, start, end))
        found.append(Alternative(tuple(words), float(item["confidence"])))
    return tuple(found)


def joined(segments: Sequence[Sequence[Alternative]], most: int) -> tuple[Alternative, ...]:
    """The best readings of several stretches after one another, best first."""
    whole: list[Alternative] = [Alternative((), 0.0)]
    for segment in segments:
        pairs = (Alternative(a.words + b.words, a.score + b.score) for a in whole for b in segment)
        whole = heapq.nlargest(most, pairs, key=lambda a: a.score)
    return tuple(whole)


def with_confidences(readings: Sequence[Alternative], start: float = 0.0) -> tuple[Hypothesis, ...]:
    """Hypotheses, best first, none twice.

    The posterior of a reading is its likelihood over that of all readings; the confidence of a word is the posterior of
    all readings that have the same word at overlapping times. With a lattice's ten best readings this is close to the
    confidence that Vosk computes from the whole lattice, which it gives only for the first reading.

    Args:
        readings: at least one.
        start: time to subtract from all times, in seconds.
    """
    top = max(r.score for r in readings)
    likelihoods = [math.exp(r.score - top) for r in readings]
    total = math.fsum(likelihoods)
    hypotheses: dict[str, Hypothesis] = {}
    for reading in sorted(readings, key=lambda r: -r.score):
        text = " ".join(word for word, _, _ in reading.words)
        if text in hypotheses:
            continue
        words = tuple(
            Word(
                word,
                round(max(0.0, begin - start), 3),
                round(max(0.0, end - start), 3),
                round(_support(word, begin, end, readings, likelihoods) / total, 4),
            )
            for word, begin, end in reading.words
        )
        hypotheses[text] = Hypothesis(text, _mean(words, likelihoods, readings, total), words)
    return tuple(hypotheses.values())


def _support(
    word: str, begin: float, end: float, readings: Sequence[Alternative], likelihoods: Sequence[float]
) -> float:
    return math.fsum(
        likelihood
        for reading, likelihood in zip(readings, likelihoods, strict=True)
        if any(other == word and b < end and e > begin for other, b, e in reading.words)
    )


def _mean(words: Sequence[Word], likelihoods: Sequence[float], readings: Sequence[Alternative], total: float) -> float:
    seconds = math.fsum(w.end - w.start for w in words)
    if seconds > 0:
        return round(math.fsum(w.confidence * (w.end - w.start) for w in words) / seconds, 4)
    silent = math.fsum(p for p, r in zip(likelihoods, readings, strict=True) if not r.words)
    return round(silent / total, 4)
