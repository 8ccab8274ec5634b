"""`rumortrail evidence`: the archived versions of a document in a folder that proves itself to others."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from pipeline.archive.merkle import inclusion_path, leaf_hash
from pipeline.archive.seals import Seal, load_seal, timestamp_file
from pipeline.archive.warc_records import ArchivedResponse, members, read_response, record_id
from pipeline.core.config import Config, Home
from pipeline.core.errors import ConfigError, DataError
from pipeline.published.database import open_published, query
from pipeline.store.queries import Statements

SQL = Statements(__package__, "evidence_bundle")

MANIFEST = "manifest.json"
README = """\
Check it without Rumortrail:
- sha256sum of each file against manifest.json.
- record.warc.gz is the record as the archive holds it: `warcio check record.warc.gz`.
- Its leaf is SHA-256(0x00 || record.warc.gz). inclusion.json leads from it to the root of the night
  (RFC 6962, 2.1.1): a node is SHA-256(0x01 || left || right), the nearest neighbour first.
- If there is a timestamp.tsr, an authority signed that the root existed at that time:
  openssl ts -verify -data merkle.root -in timestamp.tsr -CAfile AUTHORITY.pem
"""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The folder that was written, how many versions are in it, and what is missing or damaged."""

    folder: Path
    versions: int
    faults: tuple[str, ...]


@dataclass(slots=True)
class _Content:
    """The files of a bundle by their path in it."""

    files: dict[str, bytes] = field(default_factory=dict)
    versions: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def write_evidence(home: Home, config: Config, document_id: str, folder: Path) -> Bundle:
    """Write the archived responses of a document's versions, their proofs and an index into a new folder.

    Reads the published copy and the archive. Raises DataError for an unknown document, for one that was read
    from a file, and where none of its responses can be read; ConfigError where `folder` is not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder} already exists: name an empty or new folder with --out")
    document, versions = _stored(home, config, document_id)
    kept = [version for version in versions if version["warc"]]
    if not kept:
        raise DataError(f"{document_id} has no archived response: it was read from a file of yours")
    content = _Content()
    for version in kept:
        try:
            _add(content, home, version)
        except (DataError, OSError) as error:
            content.faults.append(f"version {version['number']}: {error}")
    if not content.versions:
        faults = "\n  ".join(content.faults)
        raise DataError(f"no archived response of {document_id} can be read:\n  {faults}")
    content.files["README.txt"] = README.encode()
    content.files["index.html"] = _index(document, content).encode("utf-8", "backslashreplace")
    try:
        _write(content, document, folder)
    except OSError as error:
        raise DataError(f"{folder} cannot be written: {error}") from error
    return Bundle(folder, len(content.versions), tuple(content.faults))


def find_member(home: Home, warc: str) -> tuple[bytes, Seal | None, int]:
    """Return the gzip member named `warc` (`<file>#<record id>`), its file's seal, and its place (from 0).

    Raises DataError where the file, or the record in it, is missing or not as it was sealed.
    """
    name, _, record = warc.partition("#")
    archive = home.archive / Path(name).name
    if not archive.is_file():
        raise DataError(f"{name} is not in {home.archive}: it was moved away, or is a file that you imported")
    try:
        sealed = load_seal(archive)
    except DataError:
        sealed = None  # `rumortrail verify` reports it; the record itself may be whole
    with archive.open("rb") as file:
        for number, place in enumerate(sealed.records if sealed else ()):
            if place.record == record:
                file.seek(place.offset)
                member = file.read(place.length)
                if leaf_hash(member).hex() != place.leaf:
                    raise DataError(f"{name}: record {number + 1} is not what was sealed")
                return member, sealed, number
        for number, (_, member) in enumerate(members(file, sealed.end if sealed else 0)):
            if record_id(member) == record:
                return member, None, number
    raise DataError(f"{name} has no record {record}")


def _stored(home: Home, config: Config, document_id: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    connection = open_published(home.published, config.ask)
    try:
        stored = {}
        for name, sql in SQL.items():
            columns, rows = query(connection, sql, {"document_id": document_id}, seconds=config.ask.seconds)
            stored[name] = [dict(zip(columns, row, strict=True)) for row in rows]
    finally:
        connection.close()
    if not stored["document"]:
        lists = '`rumortrail ask "SELECT document_id, url FROM documents"` lists the documents'
        raise DataError(f"no document {document_id!r} is published; {lists}")
    return stored["document"][0], stored["versions"]


def _add(content: _Content, home: Home, version: dict[str, Any]) -> None:
    member, sealed, number = find_member(home, version["warc"])
    response = read_response(member)
    where = f"version-{version['number']}"
    faults = [f"warcio: {problem}" for problem in response.problems]
    if response.sha256 != version["sha256"]:
        faults.append(f"the stored page has SHA-256 {response.sha256}, the version {version['sha256']}")
    content.faults += [f"version {version['number']}: {fault}" for fault in faults]
    head = "".join(f"{name}: {value}\n" for name, value in response.headers)
    files = {
        "record.warc.gz": member,
        "payload.bin": response.payload,
        "headers.txt": f"{response.status}\n{head}".encode("utf-8", "backslashreplace"),
        "text.txt": version["text"].encode("utf-8", "backslashreplace"),
    }
    if sealed is not None:
        files["inclusion.json"] = _json(_inclusion(sealed, number))
        files["merkle.root"] = bytes.fromhex(sealed.root)
        stamp = timestamp_file(home.archive / sealed.archive)
        if stamp.exists():
            files["timestamp.tsr"] = stamp.read_bytes()
    content.files |= {f"{where}/{name}": data for name, data in files.items()}
    facts = {key: value for key, value in version.items() if key != "text"}
    facts |= {"folder": where, **_facts(response), "merkle_root": sealed.root if sealed else None}
    content.versions.append(facts)


def _facts(response: ArchivedResponse) -> dict[str, Any]:
    types = (value for name, value in response.headers if name.lower() == "content-type")
    facts = {"requested_url": response.url, "archived_at": response.date, "status": response.status}
    return facts | {"content_type": next(types, None)}


def _inclusion(sealed: Seal, number: int) -> dict[str, Any]:
    path = inclusion_path(sealed.leaves, number)
    return {
        "archive": sealed.archive,
        "leaf": sealed.records[number].leaf,
        "index": number,
        "size": len(sealed.records),
        "path": [node.hex() for node in path],
        "root": sealed.root,
    }


def _json(values: Any) -> bytes:
    return json.dumps(values, indent=1, ensure_ascii=True, default=_time).encode() + b"\n"


def _time(value: Any) -> str:
    if isinstance(value, datetime):  # DuckDB's are UTC without a zone
        return value.isoformat() + "Z"
    raise TypeError(f"{type(value).__name__} has no place in a manifest")


def _write(content: _Content, document: dict[str, Any], folder: Path) -> None:
    """The folder appears whole: it is made under another name beside it."""
    manifest = {
        "document": document,
        "versions": content.versions,
        "faults": content.faults,
        "files": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in sorted(content.files.items())
        },
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f"{folder.name}.new")
    if fresh.exists():
        shutil.rmtree(fresh)
    for name, data in {**content.files, MANIFEST: _json(manifest)}.items():
        file = fresh / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    if folder.exists():
        folder.rmdir()
    fresh.rename(folder)


def _index(document: dict[str, Any], content: _Content) -> str:
    """Return a page that loads nothing and links nowhere: addresses and texts are shown as text."""
    parts = [
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>",
        "<meta http-equiv='Content-Security-Policy' "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>Evidence: {_shown(document['document_id'])}</title>",
        "<style>body{font:16px sans-serif;max-width:60em;margin:2em auto}"
        "th{text-align:left;padding-right:1em}td{overflow-wrap:anywhere}pre{white-space:pre-wrap}"
        "</style></head><body>",
        f"<h1>{_shown(document['title'] or document['document_id'])}</h1>",
        _table(document.items()),
    ]
    if content.faults:
        faults = "".join(f"<li>{_shown(fault)}</li>" for fault in content.faults)
        parts.append(f"<h2>Missing or damaged</h2><ul>{faults}</ul>")
    for version in content.versions:
        table = _table(list(version.items()))
        parts.append(f"<h2>Version {version['number']}</h2>{table}<p>Files in {version['folder']}:</p><ul>")
        for name, data in content.files.items():
            if name.startswith(f"{version['folder']}/"):
                digest = hashlib.sha256(data).hexdigest()
                size = f"{len(data)} bytes"
                parts.append(f"<li><code>{name}</code>, {size}, SHA-256 <code>{digest}</code></li>")
        parts.append("</ul>")
    parts.append("<p>payload.bin is the page exactly as received. It may hold scripts: open it as text.</p>")
    parts.append(f"<pre>{_shown(README)}</pre></body></html>\n")
    return "\n".join(parts)


def _table(items: Any) -> str:
    rows = (f"<tr><th>{_shown(key)}</th><td>{_shown(value)}</td></tr>" for key, value in items)
    return f"<table>{''.join(rows)}</table>"


def _shown(value: object) -> str:
    if value is None:
        return "unknown"
    return escape(f"{value:%Y-%m-%d %H:%M:%S} UTC" if isinstance(value, datetime) else str(value))


def default_folder(document_id: str) -> Path:
    """Return `evidence-<id>` in the working folder, with "_" for what a file name cannot hold."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in document_id)
    return Path(f"evidence-{plain[:80]}")
