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
from local_runner.understanding import logistic
from local_runner.understanding.encoder import shared_encoder
from local_runner.understanding.meaning import FALLBACK
from local_runner.understanding.negation import denied, denied_content, stem
from local_runner.understanding.realise import Realiser, Row
from local_runner.understanding.slot_filling import SlotFiller
from local_runner.understanding.slot_training import fit_taggers
from local_runner.understanding.tagger import Tagger
from local_runner.understanding.templates import Template, templates
from local_runner.understanding.text_features import TextFeatures
from local_runner.understanding.words import utterance

Floats = NDArray[np.float32]

COST = 8.0
"""Inverse regularisation of the classifier; validation data is indifferent between 4 and 40."""
TEXT_SHARE = 0.7
"""Weight of n-grams beside the sentence vector."""
NEAREST = 3
"""Samples of an intent that say how near an utterance is to it."""
ALIKE = 8
"""Samples that are looked at for what they deny."""
NEARNESS = 8.0
"""Weight of that nearness (a cosine) beside the log-odds that an utterance is for the skill."""
CHOICE_NEARNESS = 2.0
"""Weight of that nearness beside the log-probability, in the choice among the skill's intents."""
CANDIDATES = 4
"""Intents that are looked at more closely."""
MOST_FALSE_ACCEPTS = 0.10
"""Operating point: the threshold with the best balanced accuracy on held-out samples and background, that lets at most
this share of the background through."""
FALLBACK_SHARE = 0.15
"""What the fallback weighs in all, beside all intents of the skill together."""
EVENNESS = 0.25
"""How far intents with many samples are held down: 0 not at all, 1 until every intent weighs the same. An intent that
has most samples is the one that people need most, but must not swallow the small ones."""
RIVALS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Shares of rivals to choose from."""
FOLDS = 3
"""Folds of the cross-validation that sets the threshold."""
LOOKALIKE = 0.7
"""Cosine to one of the skill's own samples from which on a background line is left out."""
MOST_ROWS = 14000
"""Rows beyond this number are thinned, evenly over the intents: the fit is cubic in them."""


@lru_cache(maxsize=1)
def background_lines() -> tuple[str, ...]:
    """Everyday speech that is meant for no skill."""
    text = (Path(__file__).parent / "background.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


@dataclass(frozen=True)
class Candidate:
    """An intent that an utterance may mean."""

    intent: str
    margin: float
    """Evidence above the threshold, in log-odds; negative is too little."""
    alike: tuple[int, ...]
    """Indices of the intent's templates that are most like the utterance, nearest first."""


@dataclass(frozen=True)
class Trained:
    """What was learnt from one interaction model."""

    labels: tuple[str, ...]
    """Intent names; the last is the fallback: what is not for the skill."""
    features: TextFeatures
    weights: Floats
    """Shape (features, labels)."""
    vectors: NDArray[np.float16]
    """Sentence vectors of the samples, shape (rows, 384), in the order of their labels."""
    origin: NDArray[np.int32]
    """Index of the template that each row was made from, -1 for background, shape (rows,)."""
    bounds: NDArray[np.int32]
    """Where each label's rows begin, and the end, shape (labels + 1,)."""
    rivals: float
    """Share of the probability of an intent's rivals within the skill that speaks for it too, see ``combined``."""
    threshold: float
    """Least evidence at which an intent is accepted."""
    accepted: float
    """Share of held-out samples that the threshold accepts as the right intent."""
    taggers: dict[str, Tagger]
    """By intent name, where slots may hold words that no list knows."""

    @staticmethod
    def marks(words: Sequence[str], slots: SlotFiller) -> tuple[str, ...]:
        """What the words themselves do not show, to be given to ``evidence``."""
        return marks(words, slots)

    def candidates(self, words: Sequence[str], seen: Sequence[str], prior: Floats | None = None) -> list[Candidate]:
        """The likeliest intents, likeliest first.

        Args:
            words: the utterance.
            seen: its marks.
            prior: added to the log-odds of each label, shape (labels,).
        """
        sentence = shared_encoder().one(tuple(words))[0]
        scores = row_features(self.features, words, seen, sentence) @ self.weights
        probability = logistic.probabilities(scores if prior is None else scores + prior)
        found = []
        for label in np.argsort(-probability[:-1])[:CANDIDATES]:
            first, end = self.bounds[label], self.bounds[label + 1]
            cosines = self.vectors[first:end].astype(np.float32) @ sentence
            near = _nearest(cosines)
            alike = dict.fromkeys(int(self.origin[first + i]) for i in np.argsort(-cosines)[:ALIKE])
            evidence = combined(probability[[label]], probability[-1:], np.array([near], np.float32), self.rivals)[0]
            worth = float(np.log(probability[label] + 1e-9)) + CHOICE_NEARNESS * near
            found.append((worth, Candidate(self.labels[label], float(evidence) - self.threshold, tuple(alike))))
        return [candidate for _, candidate in sorted(found, key=lambda f: -f[0])]

    def state(self) -> dict[str, Any]:
        """Arrays to store."""
        return {
            "labels": np.array("\n".join(self.labels)),
            "idf": self.features.idf,
            "weights": self.weights,
            "vectors": self.vectors,
            "origin": self.origin,
            "bounds": self.bounds,
            "rivals": np.array(self.rivals),
            "threshold": np.array(self.threshold),
            "accepted": np.array(self.accepted),
            "tagged": np.array("\n".join(self.taggers)),
        } | {f"tagger.{name}.{k}": v for name, t in self.taggers.items() for k, v in t.state().items()}

    @classmethod
    def restore(cls, arrays: dict[str, Any]) -> Trained:
        """The inverse of ``state``.

        Raises:
            KeyError, ValueError: the arrays are not those of a trained model.
        """
        labels = tuple(str(arrays["labels"]).split("\n"))
        weights, bounds = arrays["weights"], arrays["bounds"]
        if weights.shape[1] != len(labels) or len(bounds) != len(labels) + 1:
            raise ValueError("arrays of different models")
        return cls(
            labels,
            TextFeatures(arrays["idf"]),
            weights,
            arrays["vectors"].astype(np.float16, copy=False),
            arrays["origin"],
            bounds,
            float(arrays["rivals"]),
            float(arrays["threshold"]),
            float(arrays["accepted"]),
            {
                name: Tagger.restore({k: arrays[f"tagger.{name}.{k}"] for k in ("slots", "weights", "follows")})
                for name in str(arrays["tagged"]).split("\n")
                if name
            },
        )


def combined(inside: Floats, outside: Floats, nearness: Floats, rivals: float) -> Floats:
    """Evidence for an intent: the log-odds of its probability and of a share of its rivals', plus how near its samples
    are.

    An utterance torn between two intents of the skill is still meant for the skill where intents overlap; where they
    are far apart, being torn is a sign of neither. So the share is chosen for each skill by cross-validation.
    """
    p = inside + np.float32(rivals) * np.maximum(0.0, 1.0 - outside - inside)
    p = np.clip(p, 1e-6, 1 - 1e-6)
    evidence: Floats = (np.log(p / (1 - p)) + NEARNESS * nearness).astype(np.float32)
    return evidence


def row_features(features: TextFeatures, words: Sequence[str], seen: Sequence[str], sentence: Floats) -> Floats:
    """What the classifier sees of one utterance: n-grams, slot types, sentence vector, and 1."""
    return np.concatenate(
        [np.float32(TEXT_SHARE) * features((*words, *(f"{{{t}}}" for t in seen))), sentence, np.ones(1, np.float32)]
    )


def _nearest(cosines: Floats) -> float:
    return float(np.sort(cosines)[-NEAREST:].mean()) if len(cosines) else 0.0


def marks(words: Sequence[str], slots: SlotFiller) -> tuple[str, ...]:
    """What the words themselves do not show: slot types whose values occur, and what is denied."""
    mask = denied(words)
    found = dict.fromkeys(("not " if all(mask[start:end]) else "") + name for start, end, name in slots.known(words))
    found |= dict.fromkeys(f"not {stem(word)}" for word in denied_content(words))
    return tuple(found)


def training_rows(model: InteractionModel, slots: SlotFiller) -> tuple[tuple[str, ...], list[Row]]:
    """Labels, and the rows of samples and background, in the order of their labels."""
    patterns = templates(model)
    by_intent: dict[str, list[tuple[int, Template]]] = {}
    for origin, template in enumerate(patterns):
        by_intent.setdefault(template.intent, []).append((origin, template))
    labels = (*(name for name in by_intent if name != FALLBACK), FALLBACK)
    realiser = Realiser(slots.gazetteers, slots.common)
    times = 3 if len(patterns) < 1500 else 2 if 2 * len(patterns) < MOST_ROWS else 1
    share = _cap([len(by_intent.get(name, ())) * times for name in labels]) // times
    rows: list[Row] = []
    group = 0
    for label, name in enumerate(labels):
        chosen = by_intent.get(name, [])
        if len(chosen) > share:
            chosen = [chosen[i] for i in np.linspace(0, len(chosen) - 1, share).astype(int)]
        for origin, template in chosen:
            rows.extend(realiser.rows(template, label, group, times, origin))
            group += 1
    known = {row.words for row in rows}
    for line in background_lines():
        words = utterance(line).words
        if words not in known:
            rows.append(Row(words, len(labels) - 1, -1 - len(rows)))
    return labels, rows


def _cap(counts: Sequence[int]) -> int:
    """How many rows an intent may have, so that all together there are not too many."""
    cap = max(counts, default=1)
    while sum(min(c, cap) for c in counts) > MOST_ROWS:
        cap = int(cap * 0.9)
    return max(cap, 3)


def train(model: InteractionModel, slots: SlotFiller) -> Trained:
    """Learn to tell the intents of a model from each other and from everything else."""
    labels, rows = training_rows(model, slots)
    sentences = shared_encoder().encode([r.words for r in rows])[0]
    rows, sentences = _without_lookalikes(rows, sentences, len(labels) - 1)
    seen = [marks(r.words, slots) for r in rows]
    features = TextFeatures.fit([(*r.words, *(f"{{{t}}}" for t in ts)) for r, ts in zip(rows, seen, strict=True)])
    x = np.stack([row_features(features, r.words, t, s) for r, t, s in zip(rows, seen, sentences, strict=True)])
    y = np.array([r.label for r in rows], dtype=np.int32)
    problem = logistic.Problem(x, y, len(labels), COST * _weights(y, len(labels)))
    rivals, threshold, accepted = _calibrate(problem, x, y, sentences, np.array([r.group for r in rows]) % FOLDS)
    taggers = fit_taggers(model, slots, templates(model))
    origin = np.array([r.origin for r in rows], dtype=np.int32)
    bounds = np.searchsorted(y, np.arange(len(labels) + 1)).astype(np.int32)
    return Trained(
        labels,
        features,
        problem.fit(steps=20),
        sentences.astype(np.float16),
        origin,
        bounds,
        rivals,
        threshold,
        accepted,
        taggers,
    )


def _weights(y: NDArray[np.int32], labels: int) -> Floats:
    """Weight of each row; one on the average over the skill's own."""
    counts = np.maximum(np.bincount(y, minlength=labels), 1).astype(np.float32)
    own = y != labels - 1
    weights: Floats = (counts**-EVENNESS)[y]
    if own.any():
        weights[own] /= weights[own].mean()
        weights[~own] = FALLBACK_SHARE * own.sum() / max(1, np.count_nonzero(~own))
    return weights


def _without_lookalikes(rows: list[Row], sentences: Floats, fallback: int) -> tuple[list[Row], Floats]:
    """Leave out background lines that are too near to what the skill is for: a weather skill wants the weather."""
    own = np.array([r.label != fallback for r in rows])
    keep = own.copy()
    nearest = (sentences[~own] @ sentences[own].T).max(axis=1) if own.any() and not own.all() else np.zeros(0)
    keep[~own] = nearest < LOOKALIKE if len(nearest) else True
    # What the skill's own model gives as examples of the fallback always stays.
    written = np.array([r.group >= 0 for r in rows])
    keep |= written & ~own
    return [r for r, k in zip(rows, keep, strict=True) if k], sentences[keep]


def _calibrate(
    problem: logistic.Problem, x: Floats, y: NDArray[np.int32], sentences: Floats, fold: NDArray[np.int64]
) -> tuple[float, float, float]:
    """Share of rivals, threshold at the operating point, and the share of held-out samples accepted as right, all by
    cross-validation."""
    fallback = int(y.max())
    count = len(y)
    top, outside, near = (np.zeros(count, dtype=np.float32) for _ in range(3))
    guess = np.zeros(count, dtype=np.int32)
    for held_out in range(FOLDS):
        test = fold == held_out
        if not test.any() or test.all():
            continue
        probability = logistic.probabilities(x[test] @ problem.fit(steps=10, without=test))
        best = probability[:, :-1].argmax(axis=1)
        cosines = sentences[test] @ sentences[~test].T
        known = y[~test]
        near[test] = [_nearest(c[known == b]) for c, b in zip(cosines, best, strict=True)]
        top[test], outside[test], guess[test] = probability[np.arange(len(best)), best], probability[:, -1], best
    own = y != fallback
    right = guess == y
    chosen: tuple[float, float, Floats] = (-1.0, 0.0, near)
    for rivals in RIVALS:
        evidence = combined(top, outside, near, rivals)
        if (~own).sum() >= 20 and own.any():
            cuts = np.quantile(evidence[~own], [0.97, 0.95, 0.9])
            worth = float(np.mean([(right & (evidence > cut))[own].mean() for cut in cuts]))
        else:
            worth = 0.0
        if worth > chosen[0] + 0.01:
            chosen = (worth, rivals, evidence)
    _, rivals, evidence = chosen
    threshold = _threshold(evidence[own & right], evidence[~own])
    accepted = right & (evidence >= threshold)
    return rivals, threshold, float(accepted[own].mean()) if own.any() else 0.0


def _threshold(inside: Floats, outside: Floats) -> float:
    """The threshold with the best balanced accuracy among those that let few enough lines through."""
    if len(outside) < 20:
        return 0.0
    lowest = float(np.quantile(outside, 1 - MOST_FALSE_ACCEPTS))
    candidates = np.unique(np.concatenate([[lowest], outside[outside > lowest] + 1e-4]))
    balanced = [(inside >= t).mean() + (outside < t).mean() for t in candidates] if len(inside) else [0.0]
    return float(candidates[int(np.argmax(balanced))])
