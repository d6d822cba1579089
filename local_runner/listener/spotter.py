"""Wake phrases with Vosk: a first look all the time, a second one at the same sound before anything happens."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from local_runner.audio import FRAME_SECONDS, Frame
from local_runner.errors import SettingsError
from local_runner.hearing import Hypothesis, Word
from local_runner.listener.ears import WakeHit
from local_runner.listener.levels import decibels
from local_runner.listening import phrases_model
from local_runner.recognition import GraphSettings, VoskRecogniser
from local_runner.sound import CAPTURE_RATE, Sound

_STABLE_FRAMES = 4
"""Frames for which a phrase must stand in the words so far: 160 ms, in which a longer word would have replaced it."""
_PRE_ROLL_SECONDS = 0.5
_QUIET_SECONDS = 1.0
"""Seconds near the noise floor after which nothing is decoded."""
_OPEN_MARGIN = 4.0
"""Decibels above the noise floor from which sound is decoded: gentle, so that a quiet voice across the room passes."""
_LONGEST_SECONDS = 20.0
"""A stretch of speech is decoded anew after this: memory stays flat while a television talks."""
_OVERLAP_SECONDS = 1.6
_LOOK_BACK_SECONDS = 0.35
_FIRST_LEAST, _SECOND_LEAST = 0.35, 0.5
"""Confidence that the two looks need at sensitivity 0.5."""
_SECONDS_A_LETTER = (0.022, 0.22)
"""A phrase that is spoken faster or slower than this was not spoken."""
_SECOND_GARBAGE_COST = 2.5
"""The second look believes more easily that speech was for somebody else."""


class PhraseSpotter:
    """Looks for wake phrases in frames.

    Args:
        phrases: lower-case words.
        voice_model: directory of a Vosk model.
        sensitivity: 0 to 1; moves both confidences.

    Raises:
        SettingsError: a phrase has a word that the voice model does not know.
        RecogniserError: the voice model is missing or damaged.
    """

    def __init__(
        self, phrases: Sequence[str], voice_model: Path, sensitivity: float = 0.5, cache: Path | None = None
    ) -> None:
        self._phrases = tuple(" ".join(phrase.lower().split()) for phrase in phrases)
        listening = phrases_model(self._phrases)
        self._first = VoskRecogniser(voice_model, listening, n_best=3, cache=cache)
        self._second = VoskRecogniser(
            voice_model, listening, graph=GraphSettings(garbage_cost=_SECOND_GARBAGE_COST), n_best=5, cache=cache
        )
        for phrase in self._phrases:
            unknown = [word for word in phrase.split() if not self._first.knows(word)]
            if unknown:
                raise SettingsError(
                    f"the wake phrase {phrase!r} cannot be heard: {self._first.name} does not know "
                    + ", ".join(repr(word) for word in unknown),
                    "choose other words, or another voice model with --model",
                )
        slack = (0.5 - sensitivity) * 0.6
        self._least = (min(0.99, _FIRST_LEAST + slack), min(0.99, _SECOND_LEAST + slack))
        self._kept: deque[Frame] = deque(maxlen=round(4.0 / FRAME_SECONDS))
        self._floor = -50.0
        self._quiet_frames = 10**6
        self._seen = 0
        self._begin()

    def reset(self) -> None:
        """Forget what was heard."""
        self._kept.clear()
        self._quiet_frames = 10**6
        self._begin()

    def accept(self, frame: Frame) -> WakeHit | None:
        """Take a frame; a hit once, when a phrase has been said and both looks agreed."""
        self._kept.append(frame)
        if not self._worth_decoding(frame):
            return None
        if not self._fed:
            # The beginning of a word is quieter than its middle: what came just before belongs to it.
            for earlier in list(self._kept)[-round(_PRE_ROLL_SECONDS / FRAME_SECONDS) : -1]:
                self._feed(earlier)
        ended = self._feed(frame)
        words = self._stream.partial()
        phrase = self._phrase_in(words)
        self._seen = self._seen + 1 if phrase else 0
        if phrase and (self._seen >= _STABLE_FRAMES or ended):
            hit = self._look(phrase)
            if hit is not None:
                self.reset()
                return hit
        if ended or self._fed * FRAME_SECONDS > _LONGEST_SECONDS:
            self._begin()
            if not ended:
                for earlier in list(self._kept)[-round(_OVERLAP_SECONDS / FRAME_SECONDS) :]:
                    self._feed(earlier)
        return None

    def _begin(self) -> None:
        self._stream = self._first.stream()
        self._fed = 0
        self._seen = 0
        self._gain = 1.0

    def _feed(self, frame: Frame) -> bool:
        self._fed += 1
        return self._stream.accept(frame)

    def _worth_decoding(self, frame: Frame) -> bool:
        level = decibels(frame)
        self._floor += 0.25 * (level - self._floor) if level < self._floor else min(0.05, level - self._floor)
        self._floor = max(self._floor, -75.0)
        self._quiet_frames = 0 if level > self._floor + _OPEN_MARGIN else self._quiet_frames + 1
        if self._quiet_frames * FRAME_SECONDS <= _QUIET_SECONDS:
            return True
        if self._fed:
            self._begin()
        return False

    def _phrase_in(self, words: str) -> str:
        # The longest first: 'help my leg cramp' holds two.
        found = [p for p in self._phrases if f" {words} ".endswith(f" {p} ") or f" {p} " in f" {words} "]
        return max(found, key=len, default="")

    def _look(self, phrase: str) -> WakeHit | None:
        """Both looks, at the seconds that hold the phrase."""
        first = self._first_confidence(phrase)
        if first is None:
            return None
        words, confidence = first
        fed_seconds = self._fed * FRAME_SECONDS
        begun, ended = fed_seconds - words[0].start, fed_seconds - words[-1].end
        letters = len(phrase.replace(" ", ""))
        low, high = (limit * letters for limit in _SECONDS_A_LETTER)
        if confidence < self._least[0] or not low <= begun - ended <= high:
            return None
        count = round((begun + _LOOK_BACK_SECONDS) / FRAME_SECONDS)
        samples = np.concatenate(list(self._kept)[-count:])
        again = self._second.recognise(Sound(samples, CAPTURE_RATE))
        for hypothesis in again.hypotheses[:1]:
            if (found := _words_of(hypothesis, phrase)) and _mean(found) >= self._least[1]:
                length = len(samples) / CAPTURE_RATE
                return WakeHit(
                    phrase, length - found[0].start, max(0.0, length - found[-1].end), min(confidence, _mean(found))
                )
        return None

    def _first_confidence(self, phrase: str) -> tuple[tuple[Word, ...], float] | None:
        heard = self._stream.finish()
        fed = self._fed
        for hypothesis in heard.hypotheses[:1]:
            if words := _words_of(hypothesis, phrase):
                return words, _mean(words)
        # The stream began anew with finish(): give it back what it had, so that nothing is lost.
        self._begin()
        for earlier in list(self._kept)[-min(fed, round(_OVERLAP_SECONDS / FRAME_SECONDS)) :]:
            self._feed(earlier)
        return None


def _words_of(hypothesis: Hypothesis, phrase: str) -> tuple[Word, ...]:
    """The last place in a hypothesis where the phrase stands."""
    wanted = phrase.split()
    for at in range(len(hypothesis.words) - len(wanted), -1, -1):
        words = hypothesis.words[at : at + len(wanted)]
        if [word.text for word in words] == wanted:
            return words
    return ()


def _mean(words: Sequence[Word]) -> float:
    return sum(word.confidence for word in words) / len(words)
