"""The pages behind a feed's entries: asked for, read, looked at again, told by the feed where they refuse.

The text is the page's. Where the page refuses, the words of the feed are kept, marked as that
(`Extent.FEED`), until the page can be read.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict
from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawlers.articles.extract import Article, undated
from crawlers.articles.publication_time import rendered
from crawlers.articles.response import ARTICLE, read_response
from crawlers.crawl_state import Seen, Sighting
from crawlers.http.failures import describe
from crawlers.normalise.urls import canonical_url, publishes
from crawlers.sources import DeclaredSource
from crawlers.spiders.base import FoundDocument, SourceSpider, Yield
from crawlers.spiders.crawl_run import CrawlRun
from crawlers.spiders.feed_words import FeedWords, refuses
from pipeline.core.inbox_records import InboxAlias
from pipeline.core.text import counted
from pipeline.core.vocabulary import DateOrigin, Extent, Precision, Severity

REFUSALS = 5
"""A host that refused this many pages and gave none is not asked for the rest in this run."""
REFUSING = frozenset({"http_401", "http_402", "http_403", "http_429", "http_451", "rate_limited", "robots"})


class Entry(BaseModel):
    """What a feed says of an article, and the site (`home`) that it says it is of; kept between runs.

    `clock` is the time that the feed states to the second and that says no more than its day. `told`: its
    words were kept in place of the page's, under the feed's address for it. `page` is the address that the
    page itself names, where its document bears another.
    """

    model_config = ConfigDict(frozen=True)

    link: str
    title: str | None = None
    author: str | None = None
    published_at: datetime | None = None
    precision: Precision = Precision.UNKNOWN
    clock: datetime | None = None
    home: str = ""
    told: bool = False
    page: str = ""


class FeedArticles(SourceSpider):
    """The articles that a feed lists.

    `home` is the site that the feed says it is of. `waiting` are requests for articles, `vanished` deleted
    articles that are listed again, `words` what the feed says of articles that were never read. `refusals`
    counts by host, `giving` are the hosts that gave a page.
    """

    home = ""

    def __init__(self, source: DeclaredSource, run: CrawlRun) -> None:
        super().__init__(source, run)
        self.waiting: deque[Request] = deque()
        self.vanished: dict[str, Seen] = {}
        self.words: dict[str, FeedWords] = {}
        self.refusals: Counter[str] = Counter()
        self.giving: set[str] = set()

    def page(self, ref: str, entry: Entry) -> Request:
        """Return the request for an article, at the feed's own address: some servers need a final slash."""
        errback = partial(self.missing, ref=ref, entry=entry)
        request = self.ask(entry.link, self.article, errback=errback, ref=ref, entry=entry)
        request.meta[ARTICLE] = None
        return request

    def onward(self) -> Iterator[Yield]:
        """Ask for the next article; whatever ends one calls this first, so no failure stops the queue."""
        if self.waiting:
            yield self.waiting.popleft()

    def refused(self, host: str) -> Iterator[Yield]:
        """Count a refusal of `host`; where it gives nothing, keep what the feed says of its other pages."""
        self.refusals[host] += 1
        if self.refusals[host] < REFUSALS or host in self.giving:
            return
        unasked, other_requests = deque[Request](), deque[Request]()
        for request in self.waiting:
            (unasked if _host(request.cb_kwargs["entry"]) == host else other_requests).append(request)
        if not unasked:
            return
        self.unfinished, self.waiting = True, other_requests
        left_out = counted(len(unasked), "more page was", "more pages were")
        message = f"{host} refused the first {self.refusals[host]} pages; {left_out} not requested"
        yield self.issue("site_refuses", message, place=self.source.url)
        for request in unasked:
            yield from self.told_by_feed(**request.cb_kwargs)

    def before_now(self, ref: str) -> Seen | None:
        """Return what earlier runs saw of an article, also of one that was deleted and is listed again."""
        return self.known.get(ref) or self.vanished.get(ref)

    def article(self, response: Response, ref: str, entry: Entry) -> Iterator[Yield]:
        """Yield the document of an article's page."""
        self.giving.add(_host(entry))
        yield from self.onward()
        earlier = self.before_now(ref)
        was_read = earlier is not None and earlier.last_present is not None
        severity = Severity.WARNING if was_read else Severity.ERROR
        content_type = header(response, b"Content-Type")
        if not isinstance(response, TextResponse):
            message = f"the page is {content_type or 'of no known type'}, not HTML"
            yield self.issue("not_html", message, place=ref, severity=severity)
            yield from self.told_by_feed(ref, entry)
            return
        try:
            article = read_response(response)
        except ValueError as error:
            yield self.bad_answer(error, ref, severity, "no_text")
            yield from self.told_by_feed(ref, entry)
            return
        if earlier is not None and was_read and article.url not in (earlier.url, _memo(earlier).page):
            if ref in self.vanished:
                return  # another page in its place says nothing about it
            # A page that moved is not an edit of the old one, and no proof that the old one is gone.
            message = f"{earlier.url} now leads to {article.url}"
            yield self.issue("moved", message, place=ref, severity=Severity.WARNING)
            yield Sighting(ref, earlier.url, present=None)
            return
        if article.paywalled:
            message = "the page says that it is not free to read; the text kept may be a teaser"
            yield self.issue("paywall", message, place=ref, severity=Severity.INFO)
        if earlier is not None and not was_read and _memo(earlier).told and article.url != ref:
            yield InboxAlias(article.url, ref, self.source.id, self.run.clock())
        yield self.told_by_page(article, response, ref, entry)

    def told_by_feed(self, ref: str, entry: Entry) -> Iterator[Yield]:
        """Yield what the feed says of an article that was never read, to be asked for in later runs."""
        words = self.words.pop(ref, None)
        if words is None or not (words.text or entry.title):
            return
        result = self.found(
            words.response,
            ref,
            memo=entry.model_copy(update={"told": True}).model_dump_json(),
            source=self.publisher(ref),
            url=ref,
            title=entry.title,
            text=words.text,
            author=entry.author,
            published_at=entry.published_at,
            published_precision=entry.precision,
            published_from=DateOrigin.FEED,
            links=words.links,
            extent=Extent.FEED,
        )
        if isinstance(result, FoundDocument):
            result = replace(result, sighting=replace(result.sighting, present=None))
        yield result

    def told_by_page(self, article: Article, response: Response, ref: str, entry: Entry) -> Yield:
        """Return the page's document, with the feed's time unless the page's is known more exactly."""
        self.home = self.home or entry.home  # a feed that is not read in this run states no site
        moment, precision, origin = entry.published_at, entry.precision, DateOrigin.FEED
        earlier = self.before_now(ref)
        from_feed = earlier is not None and _memo(earlier).told
        memo = entry.model_copy(update={"told": from_feed, "page": article.url if from_feed else ""})
        asked_at, at, exact = self.run.sent_at(response), self.run.clock(), article.published_precision
        if rendered(article.published_at, exact, asked_at, at) or same_clock(article, entry):
            article = undated(article)
        exact = article.published_precision
        if (
            moment is None
            or (not precision.clock and exact.clock)
            or (not precision.to_the_day and exact.to_the_day)
        ):
            moment, precision, origin = article.published_at, exact, article.published_from
        return self.found(
            response,
            ref,
            memo=memo.model_dump_json(),
            source=self.publisher(article.url),
            url=ref if from_feed else article.url,
            title=article.title or entry.title,
            headline=article.headline,
            modified_at=article.modified_at,
            modified_precision=article.modified_precision,
            extent=Extent.TEASER if article.paywalled else Extent.WHOLE,
            text=article.text,
            author=article.author or entry.author,
            published_at=moment,
            published_precision=precision,
            published_from=origin,
            language=article.language,
            links=article.links,
        )

    def publisher(self, url: str) -> str:
        """Return the publisher of a page: this source on its own site, elsewhere the page's host."""
        for own_url in (self.source.url, self.home):
            try:
                if publishes(canonical_url(own_url), url):
                    return self.source.id
            except ValueError:
                continue
        return urlsplit(url).hostname or self.source.id

    def missing(self, failure: Failure, ref: str, entry: Entry) -> Iterator[Yield]:
        """Report an article that failed: gone if it was there and its server says so, else tried again."""
        fault = describe(failure.value)
        if fault.code in REFUSING:
            yield from self.refused(_host(entry))
        yield from self.onward()
        if ref in self.vanished:
            if self.gone_evidence(failure) is None:
                yield self.failure_issue(failure, Severity.WARNING)
            return
        earlier = self.known.get(ref)
        if earlier is not None and earlier.last_present is not None:
            yield from self.missed(failure, earlier)
            return
        from_feed = earlier is not None and _memo(earlier).told
        yield self.failure_issue(failure, Severity.WARNING if from_feed else None)
        if refuses(fault):
            yield from self.told_by_feed(ref, entry)
        if fault.passing or earlier is not None:
            memo = entry.model_copy(update={"told": from_feed or refuses(fault)})
            yield Sighting(ref, ref, memo.model_dump_json(), present=None)

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Yield a request for each article at its own address, also for those that never came."""
        for document in seen:
            yield self.page(document.ref, _memo(document))


def _memo(document: Seen) -> Entry:
    """Return what is remembered of an article."""
    return Entry.model_validate_json(document.memo) if document.memo else Entry(link=document.url)


def _host(entry: Entry) -> str:
    return urlsplit(entry.link).hostname or ""


def same_clock(article: Article, entry: Entry) -> bool:
    """Return whether a page states the very clock time that its feed showed to be none."""
    if entry.clock is None or article.published_at is None:
        return False
    return abs(article.published_at - entry.clock) < timedelta(minutes=1)


def header(response: Response, name: bytes) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
