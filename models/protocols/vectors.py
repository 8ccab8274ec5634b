"""The protocol of an embedder, which turns texts into vectors that can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is their similarity."""

    @property
    def name(self) -> str:
        """Return name and version of the weights; stored with each vector."""

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, one row a text: shape (len(texts), dimension)."""


@dataclass(frozen=True, slots=True)
class Retriever:
    """What makes vectors of claims and of passages that may speak to them, to be compared with each other."""

    claims: Embedder
    passages: Embedder
