"""What every recogniser can do, whatever is behind it."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from local_runner.hearing import Recognition
from local_runner.sound import Sound


class RecognitionStream(Protocol):
    """One utterance, heard as it is spoken. Used by one thread."""

    def accept(self, frame: NDArray[np.int16]) -> bool:
        """Take the next samples (16 kHz, shape (n,)); True when the speaker seems to have finished."""
        ...

    def partial(self) -> str:
        """The words so far."""
        ...

    def finish(self) -> Recognition:
        """The whole utterance; the stream is then ready for the next one."""
        ...


class Recogniser(Protocol):
    """Turns speech into words."""

    def recognise(self, sound: Sound) -> Recognition:
        """A whole utterance, at any rate."""
        ...

    def stream(self) -> RecognitionStream:
        """A new stream of frames at 16 kHz."""
        ...
