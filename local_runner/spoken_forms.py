"""How text is spoken: words as a recogniser writes them, and the phrases behind Alexa's built-in slots and intents."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_TOKEN = re.compile(r"\d+(?:st|nd|rd|th)\b|\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*", re.UNICODE)
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}|\b[^\W\d_]\.(?= [^\W\d_]\.)")
_SYMBOLS = {"%": " percent ", "&": " and ", "+": " plus ", "@": " at ", "=": " equals ", "°": " degrees "}


def spoken_words(text: str) -> tuple[str, ...]:
    """The words somebody says when they read ``text``: lower case, digits as words, no punctuation.

    ``"10 a.m."`` is ``ten a m``, ``"twenty-one"`` is ``twenty one``, ``"the 3rd"`` is ``the third``.
    """
    text = text.lower().replace("’", "'").replace("‘", "'").replace("ʼ", "'")
    for symbol, name in _SYMBOLS.items():
        text = text.replace(symbol, name)
    text = _DOTTED.sub(lambda found: " ".join(found.group().replace(".", "")) + " ", text)
    words: list[str] = []
    for token in _TOKEN.findall(text):
        if token[0].isdigit():
            words += _number_words(token)
        else:
            words.append(token)
    return tuple(words)


@lru_cache(maxsize=4096)
def _number_words(token: str) -> tuple[str, ...]:
    from num2words import num2words

    ordinal = token[-1].isalpha()
    digits = (token[:-2] if ordinal else token).replace(",", "")
    if digits.count(".") > 1 or len(digits) > 15:
        # A version or a telephone number: digit by digit.
        return tuple(num2words(int(d)) for d in digits if d.isdigit())
    said: str = (
        num2words(int(digits), to="ordinal") if ordinal else num2words(float(digits) if "." in digits else int(digits))
    )
    return tuple(re.findall(r"[a-z]+", said.lower()))


def cardinals(numbers: Iterable[int]) -> tuple[str, ...]:
    """Numbers as they are said."""
    return tuple(" ".join(_number_words(str(n))) for n in numbers)


def ordinals(numbers: Iterable[int]) -> tuple[str, ...]:
    """Ordinal numbers as they are said; ``1`` is ``first``."""
    return tuple(" ".join(_number_words(f"{n}th")) for n in numbers)


BUILT_IN_PHRASES: dict[str, tuple[str, ...]] = {
    "AMAZON.CancelIntent": ("cancel", "never mind", "forget it", "cancel that", "cancel it"),
    "AMAZON.HelpIntent": (
        "help",
        "help me",
        "can you help me",
        "what can i say",
        "what can i ask",
        "what can you do",
        "what can i do",
        "how does this work",
    ),
    "AMAZON.LoopOffIntent": ("loop off", "stop looping"),
    "AMAZON.LoopOnIntent": ("loop", "loop on", "keep playing this"),
    "AMAZON.MoreIntent": ("more", "tell me more", "show me more"),
    "AMAZON.NavigateHomeIntent": ("go home", "home", "go to the home screen", "main menu"),
    "AMAZON.NavigateSettingsIntent": ("settings", "go to settings", "open settings"),
    "AMAZON.NextIntent": ("next", "skip", "skip forward", "go on", "next one", "skip this", "go to the next one"),
    "AMAZON.NoIntent": ("no", "no thanks", "no thank you", "nope", "nah", "not really", "not now", "i don't"),
    "AMAZON.PageDownIntent": ("page down",),
    "AMAZON.PageUpIntent": ("page up",),
    "AMAZON.PauseIntent": ("pause", "pause that", "pause it", "wait", "hold on", "wait a moment", "one moment"),
    "AMAZON.PreviousIntent": ("previous", "go back", "back", "skip back", "back up", "the previous one"),
    "AMAZON.RepeatIntent": (
        "repeat",
        "repeat that",
        "say that again",
        "again",
        "say it again",
        "what did you say",
        "pardon",
        "once more",
        "can you repeat that",
        "could you say that again",
        "please repeat that",
    ),
    "AMAZON.ResumeIntent": ("resume", "continue", "keep going", "carry on", "go on"),
    "AMAZON.ScrollDownIntent": ("scroll down",),
    "AMAZON.ScrollLeftIntent": ("scroll left",),
    "AMAZON.ScrollRightIntent": ("scroll right",),
    "AMAZON.ScrollUpIntent": ("scroll up",),
    "AMAZON.SelectIntent": ("select {AMAZON.Ordinal}", "the {AMAZON.Ordinal} one", "number {AMAZON.NUMBER}"),
    "AMAZON.ShuffleOffIntent": ("shuffle off", "stop shuffling", "turn off shuffle"),
    "AMAZON.ShuffleOnIntent": ("shuffle", "shuffle on", "turn on shuffle"),
    "AMAZON.StartOverIntent": ("start over", "restart", "start again", "from the beginning", "begin again"),
    "AMAZON.StopIntent": (
        "stop",
        "off",
        "shut up",
        "be quiet",
        "quiet",
        "stop it",
        "please stop",
        "stop talking",
        "that's enough",
        "enough",
        "goodbye",
        "good bye",
        "bye",
        "exit",
        "quit",
        "i'm done",
        "good night",
    ),
    "AMAZON.YesIntent": (
        "yes",
        "yes please",
        "yeah",
        "yep",
        "yup",
        "sure",
        "okay",
        "of course",
        "please do",
        "correct",
        "that's right",
        "right",
        "i do",
        "go ahead",
    ),
}
"""What people say for Alexa's standard built-in intents, which an interaction model may leave without samples.
After https://developer.amazon.com/docs/custom-skills/standard-built-in-intents.html."""

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

OPEN_SLOTS = frozenset({"AMAZON.SearchQuery"})
"""Slot types that stand for any words at all."""


@lru_cache(maxsize=1)
def built_in_slots() -> dict[str, tuple[str, ...]]:
    """Alexa's built-in slot types that are closed enough to list: type → phrases, which may name other types in braces.

    After https://developer.amazon.com/docs/custom-skills/slot-type-reference.html.
    """
    digits = cardinals(range(10))
    hours = tuple(f"{{_Hour}} {m}" for m in cardinals(range(5, 60, 5)) if m != "five")
    return {
        "_Digit": (*digits, "oh"),
        "_Below100": cardinals(range(100)),
        "_Hour": cardinals(range(1, 13)),
        "_Unit": (
            "second",
            "seconds",
            "minute",
            "minutes",
            "hour",
            "hours",
            "day",
            "days",
            "week",
            "weeks",
            "month",
            "months",
            "year",
            "years",
        ),
        "AMAZON.NUMBER": (
            "{_Below100}",
            "a hundred",
            "{_Digit} hundred",
            "{_Digit} hundred {_Below100}",
            "{_Digit} hundred and {_Below100}",
            "a thousand",
            "{_Below100} thousand",
            "{_Digit} point {_Digit}",
        ),
        "AMAZON.FOUR_DIGIT_NUMBER": (
            "{_Digit} {_Digit} {_Digit} {_Digit}",
            "{_Below100} {_Below100}",
            "two thousand {_Below100}",
            "{_Below100} hundred",
        ),
        "AMAZON.Ordinal": (*ordinals(range(1, 32)), "last", "next", "previous"),
        "AMAZON.DURATION": (
            "{_Below100} {_Unit}",
            "a {_Unit}",
            "an hour",
            "half an hour",
            "half a minute",
            "a minute and a half",
            "an hour and a half",
            "a couple of {_Unit}",
            "a few {_Unit}",
            "a quarter of an hour",
        ),
        "AMAZON.DATE": (
            "today",
            "tonight",
            "tomorrow",
            "yesterday",
            "the day after tomorrow",
            "this week",
            "next week",
            "last week",
            "this weekend",
            "next month",
            "last month",
            *_WEEKDAYS,
            *(f"{when} {day}" for when in ("next", "this", "last", "on") for day in _WEEKDAYS),
            *(f"{month} {day}" for month in _MONTHS for day in ordinals(range(1, 32))),
            *(f"the {day} of {month}" for month in _MONTHS for day in ordinals(range(1, 32))),
        ),
        "AMAZON.TIME": (
            "{_Hour}",
            *hours,
            "{_Hour} o'clock",
            "{_Hour} a m",
            "{_Hour} p m",
            "{_Hour} in the morning",
            "{_Hour} in the evening",
            "{_Hour} at night",
            "half past {_Hour}",
            "quarter past {_Hour}",
            "quarter to {_Hour}",
            "noon",
            "midnight",
            "this morning",
            "this afternoon",
            "this evening",
            "tonight",
            "now",
        ),
        "AMAZON.DayOfWeek": _WEEKDAYS,
        "AMAZON.Month": _MONTHS,
        "AMAZON.Color": (
            "red",
            "green",
            "blue",
            "yellow",
            "orange",
            "purple",
            "pink",
            "brown",
            "black",
            "white",
            "gray",
            "gold",
            "silver",
            "turquoise",
            "violet",
        ),
    }
