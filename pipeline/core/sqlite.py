"""Small files that several processes write: opened, brought to a version, and written whole, with SQLite."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pipeline.core.errors import DataError

PATIENCE = 30.0
"""Seconds that a writer waits for the others."""


@contextmanager
def opened(path: Path, name: str) -> Iterator[sqlite3.Connection]:
    """Open the file at `path`, made where it is not there, in autocommit; `name` is what messages call it.

    What was committed is on the disk. Raises DataError where the file cannot be used or is damaged.
    """
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            yield connection
    except sqlite3.OperationalError as error:
        raise DataError(f"{name} cannot be used: {error}") from error
    except sqlite3.DatabaseError as error:
        raise DataError(f"{name} is damaged: {error}. Restore it from a backup (docs/year.md)") from error


def version(connection: sqlite3.Connection, newest: int, name: str) -> int:
    """Return the version of an open file. Raises DataError where it is above `newest`."""
    user_version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if user_version > newest:
        raise DataError(f"{name} was written by a newer Rumortrail: upgrade Rumortrail")
    return user_version


def write_ahead(connection: sqlite3.Connection) -> None:
    """Let readers read while one writes (WAL), from now on and for good."""
    # SQLite does not wait for others when it changes the mode of a file: of ten first writers nine fail.
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write everything inside whole, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # a full disk ends it without us
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
