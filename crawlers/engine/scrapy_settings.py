"""How Scrapy is set up: polite, bounded, and with everything off that a collector of texts does not need."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from pipeline.core.config import CrawlConfig
from pipeline.core.http import user_agent

ROBOTS_NAME = "Rumortrail"
"""The name that a robots.txt may address."""
MAX_DELAY = 60.0
"""AutoThrottle slows down for a slow host to at most so many seconds between requests."""
QUIET_LOGGERS = ("scrapy.addons", "scrapy.crawler", "scrapy.middleware", "scrapy.extensions.logstats")
"""Loggers that write the same for every source."""
MAX_REDIRECTS = 5
EXTENSIONS = (
    "scrapy.extensions.corestats.CoreStats", "scrapy.extensions.logcount.LogCount",
    "scrapy.extensions.closespider.CloseSpider", "scrapy.extensions.logstats.LogStats",
    "scrapy.extensions.throttle.AutoThrottle",
)
"""Extensions of Scrapy's own that a crawl needs, in their order."""
PAUSES = {"export.arxiv.org": 3.1}
"""Hosts that ask for at least so many seconds between two requests, whatever `delay` says (arXiv's
terms of its API say three; a timer may ring a little early)."""


def pause_after(crawl: CrawlConfig, urls: Iterable[str]) -> float:
    """Return how many seconds pass between one crawl of the hosts of `urls` and the next one."""
    return max([crawl.delay, *(PAUSES.get(urlsplit(url).hostname or "", 0.0) for url in urls)])


def scrapy_settings(crawl: CrawlConfig) -> dict[str, Any]:
    """Return Scrapy's settings for one run."""
    return {
        "USER_AGENT": user_agent(crawl.contact),
        "ROBOTSTXT_OBEY": crawl.obey_robots,
        "ROBOTSTXT_USER_AGENT": ROBOTS_NAME,
        "GUARD_PROXY": crawl.proxy,
        "GUARD_ALLOW_PRIVATE": crawl.allow_private_addresses,
        "DOWNLOADER_MIDDLEWARES": {
            "crawlers.engine.article_middleware.ReadingMiddleware": 50,
            "crawlers.http.ssrf_guard.GuardMiddleware": 90,
            "crawlers.engine.sites.SitesMiddleware": 92,
            "crawlers.engine.auth.CredentialMiddleware": 95,
            "crawlers.engine.robots.InterfaceMiddleware": 97,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "crawlers.http.failures.RobotsMiddleware": 100,
            "crawlers.engine.retry_after.PatienceMiddleware": 560,
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
            "crawlers.http.scrapy_patches.WholeUnpacking": 590,
        },
        "ITEM_PIPELINES": {"crawlers.engine.item_pipeline.Collector": 100},
        # bounds
        "DOWNLOAD_TIMEOUT": crawl.timeout,
        "DOWNLOAD_MAXSIZE": crawl.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "CLOSESPIDER_TIMEOUT": crawl.source_budget,
        "REDIRECT_MAX_TIMES": MAX_REDIRECTS,
        "RETRY_TIMES": crawl.retries,
        "RETRY_GIVE_UP_LOG_LEVEL": "INFO",
        # Scrapy would drop a longer one without a word: the guard refuses it instead.
        "URLLENGTH_LIMIT": 0,
        # politeness
        "DOWNLOAD_DELAY": crawl.delay,
        "DOWNLOAD_SLOTS": {
            host: {"concurrency": 1, "delay": max(pause, crawl.delay), "jitter": 0.0}
            for host, pause in PAUSES.items()
        },
        # Without a delay Scrapy 2.19 does not keep to the number per domain: it counts a request only once it
        # is sent. A source is mostly one host, so the total is bounded too, which keeps a budget's end short.
        "CONCURRENT_REQUESTS_PER_DOMAIN": max(1, crawl.per_host),
        "CONCURRENT_REQUESTS": max(1, crawl.per_host),
        # Our pipeline waits for nothing: Scrapy would begin a hundred tasks for each answer.
        "CONCURRENT_ITEMS": 1,
        "AUTOTHROTTLE_ENABLED": crawl.delay > 0,
        "AUTOTHROTTLE_START_DELAY": crawl.delay,
        "AUTOTHROTTLE_MAX_DELAY": max(MAX_DELAY, crawl.delay),
        # off, or as strict as it goes
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_HANDLERS": {
            "http": "crawlers.http.scrapy_patches.BoundedHandler",
            "https": "crawlers.http.scrapy_patches.BoundedHandler",
            **dict.fromkeys(("data", "file", "ftp", "s3")),
        },
        "COOKIES_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "REFERRER_POLICY": "no-referrer",
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        # No other is even loaded: the remote control alone brings an HTTP library of its own.
        "EXTENSIONS_BASE": dict.fromkeys(EXTENSIONS, 0),
        "LOG_LEVEL": "INFO",
        "LOG_VERSIONS": [],
        "STATS_DUMP": False,
    }
