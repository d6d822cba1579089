"""The conversation as a pure state machine: what happens is typed in, what is to be done is read off."""

from __future__ import annotations

from typing import Any

import pytest

from local_runner.listener import acts as talk
from local_runner.listener.conversation import Conversation
from local_runner.settings import Settings
from local_runner.understanding import SlotMatch, Understanding

FRAME = 0.04


class Stage:
    """Plays a night: lets time pass, answers as a skill would, and keeps every action."""

    def __init__(self, answer: talk.Answered | None = None) -> None:
        self.conversation = Conversation(Settings())
        self.now = 0.0
        self.done: list[talk.Action] = []
        self.answer = answer or talk.Answered(True, True, True)
        self.words = ""
        self.meaning: Any = Understanding("CrampNowIntent", {}, 1.0, heard="my calf is cramping")

    def tell(self, percept: talk.Percept) -> list[talk.Action]:
        pending = self.conversation.step(self.now, percept)
        done = []
        while pending:
            action = pending.pop(0)
            done.append(action)
            if isinstance(action, talk.Finish | talk.Drop):
                self.words = ""  # the open utterance is gone, and what it held
            if isinstance(action, talk.Finish):
                pending += self.conversation.step(self.now, talk.Heard(self.meaning, self.meaning.heard, -30.0))
            if isinstance(action, talk.Ask):
                pending += self.conversation.step(self.now, self.answer)
        self.done += done
        return done

    def wait(self, seconds: float, words: str = "", loud: bool = False, complete: bool = False) -> list[talk.Action]:
        done = []
        self.words = words
        for _ in range(round(seconds / FRAME)):
            self.now += FRAME
            done += self.tell(talk.Frame(loud, self.words, complete))
        return done

    def say(self, words: str, meaning: Understanding, seconds: float = 0.8) -> list[talk.Action]:
        self.meaning = meaning
        done = self.wait(0.2, loud=True)
        done += self.wait(seconds, words, loud=True, complete=True)
        return done + self.wait(2.5, words, complete=True)

    def wake(self, phrase: str = "hey charley", request: bool = False) -> list[talk.Action]:
        return self.tell(talk.Woken(phrase, request))

    def ask(self) -> list[talk.Action]:
        self.wake()
        return self.say("my calf is cramping", Understanding("CrampNowIntent", {}, 1.0, heard="my calf is cramping"))

    @property
    def events(self) -> list[str]:
        return [action.event for action in self.done if isinstance(action, talk.Note)]


def intent(name: str, words: str = "words", rejected: str | None = None) -> Understanding:
    return Understanding(name, {}, 1.0, rejected, heard=words)


def test_nothing_happens_while_nobody_calls() -> None:
    stage = Stage()
    assert stage.wait(60, loud=True) == []
    assert stage.conversation.phase == "asleep"


def test_a_question_after_the_wake_phrase_is_answered() -> None:
    stage = Stage()
    done = stage.ask()
    assert talk.Attend("after wake phrase") in stage.done
    assert talk.Ask(stage.meaning) in done
    assert talk.Say("answer") in done
    assert stage.events == ["wake", "heard", "session_open"]
    assert stage.conversation.phase == "speaking"


def test_the_tone_sounds_only_when_nothing_follows_at_once() -> None:
    stage = Stage()
    stage.wake()
    assert talk.Tone() in stage.wait(1.0)
    stage = Stage()
    stage.wake()
    stage.wait(0.4, loud=True)
    assert talk.Tone() not in stage.wait(2.0, "my calf", loud=True)


def test_a_wake_phrase_that_asks_for_something_needs_nothing_more() -> None:
    stage = Stage()
    assert talk.Attend("wake phrase") in stage.wake("help my leg", request=True)
    assert talk.Say("answer") in stage.wait(3.0, "help my leg", complete=True)


def test_a_wake_phrase_without_a_question_is_forgotten() -> None:
    stage = Stage()
    stage.wake()
    done = stage.wait(7)
    assert talk.Drop() in done
    assert stage.events == ["wake", "ignored"]
    assert stage.conversation.phase == "asleep"
    assert talk.Say("answer") not in done


def test_what_was_not_for_it_is_answered_with_silence_outside_a_session() -> None:
    stage = Stage()
    stage.wake()
    done = stage.say("what time is the train", intent("AMAZON.FallbackIntent", rejected="not for the skill"))
    assert not any(isinstance(action, talk.Say | talk.Ask) for action in done)
    assert stage.events == ["wake", "ignored"]


def test_in_a_session_it_says_twice_that_it_did_not_understand_then_is_silent() -> None:
    stage = Stage()
    stage.ask()
    spoken = 0
    for _ in range(4):
        stage.tell(talk.Spoken())
        done = stage.say("blah blah", intent("AMAZON.FallbackIntent", rejected="not for the skill"))
        spoken += talk.Say("answer") in done
    assert spoken == 2


def test_a_session_stays_open_reprompts_once_and_closes() -> None:
    stage = Stage()
    stage.ask()
    stage.tell(talk.Spoken())
    assert stage.conversation.phase == "attending"
    assert talk.Say("reprompt") in stage.wait(9)
    stage.tell(talk.Spoken())
    done = stage.wait(9)
    assert talk.EndSession("EXCEEDED_MAX_REPROMPTS") in done
    assert stage.events[-1] == "session_closed"
    assert stage.conversation.phase == "asleep"


def test_an_answer_that_ends_the_session_leaves_it_asleep() -> None:
    stage = Stage(talk.Answered(True, False))
    stage.ask()
    stage.tell(talk.Spoken())
    assert stage.conversation.phase == "asleep"
    assert stage.events[-1] == "session_closed"


def test_stop_silences_it_before_the_sentence_is_over_and_nothing_is_said_after_it() -> None:
    stage = Stage()
    stage.ask()
    stage.wait(2.0)
    done = stage.wait(0.16, loud=True)
    assert done == [talk.Duck(True), talk.Attend("just now")]
    done = stage.wait(FRAME, "stop", loud=True)
    assert talk.Hush() in done
    assert talk.EndSession("USER_INITIATED") in done
    assert not any(isinstance(action, talk.Say) for action in done + stage.wait(30))
    assert stage.events[-2:] == ["interrupted", "session_closed"]


def test_whoever_talks_to_somebody_else_only_ducks_it() -> None:
    stage = Stage()
    stage.ask()
    stage.wait(1.0)
    stage.wait(0.2, loud=True)
    done = stage.say("what time is the train", intent("AMAZON.FallbackIntent", rejected="not for the skill"))
    assert talk.Duck(False) in done
    assert talk.Hush() not in done
    assert stage.conversation.phase == "speaking"


def test_a_noise_while_it_speaks_is_over_soon() -> None:
    stage = Stage()
    stage.ask()
    stage.wait(1.0)
    assert talk.Duck(True) in stage.wait(0.2, loud=True)
    done = stage.wait(3.0)
    assert talk.Duck(False) in done
    assert talk.Finish() not in done


def test_any_request_is_taken_while_it_speaks() -> None:
    stage = Stage()
    stage.ask()
    stage.wait(1.0)
    done = stage.say("why do i get cramps", intent("WhyIntent"))
    order = [type(action).__name__ for action in done]
    assert order.index("Hush") < order.index("Ask") < order.index("Say")
    assert "interrupted" in stage.events


def test_pause_holds_the_place_and_resume_goes_on() -> None:
    stage = Stage()
    stage.ask()
    stage.wait(4.0)
    done = stage.say("wait", intent("AMAZON.PauseIntent"))
    assert talk.Hold() in done
    assert stage.conversation.phase == "paused"
    stage.wait(60)
    assert stage.conversation.phase == "paused"
    done = stage.say("go on", intent("AMAZON.ResumeIntent"))
    assert talk.GoOn() in done
    assert stage.conversation.phase == "speaking"
    interruptions = [a.more["after_s"] for a in stage.done if isinstance(a, talk.Note) and a.event == "interrupted"]
    assert 4 < interruptions[0] < 9


def test_a_pause_is_not_for_ever() -> None:
    stage = Stage()
    stage.ask()
    stage.wait(1.0)
    stage.say("wait", intent("AMAZON.PauseIntent"))
    assert talk.EndSession("EXCEEDED_MAX_REPROMPTS") in stage.wait(200)
    assert stage.conversation.phase == "asleep"


@pytest.mark.parametrize(("name", "louder"), [("Device.LouderIntent", True), ("Device.QuieterIntent", False)])
def test_louder_and_quieter_are_the_devices_own(name: str, louder: bool) -> None:
    stage = Stage()
    stage.ask()
    stage.wait(1.0)
    before = len(stage.done)
    done = stage.say("louder", intent(name))
    assert talk.Volume(louder) in done
    assert talk.Say("again") in done
    assert not any(isinstance(action, talk.Ask) for action in stage.done[before:])


def test_its_own_voice_is_nobody() -> None:
    stage = Stage()
    stage.ask()
    stage.wait(1.0)
    stage.wait(0.4, "hold it there", loud=True)
    done = stage.tell(talk.Heard(intent("WhyIntent"), "hold it there", own_voice=True))
    assert talk.Hush() not in done
    assert stage.conversation.phase == "speaking"


def test_the_session_is_kept_while_the_microphone_is_gone() -> None:
    stage = Stage()
    stage.ask()
    stage.tell(talk.Spoken())
    done = stage.tell(talk.InputLost("unplugged"))
    assert talk.Say("microphone lost") in done
    stage.now += 60
    stage.tell(talk.InputBack())
    assert stage.conversation.session_open
    assert stage.events[-2:] == ["input_lost", "input_back"]
    assert talk.Ask(intent("YesIntent", "yes")) in stage.say("yes", intent("YesIntent", "yes"))


def test_a_television_cannot_keep_an_utterance_open() -> None:
    stage = Stage()
    stage.wake()
    stage.meaning = intent("AMAZON.FallbackIntent", rejected="not for the skill")
    done = []
    for number in range(400):
        stage.now += FRAME
        done += stage.tell(talk.Frame(True, f"word {number // 10}"))
    assert talk.Finish() in done


def test_slots_are_noted_by_their_canonical_values() -> None:
    stage = Stage()
    stage.wake()
    slot = SlotMatch("BodyPart", "left calf", "BodyPart", "calf", "calf", True)
    stage.say("my left calf", Understanding("CrampNowIntent", {"BodyPart": slot}, 1.0, heard="my left calf"))
    heard = next(a for a in stage.done if isinstance(a, talk.Note) and a.event == "heard")
    assert heard.more["slots"] == {"BodyPart": "calf"}
