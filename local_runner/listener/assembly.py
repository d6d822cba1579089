"""The parts of a listener put together as the settings say."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from local_runner.audio.player import Player
from local_runner.device import Device, Reply
from local_runner.interaction_model import InteractionModel
from local_runner.listener.bedside import Bedside
from local_runner.listener.brain import MUST_BE_CLEAR, Brain
from local_runner.listener.controls import with_controls
from local_runner.listener.ears import Ears
from local_runner.listener.journal import Journal
from local_runner.listener.spotter import PhraseSpotter
from local_runner.settings import Settings
from local_runner.skill_loading import SkillFunction
from local_runner.speech import Pyttsx3Voice

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class Night:
    """Everything that a night needs, except sound and time."""

    bedside: Bedside
    player: Player
    voice: Pyttsx3Voice
    journal: Journal

    def close(self) -> None:
        """Let go of the synthesiser and the journal."""
        self.voice.close()
        self.journal.close()


def prepare(
    settings: Settings,
    skill: SkillFunction,
    model: InteractionModel,
    voice_model: Path,
    *,
    journal: Journal,
    started: datetime,
    must_be_clear: Callable[[Reply], bool] = MUST_BE_CLEAR,
    details: Callable[[Reply], Mapping[str, Any]] = lambda reply: {},
) -> Night:
    """Load and train what is needed, or read it from the cache.

    Raises:
        RecogniserError: the voice model is missing or damaged.
        SettingsError: a wake phrase cannot be heard.
        VoiceError: there is no synthesiser.
    """
    from local_runner.listening import listening_model
    from local_runner.recognition import VoskRecogniser
    from local_runner.understanding import Understander

    spotter = PhraseSpotter(settings.wake.phrases, voice_model, settings.wake.sensitivity)
    recogniser = VoskRecogniser(voice_model, listening_model(with_controls(model)), free=True)
    if recogniser.unheard:
        _LOGGER.info("%s cannot hear %d words of the skill", recogniser.name, len(recogniser.unheard))
    brain = Brain(Device(skill, model), Understander.load(model), model, must_be_clear, details)
    voice = Pyttsx3Voice(settings.speaking.voice or None, settings.speaking.words_per_minute)
    voice.start()
    player = Player(voice.rate)
    ears = Ears(spotter, recogniser, brain.is_complete)
    return Night(Bedside(settings, ears, brain, voice, player, journal, started), player, voice, journal)
