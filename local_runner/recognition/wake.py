"""Wake phrases: a first look at everything that is said, a second look at the same sound before anybody is woken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from local_runner.errors import SettingsError
from local_runner.hearing import Hypothesis, Word
from local_runner.listening import phrases_model
from local_runner.recognition.decoding import DecodingSettings
from local_runner.recognition.evidence import Evidence
from local_runner.recognition.graph import GraphSettings
from local_runner.recognition.level import amplified, gain_for, speech_level
from local_runner.recognition.vosk_recogniser import VoskRecogniser
from local_runner.sound import CAPTURE_RATE, Sound


@dataclass(frozen=True)
class WakeSettings:
    """How wake phrases are looked for."""

    threshold: float = -2.0
    """Evidence that a phrase needs in the second look, in nats a second; higher wakes more rarely, rightly or wrongly.
    docs/recognition.md has the curve."""
    first_garbage_cost: float = 12.0
    """Cost of speech to others in the first look: high, so that it lets nothing pass by that might be a phrase."""
    margin: float = 0.2
    """Sound before and after the words that the second look sees, in seconds."""
    step: float = 0.12
    """How often the first look is asked for its words, in seconds."""
    settle: float = 0.24
    """How long a phrase must stand in the words so far, in seconds: its last word may become a longer one."""
    longest: float = 15.0
    """A stretch of sound without a pause is begun anew after this, in seconds, so that memory stays flat."""


@dataclass(frozen=True)
class WakeCandidate:
    """A wake phrase that the first look saw, and what the second one thinks of it."""

    phrase: str
    start: float
    """Seconds since the spotter began."""
    end: float
    """Seconds since the spotter began."""
    score: float
    """Evidence for the phrase, in nats a second; minus infinity if the second look saw another one."""

    @property
    def confidence(self) -> float:
        """The score of one second of sound as a probability, 0 to 1, were phrase and other speech as likely before."""
        return float(1.0 / (1.0 + np.exp(-np.clip(self.score, -50.0, 50.0))))


class WakeScorer:
    """The two looks.

    Args:
        voice_model: directory of a Vosk model.
        phrases: what wakes; words the voice model does not know are added to it where that can be done.
        settings: defaults if None.
        cache: where prepared models are kept; the user's cache folder if None.

    Raises:
        SettingsError: there are no phrases, or one has a word that cannot be heard.
        RecogniserError: the voice model is missing or damaged.
    """

    def __init__(
        self,
        voice_model: Path,
        phrases: Sequence[str],
        settings: WakeSettings | None = None,
        cache: Path | None = None,
    ) -> None:
        self.settings = settings or WakeSettings()
        listening = phrases_model(phrases)
        self.phrases = tuple(" ".join(map(str, s.tokens)) for s in listening.sentences)
        if not self.phrases:
            raise SettingsError("there is no wake phrase", "give one of two or three words, such as 'hey charley'")
        graph = GraphSettings(
            garbage_words=False,
            garbage_cost=self.settings.first_garbage_cost,
            garbage_inside_cost=2.0,
            filler_cost=60.0,
        )
        decoding = DecodingSettings(beam=None, trailing_silence=0.5)
        self._first = VoskRecogniser(voice_model, listening, graph=graph, decoding=decoding, n_best=3, cache=cache)
        for word in sorted({word for phrase in self.phrases for word in phrase.split()}):
            if not self._first.knows(word):
                raise SettingsError(
                    f"{word!r} cannot be a wake word: {self._first.name} does not know it",
                    "choose other words, or another voice model with --model",
                )
        self._evidence = Evidence(voice_model, listening, cache)

    def score(self, samples: NDArray[np.int16], phrase: str) -> float:
        """The second look at a stretch of sound (16 kHz) that should be the phrase: evidence in nats a second."""
        gain = gain_for(speech_level(Sound(samples, CAPTURE_RATE)))
        found, score = self._evidence.score(amplified(samples, gain))
        return score if found == phrase else -np.inf

    def candidates(self, sound: Sound) -> Iterator[WakeCandidate]:
        """Every candidate in a recording at 16 kHz."""
        spotter = WakeSpotter(self)
        step = round(self.settings.step * CAPTURE_RATE)
        quiet = np.zeros(CAPTURE_RATE, np.int16)
        samples = np.concatenate([sound.samples, quiet])
        for at in range(0, len(samples), step):
            yield from spotter.accept(samples[at : at + step])


class WakeSpotter:
    """Looks at a stream for wake phrases; one thread.

    ``accept`` gives every candidate, with its score: those at or above ``settings.threshold`` wake.
    """

    def __init__(self, scorer: WakeScorer) -> None:
        self._scorer = scorer
        self._now = 0
        self._reset(np.zeros(0, np.int16))

    def _reset(self, kept: NDArray[np.int16]) -> None:
        """Begin a new stretch with sound that has been heard already."""
        self._stream = self._scorer._first.stream()
        self._kept = [kept] if len(kept) else []
        self._kept_from = self._now - len(kept)
        self._unasked = 0
        self._seen = 0
        if len(kept):
            self._stream.accept(kept)

    def accept(self, frame: NDArray[np.int16]) -> Iterator[WakeCandidate]:
        """Take the next samples at 16 kHz."""
        settings = self._scorer.settings
        self._kept.append(frame)
        self._now += len(frame)
        self._unasked += len(frame)
        ended = self._stream.accept(frame)
        seconds = (self._now - self._kept_from) / CAPTURE_RATE
        if self._unasked >= settings.step * CAPTURE_RATE or ended:
            words = f" {self._stream.partial()} "
            seen = any(f" {phrase} " in words for phrase in self._scorer.phrases)
            self._seen = self._seen + self._unasked if seen and self._seen else int(seen)
            self._unasked = 0
            if seen and (ended or self._seen > settings.settle * CAPTURE_RATE):
                yield from self._look()
                return
        if ended or seconds > settings.longest:
            self._reset(self._latest(0.0 if ended else 1.5))

    def _look(self) -> Iterator[WakeCandidate]:
        """Find out where the phrase is, and look at that sound again."""
        samples = np.concatenate(self._kept)
        begun = self._kept_from
        heard = self._stream.finish().best
        for phrase in self._scorer.phrases:
            if words := _words_of(heard, phrase):
                margin = self._scorer.settings.margin
                first, last = ((words[0].start - margin), (words[-1].end + margin))
                cut = samples[max(0, round(first * CAPTURE_RATE)) : round(last * CAPTURE_RATE)]
                offset = begun / CAPTURE_RATE
                yield WakeCandidate(
                    phrase, offset + words[0].start, offset + words[-1].end, self._scorer.score(cut, phrase)
                )
        self._reset(np.zeros(0, np.int16))

    def _latest(self, seconds: float) -> NDArray[np.int16]:
        count = round(seconds * CAPTURE_RATE)
        return np.concatenate(self._kept)[-count:] if count else np.zeros(0, np.int16)


def _words_of(hypothesis: Hypothesis, phrase: str) -> tuple[Word, ...]:
    """The last place in a hypothesis where the phrase stands."""
    wanted = phrase.split()
    for at in range(len(hypothesis.words) - len(wanted), -1, -1):
        words = hypothesis.words[at : at + len(wanted)]
        if [word.text for word in words] == wanted:
            return words
    return ()
