"""Its own voice in its own microphone, as loud as the person: it never stops or wakes itself, and hears 'stop'."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from local_runner.interaction_model import InteractionModel
from local_runner.listener.assembly import Night, prepare
from local_runner.listener.journal import Journal
from local_runner.listener.measure import Watched, frames, room, spoken
from local_runner.recognition import default_voice_model
from local_runner.settings import Settings
from local_runner.skill_loading import load_skill
from local_runner.speech import Pyttsx3Voice

HERE = Path(__file__).parent


def make(settings: Settings, journal: Journal, started: datetime) -> Night:
    return prepare(
        settings,
        load_skill(f"{HERE / 'hold_skill.py'}:handler"),
        InteractionModel.load(HERE / "hold_model.json"),
        default_voice_model(),
        journal=journal,
        started=started,
        must_be_clear=lambda reply: reply.attributes["answer"]["level"] == "emergency",
    )


@pytest.mark.parametrize("echo", [0.0, -12.0])
def test_it_speaks_a_whole_hold_into_its_own_ear_and_hears_stop_at_equal_loudness(
    voice: Pyttsx3Voice, echo: float
) -> None:
    watched = Watched(make, echo=echo)
    try:
        for frame in frames(np.concatenate([spoken(voice, 0.5, "help my leg"), room(12.0)])):
            watched.hear(frame)
        assert watched.named("speaking")
        assert not watched.named("interrupted")
        assert len(watched.named("wake")) == 1
        for frame in frames(np.concatenate([spoken(voice, "stop"), room(1.5)])):
            watched.hear(frame)
        assert [event["by"] for event in watched.named("interrupted")] == ["stop"]
        assert np.abs(np.concatenate(watched.played[-20:])).max() <= 1  # resampling dithers the last bit
    finally:
        watched.close()


def test_an_emergency_is_clear_in_the_middle_of_the_night(voice: Pyttsx3Voice) -> None:
    settings = Settings()
    settings = dataclasses.replace(settings, night=dataclasses.replace(settings.night, begins="00:00", ends="23:59"))
    volumes = []
    for question in ("i can not breathe", "why do i get cramps"):
        watched = Watched(make, settings)
        try:
            for frame in frames(spoken(voice, 0.5, "hey charley", 0.4, question, 2.5)):
                watched.hear(frame)
            volumes.append(watched.named("speaking")[0]["volume_db"])
        finally:
            watched.close()
    assert volumes[0] >= 0
    assert volumes[1] <= -8
