"""Danger signs: before every other intent, in any state, at the highest level that fits (rule 2)."""

from __future__ import annotations

from skill import dangers
from skill.handlers.base import Handler
from skill.session import Session
from skill.spoken import Reply
from skill.triage import assess
from skill.turn import Turn


class DangerHandler(Handler):
    """Answers the triage row that a turn makes due."""

    def takes(self, turn: Turn, session: Session) -> bool:
        return dangers.due(self.content, session, turn) is not None

    def reply(self, turn: Turn, session: Session) -> Reply:
        row = dangers.due(self.content, session, turn)
        assert row is not None, "takes() found a row in the same turn"
        return dangers.answer(self.content, session, row)


class SayAgainHandler(Handler):
    """After a danger line: once more on 'yes', quiet on 'no'."""

    def takes(self, turn: Turn, session: Session) -> bool:
        return session.asked == "say_again" and turn.intent in ("AMAZON.YesIntent", "AMAZON.NoIntent")

    def reply(self, turn: Turn, session: Session) -> Reply:
        row = assess(self.content, session.facts)
        if turn.intent == "AMAZON.YesIntent" and row:
            return dangers.answer(self.content, session, row)
        return Reply(say=(self.phrases["no.nothing"],), topic="control_stop")
