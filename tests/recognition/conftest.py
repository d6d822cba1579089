"""Voices to recognise: espeak-ng reads aloud what a test wants to hear."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from local_runner.recognition import default_voice_model
from local_runner.sound import CAPTURE_RATE, Sound

Say = Callable[..., Sound]


@pytest.fixture(scope="session")
def say(tmp_path_factory: pytest.TempPathFactory) -> Say:
    """``say(text, rate=16000)``: an espeak-ng voice between half seconds of a quiet room."""
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed (script/setup --dev installs it)")
    import soundfile
    import soxr

    folder = tmp_path_factory.mktemp("speech")

    @cache
    def spoken(text: str, rate: int, voice: str) -> Sound:
        file = folder / "said.wav"
        subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", str(file), text], check=True)
        samples, recorded = soundfile.read(file, dtype="float32")
        quiet = np.zeros(recorded // 2, np.float32)
        samples = soxr.resample(np.concatenate([quiet, samples * 0.5, quiet]), recorded, rate)
        samples += np.random.default_rng(0).normal(0, 3e-4, len(samples))
        return Sound((np.clip(samples, -1, 1) * 32767).astype(np.int16), rate)

    def say(text: str, rate: int = CAPTURE_RATE, voice: str = "en-us+f3") -> Sound:
        return spoken(text, rate, voice)

    return say


@pytest.fixture(scope="session")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepared models of these tests."""
    return tmp_path_factory.mktemp("prepared")


@pytest.fixture(scope="session")
def voice_model() -> Path:
    """The voice model that ships with Charley (or the official one, where it has been fetched)."""
    return default_voice_model()
