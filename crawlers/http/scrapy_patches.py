"""Subclasses of private parts of Scrapy and Twisted that refuse incomplete and endless answers.

Neither library bounds the number of header lines, and Twisted drops what follows after Content-Length bytes:
such answers are failures here. There is no public place for this: the exact versions stand in
requirements.txt, and tests/crawlers/http (test_failures.py, test_unpacking.py) show when a newer one does not
fit.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import DownloadCancelledError, ResponseDataLossError
from scrapy.http import Response
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS
from twisted.web.http import _DataLoss

from crawlers.http.unpacking import LAYERS, unpack

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
        self._max_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    async def download_request(self, request: Request) -> Response:
        """Send it, after whatever politeness made it wait for."""
        request.meta[SENT] = monotonic()
        try:
            return await super().download_request(request)
        except DownloadCancelledError as error:  # its words do not always name the bound
            raise DownloadCancelledError(f"max size ({self._max_bytes})") from error


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

    def _break_off(self, error: Exception) -> None:
        self._giveUp(Failure(error))  # type: ignore[no-untyped-call]


class _Longer:
    """A decoder in place of that of a body that went on after its end."""

    def noMoreData(self) -> None:
        raise _DataLoss("the body is longer than its Content-Length")


class WholeUnpacking(HttpCompressionMiddleware):
    """Scrapy's middleware for packed bodies, with the unpacking of `crawlers.http.unpacking`."""

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        return unpack(body, encoding, max_size)

    @staticmethod
    def _split_encodings(content_encoding: list[bytes]) -> tuple[list[bytes], list[bytes]]:
        to_decode, to_keep = HttpCompressionMiddleware._split_encodings(content_encoding)
        if len(to_decode) > LAYERS:
            raise ResponseDataLossError(f"the answer is compressed {len(to_decode)} times over")
        return to_decode, to_keep
