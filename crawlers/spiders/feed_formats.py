"""The formats of a feed, all parsed into the form that feedparser gives RSS and Atom.

JSON Feed (https://www.jsonfeed.org/version/1.1/) and sitemaps (https://www.sitemaps.org/protocol.html) are
the others. A news sitemap states of each page its publication, title and publication time (namespace
`…/schemas/sitemap-news/0.9`,
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap). A plain one states nothing
that an article's record could use: its `lastmod` is when the page changed, and only decides which pages come
first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import feedparser
from lxml import etree
from lxml import html as lxml_html
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import Response

from crawlers.http.ssrf_guard import Refused, refuse_entities
from crawlers.http.unpacking import unpack
from crawlers.normalise.time_limit import bounded
from crawlers.normalise.urls import canonical_url, same_site
from crawlers.spiders.listing import read_json
from pipeline.core.text import one_line, shorten

FEED_SECONDS = 5.0
"""Processor seconds that one feed may hold up the crawl. Six thousand items take one or two."""

_HARMLESS = (feedparser.NonXMLContentType, feedparser.CharacterEncodingOverride)
"""A feed that is called something else than XML, or than its own encoding, is whole all the same."""


def parse_feed(response: Response, limit: int) -> Any:
    """Return the RSS, Atom, JSON feed or sitemap in `response`, gzipped or not.

    Raises ValueError for none.
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
        fault = parsed.get("bozo_exception") or "no RSS, Atom or sitemap in it"
        raise ValueError(f"not a feed: {shorten(str(fault), 300)}")
    return parsed


def fault_of(parsed: Any) -> str | None:
    """Return what is wrong with a feed that was read all the same; None where nothing is."""
    fault = parsed.get("bozo_exception")
    return None if fault is None or isinstance(fault, _HARMLESS) else shorten(str(fault), 270)


def outer_link(description: str, base: str) -> str | None:
    """Return the page on another site that an entry's description is about; None where there is none.

    That is the link in bold type, else the first one that leads to more than a front page: a feed that
    gathers what others say (Techmeme's) links its entries to places in a page of its own.
    """
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=False)
    body = description.encode("utf-8", "replace")
    try:
        root = lxml_html.fragment_fromstring(body, create_parent="div", parser=parser)
    except (etree.LxmlError, AssertionError):
        return None
    links: list[str] = []
    bold = set(root.iterfind(".//b//a[@href]"))
    for anchor in root.iterfind(".//a[@href]"):
        try:
            link = canonical_url(anchor.get("href"), base=base)
        except ValueError:
            continue
        if same_site(link, base) or urlsplit(link).path == "/":
            continue
        if anchor in bold:
            return link
        links.append(link)
    return links[0] if links else None


_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/1(?:\.\d+)?/?")


def is_json(response: Response) -> bool:
    """Return whether the body is a JSON object, whatever type it is served as; no XML begins so."""
    return response.body[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def parse_json_feed(response: Response) -> Any:
    """Return the feed, with an empty entry for each broken item. Raises ValueError for no feed."""
    raw_feed = read_json(response)
    version = str(raw_feed.get("version"))
    if not _VERSION.fullmatch(version):
        raise ValueError(f"JSON that is not JSON Feed 1: version is {version[:100]!r}")
    items = raw_feed.get("items")
    if not isinstance(items, list):
        raise ValueError("a JSON Feed without a list of items")
    entries = [_json_entry(item) if isinstance(item, dict) else {} for item in items]
    facts = {"link": raw_feed.get("home_page_url"), "language": raw_feed.get("language")}
    return feedparser.FeedParserDict(feed=facts, entries=entries, version="json1")


def _json_entry(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item's facts: `url` is its own page; its title is plain text, not HTML as in XML feeds."""
    title = item.get("title")
    writers = item.get("authors") or [item.get("author")]  # the second is version 1.0's
    people = [writer for writer in writers if isinstance(writer, dict)] if isinstance(writers, list) else []
    names = [person.get("name") for person in people]
    entry = {
        "link": item.get("url"),
        "id": item.get("id"),
        "title": escape(title) if isinstance(title, str) else None,
        "author": ", ".join(name for name in names if isinstance(name, str)),
        "published": item.get("date_published"),
    }
    return {key: value for key, value in entry.items() if value}


SITEMAPS = 10
"""Sitemaps of an index that are read in a run at most, latest change first; no index within an index is."""

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
    """Return `body`, unpacked if it is gzip. Raises ValueError for a broken file, or over `limit` bytes."""
    if not body.startswith(_GZIP):
        return body
    try:
        return unpack(body, b"gzip", limit)
    except ResponseDataLossError as error:
        raise ValueError(f"a gzip file that cannot be unpacked: {error}") from error


def is_sitemap(body: bytes) -> bool:
    """Return whether the first element is that of a sitemap or of an index of sitemaps."""
    return _kind(body) is not None


def parse_sitemap(body: bytes) -> Any:
    """Return the pages as entries: news first, then the others, latest change first.

    For an index, return its `sitemaps` instead: addresses, latest change first. What is not well-formed is
    read as far as possible and reported.
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
    """Yield what each element says, by the names of its children, and free the memory of elements read."""
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
            for detail in child.iter("{*}publication_date", "{*}title", "{*}name"):
                row.setdefault(str(etree.QName(detail).localname), _text(detail))
        elif name.localname in ("loc", "lastmod"):
            row.setdefault(str(name.localname), _text(child))
    return row


def _sitemap_entry(row: dict[str, str]) -> dict[str, str]:
    """Return a page; titles are plain text, where a feed's are HTML."""
    entry = {
        "link": row.get("loc"),
        "title": escape(row.get("title", "")),
        "author": row.get("name"),
        "published": row.get("publication_date"),
    }
    return {key: value for key, value in entry.items() if value}


def _lastmod(row: dict[str, str]) -> str:
    return row.get("lastmod", "")


def _text(element: Any) -> str:
    return one_line("".join(element.itertext()))
