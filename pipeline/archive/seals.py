"""The seal of an archive: the hash of each record and their Merkle root, in `<run>.merkle.json` beside it.

A leaf is the record as it lies in the file, one gzip member: those bytes, copied out, prove themselves. The
last leaf names the seal that was made before (`pipeline.archive.chain`). The same archive at the same place
in the chain always gives the same seal, so one that is lost is made again.
"""

from __future__ import annotations

import json
from contextlib import suppress
from glob import escape as glob_escape
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.archive.merkle import leaf_hash, root
from pipeline.archive.warc_records import record_id
from pipeline.core.errors import DataError
from pipeline.core.files import replacing
from pipeline.core.warc import members

SUFFIX = ".warc.gz"
SEAL, STAMP = ".merkle.json", ".tsr"
HEX = r"^[0-9a-f]{64}$"
_STRICT = ConfigDict(extra="forbid", frozen=True)


class SealedRecord(BaseModel):
    """Where a record lies in its file (bytes), its WARC-Record-ID ("" if unreadable), and its leaf in hex."""

    model_config = _STRICT

    record: str
    offset: int = Field(ge=0)
    length: int = Field(gt=0)
    leaf: str = Field(pattern=HEX)


class Link(BaseModel):
    """One seal in the chain of seals: its archive's name and its root in hex."""

    model_config = _STRICT

    archive: str
    root: str = Field(pattern=HEX)

    @property
    def leaf(self) -> bytes:
        """Return the leaf (32 bytes) by which the next seal holds this one."""
        return leaf_hash(f"previous seal\n{self.archive}\n{self.root}\n".encode())


class Seal(BaseModel):
    """The records of one archive in their order. `size` is the file's, in bytes, when it was sealed.

    `previous` is the seal made before; None for the first one, and for those from before there was a chain.
    """

    model_config = _STRICT

    archive: str
    size: int = Field(ge=0)
    root: str = Field(pattern=HEX)
    previous: Link | None = None
    records: tuple[SealedRecord, ...]

    @property
    def leaves(self) -> list[bytes]:
        """Return the leaf hashes, 32 bytes each: of the records, then of the seal made before."""
        leaves = [bytes.fromhex(record.leaf) for record in self.records]
        return leaves if self.previous is None else [*leaves, self.previous.leaf]

    @property
    def link(self) -> Link:
        """Return how the chain names this seal."""
        return Link(archive=self.archive, root=self.root)

    @property
    def end(self) -> int:
        """Return where the last sealed record ends: before `size` if the file ends with half a record."""
        return self.records[-1].offset + self.records[-1].length if self.records else 0


def archives(folder: Path) -> list[Path]:
    """Return every archive in `folder`, by name."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def seal_file(archive: Path) -> Path:
    """Return where the seal of `archive` lies."""
    return archive.with_name(archive.name.removesuffix(SUFFIX) + SEAL)


def timestamp_file(archive: Path, authority: str) -> Path:
    """Return where the time stamp of the root of `archive` by the authority of that name lies."""
    return archive.with_name(f"{archive.name.removesuffix(SUFFIX)}@{authority}{STAMP}")


def timestamps(archive: Path) -> dict[str, Path]:
    """Return the time stamps of the root of `archive` by their authority's name.

    A time stamp from before there could be several authorities names none, and is under "".
    """
    stem = archive.name.removesuffix(SUFFIX)
    named_stamps = {file.name.removeprefix(stem).removesuffix(STAMP)[1:]: file
             for file in sorted(archive.parent.glob(f"{glob_escape(stem)}@*{STAMP}"))}
    unnamed_stamp = archive.with_name(stem + STAMP)
    return {"": unnamed_stamp, **named_stamps} if unnamed_stamp.exists() else named_stamps


def archive_of(proof: Path) -> str:
    """Return the name of the archive that a seal or a time stamp belongs to."""
    return proof.name.removesuffix(SEAL).removesuffix(STAMP).partition("@")[0] + SUFFIX


def make_seal(archive: Path, previous: Link | None) -> Seal:
    """Return the seal of the whole records of `archive`, made after the seal `previous`.

    What follows the last whole record (the crawl was killed while it wrote, or the file is damaged there) is
    left out: `end` is less than `size` then.
    """
    records = []
    with archive.open("rb") as file, suppress(DataError):
        for offset, member in members(file):
            leaf, warc_record_id = leaf_hash(member).hex(), record_id(member)
            records.append(SealedRecord(record=warc_record_id, offset=offset, length=len(member), leaf=leaf))
    leaves = [bytes.fromhex(record.leaf) for record in records]
    return Seal(
        archive=archive.name,
        size=archive.stat().st_size,
        root=root(leaves if previous is None else [*leaves, previous.leaf]).hex(),
        previous=previous,
        records=tuple(records),
    )


def write_seal(archive: Path, made: Seal) -> None:
    """Write `seal_file(archive)`, whole or not at all."""
    with replacing(seal_file(archive)) as file:
        file.write(json.dumps(made.model_dump(mode="json"), indent=1).encode() + b"\n")


def load_seal(archive: Path) -> Seal | None:
    """Return the seal of `archive`, None where there is none. Raises DataError where it is damaged."""
    path = seal_file(archive)
    try:
        return Seal.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (ValidationError, OSError) as error:
        message = f"{path.name} cannot be read as a seal: {str(error).splitlines()[0]}"
        raise DataError(f"{message}. Move it away, and the next crawl makes it again") from error
