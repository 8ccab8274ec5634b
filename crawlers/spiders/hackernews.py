"""Hacker News: the newest stories or comments that a search finds.

https://hn.algolia.com/api. `url` is a search (`https://hn.algolia.com/api/v1/search_by_date?query=…&tags=story`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from pydantic import AliasChoices, BaseModel, Field
from scrapy import Request
from scrapy.http import Response
from w3lib.url import add_or_replace_parameter, url_query_parameter

from crawlers.crawl_state import Seen
from crawlers.normalise.html import html_text
from crawlers.normalise.validate import StatedTime
from crawlers.spiders.base import Yield
from crawlers.spiders.listing import ListingSpider
from pipeline.core.inbox_records import InboxLink

API_HOST = "hn.algolia.com"
SITE = "https://news.ycombinator.com"


class _Search(BaseModel):
    hits: list[Any]
    page: int = 0
    nbPages: int = 1


class _Item(BaseModel):
    """A story or comment, from the search (objectID, story_text, comment_text) or items/ID (id, text)."""

    id: int = Field(validation_alias=AliasChoices("objectID", "id"))
    author: str | None = None
    created_at: StatedTime = Field(None, validation_alias=AliasChoices("created_at_i", "created_at"))
    title: str | None = None
    url: str | None = None
    points: int | None = None
    text: str | None = Field(None, validation_alias=AliasChoices("story_text", "comment_text", "text"))
    parent_id: int | None = None
    deleted: bool = False
    dead: bool = False

    def deletion(self) -> str | None:
        """Return how the item shows that it is deleted: it says so, or nothing of it is left; else None."""
        if self.deleted or self.dead:
            return "deleted" if self.deleted else "dead"
        return "no author and no text" if not self.author and not self.text else None


class HackerNewsSpider(ListingSpider):
    """The results of one search, newest first."""

    def first(self) -> Request:
        """Return the request for the search's first page."""
        url = self.source.url
        if url_query_parameter(url, "hitsPerPage") is None:
            url = add_or_replace_parameter(url, "hitsPerPage", "100")
        return self.ask_listing(url, self.listing)

    def page(self, answer: Any, response: Response) -> tuple[list[Any], str | None]:
        """Return the hits, and the next of the search's pages."""
        search = _Search.model_validate(answer)
        if search.page + 1 >= search.nbPages:
            return search.hits, None
        return search.hits, add_or_replace_parameter(response.url, "page", str(search.page + 1))

    def item(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Yield the document of a hit."""
        self.listed.add(str(_Item.model_validate(raw).id))
        yield from self.reread(raw, response)

    def reread(self, raw: Any, response: Response) -> Iterator[Yield]:
        """Yield the document of an item, or its deletion if an earlier run saw it."""
        item = _Item.model_validate(raw)
        evidence = item.deletion()
        if evidence is not None:
            yield from self.deleted(str(item.id), f"Hacker News says of item {item.id}: {evidence}")
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
            in_reply_to=f"{site}/item?id={item.parent_id}" if item.parent_id else None,
            links=(*submitted, *links),
            score=item.points,
        )

    def site(self) -> str:
        """Return where the items have their pages: Algolia's API serves another site's."""
        return SITE if urlsplit(self.source.url).hostname == API_HOST else self.root()

    def revisit(self, seen: list[Seen]) -> Iterator[Request]:
        """Yield a request for each item at the API's items/ID."""
        for document in seen:
            yield self.ask_again(f"{self.root()}/api/v1/items/{document.ref}", self.single, document)
