"""What a microphone and a loudspeaker are to the listener; sound cards and files both are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

FRAME_SAMPLES = 640
"""Samples in one frame of a microphone: 40 ms at 16 kHz. Short enough to notice 'stop' at once; longer than needed
would be slower, shorter would cost a processor that listens all night."""

Frame: TypeAlias = NDArray[np.int16]
"""Shape (FRAME_SAMPLES,), 16 kHz mono."""

SampleSource: TypeAlias = Callable[[int], NDArray[np.int16]]
"""Gives the next n samples to play, shape (n,); silence when there is nothing to say. Called by another thread."""


class Microphone(Protocol):
    """Delivers frames."""

    def open(self) -> None:
        """Begin to capture. Raises SoundDeviceError (a sound card) or AudioFileError (a file)."""
        ...

    def read(self, timeout: float) -> Frame | None:
        """The next frame, or None if none came within ``timeout`` seconds.

        Raises:
            SoundDeviceError: the microphone went away; ``close`` it and ``open`` it again.
            EndOfRecording: a file is over.
        """
        ...

    def close(self) -> None:
        """Stop capturing; harmless when it is closed already."""
        ...


class Speaker(Protocol):
    """Plays what a source gives."""

    rate: int
    """Samples a second that it asks of its source, in hertz."""

    def open(self, source: SampleSource) -> None:
        """Begin to play. Raises SoundDeviceError."""
        ...

    @property
    def healthy(self) -> bool:
        """False when it was open and has stopped asking for samples."""
        ...

    def close(self) -> None:
        """Stop at once; harmless when it is closed already."""
        ...


class EndOfRecording(Exception):
    """A file that served as the microphone is over."""
