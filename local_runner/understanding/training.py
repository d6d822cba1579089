"""From an interaction model to everything that understanding needs at run time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_runner.interaction_model import InteractionModel
from local_runner.understanding.classifier import fit, left_out
from local_runner.understanding.gazetteer import Gazetteer
from local_runner.understanding.meaning import FALLBACK
from local_runner.understanding.realise import Realiser, Row
from local_runner.understanding.templates import Template, templates
from local_runner.understanding.text_features import SparseRows, TextFeatures
from local_runner.understanding.words import utterance

Floats = NDArray[np.float32]

RIDGE = 0.3
"""Regularisation of the classifier; chosen on validation data (docs/understanding.md)."""
MOST_ROWS = 5000
"""Rows beyond this number are thinned, evenly over the intents: the fit is cubic in them."""


@lru_cache(maxsize=1)
def background_lines() -> tuple[str, ...]:
    """Everyday speech that is meant for no skill."""
    text = (Path(__file__).parent / "background.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


@dataclass(frozen=True)
class Trained:
    """What was learnt from one interaction model."""

    labels: tuple[str, ...]
    """Intent names; the last is the fallback: what is not for the skill."""
    features: TextFeatures
    rows: SparseRows
    row_label: NDArray[np.int32]
    dual: Floats
    """Shape (rows, labels)."""
    threshold: float
    """Least margin over the fallback and the zero line at which an intent is accepted."""

    def scores(self, words: Sequence[str]) -> tuple[Floats, Floats]:
        """Scores of all labels (about -1 … 1) and likenesses to all rows (0 … 1)."""
        likeness = self.rows.dot(self.features(words))
        return likeness @ self.dual, likeness

    def state(self) -> dict[str, Any]:
        """Arrays to store."""
        arrays: dict[str, Any] = {f"features.{k}": v for k, v in self.features.state().items()}
        arrays |= {f"rows.{k}": v for k, v in self.rows.state().items()}
        return arrays | {
            "labels": np.array("\n".join(self.labels)),
            "row_label": self.row_label,
            "dual": self.dual,
            "threshold": np.array(self.threshold),
        }

    @classmethod
    def restore(cls, arrays: dict[str, Any]) -> Trained:
        """The inverse of ``state``."""

        def part(prefix: str) -> dict[str, Any]:
            return {k.removeprefix(prefix): v for k, v in arrays.items() if k.startswith(prefix)}

        return cls(
            tuple(str(arrays["labels"]).split("\n")),
            TextFeatures.restore(part("features.")),
            SparseRows.restore(part("rows.")),
            arrays["row_label"],
            arrays["dual"],
            float(arrays["threshold"]),
        )


def marked(words: Sequence[str], gazetteers: dict[str, Gazetteer]) -> tuple[str, ...]:
    """The words, followed by the names of the slot types whose values occur among them."""
    types = [
        name for name, g in gazetteers.items() if any(True for i in range(len(words)) for _ in g.exact_at(words, i))
    ]
    return (*words, *(f"{{{name}}}" for name in types))


def training_rows(model: InteractionModel, gazetteers: dict[str, Gazetteer]) -> tuple[tuple[str, ...], list[Row]]:
    """Labels, and the rows of samples and background."""
    patterns = templates(model)
    by_intent: dict[str, list[Template]] = {}
    for template in patterns:
        by_intent.setdefault(template.intent, []).append(template)
    labels = (*(name for name in by_intent if name != FALLBACK), FALLBACK)
    realiser = Realiser(model, gazetteers)
    share = max(8, MOST_ROWS // max(1, len(labels)))
    rows: list[Row] = []
    group = 0
    for label, name in enumerate(labels):
        chosen = by_intent.get(name, [])
        if len(chosen) > share:
            chosen = [chosen[i] for i in np.linspace(0, len(chosen) - 1, share).astype(int)]
        times = 1 if len(patterns) > 1500 else 3
        for template in chosen:
            rows.extend(realiser.rows(template, label, group, times))
            group += 1
    known = {row.words for row in rows}
    for line in background_lines():
        words = utterance(line).words
        if words not in known:
            rows.append(Row(words, len(labels) - 1, group))
            group += 1
    return labels, rows


def train(model: InteractionModel, gazetteers: dict[str, Gazetteer]) -> Trained:
    """Learn to tell the intents of a model from each other and from everything else."""
    labels, rows = training_rows(model, gazetteers)
    texts = [marked(row.words, gazetteers) for row in rows]
    features = TextFeatures.fit(texts)
    vectors = [features(t) for t in texts]
    sparse = SparseRows.of(vectors, len(features))
    kernel = np.stack([sparse.dot(v) for v in vectors])
    row_label = np.array([r.label for r in rows], dtype=np.int32)
    dual, inverse = fit(kernel, row_label, len(labels), RIDGE)
    targets = np.full((len(rows), len(labels)), -1.0, dtype=np.float32)
    targets[np.arange(len(rows)), row_label] = 1.0
    held_out = left_out(dual, inverse, targets, np.array([r.group for r in rows], dtype=np.int32))
    fallback = row_label == len(labels) - 1
    margins = held_out[fallback, :-1].max(axis=1) - held_out[fallback, -1] if fallback.any() else np.zeros(1)
    threshold = float(np.quantile(margins, 0.95))
    return Trained(labels, features, sparse, row_label, dual, threshold)
