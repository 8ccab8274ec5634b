"""The HTML pages in a WARC file (ISO 28500)."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import count
from typing import Any, BinaryIO, cast

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from pipeline.core.errors import DataError
from pipeline.core.text import one_line
from pipeline.core.warc import WARC_DAMAGE

MAX_HEAD = 262_144
"""Bytes of one record's head, and of one head of HTTP in it; warcio bounds neither lines nor heads."""

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the record's number in its file (from 1) and id, address, body and declared encoding."""

    number: int
    record_id: str
    url: str
    body: bytes
    encoding: str | None


def read_pages(stream: BinaryIO, max_bytes: int) -> Iterator[Page]:
    """Yield the successful HTML responses of a WARC file, unpacked up to one byte over `max_bytes`.

    Raises DataError at the record where the file is damaged, and after the last one where the file ends
    within one.
    """
    records = _records(stream)
    for number in count(1):
        try:
            record = next(records, None)
            page = _page(number, record, max_bytes) if record else None
        except WARC_DAMAGE as error:
            message = f"{type(error).__name__}: {one_line(error, 200)}"
            raise DataError(f"damaged at record {number}, the rest is lost: {message}") from error
        if page:
            yield page
        if record is None:
            break
    if not _ends_whole(stream):
        raise DataError(f"the file ends within record {number}, which is lost")


def _records(stream: BinaryIO) -> ArchiveIterator:
    records = ArchiveIterator(stream)
    records.reader = _BoundedLines(stream)
    loader: ArcWarcRecordLoader = records.loader
    loader.warc_parser = _BoundedHeads(loader.WARC_TYPES)
    loader.http_parser = _BoundedHeads(loader.HTTP_TYPES, False)
    loader.http_req_parser = _BoundedHeads(loader.HTTP_VERBS, False)
    return records


class _BoundedLines(DecompressingBufferedReader):
    """warcio's reader; a line ends after MAX_HEAD bytes at the latest."""

    def readline(self, length: int = 0) -> bytes:
        return cast(bytes, super().readline(min(length or MAX_HEAD, MAX_HEAD)))


class _BoundedHeads(StatusAndHeadersParser):
    """warcio's parser of heads. Raises ArchiveLoadFailed over MAX_HEAD bytes."""

    def parse(self, stream: Any, full_statusline: bytes | None = None) -> StatusAndHeaders:
        return super().parse(_Head(stream), full_statusline)


class _Head:
    """The lines of one head."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._left = MAX_HEAD

    def readline(self) -> bytes:
        line = cast(bytes, self._stream.readline(self._left))
        self._left -= len(line)
        if self._left <= 0:
            raise ArchiveLoadFailed(f"a head of more than {MAX_HEAD:,} bytes")
        return line


def _ends_whole(stream: BinaryIO) -> bool:
    """Return whether two line ends close the last record; warcio takes a file that breaks off for its end."""
    stream.seek(0)
    packed = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    tail = b""
    try:
        with gzip.open(stream) if packed else nullcontext(stream) as content:
            while chunk := content.read(_CHUNK):
                tail = (tail + chunk)[-4:]
    except (OSError, EOFError, zlib.error):
        return False
    return tail == b"\r\n\r\n"


def _page(number: int, record: Any, max_bytes: int) -> Page | None:
    if not record.rec_type:
        raise ValueError("a record without a type")
    headers = record.http_headers
    if record.rec_type != "response" or headers is None or headers.get_statuscode() != "200":
        return None
    content_type = headers.get_header("Content-Type") or ""
    if not re.match(r"\s*(?:text/html|application/xhtml\+xml)", content_type, re.IGNORECASE):
        return None
    body = record.content_stream().read(max_bytes + 1)
    if len(body) <= max_bytes and record.raw_stream.limit > 0:
        raise ValueError("the page breaks off")
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type, re.IGNORECASE)
    return Page(
        number,
        (record.rec_headers.get_header("WARC-Record-ID") or "").strip("<>"),
        record.rec_headers.get_header("WARC-Target-URI") or "",
        body,
        charset[1] if charset else None,
    )
