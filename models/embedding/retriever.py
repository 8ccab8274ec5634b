"""The retriever: claims and passages as vectors, so that what may speak to a claim is near it, in English and
Chinese.

One encoder reads claims and passages apart, with a word before each that says which it is (Karpukhin et al.
2020; Wang et al. 2024, multilingual E5). The model card is `models/weights/retriever.md`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.embedding.embedder import clean
from models.onnx import weights
from models.onnx.encoder import Encoder
from models.protocols.vectors import Retriever

CLAIM, PASSAGE = "query: ", "passage: "
WIDTH = 384
LENGTH = 64  # tokens, as in training
_MOST = 400  # characters: more than these tokens


@dataclass(frozen=True, slots=True)
class Side:
    """The encoder as an embedder of claims, or of passages; `prefix` is put before each text."""

    name: str
    encoder: Encoder
    prefix: str

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return WIDTH

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), dimension)."""
        return self.encoder.read([self.prefix + clean(text[:_MOST]) for text in texts])


def load() -> Retriever:
    """Return the trained retriever. Raises WeightsError where its weights are missing or damaged."""
    card = json.loads((weights.OWN / "retriever.json").read_text("utf-8"))
    encoder = Encoder(weights.OWN / "retriever.onnx", weights.own("relation-tokenizer.json"), card["sha256"],
                      WIDTH, LENGTH)
    name = f"{card['name']}-{card['sha256'][:8]}"
    return Retriever(Side(name, encoder, CLAIM), Side(name, encoder, PASSAGE))
