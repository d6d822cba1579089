"""``charley bench``: what the listener costs and how quickly it answers, on this machine."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from local_runner.commands.shared import own_model_path, own_or, quiet, skill_options, voice_model_option

if TYPE_CHECKING:
    from local_runner.listener.assembly import Night
    from local_runner.listener.journal import Journal
    from local_runner.listener.measure import Prepare
    from local_runner.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])
_FILES = click.Path(path_type=Path, exists=True)
_QUESTIONS = (
    "my calf is cramping",
    "why do i get leg cramps",
    "how long does a cramp last",
    "i have a cramp in my foot",
)


@click.group(invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Latency, idle cost, wake phrases and memory on this machine, each printed as JSON. Without a measure: the quick
    ones, cost and latency."""
    if context.invoked_subcommand is None:
        context.invoke(cost)
        context.invoke(latency)


def _night_options(function: F) -> F:
    return skill_options(voice_model_option(function))


@command.command()
@_night_options
@click.option("--talk", multiple=True, type=_FILES, help="A recording of speech that is not for it (repeatable).")
@click.option("--seconds", default=60.0, show_default=True, help="Length of each part.")
def cost(
    skill_name: str | None = None,
    interaction_model: Path | None = None,
    voice_model: str | None = None,
    talk: tuple[Path, ...] = (),
    seconds: float = 60.0,
) -> None:
    """Processor time while the room is quiet, and while a television talks."""
    from local_runner.listener import measure

    _print("cost", measure.cost(_prepare(skill_name, interaction_model, voice_model), _recordings(talk), seconds))


@command.command()
@_night_options
@click.option("--question", multiple=True, help="What is asked (repeatable).")
def latency(
    skill_name: str | None = None,
    interaction_model: Path | None = None,
    voice_model: str | None = None,
    question: tuple[str, ...] = (),
) -> None:
    """Time from the end of a question to the first sound of the answer."""
    from local_runner.listener import measure

    prepare = _prepare(skill_name, interaction_model, voice_model)
    _print("latency", measure.latency(prepare, question or _QUESTIONS))


@command.command()
@_night_options
@click.option("--tries", default=20, show_default=True)
@click.option("--echo", default=0.0, show_default=True, help="Own voice at the microphone, in dB over what is played.")
def stop(
    skill_name: str | None, interaction_model: Path | None, voice_model: str | None, tries: int, echo: float
) -> None:
    """'Stop' while it speaks: how often it is heard, how soon it is silent."""
    from local_runner.listener import measure

    _print("stop", measure.stop(_prepare(skill_name, interaction_model, voice_model), tries, echo))


@command.command("own-voice")
@_night_options
@click.option("--minutes", default=60.0, show_default=True, help="About how much of what it can say is played.")
@click.option("--lines", type=click.Path(path_type=Path, exists=True), help="What it can say, one line each.")
def own_voice(
    skill_name: str | None,
    interaction_model: Path | None,
    voice_model: str | None,
    minutes: float,
    lines: Path | None,
) -> None:
    """Everything it can say, played into its microphone: wakes."""
    from local_runner.listener import measure

    texts = lines.read_text(encoding="utf-8").splitlines() if lines else _own_lines()
    chosen: list[str] = []
    for text in texts:
        # About 150 words a minute.
        if sum(len(line.split()) for line in chosen) > minutes * 150:
            break
        chosen.append(text)
    _print("own voice", measure.own_voice(_prepare(skill_name, interaction_model, voice_model), chosen))


@command.command()
@_night_options
@click.option("--hours", default=8.0, show_default=True)
def endurance(skill_name: str | None, interaction_model: Path | None, voice_model: str | None, hours: float) -> None:
    """A long night replayed: memory, handles, threads, missed wakes."""
    from local_runner.listener import measure

    _print("endurance", measure.endurance(_prepare(skill_name, interaction_model, voice_model), hours))


@command.command()
@voice_model_option
@click.argument("phrase")
@click.argument("recordings", nargs=-1, type=_FILES, required=True)
@click.option("--false", "others", multiple=True, type=_FILES, help="Sound without the phrase: files or folders.")
@click.option("--noise", type=_FILES, help="A recording of noise to mix in.")
@click.option("--snr", multiple=True, type=float, help="Signal-to-noise ratios in dB (repeatable).")
@click.option("--sensitivity", multiple=True, type=float, default=(0.5,), show_default=True)
def wake(
    voice_model: str | None,
    phrase: str,
    recordings: tuple[Path, ...],
    others: tuple[Path, ...],
    noise: Path | None,
    snr: tuple[float, ...],
    sensitivity: tuple[float, ...],
) -> None:
    """Recordings of PHRASE (files or folders): how many wake, and how often other sound does."""
    from local_runner.audio import read_sound
    from local_runner.listener import measure
    from local_runner.listener.spotter import PhraseSpotter
    from local_runner.recognition import default_voice_model, find_voice_model

    quiet()
    model = find_voice_model(voice_model) if voice_model else default_voice_model()
    sound = read_sound(noise).samples if noise else None
    for value in sensitivity:
        spotter = PhraseSpotter([phrase], model, value)
        result: dict[str, Any] = {"phrase": phrase, "sensitivity": value}
        result["clean"] = measure.wakes(spotter, _recordings(recordings))
        for ratio in snr if sound is not None else ():
            result[f"{ratio:g} dB"] = measure.wakes(spotter, _recordings(recordings), sound, ratio)
        if others:
            result["false"] = measure.false_wakes(spotter, _recordings(others))
        _print("wake", result)


def _prepare(skill_name: str | None, interaction_model: Path | None, voice_model: str | None) -> Prepare:
    from local_runner.interaction_model import InteractionModel
    from local_runner.listener.assembly import prepare
    from local_runner.recognition import default_voice_model, find_voice_model

    quiet()
    skill = own_or(skill_name)
    model = InteractionModel.load(interaction_model or own_model_path())
    path = find_voice_model(voice_model) if voice_model else default_voice_model()

    @functools.wraps(prepare)
    def make(settings: Settings, journal: Journal, started: datetime) -> Night:
        return prepare(settings, skill, model, path, journal=journal, started=started)

    return make


def _recordings(places: tuple[Path, ...]) -> list[Path]:
    """Files, and the recordings in folders."""
    found: list[Path] = []
    for place in places:
        found += (
            sorted(p for p in place.rglob("*") if p.suffix in (".wav", ".flac", ".ogg")) if place.is_dir() else [place]
        )
    return found


def _own_lines() -> list[str]:
    """Every line of Charley's own content."""
    import yaml

    lines: list[str] = []

    def collect(value: Any) -> None:
        if isinstance(value, str) and " " in value and value[0].isupper():
            lines.append(value)
        elif isinstance(value, dict):
            for name, inner in value.items():
                if name not in ("ask", "sources", "covers", "title", "publisher", "address"):
                    collect(inner)
        elif isinstance(value, list):
            for inner in value:
                collect(inner)

    folder = own_model_path().parents[3] / "content"
    for path in sorted(folder.rglob("*.yaml")):
        if path.name not in ("sources.yaml", "statements.yaml"):
            collect(yaml.safe_load(path.read_text(encoding="utf-8")))
    return lines


def _print(measure: str, result: dict[str, Any]) -> None:
    click.echo(json.dumps({"measure": measure, **result}, ensure_ascii=False))
