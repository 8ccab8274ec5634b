"""Empty stores, in memory and as files, without laying tables and views for each test."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.store import store as stores
from pipeline.store.store import Store

# With one thread, since few rows gain nothing from more and tests run in parallel; and uncompressed:
# choosing the compression of each column takes a seventh of a night of two documents.
QUICK = {"threads": 1, "force_compression": "uncompressed"}

_SHIPPED = stores.migrations, stores.views

# The ids that change when a statement creates, replaces or drops a table or a view.
_SHAPE = """
    SELECT (SELECT list(table_oid ORDER BY table_oid) FROM duckdb_tables()),
           (SELECT list(view_oid ORDER BY view_oid) FROM duckdb_views()),
           (SELECT list(database_name ORDER BY database_name) FROM duckdb_databases())
"""
_FILLED = """
    SELECT format('"{}"."{}"', schema_name, table_name) FROM duckdb_tables()
    WHERE schema_name = 'store' AND estimated_size > 0
"""


class _Laid:
    """A database with the tables and views of a store, and no rows."""

    def __init__(self) -> None:
        self.database = Store.open(":memory:").connection
        for name, value in QUICK.items():
            self.database.execute(f"SET {name} = '{value}'")
        self.schemas: dict[str, pa.Schema] = {}  # asked once, since the tables stay as they were laid
        self.shape = self.database.execute(_SHAPE).fetchone()

    def emptied(self) -> bool:
        """Delete all rows; return False if a table or view has changed since it was laid."""
        if self.database.execute(_SHAPE).fetchone() != self.shape:
            self.database.close()
            return False
        for (table,) in self.database.execute(_FILLED).fetchall():
            self.database.execute(f"DELETE FROM {table}")
        self.database.execute("CHECKPOINT")
        return True


def lay(path: Path) -> None:
    """Write an empty work file at `path`, as opening it first would leave it.

    If a test has other migrations or views nothing is written, and opening the file lays it as usual.
    """
    if (stores.migrations, stores.views) == _SHIPPED:
        path.write_bytes(_work_file())


@cache
def _work_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "work.duckdb")
        Store.open(str(path)).close()  # a path as text is never filled with a copy
        return path.read_bytes()


_FREE: list[_Laid] = []


class EmptyStore(Store):
    """A store without rows; closed, it is emptied for the next test.

    Rows that are `put` wait until anything is asked or done, and then go in table by table.
    """

    def __init__(self) -> None:
        self._laid = _FREE.pop() if _FREE else _Laid()
        self._waiting: dict[str, list[Any]] = {}
        self._closed = False
        super().__init__(self._laid.database.cursor())
        self._schemas = self._laid.schemas

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:  # type: ignore[override]
        """The connection, after everything that waited was written."""
        waiting_rows, self._waiting = self._waiting, {}
        for table, rows in waiting_rows.items():
            self.append(table, rows)
        return self._connection

    @connection.setter
    def connection(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def put(self, table: str, rows: Iterable[Any]) -> None:
        """Queue rows: it makes no difference whether they are written now or before the next query."""
        self._waiting.setdefault(table, []).extend(rows)

    def close(self) -> None:
        """Close the store and give its database back."""
        self._connection.close()
        if not self._closed and self._laid.emptied():
            _FREE.append(self._laid)
        self._closed = True
