"""Say where a text stands toward a claim: one cross-encoder that reads both, in English and Chinese.

It groups and takes sides in one act: what it calls *unrelated* does not belong to the claim. Whether a text
belongs is weighed from what the encoder says and from what both share (`belonging`). The model card is
`models/weights/relation.md`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.onnx.encoder import Encoder
from models.protocols import STANCE_LABELS, StanceModel, StanceOpinion, StancePair, TextPair
from models.stance import belonging, rules
from models.stance.cues import NO_SIDE
from models.stance.features import found
from models.stance.focus import focus

STANCES = STANCE_LABELS[:4]
DENIES, QUESTIONS, REPORTS = (STANCE_LABELS.index(name) for name in ("denies", "questions", "reports"))
FOLDER = Path(str(files("models").joinpath("weights")))
LENGTH = 128  # tokens of claim and text, as in training
TRUST = 0.6  # how much the rules of speech count beside the model, on the labelled posts of early 2025
BETWEEN = " || "  # between a passage and what it stands in, as the model has learnt it

Shares = NDArray[np.float64]


class TrainedRelation:
    """The trained model; `calibration` is what `models/weights/relation.json` holds: how the encoder's
    probabilities are turned into those of belonging and of the four sides.
    """

    def __init__(self, name: str, encoder: Encoder, calibration: Mapping[str, Any]) -> None:
        self.name = name
        self._encoder = encoder
        sides, belongs = calibration["sides"], calibration["belonging"]
        self._temperature, self._bias = float(sides["temperature"]), np.asarray(sides["bias"])
        self._weights, self._intercept = np.asarray(belongs["weights"]), float(belongs["bias"])

    def judge(self, pairs: Sequence[StancePair]) -> list[StanceOpinion]:
        """Return one opinion for each pair, in order.

        A mention is known to belong to its claim, so *unrelated* is left out of account. What extract has
        taken apart (negated, certainty, speech verb) is read by the rules of speech, and pooled with the
        model's answer (Genest & Zidek 1986).
        """
        shares = self._shares([(pair.claim, pair.quote, pair.context) for pair in pairs])
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
        rows = self._shares([(pair.claim, pair.text, pair.context) for pair in pairs])
        return [dict(zip(STANCE_LABELS, map(float, row), strict=True)) for row in rows]

    def _shares(self, pairs: Sequence[tuple[str, str, str | None]]) -> Shares:
        """Return the probabilities of the five labels for each claim, text and context, shape (pairs, 5)."""
        if not pairs:
            return np.zeros((0, len(STANCE_LABELS)))
        bodies = [focus(claim, text) for claim, text, _ in pairs]
        told = softmax(self._encoder.read(
            [(claim, _together(body, context))
             for (claim, _, context), body in zip(pairs, bodies, strict=True)]))
        plain = [belonging.features(claim, body, context)
                 for (claim, _, context), body in zip(pairs, bodies, strict=True)]
        # Row by row, not by matrix products: their rounding depends on the number of rows.
        inputs = np.hstack([np.log(told + 1e-4), np.asarray(plain)])
        belongs = 1 / (1 + np.exp(-(inputs * self._weights).sum(axis=1) - self._intercept))
        sides = told[:, :4] / told[:, :4].sum(axis=1, keepdims=True)
        sides = softmax(np.log(sides + 1e-6) * self._temperature + self._bias)
        shares = np.hstack([sides * belongs[:, None], 1 - belongs[:, None]])
        return np.stack([_unspoken(row, claim, text)
                         for row, (claim, text, _) in zip(shares, pairs, strict=True)])


def reading(claim: str, text: str, context: str | None) -> str:
    """Return what is read beside the claim: the text, cut to what speaks to the claim, and its context."""
    return _together(focus(claim, text), context)


def _together(body: str, context: str | None) -> str:
    return f"{body}{BETWEEN}{context}" if context else body


def _unspoken(shares: Shares, claim: str, text: str) -> Shares:
    """Return the shares with what stands against the claim given to *reports*, where the text only tells that
    somebody says nothing of it.
    """
    if not found(NO_SIDE, text, claim):
        return shares
    told = shares.copy()
    told[REPORTS] += told[DENIES] + told[QUESTIONS]
    told[[DENIES, QUESTIONS]] = 0.0
    return told


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
    encoder = Encoder(FOLDER / "relation.onnx", FOLDER / "relation-tokenizer.json", given["sha256"],
                      len(STANCE_LABELS), LENGTH)
    return TrainedRelation(f"{given['name']}-{given['sha256'][:8]}", encoder, given)
