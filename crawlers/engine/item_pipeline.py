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
from crawlers.link_targets import LINKED, candidates
from crawlers.spiders.base import FoundDocument, Lost, SourceSpider, spider_of
from pipeline.core.inbox import InboxWriter
from pipeline.core.inbox_records import InboxAlias, InboxCrawl, InboxDocument, InboxIssue
from pipeline.core.text import shorten
from pipeline.core.vocabulary import Outcome, Severity

FLUSH_LINES = 50
FLUSH_SECONDS = 2.0
KEPT_RESPONSES = 16
"""The latest responses that are known to be in the archive; an older one would be kept a second time."""
MASS_GONE = 5
"""When this many documents of a source, and all that were checked, seem gone, none is believed gone."""


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
        """Make one and connect it to the signals that it needs besides items."""
        collector = cls(crawler)
        crawler.signals.connect(collector.spider_error, signal=signals.spider_error)
        crawler.signals.connect(collector.item_error, signal=signals.item_error)
        crawler.signals.connect(collector.spider_idle, signal=signals.spider_idle)
        crawler.signals.connect(collector.spider_closed, signal=signals.spider_closed)
        return collector

    @property
    def spider(self) -> SourceSpider:
        """Return the spider whose items these are."""
        return spider_of(self.crawler)

    def open_spider(self) -> None:
        """Write the source as declared, as the first line of the inbox file."""
        run, source = self.spider.run, self.spider.source
        self._started = run.elapsed
        self.writer = InboxWriter.create(run.inbox, run.run_id, source.id)
        self.writer.write(source.record())
        self.writer.flush()

    def process_item(self, item: Any) -> Any:
        """Take in one thing that the spider yielded."""
        match item:
            case FoundDocument():
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
        """Put everything on the disk: first responses, then the lines that point to them, then the state."""
        run = self.spider.run
        run.archive.flush()
        self.writer.flush()
        run.state.save_sightings(
            self.spider.source.id, self._sightings, run.sent_at(), self._links, self._followed
        )
        for pending in (self._sightings, self._links, self._followed):
            pending.clear()
        self._flushed = monotonic()

    def spider_error(self, failure: Failure, response: Response | None) -> None:
        """Record an error of ours, or an answer that no check foresaw; the other answers go on."""
        spider = self.spider
        if not spider.listed:
            spider.listing_lost = True
        self._fault(failure, response.url if response else spider.source.url)

    def item_error(self, item: Any, failure: Failure) -> None:
        """Record that an item could not be kept (a full disk): the next run reads the listing in full."""
        self.spider.unfinished = True
        of_document = isinstance(item, (FoundDocument, Lost))
        self._fault(failure, item.sighting.url if of_document else self.spider.source.url)

    def spider_idle(self) -> None:
        """Ask whether the listing can be read, in a revisit that believes something gone."""
        if self._lost and self.spider.run.looks is not None and not self._witnessed:
            self._witnessed = True
            assert self.crawler.engine is not None
            for request in self.spider.witnesses():
                self.crawler.engine.crawl(request)
            raise DontCloseSpider

    def spider_closed(self, reason: str) -> None:
        """End the file with how the crawl went, and report it."""
        spider, run = self.spider, self.spider.run
        if spider.roams:
            self.writer.close()
            run.roams(spider.source.id)
            return
        self._write_lost(whole=reason == "finished")
        message, cut = self._shortfall(reason)
        if run.looks is not None and not cut:
            self._unanswered()
        self.flush()
        outcome = Outcome.OK
        if spider.listing_lost and not self.documents:
            outcome = Outcome.FAILED
        elif self.errors or cut or spider.listing_lost:
            outcome = Outcome.PARTIAL
        crawl = InboxCrawl(
            source=spider.source.id,
            started_at=run.now + timedelta(seconds=self._started),
            finished_at=run.now + timedelta(seconds=run.elapsed),
            outcome=outcome,
            documents=self.documents,
            requests=int(self.crawler.stats.get_value("downloader/request_count", 0)),
            message=message or (self.errors[0] if self.errors else None),
            listed=None if spider.unchanged or spider.listing_lost or cut else len(spider.listed),
            expect_min=spider.source.expect_min,
            expect_max=spider.source.expect_max,
        )
        if run.looks is None:
            self.writer.write(crawl)
        self.writer.close()
        if run.looks is None and spider.source != LINKED:
            run.state.save_asked(spider.source.id, spider.asked, run.now, run.crawl.revisit_days)
        if run.looks is None and not (spider.listing_lost or spider.unfinished or cut):
            run.state.save_listing(spider.source.id, spider.read_to_the_end())
        run.ended(crawl)

    def _found(self, item: FoundDocument) -> None:
        kept = self._keep(item.response)
        for response in item.others:
            self._keep(response)
        self._document(replace(item.document, sha256=kept.sha256, warc=kept.warc), item.sighting)
        for words in item.undated:
            self._issue(self.spider.issue("unreadable_date", words, place=item.document.url,
                                          severity=Severity.WARNING))

    def _document(self, document: InboxDocument, sighting: Sighting) -> None:
        self.documents += 1
        self._again += sighting.ref not in self.spider.listed
        self.writer.write(document)
        self._sighted(sighting)
        if self.spider.run.crawl.follow_links:
            self._links += candidates(document)

    def _sighted(self, sighting: Sighting) -> None:
        self._sightings.append(replace(sighting, at=sighting.at or self.spider.run.sent_at()))
        self._told.add(sighting.ref)

    def _unanswered(self) -> None:
        """Note a look at each document of which a revisit learned nothing: it waits for its next look."""
        for ref, document in self.spider.known.items():
            if ref not in self._told:
                self._sighted(Sighting(ref, document.url, present=None))

    def _keep(self, response: Response) -> Kept:
        """Archive a response once, however many documents it gives; keeping it keeps its `id` unique."""
        if id(response) in self._kept:
            self._kept[id(response)] = self._kept.pop(id(response))  # an answer in use stays among the latest
        else:
            while len(self._kept) >= KEPT_RESPONSES:
                del self._kept[next(iter(self._kept))]
            run = self.spider.run
            self._kept[id(response)] = (
                response,
                run.archive.keep(response, run.now + timedelta(seconds=run.elapsed)),
            )
        return self._kept[id(response)][1]

    def _fault(self, failure: Failure, place: str) -> None:
        kind = failure.type.__name__ if failure.type else "error"
        message = shorten(f"{kind}: {failure.getErrorMessage()}", 500)
        self._issue(self.spider.issue("spider_error", message, place=place))

    def _issue(self, issue: InboxIssue) -> None:
        if issue.severity is Severity.ERROR:
            self.errors.append(f"{issue.code} at {issue.place}: {issue.message}")
        self.writer.write(issue)

    def _write_lost(self, *, whole: bool) -> None:
        """Write deletions, unless so many are unlikely or nothing shows that the listing can be read."""
        spider = self.spider
        if len(self._lost) >= MASS_GONE and not self._again:
            message = f"all {len(self._lost)} checked documents seem deleted, so none is taken as deleted"
            self._issue(spider.issue("mass_gone", message, place=spider.source.url))
            return
        if spider.run.looks is not None and (spider.listing_lost or not self._witnessed or not whole):
            message = "seems deleted, but the source's listing could not be read either: not taken as deleted"
            for lost in self._lost:
                issue = spider.issue("unconfirmed", message, place=lost.gone.url, severity=Severity.WARNING)
                self._issue(issue)
            return
        for lost in self._lost:
            self.writer.write(lost.gone)
            self._sighted(lost.sighting)

    def _shortfall(self, reason: str) -> tuple[str | None, bool]:
        """Return what cut the crawl short, and whether it was the time; record what is missing."""
        spider, source = self.spider, self.spider.source
        if reason != "finished":
            crawl = spider.run.crawl
            message = {
                "closespider_timeout": f"stopped after [crawl] source_budget = {crawl.source_budget:g} s",
                "shutdown": f"stopped after [crawl] night_budget = {crawl.night_budget:g} s",
            }.get(reason, f"stopped: {reason}")
            self._issue(spider.issue("out_of_time", message, place=source.url))
            return message, True
        if spider.unchanged or spider.listing_lost or spider.run.looks is not None:
            return None, False
        count = len(spider.listed)
        if source.expect_min is not None and count < source.expect_min:
            message = f"only {count} items are listed; expect_min = {source.expect_min}"
            self._issue(spider.issue("too_few", message, place=source.url))
        elif source.expect_max is not None and count > source.expect_max:
            message = f"{count} items are listed; expect_max = {source.expect_max}"
            self._issue(spider.issue("too_many", message, place=source.url))
        return None, False
