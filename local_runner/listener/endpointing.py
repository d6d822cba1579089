"""When somebody has finished speaking: made for people who are half asleep, with a hard cap. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from local_runner.settings import ListeningSettings

Verdict = Literal["waiting", "speaking", "ended", "nothing", "too long"]

_STUCK = 2.2
"""Seconds without a new word after which a noisy room does not keep an utterance open."""
_FEWEST_LOUD = 0.16
"""Seconds of loud frames before something counts as speech at all: a click is shorter."""
_LAG = 0.25
"""Seconds by which words come after the sound they were heard in."""


@dataclass
class Endpointer:
    """Follows one utterance. Times are in seconds and only differences matter."""

    settings: ListeningSettings
    begun: float
    """When listening began."""
    wait: float
    """Seconds to wait for the first word."""
    heard_before: bool = False
    """Whether the utterance had begun already (what follows a wake phrase)."""

    def __post_init__(self) -> None:
        self._loud_seconds = _FEWEST_LOUD if self.heard_before else 0.0
        self._last_sound = self.begun
        self._last_word = self.begun
        self._first_sound: float | None = self.begun if self.heard_before else None
        self._words = ""
        self._last = self.begun

    @property
    def words(self) -> str:
        """What was heard so far."""
        return self._words

    def hear(self, now: float, loud: bool, words: str, complete: bool) -> Verdict:
        """Take a frame.

        Args:
            now: its end.
            loud: whether it is well above the noise floor.
            words: what the recogniser has heard so far.
            complete: whether these words are a whole request.
        """
        passed, self._last = now - self._last, now
        if words != self._words:
            self._words = words
            self._last_word = now - _LAG
            self._first_sound = self._first_sound if self._first_sound is not None else now
        if loud:
            self._loud_seconds += passed
            self._last_sound = now
            if self._first_sound is None and self._loud_seconds >= _FEWEST_LOUD:
                self._first_sound = now
        elif not words and now - self._last_sound > 1.0:
            self._loud_seconds = 0.0
        if self._first_sound is None or not words:
            # Loud, but no word in it: a snore, a car, a cough. Waiting goes on, no longer than for silence.
            return "nothing" if now - self.begun > self.wait else "waiting"
        if now - self._first_sound > self.settings.longest:
            return "too long"
        pause = self.settings.pause_complete if complete else self.settings.pause
        quiet = now - max(self._last_sound, self._last_word)
        if quiet >= pause or now - self._last_word > max(_STUCK, pause + 0.5):
            return "ended"
        return "speaking"
