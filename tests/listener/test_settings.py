"""Settings: file, environment, flags, and one clear line for each wrong value."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

import pytest

from local_runner.errors import SettingsError
from local_runner.settings import Settings, documented, load_settings


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    return path


def test_flags_win_over_environment_wins_over_file(tmp_path: Path) -> None:
    path = written(
        tmp_path, '[speaking]\nvolume = -3\nvoice = "gmw/en"\nwords_per_minute = 150\n[night]\nwhisper = true\n'
    )
    environment = {"CHARLEY_SPEAKING_VOLUME": "-6", "CHARLEY_SPEAKING_WORDS_PER_MINUTE": "140", "CHARLEY_OTHER": "x"}
    settings = load_settings(path, environment, speaking__volume=-9.0, speaking__voice=None)
    assert settings.speaking.volume == -9.0
    assert settings.speaking.words_per_minute == 140
    assert settings.speaking.voice == "gmw/en"
    assert settings.night.whisper is True


def test_without_anything_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert load_settings(environment={}) == Settings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[speaking]\nvolume = 99", "speaking.volume is 99"),
        ("[speaking]\nvolume = true", "a number from -30 to 6"),
        ("[night]\nbegins = '25:00'", "a time such as 22:00"),
        ("[night]\nbegins = ''", "a time such as 22:00"),
        ("[wake]\nphrases = []", "a list of phrases"),
        ("[wake]\nphrases = 'jarvis'", "a list of phrases"),
        ("[wake]\nphrase = 'jarvis'", "no 'phrase'"),
        ("[sounds]\nx = 1", r"no section \[sounds\]"),
        ("volume = 1", "stands in no section"),
        ("[wake", "not TOML"),
    ],
)
def test_a_wrong_value_is_one_clear_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings(written(tmp_path, text), {})
    assert "settings.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_variable_names_itself() -> None:
    with pytest.raises(SettingsError, match="CHARLEY_SPEAKING_VOLUME"):
        load_settings(environment={"CHARLEY_SPEAKING_VOLUME": "loud"})
    with pytest.raises(SettingsError, match="--volume"):
        load_settings(environment={}, speaking__volume=99)
    with pytest.raises(SettingsError, match="no settings file"):
        load_settings(Path("none.toml"), {})


def test_the_documented_file_names_every_value_and_is_valid(tmp_path: Path) -> None:
    text = documented()
    uncommented = "\n".join(line[1:] if line.startswith("#") and " = " in line else line for line in text.splitlines())
    data = tomllib.loads(uncommented)
    for section in dataclasses.fields(Settings):
        values = getattr(Settings(), section.name)
        assert set(data[section.name]) == {value.name for value in dataclasses.fields(values)}
    assert load_settings(written(tmp_path, uncommented), {}) == Settings()
