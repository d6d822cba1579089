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

from local_runner.interaction_model import InteractionModel
from recipe import night, rooms
from recipe.engines import RATE, VOICES, read_aloud
from recipe.manner import FLOOR, MANNERS, pieces, spoken
from recipe.plan import SEED, Take, plan
from recipe.utterances import FALLBACK, read_utterances
from skill import INTERACTION_MODEL

FOLDER = Path(__file__).parents[1]
NIGHT_SECONDS = 12.0
NIGHT_LEVEL = 0.03
"""Level of night sounds, of full scale (-30 dBFS)."""
MADE = ("near", "far", "whispered", "sleepy", "hesitant", "out_of_scope", "wake_near_misses", "night")


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), default=FOLDER, help="where the recordings go")
@click.option("--all", "everything", is_flag=True, help="make every recording anew, not only those that are missing")
@click.option("--with-rooms", is_flag=True, help="simulate the bedroom of --rir again, too")
def main(folder: Path, everything: bool, with_rooms: bool) -> None:
    """Make the recordings that are missing, take away those that are not planned any more, write all labels."""
    if with_rooms:
        rooms.write(FOLDER.parents[1] / "local_runner/fixtures/room_responses")
    if everything:
        for name in MADE:
            shutil.rmtree(folder / name, ignore_errors=True)
    model = InteractionModel.load(INTERACTION_MODEL)
    labels: dict[str, Any] = {}
    made = 0
    for take in track(plan(read_utterances()), description="recording"):
        rng = random.Random(SEED * 1_000_003 + zlib.crc32(take.file.encode()))
        parts = pieces(take.utterance.text, MANNERS[take.manner], rng)
        labels[take.file] = label(take, " ".join(parts), model)
        if everything or not (folder / take.file).exists():
            write(folder / take.file, spoken(parts, take.voice, MANNERS[take.manner], rng))
            made += 1
    labels |= record_night(folder / "night")
    for path in [p for name in MADE for p in (folder / name).glob("*") if str(p.relative_to(folder)) not in labels]:
        path.unlink()
    text = json.dumps(labels, indent=1, ensure_ascii=False) + "\n"
    (folder / "labels.json").write_text(text, encoding="utf-8")
    click.echo(f"{made} recordings made, {len(labels)} in {folder}", err=True)


def label(take: Take, said: str, model: InteractionModel) -> dict[str, Any]:
    """What stands in ``labels.json`` for a recording; values by their names in the interaction model."""
    found: dict[str, Any] = {"intent": take.utterance.intent}
    if take.utterance.slots:
        found["slots"] = {n: canonical(take.utterance.intent, n, v, model) for n, v in take.utterance.slots.items()}
    condition = take.manner if take.utterance.section == "questions" else take.utterance.section
    return {**found, "text": said, "speaker": take.voice.speaker, "condition": condition.replace("_", " ")}


def canonical(intent: str, slot: str, value_id: str, model: InteractionModel) -> str:
    """The name of a value with that id; raises ValueError if the model has no such thing."""
    declared = model.intent(intent)
    found = declared.slot(slot) if declared else None
    custom = model.slot_type(found.type) if found else None
    for value in custom.values if custom else ():
        if value.id == value_id:
            return value.name
    raise ValueError(f"{intent} has no {slot} with the id {value_id}: mend utterances.yaml")


def record_night(folder: Path) -> dict[str, Any]:
    """Make the night sounds, without anybody who speaks to us, if one is missing; returns their labels."""
    names = (*night.SOUNDS, "television", "party_next_door", "silence")
    labels = {f"night/{name}.ogg": {"intent": FALLBACK, "condition": "night"} for name in names}
    if all((folder / f"{name}.ogg").exists() for name in names):
        return labels
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
