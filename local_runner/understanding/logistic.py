"""Multinomial logistic regression in plain numpy: L-BFGS in a basis in which the problem is round."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Problem:
    """Rows and their classes, in the basis in which they are quick to fit; may be fitted again with other weights."""

    def __init__(
        self,
        rows: Floats,
        labels: NDArray[np.int32],
        classes: int,
        cost: float,
        emphasis: dict[int, float] | None = None,
    ) -> None:
        """Find the basis.

        Args:
            rows: features, shape (n, d); give them a constant column for the intercept.
            labels: class of each row, shape (n,), 0 to classes - 1.
            classes: how many there are.
            cost: the inverse of the regularisation.
            emphasis: classes that weigh more than the others, and how many times.
        """
        n, d = rows.shape
        # Every class weighs the same in all, so that an intent with many samples does not swallow one with few.
        counts = np.bincount(labels, minlength=classes)
        balance = n / (np.count_nonzero(counts) * np.maximum(counts, 1))
        for label, times in (emphasis or {}).items():
            balance[label] *= times
        self._weight = (cost * balance[labels]).astype(np.float32)
        self._truth = np.arange(n), labels
        self._shape = d, classes
        # The Hessian is near to share · XᵀDX + I, up to its largest ½ XᵀDX + I (Böhning, 1992): the factor L of that
        # turns the long valleys of the problem into a bowl. With V = LᵀW the scores are (X L⁻ᵀ) V.
        moment = (rows * (self._weight / np.float32(classes))[:, None]).T @ rows
        moment[np.diag_indices(d)] += 1.0
        self._factor = np.linalg.inv(np.linalg.cholesky(moment)).astype(np.float32).T  # L⁻ᵀ
        self._rows = rows @ self._factor

    def fit(self, steps: int = 30, without: NDArray[np.bool_] | None = None) -> Floats:
        """Weights that minimise cost · Σ wᵢ · cross-entropyᵢ + ½‖W‖², shape (d, classes).

        Args:
            steps: most L-BFGS steps; 20 give four digits.
            without: rows to leave out, shape (n,).
        """
        weight = self._weight if without is None else np.where(without, np.float32(0), self._weight)

        def objective(flat: Floats) -> tuple[float, Floats]:
            v = flat.reshape(self._shape)
            scores = probabilities(np.asarray(self._rows @ v, dtype=np.float32))
            loss = -float(weight @ np.log(np.maximum(scores[self._truth], 1e-30)))
            scores[self._truth] -= 1
            scores *= weight[:, None]
            w = self._factor @ v
            gradient = self._rows.T @ scores + self._factor.T @ w
            return loss + 0.5 * float(np.vdot(w, w)), gradient.astype(np.float32).ravel()

        start = np.zeros(self._shape[0] * self._shape[1], dtype=np.float32)
        weights: Floats = self._factor @ minimise(objective, start, steps).reshape(self._shape)
        return weights


def probabilities(scores: Floats) -> Floats:
    """Softmax over the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    out: Floats = shifted / shifted.sum(axis=-1, keepdims=True)
    return out


def minimise(objective: Callable[[Floats], tuple[float, Floats]], start: Floats, steps: int, memory: int = 8) -> Floats:
    """Limited-memory BFGS with a backtracking line search (Nocedal and Wright, algorithm 7.4)."""
    x = start
    value, gradient = objective(x)
    moves: list[tuple[Floats, Floats, float]] = []
    for step in range(steps):
        direction = gradient.copy()
        alphas = []
        for s, y, rho in reversed(moves):
            alpha = rho * float(np.vdot(s, direction))
            direction -= np.float32(alpha) * y
            alphas.append(alpha)
        if moves:
            s, y, rho = moves[-1]
            direction *= np.float32(1.0 / (rho * float(np.vdot(y, y))))
        for (s, y, rho), alpha in zip(moves, reversed(alphas), strict=True):
            direction += s * np.float32(alpha - rho * float(np.vdot(y, direction)))
        slope = float(np.vdot(gradient, direction))
        if slope <= 0:
            break
        length = 1.0 if step else min(1.0, 1.0 / max(1e-9, float(np.linalg.norm(gradient))))
        for _ in range(12):
            candidate = x - np.float32(length) * direction
            new_value, new_gradient = objective(candidate)
            if new_value <= value - 1e-4 * length * slope:
                break
            length *= 0.5
        else:
            break
        s, y = candidate - x, new_gradient - gradient
        curvature = float(np.vdot(s, y))
        if curvature > 1e-10:
            moves = [*moves[-(memory - 1) :], (s, y, 1.0 / curvature)]
        finished = value - new_value < 1e-5 * abs(value)
        x, value, gradient = candidate, new_value, new_gradient
        if finished:
            break
    return x
