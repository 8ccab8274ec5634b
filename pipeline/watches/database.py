"""The file `watches.sqlite`: watches, what they were told, and what is still to be sent.

It lies outside the store, so that it outlives a store that is made anew. It holds mail addresses and secret
addresses of webhooks: only its owner may read it.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pipeline.core.errors import DataError
from pipeline.store.queries import Statements

PATIENCE = 30.0
"""Seconds that a writer waits for the others."""

SCHEMAS = Statements(__package__, "schema")
"""The steps from one version of the file to the next, in order."""


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file at `path`, made or brought to this version where needed, in autocommit.

    Raises DataError where it cannot be used, is damaged, or was written by a newer Rumortrail.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.touch(0o600, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            _prepare(connection, path)
            yield connection
    except sqlite3.OperationalError as error:
        raise DataError(f"{path} cannot be used: {error}") from error
    except sqlite3.DatabaseError as error:
        words = f"{path} is damaged: {error}"
        raise DataError(f"{words}. Restore it from a backup (docs/year.md)") from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write everything inside whole, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection, path) == len(SCHEMAS):
        return
    # SQLite does not wait for others when it changes the mode of a file.
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
    with transaction(connection):
        for number, script in enumerate(SCHEMAS.values(), 1):
            if number > _version(connection, path):
                for statement in script.split(";\n"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")


def _version(connection: sqlite3.Connection, path: Path) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(SCHEMAS):
        raise DataError(f"{path} was written by a newer Rumortrail: upgrade Rumortrail")
    return version
