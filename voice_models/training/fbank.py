"""Log mel energies exactly as Kaldi computes them (dither 0, snip edges), with its vocal-tract warp as an extra."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
SHIFT = 160
"""Samples from one frame to the next (10 ms)."""
LENGTH = 400
"""Samples in a frame (25 ms)."""
FFT = 512
BINS = 40
LOWEST_HZ = 20.0
HIGHEST_HZ = RATE / 2 - 400.0
PREEMPHASIS = 0.97
FLOOR = float(np.finfo(np.float32).eps)
"""Kaldi takes no logarithm of less."""

CONFIG = (
    f"--sample-frequency={RATE}\n--num-mel-bins={BINS}\n--low-freq=20\n--high-freq=-400\n"
    "--dither=0\n--use-energy=false\n"
)
"""The same settings as Kaldi's `fbank.conf`."""

WARP_LOW_HZ = 100.0
WARP_HIGH_HZ = HIGHEST_HZ - 500.0
"""The warp is linear between (about) these and bends back outside, so that the band's ends stay (Kaldi's defaults)."""


def _mel(hertz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return np.asarray(1127.0 * np.log1p(np.asarray(hertz) / 700.0))


def _hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(700.0 * np.expm1(mel / 1127.0))


def _warped(mel: NDArray[np.float64], warp: float) -> NDArray[np.float64]:
    """Kaldi's VTLN: frequencies divided by `warp`, in three straight pieces (`MelBanks::VtlnWarpMelFreq`)."""
    low = WARP_LOW_HZ * max(1.0, warp)
    high = WARP_HIGH_HZ * min(1.0, warp)
    scale = 1.0 / warp
    knots = np.array([LOWEST_HZ, low, high, HIGHEST_HZ])
    values = np.array([LOWEST_HZ, low * scale, high * scale, HIGHEST_HZ])
    hertz = _hertz(mel)
    inside = np.interp(hertz, knots, values)
    return _mel(np.where((hertz < LOWEST_HZ) | (hertz > HIGHEST_HZ), hertz, inside))


@lru_cache(maxsize=64)
def mel_weights(warp: float = 1.0) -> NDArray[np.float32]:
    """Triangular mel filters, (FFT bins without the Nyquist, BINS)."""
    low, high = float(_mel(LOWEST_HZ)), float(_mel(HIGHEST_HZ))
    step = (high - low) / (BINS + 1)
    centres = low + step * np.arange(BINS + 2, dtype=np.float64)
    edges = centres if warp == 1.0 else _warped(centres, warp)
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    mel = _mel(RATE / FFT * np.arange(FFT // 2, dtype=np.float64))[:, None]
    rising = (mel - left) / (centre - left)
    falling = (right - mel) / (right - centre)
    return np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)


@lru_cache(maxsize=1)
def _window() -> NDArray[np.float32]:
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(LENGTH) / (LENGTH - 1))
    return (hann**0.85).astype(np.float32)  # Kaldi's 'povey' window


def fbank(samples: NDArray[np.float32], warp: float = 1.0) -> NDArray[np.float32]:
    """Log mel energies, (frames, BINS).

    Args:
        samples: 16 kHz mono in the range of 16-bit integers (as Kaldi reads WAV files).
        warp: vocal-tract warp; above 1 moves formants up, as a shorter vocal tract does.
    """
    frames = 1 + (len(samples) - LENGTH) // SHIFT
    if frames < 1:
        return np.zeros((0, BINS), np.float32)
    view = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float32, copy=False), LENGTH)[::SHIFT][:frames]
    framed = view - view.mean(axis=1, keepdims=True)
    emphasised = framed.copy()
    emphasised[:, 1:] -= PREEMPHASIS * framed[:, :-1]
    emphasised[:, 0] -= PREEMPHASIS * framed[:, 0]
    spectrum = np.fft.rfft(emphasised * _window(), FFT, axis=1)[:, : FFT // 2]
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    return np.asarray(np.log(np.maximum(power @ mel_weights(round(warp, 2)), FLOOR)), np.float32)
