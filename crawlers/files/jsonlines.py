"""Documents as JSON lines: bounded lines, and columns to the fields of a document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from pipeline.core.vocabulary import ACCOUNT_PLATFORMS, Platform

COLUMNS = (
    "id", "url", "platform", "source", "author", "author_name", "published_at", "title", "text", "language",
    "in_reply_to", "score", "links",
)  # fmt: skip
"""The columns that are read; all others are ignored."""

_OWNED = ACCOUNT_PLATFORMS | {Platform.HUGGINGFACE, Platform.GITHUB}
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class RawLine:
    """Line `number` (from 1); `data` is None where it is longer than allowed, `length` counts its bytes."""

    number: int
    length: int
    data: bytes | None


def read_lines(stream: BinaryIO, limit: int) -> Iterator[RawLine]:
    """Yield the lines of `stream`, holding at most about `limit` bytes of one at a time."""
    number = 0
    while data := stream.readline(limit + 1):
        number += 1
        if data.endswith(b"\n") or len(data) <= limit:
            yield RawLine(number, len(data), data)
            continue
        length = len(data)
        while (rest := stream.readline(_CHUNK)) and not rest.endswith(b"\n"):
            length += len(rest)
        yield RawLine(number, length + len(rest), None)


def read_fields(data: bytes) -> dict[str, Any]:
    """Return the fields of the document on one line: its columns, and a source where it names none.

    Raises UnicodeDecodeError for a line that is not UTF-8, and ValueError for one that is not a JSON object.
    """
    text = data.decode("utf-8").removeprefix("\ufeff")
    try:
        given = json.loads(text)
    except RecursionError as error:
        raise ValueError("JSON nested too deeply") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos + 1}") from error
    if not isinstance(given, dict):
        raise ValueError(f"a JSON object is expected, not {type(given).__name__}")
    fields = {name: given[name] for name in COLUMNS if given.get(name) is not None}
    for name in ("id", "in_reply_to"):
        if isinstance(fields.get(name), int):
            fields[name] = str(fields[name])
    fields.setdefault("platform", Platform.OTHER)
    if not fields.get("source"):
        fields["source"] = _source(str(fields["platform"]), fields.get("author"), fields.get("url"))
    return fields


def _source(platform: str, author: Any, url: Any) -> str:
    """Return the account where accounts publish, else the site, else the platform: a byline is not the
    outlet.
    """
    if author and platform in _OWNED:
        return f"{platform}:{author}"
    host = site(url) if isinstance(url, str) and platform not in _OWNED else None
    return host or platform


def site(url: str) -> str | None:
    """Return the host that a web address belongs to, without "www."."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return (parts.hostname or "").removeprefix("www.") or None if parts.scheme in ("http", "https") else None
