"""Embed the texts of a stage, and leave out, with an issue, those that break the embedder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.protocols.vectors import Embedder
from pipeline.core.context import RunContext
from pipeline.core.errors import ModelError
from pipeline.store.row_by_row import row_by_row
from pipeline.store.store import Store
from pipeline.store.vectors import Vectors


def embedded(store: Store, run: RunContext, stage: str, embedder: Embedder,
             texts: Sequence[tuple[str, str]]) -> Vectors:
    """Return the vectors of texts, each given beside its place, shape (texts, dimension).

    A text that breaks the embedder is zeros, near to no other. Writes the issues that `row_by_row` records.
    Raises ModelError where the embedder's answer is no table of numbers with a row a text.
    """
    rows = row_by_row(store, run, stage, texts,
                      lambda batch: list(_encoded(embedder, [text for _, text in batch])),
                      lambda row: row[0], unread=lambda _: np.zeros(embedder.dimension, dtype=np.float32))
    return np.stack(rows) if rows else np.zeros((0, embedder.dimension), dtype=np.float32)


def _encoded(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    matrix = np.asarray(embedder.encode(texts), dtype=np.float32)
    if matrix.ndim != 2 or len(matrix) != len(texts) or not np.isfinite(matrix).all():
        raise ModelError(f"{embedder.name} gave values of shape {matrix.shape} for {len(texts)} texts, or no "
                         f"numbers")
    return matrix
