"""Documents as JSON lines: bounded lines, and columns to the fields of a document in plain words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from crawlers.normalise.markdown import markdown_text, shows_markdown, unescaped
from pipeline.core.vocabulary import ACCOUNT_PLATFORMS, Platform

COLUMNS = (
    "id", "url", "platform", "source", "author", "author_name", "published_at", "title", "text", "language",
    "in_reply_to", "score", "links",
)  # fmt: skip
"""The columns that are read; all others are ignored."""

_OWNED = ACCOUNT_PLATFORMS | {Platform.HUGGINGFACE, Platform.GITHUB}
_CHUNK = 1 << 20
_PAGES = frozenset({Platform.BLOG, Platform.GITHUB, Platform.HUGGINGFACE})
"""Where Markdown may hold HTML."""
_REDDIT = "https://www.reddit.com"
"""Where its posts' links without a host lead."""


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
        while (piece := stream.readline(_CHUNK)) and not piece.endswith(b"\n"):
            length += len(piece)
        yield RawLine(number, length + len(piece), None)


def read_fields(data: bytes) -> dict[str, Any]:
    """Return the fields of the document on one line: its columns, and a source where it names none.

    What is Markdown becomes plain words, and its links are added to those of the document.

    Raises UnicodeDecodeError for a line that is not UTF-8, and ValueError for one that is not a JSON object.
    """
    text = data.decode("utf-8").removeprefix("\ufeff")
    try:
        parsed = json.loads(text)
    except RecursionError as error:
        raise ValueError("JSON nested too deeply") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos + 1}") from error
    if not isinstance(parsed, dict):
        raise ValueError(f"a JSON object is expected, not {type(parsed).__name__}")
    fields = {name: parsed[name] for name in COLUMNS if parsed.get(name) is not None}
    for name in ("id", "in_reply_to"):
        if isinstance(fields.get(name), int):
            fields[name] = str(fields[name])
    fields.setdefault("platform", Platform.OTHER)
    if not fields.get("source"):
        fields["source"] = _source(str(fields["platform"]), fields.get("author"), fields.get("url"))
    _in_plain_words(fields)
    return fields


def _in_plain_words(fields: dict[str, Any]) -> None:
    """Take the marks out of Markdown, and HTML's escapes out of what an API of posts has escaped."""
    platform = str(fields["platform"])
    is_reddit = platform == Platform.REDDIT
    text, links = fields.get("text"), fields.get("links", [])
    if isinstance(text, str) and isinstance(links, list) and (is_reddit or shows_markdown(text)):
        plain, found_links = markdown_text(text, _REDDIT if is_reddit else "", tags=platform in _PAGES)
        fields |= {"text": plain or text, "links": [*links, *found_links]}
    elif isinstance(text, str) and platform in ACCOUNT_PLATFORMS:
        fields["text"] = unescaped(text)
    for name in ("title", "author_name") if platform in ACCOUNT_PLATFORMS else ():
        if isinstance(fields.get(name), str):
            fields[name] = unescaped(fields[name])


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
