"""Alexa request envelopes, made on the spot: what a smart speaker's cloud sends to a skill.

Format: https://developer.amazon.com/docs/custom-skills/request-and-response-json-reference.html
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from local_runner.interaction_model import InteractionModel

if TYPE_CHECKING:
    from local_runner.understanding import SlotMatch

APPLICATION_ID = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"
"""Application id of a skill that no cloud has named."""


def slot_json(name: str, match: SlotMatch | None, application_id: str = APPLICATION_ID) -> dict[str, Any]:
    """One slot of an intent, with entity resolution where the type has values of its own."""
    if match is None:
        return {"name": name, "confirmationStatus": "NONE"}
    slot: dict[str, Any] = {"name": name, "value": match.value, "confirmationStatus": "NONE", "source": "USER"}
    if match.custom:
        authority: dict[str, Any] = {
            "authority": f"amzn1.er-authority.echo-sdk.{application_id}.{match.type}",
            "status": {"code": "ER_SUCCESS_NO_MATCH"},
        }
        if match.resolved is not None:
            authority["status"] = {"code": "ER_SUCCESS_MATCH"}
            value: dict[str, Any] = {"name": match.resolved}
            # Alexa gives an id even to values that declare none: the MD5 of the name.
            value["id"] = match.id if match.id is not None else _implicit_id(match.resolved)
            authority["values"] = [{"value": value}]
        slot["resolutions"] = {"resolutionsPerAuthority": [authority]}
    slot["slotValue"] = {k: v for k, v in slot.items() if k in ("value", "resolutions")} | {"type": "Simple"}
    return slot


def _implicit_id(name: str) -> str:
    import hashlib

    return hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()


def intent_json(
    model: InteractionModel,
    name: str,
    slots: Mapping[str, SlotMatch],
    application_id: str = APPLICATION_ID,
    confirmation: str = "NONE",
) -> dict[str, Any]:
    """An intent with every slot that it declares, filled or not."""
    declared = model.intent(name)
    intent: dict[str, Any] = {"name": name, "confirmationStatus": confirmation}
    if declared and declared.slots:
        intent["slots"] = {s.name: slot_json(s.name, slots.get(s.name), application_id) for s in declared.slots}
    return intent


def request_json(kind: str, locale: str, now: datetime, **more: Any) -> dict[str, Any]:
    """A request with its id and timestamp."""
    return {
        "type": kind,
        "requestId": f"amzn1.echo-api.request.{uuid.uuid4()}",
        "timestamp": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "locale": locale,
        **more,
    }


def envelope_json(
    request: Mapping[str, Any],
    *,
    session_id: str,
    new: bool,
    attributes: Mapping[str, Any],
    application_id: str = APPLICATION_ID,
) -> dict[str, Any]:
    """A whole request envelope."""
    application = {"applicationId": application_id}
    user = {"userId": "amzn1.ask.account.local"}
    return {
        "version": "1.0",
        "session": {
            "new": new,
            "sessionId": session_id,
            "application": application,
            "attributes": dict(attributes),
            "user": user,
        },
        "context": {
            "System": {
                "application": application,
                "user": user,
                "device": {"deviceId": "amzn1.ask.device.local", "supportedInterfaces": {}},
                "apiEndpoint": "https://api.amazonalexa.com",
                # The SDK builds its service client when a token is here; there is no service, so there is none.
            }
        },
        "request": dict(request),
    }


def new_session_id() -> str:
    """A session id as Alexa spells them."""
    return f"amzn1.echo-api.session.{uuid.uuid4()}"
