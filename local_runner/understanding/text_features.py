"""Word and character n-grams weighted by rarity (TF-IDF), hashed into a short dense vector, in plain numpy."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SIZE = 1024
"""Length of a vector. On validation data 1,024 is as good as the unhashed features, 512 nearly so."""
_BUCKETS = 1 << 15
"""Buckets in which document frequencies are counted: few enough to store, enough that n-grams hardly ever collide."""


@lru_cache(maxsize=4_000)
def _characters(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(padded[i : i + n] for n in (2, 3, 4) for i in range(max(1, len(padded) - n + 1)))


def _families(words: Sequence[str]) -> Iterator[Counter[str]]:
    """Words with pairs of words, and character n-grams of 2 to 4 within words.

    Word grams are marked, so that the two families never meet. A slot type's mark, ``{BodyPart}``, has no characters.
    """
    yield Counter(
        [*(f"w:{w}" for w in words), *(f"w:{a} {b}" for a, b in zip(("<", *words), (*words, ">"), strict=True))]
    )
    yield Counter(g for w in words if not w.startswith("{") for g in _characters(w))


@lru_cache(maxsize=12_000)
def _places(gram: str) -> tuple[int, int, float, int, float]:
    """Bucket of a gram for its rarity; two places in the vector, each with a sign (count sketch)."""
    code = gram.encode()
    first, second = zlib.crc32(code), zlib.crc32(b"2" + code)
    return (
        first % _BUCKETS,
        (first >> 15) % SIZE,
        1.0 if first >> 31 else -1.0,
        (second >> 15) % SIZE,
        1.0 if second >> 31 else -1.0,
    )


class TextFeatures:
    """TF-IDF with each family of n-grams normalised to the same length, and both together to length one."""

    def __init__(self, idf: Floats) -> None:
        self.idf = idf

    @classmethod
    def fit(cls, texts: Sequence[Sequence[str]]) -> TextFeatures:
        """Learn how rare n-grams are: idf = ln((1 + n) / (1 + df)) + 1, as scikit-learn has it."""
        frequency = np.zeros(_BUCKETS, dtype=np.float32)
        for words in texts:
            buckets = {_places(gram)[0] for family in _families(words) for gram in family}
            frequency[list(buckets)] += 1
        return cls(np.log((1 + len(texts)) / (1 + frequency)).astype(np.float32) + np.float32(1))

    def __call__(self, words: Sequence[str]) -> Floats:
        """The vector of one text, shape (1024,), of length about one."""
        at: list[int] = []
        values: list[float] = []
        for family in _families(words):
            start = len(values)
            square = 0.0
            for gram, count in family.items():
                bucket, one, sign, other, other_sign = _places(gram)
                weight = float(self.idf[bucket]) * (1.0 + float(np.log(count)) if count > 1 else 1.0)
                square += weight * weight
                at += (one, other)
                values += (sign * weight, other_sign * weight)
            # Half of the length to each family, and half of a gram's square to each of its places.
            length = 2.0 * square**0.5
            values[start:] = [v / length for v in values[start:]]
        return np.bincount(at, values, minlength=SIZE).astype(np.float32)
