"""The recogniser on real sound with the real Vosk: what it hears, in every shape that sound comes in."""

from __future__ import annotations

import dataclasses
import itertools
import resource
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from local_runner.hearing import UNKNOWN_WORD
from local_runner.listening import ListeningModel, phrases_model
from local_runner.recognition import VoskRecogniser
from local_runner.recognition.fst import to_const_fst
from local_runner.recognition.lexicon_graph import read_lexicon_graph
from local_runner.sound import Sound

Say = Callable[..., Sound]
PHRASES = [
    "my calf is cramping",
    "why do i get leg cramps at night",
    "how can i prevent leg cramps",
    "should i drink more water",
    "tell me more about magnesium",
    "repeat that please",
    "the cramp is gone now",
]
LISTENING = phrases_model(PHRASES)
SHIPPED = Path(__file__).parent.parent.parent / "voice_models/charley-en"


@pytest.fixture(scope="module")
def recogniser(voice_model: Path, cache_folder: Path) -> VoskRecogniser:
    """Listens for the phrases."""
    return VoskRecogniser(voice_model, LISTENING, cache=cache_folder)


def joined(sounds: list[Sound]) -> Sound:
    return Sound(np.concatenate([s.samples for s in sounds]), sounds[0].rate)


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_is_heard(phrase: str, recogniser: VoskRecogniser, say: Say) -> None:
    sound = say(phrase)
    heard = recogniser.recognise(sound)
    assert heard.best.text == phrase
    assert heard.best.confidence > 0.5
    assert heard.seconds == pytest.approx(sound.seconds)
    assert heard.decode_seconds > 0
    assert heard.free is None


def test_words_have_times_and_confidences(recogniser: VoskRecogniser, say: Say) -> None:
    sound = say(PHRASES[0])
    words = recogniser.recognise(sound).best.words
    assert [w.text for w in words] == PHRASES[0].split()
    assert 0.2 < words[0].start < 0.9
    assert all(w.start < w.end for w in words)
    assert all(a.end <= b.start + 0.05 for a, b in itertools.pairwise(words))
    assert words[-1].end < sound.seconds
    assert all(0 < w.confidence <= 1 for w in words)


def test_hypotheses_are_different_and_best_first(recogniser: VoskRecogniser, say: Say) -> None:
    hypotheses = recogniser.recognise(say("how can i prevent leg cramps at night")).hypotheses
    texts = [h.text for h in hypotheses]
    assert len(set(texts)) == len(texts)
    assert len(texts) <= recogniser.n_best


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000])
def test_any_rate_is_heard(rate: int, recogniser: VoskRecogniser, say: Say) -> None:
    assert recogniser.recognise(say(PHRASES[1], rate)).best.text == PHRASES[1]


@pytest.mark.parametrize("gain", [0.01, 0.1, 4.0])
def test_any_loudness_is_heard(gain: float, recogniser: VoskRecogniser, say: Say) -> None:
    sound = say(PHRASES[2])
    samples = np.clip(sound.samples * gain, -32768, 32767).astype(np.int16)
    assert recogniser.recognise(Sound(samples, sound.rate)).best.text == PHRASES[2]


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0, np.int16),
        np.zeros(1, np.int16),
        np.zeros(399, np.int16),
        np.zeros(48_000, np.int16),
        np.full(48_000, 32767, np.int16),
        np.random.default_rng(1).normal(0, 20, 80_000).astype(np.int16),
    ],
    ids=["empty", "one sample", "less than a frame", "silence", "stuck at full scale", "hiss"],
)
def test_nothing_is_heard_in_nothing(samples: np.ndarray, recogniser: VoskRecogniser) -> None:
    heard = recogniser.recognise(Sound(samples, 16_000))
    assert len(heard.hypotheses) >= 1
    assert heard.best.text in ("", UNKNOWN_WORD)


def test_speech_to_somebody_else_is_not_made_into_our_words(recogniser: VoskRecogniser, say: Say) -> None:
    others = [
        "turn on the kitchen light and order a large pizza",
        "the president will meet the leaders of both parties today",
        "we need bread and eggs and a new bicycle",
        "he said that the meeting was moved to tuesday afternoon",
    ]
    heard = [recogniser.recognise(say(text)).best.text for text in others]
    assert all(UNKNOWN_WORD in text or not text for text in heard), heard


@pytest.fixture(scope="module")
def careful(voice_model: Path, cache_folder: Path) -> VoskRecogniser:
    """Listens for the phrases and looks at everything twice."""
    return VoskRecogniser(voice_model, LISTENING, free=True, cache=cache_folder)


def test_a_second_look_agrees_with_what_is_for_us(careful: VoskRecogniser, say: Say) -> None:
    for phrase in PHRASES[:3]:
        heard = careful.recognise(say(phrase))
        assert heard.best.text == phrase
        assert heard.best.confidence > 0.5
        assert heard.free is not None
        assert UNKNOWN_WORD not in heard.free.text
        assert all(0.2 < w.start < w.end < heard.seconds for w in heard.free.words)


def test_a_second_look_doubts_what_is_for_others(careful: VoskRecogniser, say: Say) -> None:
    heard = careful.recognise(say("turn on the kitchen light and order a large pizza"))
    assert heard.best.text in ("", UNKNOWN_WORD)
    assert all(h.confidence < 0.5 for h in heard.hypotheses[1:])


def test_a_second_look_at_long_talk_sees_the_end_of_it(careful: VoskRecogniser, say: Say) -> None:
    talk = joined([say(PHRASES[i % 4]) for i in range(16)])
    assert talk.seconds > 32
    heard = careful.recognise(talk)
    assert heard.free is not None
    assert all(talk.seconds - 31 < w.start < talk.seconds for w in heard.free.words)


def test_two_sentences_with_a_long_pause_are_one_utterance(recogniser: VoskRecogniser, say: Say) -> None:
    pause = Sound(np.random.default_rng(0).normal(0, 10, 16_000 * 3).astype(np.int16), 16_000)
    heard = recogniser.recognise(joined([say(PHRASES[0]), pause, say(PHRASES[3])])).best
    assert heard.text == f"{PHRASES[0]} {PHRASES[3]}"
    assert heard.words[-1].start > 4


def test_a_stream_hears_partly_and_then_wholly(recogniser: VoskRecogniser, say: Say) -> None:
    stream = recogniser.stream()
    sound = joined([say(PHRASES[1]), Sound(np.zeros(32_000, np.int16), 16_000)])
    partials: list[str] = []
    ended = False
    for at in range(0, len(sound.samples), 800):
        ended = stream.accept(sound.samples[at : at + 800])
        partials.append(stream.partial())
        if ended:
            break
    assert ended
    assert any(p and PHRASES[1].startswith(p) and p != PHRASES[1] for p in partials)
    heard = stream.finish()
    assert heard.best.text == PHRASES[1]
    assert heard.seconds == pytest.approx((at + 800) / 16_000, abs=0.06)


def test_a_stream_begins_anew_after_each_utterance(recogniser: VoskRecogniser, say: Say) -> None:
    stream = recogniser.stream()
    for phrase in (PHRASES[0], PHRASES[3], PHRASES[0]):
        sound = say(phrase)
        for at in range(0, len(sound.samples), 1600):
            stream.accept(sound.samples[at : at + 1600])
        heard = stream.finish()
        assert heard.best.text == phrase
        assert heard.best.words[0].start < 1
        assert heard.seconds == pytest.approx(sound.seconds)
    assert stream.partial() == ""
    assert stream.finish().best.text == ""


def test_frames_of_every_size(recogniser: VoskRecogniser, say: Say) -> None:
    sound = say(PHRASES[3])
    for size in (77, 4096, len(sound.samples)):
        stream = recogniser.stream()
        for at in range(0, len(sound.samples), size):
            stream.accept(sound.samples[at : at + size])
        assert stream.finish().best.text == PHRASES[3]


def test_a_strided_view_is_a_frame_too(recogniser: VoskRecogniser, say: Say) -> None:
    stereo = np.repeat(say(PHRASES[3]).samples, 2).reshape(-1, 2)
    stream = recogniser.stream()
    stream.accept(stereo[:, 0])
    assert stream.finish().best.text == PHRASES[3]


def test_the_same_model_is_loaded_once(voice_model: Path, cache_folder: Path) -> None:
    first = VoskRecogniser(voice_model, LISTENING, cache=cache_folder)
    second = VoskRecogniser(voice_model, LISTENING, cache=cache_folder)
    assert first.model is second.model
    assert VoskRecogniser(voice_model, phrases_model(["stop"]), cache=cache_folder).model is not first.model


def test_hours_need_no_more_memory_than_their_samples(recogniser: VoskRecogniser, say: Say) -> None:
    quiet = np.random.default_rng(0).normal(0, 5, 16_000 * 20).astype(np.int16)
    once = np.concatenate([say(PHRASES[0]).samples, quiet])
    recogniser.recognise(Sound(once, 16_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    many = Sound(np.tile(once, 5), 16_000)
    heard = recogniser.recognise(many)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert heard.best.text.count(PHRASES[0]) == 5
    assert grown * 1024 < 3 * many.samples.nbytes + 20_000_000


def test_words_are_known_or_not(recogniser: VoskRecogniser) -> None:
    assert recogniser.knows("calf")
    assert not recogniser.knows("frobnicatorish")


def test_graphs_come_from_the_cache(voice_model: Path, tmp_path: Path) -> None:
    listening = phrases_model(["stop", "go on"])
    VoskRecogniser(voice_model, listening, cache=tmp_path)
    (made,) = tmp_path.iterdir()
    stamp = (made / "graph/Gr.fst").stat().st_mtime_ns
    VoskRecogniser(voice_model, listening, cache=tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [made.name]
    assert (made / "graph/Gr.fst").stat().st_mtime_ns == stamp
    VoskRecogniser(voice_model, phrases_model(["stop"]), cache=tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_damaged_cache_is_made_again(voice_model: Path, tmp_path: Path, say: Say) -> None:
    VoskRecogniser(voice_model, LISTENING, cache=tmp_path)
    (made,) = tmp_path.iterdir()
    (made / "prepared.json").write_text("{")
    assert VoskRecogniser(voice_model, LISTENING, cache=tmp_path).recognise(say(PHRASES[3])).best.text == PHRASES[3]


def test_an_empty_listening_model_hears_nothing_of_its_own(voice_model: Path, cache_folder: Path, say: Say) -> None:
    recogniser = VoskRecogniser(voice_model, ListeningModel(()), cache=cache_folder)
    assert recogniser.recognise(say(PHRASES[0])).best.text in ("", UNKNOWN_WORD)


def test_without_a_listening_model_the_voice_model_speaks_for_itself(
    voice_model: Path, cache_folder: Path, say: Say
) -> None:
    heard = VoskRecogniser(voice_model, cache=cache_folder).recognise(say(PHRASES[0]))
    assert heard.best.text
    assert dataclasses.asdict(heard)["free"] is None


def test_a_fixed_graph_hears_its_own_language_and_says_so(
    tmp_path: Path, say: Say, caplog: pytest.LogCaptureFixture
) -> None:
    # The lexicon graph of our own model by itself is a graph in which any word may follow any other.
    model = Path(shutil.copytree(SHIPPED, tmp_path / "model"))
    lexicon = read_lexicon_graph(model / "graph/HCLr.fst")
    (model / "graph/HCLG.fst").write_bytes(to_const_fst(lexicon.finals, lexicon.source, lexicon.arcs, "output"))
    (model / "graph/HCLr.fst").unlink()
    (model / "graph/Gr.fst").unlink()
    recogniser = VoskRecogniser(model, phrases_model(["nothing of the kind"]), free=True, cache=tmp_path / "cache")
    assert "fixed graph" in caplog.text
    assert recogniser.recognise(say(PHRASES[0])).best.text.split()


def test_it_is_quick_enough_for_always_on(recogniser: VoskRecogniser, say: Say) -> None:
    # Far from the 0.03 that is aimed at: a busy machine must not fail the test, a wrong setting should.
    sound = joined([say(p) for p in PHRASES])
    begun = time.process_time()
    recogniser.recognise(sound)
    assert (time.process_time() - begun) / sound.seconds < 0.5
