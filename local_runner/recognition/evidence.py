"""How much more a stretch of sound is like what we listen for than like any other speech: a second look.

The two best paths on the same sound, one through the language of the skill, one through all words of the voice model in
any order, each with its own language model; the difference of their log-likelihoods is the evidence. Only the stretch
that holds the words is compared, so that noise around them has no say. One threshold on it turns recognition into
acceptance, without the search having been tuned for that: making room for foreign words in the skill's own graph cost
orders in noise, which foreign words fit better than silence does (docs/recognition.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_runner.hearing import UNKNOWN_WORD, Hypothesis, Word
from local_runner.listening import ClassToken, ListeningModel, Sentence, WordClass
from local_runner.recognition.decoder import Decoder
from local_runner.recognition.decoding import DecodingSettings
from local_runner.recognition.graph import GraphSettings
from local_runner.recognition.hypotheses import Alternative
from local_runner.recognition.prepared import prepare
from local_runner.recognition.voice_model import VoiceModel
from local_runner.recognition.vosk_models import load_vosk_model
from local_runner.sound import CAPTURE_RATE

NEVER = 60.0
"""A cost that nothing is worth."""
OURS_ALONE = GraphSettings(garbage_cost=NEVER)
"""The skill's language, and other words only around it: what a second look compares with everything else."""
_ANY = ClassToken("any words")
_ANYTHING = ListeningModel((Sentence((_ANY,), 1.0, ""),), (WordClass(_ANY.name, (), True),), ())
_OTHERS = GraphSettings(empty_cost=NEVER, garbage_cost=5.0, garbage_inside_cost=5.0, garbage_words=False)
MARGIN = 0.25
"""Sound before the first word and after the last that is looked at too, in seconds."""
LIKELY = -2.0
"""Evidence for each word at which speech is as likely for us as for others, in nats; found on development recordings
(docs/recognition.md)."""
STEEPNESS = 2.0
"""How fast evidence becomes certainty, per nat."""


@dataclass(frozen=True)
class Weighed:
    """What a second look found."""

    ours: Alternative
    """The best reading in the skill's language."""
    others: Alternative
    """The best reading in all words of the voice model."""
    seconds: float
    """Length of the sound."""

    @property
    def per_second(self) -> float:
        """Evidence in nats a second, below 0 where others are likelier; minus infinity if nothing of ours is in it."""
        return (self.ours.score - self.others.score) / self.seconds if self.ours.words and self.seconds else -np.inf

    @property
    def probability(self) -> float:
        """How likely it is that the speech was for us, 0 to 1, from the evidence for each word."""
        if not self.ours.words:
            return 0.0
        per_word = (self.ours.score - self.others.score) / len(self.ours.words)
        return float(1.0 / (1.0 + np.exp(-np.clip(STEEPNESS * (per_word - LIKELY), -50.0, 50.0))))


class Evidence:
    """Weighs a ``vosk.Model`` of what we listen for against all words of the same voice model.

    Args:
        voice: the voice model.
        ours: the loaded model that listens for the skill, or for wake phrases.
        cache: where prepared models are kept; the user's cache folder if None.
    """

    def __init__(self, voice: VoiceModel, ours: Any, cache: Path | None = None) -> None:
        self._ours = ours
        # Kept, so that a second look is never cut in two by a pause.
        decoding = DecodingSettings(trailing_silence=10.0)
        self._others = load_vosk_model(prepare(voice, _ANYTHING, _OTHERS, decoding, cache).path)

    def weigh(self, samples: NDArray[np.int16]) -> Weighed:
        """Look at a stretch of sound at 16 kHz, shape (n,), with a little room before and after the words."""
        ours, others = (self._best(model, samples) for model in (self._ours, self._others))
        return Weighed(ours, others, len(samples) / CAPTURE_RATE)

    @staticmethod
    def _best(model: Any, samples: NDArray[np.int16]) -> Alternative:
        decoder = Decoder(model, 1)
        decoder.accept(samples)
        return decoder.readings()[0]


def span(words: tuple[Word, ...], samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """The stretch of an utterance at 16 kHz that holds the words, and a little more."""
    first = max(0, round((words[0].start - MARGIN) * CAPTURE_RATE))
    return samples[first : round((words[-1].end + MARGIN) * CAPTURE_RATE)]


def doubted(hypotheses: tuple[Hypothesis, ...], probability: float) -> tuple[Hypothesis, ...]:
    """Hypotheses whose confidences take into account how likely it is that the speech was for us.

    Where that is less likely than not, ``[unk]`` comes first.
    """
    scaled = tuple(
        Hypothesis(
            h.text,
            round(h.confidence * probability, 4),
            tuple(Word(w.text, w.start, w.end, round(w.confidence * probability, 4)) for w in h.words),
        )
        for h in hypotheses
    )
    words = hypotheses[0].words
    if probability >= 0.5 or not words:
        return scaled
    sure = round(1.0 - probability, 4)
    return (Hypothesis(UNKNOWN_WORD, sure, (Word(UNKNOWN_WORD, words[0].start, words[-1].end, sure),)), *scaled)
