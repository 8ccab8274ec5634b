"""Subclasses of private parts of Scrapy and Twisted that refuse incomplete and endless answers.

Neither library bounds the number of header lines; Twisted drops what follows after Content-Length bytes, and
Scrapy unpacks as much as there is of a body that was cut. Half an article would look like an edit of it, so
such answers are failures here. There is no public place for this: the exact versions stand in
constraints.txt, and tests/crawlers/http (test_failures.py, test_unpacking.py) show when a newer one does not
fit.
"""

from __future__ import annotations

import sys
import zlib
from io import BytesIO
from time import monotonic
from typing import Any

import brotli
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import Response
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS
from twisted.web.http import _DataLoss

MAX_HEAD = 262_144
"""Bytes of status line and headers, interim answers (1xx) included; a server that sends more is cut off."""

SENT = "sent"
"""The key of a request's meta for when it was sent last (monotonic): the answer shows what was so then."""


class HeadTooLarge(Exception):
    """The head of an answer does not end."""


class BoundedHandler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, with connections that keep to these bounds."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory

    async def download_request(self, request: Request) -> Response:
        """Send it, after whatever politeness made it wait for."""
        request.meta[SENT] = monotonic()
        return await super().download_request(request)


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _Protocol:
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class _Protocol(_LenientHTTP11ClientProtocol):
    """One connection; `_head` counts what came of the present answer before its body."""

    _head = 0

    def request(self, request: Any) -> Any:
        self._head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self._head += len(data)
            if self._head > MAX_HEAD:
                self._break_off(HeadTooLarge(f"more than {MAX_HEAD} bytes of headers"))
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def _finishResponse(self, rest: bytes) -> None:
        """Refuse what comes after the answer's end, but for blank lines: some servers send them."""
        if rest.strip() and self._parser is not None and self._parser.bodyDecoder is not None:
            self._parser.bodyDecoder = _Longer()  # type: ignore[assignment]
            self._break_off(_DataLoss())
            return
        super()._finishResponse(rest)

    def _break_off(self, why: Exception) -> None:
        self._giveUp(Failure(why))  # type: ignore[no-untyped-call]


class _Longer:
    """A decoder in place of that of a body that went on after its end."""

    def noMoreData(self) -> None:
        raise _DataLoss("the body is longer than its Content-Length")


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
    """Return whether the last member ends; anything may follow it, as for a browser."""
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
    """Return whether the stream ends in `body`, and what follows it."""
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
