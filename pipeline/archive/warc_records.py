"""The records of a WARC file (ISO 28500): their bytes in the file, and what they hold."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO

from warcio.archiveiterator import ArchiveIterator

from pipeline.core.errors import DataError
from pipeline.core.text import one_line
from pipeline.core.warc import WARC_DAMAGE


@dataclass(frozen=True, slots=True)
class ArchivedResponse:
    """A response record; `problems` are those that warcio found with its digests."""

    record: str
    url: str
    date: str
    status: str
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    problems: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Return the hash of the payload, in hex."""
        return hashlib.sha256(self.payload).hexdigest()


def read_response(member: bytes) -> ArchivedResponse:
    """Return the record that the gzip member holds. Raises DataError where warcio cannot read it."""
    try:
        record = next(ArchiveIterator(BytesIO(member), check_digests=True), None)
        if record is None or record.rec_type != "response" or record.http_headers is None:
            raise ValueError("it is not an HTTP response")
        payload = record.content_stream().read()
        checker = record.digest_checker
        problems = () if checker.passed else tuple(checker.problems) or ("no digest could be checked",)
        get = record.rec_headers.get_header
        return ArchivedResponse(
            (get("WARC-Record-ID") or "").strip("<>"),
            get("WARC-Target-URI") or "",
            get("WARC-Date") or "",
            record.http_headers.statusline,
            tuple(record.http_headers.headers),
            payload,
            problems,
        )
    except WARC_DAMAGE as error:
        reason = f"{type(error).__name__}: {one_line(error, 200)}"
        raise DataError(f"warcio cannot read the record: {reason}") from error


def record_id(member: bytes) -> str:
    """Return the WARC-Record-ID of the record in the gzip member, "" where warcio cannot read it."""
    try:
        return read_response(member).record
    except DataError:
        return ""
