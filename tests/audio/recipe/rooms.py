"""Simulates the small bedroom that ``--rir bedroom`` and the far recordings use."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

RATE = 16_000
ROOM = (3.6, 3.2, 2.5)
"""Metres: length, width, height."""
REVERBERATION = 0.35
"""Seconds until the sound has fallen by 60 dB: carpet, curtains, a bed."""
MICROPHONE = (0.4, 1.4, 0.7)
"""On the bedside table."""
SLEEPERS = {"bedside": (0.75, 1.75, 0.65), "bedroom": (2.85, 2.2, 1.2)}
"""Where the mouth is: on the pillow, half a metre away; standing across the room, 2.6 m away."""


def simulate(mouth: tuple[float, float, float]) -> np.ndarray:
    """Impulse response from mouth to microphone: by image sources, with the absorption of air."""
    import pyroomacoustics

    absorption, order = pyroomacoustics.inverse_sabine(REVERBERATION, ROOM)
    room = pyroomacoustics.ShoeBox(
        ROOM, fs=RATE, materials=pyroomacoustics.Material(absorption), max_order=min(order, 40),
        air_absorption=True,
    )  # fmt: skip
    room.add_source(mouth)
    room.add_microphone(MICROPHONE)
    room.compute_rir()
    response = np.asarray(room.rir[0][0])[: int(0.45 * RATE)]
    return response / np.abs(response).max() * 0.9


def write(folder: Path) -> None:
    """Both rooms as FLAC files."""
    for name, mouth in SLEEPERS.items():
        soundfile.write(folder / f"{name}.flac", simulate(mouth), RATE, subtype="PCM_16")
