"""The class n-gram: probabilities are probabilities, weights and counts do what they should."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_runner.listening import ClassToken, Token
from local_runner.recognition.ngram import END, START, NGram, estimate

A_SLOT = ClassToken("Size")
tokens = st.sampled_from(["a", "b", "c", A_SLOT])
sentences = st.lists(
    st.tuples(st.lists(tokens, min_size=1, max_size=6).map(tuple), st.floats(0.01, 100)), min_size=1, max_size=12
)


@given(sentences, st.integers(1, 4), st.floats(0.05, 2))
def test_what_may_follow_a_history_sums_to_one(
    corpus: list[tuple[tuple[Token, ...], float]], order: int, caution: float
) -> None:
    model = estimate(corpus, order, caution)
    vocabulary = {END, *(t for s, _ in corpus for t in s)}
    for history in model.probability:
        assert math.isclose(sum(model.p(t, history) for t in vocabulary), 1.0, rel_tol=1e-9)


@given(sentences)
def test_every_sentence_that_was_seen_is_possible(corpus: list[tuple[tuple[Token, ...], float]]) -> None:
    model = estimate(corpus, 3)
    for sentence, _ in corpus:
        assert 0 < probability(model, sentence) <= 1


def probability(model: NGram, sentence: tuple[Token, ...]) -> float:
    padded = (START, *sentence, END)
    return math.prod(model.p(padded[i], padded[:i]) for i in range(1, len(padded)))


def test_witten_bell_by_hand() -> None:
    # After "x": "y" twice and "z" once: N = 3 occurrences, T = 2 kinds, so b = 2 / 5.
    model = estimate([(("x", "y"), 1.0), (("x", "y"), 1.0), (("x", "z"), 1.0)], order=2)
    unigram = {"x": 3 / 9, "y": 2 / 9, "z": 1 / 9, END: 3 / 9}
    assert model.p("y", ("x",)) == pytest.approx(3 / 5 * 2 / 3 + 2 / 5 * unigram["y"])
    assert model.p("z", ("x",)) == pytest.approx(3 / 5 * 1 / 3 + 2 / 5 * unigram["z"])
    assert model.p("x", ("x",)) == pytest.approx(2 / 5 * unigram["x"])
    assert model.p(END, ("x",)) == pytest.approx(2 / 5 * unigram[END])
    assert model.p("w", ("x",)) == 0


def test_weights_say_what_is_likely_and_counts_how_well_it_is_known() -> None:
    few = [(("stop",), 1.0)]
    many = [((f"order{i}",), 1 / 1000) for i in range(1000)]
    model = estimate(few + many, order=2, caution=0.01)
    begins = model.p("stop", (START,))
    assert begins == pytest.approx(0.5, abs=0.01)
    light = estimate([(("x", "y"), 0.001)], order=2)
    heavy = estimate([(("x", "y"), 1000.0)], order=2)
    assert light.p("y", ("x",)) == pytest.approx(heavy.p("y", ("x",)))


def test_less_caution_keeps_closer_to_the_samples() -> None:
    corpus = [(("get", "me", "coffee"), 1.0), (("make", "me", "tea"), 1.0)]
    unseen = ("get", "me", "tea")
    bold, careful = (probability(estimate(corpus, 3, caution), unseen) for caution in (0.1, 1.0))
    assert 0 < bold < careful


def test_a_longer_order_remembers_more() -> None:
    corpus = [(("a", "b", "c", "d"), 1.0), (("x", "b", "c", "e"), 1.0)]
    assert estimate(corpus, 4).p("d", ("a", "b", "c")) > estimate(corpus, 3).p("d", ("a", "b", "c"))


def test_no_sentences_are_no_language() -> None:
    with pytest.raises(ValueError, match="needs sentences"):
        estimate([])
