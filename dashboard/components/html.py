"""HTML of the pages: Jinja templates that escape what is put into them, and parts that all pages share.

A page's template is a file of macros beside the page; it calls the functions of this module by their names.
What strangers wrote goes through `pipeline.text.sanitize`, which alone decides how it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.environment import TemplateModule
from jinja2.ext import Extension
from markupsafe import Markup

from dashboard.components import times
from dashboard.components.times import when
from pipeline.core.text import counted
from pipeline.core.vocabulary import Kind, Outcome, Platform, Role, Severity, Stance, Status
from pipeline.exports.wording import STATUS_WORDS
from pipeline.text import sanitize

# Only these words become part of a class name.
_KNOWN = {str(word) for words in (Status, Stance, Outcome, Severity) for word in words}

_VERBS = {"supports": "support", "denies": "deny", "questions": "question", "reports": "report"}

KINDS = tuple(map(str, Kind))
STATUSES = tuple(map(str, Status))
STANCES = tuple(map(str, Stance))
ROLES = tuple(map(str, Role))
PLATFORMS = tuple(map(str, Platform))


class _OneLine(Extension):
    """Drops the line breaks and indentation of a template: they lay out the file, not the page."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return `source` with each line break inside a comment, so that faults keep their line numbers."""
        return re.sub(r"\s*\n\s*", "{#\n#}", source)


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parents[1]),
    autoescape=True,
    undefined=StrictUndefined,
    extensions=[_OneLine],
)


class Template:
    """The macros of a template, as methods; `path` is that of its file in this package.

    They call the functions of this module, and those in `names`: another `Template` of the same file may have
    others.
    """

    def __init__(self, path: str, **names: Any) -> None:
        self._path, self._names = path, names

    def __getattr__(self, macro: str) -> Callable[..., Markup]:
        macro_function: Callable[..., Markup] = getattr(self._module, macro)
        return macro_function

    @cached_property
    def _module(self) -> TemplateModule:
        return _templates.get_template(self._path).make_module(self._names)


def spaced(word: str) -> str:
    """Return an enum's word for people: "benchmark_gaming" is "benchmark gaming"."""
    return word.replace("_", " ")


def voices(number: int) -> str:
    """Return how many independent voices carry a claim."""
    return counted(number, "independent voice") if number else "no independent voice"


def line(value: object, limit: int = 300) -> Markup:
    """Return a stranger's words on one line."""
    return Markup(sanitize.line(value, limit))


def literal(value: object, limit: int = sanitize.LIMIT) -> Markup:
    """Return a stranger's words with their line breaks."""
    return Markup(sanitize.safe(value, limit))


def marked(value: str, cues: Iterable[str], limit: int = sanitize.LIMIT) -> Markup:
    """Return a stranger's words with `cues` marked in them."""
    return Markup(sanitize.marked(value, cues, limit))


def link(url: str | None) -> Markup:
    """Return a link to a stranger's address that reads as its host."""
    return Markup(sanitize.link(url))


def text(value: object, limit: int = 300) -> Markup:
    """Return a stranger's words on one line, whose writing direction does not change the text around it."""
    return Markup('<bdi class="rt-text">{}</bdi>').format(line(value, limit))


def paragraph(value: object, limit: int = 1_000) -> Markup:
    """Return a stranger's words with their line breaks, whose direction does not change the text around."""
    return Markup('<bdi class="rt-text">{}</bdi>').format(literal(value, limit))


def reason(value: object, limit: int = 1_000) -> Markup:
    """Return why a claim has its status; the id of a claim that the rules name is a link to its page."""
    to_page = r' (<a class="rt-in" href="claim?id=\1">its page</a>)'
    return Markup(re.sub(r" \((c[0-9a-f]{16})\)", to_page, str(paragraph(value, limit))))


def state(word: str) -> str:
    """Return the class that colours and shapes a status, stance, outcome or severity, or ""."""
    return f"rt-is-{word}" if word in _KNOWN else ""


def chip(word: str, *, big: bool = False) -> Markup:
    """Return a status or outcome as shape, colour and word."""
    hint = STATUS_WORDS.get(word, "")
    title = Markup(' title="{}"').format(hint) if hint else ""
    classes = f"{state(word)}{' rt-big' if big else ''}"
    span = Markup('<span class="rt-chip {}"{}><i></i>{}</span>')
    return span.format(classes, title, line(spaced(word), 40))


def stance(word: str, count: int | None = None) -> Markup:
    """Return a stance as shape, colour and word; with `count`, how many take it."""
    if count is None:
        return Markup('<span class="rt-stance {}"><i></i>{}</span>').format(state(word), line(word, 40))
    verb = word if count == 1 else _VERBS.get(word, word)
    return Markup('<span class="rt-stance rt-num {}"><i></i>{:,} {}</span>').format(state(word), count, verb)


def bar(supports: int, denies: int, questions: int, reports: int, *, most: int | None = None) -> Markup:
    """Return how many mentions take each stance as one bar; decoration beside the counts in words.

    It is in proportion to the bars beside it, of which the longest stands for `most` mentions.
    """
    numbers = (supports, denies, questions, reports)
    share = sum(numbers) / most if most else 1.0
    return _parts.bar(list(zip(STANCES, numbers, strict=True)), share)


def counts(supports: int, denies: int, questions: int, reports: int) -> Markup:
    """Return how many mentions take each stance, of those that any takes."""
    return _parts.counts(list(zip(STANCES, (supports, denies, questions, reports), strict=True)))


def tag(words: str, *, alert: bool = False, page: str | None = None) -> Markup:
    """Return a small label, with `page` one that leads to that page; `words` may be a stranger's."""
    if page is not None:
        return Markup('<a class="rt-tag rt-in" href="{}">{}</a>').format(page, line(words, 60))
    return Markup('<span class="rt-tag{}">{}</span>').format(" rt-alert" if alert else "", line(words, 60))


def inside(address: str, words: object, limit: int = 300) -> Markup:
    """Return a link to a page of ours that reads as `words`."""
    link_text = words if isinstance(words, Markup) else text(words, limit)
    return Markup('<a class="rt-in" href="{}">{}</a>').format(address, link_text)


def claim_link(claim_id: str, words: str, limit: int = 300) -> Markup:
    """Return a link to a claim's page that reads as the claim."""
    return inside(f"claim?id={quote(claim_id, safe='')}", words, limit)


def source_link(source_id: str, name: str, limit: int = 120) -> Markup:
    """Return a link to a source's page that reads as its name."""
    return inside(f"sources?id={quote(source_id, safe='')}", name, limit)


def day(at: date) -> str:
    """Return a day in words: "3 Mar 2026"."""
    return f"{at.day} {at:%b} {at.year}"


def between(earliest: datetime | None, latest: datetime) -> Markup:
    """Return an interval in which something happened."""
    words = Markup("between {} and {}") if earliest else Markup("before {1}")
    return words.format(when(earliest), when(latest))


def section(title: str, lead: str = "", *, level: int = 2) -> Markup:
    """Return a heading with a rule above it, and what it leads into."""
    return _parts.section(title, lead, level)


def empty(title: str, words: str, command: str | None = None) -> Markup:
    """Return what stands where there is nothing: why, and the command that would change it."""
    return _parts.empty(title, words, command)


def table(head: Iterable[tuple[str, bool]], body: Iterable[Iterable[str]]) -> Markup:
    """Return a table that becomes cards on a narrow screen; `head` has (words, numeric) of each column."""
    return _parts.table(list(head), [list(row) for row in body])


_templates.globals |= {
    part.__name__: part
    for part in (
        spaced, counted, voices, line, literal, marked, link, text, paragraph, reason, state, chip, stance,
        bar, counts, tag, inside, claim_link, source_link, day, between, section, empty, table,
        when, times.date_words, times.day_words, times.by_day,
    )
}  # fmt: skip
_templates.globals["quote"] = lambda words: quote(words, safe="")
_templates.filters["commas"] = "{:,}".format
_parts = Template("components/parts.html")
