"""Calibrate what the encoder says on labelled pairs that it did not learn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from models.other_documents import others
from models.protocols import STANCE_LABELS
from models.stance.belonging import features
from models.stance.focus import focus
from models.stance.model import softmax
from models.training.relation.labels import Labelled

PULL = 0.1  # how little the weights of belonging may grow: of 0.02 and 0.1 by cross-validation over stories


def belonging(logits: NDArray[np.floating], likenesses: Sequence[float], rows: Sequence[Labelled]
              ) -> dict[str, Any]:
    """Return weights (inputs,) and bias of the two logistic models of belonging.

    The inputs of `alone` are the log-probabilities of the five labels (`logits`, shape (rows, 5)) and the
    features of `models.stance.belonging`; `likenesses` holds each row's cosine by the retriever. `beside` has
    one more: what `others` makes of the probabilities that `alone` gives to the rows of the same claim.
    """
    plain = [features(row.claim, focus(row.claim, row.text), row.context, near)
             for row, near in zip(rows, likenesses, strict=True)]
    inputs = np.hstack([np.log(softmax(logits) + 1e-4), np.asarray(plain)])
    belong = np.array([row.label != "unrelated" for row in rows])
    alone = _logistic(inputs, belong)
    related = 1 / (1 + np.exp(-inputs @ alone["weights"] - alone["bias"]))
    spoken = np.zeros(len(rows))
    claims = np.array([row.claim_id for row in rows])
    for claim in np.unique(claims):
        some = np.flatnonzero(claims == claim)
        spoken[some] = others([rows[int(place)].id for place in some], related[some].tolist())
    return {"alone": alone, "beside": _logistic(np.column_stack([inputs, spoken]), belong)}


def _logistic(inputs: NDArray[np.floating], belong: NDArray[np.bool_]) -> dict[str, Any]:
    mean, scale = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), 1e-3)
    model = LogisticRegression(C=PULL, max_iter=3000)
    model.fit((inputs - mean) / scale, belong)
    weights = model.coef_[0] / scale
    return {"weights": weights.round(5).tolist(),
            "bias": round(float(model.intercept_[0] - weights @ mean), 5)}


def sides(logits: NDArray[np.floating], rows: Sequence[Labelled]) -> dict[str, Any]:
    """Return the temperature and the biases of the four sides (Guo et al. 2017 fit the temperature alone).

    Fitted on the rows that belong to their claim, each of the four sides counted as if it were as frequent as
    the square root of its number, so that denials and doubts are not lost beside support.
    """
    some = [place for place, row in enumerate(rows) if row.label != "unrelated"]
    labels = np.array([STANCE_LABELS.index(rows[place].label) for place in some])
    told = np.log(softmax(logits[some][:, :4]) + 1e-6)
    counts = np.bincount(labels, minlength=4) ** -0.5

    def loss(given: NDArray[np.float64]) -> float:
        shares = softmax(told * given[0] + np.r_[0.0, given[1:]])
        right = -np.log(shares[np.arange(len(labels)), labels] + 1e-9)
        return float((right * counts[labels]).sum() / counts[labels].sum() + 0.01 * (given[1:] ** 2).sum())

    heat, *biases = minimize(loss, [1.0, 0.0, 0.0, 0.0]).x.round(4).tolist()
    return {"temperature": heat, "bias": [0.0, *biases]}
