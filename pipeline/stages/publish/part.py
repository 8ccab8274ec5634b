"""The database `part`: the public views, laid on tables that hold the rows of what moved."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import duckdb

from pipeline.stages.publish import search_index
from pipeline.stages.publish.tables import BY_CLAIM, BY_DOCUMENT, BY_MENTION, SORTED
from pipeline.store.moved_rows import forget_moved, lay_moved
from pipeline.store.queries import Statements
from pipeline.store.store import Store, views

SQL = Statements(__package__, "moved")

_OF_MARKED = "hash(claim_id) IN (FROM temp.moved_marked)"
_OF_CLAIMS = "hash(claim_id) IN (FROM temp.moved_claims)"
_OF_COUNTS = "hash(claim_id) IN (FROM temp.moved_counts)"
_WIDER = {_OF_CLAIMS: _OF_COUNTS}
"""By condition, another that all rows which meet it meet as well, and for which rows are copied too."""
_OF_MENTIONS = "hash(mention_id) IN (FROM temp.moved_mentions)"
_SAID = ("store.members", "store.evidence", "store.origins")
_CLAIMS = ("step.shown", "step.verdicts", "store.members", "store.verdicts", "store.judged")
_STEPS = ("shown", "verdicts", "releases")
"""Intermediate steps that many views read: they are worked out once."""


def clock_of(store: Store) -> str:
    """Return when anything was seen last, or "" where nothing was."""
    ((clock,),) = store.connection.execute(SQL["clock"]).fetchall()
    return str(clock or "")


class Part:
    """The database `part` in memory: the public views, laid on tables that hold the rows of what moved."""

    def __init__(self, store: Store) -> None:
        self._execute = store.connection.execute
        self._store = store
        self._own = str(self._execute("SELECT current_database()").fetchall()[0][0])
        self._sliced: dict[str, str] = {}
        self._copies: dict[tuple[str, str], str] = {}
        self._parted = ""

    def __enter__(self) -> Part:
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
            self.put_away()
            self._execute(SQL["forget"])
            self._execute(search_index.SQL["forget"])
            forget_moved(self._execute)

    def put_away(self) -> None:
        """Let go of the database, whose memory others can use; what moved stays laid out."""
        self._execute(f'USE "{self._own}"')
        self._execute("DETACH DATABASE IF EXISTS part")

    def find_moved(self, before: str, clock: str) -> float:
        """Lay out what moved, between two states of the clock; return its share in all that is said."""
        execute = self._execute
        execute(SQL["lay_marks"])
        execute(SQL["moved"])
        execute("DROP TABLE temp.moved_marks")
        execute(SQL["documents"])
        self._slice(_SAID, _OF_MARKED)
        execute(SQL["mentions_of_claims"])
        self._slice((), "")
        execute(SQL["mentions"])
        execute(SQL["claims"])
        execute(SQL["counted"], {"before": before or None, "clock": clock or None})
        ((share,),) = execute(SQL["share"]).fetchall()
        return float(share)

    def bring(self, name: str) -> None:
        """Bring one table to what its view tells, and have the views after it read that table."""
        if name in BY_MENTION:
            self._slice((*_SAID, "store.mentions"), _OF_MENTIONS)
            self._replace(name, _OF_MENTIONS)
            if name == "evidence":
                self._execute(SQL["evidence"])
        elif name in BY_DOCUMENT:
            self._slice((), "")
            self._replace(name, BY_DOCUMENT[name])
        elif name in BY_CLAIM:
            condition = _OF_COUNTS if name == "claims" else _OF_CLAIMS
            self._slice(_CLAIMS, condition)
            self._part(condition)
            self._compare(name, condition)
        else:
            self._slice((), "")
            self._part("")
            self._compare(name, "true")
        self._execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS FROM fresh.main."{name}"')
        if name == "evidence":
            self._name_voices()

    def _part(self, condition: str) -> None:
        """Have views read only the published rows of what moved, or all where there is no condition."""
        if self._parted != condition:
            where = f"WHERE {condition}" if condition else ""
            for name in ("evidence", "mentions"):
                self._execute(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM fresh.main.{name} {where}")
            self._parted = condition

    def _name_voices(self) -> None:
        """Lay out the names of voices, by all that is said, and add claims in which one is called otherwise
        than before to what moved.
        """
        execute = self._execute
        self._slice((), "")
        execute("CREATE TABLE part.laid.voice_names AS FROM step.voice_names")
        self._lay("step.voice_names")
        execute(SQL["renamed"])

    def _replace(self, name: str, where: str) -> None:
        """Write the rows of a view for which `where` holds in place of those that were there."""
        self._lay_rows(name, where)
        self._execute(f'DELETE FROM fresh.main."{name}" WHERE {where}')
        self._write(name, "true")

    def _compare(self, name: str, where: str) -> None:
        """Write the new rows of a view, where `where` holds, and take out the rows there that are gone."""
        execute, table = self._execute, f'fresh.main."{name}"'
        self._lay_rows(name, where)
        moved = lay_moved(execute, "part.laid.here AS one", f"{table} AS one WHERE {where}")
        if moved.mixed:
            execute(f"DELETE FROM {table} WHERE {where}")
            self._write(name, "true")
            return
        if moved.gone:
            execute(f"DELETE FROM {table} WHERE rowid IN (SELECT id FROM temp.gone_)")
        if moved.came:
            self._write(name, "rowid IN (SELECT id FROM temp.came_)")

    def _lay_rows(self, name: str, where: str) -> None:
        self._execute(f'CREATE OR REPLACE TABLE part.laid.here AS FROM part.main."{name}" WHERE {where}')

    def _write(self, name: str, where: str) -> None:
        """Add rows that were laid out to a table, sorted as it is."""
        order = f"ORDER BY {SORTED[name]}" if name in SORTED else ""
        self._execute(f'INSERT INTO fresh.main."{name}" FROM part.laid.here WHERE {where} {order}')

    def _slice(self, tables: Sequence[str], condition: str) -> None:
        """Make these tables and steps hold only the rows that meet a condition, and all others every row."""
        sliced = {place: self._rows_of(place, condition) for place in tables}
        for place in self._sliced.keys() | sliced.keys():
            if self._sliced.get(place) != sliced.get(place):
                rows = sliced.get(place) or self._all(place)
                self._execute(f"CREATE OR REPLACE VIEW part.{place} AS FROM {rows}")
        self._sliced = sliced

    def _rows_of(self, place: str, condition: str) -> str:
        """Return where those rows of a table or step are that meet a condition: they are copied once."""
        rows = self._copies.get((place, condition))
        if rows is None:
            all_rows = self._rows_of(place, _WIDER[condition]) if condition in _WIDER else self._all(place)
            rows = f'part.slice."{len(self._copies)}"'
            self._execute(f"CREATE TABLE {rows} AS FROM {all_rows} WHERE {condition}")
            self._copies[place, condition] = rows
        return rows

    def _lay(self, place: str) -> None:
        self._execute(f"CREATE OR REPLACE VIEW part.{place} AS FROM {self._all(place)}")

    def _all(self, place: str) -> str:
        """Return where all rows of a table of the store, or of a step, are."""
        schema, _, name = place.partition(".")
        return f'"{self._own}".store."{name}"' if schema == "store" else f'part.laid."{name}"'
