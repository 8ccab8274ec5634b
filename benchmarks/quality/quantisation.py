"""Measure what 8-bit weights cost the embeddings:
`python -m benchmarks.quality.quantisation CLUSTERS [HEADLINES]`.

The same texts are embedded in 8 bits (as shipped) and in 32 (sentence-transformers). Printed are the cosines
between a text's two vectors, and B-cubed of `rumortrail eval cluster` with each at several thresholds: one
threshold alone says little, since a merge that falls on the other side of it moves many texts at once.
CLUSTERS and HEADLINES are read as in `cluster.py`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.harness import GivenVectors
from benchmarks.quality.cluster import THRESHOLDS, headlines
from models.embedding import embedder as embedding
from models.onnx import weights
from models.training.data import rows_of
from pipeline.core.config import Config
from pipeline.evaluation.clustering import eval_cluster


def compare(name: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return cosines, and F1 by threshold in 8 and in 32 bits."""
    texts = list(dict.fromkeys(str(row["text"]).strip() for row in rows))  # as the stage asks for them
    shipped = embedding.load()
    vectors = {8: shipped.encode(texts), 32: embedding.load(str(weights.find())).encode(texts)}
    cosines = (vectors[8] * vectors[32]).sum(axis=1)
    figures: dict[str, Any] = {
        "set": name, "texts": len(texts),
        "cosine": {"mean": float(cosines.mean()), "least": float(cosines.min())},
    }
    for size, bit_vectors in vectors.items():
        # Under one name: the pair model takes the mean off by the embedder's name.
        embedder = GivenVectors(shipped.name, texts, bit_vectors)
        scores = {same: eval_cluster(rows, embedder, Config(), same=same)[0]["f1"] for same in THRESHOLDS}
        figures[f"f1_in_{size}_bits"] = {
            same: round(f1, 3) for same, f1 in scores.items()
        } | {"mean": round(mean(scores.values()), 4)}
    return figures


def main() -> None:
    """Print one JSON object a set."""
    print(json.dumps(compare("claims", rows_of(Path(sys.argv[1])))), flush=True)
    if len(sys.argv) > 2:
        print(json.dumps(compare("headlines", headlines(Path(sys.argv[2])))))


if __name__ == "__main__":
    main()
