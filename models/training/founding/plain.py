"""Fit the logistic model over plain features and embeddings of sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from models.founding.model import embeddings, inputs
from models.language.wording import stretch
from models.protocols.founding import Candidate
from models.protocols.vectors import Embedder

PULL = 0.01  # inverse strength of L2; chosen from 0.005 to 0.05 by cross-validation on the training part
DIRECTIONS = 2  # divides the embeddings' many directions beside the few features; chosen from 1 to 5 likewise

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences as arrays, a row each: the model's inputs, the label, its weight."""

    values: Floats
    labels: NDArray[Any]
    counts: Floats

    def only(self, rows: NDArray[np.intp]) -> Sentences:
        """Return these rows."""
        return Sentences(self.values[rows], self.labels[rows], self.counts[rows])


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model: the log odds of a row are `((row - mean) / scale) @ weights + bias`."""

    mean: Floats
    scale: Floats
    weights: Floats
    bias: float

    def odds(self, values: Floats) -> Floats:
        """Return the log odds of each row."""
        return np.asarray(((values - self.mean) / self.scale) @ self.weights + self.bias)


def sentences(candidates: Sequence[Candidate], good: Sequence[bool], counts: Sequence[float],
              embedders: Sequence[Embedder]) -> Sentences:
    """Return candidates as arrays; raise ValueError for one that does not stand in its quotation."""
    candidate_spans = [(candidate, stretch(candidate.claim, candidate.quote)) for candidate in candidates]
    found_spans = [(candidate, span) for candidate, span in candidate_spans if span is not None]
    if len(found_spans) < len(candidate_spans):
        raise ValueError("a sentence does not stand in its text as it is written")
    vectors = embeddings([candidate.claim for candidate in candidates], embedders)
    return Sentences(inputs(found_spans, vectors), np.array(good), np.array(counts))


def fit(judged: Sentences, made: Sentences, width: int) -> Fitted:
    """Return the model of judged and made-up sentences; the last `width` columns are the embeddings."""
    mean, scale = judged.values.mean(axis=0), np.maximum(judged.values.std(axis=0), 0.05)
    scale[-width:] = np.maximum(judged.values[:, -width:].std(axis=0), 0.001) * DIRECTIONS
    model = LogisticRegression(C=PULL, max_iter=5000)
    values = np.vstack([judged.values, made.values])
    model.fit((values - mean) / scale, np.hstack([judged.labels, made.labels]),
              sample_weight=np.hstack([judged.counts, made.counts]))
    return Fitted(mean, scale, model.coef_[0], float(model.intercept_[0]))
