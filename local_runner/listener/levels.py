"""How loud a frame is, and whether somebody is talking: an adaptive noise floor and a margin above it."""

from __future__ import annotations

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
