"""A story's page: its claims on one time axis, who began it, denials, artefacts, rivals, what is open."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

from markupsafe import Markup

from pipeline.core.config import PublisherConfig
from pipeline.core.text import counted
from pipeline.core.vocabulary import Precision
from pipeline.exports import slip_svg
from pipeline.exports.tables import write_csv
from pipeline.pages.framed_picture import framed
from pipeline.pages.linked_data import page_data
from pipeline.pages.links import Links
from pipeline.pages.rendering import NAME, Bounds, Head, as_known_words, fitting, render, unchanging
from pipeline.pages.story_picture import began, last_word, story_picture
from pipeline.published.database import published_at
from pipeline.published.marked_sentences import by_sentence
from pipeline.published.provenance_tree import follows
from pipeline.published.slips import Slip
from pipeline.published.stories import StoryFile
from pipeline.published.story_rows import OpenQuestion, StoryClaim
from pipeline.text.sanitize import plain

SLIPS = 3
"""Models whose promised dates a story shows at most."""
DATES = {"dates.csv": 0} | {f"dates{number}.svg": number for number in range(1, SLIPS + 1)}
"""The files of the promised dates beside a story's page, with the number of the chart, 0 for all data."""
_WIDTHS = {"wide": 800, "narrow": 350}
_AROUND = 5
"""So many parts of the time axis before and after the one that is shown have a link."""


def story_page(
    told: StoryFile,
    links: Links,
    publisher: PublisherConfig,
    *,
    day: date | None = None,
    slips: Sequence[Slip] = (),
) -> str:
    """Return the page of a story as HTML of less than 100 KB; `day` is the day as of which it was read.

    `slips` are the promised dates that its claims name, by model.
    """
    values = _axis(told, 1, links, day) | {
        "about": unchanging([*told.subject.organisations, *told.subject.entities], 6),
        "follows": lambda kind, name: Markup(follows(kind, "<b>{}</b>")).format(name),
        "seen_first": min((claim.first_seen_at for claim in told.claims), default=_until(told, day)[0]),
        "citation": citation(told, links, publisher, day),
        "alike": _alike,
        "sentences": by_sentence(told.marks),
        "slips": [_chart(slip, number, told, links, day) for number, slip in enumerate(slips[:SLIPS], 1)],
        "more_slips": max(0, len(slips) - SLIPS),
        "slip_legend": slip_svg.LEGEND,
    }
    return _fitting("story.html", told, 1, values, links, publisher, day)


def story_part_page(
    told: StoryFile, part: int, links: Links, publisher: PublisherConfig, *, day: date | None = None
) -> str:
    """Return the page of a part of the time axis, the second or a later one, as HTML of less than 100 KB."""
    return _fitting("story_part.html", told, part, _axis(told, part, links, day), links, publisher, day)


def _alike(questions: Sequence[OpenQuestion]) -> list[tuple[str | None, list[OpenQuestion]]]:
    """Return the open questions, grouped by what would settle them, in the order of their first mention."""
    groups: dict[str | None, list[OpenQuestion]] = {}
    for question in questions:
        groups.setdefault(question.would_change, []).append(question)
    return list(groups.items())


def _axis(file: StoryFile, part: int, links: Links, day: date | None) -> dict[str, Any]:
    """Return what the pages of a story show: a part of its time axis, and the claims on it."""
    known, until = _until(file, day)
    axis_claims, sentence = file.on_axis(part), finding(file)
    shown = _shown(file, part)
    words = f"{shown}. " if shown else ""
    linked_parts = {1, file.parts} | set(range(part - _AROUND, part + _AROUND + 1))
    numbers = sorted(number for number in linked_parts if 1 <= number <= file.parts)
    return {
        "told": file,
        "subject": file.subject,
        "meta": file.meta,
        "published": published_at(file.meta),
        "day": day,
        "asked": f"?as_of={day}" if day else "",
        "finding": sentence,
        "quiet": known if until < known else None,
        "drawn": axis_claims,
        "shown": shown,
        "part": part,
        "parts": [(number, links.story_part(file.subject.story_id, number, day)) for number in numbers],
        "numbers": {claim.claim_id: number for number, claim in enumerate(file.claims, 1)},
        "spanned": (began(file) or known, until),
        "begins_known": next((claim.first_precision for claim in file.claims
                              if claim.first_is_said and claim.first_at == began(file)), Precision.DAY),
        "pictures": {
            name: story_picture(
                file, axis_claims, until=until, width=width, words=f"Claims over time. {words}{sentence}"
            )
            for name, width in _WIDTHS.items()
        },
    }


def _shown(file: StoryFile, part: int) -> str:
    """Return how many of the claims a part of the time axis has; "" where it has all."""
    if file.parts < 2:
        return ""
    return f"Shown are {len(file.on_axis(part)):,} of {len(file.claims):,} claims"


def _fitting(
    template: str,
    file: StoryFile,
    part: int,
    values: dict[str, Any],
    links: Links,
    publisher: PublisherConfig,
    day: date | None,
) -> str:
    head = _head(file, part, links, publisher, day)

    def make(bounds: Bounds) -> str:
        return render(template, links, publisher, **values, bounds=bounds, head=head)

    return fitting(make)


def finding(told: StoryFile) -> str:
    """Return how the claims of a story stand, in one sentence of our own words."""
    states = ", ".join(f"{state.claims:,} {state.status}" for state in told.states)
    return (
        f"{counted(len(told.claims), 'claim')} ({states}), {counted(told.voices, 'independent voice')},"
        f" {counted(told.mentions, 'mention')}."
    )


def citation(told: StoryFile, links: Links, publisher: PublisherConfig, day: date | None = None) -> str:
    """Return the words to cite a story's page by."""
    page = links.absolute(links.story(told.subject.story_id, day)) or f"story {told.subject.story_id}"
    name = plain(publisher.name or NAME, 120)
    stands = f"{finding(told).removesuffix('.')}, {as_known_words(told.meta, day)}"
    return f"{name}: “{plain(told.subject.title, 300)}”: {stands}. {page}"


def claims_csv(told: StoryFile) -> str:
    """Return the claims of a story as CSV, each with where it stands and why."""
    out = io.StringIO(newline="")
    names = [field.name for field in fields(StoryClaim)]
    write_csv(names, [[getattr(claim, name) for name in names] for claim in told.claims], out)
    return out.getvalue()


def story_svg(told: StoryFile, publisher: PublisherConfig, day: date | None = None, part: int = 1) -> str:
    """Return the picture of a part of a story as an SVG file that needs nothing around it, and says what it
    is.
    """
    words, shown = f"Claims over time. {finding(told)}", _shown(told, part)
    name = plain(publisher.name or NAME, 60)
    source = f"{name}, story {told.subject.story_id}; {as_known_words(told.meta, day)}"
    return framed(
        story_picture(
            told, told.on_axis(part), until=_until(told, day)[1], width=_WIDTHS["wide"], words=words
        ),
        title=plain(told.subject.title, 90),
        source=f"{source}. {shown}" if shown else source,
    )


def slip_file(name: str, told: StoryFile, slips: Sequence[Slip], day: date | None = None) -> str | None:
    """Return the content of one of `DATES`; None where the story has no such chart."""
    number = DATES[name]
    if not number:
        return slip_svg.csv_of(slips) if slips else None
    if number > len(slips):
        return None
    return slip_svg.picture(slips[number - 1], until=_naive(told, day), width=720, scheme="auto")


def _chart(slip: Slip, number: int, file: StoryFile, links: Links, day: date | None) -> dict[str, str]:
    pictures: dict[str, str] = {
        name: slip_svg.picture(slip, until=_naive(file, day), width=width) for name, width in _WIDTHS.items()
    }
    svg_link = links.story_file(file.subject.story_id, f"dates{number}.svg")
    return pictures | {"finding": slip.finding, "svg": svg_link}


def _naive(file: StoryFile, day: date | None) -> datetime:
    return _until(file, day)[0].replace(tzinfo=None)


def _until(file: StoryFile, day: date | None) -> tuple[datetime, datetime]:
    """Return when all that is shown was known, and when the picture ends: sooner where little happened."""
    last = last_word(file)
    known = published_at(file.meta) or last or datetime.now(UTC)
    if day:
        known = min(known, datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1))
    if last is None:
        return known, known
    first = began(file) or last
    return known, min(known, last + max((last - first) / 4, timedelta(hours=12)))


def _head(file: StoryFile, part: int, links: Links, publisher: PublisherConfig, day: date | None) -> Head:
    subject = file.subject
    link = links.story_part(subject.story_id, part)
    return Head(
        title=plain(subject.title, 110) + (f", part {part:,} of its claims" if part > 1 else ""),
        description=plain(finding(file), 280),
        link=link,
        card=links.story_file(subject.story_id, "png"),
        alt=plain(f"{subject.title}: {finding(file)}", 200),
        data=page_data(subject.title, links.absolute(link), publisher, published_at(file.meta)),
        listed=day is None and not file.meta.get("notice"),
    )
