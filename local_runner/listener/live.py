"""A night with a microphone and a loudspeaker of this machine: the only place where time is waited for."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from typing import TYPE_CHECKING, Any

from local_runner.audio import FRAME_SECONDS
from local_runner.audio.devices import SoundCardMicrophone, SoundCardSpeaker, portaudio, restart_portaudio
from local_runner.audio.pulse import SourceWatch
from local_runner.listener.lasting import BackOff, LastingMicrophone, LastingSpeaker
from local_runner.listener.reference import Reference
from local_runner.listener.screen import Screen
from local_runner.listener.watchdog import Watchdog
from local_runner.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_runner.listener.assembly import Night

_READ_SECONDS = 0.1
_REST_SECONDS = 0.12
"""While nothing goes on, three frames are heard at a time: waking up is most of what an idle night costs."""
_SCREEN_FRAMES = 10
_ZEROS_SECONDS = 2.0
"""Exact zeros for so long: a muted or dead microphone (rooms are never silent to the last bit)."""


class LiveNight:
    """Joins a night to the sound cards, and keeps it going when they fail."""

    def __init__(self, night: Night, settings: Settings, screen: Screen) -> None:
        self._night = night
        self._bedside = night.bedside
        self._screen = screen
        sound = settings.sound
        self._watch = SourceWatch()
        self._reference = Reference(night.player.pull, night.player.rate)
        self._speaker = LastingSpeaker(
            SoundCardSpeaker(sound.speaker or None, night.player.rate),
            self._reference.pull,
            BackOff(sound.retry_first, sound.retry_longest),
        )
        self._microphone = LastingMicrophone(
            SoundCardMicrophone(sound.microphone or None),
            BackOff(sound.retry_first, sound.retry_longest),
            self._restart_sound,
            self._watch,
        )
        self._said_lost = False
        self._speaker_lost: str | None = None
        self._lost_since: float | None = None
        self._zeros = 0.0
        self._frames = 0

    def run(self, seconds: float | None) -> None:
        """Listen until interrupted, or for ``seconds``."""
        watchdog = Watchdog()
        watchdog.start()
        self._bedside.start()
        begun = last = time.monotonic()
        parent = os.getppid()
        try:
            with _ended_by_signals() as ended:
                while not ended and (seconds is None or time.monotonic() - begun < seconds):
                    if os.getppid() != parent:
                        break  # whoever started it is gone: nobody could end it any more
                    watchdog.alive()
                    last = self._turn(last)
        finally:
            self._bedside.stop()
            self._microphone.close()
            self._speaker.close()
            self._watch.close()
            watchdog.stop()
            self._screen.close()

    def _turn(self, last: float) -> float:
        """One frame, or as long as none comes; returns the time."""
        resting = self._bedside.resting
        frame = self._microphone.read(0.0 if resting else _READ_SECONDS)
        if frame is None and resting:
            time.sleep(_REST_SECONDS)
        now = time.monotonic()
        self._tend_speaker()
        self._notice_input(now)
        if frame is None:
            # Time goes on without sound: what is being said comes to its end, timers run.
            if self._microphone.lost:
                self._bedside.pass_time(now - last)
                return now
            return last
        self._zeros = 0.0 if frame.any() else self._zeros + FRAME_SECONDS
        if abs(self._zeros - _ZEROS_SECONDS) < FRAME_SECONDS / 2:
            self._bedside.note("input_silent", reason="the microphone delivers exact zeros: is it muted?")
        self._bedside.hear(frame, self._reference.frame() if self._speaker.open else None)
        self._frames += 1
        if self._frames % _SCREEN_FRAMES == 0:
            self._screen.show(self._bedside.conversation.phase, self._bedside.meter.level, None)
        return now

    def _notice_input(self, now: float) -> None:
        lost = self._microphone.lost
        if lost and not self._said_lost:
            # Not opened yet is no loss; that it cannot be opened is.
            if lost != "not opened yet":
                self._said_lost = True
                self._bedside.input_lost(lost)
                self._screen.show("", -96, lost)
        elif not lost and self._said_lost:
            self._said_lost = False
            self._bedside.input_back()

    def _tend_speaker(self) -> None:
        self._speaker.tend(self._bedside.wants_to_speak)
        if self._speaker.lost != self._speaker_lost:
            self._speaker_lost = self._speaker.lost
            if self._speaker_lost:
                self._bedside.note("output_lost", reason=self._speaker_lost)
            else:
                self._bedside.note("output_back")

    def _restart_sound(self) -> None:
        """The microphone cannot be opened: after a restart of the sound server, everything must be begun anew."""
        if self._speaker.open and self._bedside.wants_to_speak and self._speaker.lost is None:
            return  # the loudspeaker lives: only the microphone was pulled out
        self._speaker.dropped()
        restart_portaudio()


def listen(night: Night, settings: Settings, seconds: float | None = None) -> None:
    """Listen beside the bed until interrupted, or for ``seconds``.

    Raises:
        SoundDeviceError: PortAudio is not installed. A microphone that is missing is waited for instead.
    """
    portaudio()
    screen = Screen(settings.privacy.log_words)
    night.journal.watchers.append(screen.event)
    LiveNight(night, settings, screen).run(seconds)


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[list[int]]:
    """A list that is empty until the process is asked to end (Ctrl-C, systemd)."""
    received: list[int] = []

    def end(number: int, frame: Any) -> None:
        received.append(number)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
