"""The listener's pure parts: noise floor, ends of utterances, night voice, back-off, what is said."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from local_runner.audio import FRAME_SAMPLES, Frame, SampleSource
from local_runner.audio.player import Player
from local_runner.errors import SoundDeviceError
from local_runner.interaction_model import Intent, InteractionModel
from local_runner.listener.controls import control_of, control_phrase, is_stop, with_controls
from local_runner.listener.endpointing import Endpointer
from local_runner.listener.lasting import BackOff, LastingMicrophone, LastingSpeaker
from local_runner.listener.levels import LevelMeter
from local_runner.listener.mouth import Mouth, soft_tone
from local_runner.listener.night_voice import NightVoice
from local_runner.settings import ListeningSettings, NightSettings, SpeakingSettings
from local_runner.sound import Sound
from local_runner.speech import RenderingVoice, Silence, Speech

FRAME = 0.04
DAY, NIGHT = datetime(2026, 1, 1, 12, 0), datetime(2026, 1, 1, 2, 30)


def noise(decibels: float, seed: int = 0) -> Frame:
    generator = np.random.default_rng(seed)
    return (generator.normal(0, 32768 * 10 ** (decibels / 20), FRAME_SAMPLES)).astype(np.int16)


def test_a_quiet_voice_stands_out_of_a_quiet_room_and_a_fan_is_learnt() -> None:
    meter = LevelMeter()
    for number in range(100):
        meter.hear(noise(-60, number))
    assert meter.floor == pytest.approx(-60, abs=2)
    assert meter.hear(noise(-50))
    assert not meter.hear(noise(-59))
    for number in range(25 * 30):
        loud = meter.hear(noise(-42, number))
    assert not loud
    assert meter.floor == pytest.approx(-42, abs=3)


def endpoint(complete: bool, gaps: list[float]) -> float:
    """Speak words of 0.4 s with these gaps between them; how long after the last word it ends (or raise)."""
    ending = Endpointer(ListeningSettings(), 0.0, 6.0)
    now, words = 0.0, ""
    for number, gap in enumerate([*gaps, 99.0]):
        words += f" word{number}"
        for _ in range(10):
            now += FRAME
            assert ending.hear(now, True, words.strip(), complete) in ("speaking", "waiting")
        said = now
        while now < said + gap:
            now += FRAME
            verdict = ending.hear(now, False, words.strip(), complete)
            if verdict == "ended":
                assert number == len(gaps), f"cut off in a gap of {gap} s"
                return now - said
    raise AssertionError("never ended")


def test_sleepy_pauses_do_not_end_an_unfinished_sentence() -> None:
    assert endpoint(False, [1.2, 1.3, 0.8]) == pytest.approx(1.5, abs=0.1)


def test_a_whole_request_ends_sooner() -> None:
    assert endpoint(True, [0.3, 0.5]) == pytest.approx(0.8, abs=0.1)


def test_a_snore_is_no_word_and_silence_is_nothing() -> None:
    ending = Endpointer(ListeningSettings(), 0.0, 6.0)
    verdicts = [ending.hear(number * FRAME, number % 50 < 20, "", False) for number in range(200)]
    assert "ended" not in verdicts
    assert verdicts[-1] == "nothing"


def test_noise_after_the_last_word_does_not_keep_it_open_for_ever() -> None:
    ending = Endpointer(ListeningSettings(), 0.0, 6.0)
    now = 0.0
    for _ in range(25):
        now += FRAME
        ending.hear(now, True, "my leg hurts", False)
    ended = next(
        number for number in range(500) if ending.hear(now + number * FRAME, True, "my leg hurts", False) == "ended"
    )
    assert ended * FRAME < 3


@pytest.mark.parametrize(
    ("at", "quiet"),
    [("21:59", False), ("22:00", True), ("02:30", True), ("06:59", True), ("07:00", False), ("12:00", False)],
)
def test_quiet_hours_pass_midnight(at: str, quiet: bool) -> None:
    moment = datetime.strptime(f"2026-01-01 {at}", "%Y-%m-%d %H:%M")
    assert NightVoice(SpeakingSettings(), NightSettings()).is_quiet_hour(moment) is quiet


def test_no_quiet_hours_and_hours_within_a_day() -> None:
    assert not NightVoice(SpeakingSettings(), NightSettings("08:00", "08:00")).is_quiet_hour(NIGHT)
    assert NightVoice(SpeakingSettings(), NightSettings("11:00", "13:00")).is_quiet_hour(DAY)


def test_at_night_it_is_lower_and_slower_but_a_line_that_must_be_heard_is_clear() -> None:
    voice = NightVoice(SpeakingSettings(), NightSettings(whisper=True))
    by_day, by_night, clear = voice.manner(DAY), voice.manner(NIGHT), voice.manner(NIGHT, clear=True)
    assert by_night.volume == by_day.volume - 8
    assert by_night.rate < 1
    assert by_night.whispered
    assert clear.volume >= 0
    assert not clear.whispered


def test_it_answers_a_whisper_softly_and_loudness_asked_for_wins() -> None:
    voice = NightVoice(SpeakingSettings(), NightSettings())
    usual = voice.manner(DAY).volume
    voice.spoken_to(-32)
    assert voice.manner(DAY).volume == pytest.approx(usual, abs=0.5)
    voice.spoken_to(-52)
    assert voice.manner(DAY).volume < usual - 5
    assert voice.manner(DAY, clear=True).volume >= usual
    voice.louder()
    assert voice.manner(DAY).volume == usual + 4
    for _ in range(20):
        voice.quieter()
    assert voice.manner(DAY).volume == -20


def test_the_manner_keeps_what_the_skill_asked_for() -> None:
    manner = NightVoice(SpeakingSettings(), NightSettings()).manner(NIGHT)
    spoken = manner.of([Speech("a", volume=-3.0, rate=0.8), Silence(2.0)])
    assert spoken == (Speech("a", volume=-11.0, rate=pytest.approx(0.736)), Silence(2.0))


def test_the_devices_own_words_are_added_to_any_model() -> None:
    model = with_controls(InteractionModel("skill", (Intent("WhyIntent", (), ("why",)), Intent("AMAZON.StopIntent"))))
    names = [intent.name for intent in model.intents]
    assert names.count("AMAZON.StopIntent") == 1
    assert {"Device.LouderIntent", "Device.QuieterIntent", "AMAZON.PauseIntent"} <= set(names)
    assert control_of("AMAZON.CancelIntent") == "stop"
    assert control_of("WhyIntent") is None
    assert control_phrase("um louder please") == "Device.LouderIntent"
    assert control_phrase("hold on") == "AMAZON.PauseIntent"
    assert control_phrase("why do i get louder cramps") is None
    assert is_stop("stop")
    assert not is_stop("stop the cramps")


class TonesVoice(RenderingVoice):
    """A voice whose every word is a tone of a tenth of a second: as long as the text, and always the same."""

    rate = 16_000

    def close(self) -> None:
        return

    def _spoken(self, text: str, rate: float, pitch: float, whispered: bool) -> Sound:
        samples = np.sin(np.arange(int(1600 * len(text.split()) / rate)) / 5) * 8000
        return Sound(samples.astype(np.int16), self.rate)


def heard_from(mouth: Mouth, player: Player, seconds: float) -> tuple[np.ndarray, bool]:
    out, over = [], False
    for _ in range(round(seconds / FRAME)):
        over = mouth.work() or over
        out.append(player.pull(640))
    return np.concatenate(out), mouth.work() or over


@pytest.fixture
def mouth() -> tuple[Mouth, Player]:
    player = Player(16_000)
    return Mouth(TonesVoice(), player), player


MANNER = NightVoice(SpeakingSettings(), NightSettings()).manner(DAY)


def test_a_hold_takes_as_long_as_its_breaks(mouth: tuple[Mouth, Player]) -> None:
    speaking, player = mouth
    speaking.say([Speech("hold it"), Silence(5.0), Speech("five")], MANNER)
    sound, over = heard_from(speaking, player, 6)
    assert over
    loud = np.flatnonzero(np.abs(sound) > 100) / 16_000
    gap = np.diff(loud).max()
    assert gap == pytest.approx(5.0, abs=0.05)
    assert not speaking.busy


def test_hushed_it_is_silent_at_once_and_says_nothing_more(mouth: tuple[Mouth, Player]) -> None:
    speaking, player = mouth
    speaking.say([Speech("one two three four five six seven eight nine ten")], MANNER)
    heard_from(speaking, player, 0.4)
    speaking.hush()
    sound, over = heard_from(speaking, player, 2)
    assert not np.abs(sound[round(0.025 * 16_000) :]).any()
    assert not over
    assert not speaking.busy


def test_held_it_keeps_the_place(mouth: tuple[Mouth, Player]) -> None:
    speaking, player = mouth
    speaking.say([Speech("one two three four five six seven eight nine ten")], MANNER)
    before, _ = heard_from(speaking, player, 0.4)
    speaking.hold()
    held, _ = heard_from(speaking, player, 3)
    speaking.go_on()
    after, over = heard_from(speaking, player, 2)
    assert over
    assert not np.abs(held[400:]).any()
    total = sum(np.count_nonzero(np.abs(part) > 10) for part in (before, held, after))
    assert total == pytest.approx(1.0 * 16_000, rel=0.03)


def test_again_begins_with_the_sentence_that_was_being_said(mouth: tuple[Mouth, Player]) -> None:
    speaking, player = mouth
    sentences = [Speech("one two three four."), Silence(1.0), Speech("five six seven."), Silence(1.0), Speech("eight.")]
    speaking.say(sentences, MANNER)
    heard_from(speaking, player, 1.52)
    assert "five" in speaking.recent_words()
    speaking.say_again(MANNER)
    sound, over = heard_from(speaking, player, 4)
    assert over
    # 'five six seven', a second, 'eight'
    assert np.count_nonzero(np.abs(sound) > 10) / 16_000 == pytest.approx(0.4, abs=0.05)
    speaking.say_again(MANNER)
    sound, _ = heard_from(speaking, player, 6)
    assert np.count_nonzero(np.abs(sound) > 10) / 16_000 == pytest.approx(0.8, abs=0.05)


def test_ducking_is_quieter_and_comes_back(mouth: tuple[Mouth, Player]) -> None:
    speaking, player = mouth
    speaking.say([Speech(" ".join(["word"] * 30))], MANNER)
    before, _ = heard_from(speaking, player, 0.4)
    player.duck(-14.0)
    heard_from(speaking, player, FRAME)
    ducked, _ = heard_from(speaking, player, 0.4)
    player.duck(0.0)
    heard_from(speaking, player, FRAME)
    after, _ = heard_from(speaking, player, 0.4)
    assert np.abs(ducked).max() == pytest.approx(np.abs(before).max() * 0.2, rel=0.1)
    assert np.abs(after).max() == pytest.approx(np.abs(before).max(), rel=0.05)


def test_the_tone_is_soft_and_short() -> None:
    tone = soft_tone(22_050)
    assert len(tone) / 22_050 < 0.3
    assert 300 < np.abs(tone).max() < 1000


def test_back_off_doubles_to_its_limit_and_begins_again() -> None:
    back_off = BackOff(0.5, 4.0)
    waits, now = [], 0.0
    for _ in range(5):
        back_off.failed(now)
        wait = next(tenths for tenths in range(1000) if back_off.due(now + tenths / 10)) / 10
        waits.append(wait)
        now += wait
    assert waits == [0.5, 1.0, 2.0, 4.0, 4.0]
    back_off.worked()
    back_off.failed(now)
    assert back_off.due(now + 0.5)


class FailingMicrophone:
    """A microphone that can be pulled out."""

    def __init__(self) -> None:
        self.plugged = True
        self.opened = 0

    def open(self) -> None:
        if not self.plugged:
            raise SoundDeviceError("this machine has no microphone")
        self.opened += 1

    def read(self, timeout: float) -> Frame | None:
        if not self.plugged:
            raise SoundDeviceError("the microphone went away")
        return noise(-60)

    def close(self) -> None:
        return


def test_a_microphone_that_comes_back_is_opened_by_itself() -> None:
    clock = [0.0]
    restarts: list[float] = []
    device = FailingMicrophone()
    microphone = LastingMicrophone(device, BackOff(0.5, 4.0), lambda: restarts.append(clock[0]), clock=lambda: clock[0])
    assert microphone.read(0.0) is not None
    assert microphone.lost is None
    device.plugged = False
    assert microphone.read(0.0) is None
    assert microphone.lost == "the microphone went away"
    for _ in range(100):
        clock[0] += 0.1
        assert microphone.read(0.0) is None
    assert 2 <= len(restarts) <= 5
    device.plugged = True
    clock[0] += 4.0
    assert microphone.read(0.0) is not None
    assert microphone.lost is None


def test_a_stream_that_was_moved_to_the_loudspeakers_own_sound_counts_as_lost() -> None:
    class Server:
        problem_now: str | None = None
        news = False

        def changed(self) -> bool:
            return self.news

        def problem(self) -> str | None:
            self.news = False
            return self.problem_now

    server = Server()
    microphone = LastingMicrophone(FailingMicrophone(), BackOff(0.5, 4.0), server=server, clock=lambda: 0.0)
    assert microphone.read(0.0) is not None
    server.problem_now, server.news = "only a monitor", True
    assert microphone.read(0.0) is None
    assert microphone.lost == "only a monitor"
    server.problem_now, server.news = None, True
    assert microphone.read(0.0) is not None


class FailingSpeaker:
    """A loudspeaker that can be pulled out."""

    rate = 16_000

    def __init__(self) -> None:
        self.plugged = True
        self.opened = False

    def open(self, source: SampleSource) -> None:
        if not self.plugged:
            raise SoundDeviceError("this machine has no loudspeaker")
        self.opened = True

    @property
    def healthy(self) -> bool:
        return self.plugged

    def close(self) -> None:
        self.opened = False


def test_a_loudspeaker_is_open_while_it_is_wanted_and_comes_back() -> None:
    clock = [0.0]
    device = FailingSpeaker()
    speaker = LastingSpeaker(device, Player(16_000).pull, BackOff(0.5, 4.0), clock=lambda: clock[0])
    speaker.tend(False)
    assert not device.opened
    speaker.tend(True)
    assert device.opened
    device.plugged = False
    speaker.tend(True)
    assert speaker.lost == "the loudspeaker went away"
    device.plugged = True
    clock[0] = 1.0
    speaker.tend(True)
    assert speaker.lost is None
    speaker.tend(False)
    clock[0] = 60.0
    speaker.tend(False)
    assert not device.opened
