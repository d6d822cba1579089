"""Wake phrases all night at little cost: the recogniser's two looks, asleep while the room is quiet."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path

from local_runner.audio import FRAME_SECONDS, Frame
from local_runner.listener.ears import WakeHit
from local_runner.listener.levels import decibels
from local_runner.recognition.wake import WakeScorer, WakeSpotter
from local_runner.sound import CAPTURE_RATE

PRE_ROLL_SECONDS = 0.5
"""Sound before the first loud frame that is decoded, too: the beginning of a word is quieter than its middle."""
QUIET_SECONDS = 1.0
"""Seconds near the noise floor after which nothing is decoded."""
OPEN_MARGIN = 4.0
"""Decibels above the noise floor from which sound is decoded: gentle, so that a quiet voice across the room passes
(gating by a voice detector lost most of them)."""
THRESHOLD = 0.4
"""Evidence that wakes at sensitivity 0.5, in nats a second: stricter than the recogniser's own default, because this
listens all night (docs/listener.md has the curve)."""
STRICTNESS = 12.0
"""Nats a second of evidence between sensitivity 0 and 1."""

_FLOOR_FALL, _FLOOR_RISE, _LOWEST_FLOOR = 0.25, 0.05, -75.0


class PhraseSpotter:
    """Looks for wake phrases in frames of 40 ms.

    Args:
        phrases: lower-case words.
        voice_model: directory of a Vosk model.
        sensitivity: 0 to 1; 0.5 is ``THRESHOLD``, and each tenth more asks for 1.2 nats a second less.

    Raises:
        SettingsError: a phrase has a word that cannot be heard.
        RecogniserError: the voice model is missing or damaged.
    """

    def __init__(
        self, phrases: Sequence[str], voice_model: Path, sensitivity: float = 0.5, cache: Path | None = None
    ) -> None:
        self.threshold = THRESHOLD + (0.5 - sensitivity) * STRICTNESS
        self._scorer = WakeScorer(voice_model, phrases, cache=cache)
        self._before: deque[Frame] = deque(maxlen=round(PRE_ROLL_SECONDS / FRAME_SECONDS))
        self._floor = -50.0
        self._quiet_frames = 0
        self._spotter: WakeSpotter | None = None
        self._fed = 0

    def reset(self) -> None:
        """Forget what was heard."""
        self._before.clear()
        self._spotter = None

    def accept(self, frame: Frame) -> WakeHit | None:
        """Take a frame; a hit once, when a phrase has been said and both looks agreed."""
        if not self._worth_decoding(frame):
            self._before.append(frame)
            self._spotter = None
            return None
        if self._spotter is None:
            self._spotter = WakeSpotter(self._scorer)
            self._fed = 0
            for earlier in self._before:
                self._feed(earlier)
            self._before.clear()
        hit = self._feed(frame)
        if hit is not None:
            self.reset()
        return hit

    def _feed(self, frame: Frame) -> WakeHit | None:
        assert self._spotter is not None
        self._fed += len(frame)
        now = self._fed / CAPTURE_RATE
        best: WakeHit | None = None
        for found in self._spotter.accept(frame):
            if found.score < self.threshold:
                continue
            hit = WakeHit(found.phrase, now - found.start, max(0.0, now - found.end), found.confidence)
            # 'Hey charley, help my leg': the earlier one holds the later one's question.
            if best is None or hit.begun > best.begun:
                best = hit
        return best

    def _worth_decoding(self, frame: Frame) -> bool:
        level = decibels(frame)
        if level < self._floor:
            self._floor += _FLOOR_FALL * (level - self._floor)
        else:
            self._floor += min(_FLOOR_RISE, level - self._floor)
        self._floor = max(self._floor, _LOWEST_FLOOR)
        self._quiet_frames = 0 if level > self._floor + OPEN_MARGIN else self._quiet_frames + 1
        return self._quiet_frames * FRAME_SECONDS <= QUIET_SECONDS
