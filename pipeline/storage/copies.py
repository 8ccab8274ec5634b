"""The files of a home's inbox and archive, as objects whose keys hold their SHA-256.

An object's key is `inbox/RUN/SHA-256/SOURCE.jsonl.gz` or `archive/RUN/SHA-256/NAME`: what lies there is
always what the key says, so nothing is ever written over, a put that was cut off is done again, and a file is
checked as it is fetched. The files of the home are the truth; the chain of seals is told by the seals.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from pipeline.core.context import Progress, silent
from pipeline.core.errors import DataError, SourceError
from pipeline.core.files import in_use, sha256_of
from pipeline.core.home import Home
from pipeline.core.sqlite import opened, transaction
from pipeline.core.text import counted
from pipeline.storage.objects import Object, Objects

Given = TypeVar("Given")

AT_ONCE = 8
"""Files that are put or fetched at a time."""

_KINDS = {
    "inbox": re.compile(r"[^./][^/]*\.jsonl\.gz"),
    "archive": re.compile(r"[^./][^/]*\.(?:warc\.gz|merkle\.json|tsr)"),
}
"""The folders that are kept, and which files of each."""
_KEY = re.compile(r"(inbox|archive)/([^./][^/]*)/([0-9a-f]{64})/([^/]+)")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS kept (
    address TEXT NOT NULL,
    file    TEXT NOT NULL,
    bytes   INTEGER NOT NULL,
    PRIMARY KEY (address, file)
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Copied:
    """How many files were put or fetched, and what went wrong, a line each."""

    files: int = 0
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A file of a home: the folder it is kept in, its run, its name, and where it lies."""

    kind: str
    run: str
    name: str
    path: Path

    @property
    def within(self) -> str:
        """Return the file's path below the home folder."""
        return f"inbox/{self.run}/{self.name}" if self.kind == "inbox" else f"archive/{self.name}"


def keep(home: Home, objects: Objects, *, progress: Progress = silent) -> Copied:
    """Put all files of inbox and archive that are not in the storage yet, but for those in use.

    Reads the home's files and `storage.sqlite`, and writes that. A failure of the storage ends it, with what
    was put until then; a file that cannot be read is left out.
    """
    copied, faults = 0, list[str]()
    with _known(home, objects) as known:
        waiting = [file for file in _files(home) if not known.has(file) and not in_use(file.path)]

        def put(file: File) -> str:
            try:
                digest, size = sha256_of(file.path), file.path.stat().st_size
            except OSError as error:
                return f"{file.within} cannot be read: {error.strerror or error}"
            key = f"{file.kind}/{file.run}/{digest}/{file.name}"
            if not objects.has(key, size):
                objects.put(key, file.path)
            return ""

        try:
            for files, told in _together(put, waiting):
                known.add(file for file, fault in zip(files, told, strict=True) if not fault)
                faults += filter(None, told)
                copied += told.count("")
                progress("storage", copied, len(waiting))
        except SourceError as error:
            left = len(waiting) - copied - len(faults)
            faults.append(f"{error}; {counted(left, 'file')} left for the next run")
    return Copied(copied, tuple(faults))


def fetch(home: Home, objects: Objects, *, newer: bool = False, progress: Progress = silent) -> Copied:
    """Fetch all files of the storage that the home lacks; `newer`: of the newest run here and those after it.

    Each is checked against the SHA-256 in its key, and put in its place whole. Where a name was kept twice,
    the later one counts. A failure of the storage ends it; what is damaged is left out.
    """
    copied, faults = 0, list[str]()
    with _known(home, objects) as known:

        def get(found: tuple[File, Object]) -> str:
            file, thing = found
            return _fetched(objects, file, thing)

        try:
            lacking = list(_lacking(home, objects, newer, faults).values())
            for files, told in _together(get, lacking):
                known.add(file for (file, _), fault in zip(files, told, strict=True) if not fault)
                faults += filter(None, told)
                copied += told.count("")
                progress("storage", copied, len(lacking))
        except SourceError as error:
            faults.append(str(error))
    return Copied(copied, tuple(faults))


def _lacking(
    home: Home, objects: Objects, newer: bool, faults: list[str]
) -> dict[str, tuple[File, Object]]:
    """Return what is in the storage and not in the home, by its path; note in `faults` what is none of ours.
    """
    lacking: dict[str, tuple[File, Object]] = {}
    here = list(_files(home))
    for kind, named in _KINDS.items():
        newest = max((file.run for file in here if file.kind == kind), default="") if newer else ""
        for thing in objects.list(kind, f"{kind}/{newest}" if newest else ""):
            key = _KEY.fullmatch(thing.key)
            if key is None or not named.fullmatch(key[4]):
                faults.append(f"{thing.key} in the storage {objects.address} is none of Rumortrail's files")
                continue
            folder = home.inbox / key[2] if kind == "inbox" else home.archive
            file = File(kind, key[2], key[4], folder / key[4])
            before = lacking.get(file.within)
            if not file.path.exists() and (before is None or before[1].put_at < thing.put_at):
                lacking[file.within] = file, thing
    return lacking


def _fetched(objects: Objects, file: File, thing: Object) -> str:
    """Fetch one file, and return what is wrong with it, "" for nothing."""
    try:
        objects.fetch(thing.key, thing.key.split("/")[2], file.path)
    except DataError as error:
        return str(error)
    return ""


def _together(
    work: Callable[[Given], str], given: Iterable[Given]
) -> Iterator[tuple[list[Given], list[str]]]:
    """Yield, a few at a time, what was given and what `work` says of each."""
    rest = iter(given)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        while some := list(islice(rest, 4 * AT_ONCE)):
            yield some, list(threads.map(work, some))


def _files(home: Home) -> Iterator[File]:
    """Yield the files of inbox and archive that are kept, by run."""
    for path in sorted(home.inbox.glob("*/*")):
        if _KINDS["inbox"].fullmatch(path.name) and path.is_file():
            yield File("inbox", path.parent.name, path.name, path)
    for path in sorted(home.archive.glob("*")):
        if _KINDS["archive"].fullmatch(path.name) and path.is_file():
            yield File("archive", re.split(r"[.@]", path.name)[0], path.name, path)


class _Known:
    """The files that are known to be in the storage."""

    def __init__(self, connection: sqlite3.Connection, address: str) -> None:
        self._connection = connection
        self._address = address

    def has(self, file: File) -> bool:
        """Return whether the file is there as it is here."""
        query = "SELECT bytes FROM kept WHERE address = ? AND file = ?"
        row = self._connection.execute(query, [self._address, file.within]).fetchone()
        return row is not None and int(row[0]) == file.path.stat().st_size

    def add(self, files: Iterable[File]) -> None:
        """Note that the files are there."""
        rows = [(self._address, file.within, file.path.stat().st_size) for file in files]
        with transaction(self._connection):
            self._connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)


@contextmanager
def _known(home: Home, objects: Objects) -> Iterator[_Known]:
    with opened(home.kept, home.kept.name) as connection:
        connection.execute(_SCHEMA)
        yield _Known(connection, objects.address)
