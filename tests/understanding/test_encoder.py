"""The sentence encoder: what ships is what the card says, and near meanings are near."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest

from local_runner.understanding import encoder as encoder_module
from local_runner.understanding.encoder import SIZE, SentenceEncoder, shared_encoder

FOLDER = Path(encoder_module.__file__).parent


def test_the_files_are_those_of_the_card() -> None:
    card = (FOLDER / "CARD.md").read_text(encoding="utf-8")
    sums = dict(re.findall(r"`([\w.]+)`\s+([0-9a-f]{64})", card))
    assert set(sums) == {"layers.onnx", "pieces.npy", "embedding.npz", "vocabulary.txt"}
    for name, digest in sums.items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest
    assert sum(p.stat().st_size for p in FOLDER.iterdir() if p.is_file()) < 30e6


def test_near_meanings_are_near() -> None:
    vectors, _ = shared_encoder().encode(
        [t.split() for t in ("my foot is cramping", "somebody is wringing out my foot", "what is the weather tomorrow")]
    )
    assert vectors.shape == (3, SIZE)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-4)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_batches_change_hardly_anything() -> None:
    texts = [
        t.split() for t in ("calf", "my calf is cramping again and i do not know why", "help me with my left foot")
    ]
    together, _ = shared_encoder().encode(texts)
    for text, vector in zip(texts, together, strict=True):
        assert shared_encoder().one(tuple(text))[0] @ vector > 0.97


def test_words_have_vectors_of_their_own() -> None:
    _, [words] = shared_encoder().encode([["gastrocnemius", "hurts", "'s"]])
    assert words.shape == (3, SIZE)
    assert np.abs(words).sum(axis=1).min() > 0


def test_word_pieces() -> None:
    encoder = shared_encoder()
    assert len(encoder.pieces("cramp")) >= 1
    assert len(encoder.pieces("gastrocnemius")) > 1
    assert encoder.pieces("☃☃") == encoder.pieces("[UNK]") or encoder.pieces("☃☃")
    assert encoder.is_word("foot")
    assert not encoder.is_word("gastrocnemiusly")


@pytest.mark.parametrize("text", [[], ["a"] * 500, ["☃"], ["'"]])
def test_odd_texts_have_vectors(text: list[str]) -> None:
    sentences, [words] = SentenceEncoder().encode([text])
    assert np.isfinite(sentences).all()
    assert words.shape == (len(text), SIZE)
