"""The bedside listener: carries out what the conversation decides. Time and sound come from outside, frame by frame."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_runner.audio import FRAME_SAMPLES, FRAME_SECONDS, Frame, write_wav
from local_runner.audio.echo import EchoCanceller
from local_runner.audio.player import Player
from local_runner.device import Reply
from local_runner.errors import CharleyError
from local_runner.listener import acts as talk
from local_runner.listener.brain import Brain
from local_runner.listener.controls import Control
from local_runner.listener.conversation import Conversation, Phase
from local_runner.listener.ears import Ears, speech_level
from local_runner.listener.journal import Journal
from local_runner.listener.levels import LevelMeter, Likeness
from local_runner.listener.mouth import Mouth
from local_runner.listener.night_voice import NightVoice
from local_runner.settings import Settings
from local_runner.sound import CAPTURE_RATE, Sound
from local_runner.speech import Segment, Speech, Voice, plain_text, read_ssml

LINES = {
    "microphone lost": "I cannot hear you any more. Please check the microphone.",
    "microphone back": "I can hear you again.",
}
"""What the device says by itself."""

_LIKENESS_FRAMES = 25
_CONTROLS: dict[Phase, tuple[Control, ...]] = {
    "asleep": (),
    "attending": ("louder", "quieter", "stop"),
    "speaking": ("louder", "quieter", "stop", "pause"),
    "paused": ("louder", "quieter", "stop", "resume"),
}
"""What the device does itself, in each phase: 'wait' means nothing to it while it is silent."""
_ECHO_MARGIN = 12.0
"""Decibels under its own echo at which what is left of a frame counts as the echo's rest, not as somebody."""


class Bedside:
    """One night beside the bed.

    ``hear`` is called with every frame and everything else follows from it; nothing in here waits, sleeps or opens a
    device. The player is to be emptied by a loudspeaker, 40 ms for every frame.

    Args:
        started: local time at the start, for quiet hours.
    """

    def __init__(
        self,
        settings: Settings,
        ears: Ears,
        brain: Brain,
        voice: Voice,
        player: Player,
        journal: Journal,
        started: datetime,
    ) -> None:
        self.settings = settings
        self.conversation = Conversation(settings)
        self.meter = LevelMeter()
        self.now = 0.0
        self._ears = ears
        self._brain = brain
        self._player = player
        self._mouth = Mouth(voice, player)
        self._night = NightVoice(settings.speaking, settings.night)
        self._journal = journal
        self._started = started
        self._echo = EchoCanceller() if settings.sound.cancel_echo else None
        self._likeness = Likeness()
        self._reply: Reply | None = None
        self._reprompt = ""
        self._woken_by = ""
        self._clear = False
        self._utterances = 0

    @property
    def wants_to_speak(self) -> bool:
        """Whether the loudspeaker is needed."""
        return self._mouth.busy

    @property
    def resting(self) -> bool:
        """Whether nothing is going on: no session, no speech, nobody attended to."""
        return self.conversation.phase == "asleep" and not self._mouth.busy and not self._ears.open

    def start(self, **more: Any) -> None:
        """Begin the night."""
        self._journal.note(self.now, "started", **more)

    def stop(self) -> None:
        """End the night, and the session with it."""
        self._brain.end("USER_INITIATED")
        self._journal.note(self.now, "stopped")

    def hear(self, frame: Frame, played: NDArray[np.int16] | None = None) -> None:
        """40 ms have passed.

        Args:
            frame: what the microphone heard in them.
            played: what the loudspeaker was given in them, 16 kHz; None for nothing.
        """
        self.now += FRAME_SECONDS
        speaking = self._player.busy
        if self._echo is not None:
            frame = self._echo.cancel(frame, played if played is not None else _SILENT_FRAME)
        loud = self.meter.hear(frame)
        if self._echo is not None and speaking:
            self._likeness.add(self.meter.level, played if played is not None else _SILENT_FRAME)
        if speaking and self._echo is not None:
            loud = loud and self.meter.level > self._echo.echo_level - _ECHO_MARGIN
            loud = loud and (self._echo.trusted or not self._likeness.alike(_LIKENESS_FRAMES))
        hit = self._ears.hear(frame, self.conversation.listens_for_wake)
        if hit is not None and not self._is_own(hit.phrase) and not self._is_saying(hit.phrase):
            self._woken_by = hit.phrase
            request = self._brain.asks_something(hit.phrase)
            self._step(talk.Woken(hit.phrase, request, hit.confidence))
        words = self._ears.words
        if words and speaking and (self._is_own(words) or not self._trusted):
            words = ""  # they count when the utterance has ended, if they are not its own
        self._step(talk.Frame(loud, words, self._ears.complete))
        if self._mouth.work():
            self._step(talk.Spoken())

    def pass_time(self, seconds: float) -> None:
        """Time passed without sound: the microphone is gone."""
        self.now += seconds
        if self._mouth.work():
            self._step(talk.Spoken())

    def input_lost(self, reason: str) -> None:
        """The microphone went away."""
        self._step(talk.InputLost(reason))

    def input_back(self) -> None:
        """It is there again; the session was kept."""
        self._step(talk.InputBack())

    def note(self, event: str, **more: Any) -> None:
        """Put something into the journal that happened outside."""
        self._journal.note(self.now, event, **more)

    # ----------------------------------------------------------------------------------------------------------------

    def _step(self, percept: talk.Percept) -> None:
        pending = self.conversation.step(self.now, percept)
        while pending:
            follow_up = self._do(pending.pop(0))
            if follow_up is not None:
                pending += self.conversation.step(self.now, follow_up)

    def _do(self, action: talk.Action) -> talk.Percept | None:
        match action:
            case talk.Note(event, more):
                self._journal.note(self.now, event, **more)
            case talk.Attend(begin):
                self._ears.attend(begin)
            case talk.Drop():
                self._ears.drop()
            case talk.Finish():
                return self._finish()
            case talk.Ask(understanding):
                return self._ask(understanding)
            case talk.EndSession(reason):
                self._brain.end(reason)
            case talk.Say(what):
                self._say(what)
            case talk.Tone():
                self._mouth.tone(self._player.rate)
            case talk.Hush():
                self._mouth.hush()
            case talk.Hold():
                self._mouth.hold()
            case talk.GoOn():
                self._mouth.go_on()
            case talk.Duck(on):
                self._player.duck(self.settings.speaking.duck if on else 0.0)
            case talk.Volume(louder):
                (self._night.louder if louder else self._night.quieter)()
            case talk.SpokenTo(level):
                self._night.spoken_to(level)
        return None

    def _finish(self) -> talk.Heard:
        recognition, samples = self._ears.finish()
        self._keep_audio(samples)
        woken_by, self._woken_by = self._woken_by, ""
        asked = woken_by if woken_by and self._brain.asks_something(woken_by) else ""
        controls = _CONTROLS[self.conversation.phase] if self._reply is not None else ()
        understanding, launch = self._brain.understand(recognition, asked, controls)
        words = understanding.heard or recognition.best.text
        level = speech_level(list(np.array_split(samples, max(1, len(samples) // FRAME_SAMPLES)))) if words else None
        length = max(1, len(samples) // FRAME_SAMPLES)
        own = self._player.busy and (self._is_own(words) or self._likeness.alike(length))
        return talk.Heard(understanding, words, level, own, launch)

    def _ask(self, understanding: Any | None) -> talk.Answered:
        reply = self._brain.ask(understanding)
        self._reply = reply
        self._reprompt = reply.reprompt
        self._clear = self._brain.must_be_clear(reply)
        segments = self._segments(reply.ssml)
        details = dict(self._brain.details(reply))
        intent = reply.intent or (understanding.intent if understanding is not None else "LaunchRequest")
        self._journal.note(
            self.now, "answer", intent=intent, **details, speech=plain_text(segments), session_open=reply.session_open
        )
        return talk.Answered(bool(segments), reply.session_open, bool(reply.reprompt))

    def _say(self, what: str) -> None:
        moment = self._started + timedelta(seconds=self.now)
        try:
            if what in LINES:
                self._mouth.aside([Speech(LINES[what])], self._night.manner(moment))
                return
            manner = self._night.manner(moment, self._clear and what != "reprompt")
            self._journal.note(self.now, "speaking", what=what, volume_db=round(manner.volume, 1))
            if what == "again":
                self._mouth.say_again(manner)
            else:
                ssml = self._reprompt if what == "reprompt" or self._reply is None else self._reply.ssml
                self._mouth.say(self._segments(ssml), manner)
        except CharleyError as error:
            # Words that cannot be spoken are still in the journal and on the screen.
            self._journal.note(self.now, "fault", part="voice", problem=error.problem, mend=error.mend)

    def _segments(self, ssml: str) -> tuple[Segment, ...]:
        script = read_ssml(ssml) if ssml else None
        return script.segments if script is not None else ()

    @property
    def _trusted(self) -> bool:
        return self._echo is None or self._echo.trusted

    def _is_own(self, words: str) -> bool:
        """Whether words are most likely the loudspeaker's: it says them just now, and nothing much louder is there."""
        if self._echo is None or not self._echo.learned or not self._player.busy:
            return False
        said = words.split()
        own = self._mouth.recent_words()
        known = sum(word in own for word in said)
        return known > 0.6 * len(said) and self.meter.level < self._echo.echo_level + 3

    def _is_saying(self, phrase: str) -> bool:
        """Whether a wake phrase stands in the sentence that is being said: then nobody else needs to have said it."""
        return self._player.busy and f" {phrase} " in f" {' '.join(self._mouth.recent_words())} "

    def _keep_audio(self, samples: NDArray[np.int16]) -> None:
        if not self.settings.privacy.keep_audio or not len(samples):
            return
        folder = Path(self.settings.privacy.keep_audio).expanduser()
        folder.mkdir(parents=True, exist_ok=True)
        self._utterances += 1
        moment = self._started + timedelta(seconds=self.now)
        name = f"{moment:%Y-%m-%d %H.%M.%S} {self._utterances:03}.wav"
        write_wav(folder / name, Sound(samples, CAPTURE_RATE))


_SILENT_FRAME = np.zeros(FRAME_SAMPLES, np.int16)
