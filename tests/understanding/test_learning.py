"""The numeric parts against what they must satisfy: gradients, optima, hashing, benchmarks' own formulas."""

from __future__ import annotations

import numpy as np
import pytest

from local_runner.understanding import logistic
from local_runner.understanding.benchmarks.clinc import _auc
from local_runner.understanding.benchmarks.snips import _mean_f1, _pooled_f1
from local_runner.understanding.tagger import Tagged, Tagger
from local_runner.understanding.text_features import TextFeatures


@pytest.mark.parametrize("shape", [(60, 10), (12, 40)])
def test_the_fit_is_the_optimum(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=shape).astype(np.float32)
    labels = rng.integers(0, 3, shape[0]).astype(np.int32)
    weight = np.full(shape[0], 2.0, dtype=np.float32)
    weights = logistic.Problem(rows, labels, 3, weight).fit(steps=200)
    error = logistic.probabilities(rows @ weights)
    error[np.arange(shape[0]), labels] -= 1
    gradient = rows.T @ (error * weight[:, None]) + weights
    assert np.abs(gradient).max() < 0.05


def test_rows_left_out_have_no_say() -> None:
    rng = np.random.default_rng(2)
    rows = rng.normal(size=(80, 6)).astype(np.float32)
    labels = (rows[:, 0] > 0).astype(np.int32)
    weight = np.ones(80, dtype=np.float32)
    out = np.arange(80) >= 60
    spoilt = labels.copy()
    spoilt[out] = 1 - spoilt[out]
    one = logistic.Problem(rows, labels, 2, weight).fit(100, without=out)
    two = logistic.Problem(rows, spoilt, 2, weight).fit(100, without=out)
    assert one == pytest.approx(two, abs=0.02)


def test_hashed_features_keep_likeness() -> None:
    features = TextFeatures.fit([t.split() for t in ("my calf hurts", "my foot hurts", "play some jazz", "stop")])
    calf, foot, jazz = (features(t.split()) for t in ("my calf hurts", "my foot hurts", "play some jazz"))
    assert float(calf @ calf) == pytest.approx(1.0, abs=0.2)
    assert float(calf @ foot) > float(calf @ jazz) + 0.2


def test_the_tagger_learns_from_the_words_around() -> None:
    rng = np.random.default_rng(3)
    vectors = {w: rng.normal(size=384).astype(np.float32) for w in "call to the now please a b c d e f g h".split()}  # noqa: SIM905

    def sentence(words: list[str], spans: tuple[tuple[int, int, str], ...]) -> Tagged:
        return Tagged(tuple(words), np.stack([vectors[w] for w in words]), spans, ())

    seen = [sentence(["call", x, "now"], ((1, 2, "Name"),)) for x in "abcd"]
    seen += [sentence(["to", "the", x, "please"], ((2, 3, "Place"),)) for x in "abcd"]
    tagger = Tagger.fit(["Name", "Place"], seen)
    words = ["call", "g", "now"]
    found = tagger.find(words, np.stack([vectors[w] for w in words]), (), [False] * 3)
    assert found == {"Name": (1, 2)}
    again = Tagger.restore(tagger.state())
    assert again.find(words, np.stack([vectors[w] for w in words]), (), [False] * 3) == found
    assert tagger.find(words, np.stack([vectors[w] for w in words]), (), [False, True, False]) == {}


def test_area_under_the_curve() -> None:
    assert _auc(np.array([3.0, 4.0]), np.array([1.0, 2.0])) == 1.0
    assert _auc(np.array([1.0]), np.array([1.0])) == 0.5
    assert _auc(np.array([1.0, 3.0]), np.array([2.0])) == 0.5


def test_slot_f1_counts_a_slot_that_never_was_right_as_nothing() -> None:
    wanted = [{("city", "rome"), ("day", "monday")}, {("city", "oslo")}]
    found = [{("city", "rome"), ("day", "monday morning")}, {("city", "oslo")}]
    assert _mean_f1(wanted, found) == pytest.approx((1.0 + 0.0) / 2)
    assert _pooled_f1(wanted, found) == pytest.approx(2 * 2 / (3 + 3))
