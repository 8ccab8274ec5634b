"""When a page was published, by its own word, and by which part of it.

The order is that of how seldom each is wrong: JSON-LD, meta elements, the article's own <time>, the URL. A date that
merely stands on the page (a site header shows the day on which it was fetched) is not one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from crawlers.dates import Moment, read_moment, url_day
from crawlers.metadata import LinkedData, metas
from pipeline.records import DateOrigin, Precision

_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published", "datepublished",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "citation_publication_date",
    "citation_online_date", "dc.date.issued", "dcterms.issued", "dcterms.created", "publish-date", "publish_date",
    "publication_date", "publication-date", "pubdate", "pub_date", "date.issued",
)  # fmt: skip
_PUBLISHED = re.compile(r"publish|posted|pub-?date|entry-date|dt-published|datePublished", re.IGNORECASE)
_CHANGED = re.compile(r"updat|modif|edited|comment|relat|dt-updated", re.IGNORECASE)
_ELSEWHERE = frozenset({"aside", "nav", "footer", "form"})


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


def _same_minutes(a: Moment, b: Moment) -> bool:
    return int((a.at - b.at).total_seconds()) % 900 == 0


def _candidates(tree: Any, ld: LinkedData, url: str) -> Iterator[tuple[DateOrigin, Moment]]:
    for thing in (ld.article, ld.page):
        yield from _read(DateOrigin.JSON_LD, thing.get("datePublished"))
    for content in metas(tree, *_META):
        yield from _read(DateOrigin.META, content)
    yield from _read(DateOrigin.VISIBLE_TEXT, _own_time(tree))
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
