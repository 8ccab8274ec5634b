"""Rate pairs by an exported model: high probabilities of unrelated pairs are its mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.onnx import weights
from models.onnx.encoder import Encoder
from models.probabilities import softmax
from models.protocols.stance import STANCE_LABELS
from models.stance.model import LENGTH
from models.training.relation.data import Pair


def belonging(file: Path, vocabulary: Path, pairs: Sequence[Pair]) -> NDArray[np.float64]:
    """Return an exported model's probability that the two texts of each pair are related."""
    encoder = Encoder(file, vocabulary, weights.sha256(file), len(STANCE_LABELS), LENGTH)
    return 1 - softmax(encoder.read([(pair.claim, pair.text) for pair in pairs]))[:, -1]
