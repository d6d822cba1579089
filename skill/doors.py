"""What the two public doors share: an envelope goes in, the skill's answer or an apology comes out."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from typing import Any, Protocol

from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_model.request_envelope import RequestEnvelope

APOLOGY = "Sorry, something went wrong on my side, and I could not answer. Please ask me again in a moment."

_SPEAKING = frozenset({"LaunchRequest", "IntentRequest"})
"""Request types whose response may carry speech; to any other, Alexa takes speech for a fault."""
_SERIALIZER = DefaultSerializer()


class Skill(Protocol):
    """What the doors need of a skill; ``ask_sdk_core.skill.CustomSkill`` has it."""

    def invoke(self, request_envelope: Any, context: Any) -> Any:
        """A response envelope for a request envelope, both of ``ask_sdk_model``."""


SkillFunction = Callable[[dict[str, Any]], dict[str, Any]]
"""A skill as a plain function from request envelope to response envelope, both parsed JSON."""


class UnknownRequestError(ValueError):
    """The SDK knows no such request; it fails while it deserialises, before any handler of exceptions."""


def read_request(envelope_json: str) -> RequestEnvelope:
    """The SDK's object for a request envelope.

    Raises:
        UnknownRequestError: the request type is unknown, or a part is not of its documented type.
    """
    try:
        request: RequestEnvelope = _SERIALIZER.deserialize(payload=envelope_json, obj_type=RequestEnvelope)
    except Exception as error:  # the SDK's own, and AttributeError or TypeError from deep inside
        raise UnknownRequestError(type(error).__name__) from None
    return request


def warm_up() -> None:
    """Make the SDK import now what it would import at its first request: 200 ms and more that nobody shall wait."""
    application = {"applicationId": "warm"}
    slot = {
        "name": "warm",
        "value": "warm",
        "resolutions": {
            "resolutionsPerAuthority": [
                {
                    "authority": "warm",
                    "status": {"code": "ER_SUCCESS_MATCH"},
                    "values": [{"value": {"name": "warm", "id": "warm"}}],
                }
            ]
        },
    }
    for request_type in _SPEAKING:
        envelope = {
            "version": "1.0",
            "session": {"new": True, "sessionId": "warm", "application": application, "user": {"userId": "warm"}},
            "context": {"System": {"application": application, "user": {"userId": "warm"}, "device": {}}},
            "request": {
                "type": request_type,
                "requestId": "warm",
                "timestamp": "2026-01-01T00:00:00Z",
                "intent": {"name": "warm", "confirmationStatus": "NONE", "slots": {"warm": slot}},
            },
        }
        read_request(json.dumps(envelope))


def answer(
    skill: Skill | SkillFunction, envelope: dict[str, Any], request: RequestEnvelope, context: Any = None
) -> dict[str, Any]:
    """The skill's response as plain JSON objects.

    Args:
        skill: an SDK skill, which takes ``request``, or a function, which takes ``envelope``.
        envelope: the request as parsed JSON.
        request: the same as the SDK's object.
        context: Lambda's.

    Raises:
        Exception: whatever a handler raised, or because its response cannot be sent.
    """
    response = skill(envelope) if callable(skill) else _SERIALIZER.serialize(skill.invoke(request, context))
    if not isinstance(response, dict):
        raise TypeError("the skill answered with no response envelope")
    return response


def as_json(response: dict[str, Any]) -> str:
    """``response`` as JSON; raises TypeError or ValueError if a handler put in what JSON cannot say."""
    return json.dumps(response, separators=(",", ":"), allow_nan=False)


def apology(request_type: str) -> dict[str, Any]:
    """A valid response for a request whose handler failed: spoken where Alexa lets us speak, silent elsewhere."""
    if request_type not in _SPEAKING:
        return {"version": "1.0", "response": {}}
    speech = {"type": "SSML", "ssml": f"<speak>{APOLOGY}</speak>"}
    return {"version": "1.0", "response": {"outputSpeech": speech, "shouldEndSession": True}}


def trace_of(error: BaseException) -> list[str]:
    """Where ``error`` came from: kinds and places, without messages, because a message may quote what somebody said."""
    lines = []
    cause: BaseException | None = error
    while cause is not None:
        lines.append(type(cause).__name__)
        lines += [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(cause.__traceback__)
        ]
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return lines
