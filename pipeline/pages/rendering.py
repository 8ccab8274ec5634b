"""What all pages share: their templates, the head of a page, and how a page is kept small."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, Protocol

from jinja2 import Environment
from markupsafe import Markup, escape

from pipeline.core.config import PublisherConfig
from pipeline.core.text import counted, utf8
from pipeline.core.times import words_of
from pipeline.core.vocabulary import Stance, Status
from pipeline.exports import wording
from pipeline.exports.templates import environment
from pipeline.pages import style
from pipeline.pages.links import Links
from pipeline.published.database import published_at
from pipeline.text import sanitize

LARGEST = 96_000
"""Bytes that a page has at most, its style included."""
NAME = "Rumortrail"
_KNOWN = {str(word) for words in (Status, Stance) for word in words}
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32'"
    " height='32' rx='5' fill='%231d2126'/%3E%3Cpath d='M6 24C11 24 10 13 16 13S20 8 25 8' fill='none'"
    " stroke='%23fcfbf8' stroke-width='2'/%3E%3Ccircle cx='25' cy='8' r='4' fill='%23f2c94c'/%3E%3C/svg%3E"
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a page shows: statements as cards and as lines, and characters of each text.

    `items` bounds every other list; `words` the characters of a short text, `quote` those of a quote.
    """

    cards: int
    lines: int
    items: int
    quote: int
    words: int


BOUNDS = (
    Bounds(24, 40, 12, 900, 400),
    Bounds(14, 20, 8, 500, 300),
    Bounds(8, 0, 4, 240, 160),
    Bounds(3, 0, 1, 80, 80),
    Bounds(1, 0, 1, 40, 40),
)
"""From the most to the least: a page takes the first with which it is not too large."""


@dataclass(frozen=True, slots=True)
class Head:
    """What programs read of a page: title, description, addresses, its card and data (JSON-LD)."""

    title: str
    description: str
    link: str
    card: str
    alt: str
    data: dict[str, Any]
    listed: bool


def fitting(make: Callable[[Bounds], str], largest: int = LARGEST) -> str:
    """Return the page that `make` makes with the widest bounds that keep it within `largest` bytes."""
    page = ""
    for bounds in BOUNDS:
        page = make(bounds)
        if len(utf8(page)) <= largest:
            return page
    return page


def as_known_words(meta: Mapping[str, str], day: date | None) -> str:
    """Return by when was known what a page shows: by the end of `day`, or by the time of the copy."""
    return f"as known on {words_of(day) if day else wording.when(published_at(meta))}"


def render(name: str, links: Links, publisher: PublisherConfig, **values: object) -> str:
    """Return the template `name` of this room with `values`, each escaped unless it is Markup of our own."""
    brand = sanitize.plain(publisher.name or NAME, 80)
    page = _templates().get_template(name).render(links=links, brand=brand, **values)
    return utf8(page).decode()  # a lone surrogate cannot be sent


def as_data(data: dict[str, Any]) -> Markup:
    """Return JSON that cannot end the element around it."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def reason(words: object, limit: int, links: Links, day: date | None = None) -> Markup:
    """Return why a claim has its status; the id of another claim in it leads to that claim's page."""

    def linked(match: re.Match[str]) -> str:
        return str(Markup(' (<a href="%s">its page</a>)') % (links.claim(match[1], day),))

    return Markup(re.sub(r" \((c[0-9a-f]{16})\)", linked, sanitize.safe(words, limit)))


@lru_cache(maxsize=5_000)
def named(words: str | None, limit: int = 200) -> Markup:
    """Return a stranger's words on one line, whose writing direction does not change the text around it."""
    return Markup(f"<bdi>{sanitize.line(words, limit)}</bdi>")


@lru_cache(maxsize=5_000)
def timed(at: datetime | None, precision: str = "second") -> Markup:
    """Return a time as exactly as it is known."""
    words = wording.when(at, precision)
    if at is None or precision == "unknown":
        return escape(words)
    return Markup(f'<time datetime="{_stamp(at, precision)}">{words}</time>')


@lru_cache(maxsize=5_000)
def outward(url: str | None, limit: int = 80) -> Markup:
    """Return a link to a stranger's address that reads as its host; "" where it is no plain web address."""
    host = sanitize.host_of(url)
    return wording.anchor(url, Markup(sanitize.safe(host, limit))) if url and host else Markup()


@lru_cache(maxsize=50)
def chip(word: str) -> Markup:
    """Return a status or stance as its sign and word."""
    css_class = word if word in _KNOWN else ""
    title = f' title="{escape(wording.STATUS_WORDS[word])}"' if word in wording.STATUS_WORDS else ""
    label = sanitize.line(str(word).replace("_", " "), 40)
    return Markup(f'<span class="chip {css_class}"{title}><i></i>{label}</span>')


def tag(words: object, alert: bool = False) -> Markup:
    """Return a small label."""
    return Markup(f'<span class="tag{" alert" if alert else ""}">{escape(words)}</span> ')


@lru_cache(maxsize=5_000)
def said_by(speaker: str | None, role: str, organisation: str | None) -> Markup:
    """Return who speaks, and as what."""
    name = named(speaker, 120) if speaker else "nobody named"
    role_words = wording.ROLE_WORDS.get(role) or sanitize.line(role, 40)
    employer = f", {named(organisation, 80)}" if organisation else ""
    return Markup(f'<b>{name}</b> <span class="soft">({role_words}{employer})</span>')


@lru_cache(maxsize=5_000)
def place(source: str, platform: str, url: str | None) -> Markup:
    """Return where something was published, with the link there."""
    platform_words = wording.PLATFORM_WORDS.get(platform) or sanitize.line(platform, 40)
    link_words = f" · {link}" if (link := outward(url)) else ""
    return Markup(f'{named(source, 120)} <span class="soft">({platform_words})</span>{link_words}')


class _Said(Protocol):
    """Words with when they were said, and when they were first seen."""

    @property
    def said_at(self) -> datetime | None: ...
    @property
    def said_precision(self) -> str: ...
    @property
    def seen_at(self) -> datetime: ...


def said(one: _Said) -> Markup:
    """Return when something was said, as exactly as that is known."""
    if one.said_at and one.said_precision != "unknown":
        return Markup(f"said {timed(one.said_at, one.said_precision)}")
    seen = f'<span class="soft">(first seen {timed(one.seen_at)})</span>'
    return Markup(f"said at an unknown time {seen}")


def unchanging(names: Sequence[str], limit: int) -> list[str]:
    """Return the first `limit` of `names`, each once."""
    return list(dict.fromkeys(names))[:limit]


def _stamp(at: datetime, precision: str) -> str:
    forms = {"year": "%Y", "quarter": "%Y-%m", "month": "%Y-%m", "day": "%Y-%m-%d"}
    return f"{at:{forms[precision]}}" if precision in forms else f"{at:%Y-%m-%dT%H:%M:%SZ}"


@cache
def _templates() -> Environment:
    templates = environment(__package__)
    templates.globals |= {
        "sheet": style.SHEET,
        "embedded": style.EMBEDDED,
        "policy": style.in_page(style.POLICY),
        "embed_policy": style.in_page(style.EMBED_POLICY),
        "icon": _ICON,
        "own": NAME,
        "class_of": lambda word: str(word) if str(word) in _KNOWN else "",
        "spaced": lambda word: str(word).replace("_", " "),
        "marked": lambda words, cues, limit: Markup(sanitize.marked(words, cues, limit)),
        "when": wording.when,
        "day_of": wording.day,
        "tag": tag,
        "said_by": said_by,
        "place": place,
        "said": said,
        "chip": chip,
        "named": named,
        "timed": timed,
        "outward": outward,
        "counted": counted,
        "reason": reason,
        "as_data": as_data,
    }
    templates.filters["cut"] = lambda words, limit: Markup(sanitize.safe(words, limit))
    return templates
