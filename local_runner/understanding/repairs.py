"""How people correct themselves: stutters ("my my calf") and changes of mind ("my foot no my calf")."""

from __future__ import annotations

from collections.abc import Sequence

from local_runner.understanding.numbers import digits_at

_STRONG = (
    ("no", "wait"), ("wait", "no"), ("no", "sorry"), ("sorry", "no"), ("sorry", "i", "mean"), ("no", "i", "mean"),
    ("i", "mean"), ("or", "rather"), ("scratch", "that"), ("make", "that"), ("i", "meant"), ("no", "no"), ("sorry",),
)  # fmt: skip
_BEFORE = (
    ("could", "you"), ("can", "you"), ("would", "you"), ("will", "you"), ("please",), ("okay",), ("hey",), ("well",),
    ("alexa",), ("so",), ("i", "want", "you", "to"), ("i", "would", "like", "you", "to"),
)  # fmt: skip
_AFTER = (("please",), ("thanks",), ("thank", "you"), ("for", "me"), ("okay",))
_WEAK = (("no",), ("actually",), ("wait",))
_NOT_BEFORE = frozenset(("is", "are", "was", "were", "there", "have", "has", "had", "with", "say", "said", "in", "of"))
_OPENERS = frozenset(("my", "the", "a", "an", "your", "his", "her", "in", "on", "it", "for", "to", "at"))


def without_stutter(words: Sequence[str]) -> list[int]:
    """Indices of the words, without the first of any group of one to four words that is said twice running.

    Digits are kept: a number may well be "five five five".
    """
    kept = list(range(len(words)))
    for size in (4, 3, 2, 1):
        position = 0
        while position + 2 * size <= len(kept):
            first = [words[i] for i in kept[position : position + size]]
            second = [words[i] for i in kept[position + size : position + 2 * size]]
            if first == second and not any(digits_at(first, i) for i in range(size)):
                del kept[position : position + size]
            else:
                position += 1
    return kept


def without_politeness(words: Sequence[str], kept: Sequence[int]) -> list[int]:
    """What is left of some indices without "could you please" before and "thank you" after, if anything is."""
    left = list(kept)
    again = True
    while again:
        again = False
        said = [words[i] for i in left]
        for phrase in _BEFORE:
            if len(said) > len(phrase) and tuple(said[: len(phrase)]) == phrase:
                left, again = left[len(phrase) :], True
                break
        else:
            for phrase in _AFTER:
                if len(said) > len(phrase) and tuple(said[-len(phrase) :]) == phrase:
                    left, again = left[: -len(phrase)], True
                    break
    return left


def corrections(words: Sequence[str], values: Sequence[tuple[int, int, str]]) -> list[list[int]]:
    """Readings of an utterance in which somebody corrects himself, surest first; empty if nobody does.

    Args:
        words: the utterance.
        values: slot values in it: first word, end, type.

    Returns:
        Indices of the words of each reading.
    """
    found: list[list[int]] = []
    for markers, strong in ((_STRONG, True), (_WEAK, False)):
        for marker in markers:
            for at in range(1, len(words) - len(marker)):
                if tuple(words[at : at + len(marker)]) != marker or (
                    marker[0] == "no" and words[at - 1] in _NOT_BEFORE
                ):
                    continue
                found.extend(_readings(words, values, at, at + len(marker), strong))
        if found:
            break
    return found


def _readings(
    words: Sequence[str], values: Sequence[tuple[int, int, str]], at: int, after: int, strong: bool
) -> list[list[int]]:
    rest = list(range(after, len(words)))
    # A value of the same type on both sides: the later one replaces the earlier.
    for start, _, kind in (v for v in values if after <= v[0] <= after + 3):
        earlier = [v for v in values if v[1] <= at and v[2] == kind]
        if earlier:
            cut = earlier[-1][0]
            while cut > 0 and words[cut - 1] in _OPENERS and words[cut - 1] in words[after:start]:
                cut -= 1
            # What followed the value that was taken back still stands: "my foot hurts no my calf".
            tail = list(range(earlier[-1][1], at)) if start + 1 >= len(words) or rest[-1] < start + 2 else []
            return [[*range(cut), *rest, *tail]]
    if words[after] in words[:at]:
        cut = at - 1 - list(reversed(words[:at])).index(words[after])
        return [[*range(cut), *rest]]
    return [rest] if strong else []
