"""Read columns of vectors into arrays."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


def vectors_of(column: pa.ChunkedArray) -> Vectors:
    """Return the vectors of a column, one a row; of an empty column an array of shape (0, 0)."""
    parts = [part.flatten().to_numpy(zero_copy_only=False) for part in column.chunks]
    flat = np.concatenate(parts) if parts else np.zeros(0)
    return flat.astype(np.float32, copy=False).reshape(len(column), -1 if len(column) else 0)
