"""The acoustic network: a factorised time-delay network with skip connections, 33 decisions a second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from voice_models.training.fbank import BINS
from voice_models.training.phones import PDF_COUNT

BLOCKS: tuple[tuple[int, int], ...] = ((1, 1), (1, 1), (1, 1), (2, 1), (2, 2), (3, 2), (4, 2), (6, 2))
"""For each factorised layer: how many decisions (30 ms) it looks back into its bottleneck, and how many ahead."""

SPLICE = 5
"""Frames that the first layer sees at once."""
FIRST = 128
LAST = 256
SKIP = 0.75
"""A block's input is added to its output with this weight."""


@dataclass(frozen=True)
class Shape:
    """The network's size."""

    width: int
    """Units of a hidden layer."""
    bottleneck: int
    """Units of a block's bottleneck."""


class _Shift(torch.autograd.Function):
    """[left half at t - back + right half at t] at t, and the same at t + ahead: a block's context, on flat rows."""

    @staticmethod
    def forward(ctx: Any, rows: Tensor, back: int, ahead: int) -> Tensor:
        ctx.shifts = back, ahead
        half = rows.shape[1] // 2
        joined = rows[:, half:].clone()
        joined[back:] += rows[:-back, :half]
        out = torch.zeros_like(rows)
        out[:, :half] = joined
        out[:-ahead, half:] = joined[ahead:]
        return out

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (gradient,) = gradients
        back, ahead = ctx.shifts
        half = gradient.shape[1] // 2
        joined = gradient[:, :half].clone()
        joined[ahead:] += gradient[:-ahead, half:]
        out = torch.zeros_like(gradient)
        out[:, half:] = joined
        out[:-back, :half] = joined[back:]
        return out, None, None


class FactorisedTdnn(nn.Module):
    """Kaldi's TDNN-F in spirit: wide layers whose matrices are products through a narrow bottleneck.

    Utterances are laid end to end as one long row of frames (they begin and end in silence), so nothing is padded.
    Outputs: scores for lattice-free MMI, and scores for frame-wise cross-entropy, from one trunk.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width, bottleneck = shape.width, shape.bottleneck
        self.shape = shape
        self.mean: Tensor
        self.deviation: Tensor
        self.register_buffer("mean", torch.zeros(BINS))
        self.register_buffer("deviation", torch.ones(BINS))
        self.first = nn.Linear(SPLICE * BINS, FIRST)
        self.first_norm = nn.BatchNorm1d(FIRST, affine=False)
        self.second = nn.Linear(3 * FIRST, width)
        self.norms = nn.ModuleList(nn.BatchNorm1d(width, affine=False) for _ in BLOCKS)
        self.narrow = nn.ModuleList(nn.Linear(width, 2 * bottleneck, bias=False) for _ in BLOCKS)
        self.wide = nn.ModuleList(nn.Linear(2 * bottleneck, width) for _ in BLOCKS)
        self.last_norm = nn.BatchNorm1d(width, affine=False)
        self.last = nn.Linear(width, LAST)
        self.sequence = nn.Linear(LAST, PDF_COUNT)
        self.frames = nn.Linear(LAST, PDF_COUNT)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Normalised features (frames, BINS), a multiple of three → two score tables (frames / 3, PDF_COUNT)."""
        padded = functional.pad(features.T, (3, 3), mode="replicate").T.contiguous()
        rows = len(features)
        spliced = padded.as_strided((rows, SPLICE * BINS), (BINS, 1))  # row r: frames r - 3 … r + 1, for time r - 1
        x = self.first_norm(torch.relu(self.first(spliced))).reshape(rows // 3, 3 * FIRST)
        x = torch.relu(self.second(x))
        for (back, ahead), norm, narrow, wide in zip(BLOCKS, self.norms, self.narrow, self.wide, strict=True):
            context = _Shift.apply(narrow(norm(x)), back, ahead)  # type: ignore[no-untyped-call]
            x = torch.relu(wide(context)) + SKIP * x
        x = torch.relu(self.last(self.last_norm(x)))
        return self.sequence(x).float(), self.frames(x).float()
