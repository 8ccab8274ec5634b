"""Reddit's answers: listings, and the submissions and comments in them (https://www.reddit.com/dev/api/)."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, Field, TypeAdapter

from crawlers.normalise.validate import StatedTime
from pipeline.core.inbox_records import InboxLink
from pipeline.core.vocabulary import LinkKind

DELETED = "[deleted]"
REMOVED = "[removed]"


class Page(BaseModel):
    """One page of a listing, its children as they came."""

    children: list[Any]
    after: str | None = None


class Listing(BaseModel):
    """A listing, in its envelope."""

    kind: Literal["Listing"]
    data: Page


class Thing(BaseModel):
    """A submission (t3) or a comment (t1)."""

    name: str = Field(pattern=r"^t[13]_[a-z0-9]{1,20}$")
    author: str
    created_utc: StatedTime = None
    permalink: str = Field(pattern=r"^/")
    num_comments: int = 0
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
        """Return how Reddit shows that this post is deleted; None where only its account is deleted."""
        raw = self.body if self.name.startswith("t1_") else self.selftext
        if self.removed_by_category:
            return f"removed_by_category: {self.removed_by_category}"
        # A deleted author is no sign: a deleted account leaves its posts, also those that are all title.
        return f"text: {raw}" if raw in (DELETED, REMOVED) else None


class Child(BaseModel):
    """A thing, in its envelope."""

    kind: Literal["t1", "t3"]
    data: Thing


THREAD = TypeAdapter(list[Listing])
"""A page of one submission: a listing of it alone, and one of its comments."""


def parent_of(thing: Thing, root: str) -> str | None:
    """Return what a comment answers; in a thread only the comment's own address has the submission's page."""
    submission = thing.link_permalink
    if not submission and (match := re.match(r"/.*?/comments/[^/]+/[^/]+/", thing.permalink)):
        submission = match[0]
    if not thing.parent_id or not submission:
        return None
    page = submission if "://" in submission else root + submission
    if thing.parent_id.startswith("t3_"):
        return page
    return f"{page.rstrip('/')}/{thing.parent_id.removeprefix('t1_')}/"


def submitted(thing: Thing, root: str) -> list[InboxLink]:
    """Return the link that a post submits, or the post that a cross-post passes on."""
    links = []
    if thing.crosspost_parent_list:
        origin = thing.crosspost_parent_list[0].get("permalink")
        if isinstance(origin, str):
            links.append(InboxLink(root + origin, kind=LinkKind.REPOST))
    elif not thing.is_self and thing.url:
        links.append(InboxLink(thing.url if "://" in thing.url else root + thing.url))
    return links


def kind_of(raw: Any) -> Any:
    """Return the kind that a raw child states."""
    return raw.get("kind") if isinstance(raw, dict) else None


def data_of(raw: Any) -> dict[str, Any]:
    """Return the data in a raw child; an empty dictionary where there is none."""
    data = raw.get("data") if isinstance(raw, dict) else None
    return data if isinstance(data, dict) else {}


def count_of(more: Any) -> int:
    """Return how many comments a stub stands for."""
    count = data_of(more).get("count")
    return max(0, count) if isinstance(count, int) else 0


def replies_of(comment: Any) -> list[Any]:
    """Return the raw answers to a comment; Reddit writes none as an empty text."""
    children = data_of(data_of(comment).get("replies")).get("children")
    return children if isinstance(children, list) else []
