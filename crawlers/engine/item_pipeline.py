"""Writes what a spider yields: the inbox, the archive, and then the state, in this order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from time import monotonic
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.crawl_state import Followed, Sighting
from crawlers.http.warc_writer import Kept
from crawlers.link_targets import candidates
from crawlers.spiders.base import Found, Lost, SourceSpider
from pipeline.core.inbox import InboxWriter
from pipeline.core.records import InboxAlias, InboxCrawl, InboxDocument, InboxIssue, Outcome, Severity

FLUSH_LINES = 50
FLUSH_SECONDS = 2.0
KEPT_RESPONSES = 16
"""So many of the latest responses are known to be in the archive; an older one would be kept a second time."""
MASS_GONE = 5
"""When so many documents of a source, and all that were looked at again, seem gone, none is believed gone."""


class Collector:
    """One source's item pipeline: opens its inbox file, and ends it with how the crawl went."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.documents = 0
        self.errors: list[str] = []
        self._sightings: list[Sighting] = []
        self._links: list[str] = []
        self._followed: list[Followed] = []
        self._lost: list[Lost] = []
        self._again = 0
        self._told: set[str] = set()
        self._witnessed = False
        self._kept: dict[int, tuple[Response, Kept]] = {}
        self._flushed = monotonic()
        self._started = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connects itself to what it must hear of besides items."""
        collector = cls(crawler)
        crawler.signals.connect(collector.spider_error, signal=signals.spider_error)
        crawler.signals.connect(collector.item_error, signal=signals.item_error)
        crawler.signals.connect(collector.spider_idle, signal=signals.spider_idle)
        crawler.signals.connect(collector.spider_closed, signal=signals.spider_closed)
        return collector

    @property
    def spider(self) -> SourceSpider:
        """The spider whose items these are."""
        spider = self.crawler.spider
        assert isinstance(spider, SourceSpider)
        return spider

    def open_spider(self) -> None:
        """Begin the inbox file with the source as declared."""
        night, source = self.spider.night, self.spider.source
        self._started = night.elapsed
        self.writer = InboxWriter.create(night.inbox, night.run_id, source.id)
        self.writer.write(source.record())
        self.writer.flush()

    def process_item(self, item: Any) -> Any:
        """Take in one thing that the spider yielded."""
        match item:
            case Found():
                self._found(item)
            case Lost():
                self._lost.append(item)
            case Sighting():
                self._sighted(item)
            case InboxIssue():
                self._issue(item)
            case InboxAlias():
                self.writer.write(item)
            case Followed():
                self._followed.append(item)
            case _:
                raise TypeError(f"a spider yielded {type(item).__name__}")
        if self.writer.waiting >= FLUSH_LINES or monotonic() - self._flushed > FLUSH_SECONDS:
            self.flush()
        return item

    def flush(self) -> None:
        """Put everything on the disk: responses, then the lines that point to them, then what the state believes."""
        night = self.spider.night
        night.archive.flush()
        self.writer.flush()
        night.state.save_sightings(
            self.spider.source.id, self._sightings, night.asked(), self._links, self._followed
        )
        for saved in (self._sightings, self._links, self._followed):
            saved.clear()
        self._flushed = monotonic()

    def spider_error(self, failure: Failure, response: Response | None) -> None:
        """A fault of ours, or an answer that no check foresaw: recorded, and the other answers go on."""
        spider = self.spider
        if not spider.listed:
            spider.listing_lost = True
        self._fault(failure, response.url if response else spider.source.url)

    def item_error(self, item: Any, failure: Failure) -> None:
        """What was yielded could not be kept (a full disk): the next night reads the listing in full."""
        self.spider.unfinished = True
        self._fault(failure, item.sighting.url if isinstance(item, (Found, Lost)) else self.spider.source.url)

    def spider_idle(self) -> None:
        """A revisit that believes something gone asks whether the source's listing can be read, as a night would know."""
        if self._lost and self.spider.night.looks is not None and not self._witnessed:
            self._witnessed = True
            assert self.crawler.engine is not None
            for request in self.spider.witnesses():
                self.crawler.engine.crawl(request)
            raise DontCloseSpider

    def spider_closed(self, reason: str) -> None:
        """End the file with how the crawl went, and tell the night."""
        spider, night = self.spider, self.spider.night
        self._write_lost(whole=reason == "finished")
        message, cut = self._shortfall(reason)
        if night.looks is not None and not cut:
            self._unanswered()
        self.flush()
        outcome = Outcome.OK
        if spider.listing_lost and not self.documents:
            outcome = Outcome.FAILED
        elif self.errors or cut or spider.listing_lost:
            outcome = Outcome.PARTIAL
        crawl = InboxCrawl(
            source=spider.source.id,
            started_at=night.now + timedelta(seconds=self._started),
            finished_at=night.now + timedelta(seconds=night.elapsed),
            outcome=outcome,
            documents=self.documents,
            requests=int(self.crawler.stats.get_value("downloader/request_count", 0)),
            message=message or (self.errors[0] if self.errors else None),
            listed=None if spider.unchanged or spider.listing_lost or cut else len(spider.listed),
            expect_min=spider.source.expect_min,
            expect_max=spider.source.expect_max,
        )
        if night.looks is None:
            self.writer.write(crawl)
        self.writer.close()
        if night.looks is None and not (spider.listing_lost or spider.unfinished or cut):
            night.state.save_listing(spider.source.id, replace(spider.validators, complete=True))
        night.ended(crawl)

    def _found(self, item: Found) -> None:
        kept = self._keep(item.response)
        for other in item.others:
            self._keep(other)
        self._document(replace(item.document, sha256=kept.sha256, warc=kept.warc), item.sighting)

    def _document(self, document: InboxDocument, sighting: Sighting) -> None:
        self.documents += 1
        self._again += sighting.ref not in self.spider.listed
        self.writer.write(document)
        self._sighted(sighting)
        if self.spider.night.crawl.follow_links:
            self._links += candidates(document)

    def _sighted(self, sighting: Sighting) -> None:
        self._sightings.append(replace(sighting, at=sighting.at or self.spider.night.asked()))
        self._told.add(sighting.ref)

    def _unanswered(self) -> None:
        """What a revisit asked for and learned nothing of was looked at all the same: it waits for its next time."""
        for ref, seen in self.spider.known.items():
            if ref not in self._told:
                self._sighted(Sighting(ref, seen.url, present=None))

    def _keep(self, response: Response) -> Kept:
        """Archive a response once, however many documents it gives; holding the response keeps its id its own."""
        if id(response) not in self._kept:
            while len(self._kept) >= KEPT_RESPONSES:
                del self._kept[next(iter(self._kept))]
            night = self.spider.night
            self._kept[id(response)] = (
                response,
                night.archive.keep(response, night.now + timedelta(seconds=night.elapsed)),
            )
        return self._kept[id(response)][1]

    def _fault(self, failure: Failure, place: str) -> None:
        message = f"{failure.type.__name__ if failure.type else 'error'}: {failure.getErrorMessage()}"[:500]
        self._issue(self.spider.issue("spider_error", message, place=place))

    def _issue(self, issue: InboxIssue) -> None:
        if issue.severity is Severity.ERROR:
            self.errors.append(f"{issue.code} at {issue.place}: {issue.message}")
        self.writer.write(issue)

    def _write_lost(self, *, whole: bool) -> None:
        """Deletions, unless they are so many that a broken platform is the likelier story, or nothing vouches for them."""
        spider = self.spider
        if len(self._lost) >= MASS_GONE and not self._again:
            words = f"all {len(self._lost)} documents that were looked at again seem gone; none is taken as gone tonight"
            self._issue(spider.issue("mass_gone", words, place=spider.source.url))
            return
        if spider.night.looks is not None and (spider.listing_lost or not self._witnessed or not whole):
            words = "seems gone, but the source's listing could not be read either; it is not taken as gone"
            for lost in self._lost:
                issue = spider.issue("unconfirmed", words, place=lost.gone.url, severity=Severity.WARNING)
                self._issue(issue)
            return
        for lost in self._lost:
            self.writer.write(lost.gone)
            self._sighted(lost.sighting)

    def _shortfall(self, reason: str) -> tuple[str | None, bool]:
        """What kept the crawl from being whole: the time, or a number of items that is not as declared."""
        spider, source = self.spider, self.spider.source
        if reason != "finished":
            words = {
                "closespider_timeout": f"stopped after [crawl] source_budget = {spider.night.crawl.source_budget:g} s",
                "shutdown": f"stopped after [crawl] night_budget = {spider.night.crawl.night_budget:g} s",
            }.get(reason, f"stopped: {reason}")
            self._issue(spider.issue("out_of_time", words, place=source.url))
            return words, True
        if spider.unchanged or spider.listing_lost or spider.night.looks is not None:
            return None, False
        count = len(spider.listed)
        if source.expect_min is not None and count < source.expect_min:
            words = f"{count} items are listed, expect_min = {source.expect_min}"
            self._issue(spider.issue("too_few", words, place=source.url))
        elif source.expect_max is not None and count > source.expect_max:
            words = f"{count} items are listed, expect_max = {source.expect_max}"
            self._issue(spider.issue("too_many", words, place=source.url))
        return None, False
