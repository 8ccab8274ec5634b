"""Where robots.txt cannot be read because the server fails, nothing is asked for (RFC 9309, 2.3.1.4)."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached


class UnreadRobots(IgnoreRequest):
    """The server failed to say what it allows."""


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's, which takes a failing server's silence for a permission, with that put right.

    One that is not there (4xx) allows everything, as the RFC says. One that cannot be had for want of a connection
    is left to the page itself: the fault is then told by its own name.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._failed: dict[str, int] = {}

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._failed[netloc] = response.status
        await super()._parse_robots(response, netloc, request)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raises UnreadRobots for a host whose robots.txt could not be read, IgnoreRequest for what it forbids."""
        if status := self._failed.get(urlparse_cached(request).netloc):
            raise UnreadRobots(f"the server answered {status} when it was asked for robots.txt, so nothing is asked for tonight")
        super().process_request_2(rp, request)
