"""What is said, read from ``utterances.yaml``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

FALLBACK = "AMAZON.FallbackIntent"
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Utterance:
    """One thing that somebody says, and what should be made of it."""

    text: str
    intent: str
    slots: dict[str, str] = field(default_factory=dict)
    """Slot name → canonical value."""
    section: str = "near"
    """The section of the file it stands in."""

    @property
    def slug(self) -> str:
        """The text as a file name."""
        return re.sub(r"[^a-z0-9]+", "_", self.text.replace("'", "").lower()).strip("_")[:60].strip("_")


def read_utterances(path: Path = HERE / "utterances.yaml") -> list[Utterance]:
    """All utterances, in the order of the file.

    Raises:
        ValueError: a line is malformed or stands there twice.
    """
    found: list[Utterance] = []
    for section, intents in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        for intent, lines in intents.items():
            found += [_utterance(section, intent, line) for line in lines]
    texts = [(u.section, u.text) for u in found]
    twice = {text for text in texts if texts.count(text) > 1}
    if twice:
        raise ValueError(f"{path} says twice: {sorted(twice)}")
    return found


def _utterance(section: str, intent: str, line: str) -> Utterance:
    text, _, assignments = line.partition("|")
    slots: dict[str, str] = {}
    for assignment in filter(None, (a.strip() for a in assignments.split(","))):
        name, equals, value = assignment.partition("=")
        if not equals:
            raise ValueError(f"'{assignment}' in '{line}' is not Slot=value")
        slots[name.strip()] = value.strip()
    return Utterance(" ".join(text.split()), intent, slots, section)
