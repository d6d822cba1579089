"""The guided stretch: one movement at once, a counted hold, the swelling check, then on. Pure functions.

Order and wording: clinical fact sheet, sections 0 and B. The ten-minute rule needs a clock; callers pass the time in.
"""

from __future__ import annotations

from collections.abc import Collection

from skill.content_types import POSITIONS, Content, Movement
from skill.session import Relief, Session
from skill.spoken import Part, Reply

TEN_MINUTES = 600
"""Seconds after the first complaint from which a cramp is longer than usual (rule 4)."""

HOLDS = 3
"""Holds of one movement before another is tried."""

REST = 10
"""Seconds of rest between two holds."""

_NO_RUB = frozenset({"blood_thinner", "pregnant", "just_had_baby"})
"""Conditions under which rubbing is not offered: stretch first, and rub only where it is plainly safe (A3)."""
_NO_HEAT = frozenset({"diabetic", "numb", "pregnant"})
"""Conditions under which a warm pack is not offered (numb skin; R45)."""


def choose_movement(
    content: Content, part: str, word: str, position: str, facts: Collection[str], tried: Collection[str] = ()
) -> Movement | None:
    """The movement for a part in a position: one that suits the person's conditions before the usual one, never one
    that they rule out; None when nothing fits that was not tried."""
    known = frozenset(facts)
    here = [m for m in content.movements if m.part == part and m.position == position]
    special = [m for m in here if word.lower() in m.spoken]
    here = special or [m for m in here if not m.spoken]
    fit = [m for m in here if not m.avoid & known]
    suited = [m for m in fit if m.suits & known]
    usual = [m for m in fit if not m.suits]
    # Where conditions rule the usual one out, the gentler version made for others will do.
    return next((m for m in [*suited, *(usual or fit)] if m.id not in tried), None)


def begin(content: Content, session: Session, part: str, word: str, now: float, position: str = "") -> Reply:
    """Relief first (rule 1): the movement for the part, held, then the question that must come next."""
    if session.since is None:
        session.since = now
    before = session.relief
    relief = Relief(part or "whole_leg", word, checked=before.checked if before else False)
    if before:
        relief.position, relief.up = before.position, before.up
    if position in POSITIONS:
        relief.position, relief.up = position, position == "standing"
    session.relief = relief
    session.bedtime = None
    if late(session, now):
        return too_long(session)
    return _give(content, session, known_part=bool(part))


def late(session: Session, now: float) -> bool:
    """Whether the complaint is ten minutes old."""
    return session.since is not None and now - session.since >= TEN_MINUTES


def too_long(session: Session) -> Reply:
    """Mark the ten minutes as a fact, which the triage turns into its urgent line."""
    session.facts.add("ten_minutes")
    session.relief = None
    return Reply(say=(), topic="red_flag")


def _give(content: Content, session: Session, *, known_part: bool = True, lead: tuple[Part, ...] = ()) -> Reply:
    """The first hold of the next movement in the present position, or of the next position that has one."""
    relief = session.relief
    assert relief is not None
    movement = choose_movement(content, relief.part, relief.word, relief.position, session.facts, relief.tried)
    if movement is None:
        return _next_position(content, session) if relief.tried else _nothing_suits(content, session)
    relief.movement, relief.hold = movement.id, 1
    relief.tried.append(movement.id)
    say = content.phrases
    first: list[Part] = [*lead, movement.say, *_cautions(content, session)]
    if movement.hold:
        first += [_counted(movement) // 2, say["relief.hold_running"], _counted(movement) - _counted(movement) // 2]
        first.append(say["relief.ease_off"])
    else:
        first.append(REST)
    return _ask(content, session, tuple(first), movement, known_part=known_part)


def _counted(movement: Movement) -> int:
    """Silence in a hold: what is left of its seconds beside the words spoken in it (about ten seconds of them)."""
    return max(6, min(movement.hold, 30) - 10)


def _cautions(content: Content, session: Session) -> tuple[str, ...]:
    say = content.phrases
    lines = []
    if session.relief and session.relief.position == "standing":
        lines.append(say["relief.light_on"])
    if "blood_thinner" in session.facts:
        lines.append(say["relief.blood_thinner"])
    return tuple(lines)


def _ask(
    content: Content, session: Session, said: tuple[Part, ...], movement: Movement | None, *, known_part: bool = True
) -> Reply:
    """Close a hold with the question that is due: which part, the swelling check, or whether it is easing."""
    relief = session.relief
    assert relief is not None
    say = content.phrases
    silence: tuple[Part, ...]
    if not known_part:
        asked, ask = "which_part", say["relief.which_part"]
        silence = (say["relief.which_part_again"],)
        if relief.word and "thigh" in relief.word:
            asked, ask, silence = "thigh_side", say["relief.thigh_side"], (say["relief.thigh_side"],)
    elif not relief.checked:
        asked, ask = "check", say["relief.check"]
        # Nobody may answer at all: then the routine goes on by itself, with the warning first.
        silence = (say["relief.check_again"], REST, say["relief.again_line"], REST, say["relief.easing"])
    else:
        asked, ask = "easing", say["relief.easing"]
        silence = (say["relief.repeat"], REST, say["relief.again_line"], REST, say["relief.easing"])
    return Reply(
        say=said,
        topic="relief_now",
        ask=ask,
        asked=asked,
        silence=silence,
        sources=movement.sources if movement else (),
        movement=movement.id if movement else "",
        card=movement.say if movement else "",
    )


def _nothing_suits(content: Content, session: Session) -> Reply:
    session.relief = None
    return Reply(say=(content.phrases["relief.no_version"],), topic="relief_now", sources=("GK",))


def again(content: Content, session: Session, now: float) -> Reply:
    """Not better yet: the next hold, then the next version, then warmth or rubbing, then when to ask for help."""
    relief = session.relief
    if relief is None:
        return begin(content, session, "", "", now)
    if late(session, now):
        return too_long(session)
    relief.checked = True
    movement = current(content, session)
    if movement and movement.hold and relief.hold < min(movement.repeats, HOLDS):
        relief.hold += 1
        say = content.phrases
        return _ask(
            content,
            session,
            (
                say["relief.repeat"],
                REST,
                say["relief.again_line"],
                REST,
                say["relief.keep_holding"],
                REST,
                say["relief.ease_off"],
            ),
            movement,
        )
    return next_version(content, session)


def current(content: Content, session: Session) -> Movement | None:
    """The movement that is being done."""
    wanted = session.relief.movement if session.relief else ""
    return next((m for m in content.movements if m.id == wanted), None)


def next_version(content: Content, session: Session) -> Reply:
    """Another movement in this position, the next position, or a comfort."""
    relief = session.relief
    assert relief is not None
    relief.checked = True
    if choose_movement(content, relief.part, relief.word, relief.position, session.facts, relief.tried):
        return _give(content, session, lead=(content.phrases["relief.next_version"],))
    return _next_position(content, session)


def _next_position(content: Content, session: Session) -> Reply:
    relief = session.relief
    assert relief is not None
    say = content.phrases
    # Standing is offered only to who is up already, or asked for it (rule 5).
    allowed = [p for p in POSITIONS if p != "standing" or relief.up]
    for position in allowed[allowed.index(relief.position) + 1 :] if relief.position in allowed else ():
        if choose_movement(content, relief.part, relief.word, position, session.facts, relief.tried):
            relief.position = position
            lead = say["relief.not_working"] if position == "seated" else say["relief.before_standing"]
            return _give(content, session, lead=(lead,))
    for name, banned in (("warm", _NO_HEAT), ("rub", _NO_RUB)):
        if name not in relief.tried and not banned & session.facts:
            relief.tried.append(name)
            relief.movement = ""
            sources = ("R45",) if name == "warm" else ("R23",)
            return Reply(
                say=(say[f"relief.{name}"], REST),
                topic="relief_now",
                ask=say["relief.easing"],
                asked="easing",
                sources=sources,
            )
    # Everything was given once: the first movement again, with the limit said aloud.
    relief.tried.clear()
    relief.position = "bed" if not relief.up else relief.position
    return Reply(
        say=(say["relief.all_tried"], REST),
        topic="relief_now",
        ask=say["relief.easing"],
        asked="easing",
        sources=("R2", "R3"),
    )


def move_to(content: Content, session: Session, position: str, now: float) -> Reply:
    """The version for a position that the person is in, or asks for."""
    relief = session.relief
    if relief is None:
        return begin(content, session, "", "", now, position)
    if late(session, now):
        return too_long(session)
    relief.position, relief.up = position, position == "standing"
    relief.tried = [t for t in relief.tried if t in ("warm", "rub")]
    lead: tuple[Part, ...] = (content.phrases["relief.before_standing"],) if position == "standing" else ()
    return _give(content, session, lead=lead)


def restart(content: Content, session: Session, now: float) -> Reply:
    """From the first hold of the first movement; the clock goes on."""
    relief = session.relief
    if relief is None:
        return begin(content, session, "", "", now)
    return begin(content, session, relief.part, relief.word, now, relief.position)


def better(content: Content, session: Session) -> Reply:
    """It let go: how to settle again."""
    session.relief = None
    session.since = None
    say = content.phrases
    return Reply(
        say=(say["relief.better"], say["relief.settle"]), topic="feeling_better", sources=("R3", "R25")
    )  # fmt: skip


def how_long(content: Content, session: Session) -> Reply:
    """How long a hold is, in the middle of one."""
    return Reply(
        say=(content.phrases["relief.how_long"],),
        topic="relief_now",
        ask=content.phrases["relief.go_on"] if session.relief else "",
        asked="go_on" if session.relief else "",
        sources=("R23", "R27"),
    )
