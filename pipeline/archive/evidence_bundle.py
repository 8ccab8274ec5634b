"""`rumortrail evidence`: archived pages in a folder, or a WACZ file, that proves itself to others."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.archive.chain import load_chain
from pipeline.archive.evidence_page import README, index
from pipeline.archive.evidence_subject import Subject, read_subject
from pipeline.archive.merkle import inclusion_path, leaf_hash
from pipeline.archive.seals import SUFFIX, Seal, load_seal, timestamps
from pipeline.archive.verify_evidence import Bundle as Checked
from pipeline.archive.verify_evidence import check
from pipeline.archive.wacz import Capture, Folder, complete, pack
from pipeline.archive.warc_records import ArchivedResponse, read_response, record_id
from pipeline.core.config import Config
from pipeline.core.context import Progress, silent
from pipeline.core.errors import ConfigError, DataError
from pipeline.core.home import Home
from pipeline.core.text import utf8
from pipeline.core.warc import members

MANIFEST = "evidence/manifest.json"
CHECKER = "verify_evidence.py"


@dataclass(frozen=True, slots=True)
class Bundle:
    """The folder or file that was written, how many versions are in it, and what is missing or damaged."""

    path: Path
    versions: int
    faults: tuple[str, ...]


@dataclass(slots=True)
class _Content:
    """What was put into the folder so far; `seals` by the name of their archive."""

    folder: Folder
    versions: list[dict[str, Any]] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)
    seals: dict[str, Seal] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def write_evidence(
    home: Home, config: Config, wanted: str, out: Path, *, wacz: bool = False, progress: Progress = silent
) -> Bundle:
    """Write the archived responses of a document, or of all documents of a claim, with their proofs.

    `wanted` is the id of either. `out` is a new folder, or with `wacz` a file, which replaces an older one;
    both hold the same, and were checked as others will check them. Reads the published copy and the archive.
    Raises DataError for an unknown id, and where no response can be read; ConfigError where `out` cannot be
    written or is a folder with files in it.
    """
    if out.exists() and (out.is_dir() if wacz else not out.is_dir() or any(out.iterdir())):
        reason = "is a folder: name a file" if wacz else "already exists: name an empty or new folder"
        raise ConfigError(f"{out} {reason} with --out")
    subject = read_subject(home, config, wanted)
    with _fresh(out) as path:
        content = _Content(Folder(path))
        loaded: dict[Path, Seal | None] = {}
        for number, version in enumerate(subject.versions):
            progress("versions", number, len(subject.versions))
            place = f"{version['document_id']}, version {version['number']}"
            try:
                _add(content, home, version, place, loaded)
            except DataError as error:
                content.faults.append(f"{place}: {error}")
        if not content.versions:
            faults = "\n  ".join([*content.faults, *subject.faults])
            raise DataError(f"no archived response of {wanted} can be read:\n  {faults}")
        content.faults += subject.faults
        _add_seals(content, home)
        _add_words(content, subject)
        complete(content.folder, content.captures, title=subject.title, at=datetime.now(UTC))
        # The faults that others will find are reported before it is handed out.
        content.faults += check(Checked(path)).wrong
        if wacz:
            pack(content.folder, out)
        else:
            if out.exists():
                out.rmdir()
            path.rename(out)
    return Bundle(out, len(content.versions), tuple(content.faults))


@contextmanager
def _fresh(out: Path) -> Iterator[Path]:
    """Give an empty folder beside `out`, and take it away if it is still there at the end."""
    path = out.with_name(f"{out.name}.new")
    try:
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        yield path
    except OSError as error:
        raise ConfigError(f"{out} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(path, ignore_errors=True)


def find_member(home: Home, warc: str, loaded: dict[Path, Seal | None]) -> tuple[bytes, Seal | None, int]:
    """Return the gzip member named `warc` (`<file>#<record id>`), its file's seal, and its place (from 0).

    `loaded` keeps the seals that were read already. Raises DataError where the file, or the record in it,
    cannot be read or is not as it was sealed.
    """
    name, _, wanted_record = warc.partition("#")
    archive = home.archive / Path(name).name
    if not archive.is_file():
        raise DataError(f"{name} is not in {home.archive}: it was moved away, or is a file that you imported")
    if archive not in loaded:
        try:
            loaded[archive] = load_seal(archive)
        except DataError:
            loaded[archive] = None  # `rumortrail verify` reports it; the record itself may be whole
    sealed = loaded[archive]
    try:
        with archive.open("rb") as file:
            for number, sealed_record in enumerate(sealed.records if sealed else ()):
                if sealed_record.record == wanted_record:
                    file.seek(sealed_record.offset)
                    member = file.read(sealed_record.length)
                    if leaf_hash(member).hex() != sealed_record.leaf:
                        raise DataError(f"{name}: record {number + 1} is not what was sealed")
                    return member, sealed, number
            for number, (_, member) in enumerate(members(file, sealed.end if sealed else 0)):
                if record_id(member) == wanted_record:
                    return member, None, number
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error}") from error
    raise DataError(f"{name} has no record {wanted_record}")


def _add(
    content: _Content, home: Home, version: dict[str, Any], place: str, loaded: dict[Path, Seal | None]
) -> None:
    member, sealed, number = find_member(home, version["warc"], loaded)
    response = read_response(member)
    folder = f"{_plain(version['document_id'])}-version-{version['number']}"
    while f"{folder}/payload.bin" in content.folder.files:
        folder += "-2"  # two ids that differ only in characters that no file name has
    faults = [f"warcio: {problem}" for problem in response.problems]
    if response.sha256 != version["sha256"]:
        faults.append(f"the stored page has SHA-256 {response.sha256}, the version {version['sha256']}")
    content.faults += [f"{place}: {fault}" for fault in faults]
    header_lines = "".join(f"{name}: {value}\n" for name, value in response.headers)
    record_path = f"archive/{folder}{SUFFIX}"
    contents = {
        record_path: member,
        f"{folder}/payload.bin": response.payload,
        f"{folder}/headers.txt": utf8(f"{response.status}\n{header_lines}"),
        f"{folder}/text.txt": utf8(version["text"]),
    }
    if sealed is not None:
        contents[f"{folder}/inclusion.json"] = _json(_inclusion(sealed, number))
        content.seals[sealed.archive] = sealed
    for name, data in contents.items():
        content.folder.add(name, data)
    facts = {key: value for key, value in version.items() if key != "text"}
    facts |= {"folder": folder, "record": record_path, **_facts(response)}
    content.versions.append(facts | {"merkle_root": sealed.root if sealed else None})
    content.captures.append(
        Capture(response.url, response.date, response.status, facts["content_type"],
                f"sha256:{response.sha256}", record_path, len(member), version["title"])
    )


def _facts(response: ArchivedResponse) -> dict[str, Any]:
    types = (value for name, value in response.headers if name.lower() == "content-type")
    facts = {"requested_url": response.url, "archived_at": response.date, "status": response.status}
    return facts | {"content_type": next(types, None)}


def _inclusion(sealed: Seal, number: int) -> dict[str, Any]:
    leaves = sealed.leaves
    return {
        "archive": sealed.archive,
        "leaf": leaves[number].hex(),
        "index": number,
        "size": len(leaves),
        "nodes": [node.hex() for node in inclusion_path(leaves, number)],
        "root": sealed.root,
    }


def _add_seals(content: _Content, home: Home) -> None:
    """Add root and time stamps of each night, and the chain that leads from the first night to the last.

    Where no authority signed the last one, the chain goes on to the next night with a time stamp.
    """
    links: list[dict[str, Any]] = []
    try:
        chain = load_chain(home.archive)
        wanted_links = {sealed.link for sealed in content.seals.values()}
        numbers = [number for number, link in enumerate(chain) if link in wanted_links]
        for link in chain[numbers[0] :] if numbers else []:
            sealed = content.seals.get(link.archive) or load_seal(home.archive / link.archive)
            if sealed is None or sealed.link != link:
                raise DataError(f"the chain of seals is cut at {link.archive}")
            links.append(_link(sealed))
            wanted_links.discard(link)
            if not wanted_links and timestamps(home.archive / link.archive):
                content.seals[link.archive] = sealed
                break
    except DataError as error:
        content.faults.append(str(error))
    if links:
        content.folder.add("seals/chain.json", _json(links))
    for name in sorted(content.seals):
        stem = _plain(name.removesuffix(SUFFIX))
        content.folder.add(f"seals/{stem}.root", bytes.fromhex(content.seals[name].root))
        for authority, stamp in timestamps(home.archive / name).items():
            try:
                token = stamp.read_bytes()
            except OSError as error:
                content.faults.append(f"{stamp.name} cannot be read: {error}")
                continue
            content.folder.add(f"seals/{stem}{'@' + authority if authority else ''}.tsr", token)


def _link(sealed: Seal) -> dict[str, Any]:
    """Return a seal with the path from its last leaf, which stands for the seal before it, to its root."""
    size = len(sealed.leaves)
    nodes = [node.hex() for node in inclusion_path(sealed.leaves, size - 1)] if sealed.previous else []
    return {"archive": sealed.archive, "root": sealed.root, "size": size, "nodes": nodes}


def _add_words(content: _Content, subject: Subject) -> None:
    """Add what is meant for people, the checker and the manifest, which tells what the bundle holds."""
    manifest = {
        "claim": subject.claim,
        "documents": subject.documents,
        "versions": content.versions,
        "statements": subject.statements,
        "faults": content.faults,
    }
    page = index(subject, content.versions, content.folder.files, content.faults)
    content.folder.add("evidence/README.txt", README.encode())
    content.folder.add("evidence/index.html", utf8(page))
    content.folder.add(f"evidence/{CHECKER}", files(__package__).joinpath(CHECKER).read_bytes())
    content.folder.add(MANIFEST, _json(manifest))


def _json(values: Any) -> bytes:
    return json.dumps(values, indent=1, ensure_ascii=True, default=_time).encode() + b"\n"


def _time(value: Any) -> str:
    if isinstance(value, datetime):  # DuckDB's are UTC without a zone
        return value.astimezone(UTC).isoformat() if value.tzinfo else f"{value.isoformat()}Z"
    raise TypeError(f"{type(value).__name__} has no place in a manifest")


def _plain(name: str) -> str:
    """Return `name` with "_" for what the name of a folder may not hold."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in name)[:80]


def default_out(wanted: str, *, wacz: bool) -> Path:
    """Return `evidence-<id>`, with the ending ".wacz" for a file, in the working folder."""
    return Path(f"evidence-{_plain(wanted)}{'.wacz' if wacz else ''}")
