"""What a turn tells about danger, and what is said to it: before every other answer, in any state. Pure functions."""

from __future__ import annotations

from skill.content_types import Content, Danger
from skill.session import Session
from skill.spoken import Part, Reply
from skill.triage import assess, forbids_stretch, row_fact
from skill.turn import Turn

SIGN_SLOTS = ("Sign", "SecondSign", "ThirdSign")
CONDITION_SLOTS = ("Condition", "SecondCondition", "Person")

NO_SIGN = "nothing"
"""Value of the sign slot for words that only sound like a sign ('hot water bottle')."""
NO_CONDITION = "none"
"""Value of the condition slot for a denied condition."""
_DENIED = "denied_"
"""Prefix of the values that deny a sign."""

LEAVING = frozenset({"AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent", "GoodbyeIntent"})
"""Intents that end a session: stop always wins, also over a danger line that was heard already."""

STRETCHING = frozenset(
    {
        "CrampNowIntent",
        "BodyPartIntent",
        "OtherLegIntent",
        "PositionIntent",
        "ConditionIntent",
        "ChildCrampIntent",
        "StillHurtingIntent",
        "HowLongHoldIntent",
        "BedtimeRoutineIntent",
        "SlowerIntent",
        "ScaredIntent",
        "SoreAfterIntent",
        "ReliefOptionsIntent",
        "RemedyIntent",
        "PreventionIntent",
        "SportIntent",
        "SorenessIntent",
        "PregnancyIntent",
        "ChildrenIntent",
        "CrawlyLegsIntent",
        "TellMoreIntent",
        "AMAZON.NextIntent",
        "AMAZON.ResumeIntent",
        "AMAZON.StartOverIntent",
    }
)
"""Intents whose answer could be a stretch or a rub; while a row stands that forbids one, its line is said instead."""


def learn(content: Content, session: Session, turn: Turn) -> set[str]:
    """The facts after this turn: what was known, with the signs, conditions and rows that the turn adds or denies."""
    facts = set(session.facts)
    told, denied = _signs(turn)
    if denied:
        # 'It isn't swollen' takes back what was said of swelling, and the rows that stood on being told so.
        facts -= denied | {"checked_yes"}
        facts -= {row_fact(d) for d in content.dangers if any(group & denied for group in d.when)}
    facts |= told
    facts |= turn.ids(*CONDITION_SLOTS) - {NO_CONDITION}
    facts |= _own_rows(content, turn)
    if session.asked == "check" and turn.intent in ("AMAZON.YesIntent", "SignCheckUnsureIntent"):
        facts.add("checked_yes")
    return facts


def _signs(turn: Turn) -> tuple[set[str], set[str]]:
    """The signs that a turn tells of, and those that it denies.

    A denial is a value of its own in the model ('not swollen'), so that the longest match finds it before the sign.
    """
    named = turn.ids(*SIGN_SLOTS) - {NO_SIGN}
    denied = {s.removeprefix(_DENIED) for s in named if s.startswith(_DENIED)}
    told = {s for s in named if not s.startswith(_DENIED)}
    if turn.intent == "NoSignIntent":
        return set(), denied | told
    return told, denied


def _own_rows(content: Content, turn: Turn) -> set[str]:
    """The row whose own intent was matched; not when the only signs that were named are signs of it, denied."""
    told, denied = _signs(turn)
    return {
        row_fact(d)
        for d in content.dangers
        if d.utterances
        and d.utterances.intent == turn.intent
        and not (denied and not told and any(group & denied for group in d.when))
    }


def due(content: Content, session: Session, turn: Turn) -> Danger | None:
    """The row that must be answered now, or None: one that was not said yet, one that is named again, or one that
    forbids the stretch that is asked for."""
    if turn.intent in LEAVING:
        return None
    told = _signs(turn)[0] | _own_rows(content, turn)
    row = assess(content, learn(content, session, turn), told)
    if row is None:
        return None
    if row.id != session.danger or told or (forbids_stretch(row) and turn.intent in STRETCHING):
        return row
    return None


def answer(content: Content, session: Session, row: Danger) -> Reply:
    """The row's line. It ends whatever stretch was going on."""
    said_before = session.danger == row.id
    session.relief, session.bedtime, session.danger = None, None, row.id
    say: list[Part] = [row.say]
    if forbids_stretch(row) and said_before:
        say.append(content.phrases["danger.still"])
    elif row.level == "emergency":
        say.append(content.phrases["danger.cannot_call"])
    again = content.phrases["danger.again"]
    return Reply(
        say=tuple(say),
        topic=row.topic,
        ask=again if forbids_stretch(row) else "",
        asked="say_again" if forbids_stretch(row) else "",
        silence=(row.say, again),
        level=row.level,
        sources=row.sources,
        card=row.say,
    )
