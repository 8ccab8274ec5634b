"""Update the last copy: write into it only the rows that moved since.

The copy keeps a mark for each claim, document, source and name (`moved.sql`). For those whose mark changed,
the public views are laid once more, on tables that hold just the rows of what moved, and give its rows as
they are now.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from pipeline.stages.publish import search_index
from pipeline.stages.publish.tables import BY_CLAIM, BY_DOCUMENT, BY_MENTION, SORTED
from pipeline.store.moved_rows import forget_moved, lay_moved
from pipeline.store.queries import Statements
from pipeline.store.store import STORAGE_VERSION, Store, views

SQL = Statements(__package__, "moved")

MEMORY = "600MB"
SMALL = 20_000_000
"""A file of fewer bytes is written anew: that costs less."""
GROWTH = 1.25
"""A file that grew by this factor since it was last written anew, and by ROOM more, is written anew."""
ROOM = 16_000_000
SHARE = 0.3
"""If a larger share of what is said moved, everything is written anew: that costs less."""

_OF_CLAIMS = "hash(claim_id) IN (FROM temp.moved_claims)"
_OF_COUNTS = "hash(claim_id) IN (FROM temp.moved_counts)"
_OF_MENTIONS = "hash(mention_id) IN (FROM temp.moved_mentions)"
_SAID = ("store.members", "store.evidence", "store.origins")
_CLAIMS = ("step.shown", "step.verdicts", "store.members", "store.verdicts", "store.judged")
_STEPS = ("shown", "verdicts")
"""Intermediate steps that many views read: they are worked out once."""


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
    _note(store, made_with=_made_with(store), clock=_clock(store), written=str(written))
    return written


def bring_up_to_date(store: Store, last: Path, fresh: Path, names: Sequence[str],
                     progress: Callable[[int], None]) -> None:
    """Copy the `last` copy to `fresh`, attach that as the database `fresh`, and bring its tables to what the
    public views tell now; `names` in the order in which they are laid.

    Raises Stale where that file is missing or small, was changed since it was published, was made by another
    version, has grown too large, or where most of it moved; and duckdb.Error, where it is damaged.
    """
    if not last.exists() or last.stat().st_size < SMALL:
        raise Stale
    _copy(last, fresh)
    quoted = str(fresh).replace("'", "''")
    store.connection.execute(f"ATTACH '{quoted}' AS fresh (STORAGE_VERSION '{STORAGE_VERSION}')")
    about = _about(store, last)
    with _settings(store, memory_limit=MEMORY, checkpoint_threshold="1GB"), _Part(store) as part:
        part.find_moved(about["clock"])
        store.connection.execute(search_index.SQL["before"])
        for done, name in enumerate(names):
            progress(done)
            part.bring(name)
        search_index.bring_up_to_date(store)
        store.connection.execute(SQL["keep_moved"])


def _copy(last: Path, fresh: Path) -> None:
    """Copy a file; where the file system can, both share their blocks until one changes them."""
    if sys.platform == "linux":
        with suppress(OSError), last.open("rb") as source, fresh.open("wb") as target:
            while os.copy_file_range(source.fileno(), target.fileno(), 1 << 30):
                pass
            return
    shutil.copyfile(last, fresh)


def _about(store: Store, last: Path) -> Mapping[str, str]:
    """Return what the copy says of itself. Raises Stale unless it can be updated."""
    try:
        about = dict(store.connection.execute("FROM fresh.kept.about").fetchall())
    except duckdb.CatalogException:
        raise Stale from None
    file = last.stat()
    if about.get("made_with") != _made_with(store) or about.get("written") != str(file.st_mtime_ns):
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


def _clock(store: Store) -> str:
    ((clock,),) = store.connection.execute(SQL["clock"]).fetchall()
    return str(clock or "")


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


class _Part:
    """The database `part` in memory: the public views, laid on tables that hold the rows of what moved."""

    def __init__(self, store: Store) -> None:
        self._execute = store.connection.execute
        self._store = store
        self._own = str(self._execute("SELECT current_database()").fetchall()[0][0])
        self._sliced: dict[str, str] = {}

    def __enter__(self) -> _Part:
        execute = self._execute
        execute("ATTACH ':memory:' AS part")
        for schema in ("store", "laid", "slice"):
            execute(f"CREATE SCHEMA part.{schema}")
        for (table,) in execute(f'SHOW TABLES FROM "{self._own}".store').fetchall():
            self._lay(f"store.{table}")
        execute("USE part")
        for sql in views():
            execute(sql)
        for step in _STEPS:
            execute(f"CREATE TABLE part.laid.{step} AS FROM step.{step}")
            self._lay(f"step.{step}")
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(duckdb.Error):  # what ended it may have ended the connection too
            self._execute(f'USE "{self._own}"')
            self._execute(SQL["forget"])
            self._execute(search_index.SQL["forget"])
            forget_moved(self._execute)
            self._execute("DETACH part")

    def find_moved(self, before: str) -> None:
        """Lay out what moved. Raises Stale where that is more than SHARE."""
        execute = self._execute
        clock = _clock(self._store)
        if (before == "") != (clock == ""):
            raise Stale
        execute(SQL["lay_marks"])
        execute(SQL["moved"])
        execute("DROP TABLE temp.moved_marks")
        execute(SQL["documents"])
        self._slice(_SAID, _OF_CLAIMS)
        execute(SQL["mentions_of_claims"])
        self._slice((), "")
        execute(SQL["mentions"])
        execute(SQL["claims"])
        execute(SQL["counted"], {"before": before or None, "clock": clock or None})
        ((share,),) = execute(SQL["share"]).fetchall()
        if share > SHARE:
            raise Stale

    def bring(self, name: str) -> None:
        """Bring one table to what its view tells, and have the views after it read that table."""
        execute = self._execute
        if name in BY_MENTION:
            self._slice((*_SAID, "store.mentions"), _OF_MENTIONS)
            self._replace(name, _OF_MENTIONS)
        elif name in BY_DOCUMENT:
            self._slice((), "")
            self._replace(name, BY_DOCUMENT[name])
        elif name in BY_CLAIM:
            if name == "track_record_claims":
                self._slice((), "")
                self._name_voices()
            condition = _OF_COUNTS if name == "claims" else _OF_CLAIMS
            self._slice(_CLAIMS, condition)
            execute(f"CREATE OR REPLACE TEMP VIEW evidence AS FROM fresh.main.evidence WHERE {condition}")
            self._compare(name, condition)
            execute("CREATE OR REPLACE TEMP VIEW evidence AS FROM fresh.main.evidence")
        else:
            self._slice((), "")
            self._compare(name, "true")
        execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS FROM fresh.main."{name}"')

    def _name_voices(self) -> None:
        """Lay out the names of voices, by all that is said, and add voices whose name changed to what moved.
        """
        execute = self._execute
        execute("CREATE TABLE part.laid.voice_names AS FROM step.voice_names")
        self._lay("step.voice_names")
        execute(SQL["renamed"])

    def _replace(self, name: str, where: str) -> None:
        """Write the rows of a view for which `where` holds in place of those that were there."""
        self._lay_rows(name, where)
        self._execute(f'DELETE FROM fresh.main."{name}" WHERE {where}')
        self._execute(f'INSERT INTO fresh.main."{name}" FROM part.laid.here')

    def _compare(self, name: str, where: str) -> None:
        """Write the new rows of a view, where `where` holds, and take out the rows there that are gone."""
        execute, table = self._execute, f'fresh.main."{name}"'
        self._lay_rows(name, where)
        moved = lay_moved(execute, "part.laid.here AS one", f"{table} AS one WHERE {where}")
        if moved.mixed:
            execute(f"DELETE FROM {table} WHERE {where}")
            execute(f"INSERT INTO {table} FROM part.laid.here")
            return
        if moved.gone:
            execute(f"DELETE FROM {table} WHERE rowid IN (SELECT id FROM temp.gone_)")
        if moved.came:
            new_rows = "FROM part.laid.here WHERE rowid IN (SELECT id FROM temp.came_)"
            execute(f"INSERT INTO {table} {new_rows}")

    def _lay_rows(self, name: str, where: str) -> None:
        order = f" ORDER BY {SORTED[name]}" if name in SORTED else ""
        view = f'part.main."{name}" WHERE {where}{order}'
        self._execute(f"CREATE OR REPLACE TABLE part.laid.here AS FROM {view}")

    def _slice(self, tables: Sequence[str], where: str) -> None:
        """Make these tables and steps hold only the rows that meet a condition, and all others every row."""
        conditions = dict.fromkeys(tables, where)
        if self._sliced == conditions:
            return
        for place in self._sliced.keys() - conditions.keys():
            self._lay(place)
        for place in tables:
            sliced = f'part.slice."{place}"'
            self._execute(f"CREATE OR REPLACE TABLE {sliced} AS FROM {self._all(place)} WHERE {where}")
            self._execute(f"CREATE OR REPLACE VIEW part.{place} AS FROM {sliced}")
        self._sliced = conditions

    def _lay(self, place: str) -> None:
        self._execute(f"CREATE OR REPLACE VIEW part.{place} AS FROM {self._all(place)}")

    def _all(self, place: str) -> str:
        """Return where all rows of a table of the store, or of a step, are."""
        schema, _, name = place.partition(".")
        return f'"{self._own}".store."{name}"' if schema == "store" else f'part.laid."{name}"'
