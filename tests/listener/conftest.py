"""Recordings made of the real voice in a room with a floor of noise, and nights heard by the real listener."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from listening_nights import Spoken

from local_runner.audio import write_wav
from local_runner.errors import CharleyError
from local_runner.sound import Sound
from local_runner.speech import Pyttsx3Voice, Silence, Speech


@pytest.fixture(scope="session")
def voice() -> Iterator[Pyttsx3Voice]:
    # Not the voice that Charley answers with.
    voice = Pyttsx3Voice("gmw/en-us")
    try:
        voice.start()
    except CharleyError as error:
        pytest.skip(f"no synthesiser here: {error}")
    yield voice
    voice.close()


@pytest.fixture(scope="session")
def spoken(voice: Pyttsx3Voice, tmp_path_factory: pytest.TempPathFactory) -> Spoken:
    """A recording of texts and pauses (seconds), with the noise floor of a quiet bedroom (-62 dBFS)."""
    folder = tmp_path_factory.mktemp("spoken")

    def make(*parts: str | float, gain: float = 0.0) -> Path:
        segments = [Speech(part, volume=gain) if isinstance(part, str) else Silence(part) for part in parts]
        sound = voice.render(segments)
        noise = np.random.default_rng(7).normal(0, 26, len(sound.samples))
        path = folder / f"{len(list(folder.iterdir()))}.wav"
        write_wav(path, Sound(np.clip(sound.samples + noise, -32768, 32767).astype(np.int16), sound.rate))
        return path

    return make
