"""Whether the samples that an utterance resembles say the same things are so, and the same things are not so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from local_runner.understanding.negation import denied, denied_content, heads, stem
from local_runner.understanding.templates import Template
from local_runner.understanding.words import FUNCTION_WORDS

MOSTLY = 0.75
"""Share of the samples alike that deny something, from which on a denial is taken to be what the intent is about."""


def affirmed_part(
    words: Sequence[str], alike: Sequence[Template], without: Sequence[int], strict: bool = False
) -> list[int] | None:
    """What is left of an utterance when nothing may be taken for its opposite.

    Args:
        words: the utterance.
        alike: the samples of the intent in question that are most like it.
        without: indices of the words outside denied clauses.
        strict: only a sample that denies the same thing will do, not just any that deny something.

    Returns:
        None where the utterance denies what one of the samples denies, or neither denies anything: it may be taken as
        a whole. Otherwise the indices of the words that must carry the meaning by themselves.
    """
    own = heads(words)
    if own:
        shared = any(_alike(stem(one), stem(other)) for t in alike for other in _heads(t) for one in own)
        # An intent that is all denial ("that's not right", "not true") may be put in words that no sample has.
        denying = not strict and sum(denies(t) for t in alike) >= MOSTLY * len(alike) > 0
        return None if shared or denying else list(without)
    if strict:
        return list(without)
    if denied_content(words):
        return None
    turned = {stem(h) for h in _heads(alike[0])} if alike else set()
    # The nearest sample denies something that the utterance affirms: "I can feel my leg" beside "I can't feel my leg".
    mask = [w not in FUNCTION_WORDS and stem(w) in turned for w in words]
    return [i for i, is_turned in enumerate(mask) if not is_turned] if any(mask) else None


def denies(template: Template) -> bool:
    """The sample says that something is not so."""
    return bool(_heads(template))


def denied_slots(patterns: Iterable[Template]) -> frozenset[str]:
    """Names of slots that stand within a negation in some sample."""
    found: set[str] = set()
    for template in patterns:
        if template.slots:
            words = _words(template)
            found.update(w[1:-1] for w, d in zip(words, denied(words), strict=True) if d and w.startswith("{"))
    return frozenset(found)


@lru_cache(maxsize=4096)
def _heads(template: Template) -> tuple[str, ...]:
    return tuple(heads(_words(template)))


def _words(template: Template) -> list[str]:
    return [p if isinstance(p, str) else f"{{{p.name}}}" for p in template.parts]


def _alike(one: str, other: str) -> bool:
    return one == other or other.startswith("{") or (one[:2] == other[:2] and fuzz.ratio(one, other) >= 65)
