"""The small pieces that every page is made of, as HTML for `st.html`; what strangers wrote goes through `pipeline.text.sanitize`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from html import escape
from urllib.parse import quote

from dashboard.components.times import when
from pipeline.core.records import Kind, Outcome, Platform, Role, Severity, Stance, Status
from pipeline.text.sanitize import line, safe

# Only these words become part of a class name.
_KNOWN = {str(word) for words in (Status, Stance, Outcome, Severity) for word in words}

STATUS_WORDS = {
    "unverified": "one voice carries it, however many repeat it, or rumour alone",
    "corroborated": "several independent voices that can know it stand behind it",
    "disputed": "somebody carries it, and somebody denies it or an expert questions it",
    "substantiated": "a primary document shows it, or the subject, which must know, states or admits it",
    "contradicted": "it was measured and found otherwise, or what cannot be true beside it is substantiated",
    "retracted": "the voice it comes from took it back, and no other stands behind it",
    "expired": "the time it foretold is over, and nothing shows that it came true",
}

ROLE_WORDS = {
    "first_party": "first party",
    "press": "press",
    "expert": "expert",
    "community": "community",
    "anonymous": "anonymous",
    "aggregator": "aggregator",
}

PLATFORM_WORDS = {
    "news": "news site",
    "blog": "blog",
    "x": "X",
    "reddit": "Reddit",
    "hackernews": "Hacker News",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "telegram": "Telegram",
    "huggingface": "Hugging Face",
    "github": "GitHub",
    "arxiv": "arXiv",
    "file": "file",
    "other": "other",
}

# The voice of what is passed on with nobody behind it, and the beginning of one that is not stored (docs/trace.md).
HEARSAY, UNSTORED = "hearsay", "unstored:"

KINDS = tuple(str(kind) for kind in Kind)
STATUSES = tuple(str(status) for status in Status)
STANCES = tuple(str(stance) for stance in Stance)
ROLES = tuple(str(role) for role in Role)
PLATFORMS = tuple(str(platform) for platform in Platform)


def spaced(word: str) -> str:
    """An enum's word for people: "benchmark_gaming" is "benchmark gaming"."""
    return word.replace("_", " ")


def state(word: str) -> str:
    """The class that colours and shapes a status, stance, outcome or severity; none for a word that is not ours."""
    return f"rt-is-{word}" if word in _KNOWN else ""


def chip(word: str, *, big: bool = False) -> str:
    """A status or outcome as shape, colour and word."""
    hint = STATUS_WORDS.get(word, "")
    title = f' title="{hint}"' if hint else ""
    return (
        f'<span class="rt-chip {state(word)}{" rt-big" if big else ""}"{title}><i></i>'
        f"{line(spaced(word), 40)}</span>"
    )


def stance(word: str, count: int | None = None) -> str:
    """A stance as shape, colour and word; with `count`, how many take it."""
    if count is None:
        return f'<span class="rt-stance {state(word)}"><i></i>{line(word, 40)}</span>'
    verb = {"supports": "support", "denies": "deny", "questions": "question", "reports": "report"}.get(
        word, word
    )
    verb = verb if count != 1 else word
    return f'<span class="rt-stance rt-num {state(word)}"><i></i>{count:,} {verb}</span>'


def bar(supports: int, denies: int, questions: int, reports: int) -> str:
    """The share of each stance as one bar; decoration beside the counts in words."""
    parts = {"supports": supports, "denies": denies, "questions": questions, "reports": reports}
    spans = "".join(
        f'<span class="{state(name)}" style="flex: {count} 0 0"></span>'
        for name, count in parts.items()
        if count
    )
    return f'<div class="rt-bar" aria-hidden="true">{spans}</div>'


def counts(supports: int, denies: int, questions: int, reports: int) -> str:
    """How many mentions take each stance, of those that any takes."""
    parts = {"supports": supports, "denies": denies, "questions": questions, "reports": reports}
    return (
        '<div class="rt-counts">'
        f"{''.join(stance(name, count) for name, count in parts.items() if count)}</div>"
    )


def voices(number: int) -> str:
    """How many independent voices carry a claim."""
    return plural(number, "independent voice") if number else "no voice of its own"


def plural(number: int, word: str) -> str:
    """ "1 voice", "2 voices", "1,000 voices"."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def tag(words: str, *, alert: bool = False) -> str:
    """A small label; `words` may be a stranger's."""
    return f'<span class="rt-tag{" rt-alert" if alert else ""}">{line(words, 60)}</span>'


def text(value: object, limit: int = 300) -> str:
    """A stranger's words on one line, kept apart from the direction of what stands around them."""
    return f'<bdi class="rt-text">{line(value, limit)}</bdi>'


def paragraph(value: object, limit: int = 1_000) -> str:
    """A stranger's words in lines of their own."""
    return f'<bdi class="rt-text">{safe(value, limit)}</bdi>'


_CLAIM_ID = re.compile(r" \((c[0-9a-f]{16})\)")


def reason(value: object, limit: int = 1_000) -> str:
    """Why a claim stands where it stands; the id of a claim that the rules name is a link to its page."""
    return _CLAIM_ID.sub(r' (<a class="rt-in" href="claim?id=\1">its page</a>)', paragraph(value, limit))


def claim_link(claim_id: str, words: str, limit: int = 300) -> str:
    """A link to a claim's page that reads as the claim."""
    return f'<a class="rt-in" href="claim?id={quote(claim_id, safe="")}">{text(words, limit)}</a>'


def source_link(source_id: str, name: str, limit: int = 120) -> str:
    """A link to a source's page that reads as its name."""
    return f'<a class="rt-in" href="sources?id={quote(source_id, safe="")}">{text(name, limit)}</a>'


def day(at: date) -> str:
    """A day in words: "3 Mar 2026"."""
    return f"{at.day} {at:%b} {at.year}"


def between(earliest: datetime | None, latest: datetime) -> str:
    """An interval in which something happened."""
    return f"between {when(earliest)} and {when(latest)}" if earliest else f"before {when(latest)}"


def section(title: str, lead: str = "", *, level: int = 2) -> str:
    """A heading of our own words with a rule above it; `lead` is HTML."""
    below = f'<p class="rt-lead">{lead}</p>' if lead else ""
    return f'<div class="rt-section"><h{level}>{title}</h{level}>{below}</div>'


def empty(title: str, words: str, command: str | None = None) -> str:
    """What stands where there is nothing: our own words as HTML, and the command that would change it."""
    code = f"<code>{escape(command)}</code>" if command else ""
    return f'<div class="rt-empty" role="status"><h2>{title}</h2><p>{words}</p>{code}</div>'


def table(head: Iterable[tuple[str, bool]], body: Iterable[Iterable[str]]) -> str:
    """A table that becomes cards on a narrow screen: `head` is (words, numeric); cells are HTML."""
    columns = list(head)
    top = "".join(f'<th scope="col"{_right(numeric)}>{words}</th>' for words, numeric in columns)
    lines = []
    for row in body:
        cells = zip(columns, row, strict=True)
        lines.append(
            "<tr>"
            + "".join(
                f'<td data-label="{words}"{_right(numeric, cell)}>{cell}</td>'
                for (words, numeric), cell in cells
            )
            + "</tr>"
        )
    return f'<table class="rt-table"><thead><tr>{top}</tr></thead><tbody>{"".join(lines)}</tbody></table>'


def _right(numeric: bool, cell: str = "") -> str:
    return "" if not numeric else f' class="rt-r{" rt-zero" if cell == "0" else ""}"'
