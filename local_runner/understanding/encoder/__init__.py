"""Sentence vectors: all-MiniLM-L6-v2 in 8 bit, run by ONNX Runtime on one thread (see CARD.md)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SIZE = 384
"""Length of a vector."""
_HERE = Path(__file__).parent
_BATCH = 32


class SentenceEncoder:
    """Words to vectors. The word-piece table is mapped, not read: only the pieces that are used take memory."""

    def __init__(self, folder: Path = _HERE) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # An arena keeps what the longest batch needed for ever; malloc gives it back.
        options.enable_cpu_mem_arena = False
        options.enable_mem_pattern = False
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "layers.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._pieces = np.load(folder / "pieces.npy", mmap_mode="r")
        with np.load(folder / "embedding.npz", allow_pickle=False) as table:
            self._scale, self._place = table["scale"], table["place"]
            self._gain, self._bias = table["gain"], table["bias"]
        vocabulary = (folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
        self._ids = {piece: i for i, piece in enumerate(vocabulary) if piece}
        self._unknown, self._begin, self._end = (self._ids[p] for p in ("[UNK]", "[CLS]", "[SEP]"))

    def is_word(self, word: str) -> bool:
        """The word is one of the thirty thousand that English text is mostly made of."""
        return word in self._ids

    def pieces(self, word: str) -> list[int]:
        """Ids of the word pieces of one word, longest first (WordPiece)."""
        found: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = self._ids.get(word[start:end] if start == 0 else "##" + word[start:end])
                if piece is not None:
                    found.append(piece)
                    start = end
                    break
            else:
                return [self._unknown]
        return found

    def encode(self, texts: Sequence[Sequence[str]]) -> tuple[Floats, list[Floats]]:
        """Vectors of utterances and of the words in them.

        Args:
            texts: utterances as words.

        Returns:
            Sentence vectors of length one, shape (n, 384): the mean over the word pieces; and for each utterance the
            vectors of its words in their context, shape (words, 384), zero for words beyond the longest utterance.
        """
        sentences = np.zeros((len(texts), SIZE), dtype=np.float32)
        words: list[Floats] = [np.zeros((0, SIZE), np.float32)] * len(texts)
        split = [self._split(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda i: len(split[i][0]))
        for first in range(0, len(order), _BATCH):
            batch = order[first : first + _BATCH]
            for i, pieces in zip(batch, self._run([split[i][0] for i in batch]), strict=True):
                mean = pieces.mean(axis=0)
                sentences[i] = mean / max(float(np.linalg.norm(mean)), 1e-9)
                words[i] = _by_word(pieces, split[i][1], len(texts[i]))
        return sentences, words

    def one(self, words: tuple[str, ...]) -> tuple[Floats, Floats]:
        """The vector of one utterance, shape (384,), and of its words; the last few are remembered."""
        return _one(self, words)

    def _split(self, text: Sequence[str]) -> tuple[list[int], list[int]]:
        """Ids of the pieces, and the index of the word that each comes from (-1 for the frame)."""
        ids, owners = [self._begin], [-1]
        longest = len(self._place) - 1
        for index, word in enumerate(text):
            for part in ("'", word[1:]) if word.startswith("'") and len(word) > 1 else (word,):
                pieces = _pieces_of(self, part)
                ids.extend(pieces)
                owners.extend([index] * len(pieces))
        return [*ids[:longest], self._end], [*owners[:longest], -1]

    def _run(self, batch: Sequence[Sequence[int]]) -> list[Floats]:
        length = max(map(len, batch))
        ids = np.zeros((len(batch), length), dtype=np.int64)
        mask = np.zeros((len(batch), length), dtype=np.float32)
        for row, pieces in enumerate(batch):
            ids[row, : len(pieces)] = pieces
            mask[row, : len(pieces)] = 1
        embedded = self._pieces[ids].astype(np.float32) * self._scale[ids][..., None] + self._place[:length]
        embedded -= embedded.mean(axis=-1, keepdims=True)
        embedded /= np.sqrt((embedded**2).mean(axis=-1, keepdims=True) + 1e-12)
        embedded = embedded * self._gain + self._bias
        out = self._session.run(None, {"embedded": embedded, "mask": mask})[0]
        return [out[row, : len(pieces)] for row, pieces in enumerate(batch)]


def _by_word(pieces: Floats, owners: Sequence[int], count: int) -> Floats:
    vectors = np.zeros((count, SIZE), dtype=np.float32)
    seen = np.zeros(count, dtype=np.float32)
    for vector, owner in zip(pieces, owners, strict=True):
        if owner >= 0:
            vectors[owner] += vector
            seen[owner] += 1
    return (vectors / np.maximum(seen, 1)[:, None]).astype(np.float32)


@lru_cache(maxsize=8192)
def _pieces_of(encoder: SentenceEncoder, word: str) -> tuple[int, ...]:
    return tuple(encoder.pieces(word))


@lru_cache(maxsize=16)
def _one(encoder: SentenceEncoder, words: tuple[str, ...]) -> tuple[Floats, Floats]:
    sentences, vectors = encoder.encode([words])
    return sentences[0], vectors[0]


@lru_cache(maxsize=1)
def shared_encoder() -> SentenceEncoder:
    """The one encoder of this process."""
    return SentenceEncoder()
