"""The process that fetches one page: `crawlers.engine.single_page` starts it and sends it the address."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.http import Response, TextResponse
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.defer import deferred_f_from_coro_f
from scrapy.utils.reactor import install_reactor
from twisted.python.failure import Failure

from crawlers.articles.extract import Article, read_article
from crawlers.articles.response import declared
from crawlers.engine.scrapy_settings import scrapy_settings
from crawlers.engine.single_page import PageAnswer, PageJob, too_slow
from crawlers.http.failures import describe
from crawlers.http.ssrf_guard import guard_connections
from crawlers.normalise.encoding import decode
from crawlers.normalise.text_repair import repair
from pipeline.core.config import CrawlConfig
from pipeline.core.errors import ConfigError
from pipeline.core.page import Page
from pipeline.core.text import shorten
from pipeline.core.vocabulary import Precision

PASTE = "Paste the text that you want to check."
_HTML = ("text/html", "application/xhtml+xml", "")
_OF_SOURCES = frozenset(
    f"crawlers.engine.{name}"
    for name in ("article_middleware.ReadingMiddleware", "auth.CredentialMiddleware",
                 "robots.InterfaceMiddleware", "retry_after.PatienceMiddleware", "sites.SitesMiddleware")
)
"""Steps that ask the source of a spider, which a single page has not."""
_CLOSED = (401, 402, 403, 407, 451)
"""Answers by which a site keeps a page from those who have not signed in or paid, or from programs."""


class PageSpider(Spider):
    """Asks for one page and puts what comes of it into `answer`."""

    name = "page"

    def __init__(self, job: PageJob) -> None:
        super().__init__()
        self._url = job.url
        self._seconds = job.seconds
        self.answer = PageAnswer(why=too_slow(job.seconds))

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the page."""
        try:
            yield Request(self._url, callback=self.came, errback=self.failed)
        except ValueError:
            self.answer = PageAnswer(why="This is not a web address: write it as https://example.org/page.")

    def came(self, response: Response) -> None:
        """Read the page that the server gave."""
        try:
            self.answer = PageAnswer(_page(response))
        except ValueError as error:
            self.answer = PageAnswer(why=str(error))

    def failed(self, failure: Failure) -> None:
        """Say why there is none."""
        self.answer = PageAnswer(why=_words(failure.value, self._seconds))


def page_settings(crawl: CrawlConfig, seconds: float) -> dict[str, Any]:
    """Return Scrapy's settings for one page: those of a crawl, without what belongs to a source or a run."""
    settings = scrapy_settings(crawl)
    middlewares = {name: order for name, order in settings["DOWNLOADER_MIDDLEWARES"].items()
                   if name not in _OF_SOURCES}
    return settings | {
        "DOWNLOADER_MIDDLEWARES": middlewares, "ITEM_PIPELINES": {}, "LOG_ENABLED": False,
        "RETRY_ENABLED": False, "AUTOTHROTTLE_ENABLED": False,
        "DOWNLOAD_TIMEOUT": min(crawl.timeout, seconds), "CLOSESPIDER_TIMEOUT": seconds,
    }  # fmt: skip


def main() -> None:
    """Read the job, fetch the page, print the answer."""
    job = PageJob.from_json(sys.stdin.buffer.readline())
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor, task

    try:
        guard_connections(reactor, proxy=job.crawl.proxy, allow_private=job.crawl.allow_private_addresses)
    except ConfigError as error:
        _tell(PageAnswer(why=str(error)))
        return
    task.react(deferred_f_from_coro_f(_fetch), (job,))


async def _fetch(_reactor: Any, job: PageJob) -> None:
    settings = Settings(page_settings(job.crawl, job.seconds))
    crawler = Crawler(PageSpider, settings)
    await AsyncCrawlerRunner(settings).crawl(crawler, job)
    assert isinstance(crawler.spider, PageSpider)
    _tell(crawler.spider.answer)


def _page(response: Response) -> Page:
    """Return what can be read of an answer. Raises ValueError that says why nothing can."""
    kind = (response.headers.get(b"Content-Type") or b"").decode("latin-1").partition(";")[0].strip().lower()
    if kind == "application/pdf" or response.body[:5] == b"%PDF-":
        raise ValueError(f"The link leads to a PDF; only web pages are read. {PASTE}")
    if kind == "text/plain":
        return _plain(response)
    if kind not in _HTML or not isinstance(response, TextResponse):
        shown = shorten(kind, 60) or "an unknown type"
        raise ValueError(f"The link leads to a file ({shown}); only web pages are read. {PASTE}")
    try:
        article = read_article(response.body, url=response.url, encoding=declared(response))
    except ValueError:
        raise ValueError(
            "The page has no text that can be read: it may be built by a script, or ask for a sign-in. "
            f"{PASTE}"
        ) from None
    return Page(article.url, article.title, article.text, article.published_at, article.published_precision,
                article.language, not article.paywalled, _notes(article))


def _notes(article: Article) -> tuple[str, ...]:
    if not article.paywalled:
        return ()
    return ("The page is behind a paywall: this is only what it shows without one.",)


def _plain(response: Response) -> Page:
    decoded = decode(response.body)
    if "\0" in decoded.text:
        raise ValueError(f"The link leads to a file that is not text. {PASTE}")
    return Page(response.url, None, repair(decoded.text), None, Precision.UNKNOWN, None)


def _words(error: BaseException | None, seconds: float) -> str:
    """Return in plain words why a page cannot be read."""
    failure = describe(error)
    if isinstance(error, HttpError):
        status = int(error.response.status)
        if status in _CLOSED:
            return (f"The site does not show this page to us (it answered {status}): it may be behind a "
                    f"paywall or a sign-in. {PASTE}")
        if status in (404, 410):
            return f"There is no page at this address (the server answered {status})."
        if status == 429:
            return "The site asks us to slow down (it answered 429). Try again later."
        if status >= 500:
            return f"The site's server failed (it answered {status}). Try again later."
    match failure.code:
        case "timeout":
            return too_slow(seconds)
        case "robots":
            return f"The site's robots.txt does not let programs read this page. {PASTE}"
        case "refused":
            return f"This address is {failure.message}."
        case "too_large":
            return f"The page is larger than what is fetched ([crawl] max_bytes). {PASTE}"
    return f"The page cannot be read: {failure.message}."


def _tell(answer: PageAnswer) -> None:
    sys.stdout.buffer.write(answer.to_json() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
