"""A column of vectors becomes an array, in whatever parts it comes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from pipeline.store.vectors import vectors_of


def test_the_rows_of_all_parts_are_read() -> None:
    parts = [[[1.0, 2.0]], [[3.0, 4.0], [5.0, 6.0]]]
    array = vectors_of(pa.chunked_array(parts, type=pa.list_(pa.float64())))
    assert (array.tolist(), array.dtype) == ([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], np.float32)


def test_no_rows_are_no_vectors() -> None:
    assert vectors_of(pa.chunked_array([], type=pa.list_(pa.float32()))).shape == (0, 0)
