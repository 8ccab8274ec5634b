"""`rumortrail crawl --check`: asks each source once, by its own spider, and keeps nothing.

The spiders run as they do in a nightly crawl, in the same process with the same guard, bounds and politeness;
but the state is an empty one in memory, of what a feed leads to only its first article is asked for, of other
listings nothing, and results are counted instead of written.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from pydantic import TypeAdapter, ValidationError
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from twisted.python.failure import Failure

from crawlers.articles.response import ARTICLE
from crawlers.engine.job import Job
from crawlers.engine.launcher import output_lines
from crawlers.engine.rhythm import stale
from crawlers.http.credentials import lacking
from crawlers.normalise.validate import EARLIEST
from crawlers.sources import UNVERIFIED, choose, load_sources
from crawlers.spiders.base import FoundDocument, spider_of
from crawlers.spiders.feeds import FeedsSpider
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.inbox_records import InboxIssue
from pipeline.core.text import shorten
from pipeline.core.vocabulary import Outcome, Severity

CHECK_SETTINGS: dict[str, Any] = {
    "ITEM_PIPELINES": {"crawlers.engine.check.Tally": 100},
    "SPIDER_MIDDLEWARES": {"crawlers.engine.check.OneRequest": 10},
}
"""The settings of a check in place of a nightly crawl's item pipeline."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer of one source: HTTP status, items of its listing (its first page), their newest time.

    `outcome` is ok, partial (its first article cannot be read), failed or off; `message` says why where it is
    not ok, and else whether it is empty or stale. `verified` is what sources.toml says.
    """

    source: str
    outcome: Outcome
    status: int | None = None
    items: int = 0
    newest: datetime | None = None
    message: str | None = None
    verified: str = UNVERIFIED


@dataclass(frozen=True, slots=True)
class Linked:
    """A request that was not made; `at` is the time that the listing states for what it leads to."""

    at: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a feed's first article; an issue that comes of it names one of these `places`."""

    places: frozenset[str]


_CHECKED = TypeAdapter(Checked)


def check(home: Home, config: Config, *, now: datetime, only: Sequence[str] = ()) -> list[Checked]:
    """Ask each source of `home` once, and return the answers in the order of the sources.

    `only` names the sources to ask, even if they are switched off. Writes nothing but a log. Raises
    ConfigError where sources.toml is missing or faulty.
    """
    chosen = choose(load_sources(home.sources_file), tuple(only))
    results: dict[str, Checked] = {}
    for source in chosen:
        why = lacking(source.spider, source.url) or (
            None if source.enabled or only else "switched off in sources.toml"
        )
        if why is not None:
            results[source.id] = Checked(source.id, Outcome.OFF, message=why)
    wanted = tuple(source for source in chosen if source.id not in results)
    run_id = f"check-{now:%Y%m%dT%H%M%SZ}"
    if wanted:
        job = Job(run_id, now, config.crawl, str(home.path), wanted, check=True)
        with closing(output_lines(job)) as lines:
            for line in lines:
                try:
                    result = _CHECKED.validate_json(line)
                except ValidationError:
                    continue
                results[result.source] = result
    unfinished = f"it did not finish; logs/{run_id}.log may say why"
    missing = {source.id: Checked(source.id, Outcome.FAILED, message=unfinished) for source in chosen}
    return [replace((missing | results)[source.id], verified=source.verified) for source in chosen]


class OneRequest:
    """Spider middleware: passes on one more request that leads to the listing, and one for an article."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.second = False
        self.article = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one for each source."""
        return cls(crawler)

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        """Yield each item as it is, and for a request what the listing states of it."""
        spider = spider_of(self.crawler)
        async for item in result:
            if not isinstance(item, Request):
                yield item
            elif item.errback == spider.lost_listing and not spider.listed and not self.second:
                self.second = True
                if isinstance(spider, FeedsSpider) and spider.parts:
                    spider.parts.clear()  # what is not asked for must not keep the first article waiting
                yield item
            elif ARTICLE in item.meta and not self.article:
                self.article = True
                yield Linked(_stated(item))
                yield Asked(frozenset({item.url, item.cb_kwargs["ref"]}))
                yield item
            else:
                yield Linked(_stated(item))


class Tally:
    """Item pipeline: counts the results of one source, and prints them when the source is done."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.status: int | None = None
        self.times: list[datetime] = []
        self.faults: list[str] = []
        self.places: frozenset[str] = frozenset()
        self.article: list[str] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one and connect it to the signals that it needs besides items."""
        tally = cls(crawler)
        crawler.signals.connect(tally.response_received, signal=signals.response_received)
        crawler.signals.connect(tally.spider_error, signal=signals.spider_error)
        crawler.signals.connect(tally.spider_closed, signal=signals.spider_closed)
        return tally

    def process_item(self, item: Any) -> Any:
        """Note a time or a fault."""
        match item:
            case FoundDocument(document):
                self._note(document.published_at)
            case Linked(at):
                self._note(at)
            case Asked(places):
                self.places = places
            case InboxIssue() if item.place in self.places and item.severity is not Severity.INFO:
                self.article.append(f"its first article: {item.code}: {item.message}")
            case InboxIssue() if item.severity is Severity.ERROR:
                self.faults.append(f"{item.code}: {item.message}")
        return item

    def response_received(self, response: Response, request: Request) -> None:
        """Note the status of the source's answer, not that of robots.txt or an article."""
        if request.callback is not NO_CALLBACK and ARTICLE not in request.meta:
            self.status = response.status

    def spider_error(self, failure: Failure) -> None:
        """Note an error of ours, or an answer that no check foresaw."""
        self.faults.append(shorten(f"spider_error: {failure.getErrorMessage()}", 500))

    def spider_closed(self, reason: str) -> None:
        """Tell what came, on one line."""
        spider = spider_of(self.crawler)
        if isinstance(spider, FeedsSpider):
            for request in spider.waiting:
                self._note(_stated(request))
        if reason != "finished":
            self.faults.append(f"out_of_time: stopped ({reason})")
        faults = [*self.faults, *self.article]
        article_outcome = Outcome.PARTIAL if self.article else Outcome.OK
        checked = Checked(
            spider.source.id,
            Outcome.FAILED if self.faults else article_outcome,
            self.status,
            len(spider.listed),
            max(self.times, default=None),
            faults[0] if faults else self._quiet(len(spider.listed), spider.run.now),
        )
        sys.stdout.buffer.write(_CHECKED.dump_json(checked) + b"\n")
        sys.stdout.buffer.flush()

    def _quiet(self, items: int, now: datetime) -> str | None:
        """Return that a listing without faults has nothing in it, or nothing new."""
        if not items:
            return "empty: the listing has no items"
        why = stale(self.times, now)
        return f"stale: {why}" if why else None

    def _note(self, at: datetime | None) -> None:
        if at is not None:
            self.times.append(at)


def rows(results: Iterable[Checked]) -> list[tuple[str, str, int | None, int | None, str, str, str]]:
    """Return the rows of a table: source, outcome, status, items, newest time, verified, what is wrong."""
    return [
        (
            result.source,
            str(result.outcome),
            result.status,
            None if result.outcome is Outcome.OFF else result.items,
            f"{result.newest:%Y-%m-%d %H:%M}" if result.newest else "unknown" if result.items else "",
            result.verified,
            result.message or "",
        )
        for result in results
    ]


def _stated(request: Request) -> datetime | None:
    """Return the time that a listing states for what `request` asks for."""
    for argument in request.cb_kwargs.values():
        for name in ("published_at", "createdAt"):
            moment = getattr(argument, name, None)
            if isinstance(moment, datetime) and moment >= EARLIEST:
                return moment
    return None
