"""A small skill, written as Amazon's samples are: builder at module level, Lambda handler at the end."""

from __future__ import annotations

from typing import Any

from ask_sdk_core.dispatch_components import AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_core.utils import is_intent_name, is_request_type
from ask_sdk_model import DialogState, Response
from ask_sdk_model.dialog import DelegateDirective, ElicitSlotDirective

sb = SkillBuilder()


class Launch(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        return bool(is_request_type("LaunchRequest")(handler_input))

    def handle(self, handler_input: HandlerInput) -> Response:
        return (
            handler_input.response_builder.speak("Welcome. What would you like?").ask("What would you like?").response
        )


class Order(AbstractRequestHandler):
    """Lets Alexa collect the size, counts the orders of a session, and asks for a name by itself."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return bool(is_intent_name("OrderIntent")(handler_input))

    def handle(self, handler_input: HandlerInput) -> Response:
        request: Any = handler_input.request_envelope.request
        if request.dialog_state != DialogState.COMPLETED:
            return handler_input.response_builder.add_directive(DelegateDirective()).response
        slots = request.intent.slots
        attributes = handler_input.attributes_manager.session_attributes
        attributes["orders"] = attributes.get("orders", 0) + 1
        if request.intent.confirmation_status.value == "DENIED":
            return (
                handler_input.response_builder.speak("All right, nothing then.").set_should_end_session(True).response
            )
        size = slots["Size"]
        found = size.resolutions.resolutions_per_authority[0] if size.resolutions else None
        resolved = found.values[0].value.id if found and found.values else "unresolved"
        speech = f"Order {attributes['orders']}: {resolved} {slots['Drink'].value or 'coffee'}. Anything else?"
        return handler_input.response_builder.speak(speech).ask("Anything else?").response


class Name(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        return bool(is_intent_name("NameIntent")(handler_input))

    def handle(self, handler_input: HandlerInput) -> Response:
        slots = handler_input.request_envelope.request.intent.slots
        if not slots["Name"].value:
            builder = handler_input.response_builder.speak("Who is it for?").ask("Who is it for?")
            return builder.add_directive(ElicitSlotDirective(slot_to_elicit="Name")).response
        return handler_input.response_builder.speak(f"For {slots['Name'].value}.").set_should_end_session(True).response


class Broken(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        return bool(is_intent_name("BreakIntent")(handler_input))

    def handle(self, handler_input: HandlerInput) -> Response:
        raise RuntimeError("the milk\nis off")


class Ended(AbstractRequestHandler):
    seen: list[str] = []  # noqa: RUF012

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return bool(is_request_type("SessionEndedRequest")(handler_input))

    def handle(self, handler_input: HandlerInput) -> Response:
        self.seen.append(handler_input.request_envelope.request.reason.value)
        return handler_input.response_builder.response


for handler_class in (Launch, Order, Name, Broken, Ended):
    sb.add_request_handler(handler_class())


def build() -> SkillBuilder:
    """Another way in which skills are put together."""
    return sb


handler = sb.lambda_handler()
