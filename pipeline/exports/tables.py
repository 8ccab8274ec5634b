"""Rows as files: a public view, whole or in part, or the answer to a question, as CSV, Parquet or JSON.

Times are UTC and say so. In CSV no spreadsheet takes a cell for a formula.
"""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

import duckdb

from pipeline.core.config import AskConfig
from pipeline.core.context import Progress, silent
from pipeline.core.errors import ConfigError, DataError
from pipeline.core.files import whole_file
from pipeline.published.database import open_published
from pipeline.published.place import Place

# PyArrow is imported where rows are read: the other commands of the line do not wait for it.
if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 20_000


def views(published: Place, bounds: AskConfig) -> list[tuple[str, int, int]]:
    """Return each view that can be exported, with the numbers of its rows and columns, by name.

    Raises DataError where nothing is published.
    """
    with open_published(published, bounds) as connection:
        return _views(connection)


def _views(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int, int]]:
    return connection.execute(
        "SELECT table_name, estimated_size, column_count FROM duckdb_tables()"
        " WHERE database_name = 'published' AND schema_name = 'main' ORDER BY table_name"
    ).fetchall()


def export(
    published: Place,
    bounds: AskConfig,
    view: str,
    target: Path,
    form: Format,
    *,
    where: str | None = None,
    progress: Progress = silent,
) -> int:
    """Write the rows of `view` for which the SQL condition `where` holds to `target` and return their number.

    `target` appears whole or stays as it was. Times are UTC and say so. Reads the published copy within the
    memory of `[ask]`; the time is not bounded. Raises DataError for an unknown view, a faulty condition and
    too little memory, ConfigError where `target` cannot be written.
    """
    sql = f'SELECT * FROM "{view}"' + (f" WHERE (\n{where}\n)" if where else "")
    try:
        with open_published(published, bounds) as connection:
            names = [name for name, _, _ in _views(connection)]
            if view not in names:
                raise DataError(f"there is no view {view!r}; there are {', '.join(names)}")
            if len(connection.extract_statements(sql)) != 1:
                raise DataError("--where takes one condition, for example --where \"status = 'disputed'\"")
            total = connection.execute(f"SELECT count(*) FROM ({sql})").fetchall()[0][0]
            reader = connection.sql(sql).to_arrow_reader(_BATCH)
            with whole_file(target) as stream:
                return write(reader, stream, form, lambda done: progress(f"export {view}", done, total))
    except duckdb.Error as error:
        raise DataError(f"{error}\nThe views are described in docs/sql.md.") from error


def format_of(target: Path, given: Format | None) -> Format:
    """Return the format that was given, else the one that the name of `target` ends in.

    Raises ConfigError where neither names one.
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
    reader: pa.RecordBatchReader, stream: BinaryIO, form: Format, done: Callable[[int], None] = lambda _: None
) -> int:
    """Write the rows of `reader` and return their number; `done` is called with it after each batch."""
    import pyarrow as pa

    # The published copy holds UTC without a zone; outside of it the zone must stand beside the time.
    zoned = pa.timestamp("us", tz="UTC")
    fields = [f.with_type(zoned) if pa.types.is_timestamp(f.type) else f for f in reader.schema]
    schema, rows = pa.schema(fields), 0
    with _WRITERS[form](stream, schema) as put:
        for batch in reader:
            put(batch.cast(schema))
            rows += batch.num_rows
            done(rows)
    return rows


@contextmanager
def _parquet(stream: BinaryIO, schema: pa.Schema) -> Iterator[Callable[[pa.RecordBatch], Any]]:
    from pyarrow.parquet import ParquetWriter

    with ParquetWriter(stream, schema, compression="zstd") as writer:
        yield writer.write_batch


@contextmanager
def _jsonl(stream: BinaryIO, schema: pa.Schema) -> Iterator[Callable[[pa.RecordBatch], Any]]:
    def put(batch: pa.RecordBatch) -> None:
        lines = (json.dumps(_finite(row), ensure_ascii=False, default=plain_value)
                 for row in batch.to_pylist())
        stream.writelines(f"{line}\n".encode() for line in lines)

    yield put


@contextmanager
def _csv(stream: BinaryIO, schema: pa.Schema) -> Iterator[Callable[[pa.RecordBatch], Any]]:
    def put(batch: pa.RecordBatch) -> None:
        write_rows(zip(*(column.to_pylist() for column in batch.columns), strict=True))

    def write_rows(rows: Any) -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerows([csv_cell(value) for value in row] for row in rows)
        stream.write(text.getvalue().encode())

    write_rows([schema.names])
    yield put


_WRITERS = {Format.CSV: _csv, Format.PARQUET: _parquet, Format.JSONL: _jsonl}


# Cells that a spreadsheet would run as a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_cell(value: Any) -> Any:
    """Return `value` as a CSV cell that no spreadsheet takes for a formula; lists and structures as JSON."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = plain = value if isinstance(value, str) else plain_value(value)
    if not isinstance(plain, str):
        text = json.dumps(plain, ensure_ascii=False, default=plain_value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain_value(value: Any) -> Any:
    """Return `value` as JSON can hold it; times in ISO 8601."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value if isinstance(value, (list, tuple, dict, int, float, type(None))) else str(value)


def _finite(value: Any) -> Any:
    """Return `value` with null for each number that JSON does not have: infinity and NaN."""
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write_json(columns: Sequence[str], rows: Sequence[Sequence[Any]], out: TextIO | None = None) -> None:
    """Write all rows as one JSON array of objects; times in ISO 8601."""
    objects = [_finite(dict(zip(columns, row, strict=True))) for row in rows]
    json.dump(objects, out or sys.stdout, ensure_ascii=False, indent=1, default=plain_value)
    print(file=out or sys.stdout)


def write_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]], out: TextIO | None = None) -> None:
    """Write all rows as CSV after RFC 4180; a text that looks like a formula gets a leading apostrophe."""
    csv.writer(out or sys.stdout).writerows([csv_cell(value) for value in row] for row in (columns, *rows))
