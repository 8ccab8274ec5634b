"""The day of publication as a page shows it: beside a byline, under the headline, in a place named for it.

Only a place that belongs to the article counts, and only where all such places show one and the same day: a
page shows many other dates. What says that it is the day of a change is no day of publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from crawlers.articles.metadata import letters
from pipeline.core.text import one_line

MOST = 300
"""Texts of a page that hold a year and are looked at, at most."""
LINE = 160
"""Characters of a line that may be a byline; a longer one is prose."""

CHANGED = re.compile(
    r"updat|modif|edited|comment|relat|teaser|promo|recommend|clock|today|current-?(?:date|time)",
    re.IGNORECASE,
)
"""Names of places that show another date than that of the article's publication."""
ELSEWHERE = frozenset({"aside", "nav", "footer", "form"})
_APART = ELSEWHERE | {"a", "li"}
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:date|dates|datum|fecha|pubdate|published|posted|dateline|(?:publish|post|entry|article)(?:ed)?"
    r"[_-]?(?:date|on|time))(?:$|[\s_-])",
    re.IGNORECASE,
)
_WORD = r"[^\W\d_]{3,12}"
_DATE = re.compile(
    r"(?<![\d.,-])(?:"
    r"(?P<y>(?:19|20)\d\d)(?P<sep>[-/.年])(?P<m>\d{1,2})(?:(?P=sep)|月)(?P<d>\d{1,2})日?"
    r"|(?P<dd>\d{1,2})\.\s?(?P<dm>\d{1,2})\.\s?(?P<dy>(?:19|20)\d\d)"
    rf"|(?P<words>\d{{1,2}}(?:st|nd|rd|th|er|º|\.)?\s(?:de\s|of\s)?{_WORD}\.?,?\s(?:de\s)?(?:19|20)\d\d"
    rf"|{_WORD}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d)"
    r")(?!\d|[-/.]\d)",
    re.IGNORECASE,
)
_LABEL = (
    r"(?:(?:first\s)?(?:published|posted)(?:\son)?|veröffentlicht(?:\sam)?|erstellt(?:\sam)?|publiée?\sle|le|am|on"
    r"|publicado(?:\sel)?|el)"
)
_ALONE = re.compile(
    rf"(?:{_LABEL}\s?:?\s)?(?:[^\W\d_]{{2,10}}[,.]?\s)?\x00"
    r"(?:[\s,|·•–—-]+(?:(?:at|um|à|kl\.?)\s)?\d{1,2}[:.h]\d{2}(?::\d\d)?(?:\s?[ap]\.?m\.?)?"
    r"(?:\s?(?:uhr|[a-z]{2,5}))?)?"
    r"(?:[\s|·•–—,-]+\d{1,3}\smin(?:ute)?s?\.?(?:\sread)?)?",
    re.IGNORECASE,
)
"""A line that holds nothing but a date, which stands there as a NUL."""
_UPDATE = re.compile(
    r"\b(?:(?:last\s)?(?:updated|modified|edited|revised|changed|reviewed)|aktualisiert|geändert|"
    r"mise? à jour|modifiée?|actualizado|aggiornato|bijgewerkt|更新).*",
    re.IGNORECASE | re.DOTALL,
)
_BY = re.compile(r"(?:by|von|par|por|di|door|作者|文)(?:\s|[:\uff1a])\s?", re.IGNORECASE)
_READING = re.compile(r"\b\d{1,3}[\s-]min(?:ute)?s?\.?(?:\sread)?\b", re.IGNORECASE)
_SMALL = frozenset({
    "am", "and", "at", "by", "el", "et", "for", "in", "le", "of", "on", "the", "uhr", "um", "und", "y",
})
"""What may stand in a byline beside names, in small letters."""
_DAY_FIRST = frozenset({
    "cs", "da", "de", "es", "fi", "fr", "it", "nb", "nl", "no", "pl", "pt", "ru", "sv", "tr", "uk",
})
"""Languages in which 7.4.2025 is 7 April; in others it may be 4 July."""


def visible_day(
    tree: Any, title: str | None, headline: str | None, author: str | None, language: str | None
) -> date | None:
    """Return the day that the page shows as that of its publication; None where it shows none, or several.

    `title` is its headline, `headline` another one that it shows, `author` its byline, `language` its two
    letters.
    """
    headlines = {letters(title)} if title else set()
    if title and headline and 2 * len(_terms(title) & _terms(headline)) >= len(_terms(headline)):
        headlines.add(letters(headline))
    names = [letters(name) for name in (author or "").split(", ") if len(letters(name)) > 4]
    named_days: set[date] = set()
    byline_days: set[date] = set()
    headline_days: set[date] = set()
    for element, line, inside in _lines(tree):
        days = set(_days(line, language))
        if len(days) != 1:
            continue
        alone = _ALONE.fullmatch(_DATE.sub("\x00", line, count=1)) is not None
        labels = " ".join(filter(None, (element.get("class"), element.get("id"), element.get("itemprop"))))
        if alone and inside and (_NAMED.search(labels) or element.tag == "time"):
            named_days |= days
        other_words = _DATE.sub(" ", line)
        if any(name in letters(other_words) for name in names) or (inside and _BY.match(line)):
            byline_days |= days if _only_names(other_words) else set()
        elif alone and _under_headline(element, headlines):
            headline_days |= days
    shown_days = byline_days or headline_days or named_days
    return shown_days.pop() if len(shown_days) == 1 else None


def _terms(title: str) -> set[str]:
    return set(re.findall(r"\w+", title.casefold()))


def _only_names(text: str) -> bool:
    """Return whether a line without its date is a byline: names, and no sentence."""
    words = [word for word in re.split(r"[\W\d_]+", _BY.sub("", _READING.sub("", text))) if word]
    return any(not word.islower() for word in words) and all(
        not word.islower() or word in _SMALL or len(word) < 3 for word in words
    )


def _lines(tree: Any) -> Iterator[tuple[Any, str, bool]]:
    """Yield each element with a short text that holds a year, and those around it.

    Beside it stand the text, without words about a change, and whether it is in the article.
    """
    seen_elements = set()
    for words in tree.xpath("//body//text()[contains(., '19') or contains(., '20')]")[:MOST]:
        element = words.getparent() if words.is_text else words.getparent().getparent()
        ancestors = [element, *element.iterancestors()]
        tags = [node.tag for node in ancestors]
        if not _APART.isdisjoint(tags) or tags.count("article") > 1:
            continue
        if any(CHANGED.search(f"{node.get('class') or ''} {node.get('id') or ''}") for node in ancestors):
            continue
        inside = "article" in tags or "main" in tags
        for container in ancestors[:3]:
            if container in seen_elements or container.tag in ("body", "html", "article", "main"):
                break
            seen_elements.add(container)
            line = short_line(container, LINE)
            if line is None:
                break
            line = _UPDATE.sub("", line).strip(" |·•–—,-")
            if line:
                yield container, line, inside


def short_line(element: Any, most: int) -> str | None:
    """Return an element's words on one line; None where they have more than `most` characters."""
    text = ""
    for part in element.itertext():
        text += f" {part}"
        if len(text) > 4 * most:
            break
    line = one_line(text)
    return line if len(line) <= most else None


def _under_headline(element: Any, headlines: set[str]) -> bool:
    """Return whether the element, or what it begins, follows the page's headline at once."""
    for node in (element, *list(element.iterancestors())[:2]):
        previous = node.getprevious()
        for _ in range(3):
            if previous is None:
                break
            heads = [previous] if previous.tag == "h1" else previous.findall(".//h1")
            if any(letters("".join(head.itertext())) in headlines for head in heads):
                return True
            previous = previous.getprevious()
    return False


def _days(line: str, language: str | None) -> Iterator[date]:
    for match in _DATE.finditer(line):
        try:
            if match["y"]:
                yield date(int(match["y"]), int(match["m"]), int(match["d"]))
            elif match["dy"] and (language in _DAY_FIRST or int(match["dd"]) > 12):
                yield date(int(match["dy"]), int(match["dm"]), int(match["dd"]))
            elif match["words"] and (day := _in_words(match["words"], language)):
                yield day
        except ValueError:
            continue


def _in_words(text: str, language: str | None) -> date | None:
    import dateparser  # loads for half a second, and few pages need it

    for code in dict.fromkeys(filter(None, (language, "en"))):
        try:
            parsed = dateparser.parse(text, languages=[code], settings=_STRICT)
        except (ValueError, OverflowError, RecursionError):
            continue
        if isinstance(parsed, datetime):
            return parsed.date()
    return None


_STRICT: Any = {
    "STRICT_PARSING": True,
    "REQUIRE_PARTS": ["day", "month", "year"],
    "PARSERS": ["absolute-time"],
}
