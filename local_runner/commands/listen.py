"""``charley listen``: the bedside listener."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from local_runner.commands.shared import OWN_SKILL, own_model_path, own_or, quiet, skill_options, voice_model_option
from local_runner.errors import SkillLoadError, UsageError

if TYPE_CHECKING:
    from local_runner.device import Reply
    from local_runner.settings import Settings

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@skill_options
@voice_model_option
@click.option("--input", "input_path", type=_FILE, help="A recording as the microphone, in audio time.")
@click.option("--output", "output_path", type=_FILE, help="A WAV file as the loudspeaker (with --input).")
@click.option("--events", type=_FILE, help="Log what happened, one JSON object a line, with audio time and words.")
@click.option("--wake", multiple=True, metavar="PHRASE", help="A wake phrase instead of the settings' (repeatable).")
@click.option("--sensitivity", type=float, help="0 to 1: higher wakes more easily.")
@click.option("--settings", "settings_path", type=_FILE, help="Another settings file.")
@click.option("--show-settings", is_flag=True, help="Print every setting with its meaning, and end.")
@click.option("--quiet", is_flag=True, help="No tone when it listens.")
@click.option("--volume", type=float, metavar="DB", help="Decibels above the usual loudness.")
@click.option("--voice", metavar="ID", help="A voice of the synthesiser, such as gmw/en-us.")
@click.option("--microphone", metavar="NAME", help="Part of the microphone's name.")
@click.option("--speaker", metavar="NAME", help="Part of the loudspeaker's name.")
@click.option("--at", metavar="TIME", help="Local time at the start, such as 23:15 (default: now).")
@click.option("--keep-audio", type=click.Path(path_type=Path, file_okay=False), help="Keep what was said, here.")
@click.option("--seconds", type=float, help="End after so many seconds (default: never).")
def command(
    skill_name: str | None,
    interaction_model: Path | None,
    voice_model: str | None,
    input_path: Path | None,
    output_path: Path | None,
    events: Path | None,
    wake: tuple[str, ...],
    sensitivity: float | None,
    settings_path: Path | None,
    show_settings: bool,
    quiet: bool,
    volume: float | None,
    voice: str | None,
    microphone: str | None,
    speaker: str | None,
    at: str | None,
    keep_audio: Path | None,
    seconds: float | None,
) -> None:
    """Listen beside the bed: wake, hear, answer, keep the conversation open, all night.

    Nothing that is heard leaves this machine, and nothing is kept unless --keep-audio asks for it.
    """
    from local_runner.settings import documented, load_settings

    if show_settings:
        click.echo(documented())
        return
    if output_path is not None and input_path is None:
        raise UsageError("--output needs --input", "a file can be the loudspeaker only where a file is the microphone")
    if skill_name and not interaction_model:
        raise SkillLoadError("--skill needs --interaction-model", "give the skill's interaction model")
    settings = load_settings(
        settings_path,
        wake__phrases=wake or None,
        wake__sensitivity=sensitivity,
        wake__tone=False if quiet else None,
        speaking__volume=volume,
        speaking__voice=voice,
        sound__microphone=microphone,
        sound__speaker=speaker,
        privacy__keep_audio=str(keep_audio) if keep_audio else None,
    )
    started = _moment(at)
    if input_path is None:
        from local_runner.listener import supervisor

        if supervisor.wanted():
            command_line = [sys.executable, "-m", "local_runner.cli", *sys.argv[1:]]
            raise click.exceptions.Exit(supervisor.supervise(command_line))
    _listen(
        settings, skill_name, interaction_model, voice_model, input_path, output_path, events, started, seconds
    )  # fmt: skip


def _listen(
    settings: Settings,
    skill_name: str | None,
    interaction_model: Path | None,
    voice_model: str | None,
    input_path: Path | None,
    output_path: Path | None,
    events: Path | None,
    started: datetime,
    seconds: float | None,
) -> None:
    from local_runner.audio import FileMicrophone, FileSpeaker
    from local_runner.interaction_model import InteractionModel
    from local_runner.listener.assembly import prepare
    from local_runner.listener.journal import Journal
    from local_runner.listener.supervisor import restarts
    from local_runner.recognition import default_voice_model, find_voice_model

    quiet()
    own = skill_name in (None, OWN_SKILL)
    journal = Journal(events, append=restarts() > 0)
    night = prepare(
        settings,
        own_or(skill_name),
        InteractionModel.load(interaction_model or own_model_path()),
        find_voice_model(voice_model) if voice_model else default_voice_model(),
        journal=journal,
        started=started,
        must_be_clear=_is_emergency if own else lambda reply: False,
        details=_topic if own else lambda reply: {},
    )
    try:
        if input_path is not None:
            from local_runner.listener.offline import replay

            replay(night.bedside, FileMicrophone(input_path), FileSpeaker(output_path, night.player.rate), night.player)
            return
        from local_runner.listener.live import listen

        listen(night, settings, seconds)
    finally:
        night.close()


def _is_emergency(reply: Reply) -> bool:
    """Charley's own skill says so in its session attributes (design: ``answer.level``)."""
    answer = reply.attributes.get("answer")
    return isinstance(answer, Mapping) and answer.get("level") == "emergency"


def _topic(reply: Reply) -> Mapping[str, Any]:
    answer = reply.attributes.get("answer")
    if not isinstance(answer, Mapping):
        return {}
    return {"topic": answer.get("topic"), "level": answer.get("level")}


def _moment(text: str | None) -> datetime:
    now = datetime.now().replace(microsecond=0)
    if text is None:
        return now
    try:
        parsed = datetime.strptime(text, "%H:%M")
    except ValueError:
        raise UsageError(f"--at {text} is not a time", "give hours and minutes, such as 23:15") from None
    return now.replace(hour=parsed.hour, minute=parsed.minute, second=0)
