"""Whole nights from recordings: the command as a user calls it, its voice recognised again from the file it wrote."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from listening_nights import SMALL_SKILL, Spoken, events_of, run_listener

from local_runner.audio import read_sound
from local_runner.listening import phrases_model
from local_runner.recognition import VoskRecogniser, default_voice_model

NOON = (*SMALL_SKILL, "--at", "12:00")


def night(recording: Path, tmp_path: Path, *options: str, name: str = "night") -> tuple[list[dict[str, Any]], Path]:
    events, answer = tmp_path / f"{name}.jsonl", tmp_path / f"{name}.wav"
    run_listener("--input", str(recording), "--output", str(answer), "--events", str(events), *NOON, *options)
    return events_of(events), answer


def named(events: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [event for event in events if event["event"] == name]


def level_between(path: Path, start: float, end: float) -> float:
    samples = read_sound(path).samples[int(start * 16_000) : int(end * 16_000)].astype(float)
    return float(20 * np.log10(np.sqrt(np.mean(samples**2)) / 32768 + 1e-9))


@pytest.fixture(scope="module")
def stopped_night(spoken: Spoken, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], Path, Path]:
    folder = tmp_path_factory.mktemp("stopped")
    recording = spoken(1.0, "hey charley my calf is cramping", 9.0, "stop", 4.0)
    events, answer = night(recording, folder)
    return events, answer, recording


def test_a_question_in_one_breath_is_answered_aloud(stopped_night: tuple[list[dict[str, Any]], Path, Path]) -> None:
    events, answer, _ = stopped_night
    assert [event["event"] for event in events][:6] == [
        "started", "wake", "heard", "answer", "session_open", "speaking",
    ]  # fmt: skip
    assert named(events, "wake")[0]["phrase"] == "hey charley"
    heard = named(events, "heard")[0]
    assert heard["intent"] == "HoldIntent"
    assert heard["slots"] == {"BodyPart": "calf"}
    began = named(events, "speaking")[0]["t"]
    assert level_between(answer, 0, began - 0.1) < -90
    # What it says is heard again by another recogniser of phrases.
    spoken_answer = read_sound(answer)
    words = VoskRecogniser(default_voice_model(), phrases_model(["straighten that leg", "pull your toes up", "leg"]))
    assert "leg" in words.recognise(spoken_answer).best.text.split()


def test_stop_in_the_middle_of_a_hold_is_silence_for_good(
    stopped_night: tuple[list[dict[str, Any]], Path, Path],
) -> None:
    events, answer, _ = stopped_night
    interrupted = named(events, "interrupted")[0]
    assert interrupted["by"] == "stop"
    stop_ended = 14.0  # the word begins at about 12 s of the recording
    assert interrupted["t"] < stop_ended
    # Before it there was a count, or the silence of the hold; after it nothing for good.
    assert level_between(answer, interrupted["t"] - 4, interrupted["t"]) > -60
    assert level_between(answer, interrupted["t"] + 0.1, interrupted["t"] + 3) < -90
    assert events[-2]["event"] == "session_closed"
    assert events[-1]["event"] == "stopped"


def test_the_same_recording_gives_the_same_night(
    stopped_night: tuple[list[dict[str, Any]], Path, Path], tmp_path: Path
) -> None:
    events, answer, recording = stopped_night
    again, second = night(recording, tmp_path)
    assert [{**event, "input": ""} for event in again] == [{**event, "input": ""} for event in events]
    assert second.read_bytes() == answer.read_bytes()


def test_a_conversation_a_reprompt_and_speech_for_somebody_else(spoken: Spoken, tmp_path: Path) -> None:
    recording = spoken(
        1.0, "did you see what she said to him about the house", 1.5,
        "hey charley", 2.2, "why do i get leg cramps", 3.0, "louder", 4.0, "stop", 3.0,
    )  # fmt: skip
    events, _ = night(recording, tmp_path)
    assert len(named(events, "wake")) == 1
    heard = [event["intent"] for event in named(events, "heard")]
    assert heard[0] == "WhyIntent"
    assert "Device.LouderIntent" in heard
    volumes = [event["volume_db"] for event in named(events, "speaking")]
    assert volumes[1] == volumes[0] + 4
    assert events[-1]["event"] == "stopped"


def test_nobody_calls_and_nothing_is_said(spoken: Spoken, tmp_path: Path) -> None:
    recording = spoken(2.0, "what time does the train leave", 1.0, "i told you she would come", 2.0)
    events, answer = night(recording, tmp_path)
    assert [event["event"] for event in events] == ["started", "stopped"]
    assert not read_sound(answer).samples.any()


def test_any_words_can_wake_it_and_what_is_none_is_refused(spoken: Spoken, tmp_path: Path) -> None:
    recording = spoken(1.0, "good evening house", 9.0)
    events, _ = night(recording, tmp_path, "--wake", "good evening house", "--quiet")
    assert [event["event"] for event in events] == ["started", "wake", "ignored", "stopped"]
    command = [
        sys.executable,
        "-m",
        "local_runner.cli",
        "listen",
        "--input",
        str(recording),
        "--wake",
        "?!",
        *SMALL_SKILL,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "wake phrase" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_night_needs_no_network_and_keeps_no_sound(spoken: Spoken, tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-n", "true"], capture_output=True).returncode != 0:
        pytest.skip("empty network namespaces are not permitted here (unshare -n)")
    recording = spoken(1.0, "help my leg", 3.0, "stop", 2.0)
    home = tmp_path / "home"
    home.mkdir()
    command = [unshare, "-n", sys.executable, "-m", "local_runner.cli", "listen", "--input", str(recording)]
    command += ["--events", str(tmp_path / "e.jsonl"), *NOON]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=home)
    assert done.returncode == 0, done.stderr
    assert named(events_of(tmp_path / "e.jsonl"), "answer")
    assert not list(home.rglob("*"))


def test_what_was_said_is_kept_only_where_asked(spoken: Spoken, tmp_path: Path) -> None:
    recording = spoken(1.0, "help my leg", 2.0)
    night(recording, tmp_path, "--keep-audio", str(tmp_path / "kept"))
    kept = list((tmp_path / "kept").glob("*.wav"))
    assert len(kept) == 1
    assert 0.5 < read_sound(kept[0]).seconds < 4
