"""A recording as the microphone and a WAV file as the loudspeaker, in audio time: no clock is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from local_runner.audio.protocols import FRAME_SAMPLES, EndOfRecording, Frame, SampleSource
from local_runner.audio.sound_file import WavWriter, read_blocks
from local_runner.sound import CAPTURE_RATE


class FileMicrophone:
    """Frames of a recording, one a call, as fast as they are taken.

    The last frame is filled up with silence. Memory does not grow with the length of the recording.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._frames: Iterator[Frame] | None = None

    def open(self) -> None:
        """Open the recording at its beginning; raises AudioFileError."""
        self._frames = _frames(read_blocks(self.path))

    def read(self, timeout: float = 0.0) -> Frame:
        """The next frame; raises EndOfRecording after the last."""
        if self._frames is None:
            self.open()
        assert self._frames is not None
        frame = next(self._frames, None)
        if frame is None:
            raise EndOfRecording(str(self.path))
        return frame

    def close(self) -> None:
        """Close the recording."""
        self._frames = None


class FileSpeaker:
    """A WAV file that is played to: it asks its source for samples when time passes, and ``advance`` passes it."""

    def __init__(self, path: Path | str | None, rate: int = 22_050) -> None:
        """Open the file. ``path`` None plays to nowhere; ``rate`` is in hertz. Raises AudioFileError."""
        self.rate = rate
        self._file = WavWriter(path, rate) if path is not None else None
        self._source: SampleSource | None = None
        self._owed = 0.0

    def open(self, source: SampleSource) -> None:
        """Take samples from ``source`` from now on."""
        self._source = source

    @property
    def healthy(self) -> bool:
        """A file does not go away."""
        return True

    def advance(self, seconds: float) -> NDArray[np.int16]:
        """Let time pass; returns what was played in it, shape (about seconds × rate,)."""
        self._owed += seconds * self.rate
        count = int(self._owed + 1e-6)
        self._owed -= count
        samples = self._source(count) if self._source is not None else np.zeros(count, np.int16)
        if self._file is not None:
            self._file.write(samples)
        return samples

    def close(self) -> None:
        """Finish the file."""
        self._source = None
        if self._file is not None:
            self._file.close()
            self._file = None


def _frames(blocks: Iterator[NDArray[np.int16]]) -> Iterator[Frame]:
    rest = np.zeros(0, np.int16)
    for block in blocks:
        rest = np.concatenate([rest, block])
        whole = len(rest) // FRAME_SAMPLES * FRAME_SAMPLES
        yield from rest[:whole].reshape(-1, FRAME_SAMPLES)
        rest = rest[whole:]
    if len(rest):
        yield np.pad(rest, (0, FRAME_SAMPLES - len(rest)))


FRAME_SECONDS = FRAME_SAMPLES / CAPTURE_RATE
"""Length of a frame, in seconds."""
