"""Loudness: brings a recording to the level that voice models are trained on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from local_runner.sound import Sound

TARGET = 0.1
"""Level of speech after normalisation, of full scale (-20 dBFS)."""
MAX_GAIN = 30.0
"""Largest amplification, as a factor: what is quieter still is noise."""
_FULL = 32768.0


def speech_level(sound: Sound) -> float:
    """Level of the speech in a recording, of full scale: root mean square of its louder frames; 0 for no samples.

    The 95th percentile over frames of 25 ms follows the vowels, not the pauses between them, nor a single click.
    """
    frame = max(1, sound.rate // 40)
    step = frame * 2400  # a minute at a time, so that hours need little memory
    levels = []
    for at in range(0, len(sound.samples), step):
        part = sound.samples[at : at + step]
        part = part[: len(part) // frame * frame].reshape(-1, frame).astype(np.float32)
        levels.append(np.sqrt(np.mean(part * part, axis=1)))
    frames = np.concatenate(levels) if levels else np.zeros(0)
    return float(np.percentile(frames, 95)) / _FULL if len(frames) else 0.0


def gain_for(level: float) -> float:
    """The factor that brings speech of that level to the target."""
    return 1.0 if level <= 0 else min(TARGET / level, MAX_GAIN)


def amplified(samples: NDArray[np.int16], gain: float) -> NDArray[np.int16]:
    """Samples times a factor, clipped."""
    if gain == 1.0:
        return samples
    louder: NDArray[np.int16] = np.clip(np.rint(samples * np.float32(gain)), -_FULL, _FULL - 1).astype(np.int16)
    return louder
