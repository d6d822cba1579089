"""Which row of the triage table fits what is known: a pure function of facts.

Source: clinical fact sheet, section D. The highest level wins; facts combine across turns; a row fits when every sign
of one of its sets was named, or when its own intent was matched.
"""

from __future__ import annotations

from collections.abc import Collection

from skill.content_types import LEVELS, Content, Danger

NO_STRETCH = ("urgent", "emergency")
"""Levels at which no stretch may be offered (rule 2)."""


def row_fact(danger: Danger) -> str:
    """The fact that this row's own intent was matched."""
    return f"row:{danger.id}"


def assess(content: Content, facts: Collection[str], recent: Collection[str] = ()) -> Danger | None:
    """The row with the highest level that fits the facts, or None.

    Among rows of one level, a row that what was said just now takes part in comes first, then a row whose own intent
    was matched before one that follows from signs, and a larger set of signs before a smaller one: the more exactly a
    row fits, the better its line.
    """
    known, new = frozenset(facts), frozenset(recent)
    best: tuple[tuple[int, ...], Danger] | None = None
    for danger in content.dangers:
        fitting = [group for group in danger.when if group <= known]
        if row_fact(danger) in known:
            fitting.append(frozenset({row_fact(danger)}))
        if fitting:
            rank = (
                LEVELS.index(danger.level),
                int(any(group & new for group in fitting)),
                int(row_fact(danger) in known),
                max(len(group) for group in fitting),
            )
            if best is None or rank > best[0]:
                best = (rank, danger)
    return best[1] if best else None


def forbids_stretch(danger: Danger | None) -> bool:
    """Whether a stretch must not be offered while this row stands."""
    return danger is not None and danger.level in NO_STRETCH
