"""Noises of a home at night, made from nothing: fan, rain, hum, water, dishes, babble, snoring, television, traffic."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, lfilter, sosfilt

RATE = 16_000
Samples = NDArray[np.float64]


def _time(n: int) -> Samples:
    return np.arange(n) / RATE


def coloured(n: int, rng: np.random.Generator, exponent: float | None = None) -> Samples:
    """Noise whose power falls with frequency to the given exponent: 0 white, 1 pink, 2 brown."""
    exponent = float(rng.uniform(0, 2.2)) if exponent is None else exponent
    spectrum = np.fft.rfft(rng.normal(size=n))
    return np.asarray(np.fft.irfft(spectrum / (1 + np.arange(len(spectrum))) ** (exponent / 2), n))


def _band(x: Samples, low: float, high: float) -> Samples:
    return np.asarray(sosfilt(butter(2, (low, min(high, 7900.0)), "bandpass", fs=RATE, output="sos"), x))


def _swell(n: int, rng: np.random.Generator, hertz: float, depth: float) -> Samples:
    """A slow random loudness between 1 - depth and 1 + depth."""
    points = rng.uniform(-1, 1, size=max(2, int(n / RATE * hertz) + 2))
    return 1 + depth * np.interp(np.arange(n), np.linspace(0, n, len(points)), points)


def fan(n: int, rng: np.random.Generator) -> Samples:
    """Air through blades: coloured noise that beats at the blades' rate, and the motor's tones."""
    blades = rng.uniform(10, 90)
    t = _time(n)
    tones = sum(rng.uniform(0, 1) / k * np.sin(2 * np.pi * blades * k * t + rng.uniform(0, 6)) for k in range(1, 9))
    air = coloured(n, rng, rng.uniform(0.6, 1.8))
    beating = 1 + rng.uniform(0, 0.4) * np.sin(2 * np.pi * blades * t)
    return np.asarray(air / air.std() * beating + rng.uniform(0, 0.8) * tones)


def hum(n: int, rng: np.random.Generator) -> Samples:
    """Mains and compressors: harmonics of 50 or 60 Hz over a little hiss."""
    base = float(rng.choice([50.0, 60.0])) * rng.uniform(0.98, 1.02)
    t = _time(n)
    tones = sum(rng.uniform(0, 1) / k**0.7 * np.sin(2 * np.pi * base * k * t + rng.uniform(0, 6)) for k in range(1, 20))
    return np.asarray(tones * _swell(n, rng, 0.3, 0.3) + rng.uniform(0.05, 0.6) * rng.normal(size=n))


def clicks(n: int, rng: np.random.Generator, rate: float, decay_s: tuple[float, float], modes: int) -> Samples:
    """Random impacts, each a few decaying resonances: drops, dishes, cutlery, keys, ticking."""
    out = np.zeros(n)
    for start in np.sort(rng.integers(0, n, size=rng.poisson(rate * n / RATE))):
        decay = rng.uniform(*decay_s)
        length = min(n - start, int(decay * 7 * RATE))
        t = _time(length)
        ring = sum(
            rng.normal() * np.sin(2 * np.pi * f * t) * np.exp(-t / (decay * rng.uniform(0.3, 1)))
            for f in np.exp(rng.uniform(np.log(300), np.log(7500), size=modes))
        )
        knock = 0.5 * rng.normal(size=length) * np.exp(-t / 0.004)
        out[start : start + length] += np.exp(rng.normal(0, 1)) * (ring + knock)
    return out


def rain(n: int, rng: np.random.Generator) -> Samples:
    """Hiss and many short drops."""
    hiss = _band(rng.normal(size=n), 400, 7500) * _swell(n, rng, 0.4, 0.4)
    drops = clicks(n, rng, rng.uniform(20, 60), (0.001, 0.006), 1)
    return np.asarray(hiss / hiss.std() + rng.uniform(0.2, 2) * drops / (drops.std() + 1e-9))


def water(n: int, rng: np.random.Generator) -> Samples:
    """A tap or a kettle: broad noise with bubbling."""
    low = rng.uniform(200, 900)
    base = _band(rng.normal(size=n), low, rng.uniform(2500, 7800))
    return base * _swell(n, rng, rng.uniform(2, 15), rng.uniform(0.1, 0.7)) * _swell(n, rng, 0.3, 0.5)


def dishes(n: int, rng: np.random.Generator) -> Samples:
    """Somebody busy in a kitchen: clatter over a refrigerator and a running tap."""
    clatter = clicks(n, rng, rng.uniform(0.7, 5), (0.01, 0.15), 5)
    bed = coloured(n, rng, 1.3)
    out: Samples = clatter / (clatter.std() + 1e-9) + rng.uniform(0.1, 0.7) * bed / bed.std()
    if rng.random() < 0.5:
        tap = water(n, rng)
        out = out + rng.uniform(0.2, 1.0) * tap / tap.std()
    return out


def rustle(n: int, rng: np.random.Generator) -> Samples:
    """Bedclothes and footsteps: short bursts of soft noise."""
    gate = np.clip(_swell(n, rng, rng.uniform(3, 12), 1.0) - 1.2, 0, None)
    return _band(rng.normal(size=n), 100, rng.uniform(2000, 7000)) * gate + 0.03 * coloured(n, rng, 1)


def snore(n: int, rng: np.random.Generator) -> Samples:
    """Breath in with flutter at 20–90 Hz through a throat's resonances, then a softer breath out."""
    t = _time(n)
    period = rng.uniform(2.8, 5.5)
    phase = (t / period + rng.uniform()) % 1
    flutter = 0.5 + 0.5 * np.sign(np.sin(2 * np.pi * np.cumsum(rng.uniform(20, 90) * _swell(n, rng, 1, 0.15)) / RATE))
    throat = sum(_band(rng.normal(size=n), f * 0.8, f * 1.25) for f in rng.uniform((150, 450, 1100), (400, 1000, 2500)))
    breath = _band(rng.normal(size=n), 300, 5000)
    loud = np.exp(-(((phase - 0.25) / 0.11) ** 2))
    soft = np.exp(-(((phase - 0.7) / 0.12) ** 2))
    rasp = throat * flutter * loud
    return np.asarray(rasp + rng.uniform(0.05, 0.4) * breath * (loud + soft) + 0.01 * rng.normal(size=n))


def traffic(n: int, rng: np.random.Generator) -> Samples:
    """Cars that come and go: low noise that swells."""
    return _band(rng.normal(size=n), 40, rng.uniform(500, 2500)) * np.clip(_swell(n, rng, 0.25, 1.0), 0.05, None)


def music(n: int, rng: np.random.Generator) -> Samples:
    """Chords with a beat: harmonic tones in steps of the scale."""
    out = np.zeros(n)
    step = int(RATE * rng.uniform(0.18, 0.6))
    for start in range(0, n, step):
        length = min(2 * step, n - start)
        t = _time(length)
        for _ in range(rng.integers(1, 4)):
            pitch = 110 * 2 ** (rng.integers(0, 36) / 12)
            tone = sum(np.sin(2 * np.pi * pitch * k * t) / k ** rng.uniform(0.8, 1.8) for k in range(1, 8))
            out[start : start + length] += tone * np.exp(-t / rng.uniform(0.1, 0.8))
        if rng.random() < 0.6:
            out[start : start + length] += rng.normal(size=length) * np.exp(-t / 0.03) * rng.uniform(0.5, 3)
    return out


def babble(n: int, rng: np.random.Generator, read: Callable[[], Samples], talkers: int) -> Samples:
    """Several people talking at once. `read` gives a random reading."""
    out = np.zeros(n)
    for _ in range(talkers):
        position = int(rng.integers(0, RATE))
        loudness = np.exp(rng.normal(0, 0.5))
        while position < n:
            voice = read()
            length = min(len(voice), n - position)
            out[position : position + length] += loudness * voice[:length] / (voice.std() + 1e-6)
            position += length + int(rng.integers(0, RATE))
    return out + 1e-3 * rng.normal(size=n)


def television(n: int, rng: np.random.Generator, read: Callable[[], Samples]) -> Samples:
    """One or two voices over music, through a small loudspeaker in the next room."""
    talk = babble(n, rng, read, int(rng.integers(1, 3)))
    tune = music(n, rng)
    mixed = talk / talk.std() + rng.uniform(0.05, 1.0) * tune / tune.std()
    muffled = _band(mixed, rng.uniform(80, 250), rng.uniform(1800, 7000))
    tail = rng.normal(size=int(0.25 * RATE)) * np.exp(-_time(int(0.25 * RATE)) / 0.06)
    return muffled + rng.uniform(0, 0.12) * np.asarray(fftconvolve(muffled, tail)[:n])


PLAIN: tuple[Callable[[int, np.random.Generator], Samples], ...] = (
    coloured, fan, fan, hum, rain, water, dishes, dishes, dishes, rustle, snore, traffic, music,
)  # fmt: skip


def make(rng: np.random.Generator, seconds: float, read: Callable[[], Samples]) -> NDArray[np.float32]:
    """A random noise of the given length, rms 1; half of them are two kinds at once.

    Args:
        rng: where chance comes from.
        seconds: its length.
        read: gives a random reading, for babble and television.
    """
    n = int(seconds * RATE)
    out = np.zeros(n)
    for _ in range(int(rng.integers(1, 3))):
        kind = rng.random()
        if kind < 0.2:
            one = babble(n, rng, read, int(rng.integers(2, 14)))
        elif kind < 0.3:
            one = television(n, rng, read)
        else:
            one = PLAIN[int(rng.integers(len(PLAIN)))](n, rng)
        out += np.exp(rng.normal(0, 0.7)) * one / (one.std() + 1e-9)
    tilt = rng.uniform(-0.5, 0.9)  # another microphone, another wall
    out = np.asarray(lfilter([1.0], [1.0, -tilt], out)) if tilt > 0 else np.asarray(lfilter([1.0, tilt], [1.0], out))
    return np.asarray(out / (out.std() + 1e-9), np.float32)


def reader(paths: Sequence[str], rng: np.random.Generator) -> Callable[[], Samples]:
    """A function that gives the samples of a random reading out of `paths`."""
    import soundfile

    def read() -> Samples:
        samples, _ = soundfile.read(paths[int(rng.integers(len(paths)))])
        return np.asarray(samples, dtype=np.float64)

    return read
