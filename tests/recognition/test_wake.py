"""Wake phrases in streams of real sound: found once, where they are, and not in other speech."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from local_runner.errors import SettingsError
from local_runner.recognition.wake import WakeCandidate, WakeScorer, WakeSettings, WakeSpotter
from local_runner.sound import Sound

Say = Callable[..., Sound]
PHRASES = ["hey charley", "help my leg"]


@pytest.fixture(scope="module")
def scorer(voice_model: Path, cache_folder: Path) -> WakeScorer:
    """Looks for the phrases."""
    return WakeScorer(voice_model, PHRASES, cache=cache_folder)


def woken(scorer: WakeScorer, sound: Sound) -> list[WakeCandidate]:
    return [c for c in scorer.candidates(sound) if c.score >= scorer.settings.threshold]


def room(seconds: float) -> np.ndarray:
    return np.random.default_rng(3).normal(0, 12, round(seconds * 16_000)).astype(np.int16)


@pytest.mark.parametrize("phrase", PHRASES)
@pytest.mark.parametrize("voice", ["en-us+f3", "en-gb"])
def test_a_phrase_wakes_once_and_where_it_is(phrase: str, voice: str, scorer: WakeScorer, say: Say) -> None:
    spoken = say(phrase, voice=voice).samples
    (found,) = woken(scorer, Sound(np.concatenate([room(4.0), spoken, room(2.0)]), 16_000))
    assert found.phrase == phrase
    assert 4.2 < found.start < 5.0
    assert found.start < found.end < 4.0 + len(spoken) / 16_000
    assert found.confidence > 0.1


def test_every_call_is_heard(scorer: WakeScorer, say: Say) -> None:
    spoken = [say(phrase).samples for phrase in (PHRASES[0], PHRASES[1], PHRASES[0])]
    night = np.concatenate([part for s in spoken for part in (room(2.0), s, room(2.0))])
    assert [c.phrase for c in woken(scorer, Sound(night, 16_000))] == [PHRASES[0], PHRASES[1], PHRASES[0]]


def test_other_speech_does_not_wake(scorer: WakeScorer, say: Say) -> None:
    sentences = [
        "good evening and welcome to the nine o'clock news",
        "the charges were dropped after a long hearing",
        "he was happy to help us with the papers",
        "parsley sage rosemary and thyme",
    ]
    talk = np.concatenate([say(sentence).samples for sentence in sentences])
    assert woken(scorer, Sound(talk, 16_000)) == []


def test_a_quiet_night_does_not_wake(scorer: WakeScorer) -> None:
    noises = [room(10.0), np.zeros(80_000, np.int16), (room(5.0).astype(np.int32) * 300).clip(-32768, 32767)]
    night = np.concatenate(noises).astype(np.int16)
    assert woken(scorer, Sound(night, 16_000)) == []


def test_frames_of_every_size(scorer: WakeScorer, say: Say) -> None:
    samples = np.concatenate([room(1.0), say(PHRASES[0]).samples, room(1.5)])
    for size in (160, 640, 4000):
        spotter = WakeSpotter(scorer)
        found = [c for at in range(0, len(samples), size) for c in spotter.accept(samples[at : at + size])]
        assert [c.phrase for c in found] == [PHRASES[0]]


def test_words_run_together_for_long_are_begun_anew(voice_model: Path, cache_folder: Path, say: Say) -> None:
    scorer = WakeScorer(voice_model, PHRASES, WakeSettings(longest=3.0), cache=cache_folder)
    talk = say("the president will meet the leaders of both parties today and tomorrow and on the day after").samples
    spotter = WakeSpotter(scorer)
    for at in range(0, len(talk), 1600):
        list(spotter.accept(talk[at : at + 1600]))
        assert sum(map(len, spotter._kept)) <= 16_000 * 3
        assert spotter._now - spotter._begun <= 16_000 * 3.2


def test_a_new_name_can_wake(voice_model: Path, cache_folder: Path, say: Say) -> None:
    scorer = WakeScorer(voice_model, ["hey zorblax"], cache=cache_folder)
    assert [c.phrase for c in woken(scorer, say("hey zorblax"))] == ["hey zorblax"]


def test_a_phrase_is_needed(voice_model: Path, cache_folder: Path) -> None:
    with pytest.raises(SettingsError, match="no wake phrase"):
        WakeScorer(voice_model, ["…"], cache=cache_folder)
