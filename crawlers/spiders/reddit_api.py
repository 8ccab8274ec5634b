"""What Reddit answers: listings, and the submissions and comments in them (https://www.reddit.com/dev/api/)."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter
from scrapy.http import Response

from pipeline.core.records import InboxLink, LinkKind

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
    created_utc: AwareDatetime
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
        """Reddit's own sign that this post is deleted; an account that is deleted leaves its posts."""
        raw = self.body if self.name.startswith("t1_") else self.selftext
        if self.removed_by_category:
            return f"removed_by_category: {self.removed_by_category}"
        if raw in (DELETED, REMOVED):
            return f"text: {raw}"
        # A link post has no text that could be missing: there it may be the account alone that is deleted.
        return f"author: {DELETED}" if self.author == DELETED and not raw and self.is_self else None


class Child(BaseModel):
    """A thing, in its envelope."""

    kind: Literal["t1", "t3"]
    data: Thing


THREAD = TypeAdapter(list[Listing])
"""A page of one submission: a listing of it alone, and one of its comments."""


def parent_of(thing: Thing, root: str) -> str | None:
    """What a comment answers; in a thread the submission's page stands only in the comment's own address."""
    submission = thing.link_permalink
    if not submission and (found := re.match(r"/.*?/comments/[^/]+/[^/]+/", thing.permalink)):
        submission = found[0]
    if not thing.parent_id or not submission:
        return None
    page = submission if "://" in submission else root + submission
    if thing.parent_id.startswith("t3_"):
        return page
    return f"{page.rstrip('/')}/{thing.parent_id.removeprefix('t1_')}/"


def submitted(thing: Thing, root: str) -> list[InboxLink]:
    """What a link post submits, and the post that a cross-post passes on."""
    links = []
    if thing.crosspost_parent_list:
        origin = thing.crosspost_parent_list[0].get("permalink")
        if isinstance(origin, str):
            links.append(InboxLink(root + origin, kind=LinkKind.REPOST))
    elif not thing.is_self and thing.url:
        links.append(InboxLink(thing.url if "://" in thing.url else root + thing.url))
    return links


def kind_of(raw: Any) -> Any:
    """What a raw child says that it is."""
    return raw.get("kind") if isinstance(raw, dict) else None


def _data(raw: Any) -> dict[str, Any]:
    data = raw.get("data") if isinstance(raw, dict) else None
    return data if isinstance(data, dict) else {}


def count_of(more: Any) -> int:
    """How many comments a stub stands for."""
    count = _data(more).get("count")
    return max(0, count) if isinstance(count, int) else 0


def replies_of(comment: Any) -> list[Any]:
    """The raw answers to a comment; Reddit writes none as an empty text."""
    children = _data(_data(comment).get("replies")).get("children")
    return children if isinstance(children, list) else []


def number_in(response: Response, header: bytes) -> int | None:
    """A count of Reddit's, which it writes with a decimal (598.0); None where there is none."""
    found = re.fullmatch(rb"(\d{1,9})(?:\.\d*)?", response.headers.get(header) or b"")
    return int(found[1]) if found else None
