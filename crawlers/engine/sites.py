"""Keeps a crawl to the sites of its shard, and notes which sites each source asks.

A site is what `crawlers.normalise.urls.outlet` tells: all hosts of one publisher. No site is in two shards,
so that no host is asked from two workers (`crawlers.engine.shards`).
"""

from __future__ import annotations

import asyncio
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from crawlers.http.failures import OffSite
from crawlers.normalise.urls import outlet
from crawlers.spiders.base import spider_of


class SitesMiddleware:
    """Ends the crawl of a source that leads out of the sites that the run may ask; it is crawled elsewhere.

    Of requests that stand apart, as those for links of posts do, only the one that leads out is given up.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._ending: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one for the spider's run."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Note the request's site. For one that the run may not ask raise OffSite, and end the crawl.

        Where each request stands apart, the crawl goes on.
        """
        spider = spider_of(self._crawler)
        site, allowed = outlet(request.url), spider.run.sites
        if allowed is not None and site not in allowed:
            spider.roams = not spider.apart
            if spider.roams and self._ending is None:
                engine = self._crawler.engine
                assert engine is not None
                self._ending = asyncio.ensure_future(engine.close_spider_async(reason="roams"))
            raise OffSite(f"{site} lies outside the sites of this part of the crawl")
        spider.asked.add(site)
