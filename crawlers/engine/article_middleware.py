"""The step between a download and its spider at which articles are read (`crawlers.articles.pool`)."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from w3lib.encoding import http_content_type_encoding

from crawlers.articles.extract import Article, read_article
from crawlers.articles.pool import Readers
from crawlers.spiders.base import SourceSpider

SMALL = 16_000
"""A page of fewer bytes is read on the spot: that takes less than a reader's start, and not long at worst."""
ARTICLE = "rumortrail_article"
"""A request's meta key: None where a spider wants the answer read; then the Article, or why there is none."""


class ReadingMiddleware:
    """Has the pages read that a spider asked for as articles, before it gets them.

    Stands before all that may ask again (redirects, retries), so that only what reaches the spider is read.
    A page is under way until it is read, so no more wait for a reader than may be asked for at a time.
    """

    def __init__(self, readers: Readers | None) -> None:
        self.readers = readers

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made with the readers of the spider's night."""
        spider = crawler.spider
        assert isinstance(spider, SourceSpider)
        return cls(spider.night.readers)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Put the article into the request's meta, where it is wanted and there is a page."""
        wanted = ARTICLE in request.meta and response.status == 200 and isinstance(response, TextResponse)
        if wanted and self.readers is not None and len(response.body) >= SMALL:
            try:
                request.meta[ARTICLE] = await self.readers.read(
                    response.body, url=response.url, encoding=declared(response)
                )
            except ValueError as error:
                request.meta[ARTICLE] = error
        return response


def read_response(response: Response) -> Article:
    """The article in `response`, read already or now. Raises ValueError as `read_article` does."""
    read = response.meta.get(ARTICLE)
    if isinstance(read, ValueError):
        raise read
    if isinstance(read, Article):
        return read
    return read_article(response.body, url=response.url, encoding=declared(response))


def declared(response: Response) -> str | None:
    """The encoding that the response's Content-Type declares."""
    kind = response.headers.get(b"Content-Type")
    return http_content_type_encoding(kind.decode("latin-1")) if kind else None
