"""The published copy: a read-only DuckDB file that a finished run renames into place, or a lake's night."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import duckdb

from pipeline.core.errors import DataError, LimitError, OldCopyError
from pipeline.core.rows import utc_of
from pipeline.published.place import LakeNight, Place
from pipeline.published.question import check

if TYPE_CHECKING:
    import pyarrow as pa


class Bounds(Protocol):
    """What a copy is opened within, as `[ask]` of the settings has it.

    No more than that is asked for: the process of a question (`sandbox_worker.py`) loads this module, and the
    settings would be most of what it waits for.
    """

    @property
    def memory(self) -> str:
        """Return the most memory, as DuckDB reads it."""


def open_published(place: Place, bounds: Bounds, *, threads: int = 2) -> duckdb.DuckDBPyConnection:
    """Return a connection that reads the published copy at `place`, and no other file, network or setting.

    The copy is attached to a database in memory: a file opened by its own name, DuckDB would hand out the
    instance that this process already has, with the data from before the file was replaced. Of a lake, only
    `query` and the sandbox keep a stranger's SQL to the night (`question.py`).

    Raises DataError where nothing was published yet, and where a lake cannot be reached.
    """
    settings: dict[str, Any] = {"memory_limit": bounds.memory, "temp_directory": "", "threads": threads}
    if isinstance(place, LakeNight):
        # Loads what reads a lake: an extra that a file does not need.
        from pipeline.lake.address import read_address
        from pipeline.lake.connection import attach_night

        lake = read_address(place.address)
        connection = duckdb.connect(":memory:", config=settings)
        try:
            attach_night(connection, lake, "published", place.snapshot)
        except BaseException:
            connection.close()
            raise
    else:
        connection = _attach_file(place, settings)
    connection.execute("USE published")
    connection.execute("SET enable_progress_bar = false")  # else `python -m` prints it into what it answers
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _attach_file(path: Path, settings: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    if not path.exists():
        raise DataError(
            f"nothing is published at {path}: run `rumortrail nightly`,"
            " or `rumortrail ingest PATH` and `rumortrail process`"
        )
    connection = duckdb.connect(":memory:", config=settings)
    quoted = str(path).replace("'", "''")
    try:
        connection.execute(f"ATTACH '{quoted}' AS published (READ_ONLY)")
    except duckdb.Error as error:
        connection.close()
        raise DataError(f"{path} is not a published copy: {error}") from error
    return connection


def query(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: Sequence[Any] | dict[str, Any] = (),
    *,
    seconds: float,
    of_user: bool = False,
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the column names and rows of `sql`.

    Raises DataError for a faulty statement, for one that does anything else than read, and for one that takes
    more than `seconds` or too much memory; OldCopyError where a statement that is not `of_user` names what
    the copy lacks.
    """
    with _bounded(connection, seconds, of_user):
        check(connection, sql)
        result = connection.execute(sql, parameters)
        return [column[0] for column in result.description or ()], result.fetchall()


def columns(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any], *, seconds: float, rows: int
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of `sql` in batches of at most `rows`; `seconds` counts until the last was taken.

    Raises DataError as `query` does.
    """
    with (
        _bounded(connection, seconds),
        connection.sql(sql, params=parameters).to_arrow_reader(rows) as batches,
    ):
        yield from batches


@contextmanager
def laid_out(
    connection: duckdb.DuckDBPyConnection, table: str, sql: str, parameters: dict[str, Any], *, seconds: float
) -> Iterator[None]:
    """Lay out the rows of `sql` as a temporary table that statements inside can read.

    Raises DataError as `query` does.
    """
    with _bounded(connection, seconds):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {sql}", parameters)
    try:
        yield
    finally:
        connection.execute(f"DROP TABLE temp.{table}")


def of_laid_out(sql: Mapping[str, str], statement: str, table: str) -> str:
    """Return a statement that reads `known` of the same file from the table that `laid_out` made of it."""
    return sql[statement].replace(f"({sql['known']})", table)


def published_at(meta: Mapping[str, str]) -> datetime | None:
    """Return when a copy was published, in UTC, by its table `meta`; None where that does not say."""
    try:
        return utc_of(meta.get("published_at", ""))
    except ValueError:
        return None


@contextmanager
def _bounded(
    connection: duckdb.DuckDBPyConnection, seconds: float, of_user: bool = False
) -> Iterator[None]:
    timer = threading.Timer(seconds, connection.interrupt)
    timer.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise LimitError(f"stopped after {seconds:g} s ([ask] seconds): narrow the question") from error
    except (duckdb.Error, UnicodeDecodeError) as error:
        # In a statement of Rumortrail's own this means that another version made the copy.
        if not of_user and isinstance(error, (duckdb.BinderException, duckdb.CatalogException)):
            missing = str(error).partition("\n")[0]
            raise OldCopyError(
                "the published copy was made by another version of Rumortrail: run `rumortrail publish`"
                f" ({missing})"
            ) from error
        raise DataError(f"{error}\nThe tables are described in docs/sql.md.") from error
    finally:
        timer.cancel()
