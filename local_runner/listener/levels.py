"""How loud a frame is, and whether somebody is talking: an adaptive noise floor and a margin above it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

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
