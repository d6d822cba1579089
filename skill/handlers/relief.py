"""A cramp now: begin, go on, change position, better, worse."""

from __future__ import annotations

from dataclasses import replace

from skill import dangers, relief
from skill.content_types import POSITIONS, Content
from skill.handlers.base import Handler
from skill.session import Session
from skill.spoken import Reply
from skill.turn import Turn


class CrampHandler(Handler):
    """A cramp is complained of, or its place is named: a movement in the first sentence."""

    intents = frozenset({"CrampNowIntent", "BodyPartIntent", "OtherLegIntent"})

    def reply(self, turn: Turn, session: Session) -> Reply:
        wanted = turn.id("Position") or ""
        if wanted and wanted not in POSITIONS:
            session.facts.add(wanted)
            wanted = ""
        if turn.intent == "OtherLegIntent" and session.relief:
            part, word = session.relief.part, session.relief.word
        else:
            part, word = turn.id("BodyPart") or "", turn.value("BodyPart")
        if not part and "child" in session.facts and not session.relief:
            return self._with_line("relief.child", turn, session)
        if not part and "pregnant" in session.facts and not session.relief:
            return self._with_line("relief.pregnant", turn, session)
        # 'Thigh' alone is ambiguous: the whole-leg line, and the question which side (section B).
        unsure = "thigh" in word and part == "whole_leg"
        return relief.begin(self.content, session, "" if unsure else part, word, turn.now, wanted)

    def _with_line(self, phrase: str, turn: Turn, session: Session) -> Reply:
        guided = relief.begin(self.content, session, "calf", "", turn.now)
        if not guided.say:
            return guided
        # The line is the same movement in other words, so it takes the place of the first sentence.
        return replace(guided, say=(self.phrases[phrase], *guided.say[1:]), card=self.phrases[phrase])


class ConditionHandler(CrampHandler):
    """'I'm pregnant', 'my child woke with a cramp': the version for it."""

    intents = frozenset({"ConditionIntent", "ChildCrampIntent"})

    def reply(self, turn: Turn, session: Session) -> Reply:
        if turn.intent == "ChildCrampIntent":
            session.facts.add("child")
        if turn.id("BodyPart") or "child" in session.facts or "pregnant" in session.facts:
            if session.relief:
                return relief.restart(self.content, session, turn.now)
            return super().reply(turn, session)
        if "blood_thinner" in session.facts:
            return self._with_line("relief.blood_thinner", turn, session)
        return relief.restart(self.content, session, turn.now)


class PositionHandler(Handler):
    """'I'm sitting', 'I can't reach my toes'."""

    intents = frozenset({"PositionIntent"})

    def reply(self, turn: Turn, session: Session) -> Reply:
        wanted = turn.id("Position") or "seated"
        if wanted in POSITIONS:
            return relief.move_to(self.content, session, wanted, turn.now)
        session.facts.add(wanted)
        return relief.restart(self.content, session, turn.now)


class BetterHandler(Handler):
    """It let go."""

    intents = frozenset({"FeelingBetterIntent"})

    def takes(self, turn: Turn, session: Session) -> bool:
        return turn.intent in self.intents or (turn.intent == "AMAZON.YesIntent" and session.asked == "easing")

    def reply(self, turn: Turn, session: Session) -> Reply:
        return relief.better(self.content, session)


class StillHurtingHandler(Handler):
    """Not better: the next hold, the next version. A 'no' to the swelling check goes the same way."""

    intents = frozenset({"StillHurtingIntent"})

    def takes(self, turn: Turn, session: Session) -> bool:
        if turn.intent in self.intents:
            return True
        if turn.intent == "NoSignIntent":
            return session.relief is not None
        return turn.intent == "AMAZON.NoIntent" and session.asked in ("check", "easing")

    def reply(self, turn: Turn, session: Session) -> Reply:
        topic = "still_hurting" if turn.intent == "StillHurtingIntent" or session.asked == "easing" else "relief_now"
        answer = relief.again(self.content, session, turn.now)
        return replace(answer, topic=topic) if answer.say else answer


class NoSignsHandler(CrampHandler):
    """'It's not swollen, just cramping', before any stretch was begun: then begin one.

    Also takes what was matched as a danger but denies or names no sign ('it looks normal'): the triage let it pass. A
    sign that makes no row by itself is kept in mind, and the swelling check of the stretch asks on.
    """

    intents = frozenset({"NoSignIntent", "DangerSignIntent"})

    def __init__(self, content: Content) -> None:
        super().__init__(content)
        self._dangers = frozenset(d.utterances.intent for d in content.dangers if d.utterances)

    def takes(self, turn: Turn, session: Session) -> bool:
        if turn.intent == "DangerSignIntent":
            # Only look-alikes and no body part ('hot water bottle'): that is not for us.
            return bool(turn.value("BodyPart") or turn.ids(*dangers.SIGN_SLOTS) - {dangers.NO_SIGN})
        return turn.intent in self.intents or turn.intent in self._dangers

    def reply(self, turn: Turn, session: Session) -> Reply:
        if session.relief and turn.intent != "NoSignIntent":
            return relief.again(self.content, session, turn.now)
        answer = super().reply(turn, session)
        if session.relief:
            session.relief.checked = False
        return answer


class ScaredHandler(Handler):
    """Somebody is frightened: breathe together, and keep looking for danger."""

    intents = frozenset({"ScaredIntent"})

    def reply(self, turn: Turn, session: Session) -> Reply:
        going = session.relief is not None
        return Reply(
            say=(self.phrases["relief.scared"],),
            topic="relief_now",
            ask=self.phrases["relief.easing"] if going else self.phrases["fallback.ask"],
            asked="easing" if going else "which_part",
            sources=("GK",),
        )


class SoreHandler(Handler):
    """Sore the next day."""

    intents = frozenset({"SoreAfterIntent"})

    def reply(self, turn: Turn, session: Session) -> Reply:
        return Reply(say=(self.phrases["relief.sore"],), topic="relief_options", sources=("R3",))


class HoldLengthHandler(Handler):
    """'How long do I hold this?'"""

    intents = frozenset({"HowLongHoldIntent"})

    def reply(self, turn: Turn, session: Session) -> Reply:
        return relief.how_long(self.content, session)
