"""The seal of an archive: the hash of each record and their Merkle root, in `<run>.merkle.json` beside it.

A leaf is the record as it lies in the file, one gzip member: those bytes, copied out, prove themselves. The
same archive always gives the same seal, so one that is lost is made again.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.archive.merkle import leaf_hash, root
from pipeline.archive.warc_records import members, record_id
from pipeline.core.errors import DataError
from pipeline.core.files import FileLock, replacing

SUFFIX = ".warc.gz"


class SealedRecord(BaseModel):
    """Where a record lies in its file (bytes), its WARC-Record-ID ("" if unreadable), and its leaf in hex."""

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
        """Return the leaf hashes, 32 bytes each."""
        return [bytes.fromhex(record.leaf) for record in self.records]

    @property
    def end(self) -> int:
        """Return where the last sealed record ends: before `size` if the file ends with half a record."""
        return self.records[-1].offset + self.records[-1].length if self.records else 0


def in_use(archive: Path) -> bool:
    """Return whether a crawl is writing the archive: its writer holds a lock on it.

    One without a record was made a moment ago, and may not be locked yet.
    """
    return not archive.stat().st_size or FileLock(archive).is_held()


def archives(folder: Path) -> list[Path]:
    """Return every archive in `folder`, by name."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def seal_file(archive: Path) -> Path:
    """Return where the seal of `archive` lies."""
    return archive.with_name(archive.name.removesuffix(SUFFIX) + ".merkle.json")


def timestamp_file(archive: Path) -> Path:
    """Return where the time stamp of the root of `archive` lies."""
    return archive.with_name(archive.name.removesuffix(SUFFIX) + ".tsr")


def seal(archive: Path) -> Seal:
    """Seal the whole records of `archive` and write `seal_file(archive)`, whole or not at all.

    What follows the last whole record (the crawl was killed while it wrote, or the file is damaged there) is
    left out: `end` is less than `size` then.
    """
    records = []
    with archive.open("rb") as file, suppress(DataError):
        for offset, member in members(file):
            leaf, name = leaf_hash(member).hex(), record_id(member)
            records.append(SealedRecord(record=name, offset=offset, length=len(member), leaf=leaf))
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
    """Return the seal of `archive`, None where there is none. Raises DataError where it is damaged."""
    path = seal_file(archive)
    try:
        return Seal.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (ValidationError, OSError) as error:
        words = f"{path.name} cannot be read as a seal: {str(error).splitlines()[0]}"
        raise DataError(f"{words}. Move it away, and the next crawl makes it again") from error
