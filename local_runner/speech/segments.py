"""What a spoken answer consists of: stretches of speech, and silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Emphasis = Literal["strong", "moderate", "none", "reduced"]

LONGEST_TEXT = 600
"""Characters given to a synthesiser at once. espeak-ng crashes at about 20,000; a piece this short also comes early and
can be cut off between pieces."""


@dataclass(frozen=True)
class Speech:
    """Words to be spoken in one manner."""

    text: str
    """Plain text, never empty, without markup."""
    rate: float = 1.0
    """Times the voice's own speed."""
    volume: float = 0.0
    """Decibels above the voice's own loudness; minus infinity is silence that takes as long as the words."""
    pitch: float = 1.0
    """Times the voice's own pitch."""
    whispered: bool = False
    emphasis: Emphasis = "none"


@dataclass(frozen=True)
class Silence:
    """True silence: every sample is zero."""

    seconds: float


Segment: TypeAlias = Speech | Silence


def plain_text(segments: Iterable[Segment]) -> str:
    """The words alone, in one line."""
    return " ".join(segment.text for segment in segments if isinstance(segment, Speech))


def in_sentences(segments: Iterable[Segment]) -> Iterator[Segment]:
    """The same segments, with speech cut at the ends of sentences, and no text longer than ``LONGEST_TEXT``."""
    for segment in segments:
        if isinstance(segment, Silence):
            yield segment
            continue
        for sentence in _sentences(segment.text):
            yield replace(segment, text=sentence)


_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=\S)")
_ABBREVIATIONS = ("dr.", "mr.", "mrs.", "ms.", "st.", "e.g.", "i.e.", "vs.", "no.", "approx.")


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        sentence = text[start : end.end()].strip()
        if sentence.lower().endswith(_ABBREVIATIONS):
            continue
        start = end.end()
        yield from _short_enough(sentence)
    yield from _short_enough(text[start:].strip())


def _short_enough(text: str) -> Iterator[str]:
    while len(text) > LONGEST_TEXT:
        # At a comma if there is one in the second half, else at a space, else (one endless word) anywhere.
        cut = max(text.rfind(mark, LONGEST_TEXT // 2, LONGEST_TEXT) for mark in (", ", "; ", ": ")) + 1
        if not cut:
            cut = text.rfind(" ", 1, LONGEST_TEXT)
        if cut <= 0:
            cut = LONGEST_TEXT
        yield text[:cut].strip()
        text = text[cut:].strip()
    if any(character.isalnum() for character in text):
        yield text
