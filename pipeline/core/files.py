"""Files that appear whole or not at all, their hashes, and files that one process holds."""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, BinaryIO

from pipeline.core.errors import BusyError, ConfigError
from pipeline.core.text import utf8


@contextmanager
def replacing(target: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """Open a stream whose content takes the place of `target`, on the disk, when the block ends well.

    Without `durable` nobody waits for the disk: for what can be made again after a power cut.
    """
    fresh = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with fresh.open("wb") as stream:
            yield stream
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """Do as `replacing`, for a file that a person named. Raises ConfigError where it cannot be written."""
    try:
        with replacing(target) as stream:
            yield stream
    except OSError as error:
        raise ConfigError(f"{target} cannot be written: {error.strerror or error}") from error


def write_whole(target: Path, content: str) -> None:
    """Write `content` as UTF-8; what UTF-8 cannot hold is written as a backslash escape."""
    with whole_file(target) as stream:
        stream.write(utf8(content))


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of what is in a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


REVISIT = "a revisit, "
"""The kind of holder that a revisit is of a lock."""


class FileLock:
    """A file that one process at a time holds, and that says which; the lock goes with the process."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def held(self, kind: str = "", wait: Callable[[str], float] = lambda _holder: 1.0) -> Iterator[None]:
        """Hold the file while the block runs; it names `kind`, the process and the time.

        Raises BusyError where another process, named `holder`, still holds it after `wait(holder)` seconds.
        Even where nobody should wait they are not 0: `is_held` takes the lock for an instant.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+") as file:
            began = time.monotonic()
            while not _lock(file, fcntl.LOCK_EX):
                file.seek(0)
                holder = file.read().strip() or "another process"
                if time.monotonic() - began > wait(holder):
                    message = f"{self.path.parent} is in use by {holder}"
                    raise BusyError(f"{message}: wait for it, or see `rumortrail status`")
                time.sleep(0.1)
            file.truncate(0)
            file.write(f"{kind}process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
            file.flush()
            yield

    def is_held(self) -> bool:
        """Return whether a process holds the file, which must be there."""
        with self.path.open("rb") as file:
            return not _lock(file, fcntl.LOCK_SH)

    def holder(self) -> str | None:
        """Return the words of the process that holds the file; None where it is free or not there."""
        if not self.path.exists() or not self.is_held():
            return None
        return self.path.read_text("utf-8").strip() or "another process"


def in_use(file: Path) -> bool:
    """Return whether somebody is writing the file: its writer holds a lock on it.

    An empty one was made a moment ago, and may not be locked yet.
    """
    return not file.stat().st_size or FileLock(file).is_held()


def _lock(file: IO[Any], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
