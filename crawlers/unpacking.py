"""Bodies as they were packed for the way: one whose packing breaks off is no whole answer.

Scrapy bounds what is unpacked, and gives as much as there is of a body that was cut: half an article would look like
an edit of it.
"""

from __future__ import annotations

import sys
import zlib
from io import BytesIO

import brotli

# Scrapy has no public place for this: the exact version stands in constraints.txt, and tests/crawlers/test_unpacking.py
# tells when a newer one does not fit.
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import ResponseDataLossError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_CHUNK = 1 << 16
_SIZE = 4
"""The last bytes of a gzip file tell how many it holds (RFC 1952, 2.3.1)."""


class WholeUnpacking(HttpCompressionMiddleware):
    """Scrapy's unpacking, without the half answers."""

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        unpacked = HttpCompressionMiddleware._decode(body, encoding, max_size)
        # A 304, a 410 and their kin have no body, whatever packing their head names.
        if body and not _WHOLE.get(encoding, _gzip)(body, len(unpacked)):
            raise ResponseDataLossError(f"the body's {encoding.decode('latin-1')} packing breaks off")
        return unpacked


def _gzip(body: bytes, size: int) -> bool:
    """Whether the last member ends; what follows it may be anything, as for a browser."""
    if int.from_bytes(body[-_SIZE:], "little") == size % (1 << 8 * _SIZE):
        return True
    rest = body
    try:
        while rest.startswith(b"\x1f\x8b"):
            ended, rest = _inflated(zlib.decompressobj(wbits=31), rest)
            if not ended:
                return False
    except zlib.error:
        return False
    return True


def _deflate(body: bytes, _size: int) -> bool:
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            return _inflated(zlib.decompressobj(bits), body)[0]
        except zlib.error:
            continue
    return False


def _inflated(unpacker: zlib._Decompress, body: bytes) -> tuple[bool, bytes]:
    """Whether the stream ends in `body`, and what follows it."""
    waiting = body
    while waiting and not unpacker.eof:
        unpacker.decompress(waiting, _CHUNK)
        waiting = unpacker.unconsumed_tail
    while not unpacker.eof and unpacker.decompress(b"", _CHUNK):
        pass
    return unpacker.eof, unpacker.unused_data


def _brotli(body: bytes, _size: int) -> bool:
    unpacker = brotli.Decompressor()
    piece = unpacker.process(body, output_buffer_limit=_CHUNK)
    while piece and not unpacker.is_finished():
        piece = unpacker.process(b"", output_buffer_limit=_CHUNK)
    return bool(unpacker.is_finished())


def _zstd(body: bytes, _size: int) -> bool:
    try:
        with zstd.ZstdFile(BytesIO(body)) as file:
            while file.read(_CHUNK):
                pass
    except EOFError:
        return False
    return True


_WHOLE = {b"deflate": _deflate, b"br": _brotli, b"zstd": _zstd}
