"""Describes failed downloads as issues, and takes an unreadable robots.txt for a refusal.

Where robots.txt cannot be read because the server fails, nothing is asked for (RFC 9309, 2.3.1.4).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scrapy import Request, exceptions
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.httpobj import urlparse_cached

from crawlers.http.credentials import LoginFailed
from crawlers.http.ssrf_guard import Refused
from pipeline.core.text import shorten
from pipeline.core.vocabulary import Severity


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """An issue's code, message and severity; `passing` says that another run may succeed."""

    code: str
    message: str
    severity: Severity = Severity.ERROR
    passing: bool = False


_BY_TYPE: tuple[tuple[type[BaseException], str, str], ...] = (
    (exceptions.DownloadTimeoutError, "timeout", "the server sent no complete answer in time"),
    (exceptions.CannotResolveHostError, "dns", "the host's name cannot be resolved"),
    (exceptions.DownloadConnectionRefusedError, "connection_refused", "the host refused the connection"),
    (exceptions.DownloadFailedError, "connection_lost", "the connection broke off"),
    (exceptions.ResponseDataLossError, "connection_lost", "the connection broke off"),
    (TunnelError, "proxy", "the proxy did not connect"),
)


def describe(error: BaseException | None) -> FetchFailure:
    """Return the failure that `error` is."""
    if isinstance(error, HttpError):
        status = int(error.response.status)
        words = f"the server answered {status}{_elsewhere(error.response.headers.get(b'Location'))}"
        return FetchFailure(f"http_{status}", words, passing=status >= 500 or status in (408, 429))
    if isinstance(error, Refused):
        return FetchFailure("refused", f"not fetched: {error}")
    if isinstance(error, LoginFailed):
        return FetchFailure("login_failed", str(error))
    if isinstance(error, exceptions.DownloadCancelledError):
        return FetchFailure("too_large", f"the answer {_too_large(str(error))}")
    if isinstance(error, UnreadRobots):
        return FetchFailure("robots", str(error), Severity.WARNING, passing=True)
    if isinstance(error, HostPaused):
        return FetchFailure("rate_limited", str(error), passing=True)
    if isinstance(error, exceptions.IgnoreRequest):
        return _ignored(str(error))
    for kind, code, words in _BY_TYPE:
        if isinstance(error, kind):
            return FetchFailure(code, f"{words} ({_short(error)})", passing=True)
    return FetchFailure("download_failed", _short(error), passing=True)


def _ignored(words: str) -> FetchFailure:
    """Scrapy tells these three apart only by their words."""
    if words == "Forbidden by robots.txt":
        return FetchFailure("robots", "the site's robots.txt does not allow it", Severity.WARNING)
    if "max redirections" in words:
        return FetchFailure("redirects", "redirected too often")
    if "DOWNLOAD_MAXSIZE" in words:
        return FetchFailure("too_large", f"the unpacked answer {_too_large(words)}")
    return FetchFailure("ignored", words)


def _too_large(words: str) -> str:
    """Return Scrapy's words for too large an answer in plain ones, with the bound that they name."""
    bound = re.search(r"max ?size \((\d+)", words, re.IGNORECASE)
    size = f"{int(bound[1]):,} bytes" if bound else "allowed"
    return f"is larger than {size} ([crawl] max_bytes in rumortrail.toml)"


def _elsewhere(location: bytes | None) -> str:
    """Return the scheme of the address that an answer leads to and that was not followed, in words."""
    scheme = re.match(r"[a-z][a-z0-9+.-]{0,20}(?=:)", (location or b"").decode("latin-1").strip().lower())
    return f" and leads to an address that is not fetched ({scheme[0]}:)" if scheme else ""


def _short(error: BaseException | None) -> str:
    return shorten(f"{type(error).__name__}: {error}", 300)


class HostPaused(IgnoreRequest):
    """The host asked for a longer pause than a request waits for."""


class OffSite(IgnoreRequest):
    """The site is none of those that the crawl may ask."""


_ABSENT = frozenset({
    "dns", "connection_refused", "proxy", "rate_limited", "refused", "redirects", "ignored",
})
"""The failures of a robots.txt that say nothing of what it holds: no server was reached, or it leads away.

More than five redirects count as a missing file (RFC 9309, 2.3.1.2).
"""


class UnreadRobots(IgnoreRequest):
    """The server failed to say what it allows."""


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's, but a server that fails to give its robots.txt allows nothing.

    A missing file (4xx) allows everything, as the RFC says. Where there is no server (`_ABSENT`), the page
    itself is asked for, so that the failure is reported under its own name. Where it lies on a site that the
    crawl may not ask, the crawl may not ask the host either.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._failed: dict[str, str] = {}
        self._off_site: set[str] = set()

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._failed[netloc] = f"the server answered {response.status}"
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, OffSite):
            self._off_site.add(netloc)
        failure = describe(exc)
        if failure.code not in _ABSENT:
            self._failed[netloc] = failure.message
        super()._robots_error(exc, netloc)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raise UnreadRobots for a host whose robots.txt failed, IgnoreRequest for what it forbids."""
        if urlparse_cached(request).netloc in self._off_site:
            raise OffSite("the site's robots.txt is on another site, which this crawl does not visit")
        if why := self._failed.get(urlparse_cached(request).netloc):
            message = f"robots.txt cannot be read, so nothing is asked of the host in this run: {why}"
            raise UnreadRobots(message)
        super().process_request_2(rp, request)
