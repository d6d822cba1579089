"""The synthesiser, for real: every sentence has sound, breaks are exact, failures have a mend."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import numpy as np
import pytest

from local_runner.errors import VoiceError
from local_runner.speech import Pyttsx3Voice, Silence, Speech, parse_ssml
from local_runner.speech import pyttsx3_voice as module
from local_runner.speech.loudness import NOMINAL_LEVEL, active_level, amplified, trimmed


@pytest.fixture(scope="module")
def voice() -> Iterator[Pyttsx3Voice]:
    voice = Pyttsx3Voice()
    try:
        voice.start()
    except VoiceError as error:
        pytest.skip(f"no synthesiser here: {error}")
    yield voice
    voice.close()


def level(voice: Pyttsx3Voice, speech: Speech) -> float:
    return active_level(voice.render([speech]).samples, voice.rate)


def test_speech_and_silence_have_the_lengths_asked_for(voice: Pyttsx3Voice) -> None:
    words = voice.render([Speech("Straighten that leg.")])
    both = voice.render([Speech("Straighten that leg."), Silence(2.5)])
    assert words.seconds > 0.8
    assert len(both.samples) - len(words.samples) == round(2.5 * voice.rate)
    assert not both.samples[len(words.samples) :].any()


def test_the_same_words_are_complete_a_hundred_times(voice: Pyttsx3Voice) -> None:
    lengths = set()
    for _ in range(100):
        sound = voice._spoken("Pull your toes towards your shin.", 1.0, 1.0, False)
        lengths.add(len(sound.samples))
        assert np.abs(sound.samples).max() > 3000
    # espeak-ng carries a little state from one utterance to the next: up to a few milliseconds.
    assert max(lengths) - min(lengths) < 0.05 * voice.rate


def test_loudness_rate_pitch_and_whisper(voice: Pyttsx3Voice) -> None:
    text = "Hold it for thirty seconds."
    plain = level(voice, Speech(text))
    assert plain == pytest.approx(NOMINAL_LEVEL, abs=1.0)
    assert level(voice, Speech(text, volume=-6.0)) == pytest.approx(plain - 6.0, abs=1.0)
    assert level(voice, Speech(text, whispered=True)) < plain - 6
    assert level(voice, Speech(text, volume=float("-inf"))) < -100
    slow, fast = (voice.render([Speech(text, rate=rate)]).seconds for rate in (0.7, 1.4))
    assert slow > 1.5 * fast
    assert not np.array_equal(voice.render([Speech(text, pitch=1.3)]).samples, voice.render([Speech(text)]).samples)


def test_pieces_come_sentence_by_sentence(voice: Pyttsx3Voice) -> None:
    pieces = list(voice.pieces(parse_ssml("<speak>One. Two.<break time='1s'/>Three.</speak>")))
    kinds = [piece.segment if isinstance(piece.segment, Silence) else piece.segment.text for piece in pieces]
    assert kinds == ["One.", Silence(0.35), "Two.", Silence(1.0), "Three."]
    whole = voice.render(parse_ssml("<speak>One. Two.<break time='1s'/>Three.</speak>"))
    assert len(whole.samples) == sum(len(piece.sound.samples) for piece in pieces)


@pytest.mark.parametrize(
    "text", ["a" * 10_000, "word " * 2_000, "leg 🦵 cramp 😴", 'Tom\'s "leg" <b> & co', "Žižek, naïve"]
)
def test_odd_texts_are_spoken(voice: Pyttsx3Voice, text: str) -> None:
    assert voice.render([Speech(text)]).seconds > 0.3


def test_a_text_without_words_is_no_sound(voice: Pyttsx3Voice) -> None:
    assert voice.render([Speech("… !?")]).seconds == 0


def test_a_killed_synthesiser_is_started_again(voice: Pyttsx3Voice) -> None:
    voice.start()
    assert voice._worker is not None
    os.kill(voice._worker._process.pid, signal.SIGKILL)
    assert voice.render([Speech("Still here, after the fall.")]).seconds > 0.8


def test_a_hanging_synthesiser_is_killed_and_started_again(
    voice: Pyttsx3Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice.start()
    assert voice._worker is not None
    stuck = voice._worker._process.pid
    os.kill(stuck, signal.SIGSTOP)
    monkeypatch.setattr(module, "_SPEAK_SECONDS", 1.0)
    assert voice.render([Speech("Still here, after the hang.")]).seconds > 0.8
    assert voice._worker._process.pid != stuck


def test_an_unknown_voice_names_some_that_exist() -> None:
    with Pyttsx3Voice("english") as voice, pytest.raises(VoiceError, match="gmw/en") as caught:
        voice.render([Speech("hello")])
    assert "\n" not in str(caught.value)


def test_a_machine_without_a_synthesiser_gets_the_line_to_type(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A pyttsx3 that fails as the real one does where the library is missing, found before the real one.
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    (tmp_path / "pyttsx3.py").write_text("raise RuntimeError('you probably do not have eSpeak installed!')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(VoiceError, match="apt-get install libespeak-ng1"):
        Pyttsx3Voice().render([Speech("hello")])


def test_amplifying_never_clips_and_trimming_keeps_the_words() -> None:
    tone = (np.sin(np.arange(8000) / 5) * 20_000).astype(np.int16)
    loud = amplified(tone, 12.0)
    assert np.abs(loud).max() <= 32767
    assert active_level(loud, 16_000) > active_level(tone, 16_000)
    padded = np.concatenate([np.zeros(4000, np.int16), tone, np.zeros(4000, np.int16)])
    assert len(trimmed(padded, 16_000)) == pytest.approx(len(tone), abs=400)
    assert len(trimmed(np.zeros(100, np.int16), 16_000)) == 0
