"""Words that the voice model has never heard of: pronounced, put into its graph, and heard."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from math import inf
from pathlib import Path

import pytest
from paths import cheapest

from local_runner.listening import phrases_model
from local_runner.recognition import VoskRecogniser
from local_runner.recognition.fst import ConstFst
from local_runner.recognition.lexicon_graph import (
    LexiconGraph,
    can_be_added_to,
    read_lexicon_graph,
    with_words,
    write_lexicon_graph,
)
from local_runner.recognition.pronunciation import from_ipa, pronounce
from local_runner.sound import Sound
from voice_models.training.phones import PHONES, forward_transition, loop_transition, positioned

Say = Callable[..., Sound]
SHIPPED = Path(__file__).parent.parent.parent / "voice_models/charley-en"
NEW = ["frobnicator", "zorblax"]


@pytest.fixture(scope="module")
def graph() -> LexiconGraph:
    """The shipped model's."""
    return read_lexicon_graph(SHIPPED / "graph/HCLr.fst")


def test_a_graph_is_written_as_it_was_read(graph: LexiconGraph, tmp_path: Path) -> None:
    write_lexicon_graph(graph, tmp_path / "HCLr.fst")
    again = read_lexicon_graph(tmp_path / "HCLr.fst")
    assert again.reachable == graph.reachable
    assert again.final_label == graph.final_label
    assert (again.arcs == graph.arcs).all()
    assert (again.finals == graph.finals).all()
    # All but the header's property bits is the same byte for byte.
    ours, theirs = ((folder / "HCLr.fst").read_bytes() for folder in (tmp_path, SHIPPED / "graph"))
    assert len(ours) == len(theirs)
    assert sum(a != b for a, b in zip(ours, theirs, strict=True)) < 20


def test_a_new_word_is_a_path_of_its_sounds(graph: LexiconGraph, tmp_path: Path) -> None:
    sounds = ("Z", "AO", "R")
    larger, numbers = with_words(graph, {"zor": [sounds]})
    assert numbers["zor"] > max(graph.arcs["output"])
    phones = positioned(sounds)
    said = [t for p in phones for t in (forward_transition(p), loop_transition(p))]
    fst = as_fst(larger)
    assert cheapest(fst, said, [numbers["zor"]]) < inf
    assert cheapest(fst, said[2:], [numbers["zor"]]) == inf
    # What could be heard before still can, at the same cost.
    old = [t for p in positioned(("S", "T", "AA", "P")) for t in (forward_transition(p),)]
    assert cheapest(fst, old) == cheapest(as_fst(graph), old) < inf


def as_fst(graph: LexiconGraph) -> ConstFst:
    from local_runner.recognition.fst import parse_const_fst, to_const_fst

    return parse_const_fst(to_const_fst(graph.finals, graph.source, graph.arcs, "output"), 0)[0]


def test_new_words_can_be_reached_from_wherever_a_word_may_begin(graph: LexiconGraph) -> None:
    larger, numbers = with_words(graph, {"zor": [("Z", "AO", "R")]})
    start = larger.word_start
    assert start is not None

    def reaches(state: int) -> bool:
        return any(begin <= numbers["zor"] < end for begin, end in larger.reachable[state])

    assert reaches(0)
    assert reaches(start)
    assert sum(map(reaches, range(len(larger.reachable)))) < len(larger.reachable) / 2


@pytest.mark.parametrize(
    ("ipa", "phones"),
    [
        ("həlˈoʊ", "HH AH L OW"),
        ("tʃˈɑːɹli", "CH AA R L IY"),
        ("pˈeɪŋkɪlɚ", "P EY NG K IH L ER"),
        ("bˈʌɾɚ", "B AH T ER"),
        ("", ""),
        ("ˈˌ ː?", ""),
    ],
)
def test_sounds_in_ipa(ipa: str, phones: str) -> None:
    assert from_ipa(ipa) == tuple(phones.split())


def test_words_are_pronounced(tmp_path: Path, say: Say) -> None:
    found = pronounce([*NEW, "tv"], tmp_path)
    assert set(found) == {*NEW, "tv"}
    assert found["tv"] == (("T", "IY", "V", "IY"),)
    assert all(set(p) <= set(PHONES) for pronunciations in found.values() for p in pronunciations)


def test_the_voice_models_dictionary_comes_first(tmp_path: Path) -> None:
    import gzip

    (tmp_path / "lexicon.txt.gz").write_bytes(gzip.compress(b"aaa AA\nzorblax Z ER\nzorblax Z AO R\nzzz Z\n"))
    assert pronounce(["zorblax"], tmp_path) == {"zorblax": (("Z", "ER"), ("Z", "AO", "R"))}


@pytest.mark.parametrize("voice", ["en-us+f3", "en-gb"])
def test_new_words_are_heard(voice: str, say: Say, cache_folder: Path) -> None:
    phrases = ["call the frobnicator", "where is the zorblax", "call the doctor", "where is the clock"]
    recogniser = VoskRecogniser(SHIPPED, phrases_model(phrases), cache=cache_folder)
    assert not recogniser.unheard
    assert all(recogniser.knows(word) for word in NEW)
    assert [recogniser.recognise(say(p, voice=voice)).best.text for p in phrases] == phrases


def test_other_peoples_models_are_left_alone(tmp_path: Path) -> None:
    model = Path(shutil.copytree(SHIPPED, tmp_path / "model"))
    boundaries = model / "graph/phones/word_boundary.int"
    assert can_be_added_to(model)
    boundaries.write_text(boundaries.read_text() + "999 nonword\n")
    assert not can_be_added_to(model)
    recogniser = VoskRecogniser(model, phrases_model(["call the frobnicator", "stop"]), cache=tmp_path / "cache")
    assert "frobnicator" in recogniser.unheard


def test_damaged_graphs_are_refused(tmp_path: Path) -> None:
    whole = (SHIPPED / "graph/HCLr.fst").read_bytes()
    for content in (b"", whole[:100], whole[: len(whole) // 2], whole[:-100], (SHIPPED / "graph/Gr.fst").read_bytes()):
        (tmp_path / "HCLr.fst").write_bytes(content)
        with pytest.raises(ValueError, match="lexicon graph"):
            read_lexicon_graph(tmp_path / "HCLr.fst")
