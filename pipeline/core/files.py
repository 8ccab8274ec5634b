"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipeline.core.errors import ConfigError


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """A stream whose content becomes `target`, on the disk, when the block ends well; otherwise `target` stays as it was."""
    fresh = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with fresh.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """As `replacing`, for a file that a person named. Raises ConfigError where it cannot be written."""
    try:
        with replacing(target) as stream:
            yield stream
    except OSError as error:
        raise ConfigError(f"{target} cannot be written: {error.strerror or error}") from error


def write_whole(target: Path, content: str) -> None:
    """Write `content` as UTF-8; what UTF-8 cannot hold is written as a backslash escape."""
    with whole_file(target) as stream:
        stream.write(content.encode("utf-8", "backslashreplace"))
