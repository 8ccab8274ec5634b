"""The published copy held open for many questions, and opened anew when another was published.

Statements are named by the file of SQL in this room that they stand in, and their own name there.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import duckdb
import pyarrow as pa

from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.rows import build
from pipeline.published import database
from pipeline.published.database import open_published
from pipeline.published.place import Identity, copy_of, identity
from pipeline.store.queries import Statements

Row = TypeVar("Row")
Answer = tuple[list[str], list[tuple[Any, ...]]]


class Reader(Protocol):
    """Reads the statements of this room; the dashboard has its own reader, which keeps the answers."""

    def read(self, record: type[Row], file: str, statement: str, **values: Any) -> list[Row]:
        """Return the rows of a statement of `<file>.sql`, each as a `record`."""

    def columns(
        self, file: str, statement: str, *, rows: int = 1_000_000, **values: Any
    ) -> Iterator[pa.RecordBatch]:
        """Yield what a statement finds in columns, at most `rows` at a time."""

    def read_beside(
        self, record: type[Row], file: str, statement: str, beside: pa.Table, name: str, **values: Any
    ) -> list[Row]:
        """Return the same as `read` where the statement also reads `beside` as `temp.found`."""


@dataclass(frozen=True, slots=True)
class OpenCopy:
    """A copy that is open: a `Reader` for any number of threads, whose times are in UTC."""

    identity: Identity
    connection: duckdb.DuckDBPyConnection
    seconds: float

    def read(self, record: type[Row], file: str, statement: str, **values: Any) -> list[Row]:
        """Return the rows of a statement; raises DataError where it fails or takes too long."""
        with self.cursor() as cursor:
            return self._rows(cursor, record, file, statement, values)

    def read_beside(
        self, record: type[Row], file: str, statement: str, beside: pa.Table, name: str, **values: Any
    ) -> list[Row]:
        """Return the rows of a statement that reads `beside` as temp.found; nothing of it is kept."""
        with self.cursor() as cursor:
            cursor.register("found", beside)
            return self._rows(cursor, record, file, statement, values)

    def columns(
        self, file: str, statement: str, *, rows: int = 1_000_000, **values: Any
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a statement in batches; raises DataError as `read` does."""
        sql = Statements(__package__, file)[statement]
        with self.cursor() as cursor:
            yield from database.columns(cursor, sql, values, seconds=self.seconds, rows=rows)

    def meta(self) -> dict[str, str]:
        """Return what publish noted: time, run, version, notice."""
        with self.cursor() as cursor:
            return dict(cursor.execute("SELECT key, value FROM meta").fetchall())

    def _rows(
        self, cursor: duckdb.DuckDBPyConnection, record: type[Row], file: str, statement: str,
        values: dict[str, Any],
    ) -> list[Row]:
        columns, rows = self._answer(cursor, file, statement, values)
        return [build(record, dict(zip(columns, row, strict=True))) for row in rows]

    def _answer(
        self, cursor: duckdb.DuckDBPyConnection, file: str, statement: str, values: dict[str, Any]
    ) -> Answer:
        return database.query(cursor, Statements(__package__, file)[statement], values, seconds=self.seconds)

    def answer(self, file: str, statement: str, values: dict[str, Any]) -> Answer:
        """Return the names of the columns and the plain rows of a statement."""
        with self.cursor() as cursor:
            return self._answer(cursor, file, statement, values)

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor of its own on the copy."""
        cursor = self.connection.cursor()
        try:
            cursor.execute("USE published")  # a cursor begins in the empty database beside the copy
            yield cursor
        finally:
            cursor.close()


class Opener:
    """Gives the copy that stands now; the one before stays open for as long as a question holds it."""

    def __init__(self, home: Home, config: Config) -> None:
        self._home, self._config = home, config
        self._lock = threading.Lock()
        self._open: OpenCopy | None = None

    def current(self) -> OpenCopy:
        """Return the copy; raises DataError where nothing is published, or what is there cannot be read."""
        place = copy_of(self._home, self._config)
        current_identity = identity(place)
        with self._lock:
            if self._open is None or self._open.identity != current_identity:
                connection = open_published(place, self._config.ask, threads=1)
                self._open = OpenCopy(current_identity, connection, self._config.ask.seconds)
            return self._open
