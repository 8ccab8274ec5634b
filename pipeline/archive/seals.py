"""After a crawl: seals the archives that have no seal yet, and has their roots time-stamped where that is wished.

Seals an archive: the hash of each record, and the Merkle root over them, in `<run>.merkle.json` beside it.

A leaf is the record as it lies in the file, one gzip member: those bytes, copied out, prove themselves. The same
archive always gives the same seal, so one that is lost is made again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from warcio.archiveiterator import ArchiveIterator

from crawlers.files.warc_reader import DAMAGE
from pipeline.archive.merkle import leaf_hash, root
from pipeline.archive.timestamps import ask_authority
from pipeline.core.context import RunContext
from pipeline.core.errors import DataError, SourceError
from pipeline.core.files import replacing
from pipeline.core.text import one_line
from pipeline.store.store import Store

STAMPS_A_RUN = 20
"""Roots sent to the authority in one run, the newest first: what it missed for some nights is caught up with."""


def seal_archives(store: Store, run: RunContext) -> None:
    """Write `<run>.merkle.json` beside each archive without one, and `<run>.tsr` where an authority is configured.

    One that a revisit beside this run is writing is left to a later run. What cannot be sealed or stamped is recorded as an issue, and tried again in the next run.
    """
    unsealed = [
        archive for archive in archives(run.home.archive) if not seal_file(archive).exists() and not in_use(archive)
    ]
    for number, archive in enumerate(unsealed):
        run.progress("seal", number, len(unsealed))
        try:
            made = seal(archive)
        except OSError as error:
            store.record_issue(run, "crawl", "seal_failed", str(error), place=archive.name)
            continue
        if made.end < made.size:
            words = f"the last {made.size - made.end} bytes are no whole record; they are neither sealed nor used"
            store.record_issue(run, "crawl", "archive_cut", words, place=archive.name)
    if run.config.crawl.timestamp_authority:
        _stamp(store, run)


def _stamp(store: Store, run: RunContext) -> None:
    """Ask for the time stamps that are missing; the first failure ends it for tonight."""
    missing = [archive for archive in archives(run.home.archive) if not timestamp_file(archive).exists()]
    for number, archive in enumerate(reversed(missing[-STAMPS_A_RUN:])):
        run.progress("time stamps", number, min(len(missing), STAMPS_A_RUN))
        try:
            sealed = load_seal(archive)
            if sealed is not None:
                answer = ask_authority(run.config.crawl, bytes.fromhex(sealed.root))
                with replacing(timestamp_file(archive)) as file:
                    file.write(answer)
        except DataError as error:
            store.record_issue(run, "crawl", "seal_failed", str(error), place=archive.name)
        except (SourceError, OSError) as error:
            place = archive.name.removesuffix(SUFFIX)
            store.record_issue(run, "crawl", "timestamp_failed", str(error), place=place)
            return


SUFFIX = ".warc.gz"
_CHUNK = 1 << 16


class SealedRecord(BaseModel):
    """Where a record lies in its file (bytes), its WARC-Record-ID ("" where warcio cannot read it), its leaf in hex."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    record: str
    offset: int = Field(ge=0)
    length: int = Field(gt=0)
    leaf: str = Field(pattern=r"^[0-9a-f]{64}$")


class Seal(BaseModel):
    """The records of one archive in their order. `size` is the file's, in bytes, when it was sealed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    archive: str
    size: int = Field(ge=0)
    root: str = Field(pattern=r"^[0-9a-f]{64}$")
    records: tuple[SealedRecord, ...]

    @property
    def leaves(self) -> list[bytes]:
        """The leaf hashes, 32 bytes each."""
        return [bytes.fromhex(record.leaf) for record in self.records]

    @property
    def end(self) -> int:
        """Where the last sealed record ends; less than `size` where the file ends with a record cut off."""
        return self.records[-1].offset + self.records[-1].length if self.records else 0


@dataclass(frozen=True, slots=True)
class ArchivedResponse:
    """A WARC record as warcio reads it; `problems` are those that warcio finds with its digests."""

    record: str
    url: str
    date: str
    status: str
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    problems: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Of the payload, in hex."""
        return hashlib.sha256(self.payload).hexdigest()


def in_use(archive: Path) -> bool:
    """Whether a crawl is writing the archive: its writer holds a lock on it, which goes with the process.

    One without a record was made a moment ago, and may not be locked yet.
    """
    if not archive.stat().st_size:
        return True
    with archive.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def archives(folder: Path) -> list[Path]:
    """Every archive in `folder`, by name."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def seal_file(archive: Path) -> Path:
    """Where the seal of `archive` lies."""
    return archive.with_name(archive.name.removesuffix(SUFFIX) + ".merkle.json")


def timestamp_file(archive: Path) -> Path:
    """Where the time stamp of the root of `archive` lies."""
    return archive.with_name(archive.name.removesuffix(SUFFIX) + ".tsr")


def seal(archive: Path) -> Seal:
    """Seal the whole records of `archive` and write `seal_file(archive)`, whole or not at all.

    What follows the last whole record (the crawl was killed while it wrote one, or the file is damaged there) is left
    out: `end` is less than `size` then.
    """
    records = []
    with archive.open("rb") as file, suppress(DataError):
        for offset, member in members(file):
            leaf = leaf_hash(member).hex()
            records.append(
                SealedRecord(record=record_id(member), offset=offset, length=len(member), leaf=leaf)
            )
    made = Seal(
        archive=archive.name,
        size=archive.stat().st_size,
        root=root([bytes.fromhex(record.leaf) for record in records]).hex(),
        records=tuple(records),
    )
    with replacing(seal_file(archive)) as file:
        file.write(json.dumps(made.model_dump(mode="json"), indent=1).encode() + b"\n")
    return made


def load_seal(archive: Path) -> Seal | None:
    """The seal of `archive`, None where there is none. Raises DataError where it is damaged."""
    path = seal_file(archive)
    try:
        return Seal.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (ValidationError, OSError) as error:
        raise DataError(
            f"{path.name} cannot be read as a seal: {str(error).splitlines()[0]}; without it, the next crawl makes it again"
        ) from error


def members(file: BinaryIO, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Each whole gzip member from byte `start` on: its offset and its bytes; one cut off at the end is left out.

    Raises DataError at a member that is damaged.
    """
    file.seek(start)
    offset, member, waiting = start, bytearray(), b""
    unpacker = zlib.decompressobj(wbits=31)
    while piece := waiting or file.read(_CHUNK):
        try:
            unpacker.decompress(piece)
        except zlib.error as error:
            raise DataError(f"the record at byte {offset} is damaged: {error}") from error
        waiting = unpacker.unused_data
        member += piece[: len(piece) - len(waiting)]
        if unpacker.eof:
            yield offset, bytes(member)
            offset += len(member)
            member.clear()
            unpacker = zlib.decompressobj(wbits=31)


def read_response(member: bytes) -> ArchivedResponse:
    """The record that the gzip member holds. Raises DataError where warcio cannot read it."""
    try:
        record = next(ArchiveIterator(BytesIO(member), check_digests=True), None)
        if record is None or record.rec_type != "response" or record.http_headers is None:
            raise ValueError("it is no HTTP response")
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
    except DAMAGE as error:
        words = f"{type(error).__name__}: {one_line(error, 200)}"
        raise DataError(f"warcio cannot read the record: {words}") from error


def record_id(member: bytes) -> str:
    """The WARC-Record-ID of the record that the gzip member holds, "" where warcio cannot read it."""
    try:
        return read_response(member).record
    except DataError:
        return ""
