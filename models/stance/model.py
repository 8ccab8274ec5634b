"""Judge where a text stands toward a claim: a trained cross-encoder, features of the text, and rules of
speech.

The model card is `models/weights/stance.md`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.onnx import weights
from models.protocols import STANCE_LABELS, StanceModel, StanceOpinion, StancePair, TextPair
from models.stance import rules
from models.stance.cross_encoder import CrossEncoder
from models.stance.features import features, nearest
from models.stance.focus import LIMIT, focus

STANCES = STANCE_LABELS[:4]
REPORTS = STANCE_LABELS.index("reports")
RULED = 0.7  # how sure a rule is that read no more than a sentence
FOLDER = Path(str(files("models").joinpath("weights")))


Shares = NDArray[np.float64]


class TrainedStance:
    """The trained model with the rules beside it.

    `weights` and `bias` map the cross-encoder's log-probabilities and the features to five logits: shapes
    (18, 5) and (5,). `trust` says how much the rules count beside the model in a logarithmic opinion pool
    (Genest & Zidek 1986): 0 to 1, for `texts` that are read whole and for `mentions`, whose speech extract
    has taken apart.
    """

    def __init__(
        self, name: str, encoder: CrossEncoder, weights: Shares, bias: Shares, trust: Mapping[str, float]
    ) -> None:
        self.name = name
        self._encoder, self._weights, self._bias, self._trust = encoder, weights, bias, trust

    def judge(self, pairs: Sequence[StancePair]) -> list[StanceOpinion]:
        """Return one opinion for each pair, in order.

        A mention is known to belong to its claim, so *unrelated* means that it takes no side: it counts as
        *reports*.
        """
        shares = self._shares([(pair.claim, focus(pair.claim, pair.quote)) for pair in pairs])
        opinions = []
        for pair, row in zip(pairs, shares, strict=True):
            ruled = rules.opinion(pair)
            row = np.append(row[: REPORTS], row[REPORTS] + row[REPORTS + 1])
            row = _pool(row, ruled.stance, ruled.confidence, self._trust["mentions"])
            stance = STANCES[int(row.argmax())]
            cues = ruled.cues if stance == ruled.stance else ("the sentence as a whole",)
            opinions.append(StanceOpinion(stance, float(row.max()), cues))
        return opinions

    def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
        """Return the probabilities (sum 1) of supports, denies, questions, reports and unrelated for each
        pair, in order.

        A text too long to be read whole is judged without the rules: its cue words may be about anything.
        """
        short = [(pair.claim, focus(pair.claim, pair.text)) for pair in pairs]
        read = []
        for pair, (claim, text), row in zip(pairs, short, self._shares(short), strict=True):
            if len(pair.text.strip()) <= LIMIT:
                sentence = nearest(claim, text)
                ruled = rules.opinion(
                    StancePair(claim, sentence, sentence, sentence, False, "asserted", None, ())
                )
                row = _pool(row, ruled.stance, RULED, self._trust["texts"])
            read.append(dict(zip(STANCE_LABELS, map(float, row), strict=True)))
        return read

    def _shares(self, pairs: Sequence[tuple[str, str]]) -> Shares:
        if not pairs:
            return np.zeros((0, len(STANCE_LABELS)))
        # Row by row, not by a matrix product: its rounding depends on the number of rows.
        return softmax(
            (layer_inputs(self._encoder, pairs)[:, :, None] * self._weights).sum(axis=1) + self._bias
        )


def layer_inputs(encoder: CrossEncoder, pairs: Sequence[tuple[str, str]]) -> Shares:
    """Return the last layer's inputs for at least one (claim, text) pair: log-probabilities and features,
    shape (pairs, 18).
    """
    told = np.log(softmax(encoder.logits(pairs)) + 1e-6)
    return np.hstack([told, np.asarray([features(*pair) for pair in pairs])])


def _pool(shares: Shares, stance: str, sure: float, trust: float) -> Shares:
    """The weighted geometric mean of the model's probabilities and a rule's, which is `sure` of one stance.
    """
    ruled = np.full(len(shares), (1 - sure) / (len(STANCES) - 1))
    ruled[STANCE_LABELS.index(stance)] = sure
    both = shares ** (1 - trust) * ruled**trust
    return np.asarray(both / both.sum())


def softmax(logits: NDArray[np.floating]) -> Shares:
    """Return rows that sum to 1."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True), dtype=np.float64)
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def encoder(sha256: str) -> CrossEncoder:
    """Return the shipped cross-encoder. Raises WeightsError where it is missing or has another SHA-256."""
    return CrossEncoder(FOLDER / "stance.onnx", weights.find() / "tokenizer.json", sha256, len(STANCE_LABELS))


def load() -> StanceModel:
    """Return the stance model that a run uses. Raises WeightsError where its weights are missing or damaged.
    """
    given = json.loads((FOLDER / "stance.json").read_text("utf-8"))
    name = f"{given['name']}-{given['sha256'][:8]}"
    return TrainedStance(
        name, encoder(given["sha256"]), np.asarray(given["weights"]), np.asarray(given["bias"]),
        given["trust"],
    )
