"""What the loudspeaker was given, at the microphone's rate and frame by frame: what echo cancellation compares with."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from local_runner.audio import FRAME_SAMPLES, Frame, SampleSource
from local_runner.sound import CAPTURE_RATE

_MOST_SECONDS = 1.0
"""More than this waiting means that the microphone had stopped: the rest is of no use."""


class Reference:
    """Stands between a player and a loudspeaker, and remembers. Thread-safe.

    Args:
        source: gives the samples to play.
        rate: of these samples, in hertz.
    """

    def __init__(self, source: SampleSource, rate: int) -> None:
        import soxr

        self._source = source
        self._lock = threading.Lock()
        self._convert = soxr.ResampleStream(rate, CAPTURE_RATE, 1, dtype="int16")
        self._waiting = np.zeros(0, np.int16)

    def pull(self, count: int) -> NDArray[np.int16]:
        """The next samples to play; called by the loudspeaker."""
        samples = self._source(count)
        with self._lock:
            self._waiting = np.concatenate([self._waiting, self._convert.resample_chunk(samples)])
            most = int(_MOST_SECONDS * CAPTURE_RATE)
            if len(self._waiting) > most:
                self._waiting = self._waiting[-most:]
        return samples

    def frame(self) -> Frame:
        """What was played during one frame of the microphone; silence where nothing was."""
        with self._lock:
            frame, self._waiting = self._waiting[:FRAME_SAMPLES], self._waiting[FRAME_SAMPLES:]
        return frame if len(frame) == FRAME_SAMPLES else np.pad(frame, (0, FRAME_SAMPLES - len(frame)))
