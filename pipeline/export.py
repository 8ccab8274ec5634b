"""`rumortrail export`: a public view, whole or in part, as CSV, Parquet or JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import duckdb

from pipeline.config import AskConfig
from pipeline.context import Progress, silent
from pipeline.errors import ConfigError, DataError
from pipeline.published import open_published
from pipeline.show import csv_cell, plain_value
from pipeline.whole import whole_file

if TYPE_CHECKING:
    import pyarrow as pa

# PyArrow is imported where rows are read: the other commands of the line do not wait for it.
_BATCH = 20_000


class Format(StrEnum):
    """The formats of an export."""

    CSV = "csv"
    PARQUET = "parquet"
    JSONL = "jsonl"


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
            return _WRITERS[form](reader, stream, lambda done: progress(f"export {view}", done, total))
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


def _utc(schema: pa.Schema) -> pa.Schema:
    """The published copy holds UTC without a zone; outside of it the zone must stand beside the time."""
    import pyarrow as pa

    zoned = pa.timestamp("us", tz="UTC")
    return pa.schema([f.with_type(zoned) if pa.types.is_timestamp(f.type) else f for f in schema])


def _parquet(reader: pa.RecordBatchReader, stream: BinaryIO, told: Callable[[int], None]) -> int:
    from pyarrow.parquet import ParquetWriter

    rows, schema = 0, _utc(reader.schema)
    with ParquetWriter(stream, schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch.cast(schema))
            rows += batch.num_rows
            told(rows)
    return rows


def _jsonl(reader: pa.RecordBatchReader, stream: BinaryIO, told: Callable[[int], None]) -> int:
    rows, schema = 0, _utc(reader.schema)
    for batch in reader:
        lines = (
            json.dumps(row, ensure_ascii=False, default=plain_value) for row in batch.cast(schema).to_pylist()
        )
        stream.writelines(f"{line}\n".encode() for line in lines)
        rows += batch.num_rows
        told(rows)
    return rows


def _csv(reader: pa.RecordBatchReader, stream: BinaryIO, told: Callable[[int], None]) -> int:
    rows, schema = 0, _utc(reader.schema)
    stream.write(_lines([reader.schema.names]))
    for batch in reader:
        columns = [[csv_cell(value) for value in column.to_pylist()] for column in batch.cast(schema).columns]
        stream.write(_lines(list(zip(*columns, strict=True))))
        rows += batch.num_rows
        told(rows)
    return rows


def _lines(rows: list[Any]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8")


_WRITERS = {Format.CSV: _csv, Format.PARQUET: _parquet, Format.JSONL: _jsonl}
