"""Keeps every response that gave a document, as WARC 1.1 (ISO 28500:2017)."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO, FileIO
from pathlib import Path

from scrapy.http import Response
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.core.inbox import append, create_new

_LEFT_OUT = frozenset(
    b"set-cookie set-cookie2 authorization proxy-authorization www-authenticate proxy-authenticate cookie "
    b"authentication-info content-encoding transfer-encoding content-length connection keep-alive".split()
)
"""Headers that may carry credentials, or that told how the body travelled: it is kept unpacked."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The place of a response: the SHA-256 of its unpacked body, and `<file>#<record id>`."""

    sha256: str
    warc: str


class Archive:
    """One run's file `<folder>/<run_id>.warc.gz` (or the next free name), made with its first record."""

    def __init__(self, folder: Path, run_id: str) -> None:
        self._folder = folder
        self._run_id = run_id
        self._file: FileIO | None = None
        self._path: Path | None = None
        self._dirty = False

    def keep(self, response: Response, at: datetime) -> Kept:
        """Append `response`; it is on the disk after the next `flush`."""
        file, path = self._opened()
        packed = BytesIO()
        writer = WARCWriter(packed, gzip=True, warc_version="1.1")
        record = writer.create_warc_record(
            response.url,
            "response",
            payload=BytesIO(response.body),
            length=len(response.body),
            http_headers=StatusAndHeaders(_status(response.status), _headers(response), protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"},
        )
        writer.write_record(record)
        append(file, packed.getvalue())
        self._dirty = True
        name = record.rec_headers.get_header("WARC-Record-ID").strip("<>")
        return Kept(hashlib.sha256(response.body).hexdigest(), f"{path.name}#{name}")

    def take_in(self, records: bytes) -> None:
        """Append whole records that another machine wrote; they are on the disk after the next `flush`."""
        if records:
            append(self._opened()[0], records)
            self._dirty = True

    def _opened(self) -> tuple[FileIO, Path]:
        if self._file is None or self._path is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file, self._path = create_new(self._folder, self._run_id, ".warc.gz")
        return self._file, self._path

    def flush(self) -> None:
        """Put everything kept so far on the disk."""
        if self._file is not None and self._dirty:
            os.fsync(self._file.fileno())
            self._dirty = False

    def close(self) -> None:
        """Flush and close the file, if there is one."""
        if self._file is not None:
            self.flush()
            self._file.close()
            self._file = None


def _status(code: int) -> str:
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)


def _headers(response: Response) -> list[tuple[str, str]]:
    headers = [
        (name.decode("latin-1"), value.decode("latin-1").replace("\r", " ").replace("\n", " "))
        for name, values in response.headers.items()
        if name.lower() not in _LEFT_OUT
        for value in values
    ]
    return [*headers, ("Content-Length", str(len(response.body)))]
