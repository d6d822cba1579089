"""Play one sound to its end: what a single question needs; the bedside listener needs a speaker that it can stop."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from local_runner.audio.devices import SoundCardSpeaker
from local_runner.errors import SoundDeviceError
from local_runner.sound import Sound

_DRAIN_SECONDS = 0.3
"""What the sound card still has to play when it has asked for the last sample."""
_POLL_SECONDS = 0.2


def play_sound(sound: Sound, device: str | None = None) -> None:
    """Play a sound through a loudspeaker, and return when it is over.

    Raises:
        SoundDeviceError: there is no loudspeaker, or it went away in the middle.
    """
    speaker = SoundCardSpeaker(device, sound.rate)
    position = 0
    over = threading.Event()

    def give(count: int) -> NDArray[np.int16]:
        nonlocal position
        samples = sound.samples[position : position + count]
        position += count
        if position >= len(sound.samples):
            over.set()
        return np.pad(samples, (0, count - len(samples)))

    speaker.open(give)
    try:
        while not over.wait(_POLL_SECONDS):
            if not speaker.healthy:
                raise SoundDeviceError("the loudspeaker went away", "plug it in again, then ask once more")
        threading.Event().wait(_DRAIN_SECONDS)
    finally:
        speaker.close()
