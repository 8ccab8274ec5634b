"""The index that the dashboard searches: which words stand in which passage of which claim, and what each
claim means.

It is a part of the published copy, in its schema `search`, and so is of the same night as what it leads to.
It is no part of the SQL interface: its tables may change with any release.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
from duckdb.sqltypes import VARCHAR

from pipeline.published.search_terms import LONGEST, MOST, words
from pipeline.store.queries import Statements
from pipeline.store.store import Store

SQL = Statements(__package__, "search")

BATCH = 20_000  # vectors in memory at once


def index(store: Store) -> None:
    """Write the schema `search` of the database `fresh`, in which the public tables stand already."""
    connection, sql = store.connection, SQL
    connection.execute(sql["schema"])
    connection.execute(sql["passages"])
    connection.create_function("search_words", words, [VARCHAR], duckdb.list_type(VARCHAR))
    try:
        connection.execute(sql["heard"], {"most": MOST, "longest": LONGEST})
        connection.execute(sql["words"])
        connection.execute(sql["postings"])
    finally:
        connection.remove_function("search_words")
        connection.execute(sql["forget"])
    _vectors(connection)


def _vectors(connection: duckdb.DuckDBPyConnection) -> None:
    sql = SQL
    connection.execute(sql["vectors_table"])
    # Two statements: the vectors of the two models may be of different lengths.
    for statement in ("told", "queries"):
        # A cursor of its own: writing ends what the same connection is reading.
        with connection.cursor() as reading:
            for batch in reading.execute(sql[statement]).to_arrow_reader(BATCH):
                if batch.num_rows:
                    connection.register("search_vectors", _small(batch))
                    connection.execute(sql["keep_vectors"])
                    connection.unregister("search_vectors")


def _small(batch: pa.RecordBatch) -> pa.Table:
    """Return the vectors with a byte a dimension (docs/benchmarks.md, "Search")."""
    values = batch.column("vector").flatten().to_numpy(zero_copy_only=False)
    vectors = values.reshape(batch.num_rows, -1).astype(np.float32)
    scale = np.maximum(np.abs(vectors).max(axis=1), np.finfo(np.float32).tiny) / 127
    codes = np.rint(vectors / scale[:, None]).astype(np.int8)
    columns = {"claim": batch.column("claim"), "model": batch.column("model"), "scale": pa.array(scale)}
    return pa.table(columns | {"vector": pa.array([row.tobytes() for row in codes], pa.binary())})
