"""What a recogniser hands to the understanding: hypotheses, best first, with confidences."""

from __future__ import annotations

from dataclasses import dataclass, field

UNKNOWN_WORD = "[unk]"
"""The word that stands for speech outside the vocabulary (Vosk's spelling)."""


@dataclass(frozen=True)
class Word:
    """One recognised word."""

    text: str
    start: float
    """Seconds since the start of the utterance."""
    end: float
    """Seconds since the start of the utterance."""
    confidence: float
    """0 to 1, as the recogniser gives it."""


@dataclass(frozen=True)
class Hypothesis:
    """One way to read an utterance."""

    text: str
    """Lower-case words separated by single spaces; may contain ``[unk]``; empty for silence."""
    confidence: float
    """0 to 1: mean of the words' confidences, weighted by their length in time."""
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Recognition:
    """Everything the recogniser knows about one utterance."""

    hypotheses: tuple[Hypothesis, ...]
    """Best first, never empty (silence is one empty hypothesis)."""
    free: Hypothesis | None = None
    """The same audio decoded without the skill's language model, where that was done: what speech to somebody else
    looks like."""
    seconds: float = 0.0
    """Length of the audio, in seconds."""
    decode_seconds: float = field(default=0.0, compare=False)
    """Wall-clock time the decoding took, in seconds."""

    @property
    def best(self) -> Hypothesis:
        """The first hypothesis."""
        return self.hypotheses[0]

    @classmethod
    def from_text(cls, text: str) -> Recognition:
        """Typed text as a recognition that is certain of itself."""
        return cls((Hypothesis(text, 1.0),))
