"""Speech engines that read aloud: five programs, thirty-odd voices, all free software, none over the network."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

RATE = 16_000


@dataclass(frozen=True)
class Voice:
    """One speaker."""

    engine: str
    name: str
    """In the engine's own naming."""
    pace: float = 1.0
    """Length of every sound; 1.3 is a sleepy voice."""
    pitch: float = 1.0
    """Factor on the voice's own pitch, where the engine can change it."""
    throat: float = 1.0
    """Factor on all frequencies (by resampling, the pace kept): another vocal tract, for engines with one speaker."""

    @property
    def speaker(self) -> str:
        """Name of the speaker in labels; slow and fast readings are the same speaker."""
        tract = "" if self.throat == 1.0 else f"@{self.throat:g}"
        return f"{self.engine}:{self.name}{tract}"


class EngineMissing(Exception):
    """An engine is not installed; the message names what to install."""


NEEDS = {
    "espeak-ng": "Debian package espeak-ng",
    "flite": "Debian package flite",
    "festival": "Debian packages festival festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts",
    "freetts": "Debian packages freetts default-jre-headless",
    "hibari": "Python package hibari-tts (`pip install -e '.[recordings]'`)",
}

ESPEAK = ("en-us", "en-us+f2", "en-us+m3", "en-gb", "en-gb-x-rp+f4", "en-gb-scotland", "en-us+Annie", "en-us+Mike",
          "en-gb-x-rp+grandma", "en-us+grandpa", "en-us+linda", "en-us+benjamin", "en-029",
          "en-gb-x-gbclan+f3")  # fmt: skip
FLITE = ("awb", "rms", "slt", "kal16")
FESTIVAL = {"kal": "voice_kal_diphone", "ked": "voice_ked_diphone", "slt-hts": "voice_cmu_us_slt_arctic_hts"}
_FLITE_PITCH = {"awb": 120.0, "rms": 100.0, "slt": 175.0}
"""Hertz of the mean."""

VOICES: tuple[Voice, ...] = (
    *(Voice("hibari", "heart", throat=t) for t in (1.0, 0.86, 1.08, 0.92)),
    *(Voice("flite", name) for name in FLITE),
    *(Voice("festival", name) for name in FESTIVAL),
    Voice("freetts", "kevin16"),
    *(Voice("espeak-ng", name) for name in ESPEAK),
)
"""Every speaker of the set. None sounds quite like a person; hibari's comes nearest."""

WHISPERERS = (Voice("espeak-ng", "en-us+whisper"), Voice("espeak-ng", "en-us+whisperf"),
              Voice("espeak-ng", "en-gb-x-rp+whisper"))  # fmt: skip


def read_aloud(text: str, voice: Voice) -> NDArray[np.float64]:
    """A text in a voice: 16 kHz, of full scale 1, silence at the ends cut off."""
    samples, rate = _ENGINES[voice.engine](text, replace(voice, pace=voice.pace * voice.throat))
    if samples.ndim > 1:
        samples = samples.mean(axis=1)
    # Played faster, everything is higher; the engine was asked to speak slower by as much.
    samples = soxr.resample(samples, rate * voice.throat, RATE)
    return _trimmed(samples)


def _espeak(text: str, voice: Voice) -> tuple[NDArray[np.float64], int]:
    pitch = round(50 * voice.pitch)
    return _to_file(
        ["espeak-ng", "-v", voice.name, "-s", f"{165 / voice.pace:.0f}", "-p", str(min(pitch, 99)), "-w", "{out}", text]
    )


def _flite(text: str, voice: Voice) -> tuple[NDArray[np.float64], int]:
    command = ["flite", "-voice", voice.name, "--setf", f"duration_stretch={voice.pace:.3f}", "-t", text, "-o", "{out}"]
    if voice.name in _FLITE_PITCH:
        command[3:3] = ["--setf", f"int_f0_target_mean={_FLITE_PITCH[voice.name] * voice.pitch:.0f}"]
    return _to_file(command)


def _festival(text: str, voice: Voice) -> tuple[NDArray[np.float64], int]:
    assert re.fullmatch(r"[\w ',.-]+", text), text
    script = (
        f"(begin ({FESTIVAL[voice.name]}) (Parameter.set 'Duration_Stretch {voice.pace:.3f})"
        f'(set! u (SynthText "{text}")) (utt.save.wave u "{{out}}" \'riff))'
    )
    samples, rate = _to_file(["festival", "--batch", script])
    # The HTS voice does not obey Duration_Stretch.
    return (_stretched(samples, voice.pace, rate), rate) if voice.name == "slt-hts" else (samples, rate)


def _freetts(text: str, voice: Voice) -> tuple[NDArray[np.float64], int]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "text"
        file.write_text(text + ".\n", encoding="ascii")
        jar = "/usr/share/java/freetts.jar"
        if not Path(jar).exists():
            raise EngineMissing(f"freetts is missing: {NEEDS['freetts']}")
        samples, rate = _to_file(["java", "-jar", jar, "-voice", voice.name, "-dumpAudio", "{out}", "-file", str(file)])
    # It cannot be slowed from its command line; stretching by overlap-add keeps the pitch.
    return _stretched(samples, voice.pace, rate), rate


def _hibari(text: str, voice: Voice) -> tuple[NDArray[np.float64], int]:
    return np.asarray(_hibari_model()(text, speed=min(2.0, max(0.5, 0.95 / voice.pace)), seed=7), float), 24_000


@lru_cache(maxsize=1)
def _hibari_model() -> Any:
    try:
        from hibari import Hibari
    except ImportError as error:
        raise EngineMissing(f"hibari is missing: {NEEDS['hibari']}") from error
    return Hibari()


_ENGINES: dict[str, Callable[[str, Voice], tuple[NDArray[np.float64], int]]] = {
    "espeak-ng": _espeak, "flite": _flite, "festival": _festival, "freetts": _freetts, "hibari": _hibari,
}  # fmt: skip


def _to_file(command: list[str]) -> tuple[NDArray[np.float64], int]:
    """Run a program that writes a WAV file where ``{out}`` stands."""
    if shutil.which(command[0]) is None:
        raise EngineMissing(f"{command[0]} is missing: {NEEDS.get(command[0], NEEDS['freetts'])}")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.wav"
        subprocess.run([part.replace("{out}", str(out)) for part in command], check=True, capture_output=True)
        return soundfile.read(out)


def _stretched(samples: NDArray[np.float64], factor: float, rate: int) -> NDArray[np.float64]:
    """Longer or shorter at the same pitch, by waveform-similarity overlap-add (Verhelst and Roelands, 1993)."""
    if abs(factor - 1) < 0.01:
        return samples
    size, seek = rate // 25, rate // 100
    hop = size // 2
    window = np.hanning(size)
    padded = np.pad(samples, (seek, size + hop + seek))
    out = np.zeros(int(len(samples) * factor) + 2 * size)
    at, expected = 0, seek
    while at + size < len(out) and (place := round(at / factor) + seek) + size + seek <= len(padded):
        if at:
            target = padded[expected : expected + size]
            starts = range(place - seek, place + seek + 1, 4)
            place = max(starts, key=lambda s: float(padded[s : s + size] @ target) if len(target) == size else 0.0)
        out[at : at + size] += window * padded[place : place + size]
        expected = place + hop
        at += hop
    return out[: int(len(samples) * factor)]


def _trimmed(samples: NDArray[np.float64], floor: float = 0.004) -> NDArray[np.float64]:
    loud = np.flatnonzero(np.abs(samples) > floor * max(1e-9, np.abs(samples).max()) * 4)
    if not len(loud):
        return samples
    margin = RATE // 50
    return samples[max(0, loud[0] - margin) : loud[-1] + margin]
