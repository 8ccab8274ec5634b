"""RSS, Atom and JSON feeds, news sitemaps, and the article pages behind their entries.

https://www.rssboard.org/rss-specification, RFC 4287. A feed that has not changed is not sent again (RFC 9110, 13).
The text is always the page's: a feed's teaser would look like an edited article the next night.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit

from pydantic import BaseModel, ConfigDict
from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawlers.articles.extract import Article, undated
from crawlers.articles.metadata import rendered
from crawlers.articles.response import ARTICLE, read_response
from crawlers.crawl_state import Listing, Seen, Sighting
from crawlers.http.failures import Fault, tell
from crawlers.normalise.dates import read_moment
from crawlers.normalise.urls import canonical_url, same_site
from crawlers.normalise.validate import EARLIEST, LATEST
from crawlers.sources import DeclaredSource
from crawlers.spiders.base import SECOND_LOOKS, Night, SourceSpider, Yield, asked, told
from crawlers.spiders.feed_formats import SITEMAPS, fault_of, parse_feed
from crawlers.spiders.html import html_text
from pipeline.core.records import DateOrigin, Precision, Severity

NOT_MODIFIED = 304
LANES = 8
"""So many articles are asked for at a time, whatever each host allows."""
REFUSALS = 5
"""When a site refused so many pages and gave none, it is not asked for the rest tonight."""
REFUSING = frozenset({"http_401", "http_402", "http_403", "http_429", "http_451", "robots"})


class Entry(BaseModel):
    """What a feed says of an article, and of which site it says it is; kept between nights: the page may say less."""

    model_config = ConfigDict(frozen=True)

    link: str
    title: str | None = None
    author: str | None = None
    published_at: datetime | None = None
    precision: Precision = Precision.UNKNOWN
    home: str = ""


class FeedsSpider(SourceSpider):
    """One feed. `home` is the site that it says it is of, `waiting` the articles that are still to be asked for.

    `later` are those that are known already, `vanished` what was gone and is listed all the same; `parts` are the
    sitemaps of an index that are still to be read, None where the feed is no index.
    """

    home = ""
    parts: deque[str] | None = None
    refusals = 0
    pages = 0

    def __init__(self, source: DeclaredSource, night: Night) -> None:
        super().__init__(source, night)
        self.waiting: deque[Request] = deque()
        self.later: list[Request] = []
        self.vanished: dict[str, Seen] = {}

    def first(self) -> Request:
        """The feed, unless it has not changed since everything in it was collected."""
        accept = (
            "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
            "text/xml;q=0.8, */*;q=0.1"
        )
        headers = {"Accept": accept}
        if self.before and self.before.etag:
            headers["If-None-Match"] = self.before.etag
        if self.before and self.before.modified:
            headers["If-Modified-Since"] = self.before.modified
        return self.ask_listing(self.source.url, self.feed, headers=headers, statuses=(NOT_MODIFIED,))

    def feed(self, response: Response) -> Iterator[Yield]:
        """The pages of new entries, then those that are known, then those of entries that the feed has no more."""
        if response.status == NOT_MODIFIED:
            self.unchanged = True
            self.validators = self.before or self.validators
        else:
            parsed = yield from self.parsed(response)
            if parsed is None:
                return
            if "sitemaps" in parsed:
                yield from self.index(parsed.sitemaps, response)
                return
            etag, modified = _header(response, b"ETag"), _header(response, b"Last-Modified")
            self.validators = Listing(self.source.url, etag, modified)
            yield from self.entries(parsed, response)
        yield from self.articles()

    def parsed(self, response: Response) -> Generator[Yield, None, Any]:
        """The feed in `response`; None, and the issue, where there is none."""
        try:
            return parse_feed(response, self.night.crawl.max_bytes)
        except ValueError as error:
            self.listing_lost = True
            yield self.issue("bad_feed", told(error), place=response.url)
            return None

    def index(self, addresses: list[str], response: Response) -> Iterator[Yield]:
        """The sitemaps of an index, one after the other, every night: that it did not change says nothing of them."""
        self.parts = deque(urljoin(response.url, address) for address in addresses[:SITEMAPS])
        if len(addresses) > SITEMAPS:
            words = f"only {SITEMAPS} of the index's {len(addresses)} sitemaps were read"
            yield self.issue("max_items", words, place=response.url, severity=Severity.INFO)
        yield from self.next_part()

    def next_part(self) -> Iterator[Yield]:
        """The next sitemap of the index, or the articles of all of them."""
        if self.parts and len(self.listed) < self.night.crawl.max_items:
            yield self.ask_listing(self.parts.popleft(), self.part)
        else:
            yield from self.articles()

    def part(self, response: Response) -> Iterator[Yield]:
        """One sitemap of the index."""
        parsed = yield from self.parsed(response)
        if parsed is not None and "sitemaps" in parsed:
            self.listing_lost = True
            yield self.issue("bad_feed", "an index of sitemaps within an index", place=response.url)
        elif parsed is not None:
            yield from self.entries(parsed, response)
        yield from self.next_part()

    def lost_listing(self, failure: Failure) -> Iterator[Yield]:
        """As of any listing; the other sitemaps of an index are read all the same."""
        yield from super().lost_listing(failure)
        if self.parts is not None:
            yield from self.next_part()

    def articles(self) -> Iterator[Yield]:
        """The pages in line, the known ones last; a listing that was not read whole is no reason for second looks."""
        self.waiting.extend(self.later[:SECOND_LOOKS])
        if not self.listing_lost:
            self.waiting.extend(self.again())
        for _ in range(LANES):
            yield from self.onward()

    def entries(self, parsed: Any, response: Response) -> Iterator[Yield]:
        """Put the entries' pages in line, and tell of what is wrong with the feed."""
        if fault := fault_of(parsed):
            words = f"read as well as could be: {fault}"
            yield self.issue("malformed_feed", words, place=response.url, severity=Severity.WARNING)
        self.home = str(parsed.feed.get("link") or "")
        bound = self.night.crawl.max_items - len(self.listed)
        if len(parsed.entries) > bound:
            yield self.cut_short(response)
        state, source = self.night.state, self.source.id
        old = state.refs(source) - self.known.keys()
        gone = {one.ref: one for one in state.gone(source, self.night.now, self.night.crawl.revisit_days)}
        for number, raw in enumerate(parsed.entries[:bound], 1):
            try:
                ref, entry = self.entry(raw, response)
            except ValueError as error:
                yield self.issue("bad_item", f"entry {number}: {told(error)}", place=response.url)
                continue
            if ref in self.listed:
                continue
            self.listed.add(ref)
            before = self.known.get(ref)
            if before is not None and before.last_present is not None:
                self.later.append(self.page(ref, entry))
            elif ref in gone:
                self.vanished[ref] = gone[ref]
                self.later.append(self.page(ref, entry))
            elif ref not in old:
                self.waiting.append(self.page(ref, entry))

    def entry(self, raw: Any, response: Response) -> tuple[str, Entry]:
        """An entry's ref, and what the feed says of it. Raises ValueError where it leads nowhere."""
        link = raw.get("link") or raw.get("id")
        if not isinstance(link, str) or (
            not raw.get("link") and not link.startswith(("http://", "https://"))
        ):
            raise ValueError(f"{str(raw.get('title', 'an entry'))[:80]!r} has no link")
        link = urljoin(response.url, link.strip())
        ref = canonical_url(link)
        title, _ = html_text(str(raw.get("title") or ""), response.url)
        moment, precision = self.moment(raw)
        author = str(raw.get("author") or "")[:200] or None
        return ref, Entry(
            link=link,
            title=title or None,
            author=author,
            published_at=moment,
            precision=precision,
            home=self.home,
        )

    def moment(self, raw: Any) -> tuple[datetime | None, Precision]:
        """When the feed says it was published; an Atom entry's `updated` is no such time."""
        try:
            stated = read_moment(str(raw.get("published") or ""))
        except ValueError:
            return None, Precision.UNKNOWN
        moment = stated if stated.zoned else stated.day()
        if not EARLIEST <= moment.at <= self.night.now + LATEST:
            return None, Precision.UNKNOWN
        return moment.at, moment.precision

    def page(self, ref: str, entry: Entry) -> Request:
        """The request for an article, at the feed's own address for it: some servers mind a slash that is not there."""
        errback = partial(self.missing, ref=ref, entry=entry)
        request = self.ask(entry.link, self.article, errback=errback, ref=ref, entry=entry)
        request.meta[ARTICLE] = None
        return request

    def onward(self) -> Iterator[Yield]:
        """The next article in line. Called first by whatever ends one, so that no fault stops the line."""
        if self.refusals >= REFUSALS and not self.pages and self.waiting:
            self.unfinished = True
            words = f"the site refused the first {self.refusals} pages; {len(self.waiting)} more were not asked for"
            yield self.issue("site_refuses", words, place=self.source.url)
            self.waiting.clear()
        if self.waiting:
            yield self.waiting.popleft()

    def article(self, response: Response, ref: str, entry: Entry) -> Iterator[Yield]:
        """The document of an article's page."""
        self.pages += 1
        yield from self.onward()
        before = self.known.get(ref) or self.vanished.get(ref)
        known = before is not None and before.last_present is not None
        severity = Severity.WARNING if known else Severity.ERROR
        kind = _header(response, b"Content-Type")
        if not isinstance(response, TextResponse):
            yield self.issue(
                "not_html", f"the page is {kind or 'of no known type'}", place=ref, severity=severity
            )
            return
        try:
            article = read_response(response)
        except ValueError as error:
            yield self.issue("no_text", told(error), place=ref, severity=severity)
            return
        if before is not None and known and article.url != before.url:
            if ref in self.vanished:
                return  # the page that came instead of it says nothing of it
            # A page that moved is not an edit of the old one, and no proof that the old one is gone.
            words = f"{before.url} now leads to {article.url}"
            yield self.issue("moved", words, place=ref, severity=Severity.WARNING)
            yield Sighting(ref, before.url, present=None)
            return
        if article.paywalled:
            words = "the page says that it is not free to read; what was kept may be a teaser"
            yield self.issue("paywall", words, place=ref, severity=Severity.INFO)
        yield self.told_by_page(article, response, ref, entry)

    def told_by_page(self, article: Article, response: Response, ref: str, entry: Entry) -> Yield:
        """The page's words; the feed's time where it states one to the second, or the page does not."""
        self.home = self.home or entry.home  # a feed that is not read tonight says nothing of its site
        moment, precision, origin = entry.published_at, entry.precision, DateOrigin.FEED
        asked_at, at = self.night.asked(response), self.night.at()
        if rendered(article.published_at, article.published_precision, asked_at, at):
            article = undated(article)
        if moment is None or (
            precision is not Precision.SECOND and article.published_precision is Precision.SECOND
        ):
            moment, precision, origin = (
                article.published_at,
                article.published_precision,
                article.published_from,
            )
        return self.found(
            response,
            ref,
            memo=entry.model_dump_json(),
            source=self.publisher(article.url),
            url=article.url,
            title=article.title or entry.title,
            text=article.text,
            author=article.author or entry.author,
            published_at=moment,
            published_precision=precision,
            published_from=origin,
            language=article.language,
            links=article.links,
        )

    def publisher(self, url: str) -> str:
        """Who publishes the page: this source on its own site, elsewhere (a feed of others' articles) its host."""
        for own in (self.source.url, self.home):
            try:
                if same_site(url, canonical_url(own)):
                    return self.source.id
            except ValueError:
                continue
        return urlsplit(url).hostname or self.source.id

    def missing(self, failure: Failure, ref: str, entry: Entry) -> Iterator[Yield]:
        """An article that could not be fetched: gone if it was there and its server says so, else tried again."""
        fault: Fault = tell(failure.value)
        self.refusals += fault.code in REFUSING
        yield from self.onward()
        if ref in self.vanished:
            if self.gone_evidence(failure) is None:
                yield self.issue(fault.code, fault.message, place=asked(failure), severity=Severity.WARNING)
            return
        before = self.known.get(ref)
        if before is not None and before.last_present is not None:
            yield from self.missed(failure, before)
            return
        yield self.issue(fault.code, fault.message, place=asked(failure), severity=fault.severity)
        if fault.passing:
            yield Sighting(ref, ref, entry.model_dump_json(), present=None)

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Each article at its own address; those that never came are tried again too."""
        for one in seen:
            yield self.page(one.ref, Entry.model_validate_json(one.memo) if one.memo else Entry(link=one.url))


def _header(response: Response, name: bytes) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
