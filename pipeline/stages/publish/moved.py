"""Go on with the last copy: write into it only the rows that moved since.

The copy keeps a mark for each claim, document, source and name (`moved.sql`). For those with another mark
than before, the public views are laid once more, on tables that hold just the rows of what moved, and tell
what its rows are now.
"""

from __future__ import annotations

import hashlib
import os
import shutil
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
"""A file of fewer bytes is written whole: that costs less."""
GROWTH = 1.25
"""A file that is so many times as large as when it was written whole, and ROOM more, is written anew."""
ROOM = 16_000_000
SHARE = 0.3
"""Where more of what is said moved, all is written: that costs less."""

_OF_CLAIMS = "hash(claim_id) IN (FROM temp.moved_claims)"
_OF_COUNTS = "hash(claim_id) IN (FROM temp.moved_counts)"
_OF_MENTIONS = "hash(mention_id) IN (FROM temp.moved_mentions)"
_SAID = dict.fromkeys(("members", "evidence", "origins"), _OF_CLAIMS)
_MENTIONS = dict.fromkeys(("members", "evidence", "origins", "mentions"), _OF_MENTIONS)
_JUDGED = ("members", "verdicts", "judged")


class Stale(Exception):
    """The last copy cannot be gone on with: all must be written."""


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
    with last.open("rb") as source, fresh.open("wb") as target, suppress(OSError):
        while os.copy_file_range(source.fileno(), target.fileno(), 1 << 30):
            pass
        return
    shutil.copyfile(last, fresh)


def _about(store: Store, last: Path) -> Mapping[str, str]:
    """Return what the copy says of itself. Raises Stale unless it can be gone on with."""
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


def _note(store: Store, **told: str) -> None:
    for key, value in told.items():
        store.connection.execute("DELETE FROM fresh.kept.about WHERE key = ?", [key])
        store.connection.execute("INSERT INTO fresh.kept.about VALUES (?, ?)", [key, value])


def _made_with(store: Store) -> str:
    """Return a hash over all that decides what the rows of a copy are, but for the rows of the store."""
    laid = store.connection.execute("FROM store.laid_views").fetchall()
    tables = (SORTED, sorted(BY_MENTION), BY_DOCUMENT, sorted(BY_CLAIM))
    parts = (duckdb.__version__, STORAGE_VERSION, *views(), *SQL.values(), *search_index.SQL.values())
    return hashlib.sha256(repr((laid, tables, parts)).encode()).hexdigest()


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
        run = self._execute
        run("ATTACH ':memory:' AS part; CREATE SCHEMA part.store; CREATE SCHEMA part.slice")
        for (table,) in run(f'SHOW TABLES FROM "{self._own}".store').fetchall():
            self._lay(table)
        with self._used():
            for sql in views():
                run(sql)
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(duckdb.Error):  # what ended it may have ended the connection too
            self._execute(f'USE "{self._own}"')
            self._execute(SQL["forget"])
            self._execute(search_index.SQL["forget"])
            forget_moved(self._execute)
            self._execute("DETACH part")

    def find_moved(self, before: str) -> None:
        """Lay out what moved. Raises Stale where that is most of all."""
        run = self._execute
        clock = _clock(self._store)
        if (before == "") != (clock == ""):
            raise Stale
        run(SQL["lay_marks"])
        run(SQL["moved"])
        run("DROP TABLE temp.moved_marks")
        run(SQL["documents"])
        self._slice(_SAID)
        with self._used():
            run(SQL["mentions_of_claims"])
        run(SQL["mentions"])
        run(SQL["claims"])
        run(SQL["counted"], {"before": before or None, "clock": clock or None})
        ((share,),) = run(SQL["share"]).fetchall()
        if share > SHARE:
            raise Stale

    def bring(self, name: str) -> None:
        """Bring one table to what its view tells, and have the views after it read that table."""
        run = self._execute
        if name in BY_MENTION:
            self._slice(_MENTIONS)
            self._replace(name, f'part.main."{name}"', _OF_MENTIONS)
        elif name in BY_DOCUMENT:
            self._replace(name, f'"{name}"', BY_DOCUMENT[name])
        elif name in BY_CLAIM:
            if name == "track_record_claims":
                self._name_voices()
            which = _OF_COUNTS if name == "claims" else _OF_CLAIMS
            self._slice(dict.fromkeys(_JUDGED, which))
            run(f"CREATE OR REPLACE TEMP VIEW evidence AS FROM fresh.main.evidence WHERE {which}")
            self._compare(name, f'part.main."{name}"', which)
            run("CREATE OR REPLACE TEMP VIEW evidence AS FROM fresh.main.evidence")
        else:
            self._compare(name, f'"{name}"', "true")
        run(f'CREATE OR REPLACE TEMP VIEW "{name}" AS FROM fresh.main."{name}"')

    def _name_voices(self) -> None:
        """Lay out what voices are called, by all that is said, and add who is called otherwise to what moved.
        """
        run = self._execute
        run("CREATE TABLE part.main.voice_names AS FROM step.voice_names")
        run("CREATE OR REPLACE VIEW part.step.voice_names AS FROM part.main.voice_names")
        run(SQL["renamed"])
        self._sliced.clear()  # more claims moved than their tables hold

    def _replace(self, name: str, view: str, where: str) -> None:
        """Write the rows of a view for which `where` holds in place of those that were there."""
        self._lay_here(name, view, where)
        self._execute(f'DELETE FROM fresh.main."{name}" WHERE {where}')
        self._execute(f'INSERT INTO fresh.main."{name}" FROM part.main.here')

    def _compare(self, name: str, view: str, where: str) -> None:
        """Write of the rows of a view for which `where` holds those that were not there, and take out those
        that are not there any more.
        """
        run, table = self._execute, f'fresh.main."{name}"'
        self._lay_here(name, view, where)
        laid = lay_moved(run, "part.main.here AS one", f"{table} AS one WHERE {where}")
        if laid.mixed:
            run(f"DELETE FROM {table} WHERE {where}")
            run(f"INSERT INTO {table} FROM part.main.here")
            return
        if laid.gone:
            run(f"DELETE FROM {table} WHERE rowid IN (SELECT id FROM temp.gone_)")
        if laid.came:
            came = "FROM part.main.here WHERE rowid IN (SELECT id FROM temp.came_)"
            run(f"INSERT INTO {table} {came}")

    def _lay_here(self, name: str, view: str, where: str) -> None:
        order = f" ORDER BY {SORTED[name]}" if name in SORTED else ""
        with self._used(view.startswith("part.")):
            self._execute(f"CREATE OR REPLACE TABLE part.main.here AS FROM {view} WHERE {where}{order}")

    def _slice(self, slices: Mapping[str, str]) -> None:
        """Have tables in `part` hold the rows for which the condition of each is true, and all others all."""
        if self._sliced == slices:
            return
        for table in self._sliced.keys() - slices.keys():
            self._lay(table)
        for table, where in slices.items():
            rows = f'"{self._own}".store."{table}" WHERE {where}'
            self._execute(f'CREATE OR REPLACE TABLE part.slice."{table}" AS FROM {rows}')
            self._lay(table, f'part.slice."{table}"')
        self._sliced = dict(slices)

    def _lay(self, table: str, place: str = "") -> None:
        rows = place or f'"{self._own}".store."{table}"'
        self._execute(f'CREATE OR REPLACE VIEW part.store."{table}" AS FROM {rows}')

    @contextmanager
    def _used(self, used: bool = True) -> Iterator[None]:
        if used:
            self._execute("USE part")
        yield
        if used:
            self._execute(f'USE "{self._own}"')
