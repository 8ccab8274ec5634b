"""Unpack the body of an answer: whole or not at all, within bounds of size, members and time.

Scrapy's own unpacking returns as much as there is of a body that was cut; half an article would look like
an edit of it. A body of many members (RFC 1952, 2.2) must not hold up the thread that serves all hosts.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from typing import Any

import brotli
from scrapy.exceptions import ResponseDataLossError
from scrapy.utils._compression import _check_max_size, _DecompressionMaxSizeExceeded

from crawlers.normalise.time_limit import bounded

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MEMBERS = 2_000
"""Members of a gzip body, or frames of a zstd body; a file packed by several processors has some hundred."""
SECONDS = 5.0
"""Processor seconds that one body may take; 50 MB of words take a fifth of a second."""
LAYERS = 3
"""Packings of one body, one in the other."""

_CHUNK = 1 << 16
_FIRST = 1 << 10
"""Bytes that a member is given first: what follows its end is copied, and there may be many members."""
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"


def unpack(body: bytes, encoding: bytes, max_size: int) -> bytes:
    """Return `body` unpacked; `encoding` is a Content-Encoding, `max_size` the most bytes allowed (0: any).

    An empty body stays empty, since a 304 names the packing of what it does not send. What follows the last
    member is passed over, as browsers do. Raises ResponseDataLossError where the packing breaks off or is
    damaged, has too many members or takes too long, and Scrapy's _DecompressionMaxSizeExceeded over
    `max_size`.
    """
    name = encoding.decode("latin-1")
    if not body:
        return body
    try:
        with bounded(SECONDS, "is one"):
            return _UNPACKERS[encoding](body, max_size)
    except (zlib.error, zstd.ZstdError, brotli.error) as error:
        raise ResponseDataLossError(f"the body's {name} packing is damaged: {error}") from error
    except _DecompressionMaxSizeExceeded:
        raise
    except (_Cut, ValueError) as error:
        raise ResponseDataLossError(f"the body's {name} packing {error}") from error


class _Cut(Exception):
    """What is wrong with a packing."""


def _gzip(body: bytes, max_size: int) -> bytes:
    return _members(body, max_size, lambda: zlib.decompressobj(wbits=31), _GZIP)


def _zstd(body: bytes, max_size: int) -> bytes:
    return _members(body, max_size, zstd.ZstdDecompressor, _ZSTD)


def _deflate(body: bytes, max_size: int) -> bytes:
    try:
        return _members(body, max_size, zlib.decompressobj, None)
    except zlib.error:  # some servers send it without its head
        return _members(body, max_size, lambda: zlib.decompressobj(-zlib.MAX_WBITS), None)


def _members(body: bytes, max_size: int, unpacker: Callable[[], Any], begins: bytes | None) -> bytes:
    """Return what the members of `body` hold; where `begins` is None, there is one."""
    unpacked = bytearray()
    offset = 0
    for _ in range(MEMBERS):
        offset += _member(memoryview(body)[offset:], unpacker(), unpacked, max_size)
        if begins is None or not body.startswith(begins, offset):
            return bytes(unpacked)
    raise _Cut(f"has more than {MEMBERS:,} members")


def _member(body: memoryview, unpacker: Any, unpacked: bytearray, max_size: int) -> int:
    """Append what the first member of `body` holds to `unpacked`; return the member's length in bytes."""
    offset, step, unconsumed = 0, _FIRST, b""
    while not unpacker.eof:
        chunk = unconsumed
        reads = not unconsumed and getattr(unpacker, "needs_input", True)
        if reads:
            chunk = bytes(body[offset : offset + step])
            offset, step = offset + len(chunk), min(2 * step, _CHUNK)
        piece = unpacker.decompress(chunk, _CHUNK)
        unconsumed = getattr(unpacker, "unconsumed_tail", b"")
        if reads and not (chunk or piece):
            raise _Cut("breaks off")
        unpacked += piece
        _check_max_size(len(unpacked), max_size)
    return offset - len(unpacker.unused_data)


def _brotli(body: bytes, max_size: int) -> bytes:
    unpacker = brotli.Decompressor()
    unpacked = bytearray(unpacker.process(body, output_buffer_limit=_CHUNK))
    _check_max_size(len(unpacked), max_size)
    while not unpacker.is_finished():
        piece = unpacker.process(b"", output_buffer_limit=_CHUNK)
        if not piece:
            raise _Cut("breaks off")
        unpacked += piece
        _check_max_size(len(unpacked), max_size)
    return bytes(unpacked)


_UNPACKERS = {b"gzip": _gzip, b"x-gzip": _gzip, b"deflate": _deflate, b"br": _brotli, b"zstd": _zstd}
