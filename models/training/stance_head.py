"""The last step of the stance model: one linear layer over the cross-encoder's log-probabilities and the signs of the text.

It is fitted on pairs that the cross-encoder did not see, so that it calibrates, too (Guo et al. 2017 fit one temperature;
this is their matrix scaling, kept near the identity).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from models.stance import LABELS, softmax

PULL = 0.0005  # toward the identity on the log-probabilities and zero on the signs


@dataclass(frozen=True, slots=True)
class Head:
    """Weights of shape (features, 5) and a bias of shape (5,)."""

    weights: NDArray[np.float64]
    bias: NDArray[np.float64]

    def probabilities(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shape (pairs, 5), each row sums to 1."""
        return softmax(features @ self.weights + self.bias)


def fit(features: NDArray[np.float64], allowed: NDArray[np.bool_], importance: NDArray[np.float64], signs: bool = True) -> Head:
    """Minimise minus the log of what the allowed labels get together, each pair by its importance (any positive scale)."""
    size, count = features.shape[1], len(LABELS)
    start = np.zeros((size + 1, count))
    start[:count, :count] = np.eye(count)
    importance = importance / importance.sum()
    padded = np.hstack([features, np.ones((len(features), 1))])
    free = np.ones_like(start)
    if not signs:
        free[count:-1] = 0

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(start.shape)
        shares = softmax(padded @ weights)
        told = (shares * allowed).sum(axis=1) + 1e-12
        wanted = shares * allowed / told[:, None]
        gap = (weights - start) * np.r_[np.ones(size), 0][:, None]
        gradient = padded.T @ ((shares - wanted) * importance[:, None]) + 2 * PULL * gap
        return float(-(np.log(told) * importance).sum() + PULL * (gap**2).sum()), (gradient * free).ravel()

    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x.reshape(start.shape)
    return Head(found[:-1], found[-1])


def calibration_error(sure: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 15) -> float:
    """Expected calibration error (Naeini et al. 2015) over bins of equal width."""
    places = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [abs(sure[places == n].mean() - right[places == n].mean()) * (places == n).mean() for n in set(places.tolist())]
    return float(sum(gaps))


def features(logits: NDArray[Any], signs: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """Log-probabilities and signs side by side, shape (pairs, 5 + signs)."""
    return np.hstack([np.log(softmax(logits) + 1e-6), np.asarray(signs, dtype=np.float64)])
