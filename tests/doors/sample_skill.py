"""A skill written as Amazon's samples are: the doors must serve any skill built on ask-sdk-core."""

from __future__ import annotations

from typing import Any

from ask_sdk_core.skill import CustomSkill
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_core.utils import is_intent_name, is_request_type


def create_skill() -> CustomSkill:
    """Counts the turns of a session in its attributes, and fails on request."""
    builder = SkillBuilder()

    @builder.request_handler(can_handle_func=is_request_type("LaunchRequest"))
    def launch(handler_input: Any) -> Any:
        handler_input.attributes_manager.session_attributes["turns"] = 0
        return handler_input.response_builder.speak("Hello. How many turns?").ask("How many turns?").response

    @builder.request_handler(can_handle_func=is_intent_name("TurnIntent"))
    def turn(handler_input: Any) -> Any:
        attributes = handler_input.attributes_manager.session_attributes
        attributes["turns"] = attributes.get("turns", 0) + 1
        return handler_input.response_builder.speak(f"Turn {attributes['turns']}. Another?").ask("Another?").response

    @builder.request_handler(can_handle_func=is_intent_name("FailIntent"))
    def fail(handler_input: Any) -> Any:
        word = handler_input.request_envelope.request.intent.slots["Word"].value
        raise RuntimeError(f"could not use {word}")

    @builder.request_handler(can_handle_func=is_intent_name("JunkIntent"))
    def junk(handler_input: Any) -> Any:
        handler_input.attributes_manager.session_attributes["not json"] = float("nan")
        return handler_input.response_builder.speak("Hm.").response

    @builder.request_handler(can_handle_func=is_request_type("SessionEndedRequest"))
    def ended(handler_input: Any) -> Any:
        return handler_input.response_builder.response

    return builder.create()
