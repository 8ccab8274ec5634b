"""`rumortrail export`: a public view, whole or in part, as CSV, Parquet or JSON lines.

Rows as CSV, Parquet or JSON lines.

Values as they leave the house: for CSV, where no spreadsheet may take one for a formula, and for JSON.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import duckdb

from pipeline.core.config import AskConfig
from pipeline.core.context import Progress, silent
from pipeline.core.errors import ConfigError, DataError
from pipeline.core.files import whole_file
from pipeline.published.database import open_published

# PyArrow is imported where rows are read: the other commands of the line do not wait for it.
if TYPE_CHECKING:
    import pyarrow as pa

import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TextIO

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


class Format(StrEnum):
    """The formats of an export."""

    CSV = "csv"
    PARQUET = "parquet"
    JSONL = "jsonl"


def write(
    reader: pa.RecordBatchReader,
    stream: BinaryIO,
    form: Format,
    told: Callable[[int], None] = lambda _: None,
) -> int:
    """Write the rows of `reader`; returns their number, and tells it now and then. Times are UTC and say so."""
    return _WRITERS[form](reader, stream, told)


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
    stream.write(_lines([[csv_cell(name) for name in reader.schema.names]]))
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


# Cells that a spreadsheet would run as a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_cell(value: Any) -> Any:
    """`value` as a CSV cell that no spreadsheet takes for a formula; lists and structures as JSON."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if value is None or isinstance(value, (bool, int, float)):
        return value
    plain = plain_value(value)
    return plain if isinstance(plain, str) and not isinstance(value, str) and not plain.startswith(_FORMULA) else csv_cell(json.dumps(plain, ensure_ascii=False, default=plain_value))


def plain_value(value: Any) -> Any:
    """`value` as JSON can hold it; times in ISO 8601."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, (list, tuple, dict, int, float)) or value is None:
        return value
    return str(value)


def write_json(columns: Sequence[str], rows: Sequence[Sequence[Any]], out: TextIO | None = None) -> None:
    """All rows as one JSON array of objects; times in ISO 8601."""
    objects = [dict(zip(columns, row, strict=True)) for row in rows]
    json.dump(objects, out or sys.stdout, ensure_ascii=False, indent=1, default=plain_value)
    print(file=out or sys.stdout)


def write_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]], out: TextIO | None = None) -> None:
    """All rows as CSV after RFC 4180; a text that a spreadsheet would take for a formula gets a leading apostrophe."""
    writer = csv.writer(out or sys.stdout)
    writer.writerow(map(csv_cell, columns))
    writer.writerows([csv_cell(value) for value in row] for row in rows)
