"""Training rows: sample utterances with values put into their slots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from local_runner.interaction_model import Slot
from local_runner.understanding.gazetteer import Gazetteer
from local_runner.understanding.templates import Template

_BUILT_IN_EXAMPLES: dict[str, tuple[str, ...]] = {
    "AMAZON.NUMBER": ("five", "twenty", "one", "forty two", "three", "one hundred", "twelve", "nine"),
    "AMAZON.ORDINAL": ("first", "second", "third", "tenth"),
    "AMAZON.Ordinal": ("first", "second", "third", "tenth"),
    "AMAZON.FOUR_DIGIT_NUMBER": ("one two three four", "nineteen eighty four", "twenty ten"),
    "AMAZON.PhoneNumber": ("five five five one two three four",),
    "AMAZON.DURATION": ("ten minutes", "an hour", "thirty seconds", "two days", "half an hour", "three weeks"),
    "AMAZON.TIME": ("seven", "half past six", "ten p m", "noon", "eight thirty", "nine in the morning"),
    "AMAZON.DATE": ("tomorrow", "today", "monday", "next week", "july fourth", "this weekend"),
    "AMAZON.Food": ("pizza", "apple pie", "rice", "chicken soup"),
    "AMAZON.Actor": ("tom hanks", "judi dench", "will smith"),
    "AMAZON.Artist": ("the beatles", "nina simone", "madonna"),
    "AMAZON.Movie": ("the wizard of oz", "casablanca", "toy story"),
}
_ANYTHING = (
    "the old house", "pizza", "my sister", "something new", "blue shoes", "how to fix it", "music", "a long walk",
    "the second part", "green tea",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One utterance to learn from."""

    words: tuple[str, ...]
    label: int
    """Index of the intent."""
    group: int
    """Rows of one group are left out together when the fit is judged (realisations of one sample)."""
    spans: tuple[tuple[int, int, str], ...] = ()
    """Slots: first word, end, name."""
    origin: int = -1
    """Index of the template it was made from."""


def _alternating(names: Sequence[tuple[str, ...]], forms: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Every form once, a canonical name before each: rare synonyms must not drown what a value is mostly called."""
    return [f for i, form in enumerate(forms) for f in ((names[i % len(names)], form) if names else (form,))]


class Realiser:
    """Puts values into templates, going round the values of each type, so that all of them are used."""

    def __init__(self, gazetteers: dict[str, Gazetteer], common: dict[str, Gazetteer]) -> None:
        self._forms: dict[str, Sequence[tuple[str, ...]]] = {
            name: g.forms for name, g in (*common.items(), *gazetteers.items()) if len(g)
        }
        for name, examples in _BUILT_IN_EXAMPLES.items():
            self._forms.setdefault(name, [tuple(e.split()) for e in examples])
        self._anything = [tuple(e.split()) for e in _ANYTHING]
        self._turn: dict[str, Iterator[int]] = {}

    def value(self, slot: Slot) -> tuple[str, ...]:
        """The next value of the slot's type."""
        forms = self._forms.get(slot.type, self._anything)
        turn = self._turn.setdefault(slot.type, count())
        return tuple(forms[next(turn) % len(forms)])

    def rows(self, template: Template, label: int, group: int, times: int, origin: int = -1) -> list[Row]:
        """The template with values, ``times`` times over (once if it has no slots)."""
        rows: dict[tuple[str, ...], Row] = {}
        for _ in range(times if template.slots else 1):
            words: list[str] = []
            spans: list[tuple[int, int, str]] = []
            for part in template.parts:
                if isinstance(part, str):
                    words.append(part)
                else:
                    value = self.value(part)
                    spans.append((len(words), len(words) + len(value), part.name))
                    words.extend(value)
            rows.setdefault(tuple(words), Row(tuple(words), label, group, tuple(spans), origin))
        return list(rows.values())
