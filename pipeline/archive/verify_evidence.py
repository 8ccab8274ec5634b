"""Check evidence that Rumortrail wrote, a folder or a .wacz file, with Python 3.11 alone and offline.

    python3 verify_evidence.py [FOLDER or FILE.wacz]

Without an argument it checks the folder that it lies in. It unpacks nothing onto the disk and runs nothing.

Exit code 0: all is whole, and each page is proved. 1: something was changed, is missing or does not fit.
2: this is no evidence that can be read. 3: nothing is wrong, but something has no proof.

It cannot check the signatures of time stamps, only what they were given for; it prints the command that can.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

MAX_FILES = 100_000
MAX_TOTAL = 16 << 30
MAX_RECORD = 256 << 20
MAX_TEXT = 64 << 20
MAX_TOKEN = 1 << 20
"""Bounds in bytes, unpacked: of all that is read, of a page, of a text or list, of a time stamp."""

PACKAGE, DIGEST, MANIFEST = "datapackage.json", "datapackage-digest.json", "evidence/manifest.json"
_NAME = re.compile(r"(?!\.)[A-Za-z0-9_.@-]{1,200}/(?!\.)[A-Za-z0-9_.@-]{1,200}")
_BROKEN = (
    OSError, EOFError, ValueError, RuntimeError, NotImplementedError, RecursionError, MemoryError,
    OverflowError, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_SHA256 = bytes.fromhex("608648016503040201")
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_TIME_STAMP = bytes.fromhex("2a864886f70d0109100104")


_SIGNATURES = """\
NOT CHECKED: the signatures of the time stamps. Get the certificate of each authority from the authority,
unpack the evidence, and run in its folder:"""
_LIMITS = """\
NOT CHECKED: whether what the page says is true, whether its server was the one that its address names,
and the collector's clock (a time stamp says "not later than"). Titles, times and sources in the manifest
are how Rumortrail read the page."""


class Fault(Exception):
    """Something that does not fit; the rest is checked all the same."""


class UnreadableError(Exception):
    """This is no evidence, or more than can be checked."""


@dataclass(slots=True)
class Report:
    """What holds, what is wrong, what has no proof, and the commands for the signatures."""

    holds: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unproved: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    @property
    def code(self) -> int:
        """Return the exit code."""
        return 1 if self.wrong else 3 if self.unproved else 0


class Bundle:
    """The files of a folder or a WACZ file. No link is followed, and nothing is read without bound."""

    def __init__(self, path: Path) -> None:
        """Raises UnreadableError, and what reading files and ZIP files raises."""
        self.path = path
        self.names: set[str] = set()
        self.faults: list[str] = []
        self._zip: zipfile.ZipFile | None = None
        self._read = 0
        for name in self._folder() if path.is_dir() else self._packed():
            if len(self.names) + len(self.faults) >= MAX_FILES:
                raise UnreadableError(f"it has more than {MAX_FILES:,} files")
            if name in self.names:
                raise UnreadableError(f"two files have the name {name}")
            if _NAME.fullmatch(name) or name in (PACKAGE, DIGEST):
                self.names.add(name)
            else:
                self.faults.append(f"a file has a name that evidence never has: {name}")

    def _folder(self) -> Iterator[str]:
        waiting = [(self.path, "")]
        while waiting:
            folder, prefix = waiting.pop()
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False) and prefix.count("/") < 2:
                        waiting.append((Path(entry.path), f"{prefix}{entry.name}/"))
                    elif entry.is_file(follow_symlinks=False):
                        yield prefix + entry.name
                    else:
                        self.faults.append(f"{prefix}{entry.name} is not a plain file")

    def _packed(self) -> Iterator[str]:
        with self.path.open("rb") as file:
            # An entry of the list costs some 50 bytes in the file and 500 in memory: they are counted first.
            entries, tail = 0, b""
            while piece := file.read(1 << 20):
                entries += (tail + piece).count(b"PK\x01\x02")
                tail = piece[-3:]
        if entries > MAX_FILES:
            raise UnreadableError(f"it has more than {MAX_FILES:,} files")
        self._zip = zipfile.ZipFile(self.path)
        for entry in self._zip.infolist():
            if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                self.faults.append(f"{entry.filename} is packed in a way that evidence never is")
            elif not entry.is_dir():
                yield entry.orig_filename

    def pieces(self, name: str, limit: int = MAX_TOTAL) -> Iterator[bytes]:
        """Yield the content of a file. Raises Fault where it is longer than `limit`, or cannot be read."""
        size = 0
        try:
            with self._open(name) as file:
                while piece := file.read(1 << 20):
                    size += len(piece)
                    self._read += len(piece)
                    if size > limit:
                        raise Fault(f"{name} has more than {limit:,} bytes")
                    if self._read > MAX_TOTAL:
                        raise UnreadableError(f"there are more than {MAX_TOTAL:,} bytes to read")
                    yield piece
        except _BROKEN as error:
            raise Fault(f"{name} cannot be read: {error}") from error

    def _open(self, name: str) -> BinaryIO:
        if self._zip is None:
            return (self.path / name).open("rb")
        return self._zip.open(name)  # type: ignore[return-value]

    def read(self, name: str, limit: int) -> bytes:
        """Return a file of at most `limit` bytes. Raises Fault as `pieces` does, and where it is missing."""
        if name not in self.names:
            raise Fault(f"{name} is missing")
        return b"".join(self.pieces(name, limit))

    def values(self, name: str) -> Any:
        """Return what a JSON file holds; raises Fault."""
        try:
            return json.loads(self.read(name, MAX_TEXT))
        except _BROKEN as error:
            raise Fault(f"{name} is not JSON: {error}") from error


Texts = dict[tuple[str, int], tuple[str, str]]
"""Title and text by document and number of version."""


def check(bundle: Bundle) -> Report:
    """Return what holds and what does not. Raises UnreadableError where it is no evidence of Rumortrail."""
    report = Report(wrong=list(bundle.faults))
    try:
        manifest = bundle.values(MANIFEST)
        versions = _list(manifest, "versions")
    except Fault as fault:
        raise UnreadableError(f"it is not evidence from Rumortrail: {fault}") from None
    if not versions:
        raise UnreadableError("it holds no page")
    _hashes(bundle, report)
    texts: Texts = {}
    nights: dict[str, str] = {}
    records = set()
    for version in versions:
        try:
            place = f"{_text(version, 'document_id')}, version {_number(version, 'number')}"
            records.add(_text(version, "record"))
            night = _version(bundle, version, texts)
            if night and nights.setdefault(*night) != night[1]:
                raise Fault(f"there are two roots of {night[0]}")
        except Fault as fault:
            report.wrong.append(str(fault))
            continue
        words = f"{version['requested_url']} at {version['archived_at']} by the collector's clock"
        report.holds.append(f"{place}: the record is whole{' and sealed' if night else ''}: {words}")
        if night is None:
            report.unproved.append(f"{place} has no seal: nothing shows that it was not made later")
    for name in sorted(bundle.names - records):
        if name.startswith("archive/"):
            report.wrong.append(f"{name} belongs to no version")
    _nights(bundle, report, nights)
    try:
        report.unproved += [
            f"the evidence itself says: {known_fault}" for known_fault in _list(manifest, "faults", str)
        ]
        _quotes(_list(manifest, "statements"), texts, report)
    except Fault as fault:
        report.wrong.append(str(fault))
    return report


def _hashes(bundle: Bundle, report: Report) -> None:
    """Compare every file with the list of hashes, and the list with its own."""
    listed = {}
    try:
        resources = _list(bundle.values(PACKAGE), "resources")
        listed = {
            _text(resource, "path"): (_text(resource, "hash"), resource.get("bytes"))
            for resource in resources
        }
        digest = _text(bundle.values(DIGEST), "hash")
        if digest != _hash(bundle, PACKAGE)[0]:
            report.wrong.append(f"{PACKAGE} is not the one that {DIGEST} was made of")
    except Fault as fault:
        report.wrong.append(str(fault))
    for name in sorted(bundle.names - {PACKAGE, DIGEST}):
        try:
            if name not in listed:
                report.wrong.append(f"{name} is not in the list of hashes")
            elif _hash(bundle, name) != listed[name]:
                report.wrong.append(f"{name} was changed: its hash is another one than in the list")
        except Fault as fault:
            report.wrong.append(str(fault))
    report.wrong += [f"{name} is missing" for name in sorted(listed.keys() - bundle.names)]
    if not report.wrong:
        report.holds.append(f"{len(listed):,} files: each is the one in the list of hashes")


def _hash(bundle: Bundle, name: str) -> tuple[str, int]:
    hasher, size = hashlib.sha256(), 0
    for piece in bundle.pieces(name):
        hasher.update(piece)
        size += len(piece)
    return f"sha256:{hasher.hexdigest()}", size


def _version(bundle: Bundle, version: Any, texts: Texts) -> tuple[str, str] | None:
    """Check a version's record, page and text; return name and root of its archive, None without a seal."""
    folder, name = _text(version, "folder"), _text(version, "record")
    member = bundle.read(name, MAX_RECORD)
    headers, status, payload = read_record(member, name)
    url, date = headers.get("warc-target-uri"), headers.get("warc-date")
    for key, value in (("requested_url", url), ("archived_at", date), ("status", status)):
        if _text(version, key) != value:
            raise Fault(f"{name}: the record says {value!r}, the manifest {version[key]!r} ({key})")
    if hashlib.sha256(payload).hexdigest() != _text(version, "sha256"):
        raise Fault(f"{name}: the page is not the one that the version was read from (SHA-256)")
    if bundle.read(f"{folder}/payload.bin", MAX_RECORD) != payload:
        raise Fault(f"{folder}/payload.bin is not the page in {name}")
    try:
        text, title = bundle.read(f"{folder}/text.txt", MAX_TEXT).decode(), version.get("title") or ""
        hashed_parts = [title, text, *([version["headline"]] if version.get("headline") else [])]
        digest = hashlib.sha256("\x1f".join(hashed_parts).encode()).hexdigest()
    except (TypeError, ValueError) as error:
        raise Fault(f"{folder}/text.txt or the title is not text: {error}") from error
    if digest != _text(version, "text_sha256"):
        raise Fault(f"{folder}/text.txt and the title are not those that the version was read as (SHA-256)")
    texts[_text(version, "document_id"), _number(version, "number")] = (title, text)
    if version.get("merkle_root") is None:
        return None
    proof = bundle.values(f"{folder}/inclusion.json")
    root = root_of(leaf_hash(member), _number(proof, "index"), _number(proof, "size"), _nodes(proof))
    if not root.hex() == _text(proof, "root") == version["merkle_root"]:
        raise Fault(f"{name}: the path in {folder}/inclusion.json does not lead to the root of its night")
    return _text(proof, "archive"), root.hex()


def read_record(member: bytes, name: str) -> tuple[dict[str, str], str, bytes]:
    """Return WARC headers (names in small letters), status and payload of the one record in a gzip member.

    Raises Fault where there is anything else, and where a digest in the record is not that of its bytes.
    """
    try:
        unpacker = zlib.decompressobj(wbits=31)
        data = unpacker.decompress(member, MAX_RECORD)
    except zlib.error as error:
        raise Fault(f"{name} is damaged: {error}") from error
    if not unpacker.eof or unpacker.unused_data:
        raise Fault(f"{name} is not one whole record of at most {MAX_RECORD:,} bytes")
    version_line, _, rest = data.partition(b"\r\n")
    lines, separator, rest = rest.partition(b"\r\n\r\n")
    head: dict[str, str] = {}
    for line in lines.decode("utf-8", "replace").split("\r\n"):
        key, _, value = line.partition(":")
        if head.setdefault(key.strip().lower(), value.strip()) != value.strip():
            raise Fault(f"{name}: the record has two headers {key!r}")
    length = head.get("content-length", "")
    if not version_line.startswith(b"WARC/1.") or not separator or not re.fullmatch(r"[0-9]{1,12}", length):
        raise Fault(f"{name} is not a WARC record")
    block = rest[: int(length)]
    if head.get("warc-type") != "response" or len(block) < int(length) or rest[len(block) :] != b"\r\n\r\n":
        raise Fault(f"{name} is not a WARC record of a whole response")
    http_head, _, payload = block.partition(b"\r\n\r\n")
    digests = {"warc-block-digest": block, "warc-payload-digest": payload}
    if not digests.keys() & head.keys():
        raise Fault(f"{name}: the record has no digest")
    for key, covered in digests.items():
        if key in head and not _fits(head[key], covered):
            raise Fault(f"{name}: {key} is not that of the bytes in the record")
    status = http_head.partition(b"\r\n")[0].decode("utf-8", "replace").partition(" ")[2]
    return head, status, payload


def _fits(digest: str, data: bytes) -> bool:
    algorithm, _, value = digest.partition(":")
    if algorithm.lower() not in ("sha1", "sha256", "sha512"):
        return False
    hasher = hashlib.new(algorithm.lower(), data, usedforsecurity=False)
    return value.rstrip("=") in (hasher.hexdigest(), base64.b32encode(hasher.digest()).decode().rstrip("="))


def leaf_hash(data: bytes) -> bytes:
    """Return the leaf (32 bytes) that stands for `data` in a Merkle tree (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def root_of(leaf: bytes, index: int, size: int, nodes: list[bytes]) -> bytes:
    """Return the root to which `nodes` lead from the leaf at `index` (from 0) of `size`; raises Fault."""
    if not 0 <= index < size:
        raise Fault(f"there is no leaf {index} among {size}")
    if size == 1 or not nodes:
        if size > 1 or nodes:
            raise Fault("a path to a root has another length than the tree")
        return leaf
    half = 1 << (size - 1).bit_length() - 1
    if index < half:
        return hashlib.sha256(b"\x01" + root_of(leaf, index, half, nodes[:-1]) + nodes[-1]).digest()
    return hashlib.sha256(b"\x01" + nodes[-1] + root_of(leaf, index - half, size - half, nodes[:-1])).digest()


def _nights(bundle: Bundle, report: Report, nights: dict[str, str]) -> None:
    """Check roots, time stamps and the chain; a later night's stamp also proves a night without one."""
    chain: dict[str, str] = {}
    try:
        chain = _chain(bundle, nights) if "seals/chain.json" in bundle.names else {}
    except Fault as fault:
        report.wrong.append(f"the chain of seals: {fault}")
    if len(chain) > 1:
        report.holds.append(f"{len(chain):,} nights: each seal holds the one before it")
    tokens: dict[str, list[str]] = {}
    for name in sorted(bundle.names):
        if match := re.fullmatch(r"seals/([^@]+?)(@.+)?\.tsr", name):
            tokens.setdefault(match[1], []).append(name)
    stamped: set[str] = set()
    for archive, root in {**chain, **nights}.items():
        try:
            if f"seals/{_stem(archive)}.root" in bundle.names or archive in nights:
                _stamps(bundle, report, _stem(archive), root, tokens.get(_stem(archive), []))
                stamped |= {archive} if _stem(archive) in tokens else set()
        except Fault as fault:
            report.wrong.append(str(fault))
    proof_of: dict[str, str] = {}
    next_stamped = ""
    for archive in reversed(chain):
        next_stamped = proof_of[archive] = archive if archive in stamped else next_stamped
    for archive in sorted(nights.keys() - stamped):
        if proof_of.get(archive):
            words = (
                f"older than the time stamps of night {_stem(proof_of[archive])}, whose seal holds its seal"
            )
            report.holds.append(f"night {_stem(archive)}: {words}")
        else:
            words = "nobody but the collector attests when it was sealed"
            report.unproved.append(f"night {_stem(archive)} has no time stamp: {words}")


def _chain(bundle: Bundle, nights: dict[str, str]) -> dict[str, str]:
    """Return the roots in the chain by their archives, in its order: each holds the one before it."""
    chain: dict[str, str] = {}
    previous: tuple[str, str] | None = None
    for link in _list({"chain": bundle.values("seals/chain.json")}, "chain"):
        archive, root = _text(link, "archive"), _text(link, "root")
        if previous is not None:
            size = _number(link, "size")
            leaf = leaf_hash("previous seal\n{}\n{}\n".format(*previous).encode("utf-8", "replace"))
            if root_of(leaf, size - 1, size, _nodes(link)).hex() != root:
                raise Fault(f"the seal of {archive} does not hold that of {previous[0]}")
        if archive in chain or nights.get(archive, root) != root:
            raise Fault(f"it has another seal of {archive}")
        chain[archive] = root
        previous = archive, root
    return chain


def _stamps(bundle: Bundle, report: Report, stem: str, root: str, tokens: list[str]) -> None:
    """Check the root of a night and its time stamps; raises Fault."""
    name = f"seals/{stem}.root"
    data = bundle.read(name, 32)
    if data.hex() != root:
        raise Fault(f"{name} is not the root to which the paths lead")
    for token in tokens:
        stamped_at = stamp_time(bundle.read(token, MAX_TOKEN), data, token)
        authority = token.removesuffix(".tsr").partition("@")[2] or "(not named)"
        report.holds.append(f"night {stem}: authority {authority} was given its root at {stamped_at}")
        report.commands.append(f"openssl ts -verify -data {name} -in {token} -CAfile AUTHORITY.pem")


def stamp_time(answer: bytes, data: bytes, name: str) -> str:
    """Return when the answer of a time-stamp authority (RFC 3161) says that it was given SHA-256(`data`).

    Raises Fault where it was given something else, or is none. Its signature is not checked.
    """
    try:
        status, token = _parts(_parts(answer)[0][1])[:2]
        kind, signed = _parts(token[1])[:2]
        content = _parts(_parts(signed[1])[0][1])[2]
        inner, wrapped = _parts(content[1])[:2]
        info = _parts(_parts(_parts(wrapped[1])[0][1])[0][1])
        imprint, stamp = _parts(info[2][1]), info[4]
        granted = _parts(status[1])[0] in ((2, b"\x00"), (2, b"\x01"))
        algorithm = _parts(imprint[0][1])[0][1]
        if (kind[1], inner[1], stamp[0]) != (_SIGNED_DATA, _TIME_STAMP, 0x18) or not granted:
            raise ValueError("it is another kind of answer, or a refusal")
        when = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z", stamp[1].decode("ascii"))
        if when is None:
            raise ValueError("it has no time")
    except (ValueError, IndexError) as error:
        raise Fault(f"{name} is not a time stamp that can be read: {error}") from error
    if algorithm != _SHA256 or imprint[1][1] != hashlib.sha256(data).digest():
        raise Fault(f"{name} is a time stamp of something else")
    year, month, day, hour, minute, second, part = when.groups("")
    return f"{year}-{month}-{day} {hour}:{minute}:{second}{part} UTC"


def _parts(data: bytes) -> list[tuple[int, bytes]]:
    """Return tag and content of each DER element in `data`; raises ValueError."""
    parts: list[tuple[int, bytes]] = []
    while data:
        tag, length, start = data[0], data[1] if len(data) > 1 else 0x80, 2
        if length & 0x80:
            start += length & 0x7F
            if not 3 <= start <= 6:
                raise ValueError("a length that DER does not have")
            length = int.from_bytes(data[2:start], "big")
        if len(data) < start + length or len(parts) > 1_000:
            raise ValueError("it is cut off")
        parts.append((tag, data[start : start + length]))
        data = data[start + length :]
    return parts


def _quotes(statements: list[Any], texts: Texts, report: Report) -> None:
    """Compare each quote of a claim with the text at its place; raises Fault."""
    matching = 0
    for statement in statements:
        quote, place = (
            _text(statement, "quote"),
            (_text(statement, "document_id"), _number(statement, "version")),
        )
        if place not in texts or statement.get("in_place") is not True:
            report.unproved.append(f"the quote {quote!r} has no place in this evidence")
            continue
        text = texts[place][statement.get("part") != "title"]
        if text[_number(statement, "start_char") : _number(statement, "end_char")] != quote:
            report.wrong.append(f"the quote {quote!r} is not at its place in {place[0]}, version {place[1]}")
        else:
            matching += 1
    if matching:
        report.holds.append(f"{matching:,} quotes: each stands in the text of its page, to the letter")


def _stem(archive: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", archive.removesuffix(".warc.gz"))[:80]


def _list(values: Any, key: str, kind: type = dict) -> list[Any]:
    value = values.get(key) if isinstance(values, dict) else None
    if not isinstance(value, list) or not all(isinstance(item, kind) for item in value):
        raise Fault(f"there is no list of {key!r}")
    return value


def _text(values: Any, key: str) -> str:
    value = values.get(key) if isinstance(values, dict) else None
    if not isinstance(value, str):
        raise Fault(f"there is no text {key!r} where one is expected")
    return value


def _number(values: Any, key: str) -> int:
    value = values.get(key) if isinstance(values, dict) else None
    if type(value) is not int or not 0 <= value < 1 << 62:
        raise Fault(f"there is no number {key!r} where one is expected")
    return value


def _nodes(values: Any) -> list[bytes]:
    nodes = values.get("nodes") if isinstance(values, dict) else None
    if not isinstance(nodes, list) or len(nodes) > 64:
        raise Fault("there is no path where one is expected")
    if not all(isinstance(node, str) and re.fullmatch("[0-9a-f]{64}", node) for node in nodes):
        raise Fault("a path holds something else than hashes")
    return [bytes.fromhex(node) for node in nodes]


def _shown(text: str) -> str:
    """Return `text` on one line, without what could steer a terminal."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:600])


def main(arguments: list[str] | None = None) -> int:
    """Check what the command line names, print what was found and return the exit code."""
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("evidence", nargs="?", type=Path, help="a folder or a .wacz file")
    path = parser.parse_args(arguments).evidence or Path(__file__).resolve().parent.parent
    try:
        if path.is_dir() and not (path / PACKAGE).is_file():
            raise UnreadableError(f"it has no {PACKAGE}: name the folder or the .wacz file")
        report = check(Bundle(path))
    except (UnreadableError, *_BROKEN) as error:
        print(f"CANNOT BE CHECKED: {_shown(str(path))}: {_shown(str(error) or type(error).__name__)}")
        return 2
    for title, lines in (("holds", report.holds), ("NOT PROVED", report.unproved), ("WRONG", report.wrong)):
        for line in lines:
            print(f"{title}: {_shown(line)}")
    if report.commands:
        print(f"\n{_SIGNATURES}", *(f"  {_shown(command)}" for command in report.commands), sep="\n")
    print(_LIMITS)
    verdicts = {0: "ALL WELL", 1: "SOMETHING IS WRONG", 3: "NOTHING IS WRONG, BUT NOT ALL IS PROVED"}
    print(f"\n{verdicts[report.code]} (exit code {report.code})")
    return report.code


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main())
