"""Settings of the bedside listener: a TOML file, environment variables, and what flags put over them.

The file is ``settings.toml`` in the user's configuration folder (``~/.config/charley`` on Linux). Each value may also
be given as an environment variable, ``CHARLEY_<SECTION>_<NAME>``, where lists are parted by semicolons. Flags of
``charley listen`` come last.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import json
import os
import re
import textwrap
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_runner.errors import SettingsError


@dataclass(frozen=True)
class WakeSettings:
    """What wakes Charley."""

    phrases: tuple[str, ...] = ("hey charley", "help my leg", "leg cramp")
    """Phrases, in words that the voice model knows."""
    sensitivity: float = 0.5
    """0 to 1: higher hears quieter voices, and more often something that was not meant for it."""
    tone: bool = True
    """Whether a soft tone says that it listens."""


@dataclass(frozen=True)
class ListeningSettings:
    """When somebody has finished speaking, and how long to wait for them."""

    pause: float = 1.5
    """Seconds of silence that end an utterance which could still go on: people half asleep speak slowly."""
    pause_complete: float = 0.8
    """Seconds of silence that end an utterance which is a whole request already."""
    longest: float = 12.0
    """Seconds after which an utterance is taken as it is: a television never pauses."""
    wait_after_wake: float = 6.0
    """Seconds to wait for a question after the wake phrase."""
    wait_for_answer: float = 8.0
    """Seconds to wait for an answer in an open session, before the reprompt and again after it (Alexa's eight)."""
    wait_paused: float = 180.0
    """Seconds that a paused answer waits to be resumed."""


@dataclass(frozen=True)
class SpeakingSettings:
    """How it speaks by day."""

    voice: str = ""
    """A voice of the synthesiser, such as gmw/en+f3; empty for its own English."""
    words_per_minute: int = 165
    """Words a minute, 80 to 300."""
    volume: float = 0.0
    """Decibels above the usual loudness (-23 dB below full scale), -30 to 6."""
    duck: float = -14.0
    """Decibels by which it becomes quieter while somebody talks, -40 to 0."""
    step: float = 4.0
    """Decibels for each 'louder' or 'quieter', 1 to 12."""
    follow_softness: bool = True
    """Whether it answers softly when it is spoken to softly."""
    usual_level: float = -32.0
    """Level of an ordinary voice at the microphone, in decibels below full scale; learnt from what is heard."""


@dataclass(frozen=True)
class NightSettings:
    """Quiet hours."""

    begins: str = "22:00"
    """Local time, hours:minutes; the same as ``ends`` for no quiet hours."""
    ends: str = "07:00"
    """Local time, hours:minutes."""
    volume: float = -8.0
    """Decibels added in quiet hours, -30 to 0."""
    rate: float = 0.92
    """Times the usual speed in quiet hours, 0.5 to 1.2."""
    whisper: bool = False
    """Whether it whispers in quiet hours."""
    clear_volume: float = 0.0
    """Decibels of lines that must be heard, at any hour and however softly it was asked, -6 to 6."""


@dataclass(frozen=True)
class SoundSettings:
    """Microphone and loudspeaker."""

    microphone: str = ""
    """Part of the device's name; empty for the system's default."""
    speaker: str = ""
    """Part of the device's name; empty for the system's default."""
    cancel_echo: bool = True
    """Whether its own voice is taken out of what the microphone hears."""
    say_faults: bool = True
    """Whether it says that the microphone is lost or back, where the loudspeaker still works."""
    retry_first: float = 0.5
    """Seconds before a lost device is opened again the first time; doubled each time."""
    retry_longest: float = 20.0
    """Seconds between two tries at most."""


@dataclass(frozen=True)
class PrivacySettings:
    """What is kept."""

    keep_audio: str = ""
    """Folder for what was said after the wake phrase; empty keeps nothing."""
    log_words: bool = False
    """Whether the log and the status line may show words that were heard."""


@dataclass(frozen=True)
class Settings:
    """Everything that can be set."""

    wake: WakeSettings = field(default_factory=WakeSettings)
    listening: ListeningSettings = field(default_factory=ListeningSettings)
    speaking: SpeakingSettings = field(default_factory=SpeakingSettings)
    night: NightSettings = field(default_factory=NightSettings)
    sound: SoundSettings = field(default_factory=SoundSettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)


_LIMITS = {
    "wake.sensitivity": (0, 1),
    "listening.pause": (0.3, 10), "listening.pause_complete": (0.3, 10), "listening.longest": (2, 60),
    "listening.wait_after_wake": (1, 60), "listening.wait_for_answer": (2, 120), "listening.wait_paused": (5, 3600),
    "speaking.words_per_minute": (80, 300), "speaking.volume": (-30, 6), "speaking.duck": (-40, 0),
    "speaking.step": (1, 12), "speaking.usual_level": (-80, 0),
    "night.volume": (-30, 0), "night.rate": (0.5, 1.2), "night.clear_volume": (-6, 6),
    "sound.retry_first": (0.1, 60), "sound.retry_longest": (0.5, 600),
}  # fmt: skip


_TIMES = ("night.begins", "night.ends")
_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")


def settings_path() -> Path:
    """Where the user's settings are: ``settings.toml`` in the configuration folder of ``charley``."""
    import platformdirs

    return Path(platformdirs.user_config_dir("charley")) / "settings.toml"


def load_settings(path: Path | None = None, environment: Mapping[str, str] | None = None, **flags: Any) -> Settings:
    """The settings in force.

    Args:
        path: a settings file that must exist; None reads the user's own if there is one.
        environment: variables; None for the process's own.
        flags: ``section__name=value``; None means that the flag was not given.

    Raises:
        SettingsError: an unknown or wrong value, named with its place.
    """
    values = _from_file(path or settings_path(), must_exist=path is not None)
    for name, text in (os.environ if environment is None else environment).items():
        if place := _place_of(name):
            values[place] = (_from_text(place, text, name), name)
    for name, value in flags.items():
        if value is not None:
            values[name.replace("__", ".", 1)] = (value, "--" + name.split("__")[-1].replace("_", "-"))
    sections: dict[str, dict[str, Any]] = {}
    for place, (value, origin) in values.items():
        section, name = place.split(".")
        sections.setdefault(section, {})[name] = _checked(place, value, origin)
    return Settings(**{s.name: _section(s.name)(**sections.get(s.name, {})) for s in dataclasses.fields(Settings)})


def documented() -> str:
    """A settings file with every value at its default, each with what it means and its unit."""
    lines = ["# Settings of the bedside listener. Remove the '#' in front of a value to change it.", ""]
    for section in dataclasses.fields(Settings):
        kind = _section(section.name)
        lines += [f"# {kind.__doc__}", f"[{section.name}]"]
        meanings = _meanings(kind)
        for value in dataclasses.fields(kind):
            lines += textwrap.wrap(meanings[value.name], 100, initial_indent="# ", subsequent_indent="# ")
            lines.append(f"#{value.name} = {_toml(value.default)}")
        lines.append("")
    return "\n".join(lines)


def _from_file(path: Path, must_exist: bool) -> dict[str, tuple[Any, str]]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if must_exist:
            raise SettingsError(f"there is no settings file {path}", "check the path") from None
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the settings {path} cannot be read ({error})", "check its permissions") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"the settings {path} are not TOML ({error})", "mend that line") from error
    values: dict[str, tuple[Any, str]] = {}
    for section, content in data.items():
        if not isinstance(content, dict):
            raise SettingsError(f"{path}: {section!r} stands in no section", f"put it under one of {_names()}")
        for name, value in content.items():
            values[f"{section}.{name}"] = (value, str(path))
    return values


def _checked(place: str, value: Any, origin: str) -> Any:
    section, _, name = place.partition(".")
    if section not in {s.name for s in dataclasses.fields(Settings)}:
        raise SettingsError(f"{origin}: there is no section [{section}]", f"choose one of {_names()}")
    fields = {f.name: f for f in dataclasses.fields(_section(section))}
    if name not in fields:
        raise SettingsError(f"{origin}: [{section}] has no {name!r}", f"choose one of {', '.join(fields)}")
    default: Any = fields[name].default
    wrong = SettingsError(f"{origin}: {place} is {value!r}", f"give {_kind(place, default)}")
    if isinstance(default, tuple):
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) and v.strip() for v in value) or not value:
            raise wrong
        return tuple(" ".join(v.lower().split()) for v in value)
    if isinstance(default, bool | str):
        if type(value) is not type(default) or (place in _TIMES and not _TIME.fullmatch(str(value))):
            raise wrong
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong
    low, high = _LIMITS[place]
    if not low <= value <= high:
        raise wrong
    return type(default)(value)


def _kind(place: str, default: Any) -> str:
    if isinstance(default, tuple):
        return "a list of phrases"
    if isinstance(default, bool):
        return "true or false"
    if isinstance(default, str):
        return "a time such as 22:00" if place in _TIMES else "a text"
    low, high = _LIMITS[place]
    return f"a number from {low:g} to {high:g}"


def _from_text(place: str, text: str, origin: str) -> Any:
    section, _, name = place.partition(".")
    default = next(f.default for f in dataclasses.fields(_section(section)) if f.name == name)
    if isinstance(default, tuple):
        return [part.strip() for part in text.split(";") if part.strip()]
    if isinstance(default, bool):
        truth = {
            "true": True,
            "1": True,
            "yes": True,
            "on": True,
            "false": False,
            "0": False,
            "no": False,
            "off": False,
        }
        return truth.get(text.strip().lower(), text)
    if isinstance(default, str):
        return text
    try:
        return float(text)
    except ValueError:
        raise SettingsError(f"{origin}: {place} is {text!r}", f"give {_kind(place, default)}") from None


def _place_of(variable: str) -> str | None:
    for section in dataclasses.fields(Settings):
        for value in dataclasses.fields(_section(section.name)):
            if variable == f"CHARLEY_{section.name}_{value.name}".upper():
                return f"{section.name}.{value.name}"
    return None


def _section(name: str) -> Any:
    return {
        "wake": WakeSettings, "listening": ListeningSettings, "speaking": SpeakingSettings,
        "night": NightSettings, "sound": SoundSettings, "privacy": PrivacySettings,
    }[name]  # fmt: skip


def _names() -> str:
    return ", ".join(f"[{section.name}]" for section in dataclasses.fields(Settings))


def _meanings(kind: Any) -> dict[str, str]:
    """Field name → the docstring under it, which Python itself throws away."""
    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(body, ast.ClassDef)
    found: dict[str, str] = {}
    for statement, following in zip(body.body, body.body[1:], strict=False):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            assert isinstance(following, ast.Expr)
            assert isinstance(following.value, ast.Constant)
            found[statement.target.id] = " ".join(str(following.value.value).split())
    return found


def _toml(value: Any) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
