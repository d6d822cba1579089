"""CLINC150: some of its intents as a skill, the others and its out-of-scope lines as everything else.

A draw takes 15 intents of 150 with 20 training lines each; 240 background lines from 40 other intents (6 training lines
each) as samples of the fallback intent; and as tests all 30 test lines of each of the 15, 300 out-of-scope test lines
(*far*) and 260 test lines of the 65 intents after those (*near*). Nothing of the tests is seen in training, and the
threshold is the engine's own.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from local_runner.interaction_model import Intent, InteractionModel
from local_runner.understanding import FALLBACK, Understander

Floats = NDArray[np.float64]


def run(data: Path, seeds: Sequence[int], background: bool = True) -> dict[str, float | int]:
    """Means over the draws.

    Returns:
        ``right``: share of in-scope lines whose likeliest intent is right, no threshold; ``auc_far``, ``auc_near``:
        area under the ROC curve of the score against each kind of out-of-scope lines; ``right_at_5``: share of
        in-scope lines that are right and above the score that lets 5 % of all out-of-scope lines through; the rest at
        the engine's own threshold: ``accepted_right``, ``accepted_wrong``, ``rejected_far``, ``rejected_near``.
    """
    rows = []
    for seed in seeds:
        rows.append(_draw(data, seed, background))
        print(f"draw {seed}: {rows[-1]}", file=sys.stderr)
    mean = {key: round(float(np.mean([r[key] for r in rows])), 4) for key in rows[0]}
    spread = {f"{key}_sd": round(float(np.std([r[key] for r in rows])), 4) for key in ("auc_far", "right_at_5")}
    return {"draws": len(rows), **mean, **spread}


def _draw(data: Path, seed: int, background: bool) -> dict[str, float]:
    raw = json.loads((data / "clinc150.json").read_text(encoding="utf-8"))
    lines: dict[str, dict[str, list[str]]] = {"train": {}, "test": {}}
    for split, by_intent in lines.items():
        for text, intent in raw[split]:
            by_intent.setdefault(intent, []).append(text)
    rng = np.random.default_rng(seed)
    order = [str(i) for i in rng.permutation(sorted(lines["train"]))]
    inside, around, near = order[:15], order[15:55], order[55:120]

    def some(split: str, intent: str, count: int) -> list[str]:
        return [str(t) for t in rng.choice(lines[split][intent], count, replace=False)]

    intents = [Intent(name, samples=tuple(some("train", name, 20))) for name in inside]
    others = tuple(t for name in around for t in some("train", name, 6))
    intents.append(Intent(FALLBACK, samples=others if background else ()))
    with tempfile.TemporaryDirectory() as cache:
        understander = Understander.load(InteractionModel("clinc", tuple(intents)), Path(cache))
    wanted = [(text, name) for name in inside for text in lines["test"][name]]
    far = [str(t) for t in rng.choice([t for t, _ in raw["oos_test"]], 300, replace=False)]
    near_lines = [t for name in near for t in some("test", name, 4)]

    got = [understander.understand(text) for text, _ in wanted]
    guesses = [u.best_guess or u.intent for u in got]
    right = np.array([g == name for g, (_, name) in zip(guesses, wanted, strict=True)])
    taken = np.array([u.rejected is None for u in got])
    scores = np.array([u.score for u in got])
    far_got = [understander.understand(t) for t in far]
    near_got = [understander.understand(t) for t in near_lines]
    far_scores, near_scores = (np.array([u.score for u in g]) for g in (far_got, near_got))
    cut = float(np.quantile(np.concatenate([far_scores, near_scores]), 0.95))
    return {
        "right": float(right.mean()),
        "auc_far": _auc(scores, far_scores),
        "auc_near": _auc(scores, near_scores),
        "right_at_5": float((right & (scores > cut)).mean()),
        "accepted_right": float((right & taken).mean()),
        "accepted_wrong": float((~right & taken).mean()),
        "rejected_far": float(np.mean([u.rejected is not None for u in far_got])),
        "rejected_near": float(np.mean([u.rejected is not None for u in near_got])),
    }


def _auc(inside: Floats, outside: Floats) -> float:
    """Probability that a line inside scores more than one outside, ties counting half."""
    order = np.searchsorted(np.sort(outside), inside, side="left") + np.searchsorted(
        np.sort(outside), inside, side="right"
    )
    return float(order.mean() / (2 * len(outside)))
