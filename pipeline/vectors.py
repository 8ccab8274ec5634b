"""The vectors of mentions: made once for the same words, kept in the store, read back as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.protocols import Embedder
from pipeline.errors import ModelError
from pipeline.nodes import Said
from pipeline.sql import statements
from pipeline.store import Store

Vectors = NDArray[np.float32]


def made(store: Store, embedder: Embedder, said: Sequence[Said]) -> Vectors:
    """One vector a mention; words that were embedded before are not embedded again.

    Raises ModelError where the embedder's answer is no table of numbers with a row a text.
    """
    ids = [one.mention_id for one in said]
    twins = dict(store.execute("cluster", "same_words", {"mentions": ids, "model": embedder.name}))
    found = dict(zip(twins, kept(store, embedder.name, list(twins.values())), strict=True))
    missing = list(dict.fromkeys(one.text for one in said if one.mention_id not in found))
    if missing:
        fresh = np.asarray(embedder.encode(missing), dtype=np.float32)
        if fresh.ndim != 2 or len(fresh) != len(missing) or not np.isfinite(fresh).all():
            raise ModelError(f"{embedder.name} gave values of shape {fresh.shape} for {len(missing)} texts, or no numbers")
        by_text = dict(zip(missing, fresh, strict=True))
        found.update({one.mention_id: by_text[one.text] for one in said if one.mention_id not in found})
    return np.stack([found[mention] for mention in ids])


def kept(store: Store, model: str, mention_ids: Sequence[str]) -> Vectors:
    """The stored vectors of `model` for mentions that all have one, in the order given: shape (count, dimension)."""
    wanted = sorted(set(mention_ids))
    place = {mention: row for row, mention in enumerate(wanted)}
    return column(store, "vectors", {"mentions": wanted, "model": model})[[place[mention] for mention in mention_ids]]


def column(store: Store, name: str, parameters: dict[str, Any]) -> Vectors:
    """The vectors that statement `name` finds, one a row, in its order."""
    found = store.connection.execute(statements("cluster")[name], parameters).to_arrow_table().column(0)
    values = [part.flatten().to_numpy(zero_copy_only=False) for part in found.chunks]
    flat = np.concatenate(values) if values else np.zeros(0, dtype=np.float32)
    return flat.astype(np.float32, copy=False).reshape(len(found), -1 if len(found) else 0)


def keep(store: Store, embedder: Embedder, said: Sequence[Said], vectors: Vectors) -> None:
    """Store the vectors of mentions, instead of those of another model."""
    rows = ({"mention_id": one.mention_id, "model": embedder.name, "vector": vector} for one, vector in zip(said, vectors, strict=True))
    store.append("vectors", rows, replace=True)
