"""What a page states about itself: JSON-LD, headline, author and language."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from crawlers.normalise.text_repair import repair

MAX_TITLE = 500
MAX_AUTHOR = 200
_MAX_LD = 1_000_000
_ARTICLE = re.compile(r"(?:Article|(?:Blog|LiveBlog|SocialMedia|DiscussionForum)Posting|Report)$")
_PAGE = re.compile(r"(?:WebPage|ItemPage)$")
_SEPARATOR = re.compile(r"\s+(?:[|\-–—·•»:]|::|//)\s+")
_BY = re.compile(r"^(?:(?i:(?:written |posted |reported )?by)[\s:]+|(?:Von|VON|Par|Por) (?=\S+\s+\S))")
"""What stands before a name; "Von Neumann" is one, "Von Max Neumann" is not."""
_BESIDE = re.compile(
    r"[(\[]?\s*\b(?:image|photo|picture|illustration|credit|foto|bild)s?(?:\s+credit)?\s*[:©].*"
    r"|\b(?:see|view|read)\s+(?:(?:full|my|author|all)\s+)*(?:bio|profile|posts?|articles|more)\b.*"
    r"|\bmore\s+(?:by|from|about)\b.*",
    re.IGNORECASE,
)
"""What is no part of a name and stands behind it, or in its place."""
_NO_NAME = re.compile(r"https?://|@|[{}<>©]|\b(?:getty images|shutterstock)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LinkedData:
    """The JSON-LD objects that describe the page: its article first, then the page itself."""

    article: dict[str, Any] = field(default_factory=dict)
    page: dict[str, Any] = field(default_factory=dict)


def read_ld(tree: Any) -> LinkedData:
    """Return the page's own article and page objects; none of several articles, which are teasers."""
    articles: list[dict[str, Any]] = []
    pages: list[dict[str, Any]] = []
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        source = script.text or ""
        if len(source) > _MAX_LD:
            continue
        try:
            parsed = json.loads(source.strip().removesuffix(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _top(parsed):
            kinds = [kind for kind in _list(item.get("@type")) if isinstance(kind, str)]
            if any(_ARTICLE.search(kind) for kind in kinds):
                articles.append(item)
            elif any(_PAGE.search(kind) for kind in kinds):
                pages.append(item)
    heads = {json.dumps([item.get("headline"), item.get("datePublished")], default=str) for item in articles}
    return LinkedData(articles[0] if len(heads) == 1 else {}, pages[0] if len(pages) == 1 else {})


def _top(parsed: Any) -> Iterator[dict[str, Any]]:
    for item in _list(parsed):
        if isinstance(item, dict):
            yield item
            for key in ("@graph", "mainEntity"):
                yield from (inner for inner in _list(item.get(key)) if isinstance(inner, dict))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def metas(tree: Any, *names: str) -> list[str]:
    """Return the contents of meta elements by name, property or itemprop, in the order of `names`."""
    ranked: list[tuple[int, str]] = []
    for meta in tree.iter("meta"):
        content = (meta.get("content") or "").strip()
        for key in ("property", "name", "itemprop"):
            name = (meta.get(key) or "").strip().lower()
            if content and name in names:
                ranked.append((names.index(name), content))
    return [content for _, content in sorted(ranked, key=lambda pair: pair[0])]


def read_title(tree: Any, ld: LinkedData, url: str) -> str | None:
    """Return the headline without the site's name: JSON-LD's, else the one that the page shows."""
    headings = [_text(h1) for h1 in tree.iter("h1")]
    headings = [text for text in headings if text]
    site = _site(tree)
    stated = _without_site(_clean(ld.article.get("headline")), site, url)
    if stated and not stated.endswith(("…", "...")):
        return stated
    shown = next(iter(metas(tree, "og:title", "twitter:title")), "") or _text(next(tree.iter("title"), None))
    shown = _clean(shown)
    for text in headings:
        folded, stated_start = text.casefold(), stated.rstrip(".… ").casefold()
        if shown.casefold().startswith(folded) or (stated and folded.startswith(stated_start)):
            return _clean(text)
    if shown:
        return _without_site(shown, site, url)
    return _clean(headings[0]) if len(headings) == 1 else None


def read_shown(tree: Any, title: str | None, url: str) -> str | None:
    """Return the headline that a reader sees, where it is another than `title`; None where none is sure."""
    headings = list(tree.iter("h1"))
    inside = [h1 for h1 in headings if any(outer.tag in ("article", "main") for outer in h1.iterancestors())]
    titles = dict.fromkeys(_without_site(_clean(_text(h1)), _site(tree), url) for h1 in inside or headings)
    shown = [text for text in titles if letters(text) and letters(text) not in _names(_site(tree), url)]
    if len(shown) != 1 or letters(shown[0]) == letters(title or ""):
        return None
    return shown[0]


def _site(tree: Any) -> str:
    return next(iter(metas(tree, "og:site_name", "application-name")), "")


def _names(site: str, url: str) -> set[str]:
    """Return the site's name, as it may stand beside a headline, in letters alone."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return {letters(site), letters(host), letters(host.rsplit(".", 1)[0])} - {""}


def _without_site(title: str, site: str, url: str) -> str:
    """Return `title` without the site's name, behind its last separator or before its first."""
    names = _names(site, url)
    cuts = list(_SEPARATOR.finditer(title))
    for cut in reversed(cuts):
        if letters(title[cut.end() :]) in names:
            return title[: cut.start()]
    if cuts and letters(title[: cuts[0].start()]) in names:
        return title[cuts[0].end() :]
    if cuts and cuts[-1][0].strip() == "|":
        before, after = title[: cuts[-1].start()], title[cuts[-1].end() :]
        if len(after.split()) <= 3 < len(before.split()):
            return before
    return title


def read_author(tree: Any, ld: LinkedData) -> str | None:
    """Return the names of the people who wrote the page, as it states them; never addresses."""
    stated = [_name(author) for author in _list(ld.article.get("author"))]
    if not any(stated):
        stated = [person(text) for text in metas(tree, "author", "parsely-author", "article:author")]
    if not any(stated):
        stated = [person(_text(link)) for link in tree.xpath("//a[@rel='author']")[:3]]
    names: dict[str, str] = {}
    for name in filter(None, stated):
        names.setdefault(letters(name), name)
    return ", ".join(names.values())[:MAX_AUTHOR] or None


def paywalled(ld: LinkedData) -> bool:
    """Return whether the page says that it is not free to read (schema.org's `isAccessibleForFree`)."""
    stated = [str(item.get("isAccessibleForFree", "")).lower() for item in (ld.article, ld.page)]
    return any(word.rsplit("/", 1)[-1] == "false" for word in stated)


def _name(author: Any) -> str:
    if isinstance(author, dict):
        author = author.get("name")
    return person(author[0] if isinstance(author, list) and author else author)


def person(text: Any) -> str:
    """Return the name in a byline; an empty text where there is none: a number, a credit, an address."""
    name = _BESIDE.sub("", _clean(text)).strip(" ,;|·•-–—")
    name = _BY.sub("", name)
    if _NO_NAME.search(name) or not re.search(r"[^\W\d_]", name) or len(name) > MAX_AUTHOR:
        return ""
    return name


def language(tree: Any) -> str | None:
    """Return the language that the page declares, as its two or three letters."""
    root = next(iter(tree.xpath("/html")), tree)
    declared = metas(tree, "og:locale", "language", "content-language")
    for stated in [root.get("lang"), root.get("xml:lang"), *declared]:
        code = re.split(r"[-_]", (stated or "").strip().lower())[0]
        if re.fullmatch(r"[a-z]{2,3}", code):
            return code
    return None


def _clean(text: Any) -> str:
    if not isinstance(text, str):
        return ""
    return re.sub(r"\s+", " ", repair(html.unescape(text[: 4 * MAX_TITLE]))).strip()[:MAX_TITLE]


def _text(element: Any) -> str:
    return "" if element is None else re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def letters(text: str) -> str:
    """Return the letters and digits of a text in lower case, to be compared."""
    return re.sub(r"[\W_]+", "", text).casefold()
