"""Numbers and ordinals as people say them, read as integers."""

from __future__ import annotations

from collections.abc import Sequence

_ONES = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "  # noqa: SIM905
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}  # noqa: SIM905
_TENS["fourty"] = 40
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
    "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
    "fortieth": 40, "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "eightieth": 80, "ninetieth": 90,
    "hundredth": 100, "thousandth": 1000,
}  # fmt: skip


def number_at(words: Sequence[str], start: int) -> tuple[int, int] | None:
    """The longest whole number that begins at ``start``.

    Returns:
        The index after its last word and its value, or None. "a hundred" and "half a dozen" are numbers, a lone "a"
        is not; digits ("42", "1,500") are read as they are.
    """
    word = words[start]
    if word[0].isdigit():
        digits = word.replace(",", "")
        if not digits.isdecimal():
            return None
        return _scaled(words, start + 1, int(digits))
    if word == "dozen":
        return start + 1, 12
    if word == "half" and list(words[start + 1 : start + 3]) == ["a", "dozen"]:
        return start + 3, 6
    if word in ("a", "an"):
        if start + 1 < len(words) and words[start + 1] == "dozen":
            return start + 2, 12
        if start + 1 < len(words) and words[start + 1] in _SCALES:
            return _scaled(words, start + 1, 1)
        return None
    total = below = 0
    position, end = start, None
    last = 10**12
    while position < len(words):
        word = words[position]
        if word in _ONES and (last >= 100 or (last >= 20 and 0 < _ONES[word] < 10)):
            below += _ONES[word]
            last = 1
        elif word in _TENS and last >= 100:
            below += _TENS[word]
            last = 20
        elif word == "hundred" and 0 < below < 100 and end is not None:
            below *= 100
            last = 100
        elif word in _SCALES and below and end is not None:
            total += below * _SCALES[word]
            below, last = 0, 1000
        elif word == "and" and end is not None and last in (100, 1000) and position + 1 < len(words):
            if words[position + 1] not in _ONES and words[position + 1] not in _TENS:
                break
            position += 1
            continue
        else:
            break
        position += 1
        end = position
    return (end, total + below) if end is not None else None


def _scaled(words: Sequence[str], position: int, value: int) -> tuple[int, int]:
    while position < len(words) and words[position] in _SCALES:
        value *= _SCALES[words[position]]
        position += 1
    if position + 1 < len(words) and words[position] == "and" and value >= 100:
        rest = number_at(words, position + 1)
        if rest is not None and rest[1] < value:
            return rest[0], value + rest[1]
    return position, value


def digits_at(words: Sequence[str], start: int) -> tuple[int, str] | None:
    """Digits said one by one, or in pairs as in years ("one two three four", "nineteen ninety nine", "oh" for 0)."""
    text = ""
    position = start
    while position < len(words):
        word = words[position]
        if word in ("oh", "o") and text:
            text += "0"
        elif word.isdecimal():
            text += word
        elif word in _ONES:
            text += str(_ONES[word])
        elif word in _TENS:
            after = _ONES.get(words[position + 1], 0) if position + 1 < len(words) else 0
            if 0 < after < 10:
                text += str(_TENS[word] + after)
                position += 1
            else:
                text += str(_TENS[word])
        else:
            break
        position += 1
    return (position, text) if text else None


def ordinal_at(words: Sequence[str], start: int) -> tuple[int, int] | None:
    """The ordinal that begins at ``start``: "third", "twenty first", "3rd", "two hundredth"."""
    word = words[start]
    if word[0].isdigit() and word[-2:] in ("st", "nd", "rd", "th") and word[:-2].isdecimal():
        return start + 1, int(word[:-2])
    if word in _ORDINALS:
        return start + 1, _ORDINALS[word]
    for at in range(start + 1, min(len(words), start + 9)):
        ordinal = _ORDINALS.get(words[at])
        if ordinal is None:
            continue
        joined = words[at - 1] == "and"
        before = list(words[start : at - 1 if joined else at])
        counted = number_at(before, 0) if before else None
        if counted is None or counted[0] != len(before):
            return None
        if ordinal in (100, 1000):
            return at + 1, counted[1] * ordinal
        room = 100 if counted[1] % 100 == 0 else 10 if counted[1] % 10 == 0 and counted[1] % 100 >= 20 else 0
        return (at + 1, counted[1] + ordinal) if ordinal < room else None
    return None
