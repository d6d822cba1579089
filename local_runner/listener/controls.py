"""What the device itself does when it is told to: stop, wait, go on, louder, quieter. No skill is asked."""

from __future__ import annotations

import dataclasses
from typing import Literal

from local_runner.interaction_model import Intent, InteractionModel
from local_runner.spoken_forms import BUILT_IN_PHRASES

Control = Literal["stop", "pause", "resume", "louder", "quieter"]

LOUDER, QUIETER = "Device.LouderIntent", "Device.QuieterIntent"
PAUSE, RESUME = "AMAZON.PauseIntent", "AMAZON.ResumeIntent"
STOP = "AMAZON.StopIntent"
CANCEL = "AMAZON.CancelIntent"

_PHRASES: dict[str, tuple[str, ...]] = {
    LOUDER: (
        "louder", "louder please", "speak up", "speak louder", "a bit louder", "much louder", "turn it up",
        "i can't hear you", "i cannot hear you", "volume up", "too quiet", "you are too quiet", "that's too quiet",
    ),
    QUIETER: (
        "quieter", "quieter please", "softer", "softer please", "a bit quieter", "speak softly", "speak quietly",
        "turn it down", "volume down", "too loud", "you are too loud", "that's too loud", "not so loud",
        "lower your voice", "keep your voice down", "whisper", "you'll wake somebody",
    ),
    PAUSE: (),
    RESUME: (),
    STOP: (),
}  # fmt: skip
"""Intent → what people say for it; Alexa's own intents need no phrases."""

_BY_INTENT: dict[str, Control] = {
    LOUDER: "louder", QUIETER: "quieter", PAUSE: "pause", RESUME: "resume", STOP: "stop", CANCEL: "stop",
}  # fmt: skip

STOP_WORDS = frozenset(
    {"stop", "stop it", "please stop", "stop please", "stop now", "stop stop", "shut up", "be quiet"}
)
"""Said while it speaks, these silence it before the sentence is over."""


def with_controls(model: InteractionModel) -> InteractionModel:
    """The model with the device's own intents added, so that their words are listened for."""
    known = {intent.name for intent in model.intents}
    added = tuple(Intent(name, (), samples) for name, samples in _PHRASES.items() if name not in known)
    return dataclasses.replace(model, intents=model.intents + added)


def control_of(intent: str) -> Control | None:
    """The device's own action for an intent, or None when it is the skill's."""
    return _BY_INTENT.get(intent)


_POLITE = frozenset({"please", "um", "uh", "er", "hey", "okay", "ok", "oh", "now"})


def control_phrase(words: str) -> str | None:
    """The device's own intent for exactly these words (fillers aside), or None."""
    plain = " ".join(word for word in words.split() if word not in _POLITE)
    return _INTENTS.get(plain)


def _spoken() -> dict[str, str]:
    found: dict[str, str] = {}
    for intent, phrases in _PHRASES.items():
        for phrase in (*phrases, *BUILT_IN_PHRASES.get(intent, ())):
            plain = " ".join(word for word in phrase.split() if word not in _POLITE)
            found.setdefault(plain, intent)
    return found


_INTENTS = _spoken()


def is_stop(words: str) -> bool:
    """Whether what was heard so far already says 'stop'."""
    return words in STOP_WORDS
