"""Say of which kind a sentence is: what it is about, and so what would settle it.

A multinomial logistic model over the founder's two embeddings of the sentence and the kind by the rules of
`models.language.slots.claim_kind`. It was fitted on sentences whose kind readers told (their guide is
benchmarks/labels/GUIDE.md). What a code name stands for is known by its form alone, so that the kind
`identity` is the rules'. The model card is `models/weights/kinds.md`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.onnx import weights

IDENTITY = "identity"
# Brings the embeddings' coordinates, some 1/20 each, nearer to the size of the few other inputs; chosen from
# 4 to 20 by cross-validation on the training part.
SCALE = 6.0

Floats = NDArray[np.float64]


class KindModel:
    """The trained model; `card` is the content of `kinds.json`."""

    def __init__(self, card: bytes) -> None:
        table = json.loads(card)
        self._kinds, self._rules = list(table["kinds"]), list(table["rules"])
        self._weights, self._bias = np.asarray(table["weights"]), np.asarray(table["bias"])
        self.name = f"{table['name']}-{hashlib.sha256(card).hexdigest()[:8]}"

    def kinds(self, embeddings: Floats, by_rule: Sequence[str]) -> list[str]:
        """Return the kind of each sentence, in order, from its embeddings, shape (sentences, width), and its
        kind by the rules.
        """
        scores = inputs(embeddings, by_rule, self._rules) @ self._weights.T + self._bias
        return [IDENTITY if rule == IDENTITY else self._kinds[best]
                for rule, best in zip(by_rule, scores.argmax(axis=1).tolist(), strict=True)]


def load() -> KindModel:
    """Return the model of kinds that a run uses."""
    return KindModel((weights.OWN / "kinds.json").read_bytes())


def inputs(embeddings: Floats, by_rule: Sequence[str], rules: Sequence[str]) -> Floats:
    """Return the model's inputs, one row a sentence: its embeddings, then which of `rules` its kind by the
    rules is.
    """
    return np.hstack([embeddings * SCALE, [[float(rule == kind) for kind in rules] for rule in by_rule]])
