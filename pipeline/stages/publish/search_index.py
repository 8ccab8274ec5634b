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
from pipeline.store.vectors import vectors_of

SQL = Statements(__package__, "search")

BATCH = 20_000  # vectors in memory at once


class NoRoom(Exception):
    """Between two words there are no numbers left for those that came."""


def index(store: Store) -> None:
    """Write the schema `search` of the database `fresh`, in which the public tables stand already."""
    store.connection.execute(SQL["schema"])
    try:
        store.connection.execute(SQL["wanted"])
        _enter(store.connection)
    finally:
        store.connection.execute(SQL["forget"])


def bring_up_to_date(store: Store) -> None:
    """Index what moved, and take out what has left.

    Reads the temporary tables moved_claims, moved_mentions and moved_evidence, and search_before, which the
    statement `before` laid out before the claims were brought up to date. Raises NoRoom.
    """
    try:
        store.connection.execute(SQL["wanted_anew"])
        store.connection.execute(SQL["leave"])
        _enter(store.connection)
    finally:
        store.connection.execute(SQL["forget"])


def _enter(connection: duckdb.DuckDBPyConnection) -> None:
    """Index the claims that search_claims and search_reworded name, and the rows of search_evidence."""
    connection.execute(SQL["enter"])
    connection.create_function("search_words", words, [VARCHAR], duckdb.list_type(VARCHAR))
    try:
        connection.execute(SQL["heard"], {"most": MOST, "longest": LONGEST})
    finally:
        connection.remove_function("search_words")
    connection.execute(SQL["new_words"])
    if connection.execute(SQL["no_room"]).fetchall() != [(0,)]:
        raise NoRoom
    connection.execute(SQL["words"])
    connection.execute(SQL["postings"])
    connection.execute(SQL["due"])
    # Two statements: the vectors of the two models may be of different lengths.
    for statement in ("told", "queries"):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE search_told AS {SQL[statement]}")
        ((rows,),) = connection.execute("SELECT count(*) FROM temp.search_told").fetchall()
        for first in range(0, rows, BATCH):
            part = f"FROM temp.search_told WHERE rowid >= {first} AND rowid < {first + BATCH}"
            connection.register("search_vectors", _small(connection.sql(part).to_arrow_table()))
            connection.execute(SQL["keep_vectors"])
            connection.unregister("search_vectors")


def _small(batch: pa.Table) -> pa.Table:
    """Return the vectors with a byte a dimension (docs/benchmarks.md, "Search")."""
    vectors = vectors_of(batch.column("vector"))
    scale = np.maximum(np.abs(vectors).max(axis=1), np.finfo(np.float32).tiny) / 127
    codes = np.rint(vectors / scale[:, None]).astype(np.int8)
    columns = {name: batch.column(name) for name in ("claim", "model", "words")}
    return pa.table(columns | {"scale": pa.array(scale),
                               "vector": pa.array([row.tobytes() for row in codes], pa.binary())})
