"""Makes the recordings of this folder: ``script/make-fixtures``."""

from __future__ import annotations

import json
import random
import shutil
import zlib
from pathlib import Path
from typing import Any

import click
import numpy as np
import soundfile
from rich.progress import track

from recipe import night, rooms
from recipe.engines import RATE, VOICES, read_aloud
from recipe.manner import FLOOR, MANNERS, spoken
from recipe.plan import SEED, Take, plan
from recipe.utterances import FALLBACK, read_utterances

FOLDER = Path(__file__).parents[1]
NIGHT_SECONDS = 12.0
NIGHT_LEVEL = 0.03
"""Level of night sounds, of full scale (-30 dBFS)."""
MADE = ("near", "far", "whispered", "sleepy", "hesitant", "out_of_scope", "wake_near_misses", "night")


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), default=FOLDER, help="where the recordings go")
@click.option("--with-rooms", is_flag=True, help="simulate the bedroom of --rir again, too")
def main(folder: Path, with_rooms: bool) -> None:
    """Make every recording and its label."""
    if with_rooms:
        rooms.write(FOLDER.parents[1] / "local_runner/fixtures/room_responses")
    for name in MADE:
        shutil.rmtree(folder / name, ignore_errors=True)
    labels: dict[str, Any] = {}
    for take in track(plan(read_utterances()), description="recording"):
        labels[take.file] = record(take, folder)
    labels |= record_night(folder / "night")
    text = json.dumps(labels, indent=1, ensure_ascii=False) + "\n"
    (folder / "labels.json").write_text(text, encoding="utf-8")
    click.echo(f"{len(labels)} recordings in {folder}", err=True)


def record(take: Take, folder: Path) -> dict[str, Any]:
    """Make one recording; returns its label."""
    rng = random.Random(SEED * 1_000_003 + zlib.crc32(take.file.encode()))
    sound, said = spoken(take.utterance.text, take.voice, MANNERS[take.manner], rng)
    write(folder / take.file, sound)
    label: dict[str, Any] = {"intent": take.utterance.intent}
    if take.utterance.slots:
        label["slots"] = take.utterance.slots
    condition = take.manner if take.utterance.section == "questions" else take.utterance.section
    return {**label, "text": said, "speaker": take.voice.speaker, "condition": condition.replace("_", " ")}


def record_night(folder: Path) -> dict[str, Any]:
    """Night sounds without anybody who speaks to us."""
    labels: dict[str, Any] = {}
    sounds = {name: make(_rng(name), NIGHT_SECONDS) for name, make in night.SOUNDS.items()}
    lines = [u.text for u in read_utterances() if u.section == "out_of_scope"]
    voices = [read_aloud(text, VOICES[n % len(VOICES)]) for n, text in enumerate(lines)]
    sounds["television"] = night.babble(voices, _rng("television"), NIGHT_SECONDS, 1)
    sounds["party_next_door"] = night.babble(voices, _rng("party"), NIGHT_SECONDS, 6)
    sounds["silence"] = np.zeros(int(NIGHT_SECONDS * RATE))
    for name, sound in sounds.items():
        power = float(np.sqrt(np.mean(sound**2)))
        scaled = sound * (NIGHT_LEVEL / power) if power else sound
        write(folder / f"{name}.ogg", scaled + FLOOR * _rng(name).standard_normal(len(sound)))
        labels[f"night/{name}.ogg"] = {"intent": FALLBACK, "condition": "night"}
    return labels


def write(path: Path, sound: night.Sound) -> None:
    """FLAC or, for OGG, Opus; 16 kHz mono."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sound = sound / max(1.0, float(np.abs(sound).max()) / 0.98)
    soundfile.write(path, sound, RATE, subtype="OPUS" if path.suffix == ".ogg" else "PCM_16")


def _rng(name: str) -> np.random.Generator:
    return np.random.default_rng(SEED * 1_000_003 + zlib.crc32(name.encode()))


if __name__ == "__main__":
    main()
