"""Puts a spider's token on its requests, so that it reaches the API alone and is kept nowhere.

No spider handles it: it is put on each request anew as that leaves, by the request's own address, so that no redirect
takes it elsewhere.
"""

from __future__ import annotations

from typing import Self
from urllib.parse import unquote, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.credentials import CREDENTIALS
from crawlers.guard import Refused
from crawlers.spiders.base import SourceSpider

_HEADER = b"Authorization"


class CredentialMiddleware:
    """Puts `token` on requests to `root`, takes it off all others, and stops an answer that repeats it."""

    def __init__(self, token: str | None, root: str) -> None:
        self._token = token
        self._root = root

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made for the spider's source."""
        spider = crawler.spider
        assert isinstance(spider, SourceSpider)
        credential = CREDENTIALS.get(spider.source.spider)
        return cls(credential.token(), credential.root(spider.source.url)) if credential else cls(None, "")

    def process_request(self, request: Request) -> None:
        """Raises Refused for an address that has the token in it: a redirect could have written it there."""
        if self._token is None:
            return
        request.headers.pop(_HEADER, None)
        if self._token in request.url or self._token in unquote(request.url):
            raise Refused("the address has a credential in it")
        parts = urlsplit(request.url)
        if f"{parts.scheme}://{parts.netloc}" == self._root:
            request.headers[_HEADER] = f"Bearer {self._token}"

    def process_response(self, request: Request, response: Response) -> Response:
        """Raises Refused where the body repeats the token; a header that does is dropped."""
        if self._token is None:
            return response
        token = self._token.encode("ascii")
        if token in response.body:
            raise Refused("the answer repeats the credential that it was asked with")
        for name in [
            name for name, values in response.headers.items() if any(token in one for one in values)
        ]:
            del response.headers[name]
        return response
