"""One request, as the conversation sees it: intent, slots with their ids, and the time it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_MATCH = "ER_SUCCESS_MATCH"


@dataclass(frozen=True)
class SlotIn:
    """A slot as it was filled."""

    value: str
    """What was said."""
    id: str | None
    """Id of the value it resolved to, or None where entity resolution found no match."""


@dataclass(frozen=True)
class Turn:
    """One turn of a conversation."""

    intent: str
    """Name of the intent; empty for a launch or the end of a session."""
    slots: Mapping[str, SlotIn] = field(default_factory=dict)
    now: float = 0.0
    """When the request was made, in seconds since the epoch."""

    def id(self, slot: str) -> str | None:
        """Id of a slot's resolved value."""
        found = self.slots.get(slot)
        return found.id if found else None

    def ids(self, *slots: str) -> set[str]:
        """Ids of several slots' resolved values."""
        return {i for s in slots if (i := self.id(s))}

    def value(self, slot: str) -> str:
        """What was said for a slot, or an empty text."""
        found = self.slots.get(slot)
        return found.value if found else ""


def read_turn(request: Any) -> Turn:
    """The turn in an ask-sdk request object (`ask_sdk_model.Request`)."""
    timestamp = getattr(request, "timestamp", None)
    now = timestamp.timestamp() if timestamp else 0.0
    intent = getattr(request, "intent", None)
    if intent is None:
        return Turn("", now=now)
    slots: dict[str, SlotIn] = {}
    for name, slot in (intent.slots or {}).items():
        if slot is None or not slot.value:
            continue
        slots[name] = SlotIn(str(slot.value), _resolved_id(slot))
    return Turn(str(intent.name), slots, now)


def _resolved_id(slot: Any) -> str | None:
    resolutions = getattr(slot, "resolutions", None)
    for authority in (resolutions and resolutions.resolutions_per_authority) or ():
        code = getattr(authority.status, "code", None)
        if getattr(code, "value", code) == _MATCH and authority.values:
            found = authority.values[0].value
            return str(found.id or found.name)
    return None
