"""Real sound: a headless PulseAudio with a virtual microphone and loudspeaker, the listener between them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from listening_nights import SMALL_SKILL, Spoken, events_of

from local_runner.audio import read_sound
from local_runner.audio.virtual import VirtualSound
from local_runner.errors import SoundDeviceError
from local_runner.listening import phrases_model
from local_runner.recognition import VoskRecogniser, default_voice_model


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VirtualSound]:
    try:
        virtual = VirtualSound(tmp_path_factory.mktemp("pulse"))
    except SoundDeviceError as error:
        pytest.skip(f"no real sound here: {error}")
    with virtual:
        yield virtual


class Listener:
    """``charley listen`` in a process of its own, and what it writes."""

    def __init__(self, sound: VirtualSound, folder: Path) -> None:
        self.events_path = folder / "events.jsonl"
        cache = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
        by_day = {"CHARLEY_NIGHT_BEGINS": "00:00", "CHARLEY_NIGHT_ENDS": "00:00"}
        environment = {**sound.environment, **by_day, "XDG_CACHE_HOME": cache, "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "local_runner.cli", "listen", "--events", str(self.events_path)]
        command += SMALL_SKILL
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        self.until("started", 60)
        time.sleep(1.0)  # the microphone is opened after that

    @property
    def events(self) -> list[dict[str, Any]]:
        return events_of(self.events_path)

    def until(self, name: str, seconds: float = 15, count: int = 1) -> dict[str, Any]:
        """Wait for an event; fails after ``seconds``."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = [event for event in self.events if event["event"] == name]
            if len(found) >= count:
                return found[count - 1]
            assert self.process.poll() is None, "the listener ended"
            time.sleep(0.05)
        raise AssertionError(f"no {name} within {seconds} s; there was {[e['event'] for e in self.events]}")

    def end(self) -> int:
        self.process.terminate()
        return self.process.wait(15)


@pytest.fixture
def listener(sound: VirtualSound, tmp_path: Path) -> Iterator[Listener]:
    listener = Listener(sound, tmp_path)
    yield listener
    if listener.process.poll() is None:
        listener.process.kill()
        listener.process.wait()


def test_asked_and_stopped_through_real_sound(
    sound: VirtualSound, listener: Listener, spoken: Spoken, tmp_path: Path
) -> None:
    sound.record(tmp_path / "answer.wav")
    sound.play(spoken(0.5, "hey charley my calf is cramping", 0.5))
    listener.until("speaking")
    time.sleep(4.0)
    sound.play(spoken("stop", 0.3))
    interrupted = listener.until("interrupted")
    assert interrupted["by"] == "stop"
    time.sleep(2.0)
    sound.stop_recording()
    heard = next(event for event in listener.events if event["event"] == "heard")
    assert heard["slots"] == {"BodyPart": "calf"}
    recording = read_sound(tmp_path / "answer.wav")
    words = VoskRecogniser(default_voice_model(), phrases_model(["straighten that leg", "pull your toes up", "leg"]))
    assert "leg" in words.recognise(recording).best.text.split()
    # Silence for good: nothing in the last second and a half, though the answer would have gone on for long.
    assert np.abs(recording.samples[-24_000:]).max() < 50
    assert listener.end() == 0
    assert listener.events[-1]["event"] == "stopped"


def test_it_survives_a_lost_microphone_and_a_dead_sound_server(
    sound: VirtualSound, listener: Listener, spoken: Spoken, soon: Callable[[float], float]
) -> None:
    question = spoken(0.3, "help my leg", 0.5)
    sound.play(question)
    listener.until("session_open")
    begun = time.monotonic()
    sound.unplug_microphone()
    lost = listener.until("input_lost")
    assert time.monotonic() - begun < soon(2.0)
    assert lost["reason"]
    sound.plug_microphone()
    listener.until("input_back", soon(10))
    sound.play(spoken(0.3, "stop", 0.5))
    # The session was kept: 'stop' is understood without a wake phrase.
    listener.until("session_closed")
    begun = time.monotonic()
    sound.stop()
    listener.until("input_lost", count=2)
    assert time.monotonic() - begun < soon(2.5)
    sound.start()
    listener.until("input_back", soon(40), count=2)
    sound.play(question)
    listener.until("answer", count=2)
    assert listener.end() == 0


def test_without_a_microphone_it_says_so_and_waits(tmp_path: Path) -> None:
    cards = Path("/proc/asound/cards")
    if sys.platform != "linux" or (cards.exists() and "no soundcards" not in cards.read_text()):
        pytest.skip("this machine has a sound card")
    events = tmp_path / "events.jsonl"
    command = [sys.executable, "-m", "local_runner.cli", "listen", "--events", str(events), "--seconds", "3"]
    environment = {**os.environ, "PULSE_SERVER": "unix:/nowhere", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*command, *SMALL_SKILL], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [event["event"] for event in events_of(events)] == ["started", "input_lost", "stopped"]
    assert "no microphone" in done.stderr


def test_doctor_measures_the_microphone_and_the_loudspeaker(sound: VirtualSound) -> None:
    command = [sys.executable, "-m", "local_runner.cli", "doctor", "--json"]
    done = subprocess.run(command, env=sound.environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout
    by_name = {finding["name"]: finding for finding in json.loads(done.stdout)["findings"]}
    assert by_name["microphone"]["figures"]["noise_floor_dbfs"] <= -90
    # This microphone is far from this loudspeaker: the tone is not heard again, which is a warning, not a fault.
    assert not by_name["sound check"]["ok"]


@pytest.fixture
def soon() -> Callable[[float], float]:
    """Seconds that something may take here: more on a machine that has other things to do."""
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    return lambda seconds: seconds * max(1.0, busy)
