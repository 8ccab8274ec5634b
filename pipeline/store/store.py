"""The work file: DuckDB tables of the schema `store`, which only the pipeline writes, and the views."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.core.context import RunContext
from pipeline.core.errors import DataError
from pipeline.core.records import Issue, stable_id
from pipeline.core.rows import Row, aware, build
from pipeline.core.text import one_line
from pipeline.core.vocabulary import Severity

VIEWS = ("names", "decisions", "documents", "second_opinions", "claims", "stories", "releases", "sources",
         "runs", "track_records", "subjects")
"""The files of `views/`, in the order in which they are laid: a view stands after those that it reads."""

STORAGE_VERSION = "v1.0.0"
"""The form of every file that is written, which DuckDB 1.5 and 2.0 both open; what 2.0 writes by itself, 1.5
refuses."""


class Store:
    """An open work file. One process at a time may hold it; open it with `Store.open`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._schemas: dict[str, pa.Schema] = {}

    @classmethod
    def open(cls, path: Path | str, *, memory: str = "4GB") -> Store:
        """Open or create the work file at `path` (":memory:" for tests), migrate it, and lay the views that
        another Rumortrail laid, or nobody.

        Raises DataError where another process holds it, where it is damaged or cannot be written, or where it
        was written by a newer Rumortrail.
        """
        connection = _connect(path, config={"memory_limit": memory,
                                            "storage_compatibility_version": STORAGE_VERSION})
        store = cls(connection)
        try:
            store._migrate()
        except (duckdb.IOException, duckdb.FatalException, duckdb.InternalException) as error:
            connection.close()
            raise _unusable(path, error) from error
        return store

    @classmethod
    def read_only(cls, path: Path) -> Store:
        """Open the work file to read; only temporary tables can be written.

        Raises DataError where it is missing, where another process holds it, or where it is of another
        version.
        """
        if not path.exists():
            raise DataError(f"{path} is not there: nothing was stored yet; run `rumortrail nightly`")
        connection = _connect(path, read_only=True)
        row = connection.execute("SELECT coalesce(max(version), 0) FROM main.migrations").fetchone()
        if not row or int(row[0]) != max(migrations()):
            connection.close()
            raise DataError(f"{path} is of another version of Rumortrail: run `rumortrail process` first")
        return cls(connection)

    def close(self) -> None:
        """Close the file; the object cannot be used afterwards."""
        self.connection.close()

    def _migrate(self) -> None:
        execute = self.connection.execute
        execute("CREATE TABLE IF NOT EXISTS main.migrations (version INTEGER PRIMARY KEY, name VARCHAR, "
            "applied_at TIMESTAMP)")
        row = execute("SELECT coalesce(max(version), 0) FROM main.migrations").fetchone()
        current = int(row[0]) if row else 0
        known_migrations = migrations()
        if current > max(known_migrations):
            message = f"the store is at migration {current}, this Rumortrail knows {max(known_migrations)}"
            raise DataError(f"{message}: upgrade Rumortrail")
        for version in sorted(v for v in known_migrations if v > current):
            name, sql = known_migrations[version]
            with self.transaction():
                execute(sql)
                execute("INSERT INTO main.migrations VALUES (?, ?, ?)",
                    [version, name, datetime.now(UTC).replace(tzinfo=None)])
        laid_views = views()
        parts = (*laid_views, str(max(known_migrations)), duckdb.__version__)
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        if execute("FROM store.laid_views").fetchall() != [(digest,)]:
            with self.transaction():
                for sql in laid_views:
                    execute(sql)
                execute("DELETE FROM store.laid_views")
                execute("INSERT INTO store.laid_views VALUES (?)", [digest])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Store everything inside whole, or nothing of it."""
        self.connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def execute(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows; times come back timezone-aware."""
        result = self.connection.execute(sql, _naive(parameters))
        return [tuple(map(aware, row)) for row in result.fetchall()] if result.description else []

    def table(self, sql: str, parameters: dict[str, Any]) -> pa.Table:
        """Run one statement and return its rows as an Arrow table; times are without a zone, in UTC."""
        # Not by `connection.sql`: with parameters it keeps the answer and hands it over value by value, which
        # takes ten times the time and nearly three times the memory.
        return self.connection.execute(sql, _naive(parameters)).to_arrow_table()

    def read(self, record: type[Row], sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[Row]:
        """Run one statement and return its rows as `record`s, whose fields its columns are by name."""
        result = self.connection.execute(sql, _naive(parameters))
        columns = [column[0] for column in result.description or ()]
        return [build(record, dict(zip(columns, row, strict=True))) for row in result.fetchall()]

    def record_issue(
        self,
        run: RunContext,
        stage: str,
        code: str,
        message: str,
        *,
        severity: Severity = Severity.WARNING,
        source_id: str | None = None,
        place: str | None = None,
        inbox_folder: str | None = None,
    ) -> None:
        """Record one thing that went wrong in `run`, or that stands in an inbox folder; the same thing in the
        same run, or folder, is recorded once.
        """
        issue_id = stable_id("i", inbox_folder or run.run_id, stage, code, source_id, place, message)
        self.append("issues", [Issue(issue_id, run.run_id, run.now, stage, severity, code, source_id, place,
                                     message, inbox_folder)])

    def append(self, table: str, records: Iterable[Any], *, replace: bool = False) -> int:
        """Insert dataclass `records` (or dicts) into `store.<table>`; rows whose key is there are left, or
        replaced.

        Returns how many records were given.
        """
        rows = [_plain(r if isinstance(r, dict)
                       else {f.name: getattr(r, f.name) for f in dataclasses.fields(r)}) for r in records]
        if not rows:
            return 0
        if table not in self._schemas:
            empty = self.connection.sql(f"SELECT * FROM store.{table} LIMIT 0")
            self._schemas[table] = empty.to_arrow_table().schema
        batch = pa.Table.from_pylist(rows, schema=self._schemas[table])
        self.connection.register("incoming", batch)
        try:
            verb = "INSERT OR REPLACE" if replace else "INSERT OR IGNORE"
            self.connection.execute(f"{verb} INTO store.{table} BY NAME SELECT * FROM incoming")
        finally:
            self.connection.unregister("incoming")
        return len(rows)


@cache
def public_views() -> tuple[str, ...]:
    """Return the names of the public views in the order in which they are laid: each after those it reads.

    The work file does not keep that order: opened again, it lists its views by their names.
    """
    view_name = re.compile(r"^CREATE OR REPLACE VIEW (\w+) AS", re.MULTILINE)
    return tuple(name for sql in views() for name in view_name.findall(sql))


@cache
def views() -> tuple[str, ...]:
    """Return the statements that lay the views, in order."""
    return tuple(files("pipeline.store.views").joinpath(f"{part}.sql").read_text("utf-8") for part in VIEWS)


def _connect(path: Path | str, **options: Any) -> duckdb.DuckDBPyConnection:
    try:
        connection = duckdb.connect(str(path), **options)
    except duckdb.Error as error:
        raise _unusable(path, error) from error
    connection.execute("SET enable_progress_bar = false")  # else `python -m` prints it into what it answers
    return connection


def _unusable(path: Path | str, error: duckdb.Error) -> DataError:
    reason = one_line(error, 300)
    if "Could not set lock" in reason:
        return DataError(f"{path} is in use: {reason}. Wait for the other run, or see `rumortrail status`")
    if "version number" in reason:
        return DataError(f"{path} was written by another version of DuckDB: {reason}. Upgrade Rumortrail")
    damaged = isinstance(error, (duckdb.FatalException, duckdb.InternalException)) or any(
        sign in reason for sign in ("not a valid DuckDB database", "orrupt", "Could not read enough bytes"))
    if not damaged:
        return DataError(f"{path} cannot be used: {reason}")
    return DataError(
        f"{path} is damaged: {reason}. Restore it from a backup, or move it away: `rumortrail process` makes "
        "it anew from inbox/ and decisions.sqlite; earlier verdicts and runs are then lost (docs/year.md)")


@cache
def migrations() -> dict[int, tuple[str, str]]:
    """Read the numbered schema files: version -> (name, SQL)."""
    by_number = {}
    for file in files("pipeline.store.migrations").iterdir():
        if file.name.endswith(".sql"):
            number, name = file.name.removesuffix(".sql").split("_", 1)
            by_number[int(number)] = (name, file.read_text("utf-8"))
    return by_number


def _naive(parameters: Sequence[Any] | dict[str, Any]) -> Any:
    if isinstance(parameters, dict):
        return {key: _value(value) for key, value in parameters.items()}
    return [_value(value) for value in parameters]


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, str):  # an enum or a key as plain text
        return str(value)
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    return value


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: _value(value) for key, value in row.items()}
