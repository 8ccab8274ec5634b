"""Which files of a home go along when it is moved, and where: each content once, by its SHA-256."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from pipeline.core.errors import DataError
from pipeline.core.home import Home

STAYS = frozenset({"rumortrail.toml", "secrets.toml", "session.key", "sessions.json", "editors.json"})
"""Settings and secrets: a lake is read by more people than a home is."""
_MADE_AGAIN = ("index", "lake", "work.duckdb", "published.duckdb")
"""What is made again, and what the lake holds as tables."""
_OF_A_PROCESS = (".lock", ".part", "-wal", "-shm", "-journal")


def files_to_move(home: Home, storage: str) -> list[Path]:
    """Return the files that go along, by name; what lies in a folder that is the storage does not.

    Links are passed over.
    """
    storage_folder = Path(storage).resolve() if storage.startswith("/") else None
    files = []
    for file in sorted(home.path.rglob("*")):
        relative = file.relative_to(home.path)
        if file.is_symlink() or not file.is_file() or not may_move(str(PurePosixPath(relative))):
            continue
        if storage_folder is None or storage_folder not in file.resolve().parents:
            files.append(file)
    return files


def key_of(sha256: str) -> str:
    """Return the key of a content in the storage; what lies there is never replaced."""
    return f"files/{sha256[:2]}/{sha256}"


def may_move(name: str) -> bool:
    """Return whether a file of that name goes along; no other is taken from a lake."""
    parts = PurePosixPath(name).parts
    if not parts or PurePosixPath(name).is_absolute() or any(part[0] == "." for part in parts):
        return False
    if "\\" in name or "\0" in name or name in STAYS:
        return False
    return not parts[0].startswith(_MADE_AGAIN) and not name.endswith(_OF_A_PROCESS)


@contextmanager
def standing_still(file: Path) -> Iterator[Path]:
    """Give a file that does not change: of a database of SQLite, which editors may write, a copy."""
    if file.suffix != ".sqlite":
        yield file
        return
    with TemporaryDirectory(prefix="rumortrail-") as folder:
        copy = Path(folder) / file.name
        try:
            with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
                source.backup(target)
        except sqlite3.Error as error:
            raise DataError(f"{file} cannot be read: {error}") from error
        yield copy
