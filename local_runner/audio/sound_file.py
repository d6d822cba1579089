"""Recordings: any WAV, FLAC or OGG in, 16 kHz mono 16-bit inside, in bounded memory."""

from __future__ import annotations

import contextlib
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_runner.errors import AudioFileError
from local_runner.sound import CAPTURE_RATE, Sound

LONGEST_QUESTION = 600.0
"""Seconds. A question lasts seconds, a whole exchange a minute or two; ten minutes are 19 MB."""

_BLOCK_SECONDS = 1.0
_LOWEST_RATE, _HIGHEST_RATE = 4_000, 768_000
_KINDS = "a WAV, FLAC or OGG file"


def read_sound(path: Path | str, longest: float = LONGEST_QUESTION) -> Sound:
    """A recording as 16 kHz mono.

    Channels are averaged, floats are clipped to full scale (not-a-number becomes silence), rates are converted by
    soxr. Silence is a sound like any other.

    Args:
        path: the file.
        longest: seconds; a longer recording is refused, because the answer to it would come after minutes.

    Raises:
        AudioFileError: no such file, not a recording, damaged before any sound, without any sound, or too long.
    """
    with opened(path) as file:
        seconds = file.frames / file.samplerate
        if seconds > longest:
            raise AudioFileError(
                f"{path} is {_duration(seconds)} long, and a question may last {_duration(longest)}",
                "cut out the question, or play the whole recording to charley listen --input",
            )
        blocks = list(_blocks(file, path))
    samples = np.concatenate(blocks) if blocks else np.zeros(0, np.int16)
    if not len(samples):
        raise AudioFileError(f"{path} holds no sound", f"record it again as {_KINDS}")
    return Sound(samples, CAPTURE_RATE)


def read_blocks(path: Path | str) -> Iterator[NDArray[np.int16]]:
    """A recording of any length as consecutive blocks of 16 kHz mono, about a second each.

    Raises:
        AudioFileError: as ``read_sound``, but never for its length.
    """
    with opened(path) as file:
        yield from _blocks(file, path)


def write_wav(path: Path | str, sound: Sound) -> None:
    """Write a 16-bit mono WAV file.

    Raises:
        AudioFileError: the file cannot be written.
    """
    with WavWriter(path, sound.rate) as file:
        file.write(sound.samples)


class WavWriter:
    """A 16-bit mono WAV file that grows; its header is right whenever it is closed."""

    def __init__(self, path: Path | str, rate: int) -> None:
        try:
            self._raw = open(path, "wb")  # noqa: SIM115 - closed by close()
        except OSError as error:
            raise AudioFileError(f"{path} cannot be written ({error.strerror})", "choose another place") from error
        self._file = wave.open(self._raw, "wb")  # noqa: SIM115 - closed by close()
        self._file.setnchannels(1)
        self._file.setsampwidth(2)
        self._file.setframerate(rate)

    def write(self, samples: NDArray[np.int16]) -> None:
        """Append samples, shape (n,)."""
        self._file.writeframes(samples.astype("<i2").tobytes())

    def close(self) -> None:
        """Finish the header."""
        self._file.close()
        self._raw.close()

    def __enter__(self) -> WavWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextlib.contextmanager
def opened(path: Path | str) -> Iterator[Any]:
    """A recording opened by soundfile, whatever is wrong with it in one clear line."""
    import soundfile

    path = Path(path)
    if path.is_dir():
        raise AudioFileError(f"{path} is a folder", f"give {_KINDS}")
    try:
        if path.stat().st_size == 0:
            raise AudioFileError(f"{path} is empty", f"record it again as {_KINDS}")
        file = soundfile.SoundFile(str(path))
    except FileNotFoundError:
        raise AudioFileError(f"there is no file {path}", "check the path") from None
    except OSError as error:
        raise AudioFileError(f"{path} cannot be read ({error.strerror})", "check its permissions") from error
    except soundfile.LibsndfileError as error:
        raise AudioFileError(
            f"{path} is not a recording that can be read ({error.error_string})", f"give {_KINDS}"
        ) from error
    with file:
        if not _LOWEST_RATE <= file.samplerate <= _HIGHEST_RATE:
            raise AudioFileError(f"{path} says it has {file.samplerate} samples a second", f"give {_KINDS}")
        yield file


def _blocks(file: Any, path: Path | str) -> Iterator[NDArray[np.int16]]:
    import soundfile
    import soxr

    rate = file.samplerate
    convert = None if rate == CAPTURE_RATE else soxr.ResampleStream(rate, CAPTURE_RATE, 1, dtype="float32")
    size = max(1, int(_BLOCK_SECONDS * rate))
    while True:
        try:
            block = file.read(size, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError as error:
            raise AudioFileError(f"{path} is damaged ({error.error_string})", f"record it again as {_KINDS}") from error
        last = len(block) < size
        mono = np.nan_to_num(block.mean(axis=1), nan=0.0, posinf=1.0, neginf=-1.0)
        if convert is not None:
            mono = convert.resample_chunk(mono, last=last)
        if len(mono):
            # libsndfile divides 16-bit samples by 32768: multiplying by it gives them back exactly.
            yield np.clip(np.rint(mono * 32768), -32768, 32767).astype(np.int16)
        if last:
            return


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    if seconds < 7200:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"
