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
        weight: Floats,
    ) -> None:
        """Find the basis.

        Args:
            rows: features, shape (n, d); give them a constant column for the intercept.
            labels: class of each row, shape (n,), 0 to classes - 1.
            classes: how many there are.
            weight: of each row, shape (n,); all together, the inverse of the regularisation.
        """
        # With fewer rows than features only the span of the rows matters: n numbers to a row are enough.
        self._span: Floats | None = None
        if len(rows) < rows.shape[1]:
            square, axes = np.linalg.eigh(rows @ rows.T)
            kept = square > 1e-5
            length = np.sqrt(square[kept])
            self._span = (rows.T @ (axes[:, kept] / length)).astype(np.float32)
            rows = (axes[:, kept] * length).astype(np.float32)
        n, d = rows.shape
        self._weight = weight.astype(np.float32)
        self._truth = np.arange(n), labels
        self._shape = d, classes
        # The Hessian is near to share · XᵀDX + I, up to its largest ½ XᵀDX + I (Böhning, 1992): the factor L of that
        # turns the long valleys of the problem into a bowl. With V = LᵀW the scores are (X L⁻ᵀ) V.
        moment = (rows * (self._weight / np.float32(classes))[:, None]).T @ rows
        moment[np.diag_indices(d)] += 1.0
        self._factor = np.linalg.inv(np.linalg.cholesky(moment)).astype(np.float32).T  # L⁻ᵀ
        self._rows = rows @ self._factor

    def fit(self, steps: int = 30, without: NDArray[np.bool_] | None = None) -> Floats:
        """Weights that minimise Σ wᵢ · cross-entropyᵢ + ½‖W‖², shape (d, classes).

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
        return weights if self._span is None else self._span @ weights


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
