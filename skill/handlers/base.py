"""What every handler shares: the turn, the session, and how a reply becomes an Alexa response."""

from __future__ import annotations

from typing import Any

from ask_sdk_core.dispatch_components import AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.utils import is_request_type
from ask_sdk_model import Response
from ask_sdk_model.ui import SimpleCard

from skill import dangers, screen
from skill.content_types import Content
from skill.session import Session
from skill.spoken import Reply, to_ssml
from skill.triage import assess
from skill.turn import Turn, read_turn

CARD_TITLE = "Charley"
DISCLAIMER = "Charley is no substitute for a doctor."

_STATE = "charley"
"""Request attribute that holds what was read of the request."""

EXPECTED = {
    "check": (
        "AMAZON.NoIntent",
        "AMAZON.YesIntent",
        "NoSignIntent",
        "SignCheckUnsureIntent",
        "DangerSignIntent",
        "FeelingBetterIntent",
        "StillHurtingIntent",
    ),
    "easing": ("AMAZON.YesIntent", "AMAZON.NoIntent", "FeelingBetterIntent", "StillHurtingIntent", "AMAZON.NextIntent"),
    "which_part": ("BodyPartIntent", "CrampNowIntent"),
    "thigh_side": ("BodyPartIntent", "CrampNowIntent"),
    "go_on": ("AMAZON.YesIntent", "AMAZON.NoIntent", "AMAZON.ResumeIntent"),
    "bedtime": ("AMAZON.YesIntent", "AMAZON.NextIntent", "AMAZON.ResumeIntent", "AMAZON.NoIntent"),
    "more": ("AMAZON.YesIntent", "AMAZON.NoIntent", "TellMoreIntent"),
    "say_again": ("AMAZON.YesIntent", "AMAZON.NoIntent", "AMAZON.RepeatIntent"),
}
"""What people are likely to say after each closing question; a device may use it as a prior."""


class Handler(AbstractRequestHandler):
    """A handler of one conversation. Subclasses say which intents are theirs and what the reply is."""

    intents: frozenset[str] = frozenset()
    """Intents that this handler takes."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.phrases = content.phrases

    def can_handle(self, handler_input: HandlerInput) -> bool:
        if not is_request_type("IntentRequest")(handler_input):
            return False
        turn, session = _state(handler_input)
        return self.takes(turn, session)

    def handle(self, handler_input: HandlerInput) -> Response:
        turn, session = _state(handler_input)
        session.facts = dangers.learn(self.content, session, turn)
        return respond(handler_input, self.content, session, self.reply(turn, session))

    def takes(self, turn: Turn, session: Session) -> bool:
        """Whether this turn is for this handler."""
        return turn.intent in self.intents

    def reply(self, turn: Turn, session: Session) -> Reply:
        """The answer; may change the session."""
        raise NotImplementedError


def _state(handler_input: HandlerInput) -> tuple[Turn, Session]:
    """The turn and the session of this request, read once: every handler is asked whether it is its own."""
    once: dict[str, Any] = handler_input.attributes_manager.request_attributes
    if _STATE not in once:
        session = Session.read(handler_input.attributes_manager.session_attributes or {})
        once[_STATE] = (read_turn(handler_input.request_envelope.request), session)
    turn, session = once[_STATE]
    return turn, session


def respond(handler_input: HandlerInput, content: Content, session: Session, reply: Reply) -> Response:
    """Write the session and build the response.

    A reply without words means that the conversation found out a danger of its own (ten minutes are over): then the
    triage speaks.
    """
    if not reply.say and not reply.ask:
        row = assess(content, session.facts)
        if row is not None:
            reply = dangers.answer(content, session, row)
    session.asked = reply.asked
    if reply.sources:
        session.sources = list(reply.sources)
    if reply.topic not in ("control_repeat", "none", "thanks"):
        session.last = reply
    attributes: dict[str, Any] = session.write()
    attributes["answer"] = {"topic": reply.topic, "level": reply.level, "sources": list(reply.sources)}
    attributes["expects"] = list(EXPECTED.get(reply.asked, ()))
    handler_input.attributes_manager.session_attributes = attributes
    builder = handler_input.response_builder
    builder.speak(to_ssml(reply.parts, slow=session.slow))
    if reply.open:
        builder.ask(to_ssml(reply.reprompt, slow=session.slow))
    builder.set_should_end_session(not reply.open)
    if reply.card:
        named = [content.sources[s].title for s in reply.sources if s in content.sources and s != "GK"]
        text = reply.card + (f"\n\nSources: {'; '.join(named)}." if named else "") + f"\n\n{DISCLAIMER}"
        builder.set_card(SimpleCard(title=CARD_TITLE, content=text))
    screen.add_to(handler_input, reply, content)
    return builder.response
