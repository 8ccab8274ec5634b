"""The step between a download and its spider at which articles are read (`crawlers.articles.pool`)."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from crawlers.articles.pool import Readers
from crawlers.articles.response import ARTICLE, declared
from crawlers.spiders.base import spider_of

SMALL = 16_000
"""A page of fewer bytes is read on the spot: that takes less than a reader's start, and not long at worst."""


class ReadingMiddleware:
    """Has the pages read that a spider asked for as articles, before it gets them.

    Stands before all that may ask again (redirects, retries), so that only what reaches the spider is read.
    A page is under way until it is read, so no more wait for a reader than may be asked for at a time.
    """

    def __init__(self, readers: Readers | None) -> None:
        self.readers = readers

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one with the readers of the spider's run."""
        return cls(spider_of(crawler).run.readers)

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
