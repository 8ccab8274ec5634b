"""WARC files as gzip members, one a record, and what damaged ones raise."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from warcio.bufferedreaders import ChunkedDataException
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from pipeline.core.errors import DataError

# AttributeError is how warcio meets a record whose headers are cut off.
WARC_DAMAGE = (
    *(ArchiveLoadFailed, ChunkedDataException, StatusAndHeadersParserException),
    *(OSError, EOFError, ValueError, zlib.error, AttributeError),
)
"""What warcio raises where a file is damaged."""

_CHUNK = 1 << 16


def members(file: BinaryIO, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield offset and bytes of each gzip member from byte `start` on, but for one cut off at the end.

    Raises DataError at a member that is damaged.
    """
    file.seek(start)
    offset, member, waiting = start, bytearray(), b""
    unpacker = zlib.decompressobj(wbits=31)
    while piece := waiting or file.read(_CHUNK):
        try:
            unpacker.decompress(piece)
        except zlib.error as error:
            raise DataError(f"the record at byte {offset} is damaged: {error}") from error
        waiting = unpacker.unused_data
        member += piece[: len(piece) - len(waiting)]
        if unpacker.eof:
            yield offset, bytes(member)
            offset += len(member)
            member.clear()
            unpacker = zlib.decompressobj(wbits=31)
