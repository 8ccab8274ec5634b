"""`rumortrail verify`: check the archive, its seals and time stamps, and the editors' journal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.archive.chain import load_chain
from pipeline.archive.merkle import leaf_hash, root
from pipeline.archive.seals import (
    SEAL,
    STAMP,
    Link,
    Seal,
    archive_of,
    archives,
    load_seal,
    seal_file,
    timestamps,
)
from pipeline.archive.timestamps import fault_of
from pipeline.archive.warc_records import read_response
from pipeline.core.config import Config
from pipeline.core.context import REVISIT_RUN_ID, Progress, silent
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.core.text import counted
from pipeline.core.warc import members
from pipeline.decisions.journal import Journal
from pipeline.published.database import open_published, query
from pipeline.published.place import copy_of, is_published


@dataclass(slots=True)
class Findings:
    """How much was checked, each damage, and what could not be checked (`notes`)."""

    archives: int = 0
    records: int = 0
    versions: int = 0
    roots: int = 0
    stamps: int = 0
    entries: int = 0
    damages: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify(home: Home, config: Config, *, progress: Progress = silent) -> Findings:
    """Check every archive, its seal, its time stamp and the published versions, then the editors' journal.

    Writes nothing. warcio checks each record's own digests; the seal says that the record is the one of that
    night; a version's SHA-256 must be that of the payload of the record that it names. The signature of a
    time stamp is not checked, only that it is over the night's root.
    """
    findings = Findings()
    payloads: dict[str, str] = {}
    files = archives(home.archive)
    names = {file.name for file in files}
    for proof in sorted({*home.archive.glob(f"*{SEAL}"), *home.archive.glob(f"*{STAMP}")}):
        if (name := archive_of(proof)) not in names:
            findings.damages.append(f"{name} is missing; {proof.name} is there")
    seals: dict[str, Seal] = {}
    for number, file in enumerate(files):
        progress("archives", number, len(files))
        try:
            _archive(findings, file, payloads, seals)
        except OSError as error:
            findings.damages.append(f"{file.name} cannot be read: {error}")
    progress("archives", len(files), len(files))
    _chain(findings, home.archive, seals, names)
    _versions(findings, home, config, payloads, names)
    _journal(findings, home, config)
    return findings


def _archive(
    findings: Findings, file: Path, payloads: dict[str, str], seals: dict[str, Seal]
) -> None:
    findings.archives += 1
    try:
        sealed = load_seal(file)
    except DataError as error:
        findings.damages.append(str(error))
        sealed = None
    else:
        if sealed is None:
            findings.notes.append(f"{file.name} has no {seal_file(file).name}; the next crawl makes it")
    end = 0
    with file.open("rb") as stream:
        if sealed is not None:
            _seal(findings, file, sealed)
            seals[file.name] = sealed
            for number, sealed_record in enumerate(sealed.records, 1):
                stream.seek(sealed_record.offset)
                member = stream.read(sealed_record.length)
                place = f"{file.name}: record {number} at byte {sealed_record.offset}"
                if leaf_hash(member).hex() != sealed_record.leaf:
                    findings.damages.append(f"{place} is not what was sealed")
                _record(findings, place, member, payloads, file.name)
            end = sealed.end
        try:
            for offset, member in members(stream, end):
                _record(findings, f"{file.name}: record at byte {offset}", member, payloads, file.name)
                end = offset + len(member)
        except DataError as error:
            if sealed is None:
                findings.damages.append(f"{file.name}: {error}")
    size = file.stat().st_size
    if sealed is not None and size != sealed.size:
        findings.damages.append(f"{file.name} has {size} bytes; it was sealed with {sealed.size}")
    elif end < size:
        reason = "are not a whole record, and no version points there: a crawl was killed while it wrote"
        findings.notes.append(f"{file.name}: the last {size - end} bytes {reason}")


def _seal(findings: Findings, file: Path, sealed: Seal) -> None:
    findings.roots += 1
    seal = seal_file(file).name
    if sealed.archive != file.name:
        findings.damages.append(f"{seal} is of {sealed.archive}")
    if root(sealed.leaves).hex() != sealed.root:
        findings.damages.append(f"{seal}: the Merkle root is not that of its records")
    for stamp in timestamps(file).values():
        findings.stamps += 1
        if fault := fault_of(stamp.read_bytes(), bytes.fromhex(sealed.root)):
            findings.damages.append(f"{stamp.name}: {fault}")


def _chain(findings: Findings, folder: Path, seals: dict[str, Seal], names: set[str]) -> None:
    """Compare the chain with the seals; `names` are the archives that are there. A lost seal is a note."""
    try:
        chain = load_chain(folder)
    except DataError as error:
        findings.damages.append(str(error))
        return
    previous: Link | None = None
    for link in chain:
        sealed = seals.get(link.archive)
        if link.archive not in names:
            findings.damages.append(f"{link.archive} is missing: the chain of seals holds it")
        elif sealed is not None and (sealed.link, sealed.previous) != (link, previous):
            findings.damages.append(f"the seal of {link.archive} is not the one in the chain of seals")
        previous = link
    chained_names = {link.archive for link in chain}
    for name in sorted(seals.keys() - chained_names):
        if seals[name].previous is not None:
            findings.damages.append(f"the seal of {name} is missing in the chain of seals")


def _record(findings: Findings, place: str, member: bytes, payloads: dict[str, str], archive: str) -> None:
    findings.records += 1
    try:
        response = read_response(member)
    except DataError as error:
        findings.damages.append(f"{place}: {error}")
        return
    findings.damages += [f"{place} ({response.url}): {problem}" for problem in response.problems]
    payloads[f"{archive}#{response.record}"] = response.sha256


def _versions(
    findings: Findings, home: Home, config: Config, payloads: dict[str, str], names: set[str]
) -> None:
    if not is_published(home, config):
        findings.notes.append("nothing is published: no version was compared")
        return
    connection = open_published(copy_of(home, config), config.ask)
    try:
        columns = "version_id, document_id, sha256, warc"
        sql = f"SELECT {columns} FROM versions WHERE warc IS NOT NULL ORDER BY version_id"
        _, rows = query(connection, sql, seconds=config.ask.seconds)
        runs = {run for (run,) in query(connection, "SELECT run_id FROM runs", seconds=config.ask.seconds)[1]}
    finally:
        connection.close()
    missing: Counter[str] = Counter()
    for version_id, document_id, sha256, warc in rows:
        findings.versions += 1
        version = f"version {version_id} of {document_id}"
        name = warc.partition("#")[0]
        if name not in names:
            missing[name] += 1
        elif warc not in payloads:
            findings.damages.append(f"{version}: its record {warc} cannot be read")
        elif payloads[warc] != sha256:
            hashes = f"its SHA-256 is {sha256}, the archived payload's {payloads[warc]}"
            findings.damages.append(f"{version}: {hashes}")
    for name, count in sorted(missing.items()):
        run_id = name.split(".")[0]
        if run_id in runs or REVISIT_RUN_ID.fullmatch(run_id):
            findings.damages.append(f"{name} is missing, with the proof of {counted(count, 'version')}")
        else:
            words = f"not compared: {counted(count, 'version')}"
            findings.notes.append(f"{name} is a file that was imported, not an archive of a crawl; {words}")


def _journal(findings: Findings, home: Home, config: Config) -> None:
    published_hashes: dict[int, str] = {}
    if is_published(home, config):
        connection = open_published(copy_of(home, config), config.ask)
        try:
            # A copy that was published before there were hashes has no such columns.
            seconds = config.ask.seconds
            hashed = query(connection, "SELECT 1 FROM meta WHERE key = 'journal_head'", seconds=seconds)[1]
            sql = "SELECT number, sha256 FROM decisions WHERE number > 0"
            published_hashes = dict(query(connection, sql, seconds=seconds)[1]) if hashed else {}
        finally:
            connection.close()
    try:
        checked = Journal(home.journal).check(published_hashes)
    except DataError as error:
        findings.damages.append(str(error))
        return
    findings.entries = checked.entries
    findings.notes += checked.notes
    findings.damages += [f"{home.journal.name}: {fault}" for fault in checked.faults]
