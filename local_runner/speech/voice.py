"""Voices: segments of speech and silence → sound. What every synthesiser has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from local_runner.sound import Sound
from local_runner.speech.loudness import NOMINAL_LEVEL, SILENT_LEVEL, active_level, amplified, trimmed
from local_runner.speech.segments import Segment, Silence, Speech, in_sentences

WHISPER_VOLUME = -9.0
"""Decibels: a whisper is quiet, not merely breathy."""
SENTENCE_PAUSE = 0.35
"""Seconds between two sentences that no break parts."""
PHRASE_PAUSE = 0.08
"""Seconds between two pieces of one sentence that are spoken in different manners."""

_EMPHASIS = {"strong": (0.85, 4.0), "moderate": (0.93, 2.0), "none": (1.0, 0.0), "reduced": (1.08, -3.0)}
"""Emphasis → factor of speed, decibels."""
_CACHED_PIECES = 200


@dataclass(frozen=True)
class Piece:
    """One segment with its sound."""

    segment: Segment
    sound: Sound


class Voice(Protocol):
    """Speaks."""

    def render(self, segments: Iterable[Segment]) -> Sound:
        """The whole answer as one sound."""
        ...

    def pieces(self, segments: Iterable[Segment]) -> Iterator[Piece]:
        """The answer sentence by sentence, each rendered when it is asked for; breaks are pieces of their own."""
        ...

    def close(self) -> None:
        """Let go of the synthesiser."""
        ...


class RenderingVoice(ABC):
    """What a synthesiser needs to become a ``Voice``: a way to say one short text.

    Pauses are true silence of exactly the length that was asked for: the synthesiser's own silence at both ends of a
    piece is cut away. Loudness does not depend on the synthesiser either: speech at volume 0 dB has ``NOMINAL_LEVEL``.
    """

    rate: int
    """Of the sounds, in hertz."""

    def __init__(self) -> None:
        self._cache: OrderedDict[Speech, NDArray[np.int16]] = OrderedDict()

    @abstractmethod
    def _spoken(self, text: str, rate: float, pitch: float, whispered: bool) -> Sound:
        """One short text; rate and pitch are factors. Raises VoiceError."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the synthesiser."""

    def render(self, segments: Iterable[Segment]) -> Sound:
        """The whole answer as one sound."""
        sounds = [piece.sound.samples for piece in self.pieces(segments)]
        return Sound(np.concatenate(sounds) if sounds else np.zeros(0, np.int16), self.rate)

    def pieces(self, segments: Iterable[Segment]) -> Iterator[Piece]:
        """The answer sentence by sentence, each rendered when it is asked for."""
        previous: Segment | None = None
        for segment in in_sentences(segments):
            if isinstance(segment, Silence):
                yield Piece(segment, self._silence(segment.seconds))
            else:
                if isinstance(previous, Speech):
                    pause = SENTENCE_PAUSE if previous.text.endswith((".", "!", "?", "…")) else PHRASE_PAUSE
                    yield Piece(Silence(pause), self._silence(pause))
                yield Piece(segment, Sound(self._samples(segment), self.rate))
            previous = segment

    def _silence(self, seconds: float) -> Sound:
        return Sound(np.zeros(round(seconds * self.rate), np.int16), self.rate)

    def _samples(self, speech: Speech) -> NDArray[np.int16]:
        cached = self._cache.get(speech)
        if cached is not None:
            self._cache.move_to_end(speech)
            return cached
        speed, louder = _EMPHASIS[speech.emphasis]
        sound = self._spoken(speech.text, speech.rate * speed, speech.pitch, speech.whispered)
        samples = trimmed(sound.samples, sound.rate)
        level = active_level(samples, sound.rate)
        if level > SILENT_LEVEL:
            volume = speech.volume + louder + (WHISPER_VOLUME if speech.whispered else 0.0)
            samples = amplified(samples, NOMINAL_LEVEL - level + volume)
        self._cache[speech] = samples
        if len(self._cache) > _CACHED_PIECES:
            self._cache.popitem(last=False)
        return samples
