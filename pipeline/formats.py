"""Rows as CSV, Parquet or JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, BinaryIO

from pipeline.cells import csv_cell, plain_value

# PyArrow is imported where rows are read: the other commands of the line do not wait for it.
if TYPE_CHECKING:
    import pyarrow as pa


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
