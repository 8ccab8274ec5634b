"""A claim's page: where it stands and why, its timeline, the statements that decide, where each is kept."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from pipeline.core.config import PublisherConfig
from pipeline.core.text import counted
from pipeline.core.vocabulary import Precision
from pipeline.exports.citation import cited
from pipeline.exports.tables import write_csv
from pipeline.exports.timeline_svg import Mark, drawn_until, marks, picture, thinned
from pipeline.exports.wording import finding, voice
from pipeline.pages.embed import frame
from pipeline.pages.framed_picture import framed
from pipeline.pages.linked_data import claim_data
from pipeline.pages.links import Links
from pipeline.pages.rendering import NAME, Bounds, Head, as_known_words, fitting, render
from pipeline.pages.selection import select
from pipeline.published.claim import EXTENTS, OUTAGES, CaseFile
from pipeline.published.claim_rows import Evidence, Move, with_pages
from pipeline.published.database import published_at
from pipeline.text.sanitize import plain

_WIDTHS = {"wide": 800, "narrow": 350}


def claim_page(
    case: CaseFile,
    links: Links,
    publisher: PublisherConfig,
    *,
    day: date | None = None,
    review: dict[str, Any] | None = None,
) -> str:
    """Return the page of `case` as HTML of less than 100 KB, however many statements there are.

    `day` is the day as of which `case` was read, None for now. `review` is its ClaimReview where an editor
    signed it off: without one the page tells no program a verdict.
    """
    evidence_marks = marks(case.statements)
    summary = finding(case)
    known_until = _until(case, day)
    numbers = {statement.evidence_id: number for number, statement in enumerate(case.statements, 1)}
    rest_numbers = sorted(numbers[key] for key in case.subject.evidence_ids if key in numbers)
    values = {
        "case": case,
        "subject": case.subject,
        "meta": case.meta,
        "published": published_at(case.meta),
        "day": day,
        "asked": f"?as_of={day}" if day else "",
        "finding": summary,
        **_timeline(case, evidence_marks, summary, known_until),
        "numbers": numbers,
        "names": with_pages(case.subject.organisations, case.subject.entities, case.about, links.about)[:6],
        "extents": EXTENTS,
        "outages": OUTAGES,
        "voice": lambda statement, mark: voice(statement, first=mark.large),
        "cited": cited,
        "citation": citation(case, links, publisher, day),
        "embed": frame(case.subject.claim_id, case.subject.claim, links),
    }

    def make(bounds: Bounds) -> str:
        selected = select(case, evidence_marks, bounds)
        card_numbers = {item.mark.number for item in selected.cards}
        return render(
            "claim.html",
            links,
            publisher,
            **values,
            bounds=bounds,
            head=_head(case, links, publisher, summary, day, review, bounds),
            cards=selected.cards,
            lines=selected.lines,
            more=selected.more,
            carded=card_numbers,
            rests=rest_numbers[: 2 * bounds.items],
        )

    return fitting(make)


def _timeline(case: CaseFile, marks: list[Mark], summary: str, known_until: datetime) -> dict[str, Any]:
    """Return what the template says of the timeline, and its pictures by width."""
    times = [mark.at for mark in marks] + [move.at for move in case.moves]
    until = drawn_until(marks, case.moves, known_until)
    first = min(times, default=known_until)
    return {
        "quiet": (until, known_until) if until < known_until else None,
        "pictures": {name: _picture(case, marks, summary, until, width) for name, width in _WIDTHS.items()},
        "spanned": (first, until),
        "begins_known": next((one.said_precision for one in case.statements if one.said_at == first),
                             Precision.DAY),
        "hollow": any(mark.hollow for mark in marks),
        "in_bars": len(thinned(marks)[1]),
    }


def citation(case: CaseFile, links: Links, publisher: PublisherConfig, day: date | None = None) -> str:
    """Return the words to cite a claim's page by, with where it stood and what was known by when."""
    subject = case.subject
    page = links.absolute(links.claim(subject.claim_id, day)) or f"claim {subject.claim_id}"
    return (
        f"{plain(publisher.name or NAME, 120)}: “{plain(subject.claim, 600)}”: {subject.status},"
        f" {as_known_words(case.meta, day)}; {counted(subject.voices, 'independent voice')},"
        f" {counted(subject.mentions, 'mention')}. {page}"
    )


def statements_csv(case: CaseFile) -> str:
    """Return every statement as CSV, with its source, times and hashes; no cell runs as a formula."""
    out = io.StringIO(newline="")
    names = [field.name for field in fields(Evidence) if field.name not in ("before", "after")]
    write_csv(names, [[getattr(statement, name) for name in names] for statement in case.statements], out)
    return out.getvalue()


def timeline_svg(case: CaseFile, publisher: PublisherConfig, day: date | None = None) -> str:
    """Return the claim's timeline as an SVG file that needs nothing around it, and says what it is."""
    evidence_marks = marks(case.statements)
    until = drawn_until(evidence_marks, case.moves, _until(case, day))
    name = plain(publisher.name or NAME, 60)
    return framed(
        _picture(case, evidence_marks, finding(case), until, _WIDTHS["wide"]),
        title=plain(case.subject.claim, 90),
        source=f"{name}, claim {case.subject.claim_id}; {as_known_words(case.meta, day)}",
    )


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _until(case: CaseFile, day: date | None) -> datetime:
    """Return the instant by which everything on the page was known."""
    until = published_at(case.meta) or case.subject.last_seen_at
    return min(until, _start(day) + timedelta(days=1)) if day else until


def _picture(case: CaseFile, marks: list[Mark], summary: str, until: datetime, width: int) -> Markup:
    words = f"Timeline. {summary}"
    return _drawn(tuple(marks), tuple(case.moves), until, case.subject.event_at, width, words)


@lru_cache(maxsize=8)
def _drawn(
    marks: Sequence[Mark], moves: Sequence[Move], until: datetime, deadline: datetime | None, width: int,
    words: str,
) -> Markup:
    """Return a picture; it is cached, as both the page and the file beside it show it."""
    return picture(marks, moves, until=until, deadline=deadline, width=width, words=words)


def _head(
    case: CaseFile,
    links: Links,
    publisher: PublisherConfig,
    summary: str,
    day: date | None,
    review: dict[str, Any] | None,
    bounds: Bounds,
) -> Head:
    subject = case.subject
    link = links.claim(subject.claim_id)
    return Head(
        title=plain(subject.claim, 110),
        description=plain(f"{summary} {subject.reason or ''}", 280),
        link=link,
        card=links.claim_file(subject.claim_id, "png"),
        alt=plain(f"{subject.claim}: {subject.status}", 200),
        data=claim_data(case, links.absolute(link), publisher, review, bounds),
        listed=day is None and not case.meta.get("notice"),
    )
