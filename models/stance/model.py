"""Say where a text stands toward a claim: one cross-encoder that reads both, in English and Chinese.

It groups and takes sides in one act: what it calls *unrelated* does not belong to the claim. The model card
is `models/weights/relation.md`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.protocols import STANCE_LABELS, StanceModel, StanceOpinion, StancePair, TextPair
from models.stance import rules
from models.stance.cross_encoder import CrossEncoder
from models.stance.focus import focus

STANCES = STANCE_LABELS[:4]
REPORTS = STANCE_LABELS.index("reports")
FOLDER = Path(str(files("models").joinpath("weights")))
TRUST = 0.6  # how much the rules of speech count beside the model, on the labelled posts of early 2025
BETWEEN = " || "  # between a passage and what it stands in, as the model has learnt it

Shares = NDArray[np.float64]


class TrainedRelation:
    """The trained model; `weights` (5, 5) and `bias` (5,) calibrate the encoder's log-probabilities."""

    def __init__(self, name: str, encoder: CrossEncoder, weights: Shares, bias: Shares) -> None:
        self.name = name
        self._encoder, self._weights, self._bias = encoder, weights, bias

    def judge(self, pairs: Sequence[StancePair]) -> list[StanceOpinion]:
        """Return one opinion for each pair, in order.

        A mention is known to belong to its claim, so *unrelated* is left out of account. What extract has
        taken apart (negated, certainty, speech verb) is read by the rules of speech, and pooled with the
        model's answer (Genest & Zidek 1986).
        """
        shares = self._shares([(pair.claim, reading(pair.claim, pair.quote, pair.context)) for pair in pairs])
        opinions = []
        for pair, row in zip(pairs, shares[:, :-1], strict=True):
            ruled = rules.opinion(pair)
            row = _pooled(row / row.sum(), ruled.stance, ruled.confidence)
            stance = STANCES[int(row.argmax())]
            cues = ruled.cues if stance == ruled.stance else ("the sentence as a whole",)
            opinions.append(StanceOpinion(stance, float(row.max()), cues))
        return opinions

    def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
        """Return the probabilities (sum 1) of supports, denies, questions, reports and unrelated for each
        pair, in order.
        """
        rows = self._shares([(pair.claim, reading(pair.claim, pair.text, pair.context)) for pair in pairs])
        return [dict(zip(STANCE_LABELS, map(float, row), strict=True)) for row in rows]

    def _shares(self, pairs: Sequence[tuple[str, str]]) -> Shares:
        if not pairs:
            return np.zeros((0, len(STANCE_LABELS)))
        told = np.log(softmax(self._encoder.logits(pairs)) + 1e-6)
        # Row by row, not by a matrix product: its rounding depends on the number of rows.
        return softmax((told[:, :, None] * self._weights).sum(axis=1) + self._bias)


def reading(claim: str, text: str, context: str | None) -> str:
    """Return what is read beside the claim: the text, cut to what speaks to the claim, and its context."""
    body = focus(claim, text)
    return f"{body}{BETWEEN}{context}" if context else body


def _pooled(shares: Shares, stance: str, sure: float) -> Shares:
    """Return the weighted geometric mean of the model's probabilities and a rule's, which is `sure` of one
    stance.
    """
    ruled = np.full(len(shares), (1 - sure) / (len(STANCES) - 1))
    ruled[STANCES.index(stance)] = sure
    both = shares ** (1 - TRUST) * ruled**TRUST
    return np.asarray(both / both.sum())


def softmax(logits: NDArray[np.floating]) -> Shares:
    """Return rows that sum to 1."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True), dtype=np.float64)
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def load() -> StanceModel:
    """Return the relation model that a run uses. Raises WeightsError where its weights are missing or
    damaged.
    """
    given = json.loads((FOLDER / "relation.json").read_text("utf-8"))
    encoder = CrossEncoder(FOLDER / "relation.onnx", FOLDER / "relation-tokenizer.json", given["sha256"],
                           len(STANCE_LABELS))
    return TrainedRelation(f"{given['name']}-{given['sha256'][:8]}", encoder, np.asarray(given["weights"]),
                           np.asarray(given["bias"]))
