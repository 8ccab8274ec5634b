"""Copy a large file, most of which its copy's reader will not look at."""

from __future__ import annotations

import mmap
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform == "linux":
    import fcntl

_FICLONE = 0x40049409
"""The request of Linux by which two files share their blocks until one changes them."""
_PIECE = 8 << 20
_BLOCK = 4096
"""What is written past the cache begins and ends at a multiple of this."""


def copy_file(source: Path, target: Path) -> None:
    """Copy a file. Where the file system can, both share their blocks until one changes them; else, where it
    can, the copy is made past the system's cache, whose pages take several times the time of copying.
    """
    if sys.platform == "linux":
        for way in (_share, _copy_past_the_cache):
            with suppress(OSError):
                way(source, target)
                return
    shutil.copyfile(source, target)


if sys.platform == "linux":

    def _share(source: Path, target: Path) -> None:
        with source.open("rb") as read, target.open("wb") as written:
            fcntl.ioctl(written.fileno(), _FICLONE, read.fileno())

    def _copy_past_the_cache(source: Path, target: Path) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_DIRECT
        with (open(source, "rb", 0, opener=_directly) as read,
              open(target, "wb", 0, opener=lambda path, _: os.open(path, flags, 0o666)) as written,
              mmap.mmap(-1, _PIECE) as piece):  # fmt: skip
            size = os.fstat(read.fileno()).st_size
            os.posix_fallocate(written.fileno(), 0, max(size, 1))
            copied = 0
            while length := read.readinto(piece):
                with memoryview(piece)[: -(-length // _BLOCK) * _BLOCK] as whole_blocks:
                    if written.write(whole_blocks) < length:
                        raise OSError("a piece was not written whole")
                copied += length
            if copied != size:
                raise OSError("the file changed meanwhile")
            os.truncate(written.fileno(), size)

    def _directly(path: str, flags: int) -> int:
        return os.open(path, flags | os.O_DIRECT)
