"""From recognition to meaning: which of the recogniser's hypotheses to believe, and whether any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from local_runner.hearing import UNKNOWN_WORD, Hypothesis, Recognition
from local_runner.understanding.builtin_intents import SAFETY
from local_runner.understanding.meaning import FALLBACK, Understanding
from local_runner.understanding.words import content_words, utterance


@dataclass(frozen=True)
class Choosing:
    """What makes a hypothesis believable."""

    most_unknown: float = 0.5
    """Share of a hypothesis' words that may be ``[unk]``, 0 to 1."""
    least_confidence: float = 0.4
    """Least mean confidence of the words of meaning, 0 to 1, as the recogniser gives it."""
    per_rank: float = 0.03
    """What each place further down the list of hypotheses costs, on the scale of the score."""


DEFAULT = Choosing()


def choose(
    recognition: Recognition, understand: Callable[[str], Understanding], settings: Choosing = DEFAULT
) -> Understanding:
    """Understand every hypothesis and take the one that is worth most.

    A hypothesis is worth the score of its meaning, less for unknown words, for little confidence and for its place
    in the list. Stop, cancel and help in the first place are never doubted.
    """
    best: tuple[float, Understanding] | None = None
    for rank, hypothesis in enumerate(recognition.hypotheses):
        understanding = understand(hypothesis.text)
        worth = understanding.score
        if rank == 0 and understanding.score == 1.0 and understanding.intent in SAFETY.values():
            return understanding
        if understanding.rejected is None:
            doubt = _doubt(hypothesis, settings)
            if doubt is not None:
                understanding = replace(
                    understanding, intent=FALLBACK, slots={}, rejected=doubt, best_guess=understanding.intent
                )
        if understanding.rejected is not None:
            worth -= 1.0
        worth = worth * (0.5 + 0.5 * _sureness(hypothesis)) - settings.per_rank * rank
        if best is None or worth > best[0]:
            best = (worth, understanding)
    assert best is not None, "a recognition has at least one hypothesis"
    return best[1]


def unknown_share(hypothesis: Hypothesis) -> float:
    """Share of the words that are ``[unk]``, 0 to 1; by time where the recogniser gives times."""
    if hypothesis.words:
        total = sum(w.end - w.start for w in hypothesis.words)
        if total > 0:
            return sum(w.end - w.start for w in hypothesis.words if w.text == UNKNOWN_WORD) / total
    words = hypothesis.text.split()
    return words.count(UNKNOWN_WORD) / len(words) if words else 0.0


def _sureness(hypothesis: Hypothesis) -> float:
    """Mean confidence of the words of meaning, or of the whole hypothesis if it has none, 0 to 1."""
    meaning = set(content_words(utterance(hypothesis.text).words))
    confidences = [w.confidence for w in hypothesis.words if w.text in meaning]
    return sum(confidences) / len(confidences) if confidences else hypothesis.confidence


def _doubt(hypothesis: Hypothesis, settings: Choosing) -> str | None:
    if unknown_share(hypothesis) > settings.most_unknown:
        return "most of it was not in the skill's vocabulary"
    if _sureness(hypothesis) < settings.least_confidence:
        return "it was not heard clearly enough"
    return None
