"""What a page says of itself: its JSON-LD, headline, author and language.

When a page was published, by its own word, and by which part of it.

The order is that of how seldom each is wrong: JSON-LD, meta elements, the article's own <time>, the URL. A date that
merely stands on the page (a site header shows the day on which it was fetched) is not one of them.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from crawlers.normalise.dates import Moment, read_moment, url_day
from crawlers.normalise.text_repair import repair
from pipeline.core.records import DateOrigin, Precision

MAX_TITLE = 500
MAX_AUTHOR = 200
_MAX_LD = 1_000_000
_ARTICLE = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting|SocialMediaPosting|Report|DiscussionForumPosting)$")
_PAGE = re.compile(r"(?:WebPage|ItemPage)$")
_SEPARATOR = re.compile(r"\s+(?:[|\-–—·•»:]|::|//)\s+")


@dataclass(frozen=True, slots=True)
class LinkedData:
    """The JSON-LD objects that describe the page: its article first, then the page itself."""

    article: dict[str, Any] = field(default_factory=dict)
    page: dict[str, Any] = field(default_factory=dict)


def read_ld(tree: Any) -> LinkedData:
    """The page's own article and page objects; several articles side by side are a list of teasers, and none is taken."""
    articles: list[dict[str, Any]] = []
    pages: list[dict[str, Any]] = []
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        source = script.text or ""
        if len(source) > _MAX_LD:
            continue
        try:
            given = json.loads(source.strip().removesuffix(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _top(given):
            kinds = [kind for kind in _list(thing.get("@type")) if isinstance(kind, str)]
            if any(_ARTICLE.search(kind) for kind in kinds):
                articles.append(thing)
            elif any(_PAGE.search(kind) for kind in kinds):
                pages.append(thing)
    heads = {json.dumps([thing.get("headline"), thing.get("datePublished")], default=str) for thing in articles}
    return LinkedData(articles[0] if len(heads) == 1 else {}, pages[0] if len(pages) == 1 else {})


def _top(given: Any) -> Iterator[dict[str, Any]]:
    for thing in _list(given):
        if isinstance(thing, dict):
            yield thing
            for key in ("@graph", "mainEntity"):
                yield from (inner for inner in _list(thing.get(key)) if isinstance(inner, dict))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def metas(tree: Any, *names: str) -> list[str]:
    """The contents of the meta elements that carry one of `names` as name, property or itemprop, in the order of `names`."""
    found: list[tuple[int, str]] = []
    for meta in tree.iter("meta"):
        content = (meta.get("content") or "").strip()
        for key in ("property", "name", "itemprop"):
            name = (meta.get(key) or "").strip().lower()
            if content and name in names:
                found.append((names.index(name), content))
    return [content for _, content in sorted(found, key=lambda pair: pair[0])]


def read_title(tree: Any, ld: LinkedData, url: str) -> str | None:
    """The headline without the site's name."""
    heading = [_text(h1) for h1 in tree.iter("h1")]
    heading = [text for text in heading if text]
    told = _clean(ld.article.get("headline"))
    if told and not told.endswith(("…", "...")):
        return told
    site = next(iter(metas(tree, "og:site_name", "application-name")), "")
    shown = next(iter(metas(tree, "og:title", "twitter:title")), "") or _text(next(tree.iter("title"), None))
    shown = _clean(shown)
    for text in heading:
        if shown.casefold().startswith(text.casefold()) or (told and text.casefold().startswith(told.rstrip(".… ").casefold())):
            return _clean(text)
    if shown:
        return _without_site(shown, site, url)
    return _clean(heading[0]) if len(heading) == 1 else None


def _without_site(title: str, site: str, url: str) -> str:
    """`title` up to its last separator where what follows, or goes before the first, is the site's name."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    names = {_letters(site), _letters(host), _letters(host.rsplit(".", 1)[0])} - {""}
    cuts = list(_SEPARATOR.finditer(title))
    for cut in reversed(cuts):
        if _letters(title[cut.end() :]) in names:
            return title[: cut.start()]
    if cuts and _letters(title[: cuts[0].start()]) in names:
        return title[cuts[0].end() :]
    if cuts and cuts[-1][0].strip() == "|" and len(title[cuts[-1].end() :].split()) <= 3 < len(title[: cuts[-1].start()].split()):
        return title[: cuts[-1].start()]
    return title


def read_author(tree: Any, ld: LinkedData) -> str | None:
    """Who the page says wrote it: names, never addresses."""
    told = [_name(author) for author in _list(ld.article.get("author"))]
    told = [name for name in told if name] or [_person(text) for text in metas(tree, "author", "parsely-author", "article:author")]
    if not any(told):
        told = [_person(_text(link)) for link in tree.xpath("//a[@rel='author']")[:3]]
    names = list(dict.fromkeys(name for name in told if name))
    return ", ".join(names)[:MAX_AUTHOR] or None


def paywalled(ld: LinkedData) -> bool:
    """Whether the page itself says that it is not free to read (schema.org's `isAccessibleForFree`)."""
    told = [str(thing.get("isAccessibleForFree", "")).lower() for thing in (ld.article, ld.page)]
    return any(word.rsplit("/", 1)[-1] == "false" for word in told)


def _name(author: Any) -> str:
    if isinstance(author, dict):
        author = author.get("name")
    return _person(author[0] if isinstance(author, list) and author else author)


def _person(text: Any) -> str:
    name = re.sub(r"^by\s+", "", _clean(text), flags=re.IGNORECASE)
    return "" if re.search(r"https?://|@|[{}<>]", name) or len(name) > MAX_AUTHOR else name


def language(tree: Any) -> str | None:
    """The language that the page declares, as its two or three letters."""
    root = next(iter(tree.xpath("/html")), tree)
    for told in [root.get("lang"), root.get("xml:lang"), *metas(tree, "og:locale", "language", "content-language")]:
        code = re.split(r"[-_]", (told or "").strip().lower())[0]
        if re.fullmatch(r"[a-z]{2,3}", code):
            return code
    return None


def _clean(text: Any) -> str:
    if not isinstance(text, str):
        return ""
    return re.sub(r"\s+", " ", repair(html.unescape(text[: 4 * MAX_TITLE]))).strip()[:MAX_TITLE]


def _text(element: Any) -> str:
    return "" if element is None else re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published", "datepublished",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "citation_publication_date",
    "citation_online_date", "dc.date.issued", "dcterms.issued", "dcterms.created", "publish-date", "publish_date",
    "publication_date", "publication-date", "pubdate", "pub_date", "date.issued",
)  # fmt: skip
_PUBLISHED = re.compile(r"publish|posted|pub-?date|entry-date|dt-published|datePublished", re.IGNORECASE)
_CHANGED = re.compile(r"updat|modif|edited|comment|relat|teaser|promo|recommend|clock|today|current-?(?:date|time)", re.IGNORECASE)
_ELSEWHERE = frozenset({"aside", "nav", "footer", "form"})
_LINKED = _ELSEWHERE | {"a"}
_LABELLED = "//text()[contains(translate(., 'PUBLISHEDOT', 'publishedot'), 'published') or contains(translate(., 'POSTED', 'posted'), 'posted')]"
_SAID = re.compile(
    r"(?:^|[|•·–—]\s*)(?:first\s+)?(?:published|posted)(?:\s+on)?\s*:?\s*(?:[a-z]{3,9}\.?,?\s+)??"
    r"(?:(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})|(?P<day2>\d{1,2})\s+(?P<month2>[a-z]{3,9})\.?),?\s+(?P<year>\d{4})"
    r"(?=\s*(?:$|[|•·–—(]|,?\s*(?:at\b|by\b|updated\b|\d{1,2}[:.]\d\d)))",
    re.IGNORECASE,
)
"""A line of its own, or a part of one, that states a day: a sentence that tells when something else was published goes on."""
_MAX_SAID = 200
_MAX_LABELS = 200
RENDERED = timedelta(seconds=60)
"""A page that claims to be published within so long before or after it was asked for tells when it was made for us."""


def published(tree: Any, ld: LinkedData, url: str) -> tuple[datetime | None, Precision, DateOrigin]:
    """The page's publication time, how exactly it is known and where it was read; (None, UNKNOWN, UNKNOWN) without one.

    A clock time without a zone counts only for its day, unless another part of the page gives the same one with it.
    """
    found = list(_candidates(tree, ld, url))
    if not found:
        return None, Precision.UNKNOWN, DateOrigin.UNKNOWN
    origin, moment = found[0]
    if not moment.zoned:
        # The same instant in another part, seconds left aside, lends its zone.
        whole = [other for _, other in found[1:] if other.zoned and other.precision is Precision.SECOND]
        near = [other for other in whole if abs(other.at - moment.at).total_seconds() <= 14 * 3600 and _same_minutes(other, moment)]
        moment = near[0] if near else moment.day()
    return moment.at, moment.precision, origin


def rendered(moment: datetime | None, precision: Precision, asked: datetime, answered: datetime) -> bool:
    """Whether a time that a page states of itself is that at which it was put together for whoever asks for it."""
    return (
        moment is not None
        and precision is Precision.SECOND
        and asked - RENDERED <= moment <= answered + RENDERED
    )


def _same_minutes(a: Moment, b: Moment) -> bool:
    return int((a.at - b.at).total_seconds()) % 900 == 0


def _candidates(tree: Any, ld: LinkedData, url: str) -> Iterator[tuple[DateOrigin, Moment]]:
    for thing in (ld.article, ld.page):
        yield from _read(DateOrigin.JSON_LD, thing.get("datePublished"))
    for content in metas(tree, *_META):
        yield from _read(DateOrigin.META, content)
    yield from _read(DateOrigin.VISIBLE_TEXT, _own_time(tree) or _own_words(tree))
    day = url_day(url) if url.startswith("http") else None
    if day:
        yield DateOrigin.URL, day


def _read(origin: DateOrigin, given: Any) -> Iterator[tuple[DateOrigin, Moment]]:
    if isinstance(given, list) and given:
        given = given[0]
    if not isinstance(given, str):
        return
    try:
        moment = read_moment(given)
    except ValueError:
        return
    if moment.at.year >= 1990:
        yield origin, moment


def _own_time(tree: Any) -> str | None:
    """The <time datetime> that the article carries as its publication, if it carries exactly one such time."""
    marked: list[str] = []
    plain: list[str] = []
    for element in tree.xpath("//time[@datetime]"):
        about = " ".join(filter(None, (element.get(key) for key in ("class", "itemprop", "id"))))
        above = list(element.iterancestors())
        near = about + " " + " ".join(filter(None, (above[i].get("class") for i in range(min(2, len(above))))))
        inside = [e for e in above if e.tag in ("article", "main")]
        if _CHANGED.search(near) or any(e.tag in _ELSEWHERE for e in above):
            continue
        if sum(e.tag == "article" for e in inside) > 1:
            continue
        if element.get("pubdate") is not None or _PUBLISHED.search(about):
            marked.append(element.get("datetime"))
        elif inside:
            plain.append(element.get("datetime"))
    for found in (marked, plain):
        if found:
            return found[0] if len(set(found)) == 1 else None
    return None


def _own_words(tree: Any) -> str | None:
    """The day that the article states in words as that of its publication, if it states exactly one."""
    days: set[str] = set()
    for words in tree.xpath(_LABELLED)[:_MAX_LABELS]:
        element = words.getparent() if words.is_text else words.getparent().getparent()
        above = [element, *element.iterancestors()]
        tags = [e.tag for e in above]
        if not _LINKED.isdisjoint(tags) or tags.count("article") > 1 or not {"article", "main"} & set(tags):
            continue
        if any(_CHANGED.search(e.get("class") or "") for e in above):
            continue
        # The label may be an element of its own, beside that of the day.
        found = _said(element) or _said(above[1])
        if found:
            month, day = found["month"] or found["month2"], found["day"] or found["day2"]
            days.add(f"{day} {month[:3].title()} {found['year']}")
    return days.pop() if len(days) == 1 else None


def _said(element: Any) -> re.Match[str] | None:
    text = ""
    for part in element.itertext():
        text += f" {part}"
        if len(text) > 4 * _MAX_SAID:
            break
    line = " ".join(text.split())
    return _SAID.search(line) if len(line) <= _MAX_SAID else None
