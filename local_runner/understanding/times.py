"""Durations, times of day and dates as people say them, in the formats that Alexa sends.

Formats: https://developer.amazon.com/docs/custom-skills/slot-type-reference.html
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from local_runner.understanding.numbers import number_at, ordinal_at

_UNITS = {
    "second": "S", "seconds": "S", "sec": "S", "secs": "S", "minute": "M", "minutes": "M", "min": "M", "mins": "M",
    "hour": "H", "hours": "H", "day": "D", "days": "D", "night": "D", "nights": "D", "week": "W", "weeks": "W",
    "month": "Mo", "months": "Mo", "year": "Y", "years": "Y", "fortnight": "W2",
}  # fmt: skip
_HALF = {"Y": ("Mo", 6), "D": ("H", 12), "H": ("M", 30), "M": ("S", 30)}
_QUARTER = {"H": ("M", 15), "M": ("S", 15), "Y": ("Mo", 3)}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_PARTS_OF_DAY = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "tonight": "NI"}


def duration_at(words: Sequence[str], start: int) -> tuple[int, str] | None:
    """A duration as ISO 8601: "thirty seconds" PT30S, "an hour and a half" PT1H30M, "half a minute" PT30S.

    Returns:
        The index after its last word and its value, or None.
    """
    amounts: dict[str, int] = {}
    position = start
    end = None
    while position < len(words):
        if end is not None and words[position] == "and":
            half = list(words[position + 1 : position + 3])
            last = list(amounts)[-1]
            if half in (["a", "half"], ["a", "quarter"]) and last in _HALF:
                unit, n = (_HALF if half[1] == "half" else _QUARTER).get(last, _HALF[last])
                amounts[unit] = amounts.get(unit, 0) + n
                position += 3
                end = position
                continue
            position += 1
            if position == len(words):
                break
        part = _amount_at(words, position)
        if part is None or any(unit in amounts for unit in part[1]):
            break
        position = end = part[0]
        amounts.update(part[1])
    return (end, _iso_duration(amounts)) if end is not None else None


def _amount_at(words: Sequence[str], position: int) -> tuple[int, dict[str, int]] | None:
    """One amount with its unit: "two and a half hours" is ``{"H": 2, "M": 30}``."""
    extra = 0
    if words[position] in ("half", "quarter"):
        after = position + 1
        for skipped in ("of", "a", "an"):
            if after < len(words) and words[after] == skipped:
                after += 1
        if after < len(words) and (unit := _UNITS.get(words[after])) in _HALF:
            part = (_HALF if words[position] == "half" else _QUARTER).get(unit)
            return (after + 1, {part[0]: part[1]}) if part else None
        return None
    number = number_at(words, position)
    if number is None and words[position] in ("a", "an", "one"):
        number = position + 1, 1
    if number is None and words[position] == "couple":
        number = position + (2 if list(words[position + 1 : position + 2]) == ["of"] else 1), 2
    if number is None:
        return None
    after, n = number
    if words[position] == "a" and list(words[after : after + 2]) == ["couple", "of"]:
        after, n = after + 2, 2
    if list(words[after : after + 3]) == ["and", "a", "half"]:
        extra, after = 1, after + 3
    if after >= len(words) or words[after] not in _UNITS:
        return None
    unit = _UNITS[words[after]]
    if unit == "W2":
        unit, n = "W", 2 * n
    amounts = {unit: n}
    if extra:
        if unit not in _HALF:
            return None
        smaller, value = _HALF[unit]
        amounts[smaller] = value
    return after + 1, amounts


def _iso_duration(amounts: dict[str, int]) -> str:
    days = "".join(f"{amounts[u]}{u[0]}" for u in ("Y", "Mo", "W", "D") if u in amounts)
    clock = "".join(f"{amounts[u]}{u}" for u in ("H", "M", "S") if u in amounts)
    return f"P{days}" + (f"T{clock}" if clock else "")


def time_at(words: Sequence[str], start: int) -> tuple[int, str] | None:
    """A time of day as HH:MM, or MO, AF, EV, NI: "half past seven" 07:30, "ten p m" 22:00, "noon" 12:00.

    Returns:
        The index after its last word and its value, or None. Without a.m., p.m. or a part of the day the hour is
        taken as said, as on a 24-hour clock.
    """
    word = words[start]
    if word in ("noon", "midday", "midnight"):
        return start + 1, "00:00" if word == "midnight" else "12:00"
    if word in _PARTS_OF_DAY:
        return start + 1, _PARTS_OF_DAY[word]
    if word == "this" and start + 1 < len(words) and words[start + 1] in _PARTS_OF_DAY:
        return start + 2, _PARTS_OF_DAY[words[start + 1]]
    if ":" in word and word.replace(":", "").isdecimal():
        hour, _, minute = word.partition(":")
        clock: tuple[int, int, int] | None = (start + 1, int(hour), int(minute[:2]))
    else:
        clock = _relative_clock(words, start) or _plain_clock(words, start)
    if clock is None or clock[1] > 24 or clock[2] > 59:
        return None
    end, hour_of_day, minute_of_hour = clock
    rest = list(words[end : end + 3])
    if rest[:2] == ["o", "clock"]:
        end, rest = end + 2, list(words[end + 2 : end + 5])
    elif rest[:1] in (["o'clock"], ["oclock"]):
        end, rest = end + 1, list(words[end + 1 : end + 4])
    if rest[:1] in (["am"], ["pm"]) or rest[:2] in (["a", "m"], ["p", "m"]):
        half = rest[0][0]
        end += 1 if rest[0] in ("am", "pm") else 2
    elif rest[:2] in (["in", "the"], ["at", "night"]) and rest[1 if rest[0] == "at" else -1] in _PARTS_OF_DAY:
        part = rest[1] if rest[0] == "at" else rest[2]
        half = "a" if part == "morning" or (part == "night" and hour_of_day < 6) else "p"
        end += 2 if rest[0] == "at" else 3
    else:
        half = ""
    if half == "p" and hour_of_day < 12:
        hour_of_day += 12
    if half == "a" and hour_of_day == 12:
        hour_of_day = 0
    return end, f"{hour_of_day % 24:02d}:{minute_of_hour:02d}"


def _relative_clock(words: Sequence[str], start: int) -> tuple[int, int, int] | None:
    """ "half past seven", "quarter to eight", "ten past three", "twenty minutes to five"."""
    position = start + (1 if words[start] == "a" else 0)
    if position >= len(words):
        return None
    if words[position] in ("half", "quarter"):
        minutes, after = (30 if words[position] == "half" else 15), position + 1
    else:
        number = number_at(words, position)
        if number is None or number[1] > 59:
            return None
        after, minutes = number
        if after < len(words) and words[after] == "minutes":
            after += 1
    if after + 1 >= len(words) or words[after] not in ("past", "after", "to", "till", "before"):
        return None
    hour = number_at(words, after + 1)
    if hour is None or hour[1] > 24:
        return None
    if words[after] in ("past", "after"):
        return hour[0], hour[1], minutes
    return hour[0], (hour[1] - 1) % 24, 60 - minutes


def _plain_clock(words: Sequence[str], start: int) -> tuple[int, int, int] | None:
    """ "seven", "seven thirty", "seven oh five"."""
    hour = number_at(words[start : start + 1], 0)
    if hour is None or hour[1] > 24:
        return None
    position = start + 1
    if position < len(words) and words[position] in ("oh", "o") and position + 1 < len(words):
        minute = number_at(words[position + 1 : position + 2], 0)
        if minute is not None and minute[1] < 10:
            return position + 2, hour[1], minute[1]
    if position < len(words):
        minute = number_at(words[position : position + 2], 0)
        if minute is not None and 10 <= minute[1] <= 59:
            return position + minute[0], hour[1], minute[1]
    return position, hour[1], 0


def date_at(words: Sequence[str], start: int, today: date) -> tuple[int, str] | None:
    """A date as ISO 8601: "tomorrow", "next friday", "july fourth", "this weekend" 2026-W47-WE, "next month" 2026-12.

    Args:
        words: the utterance.
        start: where the date begins.
        today: what relative dates are counted from.

    Returns:
        The index after its last word and its value, or None. A day without a year is the next one to come.
    """
    word = words[start]
    after = list(words[start + 1 : start + 4])
    if word in ("now", "today", "tonight"):
        return start + 1, "PRESENT_REF" if word == "now" else today.isoformat()
    if word in ("tomorrow", "yesterday"):
        return start + 1, (today + timedelta(days=1 if word == "tomorrow" else -1)).isoformat()
    if [word, *after] == ["the", "day", "after", "tomorrow"]:
        return start + 4, (today + timedelta(days=2)).isoformat()
    if word in ("this", "next", "last", "on") and after:
        found = _relative_date(word, after[0], today)
        return (start + 2, found) if found else None
    if word in _WEEKDAYS:
        return start + 1, _relative_date("on", word, today) or ""
    return _calendar_date(words, start, today)


def _relative_date(which: str, unit: str, today: date) -> str | None:
    steps = {"this": 0, "on": 0, "next": 1, "last": -1}[which]
    if unit in _WEEKDAYS:
        ahead = (_WEEKDAYS.index(unit) - today.weekday()) % 7
        if which == "last":
            return (today - timedelta(days=(-ahead) % 7 or 7)).isoformat()
        return (today + timedelta(days=ahead or (7 if which == "next" else 0))).isoformat()
    if which == "on":
        return None
    if unit in ("week", "weekend"):
        year, week, _ = (today + timedelta(weeks=steps)).isocalendar()
        return f"{year}-W{week:02d}" + ("-WE" if unit == "weekend" else "")
    if unit == "month":
        months = today.year * 12 + today.month - 1 + steps
        return f"{months // 12}-{months % 12 + 1:02d}"
    if unit == "year":
        return str(today.year + steps)
    if unit in _PARTS_OF_DAY and which == "this":
        return today.isoformat()
    return None


def _calendar_date(words: Sequence[str], start: int, today: date) -> tuple[int, str] | None:
    """ "july fourth", "the fourth of july", "july fourth twenty twenty seven", "july", "twenty twenty seven"."""
    month = day = None
    position = start
    if words[position] in _MONTHS:
        month = _MONTHS.index(words[position]) + 1
        position += 1
        # "may" alone is nearly always the verb.
        if position < len(words) and words[position] == "the":
            position += 1
        found = (ordinal_at(words, position) or number_at(words, position)) if position < len(words) else None
        if found is not None and 1 <= found[1] <= 31:
            position, day = found
        elif words[start] == "may":
            return None
    else:
        if words[position] == "the":
            position += 1
        found = ordinal_at(words, position) if position < len(words) else None
        if found is not None and 1 <= found[1] <= 31:
            position, day = found
            if position + 1 < len(words) and words[position] == "of" and words[position + 1] in _MONTHS:
                month = _MONTHS.index(words[position + 1]) + 1
                position += 2
            elif position < len(words) and words[position] in _MONTHS:
                month = _MONTHS.index(words[position]) + 1
                position += 1
            else:
                return None
    if month is None:
        year = _year_at(words, start)
        return (year[0], str(year[1])) if year else None
    year = _year_at(words, position + (1 if words[position] in ("in", "of") else 0)) if position < len(words) else None
    if year is not None:
        return year[0], f"{year[1]}-{month:02d}" + (f"-{day:02d}" if day else "")
    if day is None:
        return position, f"{today.year + (month < today.month)}-{month:02d}"
    return position, f"{today.year + ((month, day) < (today.month, today.day))}-{month:02d}-{day:02d}"


def _year_at(words: Sequence[str], start: int) -> tuple[int, int] | None:
    if start >= len(words):
        return None
    if words[start].isdecimal() and len(words[start]) == 4 and words[start][:2] in ("19", "20"):
        return start + 1, int(words[start])
    first = number_at(words[start : start + 1], 0)
    if first is not None and first[1] in (19, 20) and start + 1 < len(words):
        second = number_at(words[start + 1 : start + 3], 0)
        if second is not None and 10 <= second[1] <= 99:
            return start + 1 + second[0], first[1] * 100 + second[1]
    if first is not None and first[1] == 2:
        whole = number_at(words, start)
        if whole is not None and 2000 <= whole[1] <= 2099:
            return whole
    return None
