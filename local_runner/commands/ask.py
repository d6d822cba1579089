"""``charley ask``: one question, one answer, in a new session."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from local_runner.commands.shared import (
    json_option,
    make_assistant,
    show,
    skill_options,
    voice_model_option,
)
from local_runner.errors import SoundDeviceError, UsageError, VoiceError

if TYPE_CHECKING:
    from local_runner.exchange import Exchange


@click.command()
@click.argument("text", nargs=-1)
@click.option("--audio", type=click.Path(path_type=Path), help="a recorded question (WAV, FLAC or OGG)")
@click.option("--lines", type=click.Path(path_type=Path), help="a text file: every line in a session of its own")
@click.option("--out", type=click.Path(path_type=Path), help="write the spoken answer to this WAV file")
@click.option("--play", is_flag=True, help="say the answer through the loudspeaker")
@click.option("--voice", metavar="NAME", help="voice to speak with (charley doctor lists some)")
@json_option
@skill_options
@voice_model_option
def command(
    text: tuple[str, ...],
    audio: Path | None,
    lines: Path | None,
    out: Path | None,
    play: bool,
    voice: str | None,
    as_json: bool,
    skill_name: str | None,
    interaction_model: Path | None,
    voice_model: str | None,
) -> None:
    """Ask one question, in words or as a recording, and get the answer."""
    given = [bool(text), audio is not None, lines is not None]
    if sum(given) != 1:
        raise UsageError(
            "give one question", 'as text ("my calf is cramping"), with --audio FILE, or with --lines FILE'
        )
    if lines is not None and (out or play):
        raise UsageError("--out and --play go with one question", "leave them out with --lines")
    question = " ".join(text)
    if text and not question.strip():
        raise UsageError("the question is empty", 'ask something, as in: charley ask "my calf is cramping"')
    if out is not None and not out.resolve().parent.is_dir():
        raise UsageError(f"there is no folder {out.resolve().parent}", "make it first, or choose another --out")
    assistant = make_assistant(skill_name, interaction_model, voice_model)
    own = skill_name is None
    if lines is not None:
        from local_runner.assistant import read_lines

        for line in read_lines(lines):
            show(assistant.ask_text(line), as_json=as_json, own_skill=own)
            assistant.end()
        return
    if audio is not None:
        from local_runner.audio import read_sound

        exchange = assistant.ask_sound(read_sound(audio))
    else:
        exchange = assistant.ask_text(question)
    spoken = _speak(exchange, out, play, voice) if out or play else exchange
    show(spoken, as_json=as_json, own_skill=own)
    # One question is one session: a skill that asked something back is told that nobody will answer.
    assistant.end()


def _speak(exchange: Exchange, out: Path | None, play: bool, voice_name: str | None) -> Exchange:
    """Render the answer to a file, to the loudspeaker, or both; what fails is said, and the words are still printed."""
    from dataclasses import replace

    from local_runner.audio import write_wav
    from local_runner.speech import Pyttsx3Voice, parse_ssml

    started = time.perf_counter()
    try:
        with Pyttsx3Voice(voice_name) as voice:
            sound = voice.render(parse_ssml(exchange.reply.ssml))
    except VoiceError as error:
        if out is not None:
            raise  # a file was asked for, and there is none
        click.echo(f"charley: {error}", err=True)
        return exchange
    timing = {**exchange.timing_ms, "speak": (time.perf_counter() - started) * 1000}
    if out is not None:
        write_wav(out, sound)
        click.echo(f"the answer is in {out}", err=True)
    if play:
        from local_runner.audio.playing import play_sound

        try:
            play_sound(sound)
        except SoundDeviceError as error:
            click.echo(f"charley: not heard, only written: {error}", err=True)
    return replace(exchange, timing_ms=timing)
