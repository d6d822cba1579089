"""What each slot type accepts: a closed list, something counted or dated, or free text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from local_runner.understanding.numbers import digits_at, number_at, ordinal_at
from local_runner.understanding.times import date_at, duration_at, time_at

Reading = tuple[int, str]
"""The index after the last word, and the value in Alexa's format."""

FREE_TEXT = frozenset({"AMAZON.SearchQuery", "AMAZON.LITERAL"})
"""Types that take any words at all."""


def readings_at(slot_type: str, words: Sequence[str], start: int, today: date | None = None) -> list[Reading]:
    """Values of a built-in type that begin at ``start``, longest first; empty for every other type.

    Args:
        slot_type: name of the type, such as ``AMAZON.DURATION``.
        words: the utterance, normalised.
        start: index of the first word.
        today: what relative dates are counted from; default the machine's date.
    """
    reader = _READERS.get(slot_type)
    if reader is None:
        return []
    found = reader(words, start, today or date.today())
    return [found] if found is not None else []


def is_read(slot_type: str) -> bool:
    """Values of the type are read by rule (numbers, dates …), not from a list."""
    return slot_type in _READERS


def _number(words: Sequence[str], start: int, today: date) -> Reading | None:
    found = number_at(words, start)
    return (found[0], str(found[1])) if found else None


def _ordinal(words: Sequence[str], start: int, today: date) -> Reading | None:
    found = ordinal_at(words, start)
    return (found[0], str(found[1])) if found else None


def _four_digits(words: Sequence[str], start: int, today: date) -> Reading | None:
    spoken = digits_at(words, start)
    if spoken is not None and len(spoken[1]) == 4:
        return spoken
    counted = number_at(words, start)
    if counted is not None and 1000 <= counted[1] <= 9999:
        return counted[0], str(counted[1])
    return None


def _phone(words: Sequence[str], start: int, today: date) -> Reading | None:
    found = digits_at(words, start)
    return found if found and len(found[1]) >= 7 else None


def _duration(words: Sequence[str], start: int, today: date) -> Reading | None:
    return duration_at(words, start)


def _time(words: Sequence[str], start: int, today: date) -> Reading | None:
    return time_at(words, start)


_READERS: dict[str, Callable[[Sequence[str], int, date], Reading | None]] = {
    "AMAZON.NUMBER": _number,
    "AMAZON.ORDINAL": _ordinal,
    "AMAZON.Ordinal": _ordinal,
    "AMAZON.FOUR_DIGIT_NUMBER": _four_digits,
    "AMAZON.PhoneNumber": _phone,
    "AMAZON.DURATION": _duration,
    "AMAZON.TIME": _time,
    "AMAZON.DATE": date_at,
}
