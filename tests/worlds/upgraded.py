"""A store of an earlier Rumortrail that one migration brings forward."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from pipeline.store.store import Store, migrations
from tests.worlds.builder import World


def upgraded(version: int, fill: Callable[[World], None]) -> Store:
    """Return a store that was filled before the migration `version` and has gone through it."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE main.migrations (version INTEGER PRIMARY KEY, name VARCHAR, "
                       "applied_at TIMESTAMP)")
    for number, (_, sql) in sorted(migrations().items()):
        if number < version:
            connection.execute(sql)
    store = Store(connection)
    fill(World(store))
    with store.transaction():
        connection.execute(migrations()[version][1])
    return store
