"""What understanding gives back: an intent with its slots, or why it was rejected."""

from __future__ import annotations

from dataclasses import dataclass, field

FALLBACK = "AMAZON.FallbackIntent"
"""The intent of everything that was not meant for the skill."""


@dataclass(frozen=True)
class SlotMatch:
    """A slot that was filled, with its entity resolution."""

    name: str
    """Name of the slot in the intent."""
    value: str
    """What was said ("left calf"); for built-in types the Alexa-formatted value ("PT30S")."""
    type: str
    """Slot type."""
    resolved: str | None = None
    """Canonical value (ER_SUCCESS_MATCH), or None (ER_SUCCESS_NO_MATCH, or a built-in type)."""
    id: str | None = None
    """Id of the canonical value, if the model gives one."""
    custom: bool = False
    """The type has values of its own, so that resolution is reported at all."""


@dataclass(frozen=True)
class Understanding:
    """The meaning of one utterance."""

    intent: str
    """Name of the intent; ``AMAZON.FallbackIntent`` when it is not for the skill."""
    slots: dict[str, SlotMatch] = field(default_factory=dict)
    """By slot name; only slots that were filled."""
    score: float = 0.0
    """0 to 1: how sure it is that the utterance means the best guess."""
    rejected: str | None = None
    """Why it was rejected, one clause, or None."""
    best_guess: str | None = None
    """The intent it would have been, when rejected: material for 'did you mean'."""
    heard: str = ""
    """The text that was understood (of the chosen hypothesis)."""
