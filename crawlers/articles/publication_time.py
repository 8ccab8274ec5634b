"""When a page was published, by its own statement, and which part of it states that.

The parts are believed in the order of how seldom each is wrong: JSON-LD, meta elements, the article's own
<time>, the URL, the day that the page shows in a place of its own (`visible_dates`). A date that merely
stands on the page (a site header shows the day of the request) is not one of them, nor is that of a change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from crawlers.articles.metadata import LinkedData, metas
from crawlers.articles.visible_dates import CHANGED, ELSEWHERE, short_line
from crawlers.normalise.dates import Moment, read_moment, url_day
from pipeline.core.vocabulary import DateOrigin, Precision

_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published",
    "datepublished", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "citation_publication_date", "citation_online_date", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "publish-date", "publish_date", "publication_date", "publication-date", "pubdate",
    "pub_date", "date.issued",
)  # fmt: skip
_MODIFIED = ("article:modified_time", "og:article:modified_time", "datemodified", "dcterms.modified")
_PUBLISHED = re.compile(r"publish|posted|pub-?date|entry-date|dt-published|datePublished", re.IGNORECASE)
_LINKED = ELSEWHERE | {"a"}
_LABELLED = (
    "//text()[contains(translate(., 'PUBLISHEDOT', 'publishedot'), 'published')"
    " or contains(translate(., 'POSTED', 'posted'), 'posted')]"
)
_SAID = re.compile(
    r"(?:^|[|•·–—]\s*)(?:first\s+)?(?:published|posted)(?:\s+on)?\s*:?\s*(?:[a-z]{3,9}\.?,?\s+)??"
    r"(?:(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})|(?P<day2>\d{1,2})\s+(?P<month2>[a-z]{3,9})\.?),?\s+(?P<year>\d{4})"
    r"(?=\s*(?:$|[|•·–—(]|,?\s*(?:at\b|by\b|updated\b|\d{1,2}[:.]\d\d)))",
    re.IGNORECASE,
)
"""A line, or a part of one, that states a day and no more: a sentence about something else would go on."""
_ZONES = timedelta(hours=14)
"""The largest offset of a time zone."""
_MAX_SAID = 200
_MAX_LABELS = 200
RENDERED = timedelta(seconds=60)
"""A page whose stated time is this close to its request states when it was made for the request."""


def published(
    tree: Any,
    ld: LinkedData,
    url: str,
    zone: tzinfo | None = None,
    shown: Callable[[], date | None] = lambda: None,
) -> tuple[datetime | None, Precision, DateOrigin]:
    """Return the page's publication time, how exactly it is known and which part of the page states it.

    `shown` gives the day that the page shows, and is asked where nothing else states one. Midnight in `zone`,
    the outlet's own, is its day. Without any time: (None, UNKNOWN, UNKNOWN). A month or a year counts only
    where nothing states a day. A clock time without a zone counts only for its day, unless another part of
    the page gives the same one with it.
    """
    stated = list(_candidates(tree, ld, url))
    if not any(moment.precision.to_the_day for _, moment in stated) and (day := shown()):
        stated.insert(0, (DateOrigin.VISIBLE_TEXT, Moment(_midnight(day), Precision.DAY, True)))
    if not stated:
        return None, Precision.UNKNOWN, DateOrigin.UNKNOWN
    origin, moment = next((candidate for candidate in stated if candidate[1].precision.to_the_day), stated[0])
    if not moment.zoned:
        # The same instant in another part, seconds left aside, lends its zone.
        zoned = [other for _, other in stated if other.zoned and other.precision.clock]
        same_clock = [other for other in zoned if _same_clock(other, moment)]
        moment = same_clock[0] if same_clock else moment.day()
    moment = _outlets_day(moment, zone)
    return moment.at, moment.precision, origin


def modified(tree: Any, ld: LinkedData, zone: tzinfo | None = None) -> tuple[datetime | None, Precision]:
    """Return when the page says that it was last changed; without that: (None, UNKNOWN).

    It tells nothing of when the page was published, but that it was there by then.
    """
    ld_dates = [item.get("dateModified") for item in (ld.article, ld.page)]
    for text in (*ld_dates, *metas(tree, *_MODIFIED)):
        for _, moment in _read(DateOrigin.META, text):
            if moment.precision.to_the_day:
                changed = _outlets_day(moment if moment.zoned else moment.day(), zone)
                return changed.at, changed.precision
    return None, Precision.UNKNOWN


def _outlets_day(moment: Moment, zone: tzinfo | None) -> Moment:
    """Return the day that begins at `moment` in the outlet's zone, or else `moment`."""
    if zone is None or not moment.precision.clock:
        return moment
    local = moment.at.astimezone(zone)
    if local.time() != time():
        return moment
    return Moment(_midnight(local.date()), Precision.DAY, True)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def rendered(moment: datetime | None, precision: Precision, requested: datetime, answered: datetime) -> bool:
    """Return whether a page's stated time is the moment at which it was made for the request."""
    return (
        moment is not None
        and precision.clock
        and requested - RENDERED <= moment <= answered + RENDERED
    )


def _same_clock(a: Moment, b: Moment) -> bool:
    """Return whether two times may be the same clock time in two zones."""
    apart = a.at - b.at
    return abs(apart) <= _ZONES and int(apart.total_seconds()) % 900 == 0


def _candidates(tree: Any, ld: LinkedData, url: str) -> Iterator[tuple[DateOrigin, Moment]]:
    for item in (ld.article, ld.page):
        yield from _read(DateOrigin.JSON_LD, item.get("datePublished"))
    for content in metas(tree, *_META):
        yield from _read(DateOrigin.META, content)
    yield from _read(DateOrigin.VISIBLE_TEXT, _own_time(tree) or _own_words(tree))
    day = url_day(url) if url.startswith("http") else None
    if day:
        yield DateOrigin.URL, day


def _read(origin: DateOrigin, value: Any) -> Iterator[tuple[DateOrigin, Moment]]:
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        return
    try:
        moment = read_moment(value)
    except ValueError:
        return
    if moment.at.year >= 1990:
        yield origin, moment


def _own_time(tree: Any) -> str | None:
    """Return the publication <time datetime> of the article, if it carries exactly one such time."""
    marked: list[str] = []
    plain: list[str] = []
    for element in tree.xpath("//time[@datetime]"):
        names = " ".join(filter(None, (element.get(key) for key in ("class", "itemprop", "id"))))
        ancestors = list(element.iterancestors())
        nearby_names = " ".join([names, *(parent.get("class") or "" for parent in ancestors[:2])])
        inside = [e for e in ancestors if e.tag in ("article", "main")]
        if CHANGED.search(nearby_names) or any(e.tag in ELSEWHERE for e in ancestors):
            continue
        if sum(e.tag == "article" for e in inside) > 1:
            continue
        if element.get("pubdate") is not None or _PUBLISHED.search(names):
            marked.append(element.get("datetime"))
        elif inside:
            plain.append(element.get("datetime"))
    for times in (marked, plain):
        if times:
            return times[0] if len(set(times)) == 1 else None
    return None


def _own_words(tree: Any) -> str | None:
    """Return the day that the article states in words as that of its publication, if exactly one."""
    days: set[str] = set()
    for words in tree.xpath(_LABELLED)[:_MAX_LABELS]:
        element = words.getparent() if words.is_text else words.getparent().getparent()
        ancestors = [element, *element.iterancestors()]
        tags = [e.tag for e in ancestors]
        if not _LINKED.isdisjoint(tags) or tags.count("article") > 1 or not {"article", "main"} & set(tags):
            continue
        if any(CHANGED.search(e.get("class") or "") for e in ancestors):
            continue
        # The label may be an element of its own, beside that of the day.
        match = _said(element) or _said(ancestors[1])
        if match:
            month, day = match["month"] or match["month2"], match["day"] or match["day2"]
            days.add(f"{day} {month[:3].title()} {match['year']}")
    return days.pop() if len(days) == 1 else None


def _said(element: Any) -> re.Match[str] | None:
    line = short_line(element, _MAX_SAID)
    return None if line is None else _SAID.search(line)
