"""How loud a frame is, and whether somebody is talking: an adaptive noise floor and a margin above it. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

QUIETEST = -96.0
"""Decibels below full scale: the level of digital silence, about one step of 16 bits."""


def decibels(samples: NDArray[np.int16]) -> float:
    """Root mean square below full scale, in decibels; never under ``QUIETEST``."""
    if not len(samples):
        return QUIETEST
    block = samples.astype(np.float32)
    power = float(np.dot(block, block)) / len(block) / 32768**2
    return max(QUIETEST, 10 * float(np.log10(power + 1e-12)))


@dataclass
class LevelMeter:
    """Follows the noise floor of a room and tells speech-like loudness from it.

    The floor falls fast (a room that becomes quiet is known within a second) and rises slowly (a sentence does not
    raise it, a fan that is switched on does within half a minute): minimum statistics with one exponential.
    """

    margin: float = 6.0
    """Decibels above the floor from which a frame counts as loud: low, so that a whisper across the room counts."""
    lowest_floor: float = -72.0
    """Decibels below full scale: under this, what changes is the last bits of a converter."""
    fall: float = 0.25
    """Share of the distance that the floor falls in one frame."""
    rise: float = 0.08
    """Decibels that the floor rises in one frame of 40 ms at most (2 dB a second)."""
    floor: float = -50.0
    """The noise floor, in decibels below full scale."""
    level: float = QUIETEST
    """The last frame, in decibels below full scale."""

    def hear(self, frame: NDArray[np.int16]) -> bool:
        """Take a frame of 40 ms; whether it is loud."""
        self.level = decibels(frame)
        if self.level < self.floor:
            self.floor += self.fall * (self.level - self.floor)
        else:
            self.floor += min(self.rise, self.level - self.floor)
        self.floor = max(self.floor, self.lowest_floor)
        return self.loud

    @property
    def loud(self) -> bool:
        """Whether the last frame is well above the floor."""
        return self.level > self.floor + self.margin


_LAGS = 10
"""Frames by which an echo may be late: 400 ms."""
_FEWEST_FRAMES = 12
_ALIKE = 0.72
"""Correlation from which two envelopes are one sound. Two people who talk at once stay under 0.5; an echo that is not
yet taken out is above 0.8."""


@dataclass
class Likeness:
    """Whether what is heard follows what is played, by the loudness of both over the last seconds.

    A second opinion for the moments in which echo cancellation has not learnt the room yet: an echo has the envelope of
    what is played, a person who talks into it has not.
    """

    heard: deque[float] = field(default_factory=lambda: deque(maxlen=75))
    """Decibels below full scale, a value a frame."""
    played: deque[float] = field(default_factory=lambda: deque(maxlen=75))

    def add(self, heard: float, played: NDArray[np.int16]) -> None:
        """Take a frame's level and what was played in it."""
        self.heard.append(max(heard, -65.0))
        self.played.append(max(decibels(played), -65.0))

    def alike(self, frames: int) -> bool:
        """Whether the last ``frames`` frames that were heard are what was played."""
        frames = min(frames, len(self.heard) - _LAGS)
        if frames < _FEWEST_FRAMES:
            return False
        heard = np.array(self.heard)[-frames:]
        played = np.array(self.played)
        for lag in range(_LAGS + 1):
            other = played[len(played) - frames - lag : len(played) - lag]
            if heard.std() < 1 or other.std() < 1:
                continue
            if float(np.corrcoef(heard, other)[0, 1]) > _ALIKE:
                return True
        return False
