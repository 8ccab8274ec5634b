"""Reddit: the newest submissions of a subreddit with their comments, or its newest comments.

https://www.reddit.com/dev/api/#listings. `url` is the subreddit's page (`…/r/NAME`), or `…/r/NAME/comments`.
It is read from the API where the user's application is set (`crawlers.http.credentials`), else from the JSON
form of the pages.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure
from w3lib.url import add_or_replace_parameter

from crawlers.crawl_state import Seen, Sighting
from crawlers.http.credentials import CREDENTIALS
from crawlers.normalise.html import html_text
from crawlers.normalise.markdown import markdown_text
from crawlers.sources import DeclaredSource
from crawlers.spiders.base import FoundDocument, Yield, requested_url
from crawlers.spiders.crawl_run import CrawlRun
from crawlers.spiders.listing import ListingSpider, batches, header_number, read_json, refused_by
from crawlers.spiders.reddit_api import (
    DELETED,
    THREAD,
    Child,
    Listing,
    Thing,
    count_of,
    data_of,
    kind_of,
    parent_of,
    replies_of,
    submitted,
)
from pipeline.core.inbox_records import InboxLink
from pipeline.core.text import counted
from pipeline.core.vocabulary import Severity

BY_ID = 100
"""Things that Reddit names in one by_id request at most."""
THREADS = 25
"""Submissions whose comments are read in one run at most, those with the most new ones first."""
COMMENTS = 200
"""Comments of a submission that are read at a time, the newest."""


@dataclass(frozen=True, slots=True)
class _Thread:
    """A listed submission that has comments: `count` of them, `new` since its thread was read last."""

    name: str
    url: str
    path: str
    count: int
    new: int


class RedditSpider(ListingSpider):
    """One subreddit; `threads` are still to be read, `left_out` counts comments that are not read."""

    def __init__(self, source: DeclaredSource, run: CrawlRun) -> None:
        super().__init__(source, run)
        self.threads: deque[_Thread] = deque()
        self.discussed: list[_Thread] = []
        self.left_out = 0
        credential = CREDENTIALS["reddit"]
        self.api = credential.root(source.url) if credential.values() else None

    def first(self) -> Request:
        """Return the request for the listing's first page."""
        page = urlsplit(self.source.url).path.rstrip("/")
        listing = page if page.endswith("/comments") else f"{page}/new"
        return self.ask_listing(self.address(listing, limit=100), self.listing)

    def address(self, path: str, **fields: Any) -> str:
        """Return where `path` is read: at the API, or as the JSON form of the page."""
        base = f"{self.api}{path}" if self.api else f"{self.root()}{path}.json"
        return f"{base}?{urlencode(fields | {'raw_json': 1}, safe=',')}"

    def listing(self, response: Response) -> Iterator[Yield]:
        """Yield one page, and as many of the requests after it as Reddit still allows."""
        yield from self.within_limit(super().listing(response), response)

    def remaining(self, response: Response) -> int | None:
        """Return Reddit's own count of the requests that it still allows."""
        return header_number(response, b"X-Ratelimit-Remaining")

    def limited(self, response: Response, count: int) -> Yield:
        """Return the issue that Reddit allows no more; the next run reads the listing in full."""
        self.unfinished = True
        count += len(self.threads)
        self.threads.clear()
        reset = header_number(response, b"X-Ratelimit-Reset")
        until = f" for {reset} seconds" if reset else ""
        unmade = counted(count, "request was", "requests were")
        message = f"Reddit allows no more requests{until}; {unmade} not made"
        return self.issue("rate_limited", message, place=response.url)

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """Return the children, and the page after the last of them."""
        data = Listing.model_validate(answer).data
        following = add_or_replace_parameter(response.url, "after", data.after) if data.after else None
        return data.children, following

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Yield a submission or comment, or its deletion."""
        thing = Child.model_validate(raw).data
        self.listed.add(thing.name)
        for result in self.thing(thing, response):
            if isinstance(result, FoundDocument) and thing.name.startswith("t3_"):
                self.note(thing, result.sighting.url)
            yield result

    def note(self, thing: Thing, url: str) -> None:
        """Remember a submission whose thread has comments that no run has read yet."""
        seen = self.known.get(thing.name)
        memo = (seen and seen.memo) or ""
        new = thing.num_comments - (int(memo) if re.fullmatch(r"\d{1,9}", memo) else 0)
        if new > 0:
            path = thing.permalink.rstrip("/")
            self.discussed.append(_Thread(thing.name, url, path, thing.num_comments, new))

    def again(self) -> Iterator[Request]:
        """Ask for the next thread of a listed submission; after the last one, for second looks."""
        chosen = sorted(self.discussed, key=lambda thread: -thread.new)
        self.discussed = []
        self.threads.extend(chosen[:THREADS])
        self.left_out += sum(thread.new for thread in chosen[THREADS:])
        if not self.threads:
            yield from super().again()
            return
        thread = self.threads.popleft()
        url = self.address(thread.path, limit=COMMENTS, sort="new")
        errback = partial(self.no_comments, thread=thread)
        yield self.ask(url, self.comments, errback=errback, thread=thread)

    def comments(self, response: Response, thread: _Thread) -> Iterator[Yield]:
        """Yield the comments of one submission, then ask for the next thread."""
        yield from self.within_limit(self.read(response, thread), response)

    def read(self, response: Response, thread: _Thread) -> Iterator[Yield]:
        """Yield what `comments` does, without regard to Reddit's limit."""
        try:
            _, comments = THREAD.validate_python(read_json(response))
        except ValueError as error:
            yield self.bad_answer(error, response.url, Severity.ERROR)
        else:
            waiting = deque(comments.data.children)
            while waiting and len(self.listed) < self.run.crawl.max_items:
                raw = waiting.popleft()
                if kind_of(raw) == "more":
                    self.left_out += count_of(raw)
                    continue
                waiting.extend(replies_of(raw))
                yield from self.one(raw, response)
            if waiting:
                yield self.cut_short(response)
            else:
                # The listing decides about the submission itself: here it may be deleted already.
                yield Sighting(thread.name, thread.url, memo=str(thread.count), present=None)
        yield from self.following(response.url)

    def following(self, place: str) -> Iterator[Yield]:
        """Ask for what comes after a thread; after the last one, report how many comments were left out."""
        if not self.threads and self.left_out:
            bound = f"at most {COMMENTS} of each of {THREADS} threads are read"
            message = f"{self.left_out} comments were left out: {bound}, newest first"
            yield self.issue("max_items", message, place=place, severity=Severity.INFO)
        yield from self.again()

    def no_comments(self, failure: Failure, thread: _Thread) -> Iterator[Yield]:
        """Report a thread that failed: the next run tries it again. Stop where Reddit's limit is reached."""
        if answer := refused_by(failure, 429):
            yield self.limited(answer, 1)
            return
        yield from self.failed(failure)
        yield from self.following(requested_url(failure))

    def thing(self, thing: Thing, response: Response) -> Iterator[Yield]:
        """Yield the document of a thing, or its deletion if an earlier run saw it."""
        evidence = thing.deletion()
        if evidence is not None:
            yield from self.deleted(thing.name, f"Reddit says of {thing.name}: {evidence}")
            return
        root = self.root()
        is_comment = thing.name.startswith("t1_")
        html, raw = (thing.body_html, thing.body) if is_comment else (thing.selftext_html, thing.selftext)
        links: tuple[InboxLink, ...]
        if html:
            text, links = html_text(unescape(html) if html.lstrip().startswith("&lt;") else html, root)
        else:
            text, links = markdown_text(raw, root)
        yield self.found(
            response,
            thing.name,
            url=root + thing.permalink,
            title=None if is_comment else thing.title,
            text=text,
            author=None if thing.author == DELETED else thing.author,
            published_at=thing.created_utc,
            in_reply_to=parent_of(thing, root),
            links=(*submitted(thing, root), *links),
            score=thing.score,
        )

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Yield requests by name, many at once; a name that is left out is then asked for at its own page."""
        for batch in batches(seen, BY_ID):
            names = ",".join(batch)
            comments = any(name.startswith("t1_") for name in batch)
            url = self.address("/api/info", id=names) if comments else self.address(f"/by_id/{names}")
            yield self.ask(url, self.named, errback=partial(self.unnamed, batch=batch), batch=batch)

    def named(self, response: Response, batch: dict[str, Seen]) -> Iterator[Yield]:
        """Yield the things of a by_id answer, and ask for the others."""
        try:
            raws, _ = self.page(read_json(response), response)
            things = [Child.model_validate(raw).data for raw in raws]
        except ValueError as error:
            yield self.bad_answer(error, response.url)
            return
        for thing in things:
            if batch.pop(thing.name, None):
                yield from self.thing(thing, response)
        yield from self.within_limit(self.pages(batch), response)

    def unnamed(self, failure: Failure, batch: dict[str, Seen]) -> Iterator[Yield]:
        """Ask for each thing at its own page, as by_id failed; stop where Reddit's limit is reached."""
        if answer := refused_by(failure, 429):
            yield self.limited(answer, len(batch))
            return
        yield from self.pages(batch)

    def pages(self, batch: dict[str, Seen]) -> Iterator[Yield]:
        """Ask for each thing at its own page, where 404 or 410 says that it is gone."""
        for document in batch.values():
            url = self.address(urlsplit(document.url).path)
            yield self.ask_again(url, self.thread, document, seen=document)

    def thread(self, response: Response, seen: Seen) -> Iterator[Yield]:
        """Yield the thing `seen` from the page of its submission with its comments."""
        try:
            listings = THREAD.validate_python(read_json(response))
        except ValueError as error:
            yield self.bad_answer(error, response.url)
            return
        for raw in (raw for listing in listings for raw in listing.data.children):
            if data_of(raw).get("name") == seen.ref:
                try:
                    yield from self.thing(Child.model_validate(raw).data, response)
                except ValueError as error:
                    yield self.bad_item(error, response)
                return
