"""Text to meaning: intent and slots of any Alexa interaction model, or why an utterance is not for the skill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_runner.understanding.meaning import FALLBACK, SlotMatch, Understanding

if TYPE_CHECKING:
    from local_runner.understanding.engine import Understander

__all__ = ["FALLBACK", "SlotMatch", "Understander", "Understanding"]


def __getattr__(name: str) -> Any:
    # numpy and the trained model are only worth importing when something is to be understood.
    if name == "Understander":
        from local_runner.understanding.engine import Understander

        return Understander
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
