"""The recipe's graphs: every word has a path, endings are shared, and the language model's probabilities add up."""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_models.training.decoding_graph import BOUNDARY, PAUSE, START, UNKNOWN, GraphText, word_boundaries
from voice_models.training.lexicon import Lexicon
from voice_models.training.phones import PHONE_IDS, PHONES, forward_transition, positioned
from voice_models.training.trigram import END, Trigram

WORDS: Lexicon = {
    "calf": [("K", "AE", "F")],
    "calves": [("K", "AE", "V", "Z")],
    "half": [("HH", "AE", "F")],
    "have": [("HH", "AE", "V")],
    "to": [("T", "UW"), ("T", "AH")],
    "too": [("T", "UW")],
    "tooth": [("T", "UW", "TH")],
    "a": [("AH",)],
}

Arc = tuple[int, int, int, int, float]


def arcs_of(graph: GraphText) -> list[Arc]:
    found: list[Arc] = []
    for line in graph.lines:
        parts = line.split("\t")
        if len(parts) == 5:
            source, target, transition, word = map(int, parts[:4])
            found.append((source, target, transition, word, float(parts[4])))
    return found


def paths_through(graph: GraphText) -> set[tuple[tuple[int, ...], tuple[int, ...]]]:
    """(entering transitions, words) of every way from a word's start to the boundary, loops left out."""
    leaving: dict[int, list[Arc]] = defaultdict(list)
    for arc in arcs_of(graph):
        if arc[0] != arc[1] and arc[0] not in (BOUNDARY, PAUSE):
            leaving[arc[0]].append(arc)
    found = set()
    todo: list[tuple[int, tuple[int, ...], tuple[int, ...]]] = [(START, (), ())]
    while todo:
        state, transitions, words = todo.pop()
        if state == BOUNDARY:
            found.add((transitions, words))
            continue
        for _, target, transition, word, _ in leaving[state]:
            todo.append((target, transitions + (transition,) * (transition > 0), words + (word,) * (word > 0)))
    return found


def numbered(words: Lexicon) -> dict[str, int]:
    return {word: number for number, word in enumerate(sorted(words), 1)}


def wanted(words: Lexicon) -> set[tuple[tuple[int, ...], tuple[int, ...]]]:
    numbers = numbered(words)
    return {
        (tuple(forward_transition(phone) for phone in positioned(each)), (numbers[word],))
        for word, pronunciations in words.items()
        for each in pronunciations
    }


def test_the_graph_says_every_word_in_every_way_and_nothing_else() -> None:
    assert paths_through(GraphText(WORDS, numbered(WORDS), None)) == wanted(WORDS)


pronunciation = st.lists(st.sampled_from(PHONES[:6]), min_size=1, max_size=5).map(tuple)
lexicons = st.dictionaries(
    st.text("abc", min_size=1, max_size=4), st.lists(pronunciation, min_size=1, max_size=3), min_size=1, max_size=12
)


@given(lexicons)
def test_so_does_any_other_lexicon(words: Lexicon) -> None:
    assert paths_through(GraphText(words, numbered(words), None)) == wanted(words)


def test_words_that_end_alike_share_their_ending() -> None:
    alike = {f"w{index}": [(first, "AE", "K", "T", "IH", "D")] for index, first in enumerate(PHONES[:20])}
    graph = GraphText(alike, numbered(alike), None)
    assert graph.states == 3 + 20 + 5  # one state for each first phone, five for the common rest


def test_a_long_word_costs_no_more_than_its_phones() -> None:
    graph = GraphText({"calf": [("K", "AE", "F")]}, {"calf": 1}, None)
    costs = sum(arc[4] for arc in arcs_of(graph) if arc[0] != arc[1] and arc[0] >= START)
    assert costs == pytest.approx(3 * 0.6931, abs=1e-3)  # leaving each of three phones has probability one half


def test_an_unknown_word_is_any_run_of_two_phones_or_more() -> None:
    graph = GraphText({}, {UNKNOWN: 7}, 2.0)
    labels = [arc[3] for arc in arcs_of(graph) if arc[3]]
    assert labels == [7]
    entering = {arc[2] for arc in arcs_of(graph) if arc[0] == START}
    assert entering == {forward_transition(PHONE_IDS[f"{phone}_B"]) for phone in PHONES}


def test_word_boundaries_name_every_phone() -> None:
    lines = list(word_boundaries())
    assert lines[:2] == ["1 nonword", "2 nonword"]
    assert len(lines) == len(PHONE_IDS)
    assert f"{PHONE_IDS['AH_S']} singleton" in lines


SENTENCES = ["my calf hurts", "my leg hurts", "stop", "my calf hurts a lot"]


def test_the_trigram_is_a_probability_after_any_words() -> None:
    trigram = Trigram(SENTENCES)
    words = {word for sentence in SENTENCES for word in sentence.split()} | {END}
    for context in [(), *((word,) for word in words), *itertools.product(words, words)]:
        if context in trigram.counts:
            assert sum(trigram.probability(context, word) for word in words) == pytest.approx(1)


def test_the_trigram_prefers_what_was_said() -> None:
    trigram = Trigram(SENTENCES)
    assert trigram.probability(("my", "calf"), "hurts") > 0.7 > 0.1 > trigram.probability(("my", "calf"), "lot")


def test_the_graph_of_a_trigram_starts_at_its_first_arc_and_may_stay_silent() -> None:
    numbers = {word: number for number, word in enumerate(sorted(set(" ".join(SENTENCES).split())), 1)}
    arcs, finals = Trigram(SENTENCES).graph(numbers, empty_cost=1.0)
    assert arcs[0][0] == 0
    assert finals[0] == 1.0
    assert 0 not in Trigram(SENTENCES).graph(numbers, empty_cost=None)[1]
    assert all(cost >= 0 for *_, cost in arcs)


def test_words_that_the_model_lacks_are_left_out_of_the_graph() -> None:
    numbers = {"my": 1, "leg": 2, "hurts": 3}
    arcs, _ = Trigram(SENTENCES).graph(numbers, empty_cost=None)
    assert {word for _, _, word, _ in arcs} == {0, 1, 2, 3}
