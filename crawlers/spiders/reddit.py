"""Reddit: the newest submissions of a subreddit with their comments, or its newest comments.

https://www.reddit.com/dev/api/#listings. `url` is the subreddit's page (`…/r/NAME`), or `…/r/NAME/comments`. Read from
the API where the user's application is set (`crawlers.http.credentials`), else from the JSON form of the pages.
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
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure
from w3lib.url import add_or_replace_parameter

from crawlers.crawl_state import Seen, Sighting
from crawlers.http.credentials import CREDENTIALS
from crawlers.sources import DeclaredSource
from crawlers.spiders.base import Found, Night, Yield, asked, told
from crawlers.spiders.html import html_text, links_in
from crawlers.spiders.listing import ListingSpider, read_json
from crawlers.spiders.reddit_api import (
    DELETED,
    THREAD,
    Child,
    Listing,
    Thing,
    count_of,
    kind_of,
    number_in,
    parent_of,
    replies_of,
    submitted,
)
from pipeline.core.records import DateOrigin, InboxLink, Precision, Severity

BY_ID = 100
"""Reddit names at most so many things in one by_id request."""
THREADS = 25
"""The comments of so many listed submissions are read in a night, those with the most new ones first."""
COMMENTS = 200
"""So many comments of a submission are read at a time, the newest."""


@dataclass(frozen=True, slots=True)
class _Thread:
    """A listed submission that has comments: how many, and how many of them are new since its thread was read."""

    name: str
    url: str
    path: str
    count: int
    new: int


class RedditSpider(ListingSpider):
    """One subreddit. `threads` are the submissions whose comments are still to be read, `left_out` counts comments."""

    def __init__(self, source: DeclaredSource, night: Night) -> None:
        super().__init__(source, night)
        self.threads: deque[_Thread] = deque()
        self.discussed: list[_Thread] = []
        self.left_out = 0
        credential = CREDENTIALS["reddit"]
        self.api = credential.root(source.url) if credential.values() else None

    def first(self) -> Request:
        """The listing's first page."""
        page = urlsplit(self.source.url).path.rstrip("/")
        listing = page if page.endswith("/comments") else f"{page}/new"
        return self.ask_listing(self.address(listing, limit=100), self.listing)

    def address(self, path: str, **fields: Any) -> str:
        """Where `path` is read: from the API, or as the JSON form of the page."""
        place = f"{self.api}{path}" if self.api else f"{self.root()}{path}.json"
        return f"{place}?{urlencode(fields | {'raw_json': 1}, safe=',')}"

    def listing(self, response: Response) -> Iterator[Yield]:
        """One page, and as much of what follows as Reddit still allows."""
        yield from self.within_limit(super().listing(response), response)

    def within_limit(self, yields: Iterator[Yield], response: Response) -> Iterator[Yield]:
        """All that `yields` gives, but of its requests as many as Reddit still allows by its own count."""
        onward: list[Request] = []
        for one in yields:
            if isinstance(one, Request):
                onward.append(one)
            else:
                yield one
        left = number_in(response, b"X-Ratelimit-Remaining")
        allowed = onward if left is None else onward[:left]
        yield from allowed
        if len(allowed) < len(onward):
            yield self.limited(response, len(onward) - len(allowed) + len(self.threads))

    def limited(self, response: Response, count: int) -> Yield:
        """The issue that Reddit allows no more; the next night reads the listing in full."""
        self.unfinished = True
        self.threads.clear()
        reset = number_in(response, b"X-Ratelimit-Reset")
        until = f" for {reset} seconds" if reset else ""
        words = f"Reddit allows no more requests{until}; {count} were not made"
        return self.issue("rate_limited", words, place=response.url)

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """The children, and the page after the last of them."""
        data = Listing.model_validate(answer).data
        return data.children, add_or_replace_parameter(
            response.url, "after", data.after
        ) if data.after else None

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """A submission or comment, or its deletion."""
        thing = Child.model_validate(raw).data
        self.listed.add(thing.name)
        for one in self.thing(thing, response):
            if isinstance(one, Found) and thing.name.startswith("t3_"):
                self.noted(thing, one.sighting.url)
            yield one

    def noted(self, thing: Thing, url: str) -> None:
        """Remember a submission whose thread has comments that no night has read yet."""
        before = self.known.get(thing.name)
        memo = (before and before.memo) or ""
        read = int(memo) if re.fullmatch(r"\d{1,9}", memo) else 0
        if thing.num_comments > read:
            path = thing.permalink.rstrip("/")
            self.discussed.append(
                _Thread(thing.name, url, path, thing.num_comments, thing.num_comments - read)
            )

    def again(self) -> Iterator[Request]:
        """The threads of listed submissions first; second looks come after the last of them."""
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
        """The comments of one submission, then the next thread."""
        yield from self.within_limit(self.read(response, thread), response)

    def read(self, response: Response, thread: _Thread) -> Iterator[Yield]:
        """As `comments`, whatever Reddit allows."""
        try:
            _, below = THREAD.validate_python(read_json(response))
        except ValueError as error:
            yield self.issue("bad_answer", told(error), place=response.url)
        else:
            waiting = deque(below.data.children)
            while waiting and len(self.listed) < self.night.crawl.max_items:
                raw = waiting.popleft()
                if kind_of(raw) == "more":
                    self.left_out += count_of(raw)
                    continue
                waiting.extend(replies_of(raw))
                yield from self.one(raw, response)
            if waiting:
                yield self.cut_short(response)
            else:
                # Of the submission itself the listing has told: here it may be deleted already.
                yield Sighting(thread.name, thread.url, memo=str(thread.count), present=None)
        yield from self.following(response.url)

    def following(self, place: str) -> Iterator[Yield]:
        """What is asked for after a thread; when it was the last, tell first how much was left out."""
        if not self.threads and self.left_out:
            words = (
                f"{self.left_out} comments were left out: the newest {COMMENTS} of at most {THREADS} threads are read"
            )
            yield self.issue("max_items", words, place=place, severity=Severity.INFO)
        yield from self.again()

    def no_comments(self, failure: Failure, thread: _Thread) -> Iterator[Yield]:
        """A thread came to nothing: it is tried again in the next night, unless it is the limit that is reached."""
        error = failure.value
        if isinstance(error, HttpError) and error.response.status == 429:
            yield self.limited(error.response, len(self.threads) + 1)
            return
        yield from self.failed(failure)
        yield from self.following(asked(failure))

    def thing(self, thing: Thing, response: Response) -> Iterator[Yield]:
        """The document of a thing; one that is deleted is told only if it was ever seen."""
        evidence = thing.deletion()
        if evidence is not None:
            before = self.known.get(thing.name)
            if before is not None:
                yield self.lost(before, f"Reddit says of {thing.name}: {evidence}")
            return
        root = self.root()
        comment = thing.name.startswith("t1_")
        html, plain = (thing.body_html, thing.body) if comment else (thing.selftext_html, thing.selftext)
        links: tuple[InboxLink, ...]
        if html:
            text, links = html_text(unescape(html) if html.lstrip().startswith("&lt;") else html, root)
        else:
            text, links = plain, links_in(plain)
        yield self.found(
            response,
            thing.name,
            url=root + thing.permalink,
            title=None if comment else thing.title,
            text=text,
            author=None if thing.author == DELETED else thing.author,
            published_at=thing.created_utc,
            published_precision=Precision.SECOND,
            published_from=DateOrigin.API,
            in_reply_to=parent_of(thing, root),
            links=(*submitted(thing, root), *links),
            score=thing.score,
        )

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """By name, many at once; a name that does not come back is asked for at its own page."""
        for start in range(0, len(seen), BY_ID):
            batch = {one.ref: one for one in seen[start : start + BY_ID]}
            names = ",".join(batch)
            comments = any(name.startswith("t1_") for name in batch)
            url = self.address("/api/info", id=names) if comments else self.address(f"/by_id/{names}")
            yield self.ask(url, self.named, errback=partial(self.unnamed, batch=batch), batch=batch)

    def named(self, response: Response, batch: dict[str, Seen]) -> Iterator[Yield]:
        """The things of a by_id answer."""
        try:
            raws, _ = self.page(read_json(response), response)
            things = [Child.model_validate(raw).data for raw in raws]
        except ValueError as error:
            yield self.issue("bad_answer", told(error), place=response.url, severity=Severity.WARNING)
            return
        for thing in things:
            if batch.pop(thing.name, None):
                yield from self.thing(thing, response)
        yield from self.within_limit(self.pages(batch), response)

    def unnamed(self, failure: Failure, batch: dict[str, Seen]) -> Iterator[Yield]:
        """No answer by name: that says nothing of any one of them; those are asked for unless Reddit allows no more."""
        error = failure.value
        if isinstance(error, HttpError) and error.response.status == 429:
            yield self.limited(error.response, len(batch))
            return
        yield from self.pages(batch)

    def pages(self, batch: dict[str, Seen]) -> Iterator[Yield]:
        """Each thing at its own page, where 404 or 410 says that it is gone."""
        for one in batch.values():
            url = self.address(urlsplit(one.url).path)
            yield self.ask(url, self.thread, errback=partial(self.missed, seen=one), seen=one)

    def thread(self, response: Response, seen: Seen) -> Iterator[Yield]:
        """A page of one submission with its comments; the thing itself is somewhere in it."""
        try:
            listings = THREAD.validate_python(read_json(response))
        except ValueError as error:
            yield self.issue("bad_answer", told(error), place=response.url, severity=Severity.WARNING)
            return
        for raw in (raw for listing in listings for raw in listing.data.children):
            if (
                isinstance(raw, dict)
                and isinstance(raw.get("data"), dict)
                and raw["data"].get("name") == seen.ref
            ):
                try:
                    yield from self.thing(Child.model_validate(raw).data, response)
                except ValueError as error:
                    yield self.issue("bad_item", told(error), place=response.url, severity=Severity.WARNING)
                return
