"""One exchange: something was said, the skill answered; and how it looks as JSON (the command line's contract)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from local_runner.device import Reply
from local_runner.understanding import SlotMatch


@dataclass(frozen=True)
class Exchange:
    """What was heard, how it was understood, and what was answered."""

    heard: str
    confidence: float | None
    """The recogniser's, 0 to 1; the understanding's score for typed text."""
    voice_model: str | None
    """Name of the voice model; None for typed text."""
    intent: str
    slots: Mapping[str, SlotMatch]
    reply: Reply
    rejected: str | None = None
    """Why it was not taken, where it was not."""
    timing_ms: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds for each step: recognise, understand, answer, speak."""

    @property
    def speech(self) -> str:
        """The answer's words, without markup."""
        return spoken_words(self.reply.ssml)

    def to_json(self, *, own_skill: bool) -> dict[str, Any]:
        """The exchange as the command line prints it.

        Args:
            own_skill: whether topic, level and sources are to be read from the session attributes, as Charley's own
                skill writes them; for other skills they are null.
        """
        answer = self.reply.attributes.get("answer") if own_skill else None
        answer = answer if isinstance(answer, Mapping) else {}
        return {
            "heard": self.heard,
            "confidence": None if self.confidence is None else round(self.confidence, 3),
            "model": self.voice_model,
            "intent": self.intent,
            "slots": {n: {"value": s.value, "id": s.id} for n, s in self.slots.items()},
            "topic": answer.get("topic", "none") if own_skill else None,
            "level": answer.get("level") if own_skill else None,
            "speech": self.speech,
            "ssml": self.reply.ssml,
            "reprompt": spoken_words(self.reply.reprompt) or None,
            "session_open": self.reply.session_open,
            "sources": list(answer.get("sources", ())),
            "timing_ms": {
                step: round(self.timing_ms.get(step, 0.0), 1) for step in ("recognise", "understand", "answer", "speak")
            },
        }


def spoken_words(ssml: str) -> str:
    """The words of an SSML text: what is read out, without tags."""
    text = re.sub(r"<sub\s[^>]*?alias\s*=\s*([\"'])(.*?)\1[^>]*>.*?</sub>", r"\2", ssml, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())
