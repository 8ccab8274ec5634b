"""`rumortrail export`: a public view, whole or in part, as CSV, Parquet or JSON lines."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipeline.config import AskConfig
from pipeline.context import Progress, silent
from pipeline.errors import ConfigError, DataError
from pipeline.formats import Format, write
from pipeline.published import open_published
from pipeline.whole import whole_file

_BATCH = 20_000


def views(published: Path, bounds: AskConfig) -> list[tuple[str, int, int]]:
    """Each view that can be exported, with the numbers of its rows and columns, by name.

    Raises DataError where nothing is published.
    """
    connection = open_published(published, bounds)
    try:
        rows = connection.execute(
            "SELECT table_name, estimated_size, column_count FROM duckdb_tables()"
            " WHERE database_name = 'published' AND schema_name = 'main' ORDER BY table_name"
        ).fetchall()
    finally:
        connection.close()
    return [(name, size, columns) for name, size, columns in rows]


def export(
    published: Path,
    bounds: AskConfig,
    view: str,
    target: Path,
    form: Format,
    *,
    where: str | None = None,
    progress: Progress = silent,
) -> int:
    """Write the rows of `view` for which the SQL condition `where` holds to `target`; returns their number.

    `target` appears whole or stays as it was. Times are UTC and say so. Reads the published copy within the
    memory of `[ask]`; the time is not bounded. Raises DataError for an unknown view, a faulty condition and too
    little memory, ConfigError where `target` cannot be written.
    """
    known = [name for name, _, _ in views(published, bounds)]
    if view not in known:
        raise DataError(f"there is no view {view!r}; there are {', '.join(known)}")
    connection = open_published(published, bounds)
    try:
        sql = f'SELECT * FROM "{view}"' + (f" WHERE (\n{where}\n)" if where else "")
        if len(connection.extract_statements(sql)) != 1:
            raise DataError("--where takes one condition, for example --where \"status = 'disputed'\"")
        total = connection.execute(f"SELECT count(*) FROM ({sql})").fetchall()[0][0]
        reader = connection.execute(sql).to_arrow_reader(_BATCH)
        with whole_file(target) as stream:
            return write(reader, stream, form, lambda done: progress(f"export {view}", done, total))
    except duckdb.Error as error:
        raise DataError(f"{error}\nThe views are described in docs/sql.md.") from error
    finally:
        connection.close()


def format_of(target: Path, given: Format | None) -> Format:
    """The format that was given, else the one that the name of `target` ends in.

    Raises ConfigError where it says neither.
    """
    if given:
        return given
    try:
        return Format(target.suffix.removeprefix(".").lower())
    except ValueError:
        raise ConfigError(f"{target.name} names no format: add --format {', '.join(Format)}") from None
