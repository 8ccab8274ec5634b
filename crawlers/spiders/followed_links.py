"""Links of posts, followed one step: the last source of a run, when all others have been read.

A shard of them can be followed on a worker. A link that needs another site or the whole memory is left there
as it was: the run follows it at its end.

Pages are read as the feeds spider reads them, and models, releases and papers by their platforms' own
spiders, so that what is found here first and there later is one document with one text. A known document is
not asked for again: where a link leads to it by another address, only an alias is written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.articles.extract import Article
from crawlers.crawl_state import Followed, Seen, Sighting
from crawlers.http.failures import OffSite
from crawlers.link_targets import Form, Target, owner, publisher, target
from crawlers.links_to_follow import WAIT_DAYS, Following, choose_links
from crawlers.normalise.urls import canonical_url
from crawlers.sources import DeclaredSource
from crawlers.spiders.arxiv import ArxivSpider
from crawlers.spiders.base import FoundDocument, Lost, Yield
from crawlers.spiders.crawl_run import CrawlRun
from crawlers.spiders.feed_articles import Entry, FeedArticles
from crawlers.spiders.github import GitHubSpider, may_pass
from crawlers.spiders.huggingface import HuggingFaceSpider
from crawlers.spiders.listing import ListingSpider
from pipeline.core.inbox_records import InboxAlias, InboxIssue
from pipeline.core.text import counted, shorten
from pipeline.core.vocabulary import Platform, Severity

TRIES = 3
"""Runs in which a link that fails for a passing reason is asked for at most."""
_NOTHING_DECLARED = Following(())

_READERS: dict[Form, type[ListingSpider]] = {
    "huggingface": HuggingFaceSpider,
    "github": GitHubSpider,
    "arxiv": ArxivSpider,
}


class LinkedSpider(FeedArticles):
    """Follows the links of posts; `declared` are all sources, `listed` the addresses found in this run."""

    apart = True
    # Most links are of different hosts; each host has its own bounds all the same.
    custom_settings = {"CONCURRENT_REQUESTS": 8}  # noqa: RUF012  # Scrapy's own name and type

    def __init__(
        self, source: DeclaredSource, run: CrawlRun, following: Following = _NOTHING_DECLARED
    ) -> None:
        super().__init__(source=source, run=run)
        self.following = following
        self.declared = following.declared
        self.listed = set(following.listed)
        self.waiting = deque()
        self.unchanged = True  # there is no listing whose items could be counted, few or many
        self.tries: dict[str, int] = {}
        self.lost_at: set[str] = set()

    async def start(self) -> AsyncIterator[Any]:
        """Ask for waiting links, then for earlier finds that no other source has taken over.

        On a worker ask for the links of the shard alone.
        """
        run = self.run
        if run.looks is not None:
            async for request in super().start():
                yield request
            return
        if self.following.asked is not None:
            for request in self.asking(self.following.asked):
                yield request
            return
        seen = run.state.seen(self.source.id, run.now, run.crawl.revisit_days)
        self.known = {document.ref: document for document in seen if document.url not in self.listed
                      and not run.state.elsewhere(document.url, self.source.id)}
        for result in self.follow():
            yield result
        for request in self.again():
            yield request

    def follow(self) -> Iterator[Yield | InboxAlias | Followed]:
        """Ask for the newest links first, as many as a run and a host may have; report how many are left."""
        crawl, state = self.run.crawl, self.run.state
        if not crawl.follow_links:
            return
        forgone = state.forgo_links(self.run.now - timedelta(days=WAIT_DAYS))
        chosen = choose_links(state, crawl, self.run.now, self.following)
        for link, url in chosen.known.items():
            yield from self.told_of(link, url)
        yield from (Followed(link, done=True) for link in chosen.taken)
        yield from self.asking(chosen.asked)
        if chosen.left or forgone:
            bounds = f"[crawl] follow_links = {crawl.follow_links}, follow_per_host = {crawl.follow_per_host}"
            waiting = counted(chosen.left, "link of posts waits", "links of posts wait")
            given_up = counted(forgone, "link of posts was", "links of posts were")
            parts = [f"{waiting} for another run ({bounds})"] * bool(chosen.left)
            parts += [f"{given_up} given up after {WAIT_DAYS} days"] * bool(forgone)
            yield self.issue("links_left", "; ".join(parts), place=None, severity=Severity.INFO)

    def asking(self, links: dict[str, int]) -> Iterator[Request]:
        """Ask for links, by how often each was tried."""
        self.tries = links
        for link in links:
            goal = target(link, self.declared)
            assert goal is not None
            yield self.through(self.request(goal), link)

    # --- asking ---------------------------------------------------------------------------------------

    def request(self, goal: Target) -> Request:
        """Return the request for a link's target, as the spider of its platform would make it."""
        if goal.form == "article":
            return self.page(goal.url, Entry(link=goal.url))
        reader = self.reader(goal)
        if isinstance(reader, HuggingFaceSpider):
            return reader.ask(f"{reader.root()}/api/models/{goal.name}", reader.single)
        if isinstance(reader, GitHubSpider):
            return reader.tagged(goal.name, goal.tag)
        assert isinstance(reader, ArxivSpider)
        return next(reader.revisit([Seen(goal.name, goal.url, None, None)]))

    def reader(self, goal: Target) -> ListingSpider:
        """Return the spider that reads an artefact, for the source that the artefact belongs to."""
        reader = _READERS[goal.form](source=owner(goal, self.declared), run=self.run)
        reader.known = self.known
        return reader

    def through(self, request: Request, link: str | None) -> Request:
        """Return `request`, so that its answer counts as the result of `link`; None for a second look."""
        if request.callback is None or request.errback is None:
            raise TypeError("a spider's request has both a callback and an errback")
        # AutoThrottle would shorten the pause that arXiv asks for.
        meta = request.meta | {"autothrottle_dont_adjust_delay": "arxiv.org" in urlsplit(request.url).netloc}
        return request.replace(
            callback=partial(self.came, request.callback, link, **request.cb_kwargs),
            errback=partial(self.came, request.errback, link),
            cb_kwargs={},
            meta=meta,
        )

    def came(
        self, answer: Callable[..., Iterator[Yield]], link: str | None, reply: Response | Failure, **keep: Any
    ) -> Iterator[Any]:
        """Yield what the spider of the platform makes of an answer, and what that means for the link."""
        if link is None:
            yield from self.looked_again(answer(reply, **keep))
            return
        if isinstance(reply, Failure) and isinstance(reply.value, OffSite):
            return
        if answer == self.article and isinstance(reply, Response):
            elsewhere = self.led_elsewhere(reply, link)
            if elsewhere is not None:
                yield from elsewhere
                return
        yields = list(answer(reply, **keep))
        documents = [item for item in yields if isinstance(item, FoundDocument)]
        requests = [item for item in yields if isinstance(item, Request)]
        issues = [item for item in yields if isinstance(item, InboxIssue)]
        yield from (self.through(request, link) for request in requests)
        for item in documents:
            yield from self.kept(item, link)
        if documents or requests:
            yield from map(self.softened, issues)
        else:
            yield from self.broken(link, issues, reply)

    def led_elsewhere(self, response: Response, link: str) -> list[Any] | None:
        """Return what a redirect to something else than an article means; None where there was none."""
        if not response.meta.get("redirect_urls"):
            return None
        try:
            final = canonical_url(response.url)
        except ValueError as error:
            return self.useless(link, f"does not lead to an address: {error}")
        if self.following.asked is not None and final != link:
            return []  # whether its page is known stands in the whole memory
        place = self.run.state.place(final)
        if place is not None and place.was_read:
            return list(self.told_of(link, place.url))
        goal = target(final, self.declared)
        if goal is None:
            return self.useless(link, f"leads to {shorten(final, 300)}, which is not followed")
        return None if goal.form == "article" else [self.through(self.request(goal), link)]

    # --- telling --------------------------------------------------------------------------------------

    def told_by_page(self, article: Article, response: Response, ref: str, entry: Entry) -> Yield:
        """Return the page under its own address; without a headline it is left out."""
        if ref in self.known:
            return super().told_by_page(article, response, ref, entry)
        if not article.title:
            return self.issue("no_text", "the page has no headline", place=ref)
        return super().told_by_page(article, response, article.url, Entry(link=response.url))

    def publisher(self, url: str) -> str:
        """Return the declared source on whose site the page is, else its host."""
        source = publisher(url, self.declared)
        return source.id if source else urlsplit(url).hostname or self.source.id

    def found(self, response: Response, ref: str, **fields: Any) -> Yield:
        """Return a document as every spider does, with the platform of the source on whose site it is."""
        outlet = publisher(str(fields["url"]), self.declared)
        return super().found(response, ref, platform=outlet.platform if outlet else Platform.OTHER, **fields)

    def kept(self, document: FoundDocument, link: str) -> Iterator[Any]:
        """Yield a document that is new, or an alias for one that is known already."""
        url = document.document.url
        assert url is not None
        place = self.run.state.place(url)
        if (place is None or not place.was_read) and url not in self.listed:
            self.listed |= {url, document.sighting.ref}
            yield document
        yield from self.told_of(link, url)

    def told_of(self, link: str, url: str) -> Iterator[Any]:
        """Yield an alias of the document at `url`, and mark the link as done."""
        if link != url:
            yield InboxAlias(link, url, self.source.id, self.run.clock())
        yield Followed(link, done=True)

    def useless(self, link: str, words: str) -> list[Any]:
        """Return the issue for a link that leads to no evidence, and mark it as done."""
        return [
            self.issue("broken_link", shorten(words, 500), place=link, severity=Severity.INFO),
            Followed(link, done=True),
        ]

    def broken(self, link: str, issues: list[InboxIssue], reply: Response | Failure) -> Iterator[Any]:
        """Report a link that gave nothing; a passing failure is tried again in another run."""
        again = self.tries.get(link, 0) + 1 < TRIES
        passing = again and isinstance(reply, Failure) and may_pass(reply)
        reasons = (
            "; ".join(f"{issue.code}: {issue.message}" for issue in issues) or "its platform does not have it"
        )
        message = f"{shorten(reasons, 400)}; {'to be tried again in another run' if passing else 'given up'}"
        severity = Severity.WARNING if isinstance(reply, Failure) else Severity.INFO
        yield self.issue("broken_link", message, place=link, severity=severity)
        yield Followed(link, done=not passing)

    def softened(self, issue: InboxIssue) -> InboxIssue:
        """Return an issue of another spider as one of this source, a warning at most."""
        severity = Severity.WARNING if issue.severity is Severity.ERROR else issue.severity
        return replace(issue, source=self.source.id, severity=severity)

    # --- second looks ---------------------------------------------------------------------------------

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Yield a request for each page, as it was read first."""
        for document in seen:
            goal = target(document.url, self.declared)
            if goal is None or goal.form == "article":
                requests = super().revisit([document])
            else:
                requests = self.reader(goal).revisit([document])
            for request in requests:
                yield self.through(request, None)

    def looked_again(self, yields: Iterator[Yield]) -> Iterator[Any]:
        """Yield what a second look gives, with failures as this source's."""
        for item in yields:
            match item:
                case Request():
                    yield self.through(item, None)
                case InboxIssue():
                    yield self.softened(item)
                case Lost():
                    self.lost_at.add("{0.scheme}://{0.netloc}/".format(urlsplit(item.gone.url)))
                    yield item
                case FoundDocument() | Sighting():
                    yield item

    def witnesses(self) -> list[Request]:
        """Return requests for the front pages of sites that lost a page: can they be read?"""
        return [self.ask_listing(front, self.heard) for front in sorted(self.lost_at)]

    def heard(self, response: Response) -> Iterator[Yield]:
        """Accept that the front page could be read."""
        yield from ()
