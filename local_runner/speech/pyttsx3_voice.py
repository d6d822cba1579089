"""The system's speech synthesiser through pyttsx3, in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np

from local_runner.errors import VoiceError
from local_runner.sound import Sound
from local_runner.speech.voice import RenderingVoice

MISSING_MEND = (
    "install espeak-ng (Debian, Ubuntu, Raspberry Pi OS: sudo apt-get install libespeak-ng1 espeak-ng-data; "
    "Fedora: sudo dnf install espeak-ng; macOS: brew install espeak-ng)"
)
DEFAULT_RATE = 165
"""Words a minute: a little slower than espeak-ng's own 175, for somebody who is half asleep."""

_START_SECONDS = 20.0
_SPEAK_SECONDS = 45.0
"""Longer than the worker's own three tries of ten seconds."""
_PITCH_FACTORS = (0.72, 0.80, 1.0, 1.29, 1.67)
_PITCH_PARAMETERS = (0, 25, 50, 75, 99)
"""Factor of the voice's own pitch → espeak's parameter: median fundamental frequency of en-us, measured by
autocorrelation over one sentence at each setting (73.5, 82.6, 102.6, 132.0, 170.9 Hz)."""


class Pyttsx3Voice(RenderingVoice):
    """espeak-ng on Linux, SAPI5 on Windows, NSSpeechSynthesizer on macOS.

    The engine lives in a child process (see ``worker``), which is started at the first word and started again when it
    crashes or hangs. Usable from any thread, one utterance at a time.

    Args:
        name: a voice of the synthesiser by its id (``gmw/en-us``, ``gmw/en+f3``); None is its own English.
        rate: words a minute.

    Raises (from ``render`` and ``pieces``):
        VoiceError: no synthesiser on this machine, no such voice, or it failed twice.
    """

    rate = 22_050

    def __init__(self, name: str | None = None, rate: int = DEFAULT_RATE) -> None:
        super().__init__()
        self.name = name
        self.words_per_minute = rate
        self._worker: _Worker | None = None
        self._lock = threading.Lock()

    def names(self) -> list[str]:
        """The ids of all voices of the synthesiser."""
        names: list[str] = self._ask({"voices": True})[0]["voices"]
        return names

    def start(self) -> None:
        """Start the synthesiser now, so that the first word does not wait for it."""
        with self._lock:
            self._running()

    def close(self) -> None:
        """End the child process."""
        with self._lock:
            if self._worker is not None:
                self._worker.kill()
                self._worker = None

    def __enter__(self) -> Pyttsx3Voice:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _spoken(self, text: str, rate: float, pitch: float, whispered: bool) -> Sound:
        request: dict[str, Any] = {"text": text, "rate": max(80, min(450, round(self.words_per_minute * rate)))}
        if sys.platform.startswith("linux"):
            # Other systems' voices have no pitch and no whisper that pyttsx3 could set.
            request["pitch"] = round(float(np.interp(pitch, _PITCH_FACTORS, _PITCH_PARAMETERS)))
            name = self.name or "gmw/en-us"
            request["voice"] = name.split("+")[0] + "+whisper" if whispered else name
        elif self.name:
            request["voice"] = self.name
        header, samples = self._ask(request)
        sound = Sound(np.frombuffer(samples, "<i2").astype(np.int16), int(header["rate"]))
        if sound.rate != self.rate:
            import soxr

            sound = Sound(soxr.resample(sound.samples, sound.rate, self.rate), self.rate)
        return sound

    def _ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        with self._lock:
            try:
                header, samples = self._running().ask(request)
            except _WorkerDied:
                # Once more with a fresh process: what killed it may have been the moment, not the words.
                self._worker = None
                try:
                    header, samples = self._running().ask(request)
                except _WorkerDied as error:
                    self._worker = None
                    raise VoiceError(f"the speech synthesiser failed twice ({error})", MISSING_MEND) from error
        if "error" not in header:
            return header, samples
        if header["kind"] == "voice":
            raise self._no_such_voice(str(request["voice"]))
        raise VoiceError(f"the speech synthesiser failed ({header['error']})", "try charley doctor")

    def _running(self) -> _Worker:
        if self._worker is None or not self._worker.alive:
            self._worker = _Worker()
        return self._worker

    def _no_such_voice(self, name: str) -> VoiceError:
        english = [known for known in self.names() if "/en" in known or known.startswith("en")]
        some = ", ".join(english[:6]) or "none that speaks English"
        return VoiceError(f"no voice called {name!r}", f"choose one of this machine's voices, such as {some}")


class _WorkerDied(Exception):
    pass


class _Worker:
    """The child process, its pipes, and a thread that reads them so that waiting can end."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", str(Path(__file__).with_name("worker.py"))]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own file
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._answers: queue.Queue[tuple[dict[str, Any], bytes] | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, name="speech answers", daemon=True)
        self._reader.start()
        try:
            ready, _ = self._next(_START_SECONDS)
        except _WorkerDied as error:
            raise VoiceError(f"the speech synthesiser does not start ({error})", MISSING_MEND) from error
        if "error" in ready:
            self.kill()
            raise VoiceError(f"no speech synthesiser ({ready['error']})", MISSING_MEND)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        assert self._process.stdin is not None
        try:
            # Past Python's buffer, which would try again to flush a request that could not be delivered.
            os.write(self._process.stdin.fileno(), json.dumps(request).encode() + b"\n")
        except OSError as error:
            self.kill()
            raise _WorkerDied("it had gone away") from error
        return self._next(_SPEAK_SECONDS)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _next(self, seconds: float) -> tuple[dict[str, Any], bytes]:
        try:
            answer = self._answers.get(timeout=seconds)
        except queue.Empty:
            self.kill()
            raise _WorkerDied(f"it did not answer within {seconds:g} s") from None
        if answer is None:
            self.kill()
            raise _WorkerDied(f"it ended with exit code {self._process.returncode}")
        return answer

    def _read(self) -> None:
        assert self._process.stdout is not None
        while line := self._process.stdout.readline():
            header = json.loads(line)
            size = 2 * int(header.get("samples", 0))
            samples = self._process.stdout.read(size) if size else b""
            if len(samples) < size:
                break
            self._answers.put((header, samples))
        self._answers.put(None)
