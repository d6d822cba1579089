"""One reading, many occasions: other speeds, throats, rooms and channels first; noise, loudness and tone later.

What is costly (resampling, rooms) is done once for each copy and kept. What is cheap is drawn afresh whenever a copy is
used: noise is added in the domain of mel energies, where a mixture's power is the sum of powers and a cross term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from voice_models.training import rooms
from voice_models.training.fbank import BINS, RATE, fbank, mel_weights
from voice_models.training.phones import UNITS

SUBSAMPLING = 3
"""The network decides once in three frames (30 ms)."""

REFERENCE_RMS = 3000.0
"""Loudness of speech in kept copies, in 16-bit units (about -21 dBFS)."""

BACKGROUND = 0.88
"""Share of occasions with a faint background; the others, with nothing behind them, keep very clean sound familiar."""

Features = NDArray[np.float32]
Phones = Sequence[tuple[str, int, int]]


@dataclass(frozen=True)
class Copy:
    """Features of one reading on one occasion, without noise, and what is said in it."""

    features: Features
    """Log mel energies, (frames, BINS), 100 a second."""
    pdfs: NDArray[np.int16]
    """The output that is right at every third frame."""
    units: NDArray[np.int16]
    """The units in order, as the network can tell them apart."""


def labels(phones: Phones, frames: int) -> tuple[NDArray[np.int16], NDArray[np.int32]]:
    """Unit and running number of the phone at every 10 ms frame; silence has the number -1."""
    unit = np.zeros(frames, np.int16)
    number = np.full(frames, -1, np.int32)
    for index, (phone, start, length) in enumerate(phones):
        if phone in UNITS[1:]:
            unit[start : start + length] = UNITS.index(phone)
            number[start : start + length] = index
    return unit, number


def subsample(unit: NDArray[np.int16], number: NDArray[np.int32], frames: NDArray[np.int64]) -> tuple[
    NDArray[np.int16], NDArray[np.int16]
]:  # fmt: skip
    """Outputs at the chosen 10 ms frames, and the sequence of units that is left of the utterance there."""
    at, which = unit[frames], number[frames]
    first = np.ones(len(frames), bool)
    first[1:] = (at[1:] != at[:-1]) | (which[1:] != which[:-1])
    return (2 * at + ~first).astype(np.int16), at[first].astype(np.int16)


def make_copy(
    samples: NDArray[np.float32], phones: Phones, responses: Sequence[NDArray[np.float32]], rng: np.random.Generator
) -> Copy:
    """A reading with random pauses around it, at a random speed, by another throat, in a room, through a channel.

    Args:
        samples: the reading, 16 kHz, -1..1.
        phones: (phone, first frame, frames), 10 ms frames.
        responses: room impulse responses to choose from.
        rng: where chance comes from.
    """
    before, after = (int(pause) for pause in rng.integers((5, 10), (90, 110)))
    unit, number = labels(phones, len(samples) // 160 + 1)
    unit, number = np.pad(unit, (before, after)), np.pad(number, (before, after), constant_values=-1)
    sound = np.pad(samples, (before * 160, after * 160))
    speed = float(np.exp(rng.uniform(np.log(0.82), np.log(1.22))))
    sound = soxr.resample(sound, RATE * speed, RATE, quality="MQ").astype(np.float32)
    if rng.random() < 0.6 and responses:
        sound = rooms.reverberate(sound, responses[int(rng.integers(len(responses)))])
    if rng.random() < 0.12:
        sound = rooms.narrow(sound, rng)
    loud = np.abs(sound) > 0.1 * np.abs(sound).max()
    sound *= REFERENCE_RMS / (np.sqrt(np.mean(sound[loud] ** 2)) + 1e-9)
    features = fbank(sound, warp=float(rng.choice(np.arange(0.88, 1.13, 0.02))))
    every = np.arange(0, len(features), SUBSAMPLING)
    source = np.minimum(np.rint(every * speed).astype(np.int64), len(unit) - 1)
    pdfs, units = subsample(unit, number, source)
    return Copy(features, pdfs, units)


def _cross_spread() -> NDArray[np.float32]:
    """How much of 2·√(speech·noise) the cross term takes in each mel bin, as a standard deviation.

    The phases of speech and noise are independent, so that a bin of `m` FFT bins has cos θ averaged over m: 1/√(2m).
    """
    weights = mel_weights()
    effective = weights.sum(0) ** 2 / (weights**2).sum(0)
    return np.asarray(1 / np.sqrt(2 * effective), np.float32)


_CROSS = _cross_spread()
_SHAPES = np.cos(np.pi * np.outer(np.arange(1, 5), np.arange(BINS) / BINS)).astype(np.float32)
_SHIFTED = np.sin(np.pi * np.outer(np.arange(1, 5), np.arange(BINS) / BINS)).astype(np.float32)
_SCALES = (0.6 / np.sqrt(np.arange(1, 5))).astype(np.float32)


def tone(rng: np.random.Generator) -> Features:
    """A smooth random frequency response in log energy, as microphones and walls have."""
    a, b = rng.normal(size=(2, 4)).astype(np.float32) * _SCALES
    return np.asarray(a @ _SHAPES + b @ _SHIFTED)


def power(features: Features) -> float:
    """Mean mel power of the frames given."""
    return float(np.exp(features).sum(1).mean())


class Mixer:
    """Puts a fresh occasion around kept features: noise, loudness, tone, and masks (SpecAugment)."""

    def __init__(self, noises: Sequence[Features]) -> None:
        """`noises`: log mel energies of noises, each longer than any reading or repeated."""
        self.noises = [noise.astype(np.float32) for noise in noises]
        self.powers = [power(noise) for noise in self.noises]

    def noise(self, frames: int, rng: np.random.Generator) -> tuple[Features, float]:
        """A random stretch of a random noise and the noise's mean power."""
        which = int(rng.integers(len(self.noises)))
        noise = self.noises[which]
        start = int(rng.integers(len(noise)))
        return np.take(noise, np.arange(start, start + frames), axis=0, mode="wrap"), self.powers[which]

    def add(self, features: Features, speech: float, snr_db: float, rng: np.random.Generator) -> Features:
        """Features of the mixture at a signal-to-noise ratio; `speech` is the mean mel power of its speech."""
        noise, mean = self.noise(len(features), rng)
        noise = noise + np.float32(np.log(speech / mean) - snr_db * np.log(10) / 10)
        top = np.maximum(features, noise)
        low = np.exp(-np.abs(features - noise))
        cross = 2 * np.sqrt(low) * _CROSS * rng.standard_normal(features.shape, np.float32)
        return np.asarray(top + np.log(np.maximum(1 + low + cross, 0.05)))

    def occasion(self, copy: Copy, rng: np.random.Generator) -> Features:
        """The copy as it might be recorded: nearly clean one time in six, else at -3 to 30 dB."""
        speaking = np.repeat(copy.pdfs >= 2, SUBSAMPLING)[: len(copy.features)]
        features = copy.features.astype(np.float32)
        spoken = features[speaking]
        speech = power(spoken if len(spoken) else features)
        out = features + tone(rng)
        if rng.random() < BACKGROUND:
            out = self.add(out, speech, float(rng.uniform(32, 60)), rng)
        if rng.random() < 0.84:
            out = self.add(out, speech, float(rng.uniform(-3, 30)), rng)
        gain_db = float(rng.uniform(-24, 12))
        return np.asarray(out + np.float32(gain_db * np.log(10) / 10) + 0.5 * tone(rng))


def mask(features: Features, rng: np.random.Generator) -> None:
    """SpecAugment in place, on normalised features: two bands and two stretches of time set to the mean."""
    for _ in range(2):
        width = int(rng.integers(0, 7))
        start = int(rng.integers(0, BINS + 1 - width))
        features[:, start : start + width] = 0
        length = int(rng.integers(0, 12))
        start = int(rng.integers(0, max(1, len(features) - length)))
        features[start : start + length] = 0
