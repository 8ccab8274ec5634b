"""Bring the tables of a lake to the rows of the same tables elsewhere, and write only what moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import duckdb

from pipeline.core.errors import DataError
from pipeline.store.moved_rows import forget_moved, lay_moved

Table = tuple[str, str]
"""A schema and the name of a table in it."""
Columns = dict[Table, list[tuple[str, str]]]
"""The names and types of each table's columns, in order."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How many rows of a table came and went.

    `whole` where all rows are written, `anew` where the table is also made, since its columns are others.
    """

    table: Table
    came: int
    gone: int
    whole: bool = False
    anew: bool = False

    def __bool__(self) -> bool:
        return self.anew or self.whole or bool(self.came or self.gone)


class Rows:
    """Compares and writes over one connection, to which a database `source` and a lake `target` are attached.

    A night is one transaction of it, and so is a check.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
        self._execute = connection.execute
        self.source, self.target = source, target

    def columns(self, database: str, schemas: Iterable[str]) -> Columns:
        """Return the columns of the tables of a database in these schemas, without its views."""
        table_columns: Columns = defaultdict(list)
        for schema, table, *column in self._execute(
            "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()"
            " SEMI JOIN duckdb_tables() USING (database_name, schema_name, table_name)"
            " WHERE database_name = ? AND list_contains(?, schema_name)"
            " ORDER BY schema_name, table_name, column_index",
            [database, list(schemas)],
        ).fetchall():
            table_columns[schema, table].append((column[0], column[1]))
        return dict(table_columns)

    def bring(
        self, schemas: Iterable[str], before_commit: str, *, only: Iterable[Table] | None = None
    ) -> list[Moved]:
        """Write what moved in the tables of `schemas`, or `only` in some, all or nothing; return it. Where
        nothing moved, nothing is written.

        What the lake has in these schemas, and the source has not, is dropped. `before_commit` is run last in
        the transaction. Raises duckdb.Error.
        """
        names = list(schemas)
        with self.transaction():
            source_tables, lake_tables = self.columns(self.source, names), self.columns(self.target, names)
            surplus = lake_tables.keys() - source_tables.keys()
            if only is not None:
                source_tables, surplus = {table: source_tables[table] for table in only}, set()
            compared = [self._compare(table, number, columns == lake_tables.get(table))
                        for number, (table, columns) in enumerate(source_tables.items())]  # fmt: skip
            if surplus or any(compared):
                for table in sorted(surplus):
                    self._execute(f"DROP TABLE {self._name(self.target, table)}")
                for number, moved in enumerate(compared):
                    self._write(moved, number)
                self._execute(before_commit)
        for number in range(len(compared)):
            forget_moved(self._execute, str(number))
        return [moved for moved in compared if moved]

    def _compare(self, table: Table, number: int, same_columns: bool) -> Moved:
        """Lay out the rows that came, and those that are gone, as temp.came_N and temp.gone_N, if any."""
        source, target = self._name(self.source, table), self._name(self.target, table)
        if not same_columns:
            return Moved(table, self._count(source), 0, anew=True)
        laid = lay_moved(self._execute, f"{source} AS one", f"{target} AS one", str(number))
        return Moved(table, laid.came, laid.gone, laid.mixed or laid.came + laid.gone > laid.rows)

    def _write(self, moved: Moved, number: int) -> None:
        source, target = self._name(self.source, moved.table), self._name(self.target, moved.table)
        if moved.anew:
            self._execute(f'CREATE SCHEMA IF NOT EXISTS {self.target}."{moved.table[0]}"')
            self._execute(f"DROP TABLE IF EXISTS {target}")
            self._execute(f"CREATE TABLE {target} AS FROM {source}")
            return
        if moved.whole:
            # Not dropped: files of a table that was made again cannot be joined with those before.
            self._execute(f"DELETE FROM {target}")
            self._execute(f"INSERT INTO {target} FROM {source}")
            return
        if moved.gone:
            self._execute(f"DELETE FROM {target} WHERE rowid IN (SELECT id FROM temp.gone_{number})")
        if moved.came:
            came = f"SELECT * FROM {source} WHERE rowid IN (SELECT id FROM temp.came_{number})"
            self._execute(f"INSERT INTO {target} {came}")

    def check(self, schemas: Iterable[str]) -> None:
        """Raise DataError unless each table has as many rows in the source, by the catalogue of the lake, and
        by a scan of it.
        """
        faults = []
        with self.transaction():
            for table, columns in self.columns(self.source, schemas).items():
                source, target = self._name(self.source, table), self._name(self.target, table)
                ((rows, catalogued, scanned),) = self._execute(
                    f"SELECT (SELECT count(*) FROM {source}), (SELECT count(*) FROM {target}),"
                    f' (SELECT count(hash("{columns[0][0]}")) FROM {target})'
                ).fetchall()
                if not rows == catalogued == scanned:
                    counts = f"the lake's catalogue says {catalogued:,}, a scan finds {scanned:,}"
                    faults.append(f"{table[1]} has {rows:,} rows, {counts}")
        if faults:
            raise DataError("the lake does not hold what was written: " + "; ".join(faults))

    def fingerprint(self, database: str, table: Table) -> tuple[int, int]:
        """Return the number of rows of a table, and the sum of their hashes, whatever their order."""
        rows, hashes = self._execute(
            f"SELECT count(*), coalesce(sum(hash(one)::HUGEINT), 0) FROM {self._name(database, table)} AS one"
        ).fetchall()[0]
        return int(rows), int(hashes)

    def _count(self, table: str) -> int:
        return int(self._execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])

    def _name(self, database: str, table: Table) -> str:
        schema, name = table
        return f'{database}."{schema}"."{name}"'

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do everything inside, or nothing of it."""
        self._execute("BEGIN")
        try:
            yield
            self._execute("COMMIT")
        except BaseException:
            with suppress(duckdb.Error):  # what ended it may have ended the connection too
                self._execute("ROLLBACK")
            raise
