"""Lets requests to interfaces for programs pass without robots.txt.

robots.txt is for programs that wander through a site's pages, and is obeyed for every page. A documented
interface for programs has its own terms, under which its operator gave the user a credential or admits
everyone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawlers.http.credentials import LOGIN, stand_in
from crawlers.sources import DeclaredSource
from crawlers.spiders.base import spider_of


@dataclass(frozen=True, slots=True)
class Interface:
    """Addresses of `host` below `path`; `credential` says that only requests with one count.

    A loopback source of `spider` stands in for the host.
    """

    spider: str
    host: str
    path: str
    credential: bool
    reason: str

    def has(self, request: Request, source: DeclaredSource) -> bool:
        """Return whether `request`, made for `source`, goes to this interface."""
        parts = urlsplit(request.url)
        root = f"{parts.scheme}://{parts.netloc}"
        is_stand_in = source.spider == self.spider and root == stand_in(source.url)
        is_below = (is_stand_in or root == f"https://{self.host}") and parts.path.startswith(self.path)
        return is_below and (not self.credential or b"Authorization" in request.headers)


INTERFACES = (
    Interface("x", "api.x.com", "/2/", True, "the user's own developer token"),
    Interface("github", "api.github.com", "/", True, "the user's own token"),
    Interface("reddit", "oauth.reddit.com", "/", True, "the user's own registered application"),
    Interface("bluesky", "bsky.social", "/xrpc/", True, "the user's own account"),
    # over one connection, a request every three seconds
    Interface("arxiv", "export.arxiv.org", "/api/", False, "its terms of use offer it to programs"),
)
"""The interfaces, and why each counts as one."""


class InterfaceMiddleware:
    """Lets requests to an interface pass robots.txt; each anew, since a redirect may lead to a page."""

    def __init__(self, source: DeclaredSource) -> None:
        self._source = source

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one for the spider's source."""
        return cls(spider_of(crawler).source)

    def process_request(self, request: Request) -> None:
        """Mark the request, or take the mark off; one for robots.txt, wherever that leads, keeps it."""
        if urlsplit(request.meta.get("redirect_urls", [request.url])[0]).path == "/robots.txt":
            return
        request.meta["dont_obey_robotstxt"] = bool(request.meta.get(LOGIN)) or any(
            interface.has(request, self._source) for interface in INTERFACES
        )
