"""The forms of a feed: which one an answer has, and what it says in feedparser's words.

JSON Feed (https://www.jsonfeed.org/version/1.1/), told as feedparser tells of RSS and Atom.

Sitemaps (https://www.sitemaps.org/protocol.html), told as feedparser tells of RSS and Atom.

A news sitemap states of each page its publication, title and publication time (namespace `…/schemas/sitemap-news/0.9`,
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap). A plain one states nothing that an
article's record could take over: its `lastmod` is when the page changed, and only says which pages come first.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from html import escape
from io import BytesIO
from typing import Any

import feedparser
from lxml import etree
from scrapy.http import Response
from scrapy.utils.gz import gunzip

from crawlers.http.ssrf_guard import Refused, refuse_entities
from crawlers.normalise.text_repair import bounded
from crawlers.spiders.listing import read_json

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
    entries = [_json_entry(item) if isinstance(item, dict) else {} for item in items]
    return feedparser.FeedParserDict(
        feed={"link": given.get("home_page_url")}, entries=entries, version="json1"
    )


def _json_entry(item: dict[str, Any]) -> dict[str, Any]:
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


SITEMAPS = 10
"""So many sitemaps of an index are read in a night, those that changed last; an index within an index is not."""

_GZIP = b"\x1f\x8b"
_ITEMS = {"urlset": "url", "sitemapindex": "sitemap"}
_NEWS = "/schemas/sitemap-news/"
_SAFE: dict[str, Any] = {
    "recover": True,
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def unpacked(body: bytes, limit: int) -> bytes:
    """`body`, or what it holds where it is a gzip file. Raises ValueError where that is broken, or over `limit` bytes."""
    if not body.startswith(_GZIP):
        return body
    try:
        return gunzip(body, max_size=limit)
    except (OSError, EOFError, struct.error, zlib.error) as error:
        raise ValueError(f"a gzip file that cannot be unpacked: {error}") from error


def is_sitemap(body: bytes) -> bool:
    """Whether the first element is that of a sitemap or of an index of sitemaps."""
    return _kind(body) is not None


def parse_sitemap(body: bytes) -> Any:
    """The pages as entries, news before others, and of those what changed last first; of an index its `sitemaps`.

    `sitemaps` are addresses, what changed last first. What is not well-formed is read as well as can be, and told.
    """
    kind = _kind(body)
    assert kind is not None
    parsed = feedparser.FeedParserDict(feed={}, entries=[], version="sitemap")
    rows = list(_rows(body, _ITEMS[kind], parsed))
    changed = sorted((row for row in rows if "news" not in row), key=_lastmod, reverse=True)
    if kind == "sitemapindex":
        parsed["sitemaps"] = [row["loc"] for row in changed if row.get("loc")]
        return parsed
    parsed["entries"] = [_sitemap_entry(row) for row in (*(row for row in rows if "news" in row), *changed)]
    return parsed


def _kind(body: bytes) -> str | None:
    try:
        for _, element in etree.iterparse(BytesIO(body), events=("start",), **_SAFE):
            name = str(etree.QName(element).localname)
            return name if name in _ITEMS else None
    except etree.XMLSyntaxError:
        return None
    return None


def _rows(body: bytes, name: str, parsed: Any) -> Iterator[dict[str, str]]:
    """What each element says, by the names of its children; what is behind us takes no memory."""
    context = etree.iterparse(BytesIO(body), events=("end",), tag=f"{{*}}{name}", **_SAFE)
    try:
        for _, element in context:
            yield _row(element)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        parsed["bozo_exception"] = error
        return
    if len(context.error_log):
        parsed["bozo_exception"] = ValueError(context.error_log[0].message)


def _row(element: Any) -> dict[str, str]:
    row: dict[str, str] = {}
    for child in element:
        name = etree.QName(child)
        if name.localname == "news" and _NEWS in (name.namespace or ""):
            row["news"] = ""
            for one in child.iter("{*}publication_date", "{*}title", "{*}name"):
                row.setdefault(str(etree.QName(one).localname), _text(one))
        elif name.localname in ("loc", "lastmod"):
            row.setdefault(str(name.localname), _text(child))
    return row


def _sitemap_entry(row: dict[str, str]) -> dict[str, str]:
    """A page; titles are plain text, where a feed's are HTML."""
    told = {
        "link": row.get("loc"),
        "title": escape(row.get("title", "")),
        "author": row.get("name"),
        "published": row.get("publication_date"),
    }
    return {key: value for key, value in told.items() if value}


def _lastmod(row: dict[str, str]) -> str:
    return row.get("lastmod", "")


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
