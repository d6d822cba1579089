"""The bedtime routine: the three minutes of Hallegraeff 2012, in two parts, resumable. Pure functions.

Each part is one response, so that it runs by itself; its reprompt is the next part, so that silence does not stop it.
"""

from __future__ import annotations

from skill.content_types import Content
from skill.session import Session
from skill.spoken import Part, Reply

_PART_ENDS = ("calf.right.3", "close")
"""Ids of the steps after which a part ends."""


def begin(content: Content, session: Session, *, standing: bool = False) -> Reply:
    """Start the routine, seated unless standing was asked for (section C)."""
    session.relief = None
    session.bedtime = 0
    session.bedtime_standing = standing
    intro: list[Part] = [content.phrases["bedtime.intro"]]
    if "pregnant" in session.facts:
        session.bedtime_standing = False
        intro.append(content.phrases["bedtime.pregnant"])
    return go_on(content, session, lead=tuple(intro))


def go_on(content: Content, session: Session, lead: tuple[Part, ...] = ()) -> Reply:
    """The next part of the routine, from the step where it stands."""
    start = session.bedtime or 0
    parts, following = _part(content, session, start)
    session.bedtime = following
    say = content.phrases
    if following is None:
        return Reply(say=(*lead, *parts), topic="bedtime_routine", sources=content.routine_sources)
    silence, _ = _part(content, session, following)
    return Reply(
        say=(*lead, *parts),
        topic="bedtime_routine",
        ask=say["bedtime.go_on"],
        asked="bedtime",
        silence=(*silence, say["bedtime.done_question"]),
        sources=content.routine_sources,
    )


def repeat_part(content: Content, session: Session) -> Reply:
    """The part that was just given, once more."""
    following = session.bedtime
    ends = _ends(content)
    last = len(content.routine) if following is None else following
    before = [e + 1 for e in ends if e + 1 < last]
    session.bedtime = before[-1] if before else 0
    return go_on(content, session)


def _ends(content: Content) -> list[int]:
    return [i for i, step in enumerate(content.routine) if step.id in _PART_ENDS]


def _part(content: Content, session: Session, start: int) -> tuple[tuple[Part, ...], int | None]:
    """What is said from a step to the end of its part, and the step that comes next."""
    end = next((e for e in _ends(content) if e >= start), len(content.routine) - 1)
    parts: list[Part] = []
    for step in content.routine[start : end + 1]:
        parts.append(step.standing if session.bedtime_standing else step.seated)
        if step.hold:
            parts.append(step.hold)
    following = end + 1
    return tuple(parts), following if following < len(content.routine) else None
