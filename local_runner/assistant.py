"""Ears, understanding and device put together: one question in, one exchange out; each part made when needed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from local_runner.device import FALLBACK, Device, Reply, invocation
from local_runner.errors import UsageError
from local_runner.exchange import Exchange
from local_runner.hearing import Recognition
from local_runner.interaction_model import InteractionModel
from local_runner.skill_loading import SkillFunction
from local_runner.sound import Sound
from local_runner.understanding import Understanding

if TYPE_CHECKING:
    from local_runner.recognition import VoskRecogniser
    from local_runner.understanding import Understander

LONGEST_TEXT = 1000
"""Characters of the longest utterance that is taken; nobody says more in one breath."""


@dataclass
class Assistant:
    """One conversation partner.

    Args:
        skill: the skill as a function.
        model: its interaction model.
        voice_model: directory of the voice model; None for the best one that is installed.
    """

    skill: SkillFunction
    model: InteractionModel
    voice_model: Path | None = None
    _timing: dict[str, float] = field(default_factory=dict, init=False)

    @cached_property
    def device(self) -> Device:
        """The device that holds the session."""
        return Device(self.skill, self.model)

    @cached_property
    def understander(self) -> Understander:
        """Text to meaning; trained or read from its cache when first used."""
        from local_runner.understanding import Understander

        return Understander.load(self.model)

    @cached_property
    def recogniser(self) -> VoskRecogniser:
        """Sound to text, listening for what the model says.

        Raises:
            RecogniserError: the voice model is missing or damaged.
        """
        from local_runner.listening import listening_model
        from local_runner.recognition import VoskRecogniser, default_voice_model

        return VoskRecogniser(self.voice_model or default_voice_model(), listening_model(self.model), free=True)

    def launch(self) -> Exchange:
        """Open the skill without asking anything."""
        self._timing = {}
        self.device.forget()
        reply = self._answer(None)
        return Exchange("", None, None, "LaunchRequest", {}, reply, timing_ms=self._timing)

    def ask_text(self, text: str) -> Exchange:
        """Answer typed text, in the session that is open or in a new one.

        Raises:
            UsageError: the text is too long.
            SkillError: the skill failed.
        """
        if len(text) > LONGEST_TEXT:
            raise UsageError(
                f"the question has {len(text):,} characters", f"nobody says more than {LONGEST_TEXT:,} in one breath"
            )
        self._timing = {}
        launch, rest = invocation(self.model, text)
        if launch:
            return self.launch()
        return self._respond(Recognition.from_text(rest), heard=text, voice_model=None)

    def ask_sound(self, sound: Sound) -> Exchange:
        """Answer a recording, in the session that is open or in a new one.

        Raises:
            RecogniserError: the voice model is missing or damaged.
            SkillError: the skill failed.
        """
        self._timing = {}
        recogniser = self.recogniser
        started = time.perf_counter()
        recognition = recogniser.recognise(sound)
        self._timing["recognise"] = (time.perf_counter() - started) * 1000
        return self.respond(recognition, voice_model=recogniser.voice.name)

    def respond(self, recognition: Recognition, voice_model: str | None) -> Exchange:
        """Answer what was recognised."""
        launch, _ = invocation(self.model, recognition.best.text)
        if launch:
            return self.launch()
        return self._respond(recognition, heard=None, voice_model=voice_model)

    def _respond(self, recognition: Recognition, heard: str | None, voice_model: str | None) -> Exchange:
        understander = self.understander
        started = time.perf_counter()
        understanding = understander.choose(recognition, self.device.expected)
        self._timing["understand"] = (time.perf_counter() - started) * 1000
        reply = self._answer(understanding)
        confidence = understanding.score if voice_model is None else recognition.best.confidence
        return Exchange(
            heard=understanding.heard if heard is None else heard,
            confidence=confidence,
            voice_model=voice_model,
            intent=reply.intent or understanding.intent,
            slots=understanding.slots,
            reply=reply,
            rejected=understanding.rejected if understanding.intent == FALLBACK else None,
            timing_ms=self._timing,
        )

    def _answer(self, understanding: Understanding | None) -> Reply:
        device = self.device
        started = time.perf_counter()
        reply = device.launch() if understanding is None else device.intent(understanding)
        self._timing["answer"] = (time.perf_counter() - started) * 1000
        return reply

    def end(self, reason: str = "USER_INITIATED") -> None:
        """End the session, if one is open."""
        self.device.end(reason)


def read_lines(path: Path) -> Sequence[str]:
    """The lines of a text file.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"cannot read {path} ({reason})", "give a text file with one question a line") from error
