"""Lattice-free maximum mutual information: what was said against everything that could have been said.

Povey and others (2016), 'Purely sequence-trained neural networks for ASR based on lattice-free MMI', with a phone
trigram as the denominator's language model and dense arithmetic in place of sparse graphs (41 units make it small).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voice_models.training.phones import UNITS

HALF = 0.5
"""Probability of staying in a unit, and of leaving it (Kaldi's chain topology)."""

NEVER = -1e4


class PhoneTrigram:
    """How likely each unit is after two others: Witten–Bell smoothed counts of the training utterances."""

    def __init__(self, sequences: Sequence[NDArray[np.int16]]) -> None:
        size = len(UNITS)
        counts = np.zeros((size, size, size))
        start = np.full(size, 0.1)
        for units in sequences:
            start[units[0]] += 1
            history = np.concatenate([[0], units[:-2]]) if len(units) > 1 else np.zeros(0, np.int16)
            np.add.at(counts, (history.astype(int), units[:-1].astype(int), units[1:].astype(int)), 1)
        pairs = counts.sum(0)
        unigram = (pairs.sum(0) + 0.5) / (pairs.sum() + 0.5 * size)
        bigram = _witten_bell(pairs, unigram)
        trigram = _witten_bell(counts, bigram)
        self.start = torch.tensor(start / start.sum(), dtype=torch.float32)
        self.following = torch.tensor(trigram, dtype=torch.float32)
        """Probability of the third unit: (unit before last, last unit, unit)."""


def _witten_bell(counts: NDArray[np.float64], lower: NDArray[np.float64]) -> NDArray[np.float64]:
    total = counts.sum(-1, keepdims=True)
    kinds = (counts > 0).sum(-1, keepdims=True)
    return np.asarray((counts + np.maximum(kinds, 1) * lower) / (total + np.maximum(kinds, 1)))


def denominator(scores: Tensor, lengths: Tensor, language: PhoneTrigram) -> Tensor:
    """Log of the summed probability of all unit sequences, for each utterance.

    Args:
        scores: (utterances, time, outputs), log domain.
        lengths: decisions of each utterance.
        language: the phone trigram.
    """
    peak = scores.amax(2, keepdim=True).detach()
    table = (scores - peak).exp()
    entering = table[..., 0::2].permute(1, 2, 0).unbind(0)  # per time: (unit, utterance)
    staying = table[..., 1::2].permute(1, 2, 0).unbind(0)
    size, count = len(UNITS), len(scores)
    by_middle = language.following.permute(1, 2, 0).contiguous()  # (last unit, unit, unit before last)
    # alpha: (last unit, unit before last, utterance)
    alpha = torch.zeros(size, size, count)
    alpha[:, 0] = language.start[:, None] * entering[0]
    scale = alpha.sum((0, 1))
    alpha = alpha / scale
    scales = [scale]
    for time in range(1, scores.shape[1]):
        moved = torch.bmm(by_middle, alpha).transpose(0, 1)  # (new unit, its predecessor, utterance)
        alpha = HALF * (alpha * staying[time][:, None] + moved * entering[time][:, None])
        scale = alpha.sum((0, 1))
        alpha = alpha / scale
        scales.append(scale)
    inside = torch.arange(scores.shape[1])[None] < lengths[:, None]
    return ((torch.stack(scales, 1).log() + peak[..., 0]) * inside).sum(1)


def numerator(
    scores: Tensor, lengths: Tensor, sequences: Sequence[NDArray[np.int16]], language: PhoneTrigram
) -> Tensor:
    """Log of the summed probability of all timings of the units that were said, for each utterance.

    Args:
        scores: (utterances, time, outputs), log domain.
        lengths: decisions of each utterance.
        sequences: the units of each utterance, in order.
        language: the phone trigram (so that both sides count the same prior).
    """
    count, times, _ = scores.shape
    longest = max(len(units) for units in sequences)
    said = torch.zeros(count, longest, dtype=torch.long)
    for row, units in enumerate(sequences):
        said[row, : len(units)] = torch.from_numpy(units.astype(np.int64))
    before = torch.cat([torch.zeros(count, 1, dtype=torch.long), said[:, :-2]], 1)
    weights = torch.empty(count, longest)
    weights[:, 0] = language.start.log()[said[:, 0]]
    if longest > 1:
        weights[:, 1:] = language.following.log()[before[:, : longest - 1], said[:, :-1], said[:, 1:]]
    index = (2 * said)[:, None].expand(count, times, longest)
    entering = scores.gather(2, index) + weights[:, None]
    staying = (scores.gather(2, index + 1) + np.log(HALF)).unbind(1)
    wall = torch.full((count, 1), NEVER)
    alpha = torch.cat([entering[:, 0, :1], torch.full((count, longest - 1), NEVER)], 1)
    entered = (entering + np.log(HALF)).unbind(1)
    alphas = [alpha]
    for time in range(1, times):
        alpha = torch.logaddexp(alpha + staying[time], torch.cat([wall, alpha[:, :-1]], 1) + entered[time])
        alphas.append(alpha)
    last = torch.tensor([len(units) - 1 for units in sequences])
    return torch.stack(alphas, 1)[torch.arange(count), lengths - 1, last]
