"""Answer one question in a process of its own, which `sandbox.py` starts.

DuckDB's own limits do not count a single value, so one question could exhaust the machine's memory. Here the
kernel refuses what goes beyond, and at worst this process ends and the server does not notice. The question
comes on standard input as JSON; a line of JSON goes back, and if there is an answer its rows follow as an
Arrow stream.
"""

from __future__ import annotations

import json
import math
import os
import re
import resource
import signal
import sys
import threading
import time
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline.core.errors import DataError
from pipeline.published.database import open_published
from pipeline.published.place import LakeNight
from pipeline.published.question import check

if TYPE_CHECKING:
    import pyarrow as pa

MOST_BYTES = 8_000_000
"""Bytes of an answer at most: it is kept for its downloads while its reader looks at it.

Each value in a list counts eight bytes more than in Arrow, for what it becomes in Python: a boolean is one
bit here.
"""

LATE = 2.0
"""Seconds after which a question that does not heed the interrupt is killed."""

LAKE_FILES = 64
"""Files and connections that a night of a lake is read through; DuckDB opens no others (`question.py`)."""

_BATCH = 500


@dataclass(frozen=True, slots=True)
class _Bounds:
    memory: str


def read(connection: duckdb.DuckDBPyConnection, sql: str, most_rows: int) -> tuple[pa.Table, list[str], bool]:
    """Return the first rows of the answer, the types of its columns, and whether there are more."""
    import pyarrow as pa

    try:
        relation = connection.sql(sql)
    except duckdb.Error:
        connection.execute(sql)  # its error also says where in the question it is
        raise
    types = [str(kind) for kind in relation.types]
    batches, rows, weight = [], 0, 0
    # An answer that is not read to its end would keep DuckDB 2 from the next question.
    with relation.to_arrow_reader(_BATCH) as reader:
        for batch in reader:
            batches.append(batch)
            # Weighed as it goes out: a dictionary holds a value once, however many rows have it.
            rows, weight = rows + batch.num_rows, weight + _weight(_plain(pa.Table.from_batches([batch])))
            if rows > most_rows or weight > MOST_BYTES:
                break
        # Written out as a whole: batches may differ in what they have to write out.
        table = _plain(pa.Table.from_batches(batches, reader.schema))
    row_count = min(rows, most_rows)
    while row_count > 1 and _weight(table.slice(0, row_count)) > MOST_BYTES:
        row_count //= 2
    if row_count and _weight(table.slice(0, row_count)) > MOST_BYTES:
        raise DataError(
            f"One row takes more than {MOST_BYTES // 1_000_000} MB: ask for a part of it, with substring()"
        )
    return table.slice(0, row_count), types, row_count < rows


def _plain(table: pa.Table) -> pa.Table:
    """Return `table` with distinct column names, its values written out, and intervals in words.

    Raises DataError for what could not be written out.
    """
    import pyarrow as pa

    names: list[str] = []
    for name in table.column_names:
        repeats = sum(1 for earlier in names if earlier == name or earlier.startswith(f"{name}:"))
        names.append(f"{name}:{repeats}" if repeats else name)
    table = table.rename_columns(names)
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            chunks = [chunk.dictionary_decode() for chunk in table.column(place).chunks]
            table = table.set_column(place, field.name, pa.chunked_array(chunks, field.type.value_type))
        elif _holds_dictionary(field.type):
            raise DataError("A list or struct here holds an ENUM: cast ENUMs to VARCHAR")
        elif pa.types.is_interval(field.type):
            texts = [None if span is None else _span(*span) for span in table.column(place).to_pylist()]
            table = table.set_column(place, field.name, pa.array(texts, pa.string()))
        elif not _fits(table.column(place)):
            if pa.types.is_nested(field.type):
                raise DataError("A list or struct here holds a time that no calendar has: cast it to VARCHAR")
            texts = [_moment(value) for value in table.column(place)]
            table = table.set_column(place, field.name, pa.array(texts, pa.string()))
    return table


def _fits(column: pa.ChunkedArray) -> bool:
    """Return whether Python has all values: it has no time beyond the year 9999 and no nanosecond."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return False
    if not _holds_time(kind):
        return True
    try:
        column.to_pylist()
    except (ValueError, OverflowError):
        return False
    return True


_ENDLESS = {31: {2**31 - 1: "infinity", 1 - 2**31: "-infinity"},
            63: {2**63 - 1: "infinity", 1 - 2**63: "-infinity"}}  # fmt: skip
"""DuckDB's values without an end, as Arrow's numbers, for its dates and for its times."""


def _moment(value: pa.Scalar) -> str | None:
    import pyarrow as pa

    if not value.is_valid:
        return None
    kind, zone = value.type, ""
    if pa.types.is_timestamp(kind) and kind.tz:
        # Arrow would look up the zone in files, and none can be opened any more; the value is in UTC.
        kind, zone = pa.timestamp(kind.unit), "+00"
    endless = _ENDLESS[31 if pa.types.is_date32(kind) else 63].get(value.value)
    return endless or f"{pa.scalar(value.value, kind).cast(pa.string()).as_py()}{zone}"


def _holds_time(kind: pa.DataType) -> bool:
    import pyarrow as pa

    inner = (kind.field(place).type for place in range(kind.num_fields))
    return pa.types.is_temporal(kind) or any(map(_holds_time, inner))


def _holds_dictionary(kind: pa.DataType) -> bool:
    import pyarrow as pa

    inner = (kind.field(place).type for place in range(kind.num_fields))
    return pa.types.is_dictionary(kind) or any(_holds_dictionary(part) for part in inner)


def _weight(table: pa.Table) -> int:
    values = sum(_values(chunk) for column in table.columns for chunk in column.chunks)
    return int(table.nbytes) + 8 * values


def _values(array: pa.Array) -> int:
    """Return the number of values in lists."""
    import pyarrow as pa

    if isinstance(array, pa.MapArray):  # what flatten() does not know
        first, last = array.offsets[0].as_py(), array.offsets[-1].as_py()
        items = array.items.slice(first, last - first)
        return 2 * len(items) + _values(array.keys.slice(first, last - first)) + _values(items)
    if isinstance(array, (pa.ListArray, pa.LargeListArray, pa.FixedSizeListArray)):
        inner = array.flatten()
        return len(inner) + _values(inner)
    if isinstance(array, pa.StructArray):
        return sum(_values(part) for part in array.flatten())
    if isinstance(array, pa.UnionArray):
        return sum(_values(array.field(place)) for place in range(array.type.num_fields))
    return 0


def _span(months: int, days: int, nanoseconds: int) -> str:
    parts = ((months, "months"), (days, "days"), (nanoseconds / 1e9, "seconds"))
    return " ".join(f"{value:g} {unit}" for value, unit in parts if value) or "0 seconds"


def _bound(memory: int, seconds: float, files: int = 0) -> None:
    """Limit this process from here on, whatever a function of SQL may try.

    It gets the memory it has and what the question may take, half as much again for writing the answer; the
    question's time and a little more, by the clock and on the processor, since not every function heeds an
    interrupt; and it can open no more than `files` further files, pipes or sockets, nor write to a file.
    """
    data_bytes = int(re.search(r"VmData:\s+(\d+)", Path("/proc/self/status").read_text("ascii"))[1]) * 1024  # type: ignore[index]
    limit = data_bytes + memory * 3 // 2
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    free = os.dup(0)  # the lowest number that a file could get
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free + files, free + files))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    spent = resource.getrusage(resource.RUSAGE_SELF)
    cpu_seconds = math.ceil(spent.ru_utime + spent.ru_stime + seconds + LATE)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    for signum in (signal.SIGALRM, signal.SIGXCPU):
        signal.signal(signum, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGALRM, signal.SIGXCPU))
    signal.setitimer(signal.ITIMER_REAL, seconds + LATE)
    os.nice(5)


def _memory(words: str) -> int:
    number, unit = re.fullmatch(r"\s*([\d.]+)\s*([KMGT]?)i?B\s*", words, re.IGNORECASE).groups()  # type: ignore[union-attr]
    return int(float(number) * 1000 ** " KMGT".index(unit.upper() or " "))


class _WithoutPandas(MetaPathFinder):
    """Has pandas look absent: Arrow asks it whether a list is one of its own, and to load it takes a third of
    the time of a short question.
    """

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname, name=fullname)


def main() -> None:
    """Read a question, write its answer."""
    import pyarrow as pa

    request: dict[str, Any] = json.load(sys.stdin)
    started = time.monotonic()
    try:
        place = LakeNight(**request["lake"]) if request["lake"] else Path(request["path"])
        connection = open_published(place, _Bounds(request["memory"]), threads=1)
        # Arrow loads some modules when it first needs them, which the bounds below would prevent.
        _plain(
            connection.sql(
                "SELECT INTERVAL 1 DAY, TIMESTAMPTZ '2026-01-01 00:00:00+00', 'a'::ENUM ('a')"
            ).to_arrow_table()
        )
        _bound(_memory(request["memory"]), request["seconds"], files=LAKE_FILES if request["lake"] else 0)
        timer = threading.Timer(request["seconds"], connection.interrupt)
        timer.start()
        try:
            check(connection, request["sql"])
            table, types, more = read(connection, request["sql"], request["rows"])
        finally:
            timer.cancel()
            signal.setitimer(signal.ITIMER_REAL, 0)
    except (DataError, duckdb.Error, pa.ArrowException, MemoryError, UnicodeDecodeError) as error:
        print(json.dumps({"error": type(error).__name__, "words": str(error)}))
        return
    head = {"types": types, "more": more, "seconds": round(time.monotonic() - started, 3)}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
        stream.write_table(table)


if __name__ == "__main__":
    sys.meta_path.insert(0, _WithoutPandas())
    main()
