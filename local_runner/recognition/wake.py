"""Wake phrases: a first look at everything that is said, a second look at the same sound before anybody is woken."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from local_runner.errors import SettingsError
from local_runner.listening import phrases_model
from local_runner.recognition.decoding import DecodingSettings
from local_runner.recognition.evidence import NEVER, Evidence, span
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
    first_empty_cost: float = 4.0
    """Cost of nothing having been said, in the first look."""
    step: float = 0.12
    """How often the first look is asked for its words, in seconds."""
    looks: tuple[float, ...] = (0.24, 0.48, 0.84)
    """When the second look is taken, in seconds after the first one saw a phrase: it may not have been over yet, or may
    become a longer word. The first that is good enough wakes."""
    window: float = 2.5
    """Sound before that moment which may hold the phrase, in seconds."""
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
        only = GraphSettings(
            caution=0.01, empty_cost=NEVER, garbage_cost=NEVER, garbage_inside_cost=NEVER, filler_cost=NEVER
        )
        decoding = DecodingSettings(trailing_silence=10.0)
        self._second = VoskRecogniser(
            voice_model, listening, graph=only, decoding=decoding, n_best=1, normalise=False, cache=cache
        )
        self._evidence = Evidence(self._second.voice, self._second.model, cache)

    def look(self, samples: NDArray[np.int16]) -> tuple[str, float, float, float]:
        """The second look at a few seconds of sound (16 kHz) in which a phrase should be.

        Returns:
            The phrase that is most likely there, where it starts and ends (seconds), and the evidence for it in nats a
            second; minus infinity, and no phrase, where there is none.
        """
        samples = amplified(samples, gain_for(speech_level(Sound(samples, CAPTURE_RATE))))
        words = self._second.recognise(Sound(samples, CAPTURE_RATE)).best.words
        phrase = " ".join(w.text for w in words)
        if phrase not in self.phrases:
            return "", 0.0, 0.0, -np.inf
        weighed = self._evidence.weigh(span(words, samples))
        return phrase, words[0].start, words[-1].end, weighed.per_second

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

    ``accept`` gives every candidate once, with its score: those at or above ``settings.threshold`` wake.
    """

    def __init__(self, scorer: WakeScorer) -> None:
        self._scorer = scorer
        self._now = 0
        self._kept: deque[NDArray[np.int16]] = deque()
        self._kept_from = 0
        self._begin()

    def _begin(self) -> None:
        """Begin a new stretch of sound."""
        self._stream = self._scorer._first.stream()
        self._begun = self._now
        self._unasked = 0
        self._seen: int | None = None
        self._looks = 0
        self._best: WakeCandidate | None = None

    def accept(self, frame: NDArray[np.int16]) -> Iterator[WakeCandidate]:
        """Take the next samples at 16 kHz."""
        settings = self._scorer.settings
        self._now += len(frame)
        self._unasked += len(frame)
        self._kept.append(frame.copy())
        while self._now - self._kept_from - len(self._kept[0]) > settings.window * CAPTURE_RATE:
            self._kept_from += len(self._kept.popleft())
        ended = self._stream.accept(frame)
        if not ended and self._unasked < settings.step * CAPTURE_RATE:
            return
        self._unasked = 0
        if self._seen is None:
            words = f" {self._stream.partial()} "
            if any(f" {phrase} " in words for phrase in self._scorer.phrases):
                self._seen = self._now
        if self._seen is not None and (ended or self._now - self._seen >= settings.looks[self._looks] * CAPTURE_RATE):
            found = self._look()
            self._looks += 1
            if self._best is None or found.score > self._best.score:
                self._best = found
            if ended or self._best.score >= settings.threshold or self._looks == len(settings.looks):
                candidate = self._best
                self._begin()
                if candidate.phrase:
                    yield candidate
                return
        if ended or (self._seen is None and self._now - self._begun > settings.longest * CAPTURE_RATE):
            self._begin()

    def _look(self) -> WakeCandidate:
        # Not before this stretch began: what woke once must not wake again.
        samples = np.concatenate(self._kept)
        first = max(0, self._begun - self._kept_from)
        phrase, start, end, score = self._scorer.look(samples[first:])
        offset = (self._kept_from + first) / CAPTURE_RATE
        return WakeCandidate(phrase, offset + start, offset + end, score)
