"""Kernel ridge classification: one linear solve, and what each training row would have scored had it been left out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def fit(kernel: Floats, labels: NDArray[np.int32], classes: int, ridge: float) -> tuple[Floats, Floats]:
    """Fit one-against-all least squares in the space of a kernel.

    Rows of a class weigh the same in all as those of any other, so that an intent with many samples does not
    swallow one with few.

    Args:
        kernel: positive semi-definite, shape (n, n).
        labels: class of each row, shape (n,), 0 to classes - 1.
        classes: how many there are.
        ridge: regularisation, added to the diagonal for a class of average size.

    Returns:
        Dual coefficients, shape (n, classes): scores of a new row are its kernel row times these; and the inverse
        of the regularised kernel, shape (n, n), from which ``left_out`` is computed.
    """
    n = len(labels)
    counts = np.bincount(labels, minlength=classes)
    diagonal = ridge * np.sqrt(counts[labels] * (np.count_nonzero(counts) / n))
    inverse = np.linalg.inv(kernel + np.diag(diagonal.astype(np.float32)))
    targets = np.full((n, classes), -1.0, dtype=np.float32)
    targets[np.arange(n), labels] = 1.0
    return (inverse @ targets).astype(np.float32), inverse.astype(np.float32)


def left_out(dual: Floats, inverse: Floats, targets: Floats, groups: NDArray[np.int32]) -> Floats:
    """Scores of every row from a fit without the rows of its own group, in closed form.

    For a group g: f_g = y_g - (C⁻¹_gg)⁻¹ (C⁻¹ y)_g (Rifkin and Lippert, Notes on regularized least squares, 2007).
    """
    scores = np.empty_like(targets)
    order = np.argsort(groups, kind="stable")
    bounds = np.flatnonzero(np.diff(groups[order])) + 1
    for members in np.split(order, bounds):
        block = inverse[np.ix_(members, members)]
        scores[members] = targets[members] - np.linalg.solve(block, dual[members])
    return scores
