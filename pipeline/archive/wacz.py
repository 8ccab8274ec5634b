"""What makes a folder of WARC files a web archive in the form WACZ 1.1.1, and packs it into one file.

Index, page list and list of hashes are those that ReplayWeb.page, pywb and `wacz validate` read.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from posixpath import normpath
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlsplit

from pipeline.core.files import whole_file

VERSION = "1.1.1"
DATAPACKAGE, DIGEST = "datapackage.json", "datapackage-digest.json"
_PORTS = {"http": 80, "https": 443}


@dataclass(slots=True)
class Folder:
    """A folder that is being filled: the SHA-256 and the size in bytes of each file by its path in it.

    Every file lies in a folder right inside, and no folder's name has a dot: `wacz validate` finds no other.
    """

    path: Path
    files: dict[str, tuple[str, int]] = field(default_factory=dict)

    def add(self, name: str, data: bytes) -> None:
        """Write the file `name`; raises OSError."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        self.files[name] = (hashlib.sha256(data).hexdigest(), len(data))


@dataclass(frozen=True, slots=True)
class Capture:
    """One archived response, alone in the WARC file `file` of `length` bytes."""

    url: str
    date: str
    status: str
    content_type: str | None
    digest: str
    file: str
    length: int
    title: str | None

    @property
    def timestamp(self) -> str:
        """Return its time in 14 digits, to the second."""
        return (re.sub(r"[^0-9]", "", self.date) + "0" * 14)[:14]

    @property
    def iso(self) -> str:
        """Return its time to the second, as a page list has it."""
        digits = self.timestamp
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12]}:{digits[12:]}Z"

    def line(self) -> str:
        """Return its line in an index of the form CDXJ."""
        mime = (self.content_type or "").partition(";")[0].strip() or "unk"
        status = self.status.partition(" ")[0]
        values = {"url": self.url, "mime": mime, "status": status, "digest": self.digest,
                  "length": str(self.length), "offset": "0", "filename": Path(self.file).name}
        return f"{url_key(self.url)} {self.timestamp} {json.dumps(values)}\n"


def url_key(url: str) -> str:
    """Return the key by which an index finds `url`: "https://www.a.example/B?y&x" is at "example,a)/b?x&y".

    Scheme, "www.", the scheme's own port, user, fragment and a slash at the end tell no two pages apart.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return _escaped(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        return _escaped(url)
    host = re.sub(r"^www\d*\.", "", _ascii(parts.hostname).strip("."))
    if ":" not in host:
        host = ",".join(reversed(host.split(".")))
    port_suffix = f":{port}" if port and port != _PORTS[parts.scheme] else ""
    path = normpath("/" + _escaped(parts.path).lstrip("/")) if parts.path else "/"
    query = "&".join(sorted(_escaped(parts.query).split("&")))
    return f"{_escaped(host)}{port_suffix}){path}{'?' + query if query else ''}"


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _escaped(text: str) -> str:
    """Return `text` in ASCII without spaces, each escape written in one way."""
    plain = unquote_to_bytes(text.encode("utf-8", "surrogatepass"))
    return quote(plain, safe="!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~").lower()


def complete(folder: Folder, captures: list[Capture], *, title: str, at: datetime) -> None:
    """Add index, pages and the list of hashes to a folder that has all its other files; raises OSError.

    `captures` holds at least one; the first is the main page. `at` is when the folder was made.
    """
    lines = sorted(capture.line().encode() for capture in captures)
    folder.add("indexes/index.cdx", b"".join(lines))
    pages: list[dict[str, Any]] = [{"format": "json-pages-1.0", "id": "pages", "title": "All pages"}]
    for number, capture in enumerate(captures, 1):
        page_title = capture.title or capture.url
        pages.append({"id": str(number), "url": capture.url, "ts": capture.iso, "title": page_title})
    folder.add("pages/pages.jsonl", b"".join(json.dumps(page).encode() + b"\n" for page in pages))
    package = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": title,
        "created": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "software": f"Rumortrail {version('rumortrail')}",
        "mainPageUrl": captures[0].url,
        "mainPageDate": captures[0].iso,
        "resources": [
            {
                "name": re.sub("[^-a-z0-9._/]", "_", name.lower()),
                "path": name,
                "hash": f"sha256:{sha256}",
                "bytes": size,
            }
            for name, (sha256, size) in sorted(folder.files.items())
        ],
    }
    data = json.dumps(package, indent=1).encode() + b"\n"
    digest = {"path": DATAPACKAGE, "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
    folder.add(DATAPACKAGE, data)
    folder.add(DIGEST, json.dumps(digest, indent=1).encode() + b"\n")


def pack(folder: Folder, target: Path) -> None:
    """Write `folder` as the file `target`, whole or not at all: WARC files stored, all else deflated.

    Raises ConfigError where it cannot be written.
    """
    with whole_file(target) as stream, zipfile.ZipFile(stream, "w") as packed:
        for name in sorted(folder.files):
            is_warc = name.endswith(".warc.gz")
            packed.write(folder.path / name, name, zipfile.ZIP_STORED if is_warc else zipfile.ZIP_DEFLATED)
