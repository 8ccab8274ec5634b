"""Make a home of what was moved into a lake."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.core.context import Progress
from pipeline.core.errors import ConfigError, DataError
from pipeline.core.files import sha256_of
from pipeline.core.home import Home
from pipeline.core.text import one_line
from pipeline.lake.address import HOME, Lake, read_address
from pipeline.lake.connection import attach_night
from pipeline.lake.home_files import key_of, may_move
from pipeline.lake.move import STORE, Move, differs
from pipeline.lake.nights import newest
from pipeline.lake.rows import Rows
from pipeline.storage.objects import Objects
from pipeline.store.store import Store, migrations


@dataclass(frozen=True, slots=True)
class _Noted:
    """What the last move that ended noted of itself."""

    about: dict[str, str]
    tables: dict[str, tuple[int, int]]
    files: list[tuple[str, str, int]]


def move_back(home: Home, address: str, progress: Progress) -> Move:
    """Make the home of the last move that ended: its files, and its store, both verified by their hashes.

    Killed at any moment and run again, it goes on. Raises ConfigError for a home that holds a store, or a
    file with other content; DataError where the lake holds no home, is of another version, or is not what it
    was.
    """
    if home.work.exists():
        raise ConfigError(f"{home.path} holds a store already: name an empty folder with --home")
    lake = read_address(address, HOME)
    unfinished = home.path / "work.part"
    for leftover in (unfinished, Path(f"{unfinished}.wal")):
        leftover.unlink(missing_ok=True)
    home.path.mkdir(parents=True, exist_ok=True)
    snapshot = newest(lake).snapshot
    with closing(Store.open(unfinished)) as store:
        try:
            noted = _read(store.connection, lake, snapshot)
            new_count = _files(home, noted, progress)
            _tables(store.connection, noted, progress)
        except duckdb.Error as error:
            raise DataError(f"{lake} cannot be read: {one_line(error, 300)}") from error
    unfinished.replace(home.work)
    rows, size = sum(count for count, _ in noted.tables.values()), sum(size for *_, size in noted.files)
    return Move(len(noted.tables), rows, len(noted.files), size, new_count)


def _read(connection: duckdb.DuckDBPyConnection, lake: Lake, snapshot: int) -> _Noted:
    attach_night(connection, lake, "lake", snapshot)
    execute = connection.execute
    about = dict(execute("FROM lake.main.about").fetchall())
    if about["migration"] != str(max(migrations())):
        raise DataError(
            f"{lake} holds a home of another version of Rumortrail: its store is at migration"
            f" {about['migration']}, this one knows {max(migrations())}. Bring it back with that one, then"
            " upgrade"
        )
    tables = execute("SELECT name, rows, hash FROM lake.main.tables").fetchall()
    files = execute("SELECT name, sha256, bytes FROM lake.main.files ORDER BY name").fetchall()
    hashes = {name: (int(rows), int(hashed)) for name, rows, hashed in tables}
    return _Noted(about, hashes, files)


def _files(home: Home, noted: _Noted, progress: Progress) -> int:
    """Write the files that are not there yet; return how many."""
    objects, new_count = Objects(noted.about["storage"]), 0
    for done, (name, digest, _) in enumerate(noted.files):
        progress("migrate files", done, len(noted.files))
        # What stands in a lake may have been written by others.
        if not may_move(name) or ".." in Path(name).parts:
            raise DataError(f"{name!r} is not a file of a home: nothing outside of it is written")
        target = home.path / name
        if not target.exists():
            objects.fetch(key_of(digest), digest, target)
            new_count += 1
        elif sha256_of(target) != digest:
            raise ConfigError(f"{target} is there with other content: name an empty folder with --home")
    return new_count


def _tables(connection: duckdb.DuckDBPyConnection, noted: _Noted, progress: Progress) -> None:
    """Fill the store in the order in which its rows stood."""
    own_database = connection.execute("SELECT current_database()").fetchall()[0][0]
    rows = Rows(connection, f'"{own_database}"', "lake")
    for done, name in enumerate(sorted(noted.tables)):
        progress("migrate tables", done, len(noted.tables))
        table = f'store."{name}"'
        connection.execute(f"DELETE FROM {table}")  # what laying the tables put there
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM lake.{table} ORDER BY rowid")
        # Another DuckDB may hash otherwise.
        same = noted.about["duckdb"] == duckdb.__version__
        expected = noted.tables[name] if same else rows.fingerprint("lake", (STORE[0], name))
        actual = rows.fingerprint(f'"{own_database}"', (STORE[0], name))
        if actual != expected or actual[0] != noted.tables[name][0]:
            raise DataError(differs(name, actual[0], noted.tables[name][0]))
