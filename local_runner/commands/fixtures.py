"""``charley fixtures``: recorded questions, run and scored, or recorded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

import click

from local_runner.commands.shared import OWN_SKILL, own_model_path, quiet, skill_options, voice_model_option
from local_runner.errors import InputError, SkillLoadError, UsageError

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


class _Run(click.Command):
    """Takes ``--snr 24 18 12 6`` as well as ``--snr 24 --snr 18``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _repeated(args, "--snr"))


def _repeated(args: list[str], option: str) -> list[str]:
    """Repeat an option before each of the numbers that follow it."""
    out: list[str] = []
    inside = False
    for arg in args:
        if arg == option:
            inside = True
        elif inside and _NUMBER.fullmatch(arg):
            out += [option, arg]
        else:
            if inside and out[-2:-1] != [option]:
                out.append(option)  # no number came: click says so
            inside = False
            out.append(arg)
    if inside and out[-2:-1] != [option]:
        out.append(option)
    return out


def _share(ctx: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    if value is None:
        return None
    try:
        share = float(value.rstrip(" %")) / (100 if value.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise click.BadParameter("give a share between 0 and 1, or a percentage such as 90%")
    return share


@click.group()
def command() -> None:
    """Recorded questions: run and score them, or record your own."""


@command.command(cls=_Run)
@click.argument("folder", type=click.Path(path_type=Path))
@skill_options
@voice_model_option
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="write results here (- for standard output)")
@click.option("--junit", type=click.Path(path_type=Path), help="write JUnit XML here")
@click.option("--report", type=click.Path(path_type=Path), help="write one self-contained HTML page here")
@click.option("--noise", "noises", type=click.Path(path_type=Path), multiple=True, help="mix in this noise")
@click.option("--snr", "snrs", type=float, multiple=True, metavar="DB...", help="ratios, as in --snr 24 18 12 6")
@click.option(
    "--snr-kind",
    type=click.Choice(["frame", "rms"]),
    default="frame",
    show_default=True,
    help="loudest 2048-sample frames, as the public benchmark mixes, or mean power",
)
@click.option("--clean", is_flag=True, help="with --noise: hear the folder without noise, too")
@click.option("--rir", "room", metavar="NAME|FILE", help="a room: bedside, bedroom, or a recorded impulse response")
@click.option("--gain", "gain_db", type=float, default=0.0, metavar="DB", help="louder, or quieter below 0")
@click.option("--seed", type=int, default=0, show_default=True, help="which stretches of the noise are taken")
@click.option("--jobs", type=click.IntRange(1), help="processes (default: one a core)")
@click.option("--fail-under", callback=_share, metavar="SHARE", help="exit 1 when less is right, as in 0.9 or 90%")
@click.option("--baseline", type=click.Path(path_type=Path), help="an earlier --json file: exit 1 on what got worse")
@click.option("--update-known-failures", is_flag=True, help="write what fails now into DIR/known_failures")
@click.option("--all", "everything", is_flag=True, help="list the recordings that were right, too")
@click.pass_context
def run(
    ctx: click.Context,
    folder: Path,
    skill_name: str | None,
    interaction_model: Path | None,
    voice_model: str | None,
    json_file: Path | None,
    junit: Path | None,
    report: Path | None,
    noises: tuple[Path, ...],
    snrs: tuple[float, ...],
    snr_kind: Literal["frame", "rms"],
    clean: bool,
    room: str | None,
    gain_db: float,
    seed: int,
    jobs: int | None,
    fail_under: float | None,
    baseline: Path | None,
    update_known_failures: bool,
    everything: bool,
) -> None:
    """Hear every recording of FOLDER and judge it by FOLDER/labels.json.

    Another skill's answers are asked for only when --skill names it; Charley's own when its own interaction model is
    used. A folder with a file known_failures fails on every failure that is not in it, and on every one in it that
    passes.
    """
    from rich.console import Console

    from local_runner.fixtures.conditions import conditions
    from local_runner.fixtures.labels import KNOWN_FAILURES_FILE, load_labels
    from local_runner.fixtures.running import Setup, default_jobs
    from local_runner.fixtures.verdict import judge, known_failures_text, read_baseline
    from local_runner.interaction_model import InteractionModel

    quiet()
    if skill_name and not interaction_model:
        raise SkillLoadError("--skill needs --interaction-model", "give the skill's interaction model")
    for out in (json_file, junit, report):
        if out is not None and not out.resolve().parent.is_dir():
            raise UsageError(f"there is no folder {out.resolve().parent}", "make it first, or choose another file")
    before = read_baseline(baseline) if baseline else None
    heard_in = conditions(noises, snrs, snr_kind, room, gain_db, seed, clean)
    model = InteractionModel.load(interaction_model or own_model_path())
    labels = load_labels(folder, model)
    voice = None
    if voice_model:
        from local_runner.recognition import find_voice_model

        voice = find_voice_model(voice_model)
    setup = Setup(model, skill_name or (None if interaction_model else OWN_SKILL), voice)
    results = _run_with_progress(labels, setup, heard_in, jobs or default_jobs())
    verdict = judge(results, fail_under, before)
    if update_known_failures:
        _write(folder / KNOWN_FAILURES_FILE, known_failures_text(results, "# file  # why"))
    on_stdout = json_file is not None and str(json_file) == "-"
    from local_runner.fixtures.terminal import show

    console = Console(stderr=on_stdout, width=None if Console().is_terminal else 140)
    show(console, results, verdict, everything)
    if json_file is not None:
        import json

        from local_runner.fixtures.summary import to_json

        text = json.dumps(to_json(results), indent=1, ensure_ascii=False) + "\n"
        click.echo(text, nl=False) if on_stdout else _write(json_file, text)
    if junit is not None:
        from local_runner.fixtures.junit import to_junit

        _write(junit, to_junit(results, verdict))
    if report is not None:
        from local_runner.fixtures.report import to_html

        _write(report, to_html(results, verdict))
        click.echo(f"report: {report}", err=True)
    if verdict.failures and not update_known_failures:
        ctx.exit(1)
    if results.problems:
        ctx.exit(2)


def _run_with_progress(labels: Any, setup: Any, heard_in: Any, jobs: int) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from local_runner.fixtures.running import run as run_fixtures

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("listening", total=len(labels.fixtures) * len(heard_in))
        wrong = 0

        def advance(outcome: Any) -> None:
            nonlocal wrong
            wrong += not outcome.ok
            progress.update(task, advance=1, description=f"listening ({wrong} wrong)" if wrong else "listening")

        return run_fixtures(labels, setup, heard_in, jobs, advance)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write {path} ({error.strerror})", "choose another place") from error


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--interaction-model", type=click.Path(path_type=Path), help="whose samples to read (default: Charley's)")
@click.option("--speaker", metavar="NAME", help="who speaks; any name that is not the real one will do")
@click.option("--condition", default="near", show_default=True, help="how: near, far, whispered, ...")
@click.option("--count", type=click.IntRange(1), default=20, show_default=True, help="how many recordings")
@click.option("--microphone", metavar="NAME", help="part of the microphone's name (default: the system's)")
@click.option("--input", "recording", type=click.Path(path_type=Path), help="a WAV file as the microphone")
@click.option("--no-playback", is_flag=True, help="do not play recordings back")
@click.option("--seed", type=int, default=0, show_default=True, help="decides what is drawn")
def record(
    folder: Path,
    interaction_model: Path | None,
    speaker: str | None,
    condition: str,
    count: int,
    microphone: str | None,
    recording: Path | None,
    no_playback: bool,
    seed: int,
) -> None:
    """Record fixtures into FOLDER: shows what to say, listens, plays back, labels.

    What to say is drawn from the interaction model's samples, from the intents with the fewest recordings first. Stop
    whenever you like; the next time goes on from there.
    """
    from local_runner.audio import FileMicrophone, Microphone
    from local_runner.audio.devices import SoundCardMicrophone
    from local_runner.fixtures.recording import prompts, read_entries
    from local_runner.fixtures.session import Talk, consented, hold
    from local_runner.interaction_model import InteractionModel

    model = InteractionModel.load(interaction_model or own_model_path())
    source: Microphone = FileMicrophone(recording) if recording else SoundCardMicrophone(microphone)
    _make(folder)
    done = list(read_entries(folder).values())
    speaker = speaker or click.prompt("Your name, or any other", err=True)

    def tell(text: str) -> None:
        click.echo(text, err=True)

    def agree(text: str) -> bool:
        tell(text)
        return click.confirm(f"Does {speaker} agree?", err=True)

    def ready() -> bool:
        return click.prompt("Enter, then speak (q: stop)", default="", show_default=False, err=True).strip() != "q"

    def choose() -> Any:
        keys = {"": "keep", "k": "keep", "r": "again", "s": "skip", "q": "quit"}
        text = "Enter: keep, r: once more, s: skip, q: stop"
        answer = click.prompt(
            text, default="", show_default=False, type=click.Choice(list(keys)), show_choices=False, err=True
        )
        return keys[answer]

    talk = Talk(tell, agree, ready, choose, (lambda sound: None) if no_playback or recording else _play)
    if not consented(folder, speaker, talk):
        tell("Nothing was recorded.")
        return
    kept = hold(folder, prompts(model, done, seed), count, source, talk, speaker, condition)
    tell(f"{kept} recorded, {len(done) + kept} in {folder}. Hear them scored: charley fixtures run {folder}")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make the folder {folder} ({error.strerror})", "choose another place") from error


def _play(sound: Any) -> None:
    """Play a recording; a machine without a loudspeaker says so once and goes on."""
    import threading

    import numpy as np

    from local_runner.audio.devices import SoundCardSpeaker
    from local_runner.errors import SoundDeviceError

    finished = threading.Event()
    at = 0

    def give(count: int) -> Any:
        nonlocal at
        part = sound.samples[at : at + count]
        at += count
        if at > len(sound.samples) + sound.rate // 5:
            finished.set()
        return np.pad(part, (0, count - len(part)))

    speaker = SoundCardSpeaker(rate=sound.rate)
    try:
        speaker.open(give)
        finished.wait(sound.seconds + 3)
    except SoundDeviceError as error:
        click.echo(f"(cannot play it back: {error})", err=True)
    finally:
        speaker.close()
