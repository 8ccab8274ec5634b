"""A web page as an article: headline, main text, author, links, and the date only where the page states it.

The main text is found by trafilatura (Barbaresi 2021, doi:10.18653/v1/2021.acl-demo.15). Its date finder is
not used: it falls back on guesses, and a guessed date changes who said something first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html

from crawlers.articles.blocks import line, paragraphs
from crawlers.articles.main_text import main_text, stated_text
from crawlers.articles.metadata import (
    language,
    letters,
    paywalled,
    read_author,
    read_ld,
    read_shown,
    read_title,
)
from crawlers.articles.outlet_zone import outlet_zone
from crawlers.articles.publication_time import modified, published
from crawlers.articles.visible_dates import visible_day
from crawlers.normalise.encoding import decode
from crawlers.normalise.html import CONTROL, MAX_LINKS
from crawlers.normalise.text_repair import repair
from crawlers.normalise.urls import canonical_url, publishes
from pipeline.core.inbox_records import InboxLink
from pipeline.core.vocabulary import DateOrigin, LinkKind, Precision

MAX_BYTES = 10_000_000
MAX_ELEMENTS = 60_000
MIN_TEXT = 40
"""A main text, in characters: what is shorter is a button or a cookie notice."""
MAX_WORDS = 300
"""An anchor's words, in characters."""

_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
_CONTROL_BYTES = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20)])
_WHOLE = re.compile(r"https?://[a-zA-Z0-9.-]+/[a-zA-Z0-9/._-]*")
"""An address that resolving leaves as it is."""
_CANONICAL = "//link[contains(concat(' ', translate(@rel, 'CANOIL', 'canoil'), ' '), ' canonical ')]/@href"
_ROOT = re.compile(r"https?://[a-zA-Z0-9.:-]+(?=[/?#]|$)")
_FROM_ROOT = re.compile(r"/(?!/)[a-zA-Z0-9/_-]*")
"""An address that resolving puts behind the host, as it is."""
_ONE_CLASS = etree.ElementDefaultClassLookup(element=lxml_html.HtmlElement)
"""Forms and inputs need no class of their own, for which lxml would call a function at each element."""
_POST = re.compile(r"https://(?:x\.com|bsky\.app|t\.me|www\.reddit\.com|[^/]+/@[^/]+)/.*\d")


@dataclass(frozen=True, slots=True)
class Article:
    """The content of one page.

    An empty line separates paragraphs of `text`; `url` is canonical. `headline` is what the page shows where
    `title`, which it states for machines, is another. A page that says that it is not free is `paywalled`,
    and `text` may be no more than a teaser, unless the page states all of it for machines. `modified_at` is
    when it says that it was last changed.
    """

    url: str
    title: str | None
    headline: str | None
    text: str
    author: str | None
    published_at: datetime | None
    published_precision: Precision
    published_from: DateOrigin
    language: str | None
    links: tuple[InboxLink, ...]
    paywalled: bool
    modified_at: datetime | None = None
    modified_precision: Precision = Precision.UNKNOWN


def read_article(html: bytes, *, url: str, encoding: str | None = None) -> Article:
    """Return the article in `html`, fetched from `url` (http, https or file).

    `encoding` is what the server declared. The page's own `rel=canonical` is believed within its publisher's
    hosts and account only, and always for a file. Raises ValueError where the page is not HTML, has no main
    text, or is larger than MAX_BYTES or MAX_ELEMENTS.
    """
    tree = _parsed(html, encoding)
    page_url = _address(tree, url)
    ld = read_ld(tree)
    title, author = read_title(tree, ld, page_url), read_author(tree, ld)
    headline = read_shown(tree, title, page_url)
    code = language(tree)
    zone = outlet_zone(page_url, code)
    moment, precision, origin = published(
        tree, ld, page_url, zone, lambda: visible_day(tree, title, headline, author, code)
    )
    changed = modified(tree, ld, zone)
    _absolute(tree, page_url if url.startswith("file:") else url)
    body = main_text(tree, url)
    blocks = [repair(part) for part in paragraphs(body)]
    if blocks and any(_same(blocks[0], heading) for heading in (title, headline) if heading):
        del blocks[0]
    page_text = "\n\n".join(blocks).strip()
    stated = stated_text(ld, page_text)
    text = stated or page_text
    if len(text) < MIN_TEXT or not letters(text):
        raise ValueError(f"{page_url} has no main text, or less than {MIN_TEXT} characters of it")
    links = tuple(_links(body, page_url))
    teaser = paywalled(ld) and stated is None
    return Article(
        page_url, title, headline, text, author, moment, precision, origin, code, links, teaser, *changed
    )


def undated(article: Article) -> Article:
    """Return `article` without the publication time that its page states."""
    return replace(
        article,
        published_at=None,
        published_precision=Precision.UNKNOWN,
        published_from=DateOrigin.UNKNOWN,
    )


def _parsed(html: bytes, encoding: str | None) -> Any:
    if len(html) > MAX_BYTES:
        raise ValueError(f"a page of {len(html)} bytes; at most {MAX_BYTES} are read")
    decoded = decode(html, encoding, html=True)
    text = _XML_HEAD.sub("", decoded.text)
    # In UTF-8 a control character is its byte, and looking for bytes is far quicker.
    if decoded.encoding != "utf-8" or len(html.translate(None, _CONTROL_BYTES)) < len(html):
        text = CONTROL.sub("", text)
    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=False)
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        tree = lxml_html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ValueError(f"the page is not HTML: {error}") from error
    elements = int(tree.xpath("count(descendant-or-self::node()[not(self::text())])"))
    if elements > MAX_ELEMENTS:
        raise ValueError(f"a page of {elements} elements; at most {MAX_ELEMENTS} are read")
    return tree


def _address(tree: Any, url: str) -> str:
    """Return the canonical URL that a page states; any of a file.

    A page is believed within its own publisher's hosts and account, but for the front page: a neighbour on a
    shared domain could else publish under another's address.
    """
    is_file = url.startswith("file:///")
    page_url = url if is_file else canonical_url(url)
    for href in tree.xpath(_CANONICAL):
        try:
            declared_url = canonical_url(href, base=None if is_file else url)
        except ValueError:
            continue
        same_publisher = publishes(page_url, declared_url) and publishes(declared_url, page_url)
        if is_file or (same_publisher and (not _is_front(declared_url) or _is_front(page_url))):
            return declared_url
    return page_url


def _is_front(url: str) -> bool:
    return url.count("/") == 3 and url.endswith("/")


def _absolute(tree: Any, url: str) -> None:
    """Make the page's links absolute: trafilatura would take every relative one from the site's root."""
    base = url
    for element in tree.iter("base", "a"):
        href = _resolved(base, (element.get("href") or "").strip())
        if element.tag == "base":
            base = href if href.startswith(("http://", "https://")) else base
        else:
            element.set("href", href)


def _resolved(base: str, href: str) -> str:
    """Return what `urljoin` does, but quickly for plain addresses; an empty text for what is no address."""
    if _WHOLE.fullmatch(href):
        return href
    root = _ROOT.match(base)
    if root and _FROM_ROOT.fullmatch(href):
        return root[0] + href
    try:
        return urljoin(base, href)
    except ValueError:
        return ""


def _same(text: str, title: str) -> bool:
    return letters(text) == letters(title)


def _links(body: Any, page_url: str) -> Iterator[InboxLink]:
    """Yield the main text's links with their words, each URL once; a post linked inside a quotation is
    quoted.
    """
    seen_urls: set[str] = {page_url}
    for ref in body.iter("ref"):
        try:
            target = canonical_url(ref.get("target") or "")
        except ValueError:
            continue
        if target in seen_urls:
            continue
        seen_urls.add(target)
        quoted = _POST.match(target) and any(ancestor.tag == "quote" for ancestor in ref.iterancestors())
        words = repair(line(ref))[:MAX_WORDS].strip() or None
        yield InboxLink(target, LinkKind.QUOTE if quoted else LinkKind.LINK, words)
        if len(seen_urls) > MAX_LINKS:
            return
