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

    Reads the home's files and `storage.sqlite`, and updates the latter. A failure of the storage ends it,
    with what was put until then; a file that cannot be read is left out.
    """
    copied, faults = 0, list[str]()
    with _known(home, objects) as stored_files:
        waiting = [file for file in _files(home) if not stored_files.has(file) and not in_use(file.path)]

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
            for files, problems in _together(put, waiting):
                stored_files.add(file for file, fault in zip(files, problems, strict=True) if not fault)
                faults += filter(None, problems)
                copied += problems.count("")
                progress("storage", copied, len(waiting))
        except SourceError as error:
            left_count = len(waiting) - copied - len(faults)
            faults.append(f"{error}; {counted(left_count, 'file')} left for the next run")
    return Copied(copied, tuple(faults))


def fetch(home: Home, objects: Objects, *, newer: bool = False, progress: Progress = silent) -> Copied:
    """Fetch all files of the storage that the home lacks; `newer`: of the newest run here and those after it.

    Each is checked against the SHA-256 in its key, and put in its place whole. Where a name was kept twice,
    the later one counts. A failure of the storage ends it; what is damaged is left out.
    """
    copied, faults = 0, list[str]()
    with _known(home, objects) as stored_files:

        def get(pair: tuple[File, Object]) -> str:
            file, entry = pair
            return _fetched(objects, file, entry)

        try:
            lacking = list(_lacking(home, objects, newer, faults).values())
            for files, problems in _together(get, lacking):
                stored_files.add(file for (file, _), fault in zip(files, problems, strict=True) if not fault)
                faults += filter(None, problems)
                copied += problems.count("")
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
    home_files = list(_files(home))
    for kind, name_pattern in _KINDS.items():
        newest = max((file.run for file in home_files if file.kind == kind), default="") if newer else ""
        for entry in objects.list(kind, f"{kind}/{newest}" if newest else ""):
            key = _KEY.fullmatch(entry.key)
            if key is None or not name_pattern.fullmatch(key[4]):
                faults.append(f"{entry.key} in the storage {objects.address} is not a file of Rumortrail")
                continue
            folder = home.inbox / key[2] if kind == "inbox" else home.archive
            file = File(kind, key[2], key[4], folder / key[4])
            earlier = lacking.get(file.within)
            if not file.path.exists() and (earlier is None or earlier[1].put_at < entry.put_at):
                lacking[file.within] = file, entry
    return lacking


def _fetched(objects: Objects, file: File, entry: Object) -> str:
    """Fetch one file, and return what is wrong with it, "" for nothing."""
    try:
        objects.fetch(entry.key, entry.key.split("/")[2], file.path)
    except DataError as error:
        return str(error)
    return ""


def _together(
    work: Callable[[Given], str], items: Iterable[Given]
) -> Iterator[tuple[list[Given], list[str]]]:
    """Yield, a few at a time, what was given and what `work` says of each."""
    waiting = iter(items)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        while batch := list(islice(waiting, 4 * AT_ONCE)):
            yield batch, list(threads.map(work, batch))


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
