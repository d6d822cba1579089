"""The child process that owns the pyttsx3 engine: a request a line on standard input, samples on standard output.

It stands alone (standard library and pyttsx3, nothing of Charley) and is started as a file, so that it is up in a
tenth of a second. It exists because pyttsx3 with espeak-ng can hang, crash on long texts, print to standard output and
keep a thread for ever; here all of that ends with one process.

Request: ``{"text": …, "rate": words a minute, "pitch": 0–99, "voice": id or null}``, or ``{"voices": true}``.
Answer: one line of JSON, ``{"samples": n, "rate": hertz}`` followed by n 16-bit little-endian samples, or
``{"voices": [...]}``, or ``{"error": …, "kind": …}``.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
import wave
from pathlib import Path
from typing import Any, BinaryIO

TRIES = 3
"""pyttsx3 lost two to five files in a hundred when they were read as soon as ``runAndWait`` returned."""
FINISH_SECONDS = 10.0
"""How long to wait for the engine's own word that an utterance is finished."""


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until the other end closes."""
    try:
        import pyttsx3

        engine = pyttsx3.init()
    except Exception as error:  # pyttsx3 raises RuntimeError, OSError, KeyError, ImportError: all mean 'no synthesiser'
        _answer(answers, {"error": _reason(error), "kind": "missing"})
        return
    _answer(answers, {"ready": True, "driver": str(engine)})
    with tempfile.TemporaryDirectory(prefix="charley-speech-") as folder:
        speaker = _Speaker(engine, Path(folder) / "utterance.wav")
        for line in requests:
            request = json.loads(line)
            try:
                if request.get("voices"):
                    _answer(answers, {"voices": speaker.voices()})
                    continue
                rate, samples = speaker.speak(request)
            except _Unspoken as error:
                _answer(answers, {"error": str(error), "kind": error.kind})
                continue
            _answer(answers, {"samples": len(samples) // 2, "rate": rate}, samples)


class _Unspoken(Exception):
    def __init__(self, problem: str, kind: str) -> None:
        self.kind = kind
        super().__init__(problem)


class _Speaker:
    """One utterance at a time, each verified."""

    def __init__(self, engine: Any, path: Path) -> None:
        self._engine = engine
        self._driver = engine.proxy._driver  # the queue in front of it loses properties; see _set
        self._path = path
        self._finished = threading.Event()
        self._error: BaseException | None = None
        engine.connect("finished-utterance", self._on_finished)
        engine.connect("error", self._on_error)

    def voices(self) -> list[str]:
        return [str(voice.id) for voice in self._engine.getProperty("voices")]

    def speak(self, request: dict[str, Any]) -> tuple[int, bytes]:
        if request.get("voice"):
            self._set_voice(str(request["voice"]))
        self._set("rate", int(request["rate"]))
        if "pitch" in request:
            self._set("pitch", int(request["pitch"]))
        for _ in range(TRIES):
            read = self._try(str(request["text"]))
            if read is not None:
                return read
        reason = _reason(self._error) if self._error else "the synthesiser wrote no sound"
        raise _Unspoken(reason, "failed")

    def _try(self, text: str) -> tuple[int, bytes] | None:
        self._path.unlink(missing_ok=True)
        self._finished.clear()
        self._error = None
        self._engine.save_to_file(text, str(self._path))
        self._engine.runAndWait()
        self._finished.wait(FINISH_SECONDS)
        try:
            return _read(self._path)
        except (OSError, EOFError, wave.Error):
            return None

    def _set(self, name: str, value: int) -> None:
        for _ in range(20):
            try:
                self._driver.setProperty(name, value)
                if self._driver.getProperty(name) == value:
                    return
            except (KeyError, NotImplementedError, ValueError):
                return  # a driver without this property (SAPI5 has no pitch) speaks in its own manner
            time.sleep(0.005)

    def _set_voice(self, voice: str) -> None:
        try:
            self._driver.setProperty("voice", voice)
        except Exception as error:
            raise _Unspoken(_reason(error), "voice") from error

    def _on_finished(self, **_: Any) -> None:
        self._finished.set()

    def _on_error(self, exception: BaseException | None = None, **_: Any) -> None:
        self._error = exception
        self._finished.set()


def _read(path: Path) -> tuple[int, bytes]:
    with wave.open(str(path), "rb") as file:
        samples = file.readframes(file.getnframes())
        if file.getsampwidth() != 2 or not samples:
            raise wave.Error("not 16-bit, or empty")
        if file.getnchannels() > 1:
            width = 2 * file.getnchannels()
            samples = b"".join(samples[i : i + 2] for i in range(0, len(samples), width))
        return file.getframerate(), samples


def _reason(error: BaseException | None) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _answer(answers: BinaryIO, header: dict[str, Any], samples: bytes = b"") -> None:
    answers.write(json.dumps(header).encode() + b"\n" + samples)
    answers.flush()


def main() -> None:
    """Serve on the standard streams; whatever the engine prints goes to standard error instead."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
