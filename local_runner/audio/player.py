"""What the loudspeaker plays: a queue of sounds that can be ducked, paused and cut off without a click. Pure."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FADE_SECONDS = 0.015
"""Length of every change of loudness: short enough to be silent at once, long enough not to click."""


@dataclass
class _Item:
    name: str
    samples: NDArray[np.int16]
    done: int = 0


class Player:
    """Sounds to be played one after another.

    Thread-safe: the listener fills it, a loudspeaker's thread empties it with ``pull``. Time passes only in ``pull``.

    Args:
        rate: of all sounds, in hertz.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._queue: deque[_Item] = deque()
        self._finished: list[str] = []
        self._lock = threading.Lock()
        self._gain = 1.0
        self._target = 1.0
        self._duck = 1.0
        self._paused = False
        self._stopping = False
        self._pulled = 0

    def play(self, name: str, samples: NDArray[np.int16]) -> None:
        """Append a sound; ``name`` comes back from ``take_finished`` when it has been played."""
        with self._lock:
            if self._stopping:
                self._cut()
            self._queue.append(_Item(name, samples))

    def stop(self) -> None:
        """Fade out and forget everything that waits."""
        with self._lock:
            self._stopping = True

    def pause(self) -> None:
        """Fade out and hold the place."""
        with self._lock:
            self._paused = True

    def resume(self) -> None:
        """Go on from the place."""
        with self._lock:
            self._paused = False

    def duck(self, decibels: float) -> None:
        """Play quieter by so many decibels (0 or less) until told otherwise."""
        with self._lock:
            self._duck = 10 ** (decibels / 20)

    @property
    def busy(self) -> bool:
        """Whether anything is being played or waits (also while it is paused)."""
        with self._lock:
            return bool(self._queue)

    @property
    def waiting_seconds(self) -> float:
        """How much is left to play."""
        with self._lock:
            return sum(len(item.samples) - item.done for item in self._queue) / self.rate

    def take_finished(self) -> list[str]:
        """Names of the sounds that have been played to their ends since the last call."""
        with self._lock:
            finished, self._finished = self._finished, []
        return finished

    def pull(self, count: int) -> NDArray[np.int16]:
        """The next ``count`` samples, shape (count,); silence when there is nothing to play."""
        with self._lock:
            self._pulled += count
            return self._pull(count)

    def _pull(self, count: int) -> NDArray[np.int16]:
        target = 0.0 if self._paused or self._stopping else self._duck
        if not self._queue:
            if self._stopping:
                self._cut()
            self._gain = target if not self._paused else 0.0
            return np.zeros(count, np.int16)
        if target == 0.0 and self._gain == 0.0:
            if self._stopping:
                self._cut()
            return np.zeros(count, np.int16)
        fading = self._gain != target
        if not fading:
            return self._scaled(self._taken(count), self._gain)
        steps = max(1, int(FADE_SECONDS * self.rate))
        step = min(steps, count)
        ramp = np.linspace(self._gain, target, step, dtype=np.float32)
        self._gain = target
        head = (self._taken(step) * ramp).astype(np.int16)
        rest = count - step
        if not rest:
            return head
        if target == 0.0:
            if self._stopping:
                self._cut()
            return np.concatenate([head, np.zeros(rest, np.int16)])
        return np.concatenate([head, self._scaled(self._taken(rest), target)])

    @staticmethod
    def _scaled(samples: NDArray[np.int16], gain: float) -> NDArray[np.int16]:
        return samples if gain == 1.0 else (samples * np.float32(gain)).astype(np.int16)

    def _taken(self, count: int) -> NDArray[np.int16]:
        parts: list[NDArray[np.int16]] = []
        while count and self._queue:
            item = self._queue[0]
            part = item.samples[item.done : item.done + count]
            parts.append(part)
            item.done += len(part)
            count -= len(part)
            if item.done >= len(item.samples):
                self._finished.append(item.name)
                self._queue.popleft()
        if count:
            parts.append(np.zeros(count, np.int16))
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _cut(self) -> None:
        self._queue.clear()
        self._stopping = False
        self._gain = 1.0 if not self._paused else 0.0
