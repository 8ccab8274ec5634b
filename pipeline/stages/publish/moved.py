"""Update the last copy: write into it only the rows that moved since.

The copy keeps a mark for each claim, document, source and name (`moved.sql`). For those whose mark changed,
the public views are laid once more, on tables that hold just the rows of what moved, and give its rows as
they are now.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from pipeline.stages.publish import search_index
from pipeline.stages.publish.copied import copy_file
from pipeline.stages.publish.part import Part, clock_of
from pipeline.stages.publish.tables import BY_CLAIM, BY_DOCUMENT, BY_MENTION, SORTED
from pipeline.store.queries import Statements
from pipeline.store.store import STORAGE_VERSION, Store, views

SQL = Statements(__package__, "moved")

SETTINGS = {"memory_limit": "600MB", "checkpoint_threshold": "1GB", "threads": "1"}
"""How DuckDB works meanwhile. Its statements are many and short: on several threads each makes its tables of
groups several times, which took more of the processors and, beside other work, no less time.
"""
SMALL = 20_000_000
"""A file of fewer bytes is written anew: that costs less."""
GROWTH = 1.25
"""A file that grew by this factor since it was last written anew, and by ROOM more, is written anew."""
ROOM = 16_000_000
SHARE = 0.3
"""If a larger share of what is said moved, everything is written anew: that costs less."""


DAMAGE = (duckdb.OperationalError, duckdb.InternalError, duckdb.FatalException)
"""What DuckDB raises where a file is damaged, or where updating it takes more memory than is allowed."""


class Stale(Exception):
    """The last copy cannot be updated: everything must be written anew."""


def lay_kept(store: Store) -> None:
    """Make the schema `kept` of the database `fresh`, whose tables hold all that is published now."""
    execute = store.connection.execute
    execute(SQL["tables"])
    execute(SQL["lay_marks"])
    try:
        execute(SQL["keep"])
    finally:
        execute(SQL["forget"])
    execute("CHECKPOINT fresh")
    ((place,),) = execute("SELECT path FROM duckdb_databases() WHERE database_name = 'fresh'").fetchall()
    _note(store, bytes=str(Path(place).stat().st_size))


def sign(store: Store) -> int:
    """Note in the database `fresh` what it was written with; return the time, in nanoseconds, that the file
    must bear: one that was changed since bears another.
    """
    written = time.time_ns()
    _note(store, made_with=_made_with(store), tables=_tables(store), clock=clock_of(store),
          written=str(written))
    return written


def bring_up_to_date(store: Store, last: Path, fresh: Path, names: Sequence[str],
                     progress: Callable[[int], None]) -> None:
    """Copy the `last` copy to `fresh`, attach that as the database `fresh`, and bring its tables to what the
    public views tell now; `names` in the order in which they are laid.

    Raises Stale where that file is missing or small, was changed since it was published, was made by another
    version, has grown too large, or where most of it moved; and one of DAMAGE where it cannot be read.
    """
    if not last.exists() or last.stat().st_size < SMALL:
        raise Stale
    copy_file(last, fresh)
    quoted = str(fresh).replace("'", "''")
    store.connection.execute(f"ATTACH '{quoted}' AS fresh (STORAGE_VERSION '{STORAGE_VERSION}')")
    about = _about(store, last)
    with _settings(store, **SETTINGS), Part(store) as part:
        before, clock = about["clock"], clock_of(store)
        if (before == "") != (clock == "") or part.find_moved(before, clock) > SHARE:
            raise Stale
        store.connection.execute(search_index.SQL["before"])
        for done, name in enumerate(names):
            progress(done)
            part.bring(name)
        part.put_away()
        search_index.bring_up_to_date(store)
        store.connection.execute(SQL["keep_moved"])


def _about(store: Store, last: Path) -> Mapping[str, str]:
    """Return what the copy says of itself. Raises Stale unless it can be updated."""
    try:
        about = dict(store.connection.execute("FROM fresh.kept.about").fetchall())
    except duckdb.CatalogException:
        raise Stale from None
    file = last.stat()
    noted = (about.get("made_with"), about.get("tables"), about.get("written"))
    if noted != (_made_with(store), _tables(store), str(file.st_mtime_ns)):
        raise Stale
    if file.st_size > int(about["bytes"]) * GROWTH + ROOM:
        raise Stale
    return about


def _note(store: Store, **values: str) -> None:
    for key, value in values.items():
        store.connection.execute("DELETE FROM fresh.kept.about WHERE key = ?", [key])
        store.connection.execute("INSERT INTO fresh.kept.about VALUES (?, ?)", [key, value])


def _made_with(store: Store) -> str:
    """Return a hash over all that decides what the rows of a copy are, but for the rows of the store."""
    laid_views = store.connection.execute("FROM store.laid_views").fetchall()
    tables = (SORTED, sorted(BY_MENTION), BY_DOCUMENT, sorted(BY_CLAIM))
    parts = (duckdb.__version__, STORAGE_VERSION, *views(), *SQL.values(), *search_index.SQL.values())
    return hashlib.sha256(repr((laid_views, tables, parts)).encode()).hexdigest()


def _tables(store: Store) -> str:
    """Return a hash over the tables of the copy with their columns."""
    return hashlib.sha256(repr(store.connection.execute(SQL["columns"]).fetchall()).encode()).hexdigest()


@contextmanager
def _settings(store: Store, **settings: str) -> Iterator[None]:
    """Set settings of DuckDB for as long as the block runs."""
    execute = store.connection.execute
    before = {name: execute(f"SELECT current_setting('{name}')").fetchall()[0][0] for name in settings}
    try:
        for name, value in settings.items():
            execute(f"SET {name} = '{value}'")
        yield
    finally:
        with suppress(duckdb.Error):  # what ended it may have ended the connection too
            for name, value in before.items():
                execute(f"SET {name} = '{value}'")
