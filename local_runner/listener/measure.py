"""What a night costs and how quickly it answers, measured on this machine with the loop that runs at night."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from local_runner.audio import FRAME_SAMPLES, FRAME_SECONDS, Frame, read_sound
from local_runner.listener.journal import Journal
from local_runner.listener.reference import Reference
from local_runner.settings import Settings
from local_runner.sound import CAPTURE_RATE
from local_runner.speech import Pyttsx3Voice, Silence, Speech

if TYPE_CHECKING:
    from local_runner.listener.assembly import Night
    from local_runner.listener.spotter import PhraseSpotter

ROOM = -62.0
"""Noise floor of a quiet bedroom at the microphone, in decibels below full scale."""

Prepare = Callable[[Settings, Journal, datetime], "Night"]
"""Makes a night; the caller knows the skill and the voice model."""


def frames(samples: NDArray[np.int16]) -> Iterator[Frame]:
    """Samples at 16 kHz as frames, the last one filled up with silence."""
    missing = -len(samples) % FRAME_SAMPLES
    yield from np.pad(samples, (0, missing)).reshape(-1, FRAME_SAMPLES)


def room(seconds: float, level: float = ROOM, seed: int = 0) -> NDArray[np.int16]:
    """White noise at a level in decibels below full scale."""
    generator = np.random.default_rng(seed)
    noise = generator.standard_normal(int(seconds * CAPTURE_RATE)) * 32768 * 10 ** (level / 20)
    return noise.astype(np.int16)


def spoken(voice: Pyttsx3Voice, *parts: str | float) -> NDArray[np.int16]:
    """Texts and pauses (seconds) in a quiet room, 16 kHz."""
    import soxr

    sound = voice.render([Speech(part) if isinstance(part, str) else Silence(part) for part in parts])
    samples = soxr.resample(sound.samples, sound.rate, CAPTURE_RATE)
    floor = np.resize(room(len(samples) / CAPTURE_RATE + 1), len(samples))
    mixed: NDArray[np.int16] = np.clip(samples.astype(np.int32) + floor, -32768, 32767).astype(np.int16)
    return mixed


class Watched:
    """A night whose events are kept, and that can be fed."""

    def __init__(self, prepare: Prepare, settings: Settings | None = None, echo: float | None = None) -> None:
        self.events: list[dict[str, Any]] = []
        journal = Journal()
        journal.watchers.append(self.events.append)
        self.night = prepare(settings or Settings(), journal, datetime(2026, 1, 1, 12, 0))
        self._reference = Reference(self.night.player.pull, self.night.player.rate)
        self._owed = 0.0
        self._echo = None if echo is None else 10 ** (echo / 20)
        self.played: list[NDArray[np.int16]] = []

    def hear(self, frame: Frame) -> float:
        """Pass 40 ms; wall-clock seconds that the loop took for them."""
        self._owed += FRAME_SECONDS * self.night.player.rate
        count = int(self._owed)
        self._owed -= count
        self._reference.pull(count)
        played = self._reference.frame()
        self.played.append(played)
        if self._echo is not None:
            mixed = frame.astype(np.float32) + played * np.float32(self._echo)
            frame = np.clip(mixed, -32768, 32767).astype(np.int16)
        begun = time.perf_counter()
        self.night.bedside.hear(frame, played)
        return time.perf_counter() - begun

    def named(self, event: str) -> list[dict[str, Any]]:
        """The events of that name."""
        return [entry for entry in self.events if entry["event"] == event]

    def close(self) -> None:
        """End the night."""
        self.night.bedside.stop()
        self.night.close()


def cost(prepare: Prepare, talk: Sequence[Path], seconds: float = 60.0) -> dict[str, float]:
    """Processor time of one core while the room is quiet, and while somebody talks who does not mean it.

    Args:
        prepare: makes the night.
        talk: recordings of speech that is not for it; the synthesiser's own where there are none.
        seconds: of each.
    """
    watched = Watched(prepare)
    try:
        speech = np.concatenate([read_sound(path).samples for path in talk]) if talk else _chatter(seconds)
        result = {}
        for name, samples in (("quiet", room(seconds)), ("talk", speech[: int(seconds * CAPTURE_RATE)])):
            for frame in frames(samples[: CAPTURE_RATE * 3]):
                watched.hear(frame)
            begun = time.process_time()
            for frame in frames(samples):
                watched.hear(frame)
            spent = time.process_time() - begun
            result[f"{name}_percent_of_a_core"] = round(100 * spent / (len(samples) / CAPTURE_RATE), 2)
        result["wakes"] = len(watched.named("wake"))
        return result
    finally:
        watched.close()


def latency(prepare: Prepare, questions: Sequence[str], wake: str = "hey charley") -> dict[str, Any]:
    """Time from the endpoint to the first sound of the answer: by the clock, and of this process's processor."""
    taken: list[float] = []
    spent: list[float] = []
    pauses: list[float] = []
    with Pyttsx3Voice("gmw/en-us") as voice:
        for question in questions:
            watched = Watched(prepare)
            try:
                samples = spoken(voice, 1.0, wake, 0.25, question, 4.0)
                loud = np.flatnonzero(np.abs(samples) > 700)
                for number, frame in enumerate(frames(samples)):
                    before = time.process_time()
                    wall = watched.hear(frame)
                    if watched.named("answer"):
                        taken.append(wall)
                        spent.append(time.process_time() - before)
                        pauses.append((number + 1) * FRAME_SECONDS - loud[-1] / CAPTURE_RATE)
                        break
            finally:
                watched.close()
    return {
        "questions": len(questions),
        "answered": len(taken),
        "endpoint_to_first_sound_ms": {"median": _ms(np.median(taken)), "largest": _ms(max(taken))} if taken else None,
        "processor_ms": {"median": _ms(np.median(spent)), "largest": _ms(max(spent))} if spent else None,
        "load_average": round(os.getloadavg()[0], 1),
        "last_word_to_endpoint_s": round(float(np.median(pauses)), 2) if pauses else None,
    }


def stop(prepare: Prepare, tries: int = 20, echo: float = 0.0, voices: Sequence[str] = ()) -> dict[str, Any]:
    """'Stop' while it speaks, with its own voice in the microphone.

    Args:
        prepare: makes the night.
        tries: how many times.
        echo: its own voice at the microphone, in decibels above what was played (0: equal loudness with 'stop').
        voices: synthesiser voices that say it, in turn.
    """
    delays: list[float] = []
    voices = voices or ("gmw/en-us", "gmw/en", "gmw/en+f3", "gmw/en-us+m3")
    for number in range(tries):
        with Pyttsx3Voice(voices[number % len(voices)]) as voice:
            call = spoken(voice, 0.5, "help my leg", 0.3)
            word = spoken(voice, "stop")
        watched = Watched(prepare, echo=echo)
        try:
            for frame in frames(np.concatenate([call, room(12.0 + 0.37 * number)])):
                watched.hear(frame)
            clock = watched.night.bedside
            loud = np.flatnonzero(np.abs(word) > 700)
            ended = clock.now + loud[-1] / CAPTURE_RATE
            if watched.named("interrupted") or not watched.night.bedside.wants_to_speak:
                continue
            for frame in frames(np.concatenate([word, room(2.0)])):
                watched.hear(frame)
            found = watched.named("interrupted")
            if found:
                delays.append(found[0]["t"] - ended)
        finally:
            watched.close()
    return {
        "tries": tries,
        "heard": len(delays),
        "word_end_to_silence_ms": {"median": _ms(np.median(delays)), "largest": _ms(max(delays))} if delays else None,
    }


def wakes(
    spotter: PhraseSpotter, recordings: Iterable[Path], noise: NDArray[np.int16] | None = None, snr: float | None = None
) -> dict[str, Any]:
    """Recordings of a wake phrase: how many wake.

    Args:
        spotter: looks for the phrase.
        recordings: one phrase each.
        noise: to mix in, 16 kHz; None for a quiet room.
        snr: signal-to-noise ratio in decibels: mean power of the louder half of the speech over that of the noise.
    """
    missed: list[str] = []
    total = 0
    for number, path in enumerate(recordings):
        total += 1
        samples = read_sound(path).samples
        whole = np.concatenate([room(1.0, seed=number), samples, room(1.2, seed=number + 1)]).astype(np.float32)
        if noise is not None and snr is not None:
            whole += _scaled_noise(noise, samples, snr, len(whole), number)
        spotter.reset()
        hits = [spotter.accept(frame) for frame in frames(np.clip(whole, -32768, 32767).astype(np.int16))]
        if not any(hits):
            missed.append(path.name)
    return {"recordings": total, "woken": total - len(missed), "missed": missed}


def false_wakes(spotter: PhraseSpotter, recordings: Iterable[Path]) -> dict[str, Any]:
    """Speech and noise that is not for it: how often it wakes."""
    seconds = 0.0
    found: list[str] = []
    for path in recordings:
        for frame in frames(np.concatenate([read_sound(path, longest=1e9).samples, room(0.5)])):
            seconds += FRAME_SECONDS
            if spotter.accept(frame) is not None:
                found.append(path.name)
    return {"hours": round(seconds / 3600, 3), "false_wakes": len(found), "by": found}


def own_voice(prepare: Prepare, lines: Sequence[str], echo: float = 0.0) -> dict[str, Any]:
    """Everything that it can say, played into its own microphone while it is asleep."""
    watched = Watched(prepare, echo=None)
    seconds = 0.0
    try:
        factor = np.float32(10 ** (echo / 20))
        for line in lines:
            samples = spoken(watched.night.voice, line, 0.7)
            for frame in frames((samples * factor).astype(np.int16)):
                watched.hear(frame)
                seconds += FRAME_SECONDS
        return {"hours": round(seconds / 3600, 3), "lines": len(lines), "wakes": len(watched.named("wake"))}
    finally:
        watched.close()


def endurance(prepare: Prepare, hours: float, every: float = 600.0) -> dict[str, Any]:
    """A long night, replayed: memory, open files and threads; the same question at the beginning and at the end."""
    watched = Watched(prepare)
    with Pyttsx3Voice("gmw/en-us") as voice:
        question = spoken(voice, 1.0, "help my leg", 9.0, "stop", 2.0)
        chatter = spoken(voice, *_CHATTER, 1.0)
    samples: list[dict[str, float]] = []
    asked = 0
    try:
        quiet = room(60.0)
        passed = 0.0
        while passed < hours * 3600:
            before = watched.night.bedside.now
            for part in (question, chatter):
                for frame in frames(part):
                    watched.hear(frame)
            asked += 1
            watched.played.clear()
            watched.events[:] = [e for e in watched.events if e["event"] in ("wake", "answer")]
            while watched.night.bedside.now - before < every:
                for frame in frames(quiet):
                    watched.hear(frame)
                watched.played.clear()
            passed += watched.night.bedside.now - before
            samples.append({"hours": round(passed / 3600, 2), **_resources()})
        return {"asked": asked, "woken": len(watched.named("wake")), "resources": samples}
    finally:
        watched.close()


_CHATTER = (
    "I told you that the train would be late again, and nobody listened to me.",
    "What do you want for dinner tomorrow? There is some soup left from yesterday.",
    "The weather will be cold in the north, with rain in the evening and wind from the sea.",
)  # fmt: skip


def _chatter(seconds: float) -> NDArray[np.int16]:
    with Pyttsx3Voice("gmw/en-us") as voice:
        once = spoken(voice, *_CHATTER)
    return np.tile(once, int(seconds * CAPTURE_RATE / len(once)) + 1)


def _scaled_noise(
    noise: NDArray[np.int16], speech: NDArray[np.int16], snr: float, count: int, seed: int
) -> NDArray[np.float32]:
    powers = np.sort([float(np.mean(frame.astype(np.float64) ** 2)) for frame in frames(speech)])
    start = int(np.random.default_rng(seed).integers(0, max(1, len(noise) - count)))
    part = np.resize(noise[start:], count).astype(np.float32)
    wanted = float(powers[len(powers) // 2 :].mean()) / 10 ** (snr / 10)
    return part * np.float32(np.sqrt(wanted / max(1.0, float(np.mean(part**2)))))


def _resources() -> dict[str, float]:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1]) if Path("/proc/self/statm").exists() else 0
    handles = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    memory = pages * os.sysconf("SC_PAGE_SIZE") / 1e6 if pages else 0.0
    return {"memory_mb": round(memory, 1), "handles": handles, "threads": threading.active_count()}


def _ms(seconds: Any) -> int:
    return round(1000 * float(seconds))
