"""How loud speech is, and making it as loud as asked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NOMINAL_LEVEL = -23.0
"""Active speech level at volume 0 dB, in decibels below full scale: leaves 4 dB for 'x-loud' and room for peaks."""
SILENT_LEVEL = -120.0
"""Level given for digital silence, in decibels below full scale."""

_FRAME_SECONDS = 0.02
_GATE = 20.0
"""Decibels under the loudest frames at which a frame no longer counts as speech."""


def active_level(samples: NDArray[np.int16], rate: int) -> float:
    """Root mean square of the frames that hold speech, in decibels below full scale (after the idea of ITU-T P.56)."""
    power = _frame_power(samples, rate)
    if not len(power) or power.max() <= 0:
        return SILENT_LEVEL
    active = power[power > np.quantile(power, 0.95) * 10 ** (-_GATE / 10)]
    return float(10 * np.log10(active.mean() + 1e-12))


def trimmed(samples: NDArray[np.int16], rate: int, floor: float = -60.0, keep: float = 0.01) -> NDArray[np.int16]:
    """Without the silence at both ends.

    Args:
        samples: shape (n,).
        rate: hertz.
        floor: decibels below full scale; what is quieter is silence.
        keep: seconds left at both ends.
    """
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 32768 * 10 ** (floor / 20))
    if not len(loud):
        return samples[:0]
    margin = int(keep * rate)
    return samples[max(0, loud[0] - margin) : loud[-1] + 1 + margin]


def amplified(samples: NDArray[np.int16], decibels: float) -> NDArray[np.int16]:
    """Louder or quieter; peaks above three quarters of full scale are bent, not cut."""
    if decibels == float("-inf"):
        return np.zeros_like(samples)
    loud = samples.astype(np.float32) * np.float32(10 ** (decibels / 20) / 32768)
    return (bent(loud) * 32767).astype(np.int16)


def bent(samples: NDArray[np.float32], knee: float = 0.75) -> NDArray[np.float32]:
    """A soft limiter: unchanged below the knee, never above full scale (1.0)."""
    size = np.abs(samples)
    if not size.size or size.max() <= knee:
        return samples
    room = 1 - knee
    over = knee + room * np.tanh((size - knee) / room)
    return np.where(size > knee, np.sign(samples) * over, samples).astype(np.float32)


def _frame_power(samples: NDArray[np.int16], rate: int) -> NDArray[np.float64]:
    frame = max(1, int(_FRAME_SECONDS * rate))
    whole = len(samples) // frame * frame
    framed = samples[:whole].reshape(-1, frame) if whole else samples.reshape(1, -1)
    power: NDArray[np.float64] = np.square(framed.astype(np.float64) / 32768).mean(axis=1)
    return power[np.isfinite(power)]
