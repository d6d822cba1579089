"""Who says what, and how: every choice drawn from one seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from recipe.engines import VOICES, WHISPERERS, Voice
from recipe.manner import MANNERS
from recipe.utterances import Utterance

SEED = 7
OTHER_MANNERS = tuple(name for name in MANNERS if name != "near")
_BY_ENGINE: dict[str, list[Voice]] = {}
for _voice in VOICES:
    _BY_ENGINE.setdefault(_voice.engine, []).append(_voice)
ENGINES = (
    "espeak-ng",
    "espeak-ng",
    "espeak-ng",
    "flite",
    "flite",
    "festival",
    "festival",
    "freetts",
    "hibari",
    "hibari",
)
"""How often each engine is taken: by the number of its voices, and hibari's more often, for it sounds like people."""
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
    """Every utterance near by, and once more in another manner and another engine's voice.

    What is drawn depends on the text and the seed alone: adding a text, or giving one another label, leaves the other
    recordings as they are.
    """
    takes: list[Take] = []
    for utterance in utterances:
        rng = random.Random(f"{seed}/{utterance.section}/{utterance.text}")
        if utterance.text in NAMED:
            file, name = NAMED[utterance.text]
            takes.append(Take(file, utterance, next(v for v in VOICES if v.name == name), "near"))
        near = rng.choice(_BY_ENGINE[rng.choice(ENGINES)])
        takes.append(_take(utterance, near, "near"))
        manner = rng.choice(OTHER_MANNERS)
        if manner == "hesitant" and len(utterance.text.split()) < 3:
            manner = "far"  # nobody stammers over 'stop' and means it
        engine = rng.choice([e for e in ENGINES if e != near.engine])
        voices = WHISPERERS if manner == "whispered" and engine == "espeak-ng" else _BY_ENGINE[engine]
        takes.append(_take(utterance, rng.choice(voices), manner))
    return takes


def _take(utterance: Utterance, voice: Voice, manner: str) -> Take:
    speaker = voice.speaker.partition(":")[2].replace("+", "-").replace("@", "-").lower()
    folder = manner if utterance.section == "questions" else utterance.section
    tail = "" if folder == manner else f".{manner}"
    return Take(f"{folder}/{utterance.slug}.{speaker}{tail}.ogg", utterance, voice, manner)
