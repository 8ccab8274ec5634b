"""The forms of a feed: which one an answer has, and what it says in feedparser's words."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import feedparser
from scrapy.http import Response

from crawlers.bounded import bounded
from crawlers.guard import Refused, refuse_entities
from crawlers.spiders.jsonfeed import is_json, parse_json_feed
from crawlers.spiders.sitemap import is_sitemap, parse_sitemap, unpacked

FEED_SECONDS = 30.0
"""Processor seconds that one feed may take. Ten thousand items take one or two."""

_HARMLESS = (feedparser.NonXMLContentType, feedparser.CharacterEncodingOverride)
"""A feed that is called something else than XML, or than its own encoding, is whole all the same."""


def parse_feed(response: Response, limit: int) -> Any:
    """The feed in `response`, RSS, Atom, JSON Feed or sitemap; a gzip file is unpacked to at most `limit` bytes.

    Raises ValueError where there is none.
    """
    if is_json(response):
        return parse_json_feed(response)
    body = unpacked(response.body, limit)
    try:
        refuse_entities(body)
    except Refused as error:
        raise ValueError(str(error)) from error
    if is_sitemap(body):
        return parse_sitemap(body)
    headers = {"content-location": response.url}
    if kind := response.headers.get(b"Content-Type"):
        headers["content-type"] = kind.decode("latin-1")
    # A stream, never the bytes themselves: feedparser would take bytes for a file's name first.
    with bounded(FEED_SECONDS, "a feed"):
        parsed = feedparser.parse(BytesIO(body), response_headers=headers)
    if not parsed.get("version") and not parsed.entries:
        raise ValueError(f"not a feed: {str(parsed.get('bozo_exception') or 'no RSS, Atom or sitemap in it')[:300]}")
    return parsed


def fault_of(parsed: Any) -> str | None:
    """What is wrong with a feed that was read all the same; None where nothing is."""
    fault = parsed.get("bozo_exception")
    return None if fault is None or isinstance(fault, _HARMLESS) else str(fault)[:270]
