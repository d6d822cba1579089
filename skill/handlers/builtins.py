"""Launch, help, stop, repeat, next, pause and the like: about where the person is."""

from __future__ import annotations

from dataclasses import replace

from ask_sdk_core.dispatch_components import AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.utils import is_request_type
from ask_sdk_model import Response

from skill import relief
from skill.content_types import Content
from skill.dangers import LEAVING
from skill.handlers.base import Handler, respond
from skill.session import Session
from skill.spoken import Reply
from skill.turn import Turn


class LaunchHandler(AbstractRequestHandler):
    """Opening the skill says who it is, and already helps.

    Nothing is kept about anybody, so every launch may be the first: each carries the short disclaimer.
    """

    def __init__(self, content: Content) -> None:
        self._content = content

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return bool(is_request_type("LaunchRequest")(handler_input))

    def handle(self, handler_input: HandlerInput) -> Response:
        say = self._content.phrases
        reply = Reply(
            say=(say["launch.say"],),
            topic="launch",
            ask=say["launch.ask"],
            asked="which_part",
            silence=(say["launch.again"],),
            sources=("R23", "R27"),
            card=say["launch.say"],
        )
        return respond(handler_input, self._content, Session(), reply)


class SessionEndedHandler(AbstractRequestHandler):
    """The session is over; nothing may be said, and there is nothing to keep."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return bool(is_request_type("SessionEndedRequest")(handler_input))

    def handle(self, handler_input: HandlerInput) -> Response:
        return handler_input.response_builder.response


class HelloHandler(Handler):
    """'Charley, are you there?'"""

    intents = frozenset({"HelloIntent"})

    def reply(self, turn: Turn, session: Session) -> Reply:
        return Reply(
            say=(self.phrases["hello"],),
            topic="launch",
            ask=self.phrases["launch.ask"],
            asked="which_part",
            silence=(self.phrases["launch.again"],),
            sources=("R23", "R27"),
        )


class HelpHandler(Handler):
    """Help is about where you are."""

    intents = frozenset({"AMAZON.HelpIntent"})

    def reply(self, turn: Turn, session: Session) -> Reply:
        where, asked = "help.idle", "which_part"
        if session.relief:
            where, asked = "help.relief", "easing"
        elif session.bedtime is not None:
            where, asked = "help.bedtime", "bedtime"
        elif session.asked == "say_again":
            where, asked = "help.danger", "say_again"
        text, question = _last_question(self.phrases[where])
        return Reply(say=(text,), topic="help", ask=question, asked=asked)


def _last_question(text: str) -> tuple[str, str]:
    """A phrase that ends in a question, as what is said and what is asked."""
    head, _, question = text.rpartition(". ")
    return f"{head}.", question


class StopHandler(Handler):
    """Stop always wins."""

    intents = LEAVING

    def reply(self, turn: Turn, session: Session) -> Reply:
        if session.bedtime is not None:
            phrase = "goodbye"
        elif session.relief:
            phrase = "stop"
        else:
            phrase = "goodbye" if turn.intent == "GoodbyeIntent" else "stop.plain"
        session.relief, session.bedtime = None, None
        return Reply(say=(self.phrases[phrase],), topic="control_stop")


class ThanksHandler(Handler):
    """A thank-you ends the session kindly, unless a stretch is going on."""

    intents = frozenset({"ThanksIntent"})

    def reply(self, turn: Turn, session: Session) -> Reply:
        going = session.relief is not None
        return Reply(
            say=(self.phrases["thanks"],),
            topic="thanks",
            ask=self.phrases["relief.easing"] if going else "",
            asked="easing" if going else "",
        )


class RepeatHandler(Handler):
    """Say it once more, word for word."""

    intents = frozenset({"AMAZON.RepeatIntent"})

    def reply(self, turn: Turn, session: Session) -> Reply:
        if session.last is None:
            return Reply(
                say=(self.phrases["hello"],), topic="control_repeat", ask=self.phrases["launch.ask"], asked="which_part"
            )
        return replace(session.last, topic="control_repeat")


class SlowerHandler(Handler):
    """The same again, slower, and slower from here on."""

    intents = frozenset({"SlowerIntent"})

    def reply(self, turn: Turn, session: Session) -> Reply:
        session.slow = True
        if session.last is None:
            return Reply(
                say=(self.phrases["relief.slower"], self.phrases["hello"]),
                topic="control_slower",
                ask=self.phrases["launch.ask"],
                asked="which_part",
            )
        again = session.last
        return replace(again, say=(self.phrases["relief.slower"], *again.say), topic="control_slower")


class NextHandler(Handler):
    """Another way, or on with the stretch."""

    intents = frozenset({"AMAZON.NextIntent", "AMAZON.ResumeIntent", "AMAZON.StartOverIntent"})

    def takes(self, turn: Turn, session: Session) -> bool:
        return turn.intent in self.intents or (turn.intent == "AMAZON.YesIntent" and session.asked == "go_on")

    def reply(self, turn: Turn, session: Session) -> Reply:
        topic = "control_repeat" if turn.intent == "AMAZON.StartOverIntent" else "control_next"
        if session.relief is None:
            if turn.intent == "AMAZON.StartOverIntent" and session.since is not None:
                return self._as(relief.begin(self.content, session, "", "", turn.now), topic)
            return Reply(
                say=(self.phrases["nothing_running"],),
                topic=topic,
                ask=self.phrases["launch.ask"],
                asked="which_part",
            )
        if relief.late(session, turn.now):
            return relief.too_long(session)
        if turn.intent == "AMAZON.NextIntent":
            return self._as(relief.next_version(self.content, session), topic)
        if turn.intent == "AMAZON.StartOverIntent":
            return self._as(relief.restart(self.content, session, turn.now), topic)
        return self._as(relief.again(self.content, session, turn.now), topic)

    @staticmethod
    def _as(reply: Reply, topic: str) -> Reply:
        return replace(reply, topic=topic) if reply.say else reply


class PauseHandler(Handler):
    """A rest; the place is kept."""

    intents = frozenset({"AMAZON.PauseIntent"})

    def reply(self, turn: Turn, session: Session) -> Reply:
        if session.relief is None and session.bedtime is None:
            return Reply(say=(self.phrases["stop.plain"],), topic="control_stop")
        return Reply(
            say=(self.phrases["relief.paused"],),
            topic="control_stop",
            ask=self.phrases["relief.ready"],
            asked="bedtime" if session.bedtime is not None else "go_on",
            silence=(10, self.phrases["relief.ready"]),
        )


class YesNoHandler(Handler):
    """'Yes' and 'no' that answer no question of ours, or decline an offer."""

    intents = frozenset({"AMAZON.YesIntent", "AMAZON.NoIntent", "SignCheckUnsureIntent"})

    def reply(self, turn: Turn, session: Session) -> Reply:
        if turn.intent == "SignCheckUnsureIntent" and session.asked == "easing":
            return replace(relief.again(self.content, session, turn.now), topic="still_hurting")
        if turn.intent == "SignCheckUnsureIntent" and session.asked in ("which_part", "thigh_side"):
            return relief.begin(self.content, session, "whole_leg", "leg", turn.now)
        if turn.intent == "AMAZON.YesIntent":
            return Reply(
                say=(self.phrases["yes.nothing"],), topic="none", ask=self.phrases["launch.ask"], asked="which_part"
            )
        session.relief = None
        return Reply(say=(self.phrases["no.nothing"],), topic="control_stop" if session.asked else "none")
