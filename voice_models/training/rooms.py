"""Bedrooms, kitchens and corridors: simulated room impulse responses, and telephone-like channels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE = 16_000


def simulate(rng: np.random.Generator) -> NDArray[np.float32] | None:
    """An impulse response from a mouth to a microphone in a random room, or None for an impossible room.

    Rooms of 2–8 m, reverberation (T60) of 0.12–0.7 s, 0.2–4 m from mouth to microphone (image sources, order 12,
    then noise that decays at the room's own rate for the late part). Starts with the direct sound, whose peak is 1.
    """
    import pyroomacoustics

    size = rng.uniform((2.0, 2.0, 2.2), (8.0, 6.0, 3.2))
    t60 = float(np.exp(rng.uniform(np.log(0.12), np.log(0.7))))
    try:
        absorption, _ = pyroomacoustics.inverse_sabine(t60, size)
    except ValueError:
        return None  # so large a room cannot be so dry
    room = pyroomacoustics.ShoeBox(size, fs=RATE, materials=pyroomacoustics.Material(absorption), max_order=12)
    mouth = rng.uniform((0.3, 0.3, 0.4), (size[0] - 0.3, size[1] - 0.3, min(1.8, size[2] - 0.3)))
    direction = rng.normal(size=3) * (1, 1, 0.4)
    distance = float(np.exp(rng.uniform(np.log(0.2), np.log(4.0))))
    microphone = np.clip(mouth + distance * direction / np.linalg.norm(direction), 0.1, size - 0.1)
    if np.linalg.norm(microphone - mouth) < 0.1:
        return None
    room.add_source(mouth)
    room.add_microphone(microphone)
    room.compute_rir()
    return _with_tail(np.asarray(room.rir[0][0]), t60, rng)


def _with_tail(early: NDArray[np.float64], t60: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """The response from its direct sound on; beyond the image sources' reach, noise that goes on decaying."""
    start = int(np.argmax(np.abs(early)))
    early = early[start:] / early[start]
    total = int(t60 * RATE)
    if total > len(early):
        reach = max(160, int(len(early) * 0.6))
        level = np.sqrt(np.mean(early[reach - 160 : reach] ** 2))
        late = rng.normal(size=total - reach) * level * 10 ** (-3 * np.arange(total - reach) / (t60 * RATE))
        early = np.concatenate([early[:reach], late])
    return early.astype(np.float32)


def reverberate(samples: NDArray[np.float32], response: NDArray[np.float32]) -> NDArray[np.float32]:
    """Speech as the room's microphone hears it; as long as before, and no later (the direct sound stays put)."""
    from scipy.signal import fftconvolve

    return np.asarray(fftconvolve(samples, response)[: len(samples)], dtype=np.float32)


def narrow(samples: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """A poor channel: band-limited, now and then with the quantisation of a telephone (µ-law)."""
    from scipy.signal import butter, sosfilt

    high = float(rng.choice([3400.0, 4000.0, 5500.0, 7000.0]))
    low = float(rng.uniform(40, 300))
    out = sosfilt(butter(4, (low, high), "bandpass", fs=RATE, output="sos"), samples)
    if high < 3800 and rng.random() < 0.5:
        peak = np.abs(out).max() + 1e-9
        compressed = np.sign(out) * np.log1p(255 * np.abs(out) / peak) / np.log(256)
        out = np.sign(compressed) * np.expm1(np.abs(np.round(compressed * 127) / 127) * np.log(256)) / 255 * peak
    return np.asarray(out, dtype=np.float32)
