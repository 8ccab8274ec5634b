"""The file `watches.sqlite`: watches, what they were told, and what is still to be sent.

It lies outside the store, so that it outlives a store that is made anew. It holds mail addresses and secret
addresses of webhooks: only its owner may read it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.core.sqlite import opened, transaction, version, write_ahead
from pipeline.store.queries import Statements

SCHEMAS = Statements(__package__, "schema")
"""The steps from one version of the file to the next, in order."""


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file at `path`, made or brought to this version where needed, in autocommit.

    Raises DataError where it cannot be used, is damaged, or was written by a newer Rumortrail.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(0o600, exist_ok=True)
    with opened(path, str(path)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = OFF")  # in the steps: none deletes rows with a table
        _prepare(connection, path)
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    if version(connection, len(SCHEMAS), str(path)) == len(SCHEMAS):
        return
    write_ahead(connection)
    with transaction(connection):
        for number, script in enumerate(SCHEMAS.values(), 1):
            if number > version(connection, len(SCHEMAS), str(path)):
                for statement in script.split(";\n"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")
