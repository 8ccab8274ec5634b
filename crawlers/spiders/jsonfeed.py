"""JSON Feed (https://www.jsonfeed.org/version/1.1/), told as feedparser tells of RSS and Atom."""

from __future__ import annotations

import re
from html import escape
from typing import Any

import feedparser
from scrapy.http import Response

from crawlers.spiders.listing import read_json

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/1(?:\.\d+)?/?")


def is_json(response: Response) -> bool:
    """Whether the body is a JSON object, whatever type it is served as; no XML begins so."""
    return response.body[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def parse_json_feed(response: Response) -> Any:
    """The feed, an item that is no object as an entry without anything. Raises ValueError where there is none."""
    given = read_json(response)
    version = str(given.get("version"))
    if not _VERSION.fullmatch(version):
        raise ValueError(f"JSON that is no JSON Feed 1: version is {version[:100]!r}")
    items = given.get("items")
    if not isinstance(items, list):
        raise ValueError("a JSON Feed without a list of items")
    entries = [_entry(item) if isinstance(item, dict) else {} for item in items]
    return feedparser.FeedParserDict(
        feed={"link": given.get("home_page_url")}, entries=entries, version="json1"
    )


def _entry(item: dict[str, Any]) -> dict[str, Any]:
    """An item: `url` is its own page, `external_url` one that it speaks of; titles are plain text, where XML's are HTML."""
    title = item.get("title")
    writers = item.get("authors") or [item.get("author")]  # the second is version 1.0's
    names = [one.get("name") for one in writers if isinstance(one, dict)] if isinstance(writers, list) else []
    told = {
        "link": item.get("url"),
        "id": item.get("id"),
        "title": escape(title) if isinstance(title, str) else None,
        "author": ", ".join(name for name in names if isinstance(name, str)),
        "published": item.get("date_published"),
    }
    return {key: value for key, value in told.items() if value}
