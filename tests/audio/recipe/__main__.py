"""Makes the recordings of this folder: ``script/make-fixtures``."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import soundfile
from numpy.typing import NDArray
from rich.progress import track

from recipe.engines import RATE, VOICES, Voice, read_aloud
from recipe.utterances import Utterance, read_utterances

FOLDER = Path(__file__).parents[1]
SEED = 7
NEAR_LEVEL = 0.1
"""Level of speech at the bedside, of full scale (-20 dBFS)."""
FLOOR = 0.001
"""Level of the microphone's own noise, of full scale (-60 dBFS)."""
PADDING = 0.3
"""Seconds of near-silence before and after."""

NAMED = {
    "help my calf has cramped": ("calf_cramp.flac", "slt"),
    "why do i get leg cramps": ("why_cramps.flac", "slt"),
    "my calf is swollen and hot": ("swollen_hot.flac", "rms"),
}
"""Three recordings that `script/run` plays: text → file and voice."""


@dataclass(frozen=True)
class Take:
    """One recording to make."""

    file: str
    utterance: Utterance
    voice: Voice
    condition: str


def plan(utterances: list[Utterance], seed: int = SEED) -> list[Take]:
    """Who says what how: every choice drawn from the seed."""
    rng = random.Random(seed)
    takes: list[Take] = []
    for utterance in utterances:
        voices = list(VOICES)
        if utterance.text in NAMED:
            file, name = NAMED[utterance.text]
            takes.append(Take(file, utterance, next(v for v in VOICES if v.name == name), "near"))
            voices = [v for v in voices if v.name != name]
        for voice in _one_of_each_engine(voices, rng)[:4]:
            takes.append(Take(f"near/{utterance.slug}.{_voice_slug(voice)}.flac", utterance, voice, "near"))
    return takes


def _one_of_each_engine(voices: list[Voice], rng: random.Random) -> list[Voice]:
    engines: dict[str, list[Voice]] = {}
    for voice in voices:
        engines.setdefault(voice.engine, []).append(voice)
    chosen = [rng.choice(group) for group in engines.values()]
    rng.shuffle(chosen)
    return chosen


def _voice_slug(voice: Voice) -> str:
    return voice.speaker.partition(":")[2].replace("+", "-").replace("@", "-").lower()


def record(take: Take) -> NDArray[np.float64]:
    """What the microphone hears."""
    rng = np.random.default_rng(abs(hash_of(take.file)))
    speech = read_aloud(take.utterance.text, take.voice)
    speech = speech * (NEAR_LEVEL / level(speech))
    padding = np.zeros(int(PADDING * RATE))
    sound = np.concatenate([padding, speech, padding])
    sound += FLOOR * rng.standard_normal(len(sound))
    return sound / max(1.0, float(np.abs(sound).max()) / 0.98)


def level(speech: NDArray[np.float64]) -> float:
    """Root mean square of the louder parts of speech, of full scale."""
    frames = speech[: len(speech) // 400 * 400].reshape(-1, 400)
    power = np.mean(frames**2, axis=1)
    return float(np.sqrt(np.mean(power[power > power.max() / 1000])))


def hash_of(text: str) -> int:
    """A number that is the same in every process."""
    import zlib

    return zlib.crc32(text.encode())


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), default=FOLDER, help="Where the recordings go.")
def main(folder: Path) -> None:
    """Make every recording and its label."""
    takes = plan(read_utterances())
    labels: dict[str, Any] = {}
    for take in track(takes, description="recording"):
        path = folder / take.file
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, record(take), RATE, subtype="PCM_16")
        label: dict[str, Any] = {"intent": take.utterance.intent}
        if take.utterance.slots:
            label["slots"] = take.utterance.slots
        labels[take.file] = {
            **label,
            "text": take.utterance.text,
            "speaker": take.voice.speaker,
            "condition": take.condition,
        }
    text = json.dumps(labels, indent=1, ensure_ascii=False) + "\n"
    (folder / "labels.json").write_text(text, encoding="utf-8")
    click.echo(f"{len(takes)} recordings in {folder}", err=True)


if __name__ == "__main__":
    main()
