"""What a feed itself says of an article, kept where the article's page cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from scrapy.http import Response

from crawlers.http.failures import FetchFailure
from crawlers.normalise.html import html_text
from crawlers.normalise.time_limit import bounded
from crawlers.spiders.feed_formats import FEED_SECONDS
from pipeline.core.inbox_records import InboxLink

MOST = 100_000
"""Characters of HTML of one entry that are read at most; a longer one is left to its page."""

_LOST = frozenset({"rate_limited", "robots", "too_large", "redirects"})


@dataclass(frozen=True, slots=True)
class FeedWords:
    """The words of one entry, the links in them, and the feed's `response` that has them."""

    text: str
    links: tuple[InboxLink, ...]
    response: Response


def feed_words(raw: Mapping[str, Any], link: str, response: Response) -> FeedWords:
    """Return the words of an entry whose page is at `link`: its content, else its summary, else none.

    One that takes longer than FEED_SECONDS is left to its page, as one that is too long.
    """
    with suppress(ValueError), bounded(FEED_SECONDS, "an entry"):
        for part in (*_contents(raw.get("content")), raw.get("summary")):
            if not isinstance(part, str) or len(part) > MOST:
                continue
            try:
                text, links = html_text(part, link)
            except ValueError:
                continue
            if text:
                return FeedWords(text, links, response)
    return FeedWords("", (), response)


def _contents(content: Any) -> list[Any]:
    parts = content if isinstance(content, list) else []
    return [part.get("value") for part in parts if isinstance(part, Mapping)]


def refuses(fault: FetchFailure) -> bool:
    """Return whether a failure means that a page cannot be had: only the feed's words are left of it."""
    return fault.code in _LOST or fault.code.startswith("http_4")
