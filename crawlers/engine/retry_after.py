"""Waits as long as a server asks for, by Retry-After or its own header; a long pause is not waited for."""

from __future__ import annotations

import asyncio
import math
import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.http.failures import HostPaused
from crawlers.spiders.base import spider_of

MAX_WAIT = 120.0
"""The longest pause, in seconds, that requests wait for; during a longer one they fail."""

JITTER = 1.25
"""A wait is up to this many times as long, so that clients sent off together do not come back together."""

UNIX_TIMES = 1e9
"""From here on the number in a rate limit header is a Unix time, below it seconds to wait."""


class PatienceMiddleware:
    """Holds back every request to a host that asked for a pause, until the pause is over.

    Stands between the downloader and Scrapy's retries: it notes the pause, they repeat the request. Where the
    server asks for no pause, it doubles with each try, from `delay` seconds on; each is drawn out at random
    (JITTER). `end` is when, on the monotonic clock, the source's or the run's time is up. `pauses` are those
    of the whole run: the next source of a host keeps to what the server told this one.
    """

    def __init__(self, delay: float, end: float, pauses: dict[str, float]) -> None:
        self.delay = delay
        self.end = end
        self.pauses = pauses

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one from the settings of the spider's run."""
        run = spider_of(crawler).run
        end = min(monotonic() + run.crawl.source_budget, run.started + run.crawl.night_budget)
        return cls(run.crawl.delay, end, run.pauses)

    async def process_request(self, request: Request) -> None:
        """Wait until the host may be asked again. Raise HostPaused where that is too late."""
        host = _host(request)
        # What another request was told meanwhile may have drawn out the pause.
        while (wait := (until := self.pauses.get(host, 0.0)) - monotonic()) > 0:
            if self.too_late(until):
                minutes = math.ceil(wait / 60)
                raise HostPaused(f"{host} asked for a pause: it is left alone for another {minutes} min")
            await asyncio.sleep(wait)

    def process_response(self, request: Request, response: Response) -> Response:
        """Note the pause that `response` asks for; the request is not repeated after one that is too long."""
        now = datetime.now(UTC)
        requested = retry_after(response.headers.get(b"Retry-After"), now)
        if not _asks_for_pause(response, requested):
            return response
        if requested is None:
            names = (b"X-Rate-Limit-Reset", b"X-RateLimit-Reset")
            reset = response.headers.get(names[0]) or response.headers.get(names[1])
            requested = rate_limit_reset(reset, now)
        wait = self.delay * 2 ** int(request.meta.get("retry_times", 0)) if requested is None else requested
        until = monotonic() + wait + min(wait, MAX_WAIT) * random.uniform(0, JITTER - 1)
        if self.too_late(until):
            request.meta["dont_retry"] = True
        self.pauses[_host(request)] = max(self.pauses.get(_host(request), 0.0), until)
        return response

    def too_late(self, until: float) -> bool:
        """Return whether no request waits for the end of a pause."""
        return until - monotonic() > MAX_WAIT * JITTER or until > self.end


def _asks_for_pause(response: Response, requested: float | None) -> bool:
    """Return whether a refusal is for too many requests; GitHub says so by 403 and its headers, too.

    A firewall that refuses for good may bear a Retry-After of hours on its 403: that is no pause.
    """
    if response.status == 403:
        spent = response.headers.get(b"X-RateLimit-Remaining") == b"0"
        return spent or (requested is not None and requested <= MAX_WAIT)
    return response.status in (429, 503)


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header (RFC 9110, 10.2.3) asks for; None for no time."""
    if value is None:
        return None
    text = value.decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds())


def rate_limit_reset(value: bytes | None, now: datetime) -> float | None:
    """Return the seconds until a limit ends, given as Unix time (X, GitHub) or seconds (Reddit)."""
    text = (value or b"").decode("latin-1").strip()
    if not (text.isascii() and text.isdigit()):
        return None
    seconds = float(text[:12])
    return seconds if seconds < UNIX_TIMES else max(0.0, seconds - now.timestamp())


def _host(request: Request) -> str:
    return urlsplit(request.url).netloc
