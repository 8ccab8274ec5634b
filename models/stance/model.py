"""Say where a text stands toward a claim: one cross-encoder that reads both, in English and Chinese.

It groups and takes sides in one act: what it calls *unrelated* does not belong to the claim. Whether a text
belongs is weighed from what the encoder says, from the retriever and from what both share (`belonging`). The
model card is `models/weights/relation.md`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.onnx import weights
from models.onnx.encoder import Encoder
from models.protocols import STANCE_LABELS, Retriever, StanceModel, StanceOpinion, StancePair, TextPair
from models.stance import belonging, rules
from models.stance.cues import NO_SIDE
from models.stance.features import found
from models.stance.focus import focus

STANCES = STANCE_LABELS[:4]
DENIES, QUESTIONS, REPORTS = (STANCE_LABELS.index(name) for name in ("denies", "questions", "reports"))
LENGTH = 128  # tokens of claim and text, as in training
TRUST = 0.6  # how much the rules of speech count beside the model, on the labelled posts of early 2025
BETWEEN = " || "  # between a passage and what it stands in, as the model has learnt it

Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Told:
    """What is read of a pair: the encoder's probabilities of the five labels, and the inputs of belonging
    (their logarithms and `belonging.FEATURES`).
    """

    said: Shares
    inputs: Shares


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model."""

    weights: Shares
    bias: float

    def __call__(self, inputs: Shares) -> float:
        """Return its probability. Not by a matrix product, whose rounding depends on the number of rows."""
        return float(1 / (1 + np.exp(-(inputs * self.weights).sum() - self.bias)))


class TrainedRelation:
    """The trained model; `calibration` is what `models/weights/relation.json` holds: how the encoder's
    probabilities are turned into those of belonging and of the four sides.
    """

    def __init__(self, name: str, encoder: Encoder, retriever: Retriever,
                 calibration: Mapping[str, Any]) -> None:
        self.name = name
        self._encoder, self._retriever = encoder, retriever
        sides = calibration["sides"]
        self._temperature, self._bias = float(sides["temperature"]), np.asarray(sides["bias"])
        self._belongs = {name: Logistic(np.asarray(given["weights"]), float(given["bias"]))
                         for name, given in calibration["belonging"].items()}

    def judge(self, pairs: Sequence[StancePair]) -> list[StanceOpinion]:
        """Return one opinion for each pair, in order.

        A mention is known to belong to its claim, so *unrelated* is left out of account. What extract has
        taken apart (negated, certainty, speech verb) is read by the rules of speech, and pooled with the
        model's answer (Genest & Zidek 1986).
        """
        if not pairs:
            return []
        sides = self._sides(self._told([(pair.claim, focus(pair.claim, pair.quote), pair.context)
                                        for pair in pairs]))
        opinions = []
        for pair, row in zip(pairs, sides, strict=True):
            row = _unspoken(row, pair.claim, pair.quote)
            ruled = rules.opinion(pair)
            row = _pooled(row, ruled.stance, ruled.confidence)
            stance = STANCES[int(row.argmax())]
            cues = ruled.cues if stance == ruled.stance else ("the sentence as a whole",)
            opinions.append(StanceOpinion(stance, float(row.max()), cues))
        return opinions

    def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
        """Return the probabilities (sum 1) of supports, denies, questions, reports and unrelated for each
        pair, in order.
        """
        return self.weighed(pairs, self.told(pairs))

    def told(self, pairs: Sequence[TextPair]) -> list[Told]:
        """Return for each pair, in order, what the encoder says and the other inputs of belonging."""
        bodies = [focus(pair.claim, pair.text) for pair in pairs]
        said = self._told([(pair.claim, body, pair.context)
                           for pair, body in zip(pairs, bodies, strict=True)])
        near = self._likeness(pairs, bodies)
        return [Told(row, np.array([*np.log(row + 1e-4),
                                    *belonging.features(pair.claim, body, pair.context, likeness)]))
                for row, pair, body, likeness in zip(said, pairs, bodies, near, strict=True)]

    def weighed(self, pairs: Sequence[TextPair], told: Sequence[Told], others: Sequence[float] | None = None
                ) -> list[dict[str, float]]:
        """Return the probabilities that `read` returns, from what is `told` of the pairs; `others` says of
        each how surely other documents speak to its claim (0 to 1), where that is known.
        """
        if not pairs:
            return []
        alone, beside = self._belongs["alone"], self._belongs["beside"]
        if others is None:
            belongs = [alone(one.inputs) for one in told]
        else:
            belongs = [beside(np.append(one.inputs, other)) for one, other in zip(told, others, strict=True)]
        sides = self._sides(np.stack([one.said for one in told]))
        shares = np.hstack([sides * np.c_[belongs], 1 - np.c_[belongs]])
        return [dict(zip(STANCE_LABELS, map(float, _unspoken(row, pair.claim, pair.text)), strict=True))
                for row, pair in zip(shares, pairs, strict=True)]

    def _told(self, pairs: Sequence[tuple[str, str, str | None]]) -> Shares:
        """Return what the encoder says of each claim, text as `focus` cuts it, and context: shape (pairs, 5).
        """
        return softmax(self._encoder.read([(claim, _together(body, context))
                                           for claim, body, context in pairs]))

    def _sides(self, told: Shares) -> Shares:
        """Return the calibrated probabilities of the four sides, of texts that belong: shape (pairs, 4)."""
        sides = told[:, :4] / told[:, :4].sum(axis=1, keepdims=True)
        return softmax(np.log(sides + 1e-6) * self._temperature + self._bias)

    def _likeness(self, pairs: Sequence[TextPair], bodies: Sequence[str]) -> list[float]:
        """Return the cosine of each claim and text by the retriever; what a pair gives is not made again."""
        asked = [row for row, pair in enumerate(pairs) if pair.likeness is None]
        found = likeness(self._retriever, [(pairs[row].claim, bodies[row]) for row in asked])
        made = dict(zip(asked, found, strict=True))
        return [made[row] if pair.likeness is None else pair.likeness for row, pair in enumerate(pairs)]


def likeness(retriever: Retriever, pairs: Sequence[tuple[str, str]]) -> list[float]:
    """Return the cosine of each claim and text by a retriever, in order."""
    if not pairs:
        return []
    claims, texts = (list(dict.fromkeys(some)) for some in zip(*pairs, strict=True))
    ours = dict(zip(claims, retriever.claims.encode(claims), strict=True))
    theirs = dict(zip(texts, retriever.passages.encode(texts), strict=True))
    return [float((ours[claim] * theirs[text]).sum()) for claim, text in pairs]


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


def load(retriever: Retriever) -> StanceModel:
    """Return the relation model that a run uses; `retriever` is the trained one. Raises WeightsError where
    its weights are missing or damaged.
    """
    card = (weights.OWN / "relation.json").read_bytes()
    given = json.loads(card)
    encoder = Encoder(weights.OWN / "relation.onnx", weights.own("relation-tokenizer.json"), given["sha256"],
                      len(STANCE_LABELS), LENGTH)
    # The card tells the encoder's weights and how they are calibrated: pairs are read anew if one changes.
    name = f"{given['name']}-{hashlib.sha256(card).hexdigest()[:8]}"
    return TrainedRelation(name, encoder, retriever, given)
