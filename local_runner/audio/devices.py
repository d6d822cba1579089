"""Sound cards through PortAudio: a microphone and a loudspeaker that say when they have gone.

How devices fail, measured with PulseAudio and ALSA (Debian 12): a stream whose source is removed ends without an
exception; one whose source delivers nothing stays 'active' for ever and ``stop()`` hangs on it; after a restart of the
sound server every stream is dead until PortAudio is initialised again. So: callbacks only, a clock for each stream,
``abort()`` and never ``stop()``.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_runner.audio.protocols import FRAME_SAMPLES, Frame, SampleSource
from local_runner.errors import SoundDeviceError
from local_runner.sound import CAPTURE_RATE

MISSING_MEND = (
    "install PortAudio (Debian, Ubuntu, Raspberry Pi OS: sudo apt-get install libportaudio2 libasound2-plugins; "
    "Fedora: sudo dnf install portaudio)"
)
STALLED_SECONDS = 1.5
"""A stream that has not called back for so long is dead."""

_QUEUED_FRAMES = 250
"""Ten seconds: more than any recognition takes. What is older is dropped, and counted."""
_OUTPUT_LATENCY = 0.06
"""Seconds that PortAudio keeps ready: 'stop' must be silent at once, but a busy machine must not stutter."""


def portaudio() -> Any:
    """The sounddevice module.

    Raises:
        SoundDeviceError: PortAudio is not installed, or does not start.
    """
    try:
        import sounddevice
    except OSError as error:
        raise SoundDeviceError(f"no sound: {error}", MISSING_MEND) from error
    return sounddevice


def restart_portaudio() -> None:
    """Initialise PortAudio again, as is needed after the sound server was restarted. Ends every open stream."""
    sounddevice = portaudio()
    with contextlib.suppress(sounddevice.PortAudioError):
        sounddevice._terminate()
    with contextlib.suppress(sounddevice.PortAudioError):
        sounddevice._initialize()


def device_names(kind: str) -> tuple[str, ...]:
    """Names of the microphones (kind ``input``) or loudspeakers (``output``) of this machine, the default one first."""
    sounddevice = portaudio()
    devices = [d for d in sounddevice.query_devices() if d[f"max_{kind}_channels"] > 0]
    default = sounddevice.default.device[0 if kind == "input" else 1]
    devices.sort(key=lambda device: device["index"] != default)
    return tuple(device["name"] for device in devices)


class SoundCardMicrophone:
    """A microphone of this machine.

    Args:
        name: the device, by any part of its name (indices change when something is plugged in); None for the default.
    """

    def __init__(self, name: str | None = None) -> None:
        self.name = name
        self.dropped = 0
        """Frames lost because nobody took them."""
        self._stream: Any = None
        self._frames: queue.Queue[NDArray[np.int16]] = queue.Queue(_QUEUED_FRAMES)
        self._clock = _Clock()
        self._convert: Any = None
        self._rest = np.zeros(0, np.int16)

    def open(self) -> None:
        """Begin to capture; raises SoundDeviceError."""
        self.close()
        device = _device(self.name, "input")
        rate = _possible_rate(device, "input", CAPTURE_RATE)
        self._frames = queue.Queue(_QUEUED_FRAMES)
        self._rest = np.zeros(0, np.int16)
        self._convert = None
        if rate != CAPTURE_RATE:
            import soxr

            self._convert = soxr.ResampleStream(rate, CAPTURE_RATE, 1, dtype="int16")
        self._clock = clock = _Clock()
        frames = self._frames

        def captured(data: NDArray[np.int16], *_: Any) -> None:
            clock.tick()
            try:
                frames.put_nowait(data[:, 0].copy())
            except queue.Full:
                with contextlib.suppress(queue.Empty):
                    frames.get_nowait()
                frames.put_nowait(data[:, 0].copy())
                self.dropped += 1

        self._stream = _started(
            "InputStream",
            device,
            self.name,
            samplerate=rate,
            blocksize=FRAME_SAMPLES * rate // CAPTURE_RATE,
            callback=captured,
            finished_callback=clock.end,
        )

    def read(self, timeout: float) -> Frame | None:
        """The next frame, or None after ``timeout`` seconds; raises SoundDeviceError when the microphone is gone."""
        deadline = time.monotonic() + timeout
        while len(self._rest) < FRAME_SAMPLES:
            try:
                block = self._frames.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                self._clock.check("the microphone")
                return None
            if self._convert is not None:
                block = self._convert.resample_chunk(block)
            self._rest = np.concatenate([self._rest, block]) if len(self._rest) else block
        frame, self._rest = self._rest[:FRAME_SAMPLES], self._rest[FRAME_SAMPLES:]
        return frame

    def close(self) -> None:
        """Stop capturing."""
        _abort(self._stream)
        self._stream = None


class SoundCardSpeaker:
    """A loudspeaker of this machine.

    Args:
        name: the device, by any part of its name; None for the default.
        rate: of the samples that it will be given, in hertz.
    """

    def __init__(self, name: str | None = None, rate: int = 22_050) -> None:
        self.name = name
        self.rate = rate
        self.latency = 0.0
        """Seconds from giving a sample to hearing it, as the sound system says."""
        self._stream: Any = None
        self._clock = _Clock()

    def open(self, source: SampleSource) -> None:
        """Begin to play; raises SoundDeviceError."""
        self.close()
        device = _device(self.name, "output")
        rate = _possible_rate(device, "output", self.rate)
        give = source if rate == self.rate else _resampled(source, self.rate, rate)
        self._clock = clock = _Clock()

        def wanted(data: NDArray[np.int16], count: int, *_: Any) -> None:
            clock.tick()
            data[:, 0] = give(count)

        self._stream = _started(
            "OutputStream",
            device,
            self.name,
            samplerate=rate,
            blocksize=rate // 50,
            latency=_OUTPUT_LATENCY,
            callback=wanted,
            finished_callback=clock.end,
        )
        self.latency = float(self._stream.latency)

    @property
    def healthy(self) -> bool:
        """False when it was open and has stopped asking for samples."""
        return self._stream is None or self._clock.alive

    def close(self) -> None:
        """Stop at once."""
        _abort(self._stream)
        self._stream = None


class _Clock:
    """When a stream last called back, and whether it has ended."""

    def __init__(self) -> None:
        self._last = time.monotonic()
        self._ended = threading.Event()

    def tick(self) -> None:
        self._last = time.monotonic()

    def end(self) -> None:
        self._ended.set()

    @property
    def alive(self) -> bool:
        return not self._ended.is_set() and time.monotonic() - self._last < STALLED_SECONDS

    def check(self, what: str) -> None:
        if self._ended.is_set():
            raise SoundDeviceError(f"{what} went away", "plug it in again; it is looked for all the time")
        if not self.alive:
            raise SoundDeviceError(f"{what} delivers nothing", "check its cable; it is opened again all the time")


def _device(name: str | None, kind: str) -> int | None:
    sounddevice = portaudio()
    what = "microphone" if kind == "input" else "loudspeaker"
    try:
        if name is None:
            sounddevice.query_devices(kind=kind)
            return None
        for device in sounddevice.query_devices():
            if device[f"max_{kind}_channels"] > 0 and name.lower() in device["name"].lower():
                return int(device["index"])
    except (sounddevice.PortAudioError, ValueError) as error:
        raise SoundDeviceError(f"this machine has no {what}", "plug one in, then try charley doctor") from error
    known = ", ".join(device_names(kind)[:6]) or "none"
    raise SoundDeviceError(f"no {what} is called {name!r}", f"choose one of: {known}")


def _possible_rate(device: int | None, kind: str, wanted: int) -> int:
    """The wanted rate where the device can do it (sound servers convert), else its own."""
    sounddevice = portaudio()
    check = sounddevice.check_input_settings if kind == "input" else sounddevice.check_output_settings
    try:
        check(device=device, channels=1, dtype="int16", samplerate=wanted)
    except (sounddevice.PortAudioError, ValueError):
        return int(sounddevice.query_devices(device, kind)["default_samplerate"])
    return wanted


def _started(stream_class: str, device: int | None, name: str | None, **settings: Any) -> Any:
    sounddevice = portaudio()
    what = "microphone" if stream_class == "InputStream" else "loudspeaker"
    stream = None
    try:
        stream = getattr(sounddevice, stream_class)(device=device, channels=1, dtype="int16", **settings)
        stream.start()
    except (sounddevice.PortAudioError, ValueError) as error:
        _abort(stream)
        raise SoundDeviceError(
            f"the {what}{f' {name!r}' if name else ''} cannot be opened ({error})",
            "see whether another program holds it, then try charley doctor",
        ) from error
    return stream


def _abort(stream: Any) -> None:
    if stream is None:
        return
    stream.abort(ignore_errors=True)
    stream.close(ignore_errors=True)


def _resampled(source: SampleSource, rate: int, device_rate: int) -> SampleSource:
    import soxr

    convert = soxr.ResampleStream(rate, device_rate, 1, dtype="int16")
    ready = np.zeros(0, np.int16)

    def give(count: int) -> NDArray[np.int16]:
        nonlocal ready
        while len(ready) < count:
            ready = np.concatenate([ready, convert.resample_chunk(source(max(1, rate // 50)))])
        given, ready = ready[:count], ready[count:]
        return given

    return give
