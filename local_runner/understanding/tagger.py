"""Slot values from where they stand: a linear-chain CRF over contextual word vectors, learnt from samples."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_runner.understanding.logistic import minimise

Floats = NDArray[np.float32]

HASHED = 512
"""Length of the hashed part of a word's features."""
COST = 10.0
"""Inverse regularisation; chosen on training data by cross-validation (docs/understanding.md)."""
STEPS = 80
"""Most L-BFGS steps."""

Known = Sequence[tuple[int, int, str]]
"""Values from lists among the words: first word, end, type."""


@dataclass(frozen=True)
class Tagged:
    """A training sentence."""

    words: tuple[str, ...]
    vectors: Floats
    """Contextual word vectors, shape (words, 384)."""
    spans: tuple[tuple[int, int, str], ...]
    """Slots: first word, end, name."""
    known: Known


def word_features(words: Sequence[str], vectors: Floats, known: Known) -> Floats:
    """Features of every word, shape (words, 384 + HASHED)."""
    count = len(words)
    lists: list[list[str]] = [[] for _ in words]
    for start, end, kind in known:
        for i in range(start, end):
            lists[i].append(f"{'B' if i == start else 'I'}{'L' if i == end - 1 else ''} {kind}")
    padded = ("<<", "<", *words, ">", ">>")
    hashed = np.zeros((count, HASHED), dtype=np.float32)
    for i, word in enumerate(words):
        before2, before, after, after2 = padded[i], padded[i + 1], padded[i + 3], padded[i + 4]
        found = [
            f"0{word}", f"-1{before}", f"+1{after}", f"-2{before2}", f"+2{after2}", f"-1{before} 0{word}",
            f"0{word} +1{after}", f"-2{before2} -1{before}", f"p{word[:3]}", f"s{word[-3:]}", f"s{word[-2:]}",
            "digit" if word[0].isdigit() else "letter", "first" if i == 0 else "later",
            "last" if i == count - 1 else "more",
        ]  # fmt: skip
        found += [f"g{mark}" for mark in lists[i]]
        if i + 1 < count:
            found += [f"g+{mark}" for mark in lists[i + 1]]
        if i:
            found += [f"g-{mark}" for mark in lists[i - 1]]
        for name in found:
            code = zlib.crc32(name.encode())
            hashed[i, (code >> 1) % HASHED] += 0.3 if code & 1 else -0.3
    scale = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return np.hstack([vectors / scale, hashed]).astype(np.float32)


class Tagger:
    """Finds the slots of one intent in a sentence."""

    def __init__(self, slots: Sequence[str], weights: Floats, follows: Floats) -> None:
        """Weights of word features, shape (features, tags); and of one tag after another, shape (tags + 1, tags),
        the last row for the first word. Tags: outside, then begin and inside of each slot."""
        self.slots = tuple(slots)
        self._weights = weights
        self._follows = follows

    @classmethod
    def fit(cls, slots: Sequence[str], sentences: Sequence[Tagged]) -> Tagger:
        """Learn from sentences."""
        tags = 1 + 2 * len(slots)
        number = {name: i for i, name in enumerate(slots)}
        longest = max(len(s.words) for s in sentences)
        features = [word_features(s.words, s.vectors, s.known) for s in sentences]
        size = features[0].shape[1]
        rows = np.concatenate(features)
        at = np.full((len(sentences), longest), -1, dtype=np.int64)
        truth = np.zeros((len(sentences), longest), dtype=np.int64)
        first = 0
        for i, sentence in enumerate(sentences):
            at[i, : len(sentence.words)] = np.arange(first, first + len(sentence.words))
            first += len(sentence.words)
            for start, end, name in sentence.spans:
                truth[i, start:end] = 2 + 2 * number[name]
                truth[i, start] -= 1
        chain = _Chain(rows, at, truth, tags, size)
        best = minimise(chain.objective, np.zeros((size + tags + 1) * tags, dtype=np.float32), STEPS)
        weights = best.reshape(size + tags + 1, tags)
        return cls(slots, weights[:size], weights[size:])

    def find(
        self, words: Sequence[str], vectors: Floats, known: Known, shut: Sequence[bool]
    ) -> dict[str, tuple[int, int]]:
        """The likeliest span of each slot: name to first word and end.

        Args:
            words: the utterance.
            vectors: contextual word vectors, shape (words, 384).
            known: values from lists among the words.
            shut: words that may not be part of a value.
        """
        scores = word_features(words, vectors, known) @ self._weights
        scores[np.array(shut, dtype=bool), 1:] = -1e4
        tags = self._viterbi(scores)
        spans: dict[str, tuple[int, int]] = {}
        worth: dict[str, float] = {}
        start = 0
        while start < len(tags):
            tag = tags[start]
            end = start + 1
            if tag:
                while end < len(tags) and tags[end] == 2 + 2 * ((tag - 1) // 2):
                    end += 1
                name = self.slots[(tag - 1) // 2]
                gain = float((scores[range(start, end), tags[start:end]] - scores[start:end, 0]).sum())
                if name not in spans or gain > worth[name]:
                    spans[name], worth[name] = (start, end), gain
            start = end
        return spans

    def _viterbi(self, scores: Floats) -> list[int]:
        best = scores[0] + self._follows[-1]
        back = np.zeros(scores.shape, dtype=np.int64)
        allowed = self._follows[:-1] + _forbidden(scores.shape[1])
        best[2::2] = -1e4  # nothing begins in the middle
        for i in range(1, len(scores)):
            paths = best[:, None] + allowed
            back[i] = paths.argmax(axis=0)
            best = paths.max(axis=0) + scores[i]
        tags = [int(best.argmax())]
        for i in range(len(scores) - 1, 0, -1):
            tags.append(int(back[i, tags[-1]]))
        return tags[::-1]

    def state(self) -> dict[str, Any]:
        """Arrays to store."""
        return {
            "slots": np.array("\n".join(self.slots)),
            "weights": self._weights.astype(np.float16),
            "follows": self._follows,
        }

    @classmethod
    def restore(cls, arrays: dict[str, Any]) -> Tagger:
        """The inverse of ``state``."""
        return cls(str(arrays["slots"]).split("\n"), arrays["weights"].astype(np.float32), arrays["follows"])


def _forbidden(tags: int) -> Floats:
    """Inside follows only begin or inside of the same slot."""
    out = np.zeros((tags, tags), dtype=np.float32)
    for inside in range(2, tags, 2):
        out[:, inside] = -1e4
        out[[inside - 1, inside], inside] = 0
    return out


class _Chain:
    """Negative log-likelihood of tag sequences and its gradient, by the forward-backward algorithm, all at once."""

    def __init__(self, rows: Floats, at: NDArray[np.int64], truth: NDArray[np.int64], tags: int, size: int) -> None:
        self._rows, self._at, self._truth, self._tags, self._size = rows, at, truth, tags, size
        self._there = at >= 0
        self._flat_truth = truth[self._there]
        pairs = self._there[:, 1:]
        self._pair_truth = np.zeros((tags + 1, tags), dtype=np.float32)
        np.add.at(self._pair_truth, (truth[:, :-1][pairs], truth[:, 1:][pairs]), 1)
        np.add.at(self._pair_truth, (np.full(len(truth), tags), truth[:, 0]), 1)

    def objective(self, flat: Floats) -> tuple[float, Floats]:
        """COST · loss + ½‖W‖², and its gradient."""
        tags, size = self._tags, self._size
        w = flat.reshape(size + tags + 1, tags)
        emissions = self._rows @ w[:size]
        follows, opening = w[size:-1], w[-1]
        count, longest = self._at.shape
        grid = np.zeros((count, longest, tags), dtype=np.float32)
        grid[self._there] = emissions
        forward = np.zeros_like(grid)
        forward[:, 0] = opening + grid[:, 0]
        for t in range(1, longest):
            step = _logsumexp(forward[:, t - 1, :, None] + follows, axis=1) + grid[:, t]
            forward[:, t] = np.where(self._there[:, t, None], step, forward[:, t - 1])
        total = _logsumexp(forward[:, -1], axis=1)
        backward = np.zeros_like(grid)
        pair = np.zeros((tags, tags), dtype=np.float32)
        for t in range(longest - 1, 0, -1):
            ahead = grid[:, t] + backward[:, t]
            step = _logsumexp(follows + ahead[:, None, :], axis=2)
            backward[:, t - 1] = np.where(self._there[:, t, None], step, 0)
            joint = forward[:, t - 1, :, None] + follows + ahead[:, None, :] - total[:, None, None]
            pair += np.exp(joint[self._there[:, t]]).sum(axis=0)
        marginal = np.exp(forward + backward - total[:, None, None])
        # The true paths.
        gold = float(emissions[np.arange(len(emissions)), self._flat_truth].sum())
        gold += float((self._pair_truth * w[size:]).sum())
        loss = float(total.sum()) - gold
        error = marginal[self._there]
        error[np.arange(len(error)), self._flat_truth] -= 1
        gradient = np.empty_like(w)
        gradient[:size] = self._rows.T @ error
        gradient[size:-1] = pair - self._pair_truth[:-1]
        gradient[-1] = marginal[:, 0].sum(axis=0) - self._pair_truth[-1]
        gradient *= np.float32(COST)
        gradient += w
        return COST * loss + 0.5 * float(np.vdot(w, w)), gradient.ravel()


def _logsumexp(values: Floats, axis: int) -> Floats:
    top = values.max(axis=axis, keepdims=True)
    out: Floats = np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis)
    return out
