"""Hacker News: the newest stories or comments that a search finds.

https://hn.algolia.com/api. `url` is a search (`https://hn.algolia.com/api/v1/search_by_date?query=…&tags=story`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from pydantic import AliasChoices, AwareDatetime, BaseModel, Field
from scrapy import Request
from scrapy.http import Response
from w3lib.url import add_or_replace_parameter, url_query_parameter

from crawlers.crawl_state import Seen
from crawlers.spiders.base import Yield, told
from crawlers.spiders.html import html_text
from crawlers.spiders.listing import ListingSpider, read_json
from pipeline.core.records import DateOrigin, InboxLink, Precision, Severity

API_HOST = "hn.algolia.com"
SITE = "https://news.ycombinator.com"


class _Search(BaseModel):
    hits: list[Any]
    page: int = 0
    nbPages: int = 1


class _Item(BaseModel):
    """A story or comment, as the search (objectID, story_text, comment_text) or items/ID (id, text) has it."""

    id: int = Field(validation_alias=AliasChoices("objectID", "id"))
    author: str | None = None
    created_at: AwareDatetime = Field(validation_alias=AliasChoices("created_at_i", "created_at"))
    title: str | None = None
    url: str | None = None
    points: int | None = None
    text: str | None = Field(
        default=None, validation_alias=AliasChoices("story_text", "comment_text", "text")
    )
    parent_id: int | None = None
    deleted: bool = False
    dead: bool = False

    def deletion(self) -> str | None:
        """The sign that the item is deleted: it says so, or nothing of it is left."""
        if self.deleted or self.dead:
            return "deleted" if self.deleted else "dead"
        return "no author and no text" if not self.author and not self.text else None


class HackerNewsSpider(ListingSpider):
    """The results of one search, newest first."""

    def first(self) -> Request:
        """The search's first page."""
        full = url_query_parameter(self.source.url, "hitsPerPage") is not None
        return self.ask_listing(
            self.source.url if full else add_or_replace_parameter(self.source.url, "hitsPerPage", "100"),
            self.listing,
        )

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """The hits, and the next of the search's pages."""
        found = _Search.model_validate(answer)
        more = found.page + 1 < found.nbPages
        return found.hits, add_or_replace_parameter(
            response.url, "page", str(found.page + 1)
        ) if more else None

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """A hit."""
        item = _Item.model_validate(raw)
        self.listed.add(str(item.id))
        yield from self.read(item, response)

    def read(self, item: _Item, response: Response) -> Iterator[Yield]:
        """The document of an item, or its deletion if it was ever seen."""
        evidence = item.deletion()
        if evidence is not None:
            before = self.known.get(str(item.id))
            if before is not None:
                yield self.lost(before, f"Hacker News says of item {item.id}: {evidence}")
            return
        site = self.site()
        text, links = html_text(item.text or "", site)
        submitted = (InboxLink(item.url),) if item.url else ()
        yield self.found(
            response,
            str(item.id),
            url=f"{site}/item?id={item.id}",
            title=item.title or None,
            text=text,
            author=item.author,
            published_at=item.created_at,
            published_precision=Precision.SECOND,
            published_from=DateOrigin.API,
            in_reply_to=f"{site}/item?id={item.parent_id}" if item.parent_id else None,
            links=(*submitted, *links),
            score=item.points,
        )

    def site(self) -> str:
        """Where the items have their pages: Algolia's API serves another site's."""
        parts = urlsplit(self.source.url)
        return SITE if parts.hostname == API_HOST else f"{parts.scheme}://{parts.netloc}"

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Each item at the API's items/ID."""
        parts = urlsplit(self.source.url)
        for one in seen:
            url = f"{parts.scheme}://{parts.netloc}/api/v1/items/{one.ref}"
            yield self.ask(url, self.single, errback=partial(self.missed, seen=one))

    def single(self, response: Response) -> Iterator[Yield]:
        """One item."""
        try:
            yield from self.read(_Item.model_validate(read_json(response)), response)
        except ValueError as error:
            yield self.issue("bad_answer", told(error), place=response.url, severity=Severity.WARNING)
