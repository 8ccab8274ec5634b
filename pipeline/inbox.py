"""Reads the inbox: gzip-compressed JSON lines, one file a spider and run, written by the crawlers."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import DataError
from pipeline.records import (
    InboxAlias,
    InboxCrawl,
    InboxDocument,
    InboxGone,
    InboxIssue,
    InboxRecord,
    InboxSource,
)

_KINDS: dict[str, Any] = {
    "document": InboxDocument,
    "gone": InboxGone,
    "source": InboxSource,
    "issue": InboxIssue,
    "crawl": InboxCrawl,
    "alias": InboxAlias,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an inbox file: its number (from 1) and its record, or what is wrong with it."""

    number: int
    record: InboxRecord | None
    fault: str | None = None


def files(folder: Path) -> list[Path]:
    """The inbox files, oldest run first."""
    return sorted(folder.glob("*/*.jsonl.gz"))


def read(file: Path, skip: int = 0) -> Iterator[Line]:
    """The lines after the first `skip`.

    A file whose writer was killed ends in an unfinished gzip member: the whole lines before it are given.

    Raises DataError at the place where a file is damaged otherwise.
    """
    number = 0
    with gzip.open(file, "rb") as stream:
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


def _line(number: int, raw: bytes) -> Line:
    try:
        values = json.loads(raw)
        kind = _KINDS[values.pop("type")]
        record: InboxRecord = _adapter(kind).validate_python(values)
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        return Line(number, None, _short(error))
    return Line(number, record)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _short(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return f"{type(error).__name__}: {error}"[:300]
