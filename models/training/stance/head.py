"""Fit the stance model's last step: a linear layer over the cross-encoder's log-probabilities and the text's
features.

It is fitted on pairs that the cross-encoder did not see, so that it calibrates, too (Guo et al. 2017 fit one
temperature; this is their matrix scaling, kept near the identity).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold

from models.protocols import STANCE_LABELS
from models.stance.model import softmax

PULL = 0.0005  # toward the identity on the log-probabilities and zero on the features


@dataclass(frozen=True, slots=True)
class Head:
    """Weights of shape (features, 5) and a bias of shape (5,)."""

    weights: NDArray[np.float64]
    bias: NDArray[np.float64]

    def probabilities(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probabilities of each pair: shape (pairs, 5), rows sum to 1."""
        return softmax(features @ self.weights + self.bias)


def fit(
    features: NDArray[np.float64], allowed: NDArray[np.bool_], importance: NDArray[np.float64],
    text_features: bool = True,
) -> Head:
    """Fit the layer: minimise minus the log of what the allowed labels get together.

    Each pair counts by its importance (any positive scale). Without `text_features` only the
    log-probabilities count.
    """
    size, count = features.shape[1], len(STANCE_LABELS)
    start = np.zeros((size + 1, count))
    start[:count, :count] = np.eye(count)
    importance = importance / importance.sum()
    padded = np.hstack([features, np.ones((len(features), 1))])
    free = np.ones_like(start)
    if not text_features:
        free[count:-1] = 0

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(start.shape)
        shares = softmax(padded @ weights)
        told = (shares * allowed).sum(axis=1) + 1e-12
        wanted = shares * allowed / told[:, None]
        gap = (weights - start) * np.r_[np.ones(size), 0][:, None]
        gradient = padded.T @ ((shares - wanted) * importance[:, None]) + 2 * PULL * gap
        return float(-(np.log(told) * importance).sum() + PULL * (gap**2).sum()), (gradient * free).ravel()

    found = minimize(
        loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 500}
    ).x.reshape(start.shape)
    return Head(found[:-1], found[-1])


def cross_validated(
    features: NDArray[np.float64], allowed: NDArray[np.bool_], importance: NDArray[np.float64],
    groups: Sequence[str], text_features: bool = True,
) -> NDArray[np.float64]:
    """Return each pair's probabilities by a head fitted without its group, in five folds: shape (pairs, 5).
    """
    found = np.zeros(allowed.shape)
    for train, test in GroupKFold(5).split(features, groups=groups):
        found[test] = fit(
            features[train], allowed[train], importance[train], text_features
        ).probabilities(features[test])
    return found
