"""Who says what, and how: every choice drawn from one seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from recipe.engines import VOICES, WHISPERERS, Voice
from recipe.manner import MANNERS
from recipe.utterances import Utterance

T = TypeVar("T")

SEED = 7
OTHER_MANNERS = tuple(name for name in MANNERS if name != "near")
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
    manner: str


def plan(utterances: Sequence[Utterance], seed: int = SEED) -> list[Take]:
    """Every utterance near by, and once more in another manner and voice; voices and manners take turns."""
    rng = random.Random(seed)
    deck = _deal(VOICES, rng)
    whisperers = _deal((*WHISPERERS, *(v for v in VOICES if v.engine != "espeak-ng")), rng)
    manners = _deal(OTHER_MANNERS, rng)
    takes: list[Take] = []
    for utterance in utterances:
        near = next(deck)
        if utterance.text in NAMED:
            file, name = NAMED[utterance.text]
            takes.append(Take(file, utterance, next(v for v in VOICES if v.name == name), "near"))
        takes.append(_take(utterance, near, "near"))
        manner = next(manners)
        if manner == "hesitant" and len(utterance.text.split()) < 3:
            manner = "far"  # nobody stammers over 'stop' and means it
        other = next(whisperers) if manner == "whispered" else next(v for v in deck if v.engine != near.engine)
        takes.append(_take(utterance, other, manner))
    return takes


def _take(utterance: Utterance, voice: Voice, manner: str) -> Take:
    speaker = voice.speaker.partition(":")[2].replace("+", "-").replace("@", "-").lower()
    folder = manner if utterance.section == "questions" else utterance.section
    tail = "" if folder == manner else f".{manner}"
    return Take(f"{folder}/{utterance.slug}.{speaker}{tail}.ogg", utterance, voice, manner)


def _deal(things: Sequence[T], rng: random.Random) -> Iterator[T]:
    """Endless rounds, each in another order."""
    while True:
        yield from rng.sample(list(things), len(things))
