"""Request envelopes at the door: is this the JSON that Alexa documents, as far as any handler relies on it?"""

from __future__ import annotations

import json
from typing import Any

_WITH_SESSION = frozenset({"LaunchRequest", "IntentRequest", "SessionEndedRequest"})
"""Request types that always come in a session."""


class EnvelopeError(ValueError):
    """Not a request envelope; the message names the place, never the content."""


def parse_envelope(body: bytes) -> dict[str, Any]:
    """The envelope in ``body``, as plain JSON objects.

    Checked are the parts that the SDK or a handler takes for granted; what Alexa adds over the years passes.

    Raises:
        EnvelopeError: not UTF-8, not JSON, or not the shape of an envelope.
    """
    try:
        envelope = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise EnvelopeError("not JSON") from None
    check_envelope(envelope)
    checked: dict[str, Any] = envelope
    return checked


def check_envelope(envelope: object) -> None:
    """Check the shape of an envelope that is parsed already.

    Raises:
        EnvelopeError: a part is missing or of the wrong type.
    """
    root = _object(envelope, "envelope")
    _text(root, "version", "envelope")
    request = _object(root.get("request"), "request")
    for name in ("type", "requestId", "timestamp"):
        _text(request, name, "request")
    if request.get("locale") is not None:
        _text(request, "locale", "request")
    system = _object(_object(root.get("context"), "context").get("System"), "System")
    _application(system, "System")
    if root.get("session") is not None:
        session = _object(root["session"], "session")
        _text(session, "sessionId", "session")
        _application(session, "session")
        for name in ("attributes", "user"):
            if session.get(name) is not None:
                _object(session[name], name)
    elif request["type"] in _WITH_SESSION:
        raise EnvelopeError("no session")
    if "intent" in request or request["type"] == "IntentRequest":
        _check_intent(_object(request.get("intent"), "intent"))


def application_ids(envelope: dict[str, Any]) -> frozenset[str]:
    """Every skill id that a checked envelope names: the context's, and the session's where there is one."""
    named = {envelope["context"]["System"]["application"]["applicationId"]}
    if envelope.get("session") is not None:
        named.add(envelope["session"]["application"]["applicationId"])
    return frozenset(named)


def listed_skill_ids(text: str) -> frozenset[str]:
    """The skill ids in a setting such as ``CHARLEY_SKILL_ID``, which separates them by commas."""
    return frozenset(filter(None, (part.strip() for part in text.split(","))))


def _check_intent(intent: dict[str, Any]) -> None:
    _text(intent, "name", "intent")
    if intent.get("slots") is None:
        return
    for slot in _object(intent["slots"], "slots").values():
        _text(_object(slot, "slot"), "name", "slot")
        if slot.get("value") is not None and not isinstance(slot["value"], str):
            raise EnvelopeError("slot value")
        if slot.get("resolutions") is not None:
            _check_resolutions(_object(slot["resolutions"], "resolutions").get("resolutionsPerAuthority"))


def _check_resolutions(authorities: object) -> None:
    for authority in _list(authorities, "resolutionsPerAuthority"):
        resolution = _object(authority, "resolution")
        _text(_object(resolution.get("status"), "status"), "code", "status")
        for item in _list(resolution.get("values"), "values"):
            value = _object(_object(item, "values").get("value"), "value")
            _text(value, "name", "value")
            if value.get("id") is not None:
                _text(value, "id", "value")


def _application(owner: dict[str, Any], place: str) -> None:
    _text(_object(owner.get("application"), f"{place}.application"), "applicationId", place)


def _object(value: object, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise EnvelopeError(f"{place} is no object")
    return value


def _list(value: object, place: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise EnvelopeError(f"{place} is no list")
    return value


def _text(owner: dict[str, Any], name: str, place: str) -> None:
    value = owner.get(name)
    if not isinstance(value, str) or not value:
        raise EnvelopeError(f"{place} has no {name}")


def _no_constant(name: str) -> float:
    raise ValueError(name)  # NaN and Infinity are Python's, not JSON's
