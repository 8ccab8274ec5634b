"""The inbox: gzip-compressed JSON lines, one file for each source and run, from crawlers to pipeline.

A file is a sequence of gzip members (RFC 1952, 2.2), one a flush, each on the disk before the next begins: a
writer that is killed loses only the member it was writing. No file is opened twice, since what follows an
unfinished member could not be read: a second crawl of a source in the same run takes the next free name.
"""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cache
from io import FileIO
from itertools import count
from pathlib import Path
from typing import Any, Self, get_args

from pydantic import TypeAdapter, ValidationError

from pipeline.core.errors import DataError
from pipeline.core.inbox_records import InboxLink, InboxRecord
from pipeline.core.text import encodable, one_line

TYPES: dict[type[InboxRecord], str] = {
    record: record.__name__.removeprefix("Inbox").lower() for record in get_args(InboxRecord)
}
"""The `type` of a line, for each record that one can hold."""
_RECORDS = {name: record for record, name in TYPES.items()}
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")  # of a surrogate pair, as JSON escapes it


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an inbox file: its number (from 1) and its record, or what is wrong with it."""

    number: int
    record: InboxRecord | None
    fault: str | None = None


def files(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the inbox files, oldest run first, and what is named like one but is no file: a directory, a
    pipe, a link that leads nowhere.
    """
    paths = sorted(folder.glob("*/*.jsonl.gz"))
    return [path for path in paths if path.is_file()], [path for path in paths if not path.is_file()]


def read(file: Path, skip: int = 0) -> Iterator[Line]:
    """Yield the lines after the first `skip`.

    A file whose writer was killed ends in an unfinished gzip member: the whole lines before it are given.

    Raises DataError at the place where a file is damaged otherwise, and for one that cannot be opened.
    """
    number = 0
    with _opened(file) as stream:
        while True:
            try:
                raw = stream.readline()
            except EOFError:
                return
            except (OSError, zlib.error) as error:
                # A killed writer may leave as little as the first of the two bytes that open a member.
                if str(error).endswith("(b'\\x1f')"):
                    return
                raise DataError(f"{file.name} is damaged after line {number}: {error}") from error
            if not raw.endswith(b"\n"):
                return
            number += 1
            if number > skip:
                yield _line(number, raw)


def _opened(file: Path) -> gzip.GzipFile:
    try:
        return gzip.open(file, "rb")
    except OSError as error:
        raise DataError(f"{file.name} cannot be opened: {error.strerror}") from error


def _line(number: int, raw: bytes) -> Line:
    try:
        values = json.loads(raw)
        if _HALF.search(raw):
            values = json.loads(encodable(json.dumps(values, ensure_ascii=False)))
        return Line(number, _adapter(values.pop("type")).validate_python(values))
    except ValidationError as error:
        first = error.errors()[0]
        return Line(number, None, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        return Line(number, None, one_line(f"{type(error).__name__}: {error}", 300))


@cache
def _adapter(name: str) -> TypeAdapter[InboxRecord]:
    return TypeAdapter(_RECORDS[name])


class InboxWriter:
    """One file of the inbox; use it as a context manager or call `close`."""

    def __init__(self, file: FileIO, path: Path) -> None:
        self.path = path
        self._file = file
        self._lines: list[bytes] = []

    @classmethod
    def create(cls, inbox: Path, run_id: str, source: str) -> InboxWriter:
        """Create `<inbox>/<run_id>/<source>.jsonl.gz`, or `<source>.2.jsonl.gz` and so on."""
        folder = inbox / run_id
        folder.mkdir(parents=True, exist_ok=True)
        file, path = create_new(folder, source, ".jsonl.gz")
        return cls(file, path)

    @property
    def waiting(self) -> int:
        """Return how many lines are not on the disk yet."""
        return len(self._lines)

    def write(self, record: InboxRecord) -> None:
        """Add a line; it is on the disk after the next `flush`."""
        self._lines.append(encode(record))

    def flush(self) -> None:
        """Put all lines that wait on the disk, as one gzip member."""
        if not self._lines:
            return
        append(self._file, gzip.compress(b"".join(self._lines), 6, mtime=0))
        os.fsync(self._file.fileno())
        self._lines.clear()

    def close(self) -> None:
        """Flush and close the file."""
        self.flush()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def create_new(folder: Path, stem: str, suffix: str) -> tuple[FileIO, Path]:
    """Create `stem + suffix` in `folder`, or `stem.2 + suffix` and so on, and open it without a buffer.

    It is locked while it is open, so that nobody takes it for whole (`pipeline.core.files.in_use`).
    """
    for path in _names(folder, stem, suffix):
        with suppress(FileExistsError):
            file = path.open("xb", buffering=0)
            fcntl.flock(file, fcntl.LOCK_EX)
            return file, path
    raise AssertionError("the names do not end")


def free_name(folder: Path, stem: str, suffix: str) -> Path:
    """Return the path that `create_new` would create."""
    return next(path for path in _names(folder, stem, suffix) if not path.exists())


def _names(folder: Path, stem: str, suffix: str) -> Iterator[Path]:
    return (folder / f"{stem}{f'.{number}' if number > 1 else ''}{suffix}" for number in count(1))


def append(file: FileIO, data: bytes) -> None:
    """Put all of `data` at the end of `file`, or none if the disk is full: half a member is unreadable."""
    end, remaining = file.tell(), memoryview(data)
    try:
        while remaining:
            remaining = remaining[file.write(remaining) :]
    except OSError:
        file.seek(end)
        file.truncate()
        raise


def encode(record: InboxRecord) -> bytes:
    """Return `record` as one line of the inbox: a JSON object with its `type`, times in UTC, in UTF-8."""
    values = {"type": TYPES[type(record)]} | _fields(record)
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return encodable(text).encode() + b"\n"


def _fields(record: InboxRecord | InboxLink) -> dict[str, Any]:
    """Return the fields as `asdict` does, without its copy of every value."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, InboxLink):
        return _fields(value)
    raise TypeError(f"{type(value).__name__} has no place in the inbox")
