"""A microphone and a loudspeaker that may fail and come back: opened again by themselves, with back-off."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from local_runner.audio import Frame, Microphone, SampleSource, Speaker
from local_runner.errors import SoundDeviceError


@dataclass
class BackOff:
    """When to try again: soon at first, then less and less often. Pure.

    Args:
        first: seconds before the first try.
        longest: seconds between two tries at most.
    """

    first: float
    longest: float
    _next: float = 0.0
    _wait: float = 0.0

    def failed(self, now: float) -> None:
        """A try at ``now`` failed, or the device was lost then."""
        self._wait = min(self.longest, self._wait * 2 if self._wait else self.first)
        self._next = now + self._wait

    def worked(self) -> None:
        """It works again."""
        self._wait = 0.0

    def due(self, now: float) -> bool:
        """Whether it is time to try."""
        return now >= self._next


class SoundServer(Protocol):
    """Knows what the microphone is really connected to (see ``audio.pulse``)."""

    def changed(self) -> bool:
        """Whether anything was plugged since ``problem`` was last asked; costs nothing."""
        ...

    def problem(self) -> str | None:
        """Why what is recorded now is not a microphone; None when it is, or nobody knows."""
        ...


class LastingMicrophone:
    """A microphone that is opened again when it was lost.

    Args:
        restart: makes the sound system look for its devices anew, where reopening alone does not help.
        server: says when the stream was moved to something that is no microphone; None where nothing can say it.
    """

    def __init__(
        self,
        microphone: Microphone,
        back_off: BackOff,
        restart: Callable[[], None] = lambda: None,
        server: SoundServer | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._microphone = microphone
        self._back_off = back_off
        self._restart = restart
        self._server = server
        self._clock = clock
        self._opened = False
        self.lost: str | None = "not opened yet"
        """Why there is no sound; None while there is."""

    def read(self, timeout: float) -> Frame | None:
        """The next frame, or None after about ``timeout`` seconds, also while the microphone is lost."""
        if not self._opened and not self._open():
            time.sleep(timeout)
            return None
        try:
            self._check_source(always=False)
            frame = self._microphone.read(timeout)
        except SoundDeviceError as error:
            self._lose(error.problem)
            return None
        if frame is not None:
            # Only sound proves that it is back: a stream of a dead server opens, too.
            self.lost = None
            self._back_off.worked()
        return frame

    def close(self) -> None:
        """Close it for good."""
        self._microphone.close()
        self._opened = False

    def _open(self) -> bool:
        now = self._clock()
        if self._server is not None and self._server.changed():
            self._back_off.worked()  # something was plugged: that is worth a try at once
        elif not self._back_off.due(now):
            return False
        try:
            self._microphone.open()
            self._check_source(always=True)
        except SoundDeviceError as error:
            self._lose(error.problem)
            self._restart()
            return False
        self._opened = True
        return True

    def _check_source(self, always: bool) -> None:
        if self._server is None or not (always or self._server.changed()):
            return
        if problem := self._server.problem():
            raise SoundDeviceError(problem)

    def _lose(self, reason: str) -> None:
        self._microphone.close()
        self._opened = False
        self.lost = reason
        self._back_off.failed(self._clock())


class LastingSpeaker:
    """A loudspeaker that is open while there is something to say, and is opened again when it was lost."""

    def __init__(
        self, speaker: Speaker, source: SampleSource, back_off: BackOff, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._speaker = speaker
        self._source = source
        self._back_off = back_off
        self._clock = clock
        self._opened = False
        self._idle_since: float | None = None
        self.lost: str | None = None
        """Why nothing can be heard; None while it can."""

    @property
    def open(self) -> bool:
        """Whether it is open."""
        return self._opened

    def tend(self, wanted: bool, idle_seconds: float = 15.0) -> None:
        """Open it when it is wanted, open it again when it died, close it when it was idle for long."""
        now = self._clock()
        if self._opened and not self._speaker.healthy:
            self._lose(now, "the loudspeaker went away")
        if wanted:
            self._idle_since = None
            if not self._opened and self._back_off.due(now):
                try:
                    self._speaker.open(self._source)
                except SoundDeviceError as error:
                    self._lose(now, error.problem)
                else:
                    self._opened = True
                    self.lost = None
                    self._back_off.worked()
        elif self._opened:
            if self._idle_since is None:
                self._idle_since = now
            elif now - self._idle_since > idle_seconds:
                self._speaker.close()
                self._opened = False

    def dropped(self) -> None:
        """The sound system was restarted: what was open is dead."""
        self._speaker.close()
        self._opened = False

    def close(self) -> None:
        """Close it for good."""
        self._speaker.close()
        self._opened = False

    def _lose(self, now: float, reason: str) -> None:
        self._speaker.close()
        self._opened = False
        self.lost = reason
        self._back_off.failed(now)
