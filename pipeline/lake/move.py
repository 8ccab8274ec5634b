"""Take a home over into a lake: what it published, the tables of its store, and its files.

The store's tables are tables of a second lake in the same database, whose catalogue is a schema of its own.
Files are kept by their SHA-256. A move that ended is a snapshot of that lake which lists files and tables
with their hashes; `back` reads the last one, so a move that was killed half-way does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.core.context import Progress
from pipeline.core.errors import DataError
from pipeline.core.files import sha256_of
from pipeline.core.home import Home
from pipeline.lake.address import HOME, read_address
from pipeline.lake.catalogue import Catalogue
from pipeline.lake.connection import attach_to_write, not_written, quoted, reading
from pipeline.lake.home_files import files_to_move, key_of, standing_still
from pipeline.lake.night import WAIT, write_night
from pipeline.lake.nights import newest_in
from pipeline.lake.rows import Rows
from pipeline.storage.objects import Objects
from pipeline.store.store import migrations

STORE = ("store",)
NOTED = ("main",)
TOGETHER = 100_000
"""Rows: smaller tables are brought in one transaction."""
COMMIT = "CALL lake.set_commit_message('Rumortrail', {})"


@dataclass(frozen=True, slots=True)
class Move:
    """What is in the lake now: tables and rows of the store, files and their bytes, and how many were new."""

    tables: int
    rows: int
    files: int
    bytes: int
    new_files: int


def move_to(home: Home, address: str, storage: str, now: datetime, progress: Progress) -> Move:
    """Bring a lake, and `storage`, to what a home holds; nothing of the home is changed.

    Nobody else may write the home meanwhile, and its store must be of this version. Killed at any moment and
    run again, it goes on and ends the same. Each table is verified by its count and a hash over its rows.
    Raises DataError where the lake or the storage cannot be written or a table differs, BusyError where
    another process writes the lake.
    """
    if home.published.exists():
        progress("migrate the published copy", 0, None)
        write_night(read_address(address), home.published, storage)
    lake = read_address(address, HOME)
    with (
        reading(home.work) as connection,
        Catalogue.open(lake, purpose="migrate") as catalogue,
        catalogue.lock(WAIT),
    ):
        try:
            connection.execute("ATTACH ':memory:' AS noted")
            attach_to_write(connection, lake, "lake", catalogue.data_path(), f"{storage}/home/")
            catalogue.rows("lay_nights")
            tables = _tables(connection, progress)
            files, new_count = _files(home, Objects(storage), progress)
            changed = _note(connection, tables, files, storage)
            if changed or newest_in(catalogue) is None:
                last = catalogue.last_snapshot()
                catalogue.rows("keep_night", snapshot=last, run_id="migrate", published_at=now)
        except duckdb.Error as error:
            raise not_written(lake, error) from error
    rows, size = sum(rows for _, rows, _ in tables), sum(size for *_, size in files)
    return Move(len(tables), rows, len(files), size, new_count)


def _tables(connection: duckdb.DuckDBPyConnection, progress: Progress) -> list[tuple[str, int, str]]:
    """Bring the store's tables, large ones in a transaction of their own; return name, rows, hash of each."""
    rows = Rows(connection, "source", "lake")
    source_columns, lake_columns = rows.columns("source", STORE), rows.columns("lake", STORE)
    prints = {table: rows.fingerprint("source", table) for table in source_columns}
    with rows.transaction():
        moved = [
            table for table, columns in source_columns.items()
            if lake_columns.get(table) != columns or rows.fingerprint("lake", table) != prints[table]
        ]  # fmt: skip
    groups = [[table for table in moved if prints[table][0] < TOGETHER]]
    groups += [[table] for table in moved if prints[table][0] >= TOGETHER]
    for done, group in enumerate(groups):
        progress("migrate tables", done, len(groups))
        names = ", ".join(name for _, name in group)
        rows.bring(STORE, COMMIT.format(quoted(f"tables {names}")), only=group)
        with rows.transaction():
            for table in group:
                if (lake_print := rows.fingerprint("lake", table)) != prints[table]:
                    raise DataError(differs(table[1], lake_print[0], prints[table][0]))
    return [(name, count, str(hashed)) for (_, name), (count, hashed) in prints.items()]


def differs(table: str, found: int, wanted: int) -> str:
    """Return the words for a table that did not arrive as it was, by its rows."""
    message = f"{table} is not what it was: {found:,} rows of {wanted:,}"
    return message if found != wanted else f"{message}, with other content"


def _files(
    home: Home, objects: Objects, progress: Progress
) -> tuple[list[tuple[str, str, int]], int]:
    """Keep the home's files; return name, hash and bytes of each, and how many were new."""
    listed, new_count = [], 0
    files = files_to_move(home, objects.address)
    for done, file in enumerate(files):
        progress("migrate files", done, len(files))
        with standing_still(file) as stable:
            digest, size = sha256_of(stable), stable.stat().st_size
            if not objects.has(key_of(digest), size):
                objects.put(key_of(digest), stable)
                new_count += 1
        listed.append((file.relative_to(home.path).as_posix(), digest, size))
    return listed, new_count


def _note(
    connection: duckdb.DuckDBPyConnection,
    tables: list[tuple[str, int, str]],
    files: list[tuple[str, str, int]],
    storage: str,
) -> bool:
    """Note in one snapshot what the lake holds now; return whether it held anything else before."""
    about = [("storage", storage), ("migration", str(max(migrations()))), ("duckdb", duckdb.__version__)]
    noted_tables = {
        "about": pa.table(dict(zip(("key", "value"), _columns(about, 2), strict=True))),
        "tables": pa.table(dict(zip(("name", "rows", "hash"), _columns(tables, 3), strict=True))),
        "files": pa.table(dict(zip(("name", "sha256", "bytes"), _columns(files, 3), strict=True))),
    }
    for name, table in noted_tables.items():
        connection.register("told", table)
        connection.execute(f"CREATE TABLE noted.main.{name} AS FROM told")
        connection.unregister("told")
    return bool(Rows(connection, "noted", "lake").bring(NOTED, COMMIT.format("'home moved'")))


def _columns(rows: list[Any], width: int) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width
