"""Claims that mean something close to what is sought: the one place where a search asks a model.

The model is an `Embedder`, and whoever starts the process says how to load it. It is loaded at the first
search, once for the process. Without it, or without vectors of it in the copy, only words are searched.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.core.config import ModelConfig
from pipeline.core.errors import ModelError
from pipeline.published.open_copy import Reader

Numbers = NDArray[np.int64]

# Set on MATCH by benchmarks/speed/search.py: docs/benchmarks.md, "Search".
CLOSE = 0.4
BROKEN = "the model cannot be loaded"
"""The reason given where the model breaks: the next search may find it mended, so this answer is not kept."""
BATCH = 20_000  # vectors in memory at once
# Two who search at once neither load the weights twice nor need their memory twice.
_ONE_AT_A_TIME = threading.Lock()
_loaded: dict[str, Embedder] = {}


class Embedder(Protocol):
    """The part of an embedding model that search needs."""

    @property
    def name(self) -> str:
        """Return the name and version of the weights, as they are stored with each vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, one row a text: shape (len(texts), dimension)."""


Make = Callable[[ModelConfig], Embedder]


@dataclass(frozen=True, slots=True)
class Load:
    """The settings of a model, and how it is made from them."""

    models: ModelConfig
    make: Make


@dataclass(frozen=True, slots=True)
class Stored:
    """A model of which the copy holds vectors."""

    model: str


def nearest(copy: Reader, search: str, load: Load | None) -> tuple[Numbers, str | None]:
    """Return the numbers of the claims that mean something close to `search`, closest first.

    Where no model can be asked there are none, and the second value says why.
    """
    no_claims = np.zeros(0, dtype=np.int64)
    if load is None:
        return no_claims, "this dashboard was started without a model"
    stored = [row.model for row in copy.read(Stored, "search", "models")]
    if not stored:
        return no_claims, "the published copy holds no vectors"
    try:
        with _ONE_AT_A_TIME:
            embedder = _model(load)
            if embedder.name not in stored:
                return no_claims, "the published copy was made with another model than the settings name"
            vector = embedder.encode([search])[0]
    except (ModelError, OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        return no_claims, f"{BROKEN}: {error}"
    claims, cosines = _cosines(copy, embedder.name, vector)
    close = np.flatnonzero(cosines >= CLOSE)
    return claims[close[np.argsort(-cosines[close], kind="stable")]], None


def _model(load: Load) -> Embedder:
    """Return the model, kept until the settings name another."""
    name = load.models.embedding
    if name not in _loaded:
        embedder = load.make(load.models)
        _loaded.clear()
        _loaded[name] = embedder
    return _loaded[name]


def _cosines(copy: Reader, model: str, vector: NDArray[np.float32]) -> tuple[Numbers, NDArray[np.float32]]:
    claims, cosines = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.float32)]
    for batch in copy.columns("search", "vectors", rows=BATCH, model=model):
        numbers, scales, codes = batch.columns
        vectors = np.frombuffer(b"".join(codes.to_pylist()), dtype=np.int8).reshape(len(codes), -1)
        claims.append(numbers.to_numpy().astype(np.int64))
        cosines.append(vectors.astype(np.float32) @ vector * scales.to_numpy())
    return np.concatenate(claims), np.concatenate(cosines)
