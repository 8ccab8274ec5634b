"""Turn log odds and logits into probabilities."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Float = TypeVar("Float", bound=np.floating[Any])


def logistic(odds: NDArray[Float]) -> NDArray[Float]:
    """Return the probability of each log odds, in the shape and precision that they have."""
    return np.asarray(1 / (1 + np.exp(-odds)))


def softmax(logits: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return the shares of logits, shape (texts, labels): each row sums to 1."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True), dtype=np.float64)
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
