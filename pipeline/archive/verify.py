"""`rumortrail verify`: whether the archive is still what was collected, and the journal what editors wrote."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.archive.merkle import leaf_hash, root
from pipeline.archive.seals import (
    SUFFIX,
    Seal,
    archives,
    load_seal,
    members,
    read_response,
    seal_file,
    timestamp_file,
)
from pipeline.archive.timestamps import fault_of
from pipeline.core.config import Config, Home
from pipeline.core.context import REVISIT_RUN_ID, Progress, silent
from pipeline.core.errors import DataError
from pipeline.decisions.journal import Journal
from pipeline.published.database import open_published, query


@dataclass(slots=True)
class Findings:
    """How much was checked, each damage by name, and what could not be checked (`notes`)."""

    archives: int = 0
    records: int = 0
    versions: int = 0
    roots: int = 0
    stamps: int = 0
    entries: int = 0
    damages: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify(home: Home, config: Config, *, progress: Progress = silent) -> Findings:
    """Read every archive, its seal and its time stamp, and compare the versions of the published copy with them; then
    follow the chain of the editors' journal, and compare it with the published decisions.

    Writes nothing. warcio checks each record's own digests; the seal says that the record is the one of that night; a
    version's SHA-256 must be that of the payload of the record that it names. The signature of a time stamp is not
    checked, only that it is over the night's root.
    """
    found = Findings()
    payloads: dict[str, str] = {}
    files = archives(home.archive)
    names = {file.name for file in files}
    for left in sorted({*home.archive.glob("*.merkle.json"), *home.archive.glob("*.tsr")}):
        name = left.name.removesuffix(".merkle.json").removesuffix(".tsr") + SUFFIX
        if name not in names:
            found.damages.append(f"{name} is missing; {left.name} is there")
    for number, file in enumerate(files):
        progress("archives", number, len(files))
        try:
            _archive(found, file, payloads)
        except OSError as error:
            found.damages.append(f"{file.name} cannot be read: {error}")
    progress("archives", len(files), len(files))
    _versions(found, home, config, payloads, names)
    _journal(found, home, config)
    return found


def _archive(found: Findings, file: Path, payloads: dict[str, str]) -> None:
    found.archives += 1
    try:
        sealed = load_seal(file)
    except DataError as error:
        found.damages.append(str(error))
        sealed = None
    else:
        if sealed is None:
            found.notes.append(f"{file.name} has no {seal_file(file).name}; the next crawl makes it")
    end = 0
    with file.open("rb") as stream:
        if sealed is not None:
            _seal(found, file, sealed)
            for number, place in enumerate(sealed.records, 1):
                stream.seek(place.offset)
                member = stream.read(place.length)
                if leaf_hash(member).hex() != place.leaf:
                    found.damages.append(f"{file.name}: record {number} at byte {place.offset} is not what was sealed")
                _record(found, f"{file.name}: record {number} at byte {place.offset}", member, payloads, file.name)
            end = sealed.end
        try:
            for offset, member in members(stream, end):
                _record(found, f"{file.name}: record at byte {offset}", member, payloads, file.name)
                end = offset + len(member)
        except DataError as error:
            if sealed is None:
                found.damages.append(f"{file.name}: {error}")
    size = file.stat().st_size
    if sealed is not None and size != sealed.size:
        found.damages.append(f"{file.name} has {size} bytes; it was sealed with {sealed.size}")
    elif end < size:
        found.notes.append(f"{file.name}: the last {size - end} bytes are no whole record, and no version points there: a crawl was ended while it wrote")


def _seal(found: Findings, file: Path, sealed: Seal) -> None:
    found.roots += 1
    seal, stamp = seal_file(file).name, timestamp_file(file)
    if sealed.archive != file.name:
        found.damages.append(f"{seal} is of {sealed.archive}")
    if root(sealed.leaves).hex() != sealed.root:
        found.damages.append(f"{seal}: the Merkle root is not that of its records")
    if stamp.exists():
        found.stamps += 1
        if fault := fault_of(stamp.read_bytes(), bytes.fromhex(sealed.root)):
            found.damages.append(f"{stamp.name}: {fault}")


def _record(found: Findings, place: str, member: bytes, payloads: dict[str, str], archive: str) -> None:
    found.records += 1
    try:
        response = read_response(member)
    except DataError as error:
        found.damages.append(f"{place}: {error}")
        return
    found.damages += [f"{place} ({response.url}): {problem}" for problem in response.problems]
    payloads[f"{archive}#{response.record}"] = response.sha256


def _versions(found: Findings, home: Home, config: Config, payloads: dict[str, str], names: set[str]) -> None:
    if not home.published.exists():
        found.notes.append("nothing is published: no version was compared")
        return
    connection = open_published(home.published, config.ask)
    try:
        sql = "SELECT version_id, document_id, sha256, warc FROM versions WHERE warc IS NOT NULL ORDER BY version_id"
        _, rows = query(connection, sql, seconds=config.ask.seconds)
        runs = {run for (run,) in query(connection, "SELECT run_id FROM runs", seconds=config.ask.seconds)[1]}
    finally:
        connection.close()
    absent: Counter[str] = Counter()
    for version_id, document_id, sha256, warc in rows:
        found.versions += 1
        name = warc.partition("#")[0]
        if name not in names:
            absent[name] += 1
        elif warc not in payloads:
            found.damages.append(f"version {version_id} of {document_id}: its record {warc} cannot be read")
        elif payloads[warc] != sha256:
            found.damages.append(f"version {version_id} of {document_id}: its SHA-256 is {sha256}, the archived payload's {payloads[warc]}")
    for name, count in sorted(absent.items()):
        run_id = name.split(".")[0]
        if run_id in runs or REVISIT_RUN_ID.fullmatch(run_id):
            found.damages.append(f"{name} is missing, and {count} version(s) rest on it")
        else:
            found.notes.append(f"{name} is a file that was read in, not an archive of ours: {count} version(s) were not compared")


def _journal(found: Findings, home: Home, config: Config) -> None:
    known: dict[int, str] = {}
    if home.published.exists():
        connection = open_published(home.published, config.ask)
        try:
            # A copy that was published before there were hashes has no such columns.
            chained = query(connection, "SELECT 1 FROM meta WHERE key = 'journal_head'", seconds=config.ask.seconds)[1]
            rows = "SELECT number, sha256 FROM decisions WHERE number > 0"
            known = dict(query(connection, rows, seconds=config.ask.seconds)[1]) if chained else {}
        finally:
            connection.close()
    try:
        checked = Journal(home.journal).check(known)
    except DataError as error:
        found.damages.append(str(error))
        return
    found.entries = checked.entries
    found.notes += checked.notes
    found.damages += [f"{home.journal.name}: {fault}" for fault in checked.faults]
