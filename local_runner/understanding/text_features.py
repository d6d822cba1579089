"""Word and character n-grams weighted by rarity (TF-IDF), in plain numpy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Sparse = tuple[NDArray[np.int32], Floats]
"""Feature indices and their weights, of one text."""


def grams(words: Sequence[str]) -> tuple[Counter[str], Counter[str]]:
    """Words and pairs of words; and character n-grams of 2 to 4 within words.

    Word grams are marked so that the two families never collide.
    """
    pairs = Counter(f"w {w}" for w in words)
    pairs.update(f"w {a} {b}" for a, b in zip(("<", *words), (*words, ">"), strict=True))
    characters: Counter[str] = Counter()
    for word in words:
        padded = f" {word} "
        for n in (2, 3, 4):
            for i in range(max(1, len(padded) - n + 1)):
                characters[padded[i : i + n]] += 1
    return pairs, characters


class TextFeatures:
    """TF-IDF with each family of n-grams normalised to length one, and both together to length one."""

    def __init__(self, vocabulary: Sequence[str], idf: Floats) -> None:
        self._index = {gram: i for i, gram in enumerate(vocabulary)}
        self._idf = idf

    @classmethod
    def fit(cls, texts: Sequence[Sequence[str]]) -> TextFeatures:
        """Learn the vocabulary and the rarity of its n-grams.

        idf = ln((1 + n) / (1 + df)) + 1, as scikit-learn has it.
        """
        frequency: Counter[str] = Counter()
        for words in texts:
            for family in grams(words):
                frequency.update(family.keys())
        vocabulary = sorted(frequency)
        df = np.array([frequency[g] for g in vocabulary], dtype=np.float32)
        return cls(vocabulary, np.log((1 + len(texts)) / (1 + df), dtype=np.float32) + np.float32(1))

    def __len__(self) -> int:
        return len(self._index)

    def __call__(self, words: Sequence[str]) -> Sparse:
        """The features of one text; n-grams never seen in training still take part in the length."""
        indices: list[int] = []
        weights: list[float] = []
        unseen_idf = float(self._idf.max()) if len(self._idf) else 1.0
        for family in grams(words):
            square = 0.0
            start = len(weights)
            for gram, count in family.items():
                index = self._index.get(gram)
                tf = 1.0 + np.log(count) if count > 1 else 1.0
                weight = tf * (float(self._idf[index]) if index is not None else unseen_idf)
                square += weight * weight
                if index is not None:
                    indices.append(index)
                    weights.append(weight)
            if square:
                length = (2 * square) ** 0.5
                weights[start:] = [w / length for w in weights[start:]]
        return np.array(indices, dtype=np.int32), np.array(weights, dtype=np.float32)

    def state(self) -> dict[str, Any]:
        """Arrays to store."""
        return {"grams": np.array("\n".join(self._index)), "idf": self._idf}

    @classmethod
    def restore(cls, state: dict[str, Any]) -> TextFeatures:
        """The inverse of ``state``."""
        return cls(str(state["grams"]).split("\n"), state["idf"])


class SparseRows:
    """Rows of sparse features, kept by column, so that one row is compared with all at once."""

    def __init__(self, rows: int, starts: NDArray[np.int32], row: NDArray[np.int32], weight: Floats) -> None:
        self.rows = rows
        self._starts, self._row, self._weight = starts, row, weight

    @classmethod
    def of(cls, rows: Sequence[Sparse], columns: int) -> SparseRows:
        """Stack rows."""
        row = np.repeat(np.arange(len(rows), dtype=np.int32), [len(r[0]) for r in rows])
        column = np.concatenate([r[0] for r in rows]) if rows else np.zeros(0, np.int32)
        weight = np.concatenate([r[1] for r in rows]) if rows else np.zeros(0, np.float32)
        order = np.argsort(column, kind="stable")
        starts = np.zeros(columns + 1, dtype=np.int32)
        np.cumsum(np.bincount(column, minlength=columns), out=starts[1:])
        return cls(len(rows), starts, row[order], weight[order])

    def dot(self, one: Sparse) -> Floats:
        """Products of all rows with one row, shape (rows,)."""
        if not len(one[0]):
            return np.zeros(self.rows, dtype=np.float32)
        parts = [slice(self._starts[c], self._starts[c + 1]) for c in one[0]]
        rows = np.concatenate([self._row[p] for p in parts])
        weights = np.concatenate([self._weight[p] * w for p, w in zip(parts, one[1], strict=True)])
        return np.bincount(rows, weights, minlength=self.rows).astype(np.float32)

    def state(self) -> dict[str, Any]:
        """Arrays to store."""
        return {"rows": np.array(self.rows), "starts": self._starts, "row": self._row, "weight": self._weight}

    @classmethod
    def restore(cls, state: dict[str, Any]) -> SparseRows:
        """The inverse of ``state``."""
        return cls(int(state["rows"]), state["starts"], state["row"], state["weight"])
