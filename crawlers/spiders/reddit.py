"""Reddit: the newest submissions or comments of a subreddit, from the JSON form of its listing.

https://www.reddit.com/dev/api/#listings. `url` is the subreddit's page (`…/r/NAME`), or `…/r/NAME/comments`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from html import unescape
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, TypeAdapter
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure
from w3lib.url import add_or_replace_parameter

from crawlers.spiders.base import ListingSpider, Yield, read_json, told
from crawlers.spiders.markup import html_text, links_in
from crawlers.state import Seen
from pipeline.records import DateOrigin, InboxLink, LinkKind, Precision, Severity

BY_ID = 100
"""Reddit names at most so many things in one by_id request."""
DELETED = "[deleted]"
REMOVED = "[removed]"


class _Page(BaseModel):
    children: list[Any]
    after: str | None = None


class _Listing(BaseModel):
    kind: Literal["Listing"]
    data: _Page


class _Thing(BaseModel):
    """A submission (t3) or a comment (t1)."""

    name: str
    author: str
    created_utc: AwareDatetime
    permalink: str
    score: int | None = None
    title: str | None = None
    selftext: str = ""
    selftext_html: str | None = None
    url: str | None = None
    is_self: bool = True
    removed_by_category: str | None = None
    body: str = ""
    body_html: str | None = None
    parent_id: str | None = None
    link_permalink: str | None = None
    crosspost_parent_list: list[dict[str, Any]] = []

    def deletion(self) -> str | None:
        """Reddit's own sign that this post is deleted; an account that is deleted leaves its posts."""
        raw = self.body if self.name.startswith("t1_") else self.selftext
        if self.removed_by_category:
            return f"removed_by_category: {self.removed_by_category}"
        if raw in (DELETED, REMOVED):
            return f"text: {raw}"
        return f"author: {DELETED}" if self.author == DELETED and not raw else None


class _Child(BaseModel):
    kind: Literal["t1", "t3"]
    data: _Thing


_THREAD = TypeAdapter(list[_Listing])


class RedditSpider(ListingSpider):
    """Submissions or comments of one subreddit."""

    def first(self) -> Request:
        """The listing's first page."""
        page = self.source.url.rstrip("/")
        listing = f"{page}.json" if page.endswith("/comments") else f"{page}/new.json"
        return self.ask_listing(f"{listing}?limit=100&raw_json=1", self.listing)

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """The children, and the page after the last of them."""
        data = _Listing.model_validate(answer).data
        return data.children, add_or_replace_parameter(
            response.url, "after", data.after
        ) if data.after else None

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """A submission or comment, or its deletion."""
        thing = _Child.model_validate(raw).data
        self.listed.add(thing.name)
        yield from self.thing(thing, response)

    def thing(self, thing: _Thing, response: Response) -> Iterator[Yield]:
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
            in_reply_to=_parent(thing, root),
            links=(*_submitted(thing, root), *links),
            score=thing.score,
        )

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """By name, many at once; a name that does not come back is asked for at its own page."""
        root = self.root()
        for start in range(0, len(seen), BY_ID):
            batch = {one.ref: one for one in seen[start : start + BY_ID]}
            url = f"{root}/by_id/{','.join(batch)}.json?raw_json=1"
            if any(name.startswith("t1_") for name in batch):
                url = f"{root}/api/info.json?id={','.join(batch)}&raw_json=1"
            yield self.ask(url, self.named, errback=partial(self.unnamed, batch=batch), batch=batch)

    def named(self, response: Response, batch: dict[str, Seen]) -> Iterator[Yield]:
        """The things of a by_id answer."""
        try:
            raws, _ = self.page(read_json(response), response)
            things = [_Child.model_validate(raw).data for raw in raws]
        except ValueError as error:
            yield self.issue("bad_answer", told(error), place=response.url, severity=Severity.WARNING)
            return
        for thing in things:
            if batch.pop(thing.name, None):
                yield from self.thing(thing, response)
        yield from self.pages(batch)

    def unnamed(self, failure: Failure, batch: dict[str, Seen]) -> Iterator[Yield]:
        """No answer by name: that says nothing of any one of them."""
        yield from self.pages(batch)

    def pages(self, batch: dict[str, Seen]) -> Iterator[Request]:
        """Each thing at its own page, where 404 or 410 says that it is gone."""
        for one in batch.values():
            yield self.ask(
                f"{one.url}.json?raw_json=1", self.thread, errback=partial(self.missed, seen=one), seen=one
            )

    def thread(self, response: Response, seen: Seen) -> Iterator[Yield]:
        """A page of one submission with its comments; the thing itself is somewhere in it."""
        try:
            listings = _THREAD.validate_python(read_json(response))
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
                    yield from self.thing(_Child.model_validate(raw).data, response)
                except ValueError as error:
                    yield self.issue("bad_item", told(error), place=response.url, severity=Severity.WARNING)
                return


def _parent(thing: _Thing, root: str) -> str | None:
    if not thing.parent_id or not thing.link_permalink:
        return None
    page = thing.link_permalink if "://" in thing.link_permalink else root + thing.link_permalink
    if thing.parent_id.startswith("t3_"):
        return page
    return f"{page.rstrip('/')}/{thing.parent_id.removeprefix('t1_')}/"


def _submitted(thing: _Thing, root: str) -> list[InboxLink]:
    """What a link post submits, and the post that a cross-post passes on."""
    links = []
    if thing.crosspost_parent_list:
        origin = thing.crosspost_parent_list[0].get("permalink")
        if isinstance(origin, str):
            links.append(InboxLink(root + origin, kind=LinkKind.REPOST))
    elif not thing.is_self and thing.url:
        links.append(InboxLink(thing.url if "://" in thing.url else root + thing.url))
    return links
