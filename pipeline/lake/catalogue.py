"""The catalogue of a lake in PostgreSQL, asked over a connection of its own: nights, paths, the one writer's
lock.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import sql

from pipeline.core.errors import BusyError, DataError
from pipeline.core.text import one_line
from pipeline.lake.address import Lake
from pipeline.store.queries import Statements

SQL = Statements(__package__, "catalogue")


class Catalogue:
    """An open connection to the database of a lake's catalogue; open it with `Catalogue.open`."""

    def __init__(self, lake: Lake, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self.lake, self._connection = lake, connection

    @classmethod
    @contextmanager
    def open(cls, lake: Lake, *, purpose: str = "") -> Iterator[Catalogue]:
        """Open the catalogue; PostgreSQL shows `purpose` as the name of who is there.

        Raises DataError where the database cannot be reached, and for what it refuses inside the block. No
        message holds the password.
        """
        options: dict[str, Any] = {"application_name": f"rumortrail {purpose}".strip()[:63]}
        if lake.password is not None:
            options["password"] = lake.password
        try:
            with psycopg.connect(lake.database, autocommit=True, **options) as connection:
                connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(lake.schema)))
                yield cls(lake, connection)
        except psycopg.Error as error:
            raise DataError(f"{lake}: PostgreSQL says: {one_line(error, 300)}") from error

    def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a statement of `catalogue.sql`."""
        result = self._connection.execute(SQL[statement].encode(), values)
        return result.fetchall() if result.description else []

    def answers(self) -> bool:
        """Return whether the connection still stands: PostgreSQL ends it when it restarts."""
        try:
            self._connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True

    def has(self, table: str) -> bool:
        """Return whether the catalogue's schema has a table."""
        return bool(self.rows("laid", table=f"{self.lake.schema}.{table}")[0][0])

    def data_path(self) -> str | None:
        """Return where the lake's Parquet files lie; None where there is no lake yet."""
        if not self.has("ducklake_metadata"):
            return None
        return str(self.rows("data_path")[0][0])

    def last_snapshot(self) -> int:
        """Return the snapshot that was written last."""
        return int(self.rows("last_snapshot")[0][0])

    @contextmanager
    def lock(self, wait: float) -> Iterator[None]:
        """Be the one writer of the lake while the block runs; the lock goes with the connection.

        Raises BusyError, which names the writer, where another process still is it after `wait` seconds.
        """
        began = time.monotonic()
        while not self.rows("lock", schema=self.lake.schema)[0][0]:
            if time.monotonic() - began > wait:
                raise BusyError(f"{self.lake} is being written {self._holder()}: wait for it, then run again")
            time.sleep(0.2)
        statement = sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(self.lake.schema))
        self._connection.execute(statement)
        yield

    def _holder(self) -> str:
        holders = self.rows("holder", schema=self.lake.schema)
        if not holders:
            return "by another process"
        name, place, since = holders[0]
        return f"by {name} on {place} since {since.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def utc(at: datetime) -> datetime:
    """Return a time of PostgreSQL in UTC."""
    return at.astimezone(UTC)
