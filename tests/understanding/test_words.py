"""Normalisation: one spelling for what is said in several ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_runner.understanding.phonetics import sound_key
from local_runner.understanding.repairs import corrections, without_stutter
from local_runner.understanding.words import content_words, is_filler, utterance, without_fillers


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What’s the time?", "what is the time"),
        ("I CAN'T feel my leg!", "i can not feel my leg"),
        ("it won't let go", "it will not let go"),
        ("charley's house", "charley 's house"),
        ("ten a.m. rock-hard", "ten a m rock hard"),
        ("half past 7:30, 1,500 times", "half past 7:30 1,500 times"),
        ("dunno, gimme more", "do not know give me more"),
        ("", ""),
        ("… ?!", ""),
    ],
)
def test_one_spelling(text: str, words: str) -> None:
    assert utterance(text).text == words


def test_a_span_is_given_back_as_it_was_said() -> None:
    heard = utterance("Write down it's Mary's turn")
    assert heard.span(2, len(heard.words)) == "it's mary's turn"
    assert heard.span(4, 5) == "mary"


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    heard = utterance(text)
    assert len(heard.words) == len(heard.source)
    if heard.words:
        assert heard.span(0, len(heard.words))


@pytest.mark.parametrize(
    "word", ["uh", "uhhh", "um", "erm", "ah", "aaah", "ow", "owww", "ugh", "hmm", "mm", "ouch", "argh"]
)
def test_groans_are_fillers(word: str) -> None:
    assert is_filler(word)


@pytest.mark.parametrize("word", ["a", "i", "am", "no", "help", "owl", "oat", "other", "hum", "mum", "error"])
def test_words_are_not_fillers(word: str) -> None:
    assert not is_filler(word)


def test_fillers_go_unless_nothing_else_was_said() -> None:
    assert without_fillers(utterance("uh my ow calf")).text == "my calf"
    assert without_fillers(utterance("ow ow")).text == "ow ow"


def test_function_words_mean_nothing_alone() -> None:
    assert content_words(utterance("the one with it [unk] uh").words) == []


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("my my calf", "my calf"),
        ("how do how do i stretch", "how do i stretch"),
        ("what is what is what is a cramp", "what is a cramp"),
        ("five five five one", "five five five one"),
    ],
)
def test_stutters(said: str, kept: str) -> None:
    words = said.split()
    assert " ".join(words[i] for i in without_stutter(words)) == kept


@pytest.mark.parametrize(
    ("said", "values", "meant"),
    [
        ("my foot no my calf", [(1, 2, "Part"), (4, 5, "Part")], "my calf"),
        ("my foot hurts no my calf", [(1, 2, "Part"), (5, 6, "Part")], "my calf hurts"),
        ("in my foot i mean my calf hurts", [(2, 3, "Part"), (6, 7, "Part")], "in my calf hurts"),
        ("water the tomatoes sorry the roses", [(2, 3, "Plant"), (5, 6, "Plant")], "water the roses"),
        ("why no wait what is it", [], "what is it"),
    ],
)
def test_self_corrections(said: str, values: list[tuple[int, int, str]], meant: str) -> None:
    words = said.split()
    assert meant in [" ".join(words[i] for i in reading) for reading in corrections(words, values)]


@pytest.mark.parametrize("said", ["there is no pain in my calf", "no my calf", "yes and no", "is there no help"])
def test_a_plain_no_corrects_nothing(said: str) -> None:
    assert corrections(said.split(), []) == []


def test_words_that_sound_alike() -> None:
    assert sound_key("charlie") == sound_key("charley")
    assert sound_key("calf") == sound_key("cough")
    assert sound_key("knee") == sound_key("nee")
    assert sound_key("calf") != sound_key("calm")
