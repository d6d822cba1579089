"""The sounds of a bedroom at night, made from noise and synthetic voices; nothing is recorded or taken."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
Sound = NDArray[np.float64]


def shaped(rng: np.random.Generator, seconds: float, shape: Callable[[Sound], Sound]) -> Sound:
    """Noise with a spectrum: ``shape`` gives the amplitude at each frequency in hertz. Level 1."""
    size = int(seconds * RATE)
    spectrum = np.fft.rfft(rng.standard_normal(size))
    frequencies = np.fft.rfftfreq(size, 1 / RATE)
    sound = np.fft.irfft(spectrum * shape(np.maximum(frequencies, 1.0)), size)
    return sound / np.sqrt(np.mean(sound**2))


def fan(rng: np.random.Generator, seconds: float) -> Sound:
    """Air: pink noise, a hum of the motor, a slow beat of the blades."""
    t = np.arange(int(seconds * RATE)) / RATE
    air = shaped(rng, seconds, lambda f: f**-0.5 * (f < 4000))
    hum = sum(np.sin(2 * np.pi * 100 * k * t + rng.uniform(0, 6)) / k for k in (1, 2, 3))
    return air * (1 + 0.15 * np.sin(2 * np.pi * 1.7 * t)) + 0.3 * hum


def rain(rng: np.random.Generator, seconds: float) -> Sound:
    """A hiss, and a few hundred drops a second on the sill."""
    hiss = shaped(rng, seconds, lambda f: (f / 2000) ** 0.5 / (1 + (f / 3500) ** 3))
    drops = np.zeros(len(hiss))
    for start in rng.integers(0, len(hiss) - 400, int(60 * seconds)):
        length = int(rng.integers(60, 400))
        ring = np.exp(-np.arange(length) / (length / 5)) * np.sin(
            2 * np.pi * rng.uniform(900, 4500) * np.arange(length) / RATE
        )
        drops[start : start + length] += rng.exponential(1.2) * ring
    return hiss + drops


def clock(rng: np.random.Generator, seconds: float) -> Sound:
    """A mantel clock: tick and tock, twice a second."""
    sound = 0.01 * shaped(rng, seconds, lambda f: f**-0.5)
    for number in range(int(seconds * 2)):
        start = int((number / 2 + rng.normal(0, 0.0005)) * RATE) + 800
        length = 700
        pitch = 2400 if number % 2 else 1900
        t = np.arange(length) / RATE
        click = np.exp(-t * 260) * (np.sin(2 * np.pi * pitch * t) + 0.6 * rng.standard_normal(length))
        end = min(start + length, len(sound))
        sound[start:end] += 3 * click[: end - start]
    return sound


def snore(rng: np.random.Generator, seconds: float) -> Sound:
    """Something like snoring: a rough buzz of the palate on each breath in, a sigh on each breath out."""
    sound = 0.02 * shaped(rng, seconds, lambda f: f**-0.5)
    breath = 3.6
    for number in range(int(seconds / breath) + 1):
        begin = int(number * breath * RATE) + int(rng.uniform(0, 0.2) * RATE)
        for offset, length, voiced in ((0.2, 1.4, True), (1.9, 1.2, False)):
            start, size = begin + int(offset * RATE), int(length * RATE)
            if start >= len(sound):
                continue
            t = np.arange(size) / RATE
            swell = np.sin(np.pi * t / length) ** 1.5
            air = shaped(rng, length, lambda f: 1 / (1 + (f / 900) ** 2))[:size]
            if voiced:
                rate = rng.uniform(28, 42) * (1 + 0.1 * np.sin(2 * np.pi * 0.7 * t))
                pulses = np.maximum(0, np.sin(2 * np.pi * np.cumsum(rate) / RATE)) ** 6
                air = air * (0.15 + 2.5 * pulses)
            end = min(start + size, len(sound))
            sound[start:end] += (1.0 if voiced else 0.25) * (air * swell)[: end - start]
    return sound


def hum(rng: np.random.Generator, seconds: float) -> Sound:
    """A refrigerator behind the wall."""
    t = np.arange(int(seconds * RATE)) / RATE
    tones = sum(np.sin(2 * np.pi * 50 * k * t + rng.uniform(0, 6)) / k**1.3 for k in (1, 2, 3, 4, 6, 9))
    return tones + 0.2 * shaped(rng, seconds, lambda f: f**-0.7)


def street(rng: np.random.Generator, seconds: float) -> Sound:
    """A car or two, behind a closed window."""
    far = shaped(rng, seconds, lambda f: 1 / (1 + (f / 180) ** 2))
    t = np.arange(len(far)) / RATE
    passing = sum(np.exp(-(((t - at) / 1.4) ** 2)) for at in rng.uniform(0, seconds, max(1, int(seconds / 7))))
    return far * (0.2 + 2 * passing)


def bedclothes(rng: np.random.Generator, seconds: float) -> Sound:
    """Somebody turning over: bursts of soft rustling."""
    rustle = shaped(rng, seconds, lambda f: 1 / (1 + (f / 2500) ** 2))
    envelope = np.full(len(rustle), 0.02)
    for at in rng.uniform(0, seconds, int(seconds * 1.5)):
        start, size = int(at * RATE), int(rng.uniform(0.1, 0.7) * RATE)
        end = min(start + size, len(rustle))
        envelope[start:end] += rng.exponential(0.7) * np.hanning(size)[: end - start]
    return rustle * envelope


def babble(voices: list[Sound], rng: np.random.Generator, seconds: float, at_once: int) -> Sound:
    """Voices one after another, ``at_once`` at a time; dulled as through a wall when there are many."""
    size = int(seconds * RATE)
    sound = np.zeros(size)
    for _ in range(at_once):
        at = int(rng.integers(0, RATE))
        while at < size:
            voice = voices[int(rng.integers(len(voices)))]
            end = min(at + len(voice), size)
            sound[at:end] += voice[: end - at] / max(1e-9, float(np.abs(voice).max()))
            at = end + int(rng.uniform(0.05, 0.5) * RATE)
    return sound


SOUNDS: dict[str, Callable[[np.random.Generator, float], Sound]] = {
    "fan": fan,
    "rain": rain,
    "clock": clock,
    "snore": snore,
    "hum": hum,
    "street": street,
    "bedclothes": bedclothes,
}
