"""``charley doctor`` on machines that lack things."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def doctor(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "local_runner.cli", "doctor", "--quiet", *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60)


@pytest.fixture
def no_sound(tmp_path: Path) -> dict[str, str]:
    cards = Path("/proc/asound/cards")
    if sys.platform != "linux" or (cards.exists() and "no soundcards" not in cards.read_text()):
        pytest.skip("this machine has a sound card")
    return {"PULSE_SERVER": "unix:/nowhere", "XDG_CACHE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}


def test_without_a_sound_card_it_names_each_fault_and_its_mend(no_sound: dict[str, str]) -> None:
    done = doctor(no_sound, "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["ok"] is False
    by_name = {finding["name"]: finding for finding in report["findings"]}
    for name in ("microphone", "speaker"):
        assert by_name[name]["ok"] is False
        assert by_name[name]["mend"]
    assert by_name["disk"]["ok"]
    assert "Traceback" not in done.stderr


def test_a_missing_voice_model_and_voice_are_faults(no_sound: dict[str, str], tmp_path: Path) -> None:
    done = doctor(no_sound, "--model", str(tmp_path / "none"), "--voice", "nobody")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert any(line.startswith("FAULT  recogniser: there is no voice model") for line in lines)
    assert any(line.startswith("FAULT  voice: ") for line in lines)
    assert lines[-1].startswith("Charley cannot listen")
