"""The HTML pages in a WARC file (ISO 28500)."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import count
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator

from pipeline.core.errors import DataError
from pipeline.core.text import one_line
from pipeline.core.warc import WARC_DAMAGE

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
    records = ArchiveIterator(stream)
    for number in count(1):
        try:
            record = next(records, None)
            page = _page(number, record, max_bytes) if record else None
        except WARC_DAMAGE as error:
            words = f"{type(error).__name__}: {one_line(error, 200)}"
            raise DataError(f"damaged at record {number}, the rest is lost: {words}") from error
        if page:
            yield page
        if record is None:
            break
    if not _ends_whole(stream):
        raise DataError(f"the file ends within record {number}, which is lost")


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
    head = record.http_headers
    if record.rec_type != "response" or head is None or head.get_statuscode() != "200":
        return None
    kind = head.get_header("Content-Type") or ""
    if not re.match(r"\s*(?:text/html|application/xhtml\+xml)", kind, re.IGNORECASE):
        return None
    body = record.content_stream().read(max_bytes + 1)
    if len(body) <= max_bytes and record.raw_stream.limit > 0:
        raise ValueError("the page breaks off")
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", kind, re.IGNORECASE)
    return Page(
        number,
        (record.rec_headers.get_header("WARC-Record-ID") or "").strip("<>"),
        record.rec_headers.get_header("WARC-Target-URI") or "",
        body,
        charset[1] if charset else None,
    )
