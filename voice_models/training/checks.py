"""What a finished model must do: hear voices that it was never trained on, through the stock `vosk` wheel."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from voice_models.training.decoding_graph import write_grammar
from voice_models.training.evaluation import Ear, mix
from voice_models.training.noises import fan
from voice_models.training.trigram import Trigram, word_numbers

LARGEST_BYTES = 6_000_000
"""What a model may weigh in the repository."""

BAR_CLEAN = 0.6
"""Share of held-out readings that must be heard word for word."""

BAR_NOISE = 0.5
"""The same at 15 dB beside a fan."""

BAR_SILENT = 0.9
"""Share of noises without speech in which no word may be heard."""

MOST = 40
"""Readings listened to."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    passed: bool
    detail: str


def sentence_grammar(model: Path, sentences: Sequence[str]) -> None:
    """Put a trigram of these sentences into a model directory."""
    trigram = Trigram(sentences)
    arcs, finals = trigram.graph(word_numbers(model), empty_cost=1.0)
    write_grammar(model / "graph" / "Gr.fst", arcs, finals)


def objective_check() -> Check:
    """Both sides of lattice-free MMI on three decisions, against a sum over every path written out by hand."""
    import torch

    from voice_models.training.sequence_loss import PhoneTrigram, denominator, numerator

    rng = np.random.default_rng(0)
    language = PhoneTrigram([rng.integers(0, 41, 9).astype(np.int16) for _ in range(50)])
    scores = torch.from_numpy(rng.normal(size=(1, 3, 82)).astype(np.float32))
    first, second, third = scores[0].exp()
    after = language.following
    begin = language.start * first[0::2]
    once_moved = torch.einsum("u,uv,v->uv", begin, after[0], second[0::2])
    stayed = begin * second[1::2]
    total = (stayed * third[1::2]).sum() + torch.einsum("u,uv,v->", stayed, after[0], third[0::2])
    total += (once_moved * third[1::2]).sum() + torch.einsum("uv,uvw,w->", once_moved, after, third[0::2])
    length = torch.tensor([3])
    everything = float(denominator(scores, length, language)) - float((total / 4).log())
    a, b = 5, 9
    said = begin[a] * after[0, a, b] * (second[2 * a + 1] * third[2 * b] + second[2 * b] * third[2 * b + 1]) / 4
    spoken = float(numerator(scores, length, [np.array([a, b], np.int16)], language)) - float(said.log())
    return Check("MMI", abs(everything) + abs(spoken) < 1e-4, f"off by {everything:.1e} and {spoken:.1e}")


def run_checks(model: Path, held_out: Sequence[dict[str, Any]], sentences: Sequence[str]) -> Iterator[Check]:
    """Listen to held-out readings, clean and beside a fan, and to the fan alone.

    Args:
        model: a model directory; its Gr.fst is replaced.
        held_out: manifest rows of readings by voices that were not trained on.
        sentences: everything that may be said.
    """
    yield objective_check()
    size = sum(path.stat().st_size for path in model.rglob("*") if path.is_file())
    yield Check("size", size <= LARGEST_BYTES, f"{size / 1e6:.2f} MB of {LARGEST_BYTES / 1e6:.0f}")
    known = word_numbers(model)
    missing = sorted({word for sentence in sentences for word in sentence.split()} - known.keys())
    yield Check("words", not missing, f"{len(known)} words; missing: {' '.join(missing[:5]) or 'none'}")
    sentence_grammar(model, sentences)
    ear = Ear(model)
    rows = random.Random(0).sample(list(held_out), min(MOST, len(held_out)))  # noqa: S311
    yield Check("held-out readings", len(rows) >= MOST // 2, f"{len(rows)}")
    sounds = [np.pad(soundfile.read(row["path"], dtype="int16")[0], 6400) for row in rows]
    rng = np.random.default_rng(0)
    noises = [fan(len(sound), rng) * 1000 for sound in sounds]
    noisy = [mix(sound, noise, 15, 0) for sound, noise in zip(sounds, noises, strict=True)]
    for name, heard_in, bar in (("clean", sounds, BAR_CLEAN), ("15 dB fan", noisy, BAR_NOISE)):
        heard = [ear.hear(sound) for sound in heard_in]
        right = sum(text == row["text"] for text, row in zip(heard, rows, strict=True))
        pairs = zip(heard, rows, strict=True)
        wrong = next((f"; '{row['text']}' was '{text}'" for text, row in pairs if text != row["text"]), "")
        yield Check(name, right >= bar * len(rows), f"{right} of {len(rows)} right, bar {bar:.0%}{wrong}")
    silent = sum(not ear.hear(np.asarray(noise / noise.std() * 800, np.int16)) for noise in noises)
    yield Check("fan alone", silent >= BAR_SILENT * len(noises), f"no word in {silent} of {len(noises)}")
