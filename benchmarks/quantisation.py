"""What 8-bit weights cost the embeddings: `python benchmarks/quantisation.py CLUSTERS [HEADLINES]`.

The same texts are embedded in 8 bits (as shipped) and in 32 (sentence-transformers). Told are the cosines between a text's two
vectors, and B-cubed of `rumortrail eval cluster` with each at several thresholds: one threshold alone tells little, since a
merge that falls on the other side of it moves many texts at once. CLUSTERS and HEADLINES are read as in `cluster.py`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from cluster import THRESHOLDS, headlines
from numpy.typing import NDArray

from models.embedding import embedder as embedding
from models.onnx import weights
from models.protocols import Embedder
from models.training.data import rows_of
from pipeline.core.config import Config
from pipeline.evaluation.clustering import eval_cluster


class Stored:
    """Vectors made beforehand, under one name: the pair model takes the mean off by the embedder's name."""

    def __init__(self, name: str, texts: Sequence[str], embedder: Embedder) -> None:
        self.name = name
        self.vectors = embedder.encode(texts)
        self.dimension = self.vectors.shape[1]
        self._rows = {text: row for row, text in enumerate(texts)}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of texts that were there beforehand."""
        return self.vectors[[self._rows[text] for text in texts]]


def compare(name: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Cosines, and F1 by threshold in 8 and in 32 bits."""
    texts = list(dict.fromkeys(str(row["text"]).strip() for row in rows))  # as the stage asks for them
    shipped = embedding.load()
    bits = {8: Stored(shipped.name, texts, shipped), 32: Stored(shipped.name, texts, embedding.load(str(weights.find())))}
    cosines = (bits[8].vectors * bits[32].vectors).sum(axis=1)
    found: dict[str, Any] = {"set": name, "texts": len(texts), "cosine": {"mean": float(cosines.mean()), "least": float(cosines.min())}}
    for size, embedder in bits.items():
        scores = {same: eval_cluster(rows, embedder, Config(), same=same)[0]["f1"] for same in THRESHOLDS}
        found[f"f1_in_{size}_bits"] = {same: round(f1, 3) for same, f1 in scores.items()} | {"mean": round(mean(scores.values()), 4)}
    return found


def main() -> None:
    """Print one JSON object a set."""
    print(json.dumps(compare("claims", rows_of(Path(sys.argv[1])))), flush=True)
    if len(sys.argv) > 2:
        print(json.dumps(compare("headlines", headlines(Path(sys.argv[2])))))


if __name__ == "__main__":
    main()
