"""``<say-as>``: what is written, as words that every synthesiser reads the same way.

Meanings as in Amazon's SSML reference for Alexa (interpret-as: cardinal, ordinal, digits, fraction, unit, date, time,
telephone, address, spell-out, interjection, expletive).
"""

from __future__ import annotations

import re
from collections.abc import Callable

_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
_DIGIT_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_DENOMINATORS = {2: "half", 3: "third", 4: "quarter", 8: "eighth"}
_UNITS = {
    "mm": "millimetre", "cm": "centimetre", "m": "metre", "km": "kilometre", "in": "inch", "ft": "foot", "yd": "yard",
    "mi": "mile", "mg": "milligram", "g": "gram", "kg": "kilogram", "oz": "ounce", "lb": "pound", "ml": "millilitre",
    "l": "litre", "s": "second", "sec": "second", "min": "minute", "h": "hour", "hr": "hour", "%": "percent",
    "°c": "degree Celsius", "°f": "degree Fahrenheit",
}  # fmt: skip
_PLURALS = {"inch": "inches", "foot": "feet", "percent": "percent",
            "degree Celsius": "degrees Celsius", "degree Fahrenheit": "degrees Fahrenheit"}  # fmt: skip


def spoken(text: str, interpret_as: str, form: str = "") -> str:
    """The words for ``text``.

    Args:
        text: what the element holds.
        interpret_as: its ``interpret-as``; an unknown one leaves the text alone.
        form: its ``format`` (dates only: mdy, dmy, ymd, md, dm, ym, my, d, m, y).
    """
    text = " ".join(text.split())
    if interpret_as == "date":
        return _date(text, form)
    reader = _READERS.get(interpret_as)
    return reader(text) if reader else text


def ordinal(number: int) -> str:
    """1 → ``1st``, 12 → ``12th``, 22 → ``22nd``."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _digits(text: str) -> str:
    return " ".join(_DIGIT_WORDS[int(c)] if c.isdecimal() and c.isascii() else c for c in text if not c.isspace())


def _spell_out(text: str) -> str:
    # Full stops after letters would end sentences; commas give each letter its own beat.
    letters = (_DIGIT_WORDS[int(c)] if c.isdecimal() and c.isascii() else c.upper() for c in text if c.isalnum())
    return ", ".join(letters)


def _cardinal(text: str) -> str:
    return re.sub(r"(?<=\d)[,\s](?=\d{3})", "", text)


def _ordinal(text: str) -> str:
    return re.sub(r"\d+", lambda found: ordinal(int(found.group())), _cardinal(text), count=1)


def _telephone(text: str) -> str:
    text, _, extension = text.lower().partition("x")
    groups = [_digits(group) for group in re.findall(r"\d+", text)]
    said = ("plus " if text.lstrip().startswith("+") else "") + ", ".join(groups)
    return f"{said}, extension {_digits(extension)}" if extension.strip() else said


def _fraction(text: str) -> str:
    found = re.fullmatch(r"(?:(\d+)[+ ])?\s*(\d+)\s*/\s*(\d+)", text)
    if not found:
        return text
    whole, top, bottom = found[1], int(found[2]), int(found[3])
    name = _DENOMINATORS.get(bottom, ordinal(bottom))
    if top != 1:
        name = "halves" if bottom == 2 else f"{name}s"
    return (f"{whole} and " if whole else "") + f"{top} {name}"


def _unit(text: str) -> str:
    found = re.fullmatch(r"([+-]?[\d.,]+(?:\s*/\s*\d+)?)\s*(.+)", text)
    if not found:
        return text
    amount, unit = found[1], _UNITS.get(found[2].strip().lower())
    if unit is None:
        return text
    if amount.strip() not in ("1", "1.0"):
        unit = _PLURALS.get(unit, unit + "s")
    return f"{_fraction(amount)} {unit}"


def _date(text: str, form: str) -> str:
    numbers = re.findall(r"\d+|\?+", text)
    if not form:
        form = "ymd" if numbers and len(numbers[0]) == 4 else "mdy"
    if len(numbers) == 1 and len(numbers[0]) == 8:
        numbers = [text[:4], text[4:6], text[6:]]
        form = "ymd"
    if len(numbers) != len(form) or any(letter not in "dmy" for letter in form):
        return text
    parts = {letter: int(value) for letter, value in zip(form, numbers, strict=True) if value.isdigit()}
    month = parts.get("m")
    if month is not None and not 1 <= month <= 12:
        return text
    said = [_MONTHS[month - 1]] if month else []
    if "d" in parts:
        said.append(ordinal(parts["d"]))
    date = " ".join(said)
    if "y" not in parts:
        return date or text
    return f"{date}, {parts['y']}" if date else str(parts["y"])


def _time(text: str) -> str:
    # Alexa: 1'21" is a duration in minutes and seconds.
    duration = re.fullmatch(r"(?:(\d+)')?\s*(?:(\d+)(?:\"|''))?", text)
    if duration and any(duration.groups()):
        named = ((duration[1], "minute"), (duration[2], "second"))
        return " ".join(f"{int(n)} {unit}{'s' * (int(n) != 1)}" for n, unit in named if n is not None)
    clock = re.fullmatch(r"(\d{1,2}):(\d{2})(?::\d{2})?\s*([ap])?\.?(?:m\.?)?", text.lower())
    if not clock:
        return text
    hours, minutes = int(clock[1]), int(clock[2])
    half = f" {clock[3]} m" if clock[3] else ""
    if minutes == 0:
        return f"{hours}{half}" if half else f"{hours} o'clock"
    return f"{hours} {'oh ' if minutes < 10 else ''}{minutes}{half}"


_READERS: dict[str, Callable[[str], str]] = {
    "cardinal": _cardinal,
    "number": _cardinal,
    "ordinal": _ordinal,
    "digits": _digits,
    "fraction": _fraction,
    "unit": _unit,
    "time": _time,
    "telephone": _telephone,
    "spell-out": _spell_out,
    "characters": _spell_out,
    "expletive": lambda _: "",
}
