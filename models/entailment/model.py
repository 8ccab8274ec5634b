"""Say whether a passage bears out the whole of a claim: its textual entailment (Dagan et al. 2006).

The relation model says that a passage speaks for a claim, and finds that in one which says half of it.
Whoever counts voices for the claim's sentence needs more: that the passage says everything in it that
matters, with what it stands in. A cross-encoder that learnt this from English pairs which readers judged
decides. The model card is `models/weights/entailment.md`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.chinese.gloss import FILE as GLOSSES
from models.onnx import weights
from models.onnx.encoder import Encoder
from models.probabilities import logistic
from models.protocols.stance import EntailmentModel, TextPair
from models.stance.model import LENGTH, reading_in_english

ANSWERS = ("whole", "part")
"""What the encoder answers: the passage says all of the claim, or not."""

Floats = NDArray[np.float64]


class TrainedEntailment:
    """The trained model; `card` is the content of `entailment.json`."""

    def __init__(self, card: bytes, encoder: Encoder) -> None:
        table = json.loads(card)
        self.name = f"{table['name']}-{hashlib.sha256(card).hexdigest()[:8]}"
        self._encoder = encoder
        self._slope, self._bias = float(table["slope"]), float(table["bias"])

    def entails(self, pairs: Sequence[TextPair]) -> list[float]:
        """Return for each pair, in order, how likely its text bears out the whole of its claim; what is
        Chinese is read by its gloss.
        """
        texts = [reading_in_english(pair.claim, pair.text, pair.context) for pair in pairs]
        odds = log_odds(self._encoder.read(texts))
        return [float(share) for share in logistic(odds * self._slope + self._bias)]


def log_odds(logits: NDArray[np.floating]) -> Floats:
    """Return the log odds of *whole*, from logits of shape (pairs, answers)."""
    return np.asarray(logits[:, 0] - logits[:, 1], dtype=np.float64)


def load() -> EntailmentModel:
    """Return the entailment model that a run uses. Raises WeightsError where its weights are missing or
    damaged.
    """
    weights.own(GLOSSES)
    card = (weights.OWN / "entailment.json").read_bytes()
    encoder = Encoder(weights.OWN / "entailment.onnx", weights.own("relation-english-tokenizer.json"),
                      json.loads(card)["sha256"], len(ANSWERS), LENGTH, weights.own("entailment-peaks.npy"))
    return TrainedEntailment(card, encoder)
