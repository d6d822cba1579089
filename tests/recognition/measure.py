"""Measures the recogniser on recordings of real people: commands in noise, speech to others, wake phrases, costs.

``.venv/bin/python tests/recognition/measure.py commands|others|wake|cost --help``. Needs the recordings that
``CHARLEY_SPEECH`` names (see docs/recognition.md); prints JSON, one object for each condition.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
import soundfile
import soxr

from local_runner.fixtures.mixing import mixed, to_float, to_int16
from local_runner.hearing import UNKNOWN_WORD
from local_runner.interaction_model import InteractionModel
from local_runner.listening import ListeningModel, listening_model
from local_runner.recognition import GraphSettings, VoskRecogniser, find_voice_model
from local_runner.recognition.evidence import OURS_ALONE
from local_runner.sound import CAPTURE_RATE, Sound

CHARLEY = Path(__file__).parent.parent.parent / "skill/skill-package/interactionModels/custom/en-US.json"
THRESHOLDS = (-8.0, -6.0, -4.0, -2.0, 0.0, 2.0, 4.0)
VOICES = ("en-us", "en-us+f3", "en-gb+m3", "en-gb-scotland")


class Heard(NamedTuple):
    """One recording, recognised."""

    text: str
    seconds: float
    spent: float
    """Processor time, in seconds."""


@click.group()
@click.option("--speech", type=click.Path(path_type=Path, exists=True), envvar="CHARLEY_SPEECH", required=True)
@click.option("--model", "voice_model", help="name or folder of a voice model")
@click.option("--every", default=1, help="take only every n-th recording")
@click.pass_context
def measure(context: click.Context, speech: Path, voice_model: str | None, every: int) -> None:
    """Measure the recogniser."""
    context.obj = (speech, find_voice_model(voice_model), every)


@measure.command()
@click.option("--snr", multiple=True, type=float, help="decibels, repeatable; clean is always measured")
@click.option("--jobs", default=1)
@click.option("--graph", multiple=True, metavar="NAME=VALUE", help="a setting of GraphSettings")
@click.pass_obj
def commands(obj: tuple[Path, Path, int], snr: tuple[float, ...], jobs: int, graph: tuple[str, ...]) -> None:
    """Orders with every labelled slot exactly right, as the public speech-to-intent benchmark counts."""
    speech, voice_model, every = obj
    labels = json.loads((speech / "commands/labels.json").read_text())
    names = sorted(labels)[::every]
    settings = _settings(graph)
    for condition in (None, *snr):
        with ProcessPoolExecutor(jobs) as pool:
            parts = [names[i::jobs] for i in range(jobs)]
            work = [(speech, voice_model, part, condition, settings) for part in parts]
            heard = {k: v for part in pool.map(_hear_commands, work) for k, v in part.items()}
        right = sum(_right(heard[name].text, labels[name]["slots"], speech) for name in names)
        lost = sum(_is_foreign(heard[name].text) for name in names)
        seconds, spent = sum(h.seconds for h in heard.values()), sum(h.spent for h in heard.values())
        _say(
            condition="clean" if condition is None else f"{condition:g} dB",
            total=len(names),
            right=right,
            rate=round(right / len(names), 4),
            with_unknown=lost,
            rtf=round(spent / seconds, 4),
        )


@measure.command()
@click.option("--text", type=click.Path(path_type=Path, exists=True), help="sentences to read aloud, one a line")
@click.option("--sentences", default=60)
@click.option("--graph", multiple=True, metavar="NAME=VALUE", help="a setting of GraphSettings")
@click.pass_obj
def others(obj: tuple[Path, Path, int], text: Path | None, sentences: int, graph: tuple[str, ...]) -> None:
    """Speech to somebody else: how much of it is heard as such, and how much of our own is lost."""
    speech, voice_model, every = obj
    orders = listening_model(InteractionModel.load(speech / "commands/interaction_model.json"))
    charley = listening_model(InteractionModel.load(CHARLEY))
    names = sorted(json.loads((speech / "commands/labels.json").read_text()))[:: max(every, 2)]
    recordings = [_read(speech / "commands" / name) for name in names]
    samples = [s for s in _plain_sentences(charley)][:: max(1, len(_plain_sentences(charley)) // sentences)]
    own = [_spoken(sample, VOICES[i % len(VOICES)]) for i, sample in enumerate(samples)]
    lines = [line.strip().lower() for line in text.read_text().splitlines()] if text else []
    lines = [line for line in lines if 3 <= len(line.split()) <= 20][:: max(1, len(lines) // sentences)]
    read = [_spoken(line, VOICES[i % len(VOICES)]) for i, line in enumerate(lines)]
    settings = _settings(graph)
    for name, listening, ours, theirs in (
        ("orders", orders, recordings, {"charley's samples": own, "read text": read}),
        ("charley", charley, own, {"orders": recordings, "read text": read}),
    ):
        recogniser = VoskRecogniser(voice_model, listening, graph=settings, free=True)
        rejected = {k: sum(map(_is_foreign, _texts(recogniser, v))) for k, v in theirs.items()}
        lost = sum(map(_is_foreign, _texts(recogniser, ours)))
        _say(
            listening_for=name,
            own=len(ours),
            own_lost=round(lost / len(ours), 4),
            rejected={k: round(rejected[k] / max(1, len(v)), 4) for k, v in theirs.items()},
        )


@measure.command()
@click.pass_obj
def cost(obj: tuple[Path, Path, int]) -> None:
    """Time to prepare and load, time to decode, memory."""
    speech, voice_model, _ = obj
    sounds = [_read(p) for p in sorted((speech / "commands").glob("*.wav"))[:10]]
    for name, model in (("orders", speech / "commands/interaction_model.json"), ("charley", CHARLEY)):
        import vosk  # noqa: F401 - its import is not what is measured

        listening = listening_model(InteractionModel.load(model))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with tempfile.TemporaryDirectory() as cache:
            begun = time.process_time()
            VoskRecogniser(voice_model, listening, free=True, cache=Path(cache))
            prepared = time.process_time() - begun
            begun = time.process_time()
            recogniser = VoskRecogniser(voice_model, listening, free=True, cache=Path(cache))
            loaded = time.process_time() - begun
            begun = time.process_time()
            for sound in sounds:
                recogniser.recognise(sound)
            spent = time.process_time() - begun
        _say(
            listening_for=name,
            prepare_s=round(prepared, 3),
            load_s=round(loaded, 3),
            rtf=round(spent / sum(s.seconds for s in sounds), 4),
            memory_mb=round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, 1),
        )


@measure.command()
@click.option(
    "--snr", multiple=True, type=float, help="decibels of kitchen noise, repeatable; clean is always measured"
)
@click.pass_obj
def wake(obj: tuple[Path, Path, int], snr: tuple[float, ...]) -> None:
    """Wake phrases: misses against false alarms on the orders, at every threshold."""
    from local_runner.recognition.wake import WakeScorer, WakeSettings

    speech, voice_model, every = obj
    noise = to_float(_read(speech / "noise/kitchen.wav").samples)
    negatives = [_read(p) for p in sorted((speech / "commands").glob("*.wav"))[::every]]
    hours = sum(s.seconds for s in negatives) / 3600
    for folder, phrase in (("jarvis", "jarvis"), ("smart_mirror", "smart mirror")):
        # Every threshold is measured on scores that no earlier look has cut short.
        scorer = WakeScorer(voice_model, [phrase], WakeSettings(threshold=np.inf))
        false = [score for sound in negatives for score in _scores(scorer, sound)]
        for condition in (None, *snr):
            recordings = [_read(p) for p in sorted((speech / "wake" / folder).glob("*.wav"))[::every]]
            found = []
            for i, sound in enumerate(recordings):
                if condition is not None:
                    sound = Sound(to_int16(mixed(to_float(sound.samples), noise, condition, seed=str(i))), sound.rate)
                found.append(max(_scores(scorer, sound), default=-np.inf))
            curve = {
                threshold: [
                    round(float(np.mean([f < threshold for f in found])), 4),
                    round(sum(f >= threshold for f in false) / hours, 2),
                ]
                for threshold in THRESHOLDS
            }
            name = "clean" if condition is None else f"{condition:g} dB"
            _say(
                phrase=phrase,
                condition=name,
                recordings=len(found),
                hours=round(hours, 3),
                miss_and_false_per_hour=curve,
            )


def _scores(scorer: object, sound: Sound) -> list[float]:
    from local_runner.recognition.wake import WakeScorer

    assert isinstance(scorer, WakeScorer)
    return [candidate.score for candidate in scorer.candidates(sound)]


def _hear_commands(
    work: tuple[Path, Path, Sequence[str], float | None, GraphSettings | None],
) -> dict[str, Heard]:
    speech, voice_model, names, snr, settings = work
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    noise = to_float(_read(speech / "noise/kitchen.wav").samples)
    listening = listening_model(InteractionModel.load(speech / "commands/interaction_model.json"))
    recogniser = VoskRecogniser(voice_model, listening, graph=settings, free=True)
    found = {}
    for name in names:
        sound = _read(speech / "commands" / name)
        if snr is not None:
            sound = Sound(to_int16(mixed(to_float(sound.samples), noise, snr, seed=name)), sound.rate)
        begun = time.process_time()
        text = recogniser.recognise(sound).best.text
        found[name] = Heard(text, sound.seconds, time.process_time() - begun)
    return found


def _right(text: str, slots: dict[str, str], speech: Path) -> bool:
    """Whether every labelled slot is in the text; the longest values are looked for first, each word counts once."""
    found: dict[str, str] = {}
    for value, slot in _values(speech):
        at = re.search(rf"\b{re.escape(value)}\b", text)
        if at and slot not in found:
            found[slot] = value
            text = f"{text[: at.start()]} _ {text[at.end() :]}"
    return all(found.get(slot) == value for slot, value in slots.items())


@lru_cache(maxsize=1)
def _values(speech: Path) -> list[tuple[str, str]]:
    """Values and their slots, the longest value first."""
    model = InteractionModel.load(speech / "commands/interaction_model.json")
    listening = listening_model(model)
    pairs = [
        (" ".join(map(str, phrase)), slot.name)
        for intent in model.intents
        for slot in intent.slots
        for phrase in listening.word_class(slot.type).phrases
    ]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def _settings(pairs: Sequence[str]) -> GraphSettings | None:
    """None for what Charley uses."""
    if not pairs:
        return None
    settings = OURS_ALONE
    for name, value in (pair.split("=", 1) for pair in pairs):
        kind = type(getattr(settings, name))
        settings = dataclasses.replace(settings, **{name: kind(float(value))})
    return settings


def _is_foreign(text: str) -> bool:
    return not text or UNKNOWN_WORD in text


def _texts(recogniser: VoskRecogniser, sounds: Sequence[Sound]) -> Iterator[str]:
    return (recogniser.recognise(sound).best.text for sound in sounds)


def _plain_sentences(listening: ListeningModel) -> list[str]:
    return [" ".join(map(str, s.tokens)) for s in listening.sentences if all(isinstance(t, str) for t in s.tokens)]


def _read(path: Path) -> Sound:
    samples, rate = soundfile.read(path, dtype="int16")
    return Sound(samples, rate)


def _spoken(text: str, voice: str) -> Sound:
    tool = shutil.which("espeak-ng")
    assert tool, "espeak-ng is not installed"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        subprocess.run([tool, "-v", voice, "-w", str(file), text], check=True)
        samples, rate = soundfile.read(file, dtype="float32")
    quiet = np.zeros(rate // 2, np.float32)
    samples = soxr.resample(np.concatenate([quiet, samples * np.float32(0.5), quiet]), rate, CAPTURE_RATE)
    samples = samples + np.random.default_rng(len(text)).normal(0, 3e-4, len(samples)).astype(np.float32)
    return Sound(to_int16(samples.astype(np.float32)), CAPTURE_RATE)


def _say(**figures: object) -> None:
    click.echo(json.dumps(figures))


if __name__ == "__main__":
    measure()
