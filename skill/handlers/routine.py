"""Bedtime stretches: begin, go on, pause."""

from __future__ import annotations

from dataclasses import replace

from skill import bedtime
from skill.handlers.base import Handler
from skill.session import Session
from skill.spoken import Reply
from skill.turn import Turn


class BedtimeHandler(Handler):
    """The three-minute routine."""

    intents = frozenset({"BedtimeRoutineIntent"})

    def reply(self, turn: Turn, session: Session) -> Reply:
        return bedtime.begin(self.content, session, standing=turn.id("Position") == "standing")


class BedtimeStepHandler(Handler):
    """What can be said within the routine."""

    _GO_ON = frozenset({"AMAZON.YesIntent", "AMAZON.NextIntent", "AMAZON.ResumeIntent", "StillHurtingIntent"})
    _BACK = frozenset({"AMAZON.RepeatIntent", "SlowerIntent"})

    def takes(self, turn: Turn, session: Session) -> bool:
        if session.bedtime is None:
            return False
        if turn.intent in ("AMAZON.YesIntent", "AMAZON.NoIntent"):
            return session.asked == "bedtime"
        return turn.intent in self._GO_ON | self._BACK | {"AMAZON.StartOverIntent", "PositionIntent"}

    def reply(self, turn: Turn, session: Session) -> Reply:
        if turn.intent == "AMAZON.NoIntent":
            session.bedtime = None
            return Reply(say=(self.phrases["goodbye"],), topic="control_stop")
        if turn.intent == "AMAZON.StartOverIntent":
            return bedtime.begin(self.content, session, standing=session.bedtime_standing)
        if turn.intent == "PositionIntent":
            session.bedtime_standing = turn.id("Position") == "standing" and "pregnant" not in session.facts
            return bedtime.repeat_part(self.content, session)
        if turn.intent in self._BACK:
            session.slow = session.slow or turn.intent == "SlowerIntent"
            answer = bedtime.repeat_part(self.content, session)
            topic = "control_slower" if turn.intent == "SlowerIntent" else "control_repeat"
            return replace(answer, topic=topic)
        return bedtime.go_on(self.content, session)
