"""The listener's loop as a pure state machine: frames, words and finished playback in, actions out.

No clock, no thread, no sound and no skill in here: whoever drives it passes the time in and carries the actions out.
``docs/listener.md`` draws it.
"""

from __future__ import annotations

from typing import Any, Literal

from local_runner.listener.acts import (
    Action,
    Answered,
    Ask,
    Attend,
    Drop,
    Duck,
    EndSession,
    Finish,
    Frame,
    GoOn,
    Heard,
    Hold,
    Hush,
    InputBack,
    InputLost,
    Note,
    Percept,
    Say,
    Spoken,
    SpokenTo,
    Tone,
    Volume,
    Woken,
)
from local_runner.listener.controls import control_of, is_stop
from local_runner.listener.endpointing import Endpointer
from local_runner.settings import Settings

Phase = Literal["asleep", "attending", "speaking", "paused"]

FALLBACK = "AMAZON.FallbackIntent"


_TALKING = 3
"""Loud frames in a row before somebody counts as talking into its speech: 120 ms."""
_TALK_OVER = 1.6
"""Seconds without a word after which whoever seemed to talk did not."""
_FOLLOWS = 0.7
"""Seconds after a wake phrase in which a question that follows at once must begin."""
_ARMED = 0.7
"""Seconds of its own speech before 'stop' counts: echo cancellation needs a moment to learn the room."""
_MOST_MISUNDERSTOOD = 2
"""Times in a row that it says it did not understand; then it is somebody else's conversation, and it is silent."""


class Conversation:
    """The state of one night.

    ``step`` takes what happened and gives back what is to be done, in order. ``Finish`` and ``Ask`` are answered by
    calling ``step`` again with ``Heard`` and ``Answered``, at whatever later time.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.phase: Phase = "asleep"
        self.session_open = False
        self._endpointer: Endpointer | None = None
        self._woken: Woken | None = None
        self._tone_due: float | None = None
        self._loud_frames = 0
        self._barge_since: float | None = None
        self._speaking_since = 0.0
        self._paused_since = 0.0
        self._spent = 0.0
        self._reprompted = False
        self._has_reprompt = False
        self._answer = Answered(False)
        self._misunderstood = 0
        self._busy: Literal["", "finish", "ask"] = ""

    def step(self, now: float, percept: Percept) -> list[Action]:
        """What to do about ``percept``, which happened at ``now`` (seconds since the start)."""
        match percept:
            case Frame():
                return self._frame(now, percept)
            case Woken():
                return self._wake(now, percept)
            case Heard():
                return self._heard(now, percept)
            case Answered():
                return self._answered(now, percept)
            case Spoken():
                return self._spoken(now)
            case InputLost():
                return self._input_lost(now, percept)
            case InputBack():
                return self._input_back(now)

    @property
    def listens_for_wake(self) -> bool:
        """Whether wake phrases are looked for: always, except while an utterance is open."""
        return self._endpointer is None and not self._busy

    # Frames ------------------------------------------------------------------------------------------------------

    def _frame(self, now: float, frame: Frame) -> list[Action]:
        if self._busy:
            return []
        if self.phase == "speaking":
            return self._frame_while_speaking(now, frame)
        if self.phase == "asleep" or self._endpointer is None:
            return []
        actions: list[Action] = []
        if self._tone_due is not None and (frame.words or now >= self._tone_due):
            if not frame.words and not frame.loud:
                actions.append(Tone())
            if frame.words or not frame.loud:
                self._tone_due = None
        verdict = self._endpointer.hear(now, frame.loud, frame.words, frame.complete)
        if verdict in ("ended", "too long"):
            return [*actions, *self._finish()]
        if verdict == "nothing":
            return [*actions, *self._nothing_said(now)]
        return actions

    def _frame_while_speaking(self, now: float, frame: Frame) -> list[Action]:
        if now - self._speaking_since < _ARMED:
            return []
        if self._barge_since is None:
            self._loud_frames = self._loud_frames + 1 if frame.loud else 0
            if self._loud_frames < _TALKING:
                return []
            self._barge_since = now
            self._endpointer = Endpointer(self._settings.listening, now, _TALK_OVER, heard_before=True)
            return [Duck(True), Attend("just now")]
        assert self._endpointer is not None
        if is_stop(frame.words):
            # 'Stop' is not waited for until the sentence is over: silence first, then see what else was said.
            return [Note("interrupted", self._interruption(now, frame.words)), Hush(), *self._stop()]
        verdict = self._endpointer.hear(now, frame.loud, frame.words, frame.complete)
        if verdict in ("ended", "too long"):
            return self._finish()
        if verdict == "nothing":
            return self._go_on_speaking()
        return []

    def _go_on_speaking(self) -> list[Action]:
        self._barge_since = None
        self._loud_frames = 0
        self._endpointer = None
        return [Drop(), Duck(False)]

    def _finish(self) -> list[Action]:
        self._endpointer = None
        self._busy = "finish"
        return [Finish()]

    # Waking ------------------------------------------------------------------------------------------------------

    def _wake(self, now: float, woken: Woken) -> list[Action]:
        actions: list[Action] = [Note("wake", {"phrase": woken.phrase, "confidence": round(woken.confidence, 3)})]
        if self.phase == "speaking":
            actions += [Duck(True)]
            self._barge_since = now
        elif self.phase == "asleep":
            self.phase = "attending"
        self._woken = woken
        self._misunderstood = 0
        self._tone_due = now + _FOLLOWS if self._settings.wake.tone and self.phase != "speaking" else None
        listening = self._settings.listening
        wait = listening.pause_complete if woken.request else listening.wait_after_wake
        self._endpointer = Endpointer(listening, now, wait, heard_before=woken.request)
        begin: Literal["wake phrase", "after wake phrase"] = "wake phrase" if woken.request else "after wake phrase"
        return [*actions, Attend(begin)]

    def _nothing_said(self, now: float) -> list[Action]:
        """Nobody spoke for as long as was waited."""
        woken, self._woken = self._woken, None
        if woken is not None and woken.request:
            return self._finish()
        self._endpointer = None
        if self.phase == "paused":
            return [Drop(), *self._close("EXCEEDED_MAX_REPROMPTS")]
        if not self.session_open:
            self.phase = "asleep"
            reason = "nothing was asked" if woken is not None else "nothing was said"
            return [Drop(), Note("ignored", {"reason": reason})]
        if self._has_reprompt and not self._reprompted:
            self._reprompted = True
            return [Drop(), *self._speak(now, "reprompt")]
        return [Drop(), *self._close("EXCEEDED_MAX_REPROMPTS")]

    # Utterances --------------------------------------------------------------------------------------------------

    def _heard(self, now: float, heard: Heard) -> list[Action]:
        self._busy = ""
        woken, self._woken = self._woken, None
        understanding = heard.understanding
        if heard.own_voice:
            return self._not_for_us(now, "its own voice", heard, woken)
        actions: list[Action] = [SpokenTo(heard.level)] if heard.level is not None else []
        if heard.launch:
            return [*actions, Note("heard", {"text": heard.words, "intent": "LaunchRequest"}), *self._ask(None)]
        rejected = understanding.rejected is not None or understanding.intent == FALLBACK
        if rejected:
            in_session = self.session_open and self.phase == "attending"
            if in_session and heard.words.strip() and self._misunderstood < _MOST_MISUNDERSTOOD:
                self._misunderstood += 1
                return [*actions, self._heard_note(heard), *self._ask(understanding)]
            reason = understanding.rejected or "not for the skill"
            return self._not_for_us(now, reason, heard, woken)
        self._misunderstood = 0
        actions.append(self._heard_note(heard))
        control = control_of(understanding.intent)
        if control == "stop" and self.phase in ("speaking", "paused"):
            interrupted = Note("interrupted", self._interruption(now, heard.words))
            return [*actions, interrupted, Hush(), *self._stop()]
        if control == "stop" and not self.session_open:
            self.phase = "asleep"
            return [*actions, Drop()]
        if control in ("louder", "quieter"):
            return [*actions, Volume(control == "louder"), *self._after_volume(now)]
        if control == "pause" and self.phase == "speaking":
            return [*actions, *self._pause(now, heard.words)]
        if control == "resume" and self.phase == "paused":
            return [*actions, *self._resume(now)]
        if self.phase in ("speaking", "paused"):
            actions += [Note("interrupted", self._interruption(now, heard.words)), Hush(), Duck(False)]
            self._barge_since = None
        return [*actions, *self._ask(understanding)]

    def _heard_note(self, heard: Heard) -> Note:
        understanding = heard.understanding
        slots = {name: slot.resolved or slot.value for name, slot in understanding.slots.items()}
        more: dict[str, Any] = {"text": heard.words, "intent": understanding.intent}
        if slots:
            more["slots"] = slots
        return Note("heard", more)

    def _not_for_us(self, now: float, reason: str, heard: Heard, woken: Woken | None) -> list[Action]:
        """Silence is the answer; whatever was going on goes on."""
        actions: list[Action] = [Note("ignored", {"reason": reason, "text": heard.words})]
        if self.phase == "speaking":
            return [*actions, *self._go_on_speaking()]
        if self.phase == "paused":
            return actions + self._attend_paused(now)
        if self.session_open:
            return actions + self._listen_in_session(now)
        self.phase = "asleep"
        return [*actions, Drop()]

    def _ask(self, understanding: Any | None) -> list[Action]:
        self._busy = "ask"
        return [Ask(understanding)]

    def _answered(self, now: float, answer: Answered) -> list[Action]:
        self._busy = ""
        self._answer = answer
        was_open, self.session_open = self.session_open, answer.session_open
        self._has_reprompt = answer.reprompt
        self._reprompted = False
        actions: list[Action] = []
        if answer.session_open and not was_open:
            actions.append(Note("session_open"))
        if answer.says:
            return actions + self._speak(now, "answer")
        return actions + self._after_speech(now)

    # Speaking ----------------------------------------------------------------------------------------------------

    def _speak(self, now: float, what: Literal["answer", "reprompt", "again"]) -> list[Action]:
        self.phase = "speaking"
        self._speaking_since = now
        self._spent = 0.0
        self._barge_since = None
        self._loud_frames = 0
        self._endpointer = None
        return [Drop(), Duck(False), Say(what)]

    def _spoken(self, now: float) -> list[Action]:
        if self.phase != "speaking":
            return []
        if self._barge_since is not None:
            # Somebody talks into the end of it: they go on talking to whoever listens now.
            self._barge_since = None
            if self.session_open and self._endpointer is not None:
                self.phase = "attending"
                return [Duck(False)]
            if self._busy:
                self.phase = "attending"
                return [Duck(False)]
        return self._after_speech(now)

    def _after_speech(self, now: float) -> list[Action]:
        if self.session_open:
            return self._listen_in_session(now)
        was_speaking = self.phase != "asleep"
        self.phase = "asleep"
        self._endpointer = None
        return [Drop(), Note("session_closed", {"reason": "the skill closed it"})] if was_speaking else [Drop()]

    def _listen_in_session(self, now: float) -> list[Action]:
        self.phase = "attending"
        self._endpointer = Endpointer(self._settings.listening, now, self._settings.listening.wait_for_answer)
        self._tone_due = None
        return [Attend("now")]

    def _close(self, reason: Literal["USER_INITIATED", "EXCEEDED_MAX_REPROMPTS"]) -> list[Action]:
        self.phase = "asleep"
        self._endpointer = None
        was_open, self.session_open = self.session_open, False
        why = "stop" if reason == "USER_INITIATED" else "nothing was said"
        closed: list[Action] = [Note("session_closed", {"reason": why})] if was_open else []
        return [EndSession(reason), *closed]

    def _stop(self) -> list[Action]:
        """Silence has won already; the skill hears that its session is over, and has no last word."""
        self._barge_since = None
        self._endpointer = None
        self._woken = None
        self.phase = "asleep"
        actions: list[Action] = [Drop(), Duck(False)]
        return actions + self._close("USER_INITIATED")

    def _pause(self, now: float, words: str) -> list[Action]:
        self._spent += now - self._speaking_since
        self.phase = "paused"
        self._paused_since = now
        self._barge_since = None
        more = {**self._interruption(now, words), "paused": True}
        return [Note("interrupted", more), Hold(), Duck(False), *self._attend_paused(now)]

    def _attend_paused(self, now: float) -> list[Action]:
        left = self._settings.listening.wait_paused - (now - self._paused_since)
        self._endpointer = Endpointer(self._settings.listening, now, max(1.0, left))
        return [Attend("now")]

    def _resume(self, now: float) -> list[Action]:
        self.phase = "speaking"
        self._speaking_since = now
        self._loud_frames = 0
        self._endpointer = None
        return [Drop(), Note("speaking", {"resumed": True}), GoOn()]

    def _after_volume(self, now: float) -> list[Action]:
        if self.phase in ("speaking", "paused"):
            return [Hush(), *self._speak(now, "again")]
        if self._answer.says:
            return self._speak(now, "again")
        return self._after_speech(now)

    def _interruption(self, now: float, words: str) -> dict[str, Any]:
        spent = self._spent + (now - self._speaking_since if self.phase == "speaking" else 0.0)
        return {"by": words, "after_s": round(spent, 2)}

    # Sound that fails --------------------------------------------------------------------------------------------

    def _input_lost(self, now: float, lost: InputLost) -> list[Action]:
        actions: list[Action] = [Note("input_lost", {"reason": lost.reason})]
        if self._endpointer is not None:
            self._endpointer = None
            actions.append(Drop())
        self._barge_since = None
        if self._settings.sound.say_faults and self.phase in ("asleep", "attending"):
            actions.append(Say("microphone lost"))
        return actions

    def _input_back(self, now: float) -> list[Action]:
        actions: list[Action] = [Note("input_back")]
        if self._settings.sound.say_faults and self.phase in ("asleep", "attending"):
            actions.append(Say("microphone back"))
        # The session was kept, and its time to answer begins again.
        if self.phase == "paused":
            actions += self._attend_paused(now)
        elif self.session_open and self.phase == "attending":
            actions += self._listen_in_session(now)
        elif self.phase == "attending":
            self.phase = "asleep"
        return actions
