"""What was not for us, and what went wrong."""

from __future__ import annotations

import logging

from ask_sdk_core.dispatch_components import AbstractExceptionHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_model import Response

from skill.content_types import Content
from skill.handlers.base import Handler
from skill.session import Session
from skill.spoken import Reply
from skill.turn import Turn

_log = logging.getLogger(__name__)


class FallbackHandler(Handler):
    """Not understood, or not about cramps; also takes any intent that nobody else took."""

    def takes(self, turn: Turn, session: Session) -> bool:
        return True

    def reply(self, turn: Turn, session: Session) -> Reply:
        if session.last is not None and session.last.ask:
            # Within a conversation it was probably meant for us: ask the same thing again, and lose nothing.
            return Reply(
                say=(self.phrases["fallback.lost"],), topic="none", ask=session.last.ask, asked=session.asked
            )  # fmt: skip
        return Reply(say=(self.phrases["fallback.idle"],), topic="none")


class ErrorHandler(AbstractExceptionHandler):
    """Something raised: say something useful all the same, and log the trace."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def can_handle(self, handler_input: HandlerInput, exception: Exception) -> bool:
        return True

    def handle(self, handler_input: HandlerInput, exception: Exception) -> Response:
        _log.error("the skill raised %s", type(exception).__name__, exc_info=exception)
        builder = handler_input.response_builder
        builder.speak(self._content.phrases["error"])
        builder.set_should_end_session(True)
        return builder.response
