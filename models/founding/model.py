"""Say whether a sentence may found a claim: written by somebody, standing alone, warranted, checkable.

The author of the sentence (the rules of `models.language`) is not its judge. What the rules put together
themselves is turned down. Of the rest a logistic model decides, from plain features of the sentence and of
the words around it and from two embeddings of it: by the model that compares sentences, and by the retriever,
which learnt from claims what may speak to one. It was fitted on sentences that readers judged
(benchmarks/labels/GUIDE.md).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from models.founding.features import POINTING, features
from models.language.wording import Stretch, stretch
from models.protocols import Candidate, Embedder, Founding

REWORDED = Founding(0.0, "reworded")
UNSOUND = "unsound"
BY_FORM = 0.9
"""How likely a sentence of the kind identity founds a claim, at least: its form makes it one checkable thing.
The sentences that the model was fitted on hold none, so it does not know them. Of 25,434 sentences of public
posts that name a model, `models.identities` took one for an identity, and none does any more.
"""
_BATCH = 512

Floats = NDArray[np.float64]
Placed = tuple[Candidate, Stretch]


class TrainedFounder:
    """The trained model over the embedder of sentences and that of passages, the retriever's."""

    def __init__(self, embedder: Embedder, passages: Embedder) -> None:
        given = json.loads(files("models").joinpath("weights", "founding.json").read_text("utf-8"))
        self._embedders = embedder, passages
        self._mean, self._scale = np.asarray(given["mean"]), np.asarray(given["scale"])
        self._weights, self._bias = np.asarray(given["weights"]), float(given["bias"])
        self._version = given["name"]

    @property
    def name(self) -> str:
        """Return name and version of everything that decides the outcome."""
        return "+".join((self._version, *(embedder.name for embedder in self._embedders)))

    def judge(self, candidates: Sequence[Candidate]) -> list[Founding]:
        """Return how likely each sentence may found a claim, and what speaks against it, in order."""
        told = [REWORDED] * len(candidates)
        placed = [(row, (one, place)) for row, one in enumerate(candidates)
                  if (place := stretch(one.claim, one.quote)) is not None]
        for start in range(0, len(placed), _BATCH):
            batch = placed[start : start + _BATCH]
            rows = (inputs([pair for _, pair in batch], self._embedders) - self._mean) / self._scale
            odds = (rows * self._weights).sum(axis=1) + self._bias
            for (row, (one, _)), share in zip(batch, 1 / (1 + np.exp(-odds)), strict=True):
                reason = _reason(one)
                by_form = BY_FORM if one.kind == "identity" and reason == UNSOUND else 0.0
                told[row] = Founding(max(float(share), by_form), reason)
        return told


def _reason(candidate: Candidate) -> str:
    """Return the first of the reasons of `Founding` that is seen in a sentence that somebody wrote."""
    if candidate.certainty == "questioned" or candidate.quote.rstrip().endswith("?"):
        return "asks"
    return "points" if POINTING.search(candidate.claim) else UNSOUND


def inputs(placed: Sequence[Placed], embedders: Sequence[Embedder]) -> Floats:
    """Return the model's inputs, one row a sentence in its quotation: features, then the embeddings."""
    claims = [one.claim for one, _ in placed]
    return np.hstack([np.asarray([features(*pair) for pair in placed]),
                      *(np.asarray(embedder.encode(claims), dtype=np.float64) for embedder in embedders)])
