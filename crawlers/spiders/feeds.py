"""RSS, Atom and JSON feeds, and news sitemaps: their entries, whose pages `feed_articles` reads.

https://www.rssboard.org/rss-specification, RFC 4287. A feed that has not changed is not sent again (RFC 9110,
13).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.articles.metadata import person
from crawlers.crawl_state import Listing
from crawlers.normalise.html import html_text
from crawlers.normalise.urls import canonical_url
from crawlers.normalise.validate import EARLIEST, LATEST
from crawlers.sources import DeclaredSource
from crawlers.spiders.base import SECOND_LOOKS, Yield, error_line
from crawlers.spiders.crawl_run import CrawlRun
from crawlers.spiders.feed_articles import Entry, FeedArticles, header
from crawlers.spiders.feed_clock import FeedClock, stated
from crawlers.spiders.feed_formats import SITEMAPS, fault_of, outer_link, parse_feed
from crawlers.spiders.feed_words import feed_words
from pipeline.core.vocabulary import Severity

NOT_MODIFIED = 304
LANES = 8
"""Articles that are asked for at a time, whatever each host allows."""


class FeedsSpider(FeedArticles):
    """One feed and the articles that it lists.

    `later` are requests for articles that are known already; `parts` are the sitemaps of an index that are
    still to be read, None where the feed is not an index.
    """

    parts: deque[str] | None = None

    def __init__(self, source: DeclaredSource, run: CrawlRun) -> None:
        super().__init__(source, run)
        self.later: list[Request] = []

    def first(self) -> Request:
        """Return the request for the feed, unless it has not changed since everything in it was collected."""
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
        """Ask for new articles first, then for known ones, then for those that the feed no longer lists."""
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
            etag, modified = header(response, b"ETag"), header(response, b"Last-Modified")
            self.validators = Listing(self.source.url, etag, modified)
            yield from self.entries(parsed, response)
        yield from self.articles()

    def parsed(self, response: Response) -> Generator[Yield, None, Any]:
        """Return the feed in `response`; yield an issue and return None where there is no feed."""
        try:
            return parse_feed(response, self.run.crawl.max_bytes)
        except ValueError as error:
            yield self.bad_listing(error, response.url, "bad_feed")
            return None

    def index(self, addresses: list[str], response: Response) -> Iterator[Yield]:
        """Read the sitemaps of an index one after the other, in every run: they may change while it stays."""
        self.parts = deque(urljoin(response.url, address) for address in addresses[:SITEMAPS])
        if len(addresses) > SITEMAPS:
            message = f"only {SITEMAPS} of the index's {len(addresses)} sitemaps were read"
            yield self.issue("max_items", message, place=response.url, severity=Severity.INFO)
        yield from self.next_part()

    def next_part(self) -> Iterator[Yield]:
        """Ask for the next sitemap of the index, or for the articles of all of them."""
        if self.parts and len(self.listed) < self.run.crawl.max_items:
            yield self.ask_listing(self.parts.popleft(), self.part)
        else:
            yield from self.articles()

    def part(self, response: Response) -> Iterator[Yield]:
        """Queue the articles of one sitemap of the index."""
        parsed = yield from self.parsed(response)
        if parsed is not None and "sitemaps" in parsed:
            nested = ValueError("the index of sitemaps lists another index")
            yield self.bad_listing(nested, response.url, "bad_feed")
        elif parsed is not None:
            yield from self.entries(parsed, response)
            if self.parts and len(self.listed) >= self.run.crawl.max_items and not self.cut:
                yield self.cut_short(response)
        yield from self.next_part()

    def lost_listing(self, failure: Failure) -> Iterator[Yield]:
        """Report a listing that failed; the other sitemaps of an index are read all the same."""
        yield from super().lost_listing(failure)
        if self.parts is not None:
            yield from self.next_part()

    def articles(self) -> Iterator[Yield]:
        """Ask for queued articles, then known ones, then second looks if the listing could be read."""
        self.waiting.extend(self.later[:SECOND_LOOKS])
        if not self.listing_lost:
            self.waiting.extend(self.again())
        for _ in range(LANES):
            yield from self.onward()

    def entries(self, parsed: Any, response: Response) -> Iterator[Yield]:
        """Queue the entries' articles, and yield issues for what is wrong with the feed."""
        if fault := fault_of(parsed):
            yield self.malformed(fault, response)
        self.home = str(parsed.feed.get("link") or "")
        clock = FeedClock(filter(None, map(stated, parsed.entries)), str(parsed.feed.get("language") or ""))
        room = self.run.crawl.max_items - len(self.listed)
        raws = [raw for raw in parsed.entries if self.wanted(raw, response)]
        if len(raws) > room:
            yield self.cut_short(response)
        state, source = self.run.state, self.source.id
        past_refs = state.refs(source) - self.known.keys()
        deleted = state.gone(source, self.run.now, self.run.crawl.revisit_days)
        gone = {document.ref: document for document in deleted}
        for number, raw in enumerate(raws[:room], 1):
            try:
                ref, entry = self.entry(raw, clock, response)
            except ValueError as error:
                yield self.issue("bad_item", f"entry {number}: {error_line(error)}", place=response.url)
                continue
            if ref in self.listed:
                continue
            self.listed.add(ref)
            earlier = self.known.get(ref)
            if earlier is not None and earlier.last_present is not None:
                self.later.append(self.page(ref, entry))
            elif ref in gone:
                self.vanished[ref] = gone[ref]
                self.later.append(self.page(ref, entry))
            elif ref not in past_refs:
                if self.source.entry_link == "link":  # else the words are not those of the page's publisher
                    self.words[ref] = feed_words(raw, entry.link, response)
                self.waiting.append(self.page(ref, entry))

    def wanted(self, raw: Any, response: Response) -> bool:
        """Return whether an entry's page is one of those that the source asks for, if it names any."""
        paths = self.source.paths
        with suppress(ValueError):
            return not paths or urlsplit(self.address(raw, response)).path.startswith(paths)
        return True  # what is wrong with its address is reported where it is read

    def address(self, raw: Any, response: Response) -> str:
        """Return the address of an entry's page as the feed gives it. Raises ValueError where it has none."""
        link = raw.get("link") or raw.get("id")
        if self.source.entry_link == "description":
            link = outer_link(str(raw.get("summary") or ""), response.url)
        is_web_url = isinstance(link, str) and link.startswith(("http://", "https://"))
        if not isinstance(link, str) or not (raw.get("link") or is_web_url):
            raise ValueError(f"{str(raw.get('title', 'an entry'))[:80]!r} has no link")
        return urljoin(response.url, link.strip())

    def entry(self, raw: Any, clock: FeedClock, response: Response) -> tuple[str, Entry]:
        """Return an entry's ref and what the feed says of it. Raises ValueError where it has no address."""
        link = self.address(raw, response)
        ref = canonical_url(link)
        if self.source.entry_link == "description":  # time, title and author are those of the feed's own post
            return ref, Entry(link=link, home=self.home)
        title, _ = html_text(str(raw.get("title") or ""), response.url)
        author = person(raw.get("author_detail", {}).get("name") or raw.get("author")) or None
        entry = Entry(link=link, title=title or None, author=author, home=self.home)
        return ref, entry.model_copy(update=self.moment(raw, clock))

    def moment(self, raw: Any, clock: FeedClock) -> dict[str, Any]:
        """Return when the feed says that an entry was published, as fields of it."""
        stated_moment = stated(raw)
        if stated_moment is None or not EARLIEST <= stated_moment.at <= self.run.now + LATEST:
            return {}
        moment = clock.believed(stated_moment)
        doubted = stated_moment.at if moment.precision is not stated_moment.precision else None
        return {"published_at": moment.at, "precision": moment.precision, "clock": doubted}
