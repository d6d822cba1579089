"""What is heard: wake phrases all night, one utterance at a time, words as they come. Puts recognition to use."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from local_runner.audio import FRAME_SECONDS, Frame
from local_runner.hearing import Recognition
from local_runner.listener.levels import QUIETEST, decibels
from local_runner.recognition import Recogniser, RecognitionStream
from local_runner.recognition.level import amplified, gain_for

_KEPT_SECONDS = 6.0
"""Sound that is kept, in memory alone, so that what was said before the wake phrase was certain is not lost."""
_JUST_NOW = 0.6
_MARGIN = 0.12
"""Seconds before and after a wake phrase whose ends are not known more exactly."""
_LEVEL_PERCENTILE = 90


@dataclass(frozen=True)
class WakeHit:
    """A wake phrase, just now."""

    phrase: str
    begun: float
    """Seconds before the end of the last frame."""
    ended: float
    """Seconds before the end of the last frame."""
    confidence: float = 1.0


class WakeSpotter(Protocol):
    """Looks for wake phrases in every frame."""

    def accept(self, frame: Frame) -> WakeHit | None:
        """Take a frame (16 kHz, 40 ms); a hit once, when a phrase has been said and a second look agreed."""
        ...

    def reset(self) -> None:
        """Forget what was heard: after something else took the microphone's sound."""
        ...


class Ears:
    """The spotter, the open utterance, and the last seconds of sound."""

    def __init__(
        self, spotter: WakeSpotter, recogniser: Recogniser, is_complete: Callable[[str], bool] = lambda words: False
    ) -> None:
        self._spotter = spotter
        self._recogniser = recogniser
        self._is_complete = is_complete
        self._kept: deque[Frame] = deque(maxlen=round(_KEPT_SECONDS / FRAME_SECONDS))
        self._stream: RecognitionStream | None = None
        self._utterance: list[Frame] = []
        self._hit: WakeHit | None = None
        self._since_hit = 0
        self._gain = 1.0
        self._words = ""
        self._complete = False

    @property
    def open(self) -> bool:
        """Whether an utterance is open."""
        return self._stream is not None

    @property
    def words(self) -> str:
        """What the open utterance holds so far."""
        return self._words

    @property
    def complete(self) -> bool:
        """Whether these words are a whole request."""
        return self._complete

    def hear(self, frame: Frame, look_for_wake: bool) -> WakeHit | None:
        """Take a frame; a wake phrase, if one has just been said and ``look_for_wake``."""
        self._kept.append(frame)
        self._since_hit += 1
        if self._stream is not None:
            self._give(frame)
        if not look_for_wake:
            return None
        hit = self._spotter.accept(frame)
        if hit is not None:
            self._hit, self._since_hit = hit, 0
        return hit

    def attend(self, begin: str) -> None:
        """Open an utterance; ``begin`` as in ``acts.Attend``."""
        before = 0.0
        if begin == "just now":
            before = _JUST_NOW
        elif self._hit is not None and begin == "wake phrase":
            before = self._hit.begun + _MARGIN * 2
        elif self._hit is not None and begin == "after wake phrase":
            before = max(0.0, self._hit.ended - _MARGIN / 2)
        count = min(len(self._kept), round(before / FRAME_SECONDS))
        earlier = list(self._kept)[len(self._kept) - count :] if count else []
        self._gain = self._usual_gain(earlier)
        self._stream = self._recogniser.stream()
        self._utterance = []
        self._words, self._complete = "", False
        for frame in earlier:
            self._give(frame)

    def drop(self) -> None:
        """Forget the open utterance."""
        self._stream = None
        self._utterance = []
        self._words, self._complete = "", False
        self._spotter.reset()

    def finish(self) -> tuple[Recognition, NDArray[np.int16]]:
        """End the open utterance: what was recognised, and its sound (shape (n,), 16 kHz)."""
        stream, utterance = self._stream, self._utterance
        self.drop()
        if stream is None:
            return Recognition.from_text(""), np.zeros(0, np.int16)
        sound = np.concatenate(utterance) if utterance else np.zeros(0, np.int16)
        return stream.finish(), sound

    def _give(self, frame: Frame) -> None:
        assert self._stream is not None
        self._utterance.append(frame)
        self._stream.accept(amplified(frame, self._gain))
        words = self._stream.partial()
        if words != self._words:
            self._words = words
            self._complete = bool(words) and self._is_complete(words)

    def _usual_gain(self, earlier: list[Frame]) -> float:
        """Bring the voice that said the wake phrase to the level that the recogniser was trained on."""
        frames = earlier
        if self._hit is not None and self._since_hit < len(self._kept):
            back = self._since_hit + round(self._hit.begun / FRAME_SECONDS)
            frames = list(self._kept)[-back:] if back else earlier
        loud = speech_level(frames)
        if loud <= QUIETEST + 1:
            return self._gain
        return gain_for(10 ** (loud / 20))


def speech_level(frames: list[Frame]) -> float:
    """Level of the louder frames, in decibels below full scale."""
    if not frames:
        return QUIETEST
    return float(np.percentile([decibels(frame) for frame in frames], _LEVEL_PERCENTILE))
