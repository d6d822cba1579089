"""How loud, how fast and how it speaks: quiet hours, 'louder' and 'quieter', softly to those who speak softly. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time

from local_runner.settings import NightSettings, SpeakingSettings
from local_runner.speech import Segment, Speech

_SOFTEST = -12.0
"""Decibels that a very soft voice makes the answer quieter at most."""
_ASKED_LEAST, _ASKED_MOST = -20.0, 16.0
"""Decibels that 'quieter' and 'louder' can reach."""
_LEARNING = 0.2
"""Share of a new utterance's level in what counts as the usual level."""


@dataclass(frozen=True)
class Manner:
    """How the next lines are spoken."""

    volume: float
    """Decibels above the voice's own loudness."""
    rate: float
    """Times the voice's own speed."""
    whispered: bool = False

    def of(self, segments: Iterable[Segment]) -> tuple[Segment, ...]:
        """The same segments, spoken in this manner; what the skill asked for is kept on top of it."""
        return tuple(
            replace(
                segment,
                volume=segment.volume + self.volume,
                rate=segment.rate * self.rate,
                whispered=segment.whispered or self.whispered,
            )
            if isinstance(segment, Speech)
            else segment
            for segment in segments
        )


@dataclass
class NightVoice:
    """Decides the manner of every line."""

    speaking: SpeakingSettings
    night: NightSettings
    asked: float = 0.0
    """Decibels that 'louder' and 'quieter' have added up to."""
    softness: float = 0.0
    """Decibels, 0 or less: how much softer than usual the last utterance was."""

    def __post_init__(self) -> None:
        self._usual = self.speaking.usual_level

    def is_quiet_hour(self, now: datetime) -> bool:
        """Whether the local time is in the quiet hours."""
        begins, ends = _time(self.night.begins), _time(self.night.ends)
        if begins == ends:
            return False
        if begins < ends:
            return begins <= now.time() < ends
        return now.time() >= begins or now.time() < ends

    def spoken_to(self, level: float) -> None:
        """Somebody spoke at this level (decibels below full scale): answer as softly, and learn what is usual.

        Half of the difference is followed: a whisper is 15 to 20 dB under ordinary speech, an answer so much quieter
        could not be heard across the bed.
        """
        if not self.speaking.follow_softness:
            return
        difference = level - self._usual
        self.softness = max(_SOFTEST, min(0.0, (difference + 4) / 2))
        if difference > -10:
            self._usual += _LEARNING * difference

    def louder(self) -> None:
        """Somebody asked for it."""
        # Asked for loudness wins over guessed softness.
        self.asked = min(_ASKED_MOST, self.asked + self.speaking.step)
        self.softness = 0.0

    def quieter(self) -> None:
        """Somebody asked for it."""
        self.asked = max(_ASKED_LEAST, self.asked - self.speaking.step)

    def manner(self, now: datetime, clear: bool = False) -> Manner:
        """How to speak at this local time; ``clear`` for a line that must be heard."""
        quiet = self.is_quiet_hour(now)
        if clear:
            volume = max(self.night.clear_volume, self.speaking.volume + self.asked)
            return Manner(volume, min(1.0, self.night.rate if quiet else 1.0))
        volume = self.speaking.volume + self.asked + self.softness + (self.night.volume if quiet else 0.0)
        return Manner(volume, self.night.rate if quiet else 1.0, quiet and self.night.whisper)


def _time(text: str) -> time:
    hours, minutes = text.split(":")
    return time(int(hours), int(minutes))
