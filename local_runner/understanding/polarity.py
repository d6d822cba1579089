"""Whether an intent's own samples speak of something as being so, or as not being so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from local_runner.understanding.negation import denied, denied_content, stem
from local_runner.understanding.templates import Template
from local_runner.understanding.words import FUNCTION_WORDS


@dataclass(frozen=True)
class Polarity:
    """What the samples of one intent affirm and deny."""

    affirmed: frozenset[str]
    """Stems of words of meaning outside any negation."""
    denied: frozenset[str]
    """Stems of words of meaning within one."""
    denied_slots: frozenset[str]
    """Names of slots that stand within a negation in some sample."""

    def shares(self, words: Sequence[str]) -> bool:
        """A sample denies (nearly) the same thing as the utterance."""
        return any(_alike(stem(word), other) for word in denied_content(words) for other in self.denied)

    def only_denied(self, words: Sequence[str]) -> list[int]:
        """Indices of words that the utterance affirms and the samples only ever deny: "I can feel my leg"."""
        mask = denied(words)
        return [
            i
            for i, (word, is_denied) in enumerate(zip(words, mask, strict=True))
            if not is_denied
            and word not in FUNCTION_WORDS
            and stem(word) in self.denied
            and stem(word) not in self.affirmed
        ]


def polarity_of(patterns: Iterable[Template]) -> Polarity:
    """Gather what the samples of an intent affirm and deny."""
    affirmed: set[str] = set()
    denied_stems: set[str] = set()
    denied_slots: set[str] = set()
    for template in patterns:
        words = [p if isinstance(p, str) else f"{{{p.name}}}" for p in template.parts]
        content = denied_content(words)
        for word, is_denied in zip(words, denied(words), strict=True):
            if word.startswith("{"):
                if is_denied:
                    denied_slots.add(word[1:-1])
            elif is_denied and word in content:
                denied_stems.add(stem(word))
            elif word not in FUNCTION_WORDS:
                affirmed.add(stem(word))
    return Polarity(frozenset(affirmed), frozenset(denied_stems), frozenset(denied_slots))


def _alike(one: str, other: str) -> bool:
    return one == other or (one[:2] == other[:2] and fuzz.ratio(one, other) >= 65)
