"""Graphs: the costs of word sequences, by a search of our own; the binary format, by reading it again."""

from __future__ import annotations

import math
from math import inf
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import cheapest

from local_runner.listening import ClassToken, ListeningModel, Sentence, WordClass, phrases_model
from local_runner.recognition.fst import ConstFst, Transducer, read_const_fst
from local_runner.recognition.graph import GraphSettings, compile_graph
from local_runner.recognition.ngram import END, START, estimate

WORDS = ["[unk]", "get", "me", "a", "small", "large", "very", "coffee", "tea", "stop", "um", "play", "jazz"]
NUMBERS = {word: i + 1 for i, word in enumerate(WORDS)}
SIZE = ClassToken("Size")
COFFEE = ListeningModel(
    (
        Sentence(("get", "me", "a", SIZE, "coffee"), 2.0, "Order"),
        Sentence(("a", SIZE, "tea"), 1.0, "Order"),
        Sentence(("stop",), 1.0, "Stop"),
    ),
    (WordClass("Size", (("small",), ("large",), ("very", "large"), ("very", "very", "large"), ("very",))),),
)
SETTINGS = GraphSettings()


def compiled(listening: ListeningModel, folder: Path, settings: GraphSettings = SETTINGS) -> ConstFst:
    graph = compile_graph(listening, NUMBERS, settings)
    (folder / "Gr.fst").write_bytes(graph.fst)
    fst = read_const_fst(folder / "Gr.fst")
    assert (len(fst.states), len(fst.arcs)) == (graph.states, graph.arcs)
    return fst


def cost(fst: ConstFst, text: str, written: str | None = None) -> float:
    numbers = [NUMBERS[w] for w in text.split()]
    outputs = [NUMBERS[w] for w in (text if written is None else written).split()]
    return cheapest(fst, numbers, outputs)


@pytest.mark.parametrize("size", ["small", "large", "very large", "very very large", "very"])
def test_a_sentence_costs_what_the_ngram_and_the_slot_say(size: str, tmp_path: Path) -> None:
    fst = compiled(COFFEE, tmp_path)
    model = estimate([(s.tokens, s.weight) for s in COFFEE.sentences], SETTINGS.order, SETTINGS.caution)
    padded = (START, *COFFEE.sentences[0].tokens, END)
    expected = -sum(math.log(model.p(padded[i], padded[:i])) for i in range(1, len(padded))) + math.log(5)
    assert cost(fst, f"get me a {size} coffee") == pytest.approx(expected, abs=1e-4)


def test_a_shared_slot_hears_the_same_sentences(tmp_path: Path) -> None:
    fst = compiled(COFFEE, tmp_path, GraphSettings(slot_share=3))
    for text in ("get me a very large coffee", "a small tea", "a very tea"):
        assert cost(fst, text) < inf
    assert cost(fst, "a very") > cost(fst, "a very tea")


def test_big_slots_are_not_multiplied() -> None:
    many = WordClass("Size", tuple((a, b, c) for a in WORDS[1:] for b in WORDS[1:] for c in WORDS[1:]))
    sentences = tuple(Sentence((word, SIZE, other), 1.0, "") for word in WORDS[1:] for other in WORDS[1:])
    graph = compile_graph(ListeningModel(sentences, (many,)), NUMBERS)
    assert graph.arcs < 6000


def test_nothing_and_anything_else_can_be_heard(tmp_path: Path) -> None:
    fst = compiled(COFFEE, tmp_path)
    assert cost(fst, "") == SETTINGS.empty_cost
    assert cost(fst, "play jazz", "[unk] [unk]") < inf
    assert cost(fst, "play jazz") == inf
    assert cost(fst, "[unk]") < inf


def test_our_own_words_are_ours(tmp_path: Path) -> None:
    fst = compiled(COFFEE, tmp_path)
    own = "get me a large coffee"
    assert cost(fst, own) < cost(fst, own, "[unk] " * 5)
    assert cost(fst, "stop") < cost(fst, "stop", "[unk]")


def test_speech_around_a_sentence(tmp_path: Path) -> None:
    fst = compiled(COFFEE, tmp_path)
    assert cost(fst, "play stop", "[unk] stop") < inf
    assert cost(fst, "stop play jazz", "stop [unk] [unk]") < inf
    assert cost(fst, "um stop") == pytest.approx(cost(fst, "stop") + SETTINGS.filler_cost, abs=1e-4)


def test_words_that_cannot_be_heard_are_reported_and_their_sentences_left_out(tmp_path: Path) -> None:
    listening = phrases_model(["stop", "stop the frobnicator", "get tea"])
    graph = compile_graph(listening, NUMBERS)
    assert set(graph.unheard) - set(listening.fillers) == {"frobnicator", "the"}
    assert cost(compiled(listening, tmp_path), "get tea") < inf


def test_slot_values_that_cannot_be_heard_leave_the_others(tmp_path: Path) -> None:
    sizes = WordClass("Size", (("small",), ("humongous",)))
    nothing = WordClass("Nothing", (("zzz",),))
    listening = ListeningModel(
        (Sentence(("a", SIZE), 1.0, ""), Sentence(("get", ClassToken("Nothing")), 1.0, "")), (sizes, nothing)
    )
    fst = compiled(listening, tmp_path)
    assert cost(fst, "a small") < inf
    assert compile_graph(listening, NUMBERS).unheard[-2:] == ("well", "zzz")


def test_an_open_slot_takes_any_words(tmp_path: Path) -> None:
    query = ClassToken("AMAZON.SearchQuery")
    listening = ListeningModel((Sentence(("play", query), 1.0, ""),), (WordClass(query.name, (), True),))
    fst = compiled(listening, tmp_path)
    assert cost(fst, "play jazz tea jazz") < inf
    assert cost(fst, "jazz") < inf  # by backing off
    assert cost(fst, "play jazz") < cost(fst, "jazz play")


def test_classes_in_classes(tmp_path: Path) -> None:
    listening = ListeningModel(
        (Sentence((ClassToken("Drink"),), 1.0, ""),),
        (
            WordClass("Drink", ((SIZE, "coffee"), (SIZE, "tea"), ("tea",))),
            WordClass("Size", (("small",), ("very", "small"))),
        ),
    )
    fst = compiled(listening, tmp_path)
    assert cost(fst, "very small tea") < inf
    assert cost(fst, "small") == inf


def test_a_voice_model_without_the_unknown_word() -> None:
    words = {w: n for w, n in NUMBERS.items() if w != "[unk]"}
    assert compile_graph(COFFEE, words).states


def test_an_empty_listening_model_hears_only_what_is_not_for_us(tmp_path: Path) -> None:
    fst = compiled(ListeningModel(()), tmp_path)
    assert cost(fst, "stop") == inf
    assert cost(fst, "stop", "[unk]") < inf


label = st.integers(0, 50)
arcs = st.lists(st.tuples(st.integers(0, 4), label, label, st.floats(0, 100, width=32), st.integers(0, 4)), max_size=40)


@given(arcs, st.lists(st.floats(0, 9, width=32), min_size=5, max_size=5))
def test_what_is_written_is_read_again(arcs: list[tuple[int, int, int, float, int]], finals: list[float]) -> None:
    fst = Transducer(list(finals), list(arcs))
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.fst"
        fst.write(path)
        read = read_const_fst(path)
    found = [
        (state, int(a["input"]), int(a["output"]), float(a["cost"]), int(a["next"]))
        for state in range(5)
        for a in read.arcs_of(state)
    ]
    assert sorted(found) == sorted(arcs)
    assert [list(read.arcs_of(s)["input"]) for s in range(5)] == [sorted(read.arcs_of(s)["input"]) for s in range(5)]
    assert list(read.states["final"]) == finals
    assert [int(r["in_eps"]) for r in read.states] == [
        sum(1 for a in read.arcs_of(s) if a["input"] == 0) for s in range(5)
    ]


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    fst = Transducer([0.0], [(0, 1, 1, 0.5, 0)])
    whole = fst.to_bytes()
    path = tmp_path / "x.fst"
    for content in (b"", whole[:20], whole[:-4], b"\0" * 200, whole.replace(b"const", b"conxt")):
        path.write_bytes(content)
        with pytest.raises(ValueError, match="const FST"):
            read_const_fst(path)
