"""How something is said and from where: near, far, whispered, sleepy, with hesitations."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from recipe.engines import RATE, WHISPERERS, Voice, read_aloud

Sound = NDArray[np.float64]
NEAR_LEVEL = 0.1
"""Level of speech at the bedside, of full scale (-20 dBFS)."""
FLOOR = 0.001
"""Level of the microphone's own noise, of full scale (-60 dBFS)."""
PADDING = 0.3
"""Seconds of near-silence before and after."""
BEDROOM = Path(__file__).parents[3] / "local_runner/fixtures/room_responses/bedroom.flac"


@dataclass(frozen=True)
class Manner:
    """A way of speaking."""

    level: float = NEAR_LEVEL
    """Level at the microphone, of full scale."""
    pace: float = 1.0
    """Length of every sound."""
    pitch: float = 1.0
    dull: float | None = None
    """Hertz above which the voice is muffled (a pillow), 6 dB an octave."""
    far: bool = False
    """Said across the room."""
    whispered: bool = False
    hesitant: bool = False


MANNERS = {
    "near": Manner(),
    "far": Manner(level=0.02, far=True),
    "whispered": Manner(level=0.03, whispered=True, pace=1.1),
    "sleepy": Manner(level=0.05, pace=1.4, pitch=0.88, dull=1800.0),
    "hesitant": Manner(hesitant=True, pace=1.08),
}


def pieces(text: str, manner: Manner, rng: random.Random) -> list[str]:
    """What is said between pauses."""
    return _hesitating(text, rng) if manner.hesitant else [text]


def spoken(parts: list[str], voice: Voice, manner: Manner, rng: random.Random) -> Sound:
    """What the microphone hears."""
    voice = replace(voice, pace=manner.pace, pitch=manner.pitch)
    sounds: list[Sound] = []
    for number, part in enumerate(parts):
        if number:
            sounds.append(np.zeros(int(rng.uniform(0.3, 0.8) * RATE)))
        sounds.append(read_aloud(part, voice))
    speech = np.concatenate(sounds)
    noise = np.random.default_rng(rng.randrange(2**32))
    if manner.whispered and voice.name not in {w.name for w in WHISPERERS}:
        speech = whisper(speech, noise)
    if manner.dull is not None:
        speech = muffled(speech, manner.dull)
    padding = np.zeros(int(PADDING * RATE))
    sound = np.concatenate([padding, speech, padding])
    if manner.far:
        response, _ = soundfile.read(BEDROOM)
        sound = np.concatenate([sound, padding])
        sound = np.convolve(sound, response[int(np.argmax(np.abs(response) > 0.1)) :])[: len(sound)]
    sound = sound * (manner.level / level(sound)) + FLOOR * noise.standard_normal(len(sound))
    return sound / max(1.0, float(np.abs(sound).max()) / 0.98)


def _hesitating(text: str, rng: random.Random) -> list[str]:
    """A filler, a false start or a pause in the middle: the pieces between the pauses."""
    words = text.split()
    filler = rng.choice(["um", "er", "uh", "oh", "well"])
    cut = rng.randint(1, max(1, len(words) - 1)) if len(words) > 1 else 0
    if not cut:
        return [filler, text]
    first, rest = " ".join(words[:cut]), " ".join(words[cut:])
    return rng.choice([[filler, first, rest], [first, f"{filler} {rest}"], [first, text]])


def whisper(speech: Sound, noise: np.random.Generator, order: int = 20) -> Sound:
    """The same words without a voice: the vocal tract of every frame (linear prediction), driven by noise.

    Linear prediction by the autocorrelation method (Makhoul, 1975, "Linear prediction: a tutorial review").
    """
    size, hop = RATE // 40, RATE // 100
    window = np.hanning(size)
    emphasised = np.append(speech[:1], speech[1:] - 0.9 * speech[:-1])
    out = np.zeros(len(speech) + size)
    for at in range(0, len(speech) - size, hop):
        frame = emphasised[at : at + size] * window
        correlation = np.correlate(frame, frame, "full")[size - 1 : size + order]
        if correlation[0] < 1e-7:
            continue
        lags = np.abs(np.subtract.outer(np.arange(order), np.arange(order)))
        matrix = correlation[lags] + 1e-4 * correlation[0] * np.eye(order)
        prediction = np.linalg.solve(matrix, correlation[1 : order + 1])
        gain = np.sqrt(max(1e-12, correlation[0] - prediction @ correlation[1 : order + 1]) / size)
        excited = gain * noise.standard_normal(size + order)
        for n in range(order, size + order):
            excited[n] += prediction @ excited[n - order : n][::-1]
        out[at : at + size] += excited[order:] * window
    return out[: len(speech)]


def muffled(speech: Sound, corner: float) -> Sound:
    """Treble taken off: a first-order low-pass."""
    spectrum = np.fft.rfft(speech)
    frequencies = np.fft.rfftfreq(len(speech), 1 / RATE)
    return np.fft.irfft(spectrum / np.sqrt(1 + (frequencies / corner) ** 2), len(speech))


def level(speech: Sound) -> float:
    """Root mean square of the louder parts of speech, of full scale."""
    power = np.mean(speech[: len(speech) // 400 * 400].reshape(-1, 400) ** 2, axis=1)
    return float(np.sqrt(np.mean(power[power > power.max() / 1000])))
