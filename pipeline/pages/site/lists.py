"""The lists of a site: front page, stories, claims, models, sources, and the page for what is not there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from pipeline.core.config import PublisherConfig
from pipeline.core.rows import naive
from pipeline.core.text import counted, utf8
from pipeline.core.vocabulary import Precision
from pipeline.exports import slip_svg
from pipeline.pages.links import Links, file_name, page_file, subject_file
from pipeline.pages.site import search
from pipeline.pages.site.rows import ClaimRow, Lists, Subject
from pipeline.pages.site.templates import page
from pipeline.published.slips import Slip
from pipeline.published.story_rows import CONTESTED_FIRST, StoryLine
from pipeline.text.sanitize import plain

ON_FRONT = 20
"""Stories, and claims, on the front page."""
ON_PAGE = 100
"""Claims, or stories, on one page of a list."""
OF_ONE = 200
"""Claims on the page of a model or a source; the rest are in the list of all."""

FOOT = "Each page says what was known when it last changed; the front page is of the newest night."

Files = Iterator[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Face:
    """What stands on every page of a site, and in its feeds."""

    name: str
    title: str
    lead: str
    notice: str
    address: str
    dashboard: str
    sections: Sequence[tuple[str, str]]


def face(publisher: PublisherConfig, links: Links, notice: str, watch: str, *, stories: bool) -> Face:
    """Return what a site says of itself; with a watch's name it says of which claims it is."""
    name = publisher.name or "Rumortrail"
    title = f"{name}: {plain(watch, 100)}" if watch else f"{name}: where claims about AI models stand"
    lead = (
        "Each claim with who said it first, who speaks for it and against it in their own words, how many"
        " independent voices that is, and where it stands."
    )
    fixed_sections = [
        ("Claims", "claims/index.html"),
        ("Models", "models/index.html"),
        ("Sources", "sources/index.html"),
    ]
    sections = [("Stories", "stories/index.html"), *fixed_sections] if stories else fixed_sections
    return Face(name, title, lead, plain(notice, 300), links.address, publisher.url, sections)


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story in a list, with how many of its claims stand where."""

    story_id: str
    title: str
    claims: int
    voices: int
    first_said_at: datetime | None
    first_precision: Precision
    moved: Any
    counts: Sequence[tuple[str, int]]


def story_row(line: StoryLine) -> StoryRow:
    """Return a row for a story."""
    counts = [(str(state.status), state.claims) for state in line.states]
    first = line.first
    said_at, known = (first.said_at, first.said_precision) if first else (None, Precision.UNKNOWN)
    return StoryRow(line.story_id, line.title, line.claims, line.voices, said_at, known, line.moved, counts)


def front(lists: Lists, stories: Sequence[StoryLine], told: Face) -> Files:
    """Yield the front page and the index of its search; `stories` are those that moved last first."""
    entries = list(_entries(lists, stories))
    top_rows = sorted(lists.claims.values(), key=lambda row: (-row.importance, row.claim_id))[:ON_FRONT]
    yield (
        "index.html",
        page(
            "index.html",
            scripts=search.policy(),
            script=Markup(search.script()),
            site=told,
            title=told.name,
            described=told.lead,
            file="index.html",
            up="",
            foot=FOOT,
            claims=lists.claims,
            top=top_rows,
            stories=[story_row(line) for line in stories[:ON_FRONT]],
            stories_total=len(stories),
            shards=search.sizes(entries),
            per=search.PER_TEXTS,
        ),
    )
    yield from search.index(entries)


def _entries(lists: Lists, stories: Sequence[StoryLine]) -> Iterator[search.SearchEntry]:
    """Yield what the search finds in the order of first sight, so that new entries come last."""
    titles = {line.story_id: line.title for line in stories}
    first_seen: dict[str, datetime] = {}
    for row in lists.claims.values():
        if row.story_id in titles and row.story_id not in first_seen:
            first_seen[row.story_id] = row.first_seen_at
            yield search.SearchEntry(
                f"s/{file_name(row.story_id)}.html",
                plain(titles[row.story_id], 300),
                "",
                f"a story, first seen {_day(row.first_seen_at)}",
                titles[row.story_id][:2000],
            )
        facts = f"{str(row.kind).replace('_', ' ')} · {counted(row.voices, 'independent voice')}"
        names = " ".join([*row.entities, *row.organisations])
        yield search.SearchEntry(
            f"c/{file_name(row.claim_id)}.html",
            plain(row.claim, 300),
            str(row.status),
            f"{facts} · first seen {_day(row.first_seen_at)}",
            f"{row.claim[:2000]} {names[:2000]}",
        )


def claim_lists(lists: Lists, told: Face) -> Files:
    """Yield the pages of all claims, numbered from the oldest: a new claim moves no other."""
    yield from _paged("claims", "Claims", list(lists.claims.values()), lists, told)


def story_lists(lists: Lists, stories: Sequence[StoryLine], told: Face) -> Files:
    """Yield the pages of all stories, numbered from the oldest."""
    oldest = sorted(stories, key=lambda line: (line.first_said_at or lists.published_at, line.story_id))
    yield from _paged("stories", "Stories", [story_row(line) for line in oldest], lists, told)


def _paged(what: str, title: str, rows: Sequence[Any], lists: Lists, site_face: Face) -> Files:
    numbers = list(range(1, 1 + -(-len(rows) // ON_PAGE)))
    noun = ("claim", "claims") if what == "claims" else ("story", "stories")

    def listed(file: str, page_rows: Sequence[Any], page_number: int | None, lead: str) -> tuple[str, bytes]:
        return f"{what}/{file}", page(
            "list.html",
            site=site_face,
            title=title,
            described=lead,
            file=f"{what}/{file}",
            up="../",
            lead=lead,
            foot=FOOT,
            rows=page_rows[::-1],
            what=what,
            at=page_number,
            pages=numbers[::-1],
        )

    newest = rows[-ON_PAGE:]
    yield listed(
        "index.html", newest, None, f"{counted(len(rows), *noun)}, the {len(newest)} newest on this page."
    )
    for number in numbers:
        page_rows = rows[(number - 1) * ON_PAGE : number * ON_PAGE]
        lead = f"Page {number}, counted from the oldest; the newest of a page come first."
        yield listed(f"p{number}.html", page_rows, number, lead)


def subjects(lists: Lists, slips: Mapping[str, list[Slip]], told: Face, links: Links) -> Files:
    """Yield the pages of models and organisations; `slips` are the promised dates of each model."""
    held_ids = set(lists.claims)
    rows = sorted(
        (_subject(subject, lists) for subject in lists.subjects),
        key=lambda row: (-len(row["claims"]), row["name"]),
    )
    groups = [
        (heading, [row for row in rows if row["type"] == kind])
        for heading, kind in (("Models", "model"), ("Organisations", "organisation"))
    ]
    yield (
        "models/index.html",
        page(
            "subjects.html",
            site=told,
            title="Models and organisations",
            described="",
            file="models/index.html",
            up="../",
            foot=FOOT,
            groups=groups,
        ),
    )
    for row in rows:
        model_slips = slips.get(row["name"], []) if row["type"] == "model" else []
        charts = []
        for number, slip in enumerate(model_slips):
            name = row["file"].removesuffix(".html") + (f"_{number + 1}" if number else "")
            yield (
                f"models/{name}.svg",
                utf8(slip_svg.picture(slip, until=naive(lists.published_at), width=720, scheme="auto")),
            )
            yield f"models/{name}.csv", utf8(slip_svg.csv_of([slip]))
            charts.append(_chart(slip, name, row["file"], lists, told, links))
        claims = sorted(row["claims"], key=lambda claim: (-claim.importance, claim.claim_id))
        yield (
            f"models/{row['file']}",
            page(
                "subject.html",
                site=told,
                title=plain(row["name"], 120),
                described="",
                file=f"models/{row['file']}",
                up="../",
                foot=FOOT,
                row=row,
                slips=charts,
                legend=slip_svg.LEGEND,
                held=held_ids,
                rows=claims[:OF_ONE],
                more=max(0, len(claims) - OF_ONE),
            ),
        )


def _subject(subject: Subject, lists: Lists) -> dict[str, Any]:
    claims = [lists.claims[claim_id] for claim_id in subject.claim_ids]
    rungs = lists.rungs.get(subject.subject, []) if subject.type == "model" else []
    return {
        "type": subject.type,
        "name": subject.subject,
        "owner": subject.owner,
        "claims": claims,
        "states": _states(claims),
        "rungs": rungs,
        "rung": rungs[-1].rung if rungs else "",
        "file": subject_file(subject.type, subject.subject),
    }


def _chart(slip: Slip, name: str, file: str, lists: Lists, site_face: Face, links: Links) -> dict[str, Any]:
    address = links.absolute(f"models/{file}")
    known_words = f"As known on {_day(lists.published_at)}. {address or ''}".strip()
    return {
        "finding": slip.finding,
        "data": f"{name}.csv",
        "picture": f"{name}.svg",
        "wide": Markup('<div class="wide">{}</div>').format(
            slip_svg.picture(slip, until=naive(lists.published_at), width=720)
        ),
        "narrow": Markup('<div class="narrow">{}</div>').format(
            slip_svg.picture(slip, until=naive(lists.published_at), width=350)
        ),
        "cite": f"{site_face.name}: “{plain(slip.model, 120)}: promised release dates”. {known_words}",
    }


def sources(lists: Lists, told: Face) -> Files:
    """Yield the pages of the sources that were first with a claim."""
    rows = [(row, page_file(row.source_id)) for row in lists.sources]
    yield (
        "sources/index.html",
        page(
            "sources.html",
            site=told,
            title="Sources",
            described="",
            file="sources/index.html",
            up="../",
            foot=FOOT,
            rows=rows,
        ),
    )
    for row, file in rows:
        firsts = [(first, lists.claims[first.claim_id]) for first in lists.firsts[row.source_id]]
        yield (
            f"sources/{file}",
            page(
                "source.html",
                site=told,
                title=plain(row.name, 120),
                described="",
                file=f"sources/{file}",
                up="../",
                foot=FOOT,
                row=row,
                rows=firsts[:OF_ONE],
                more=max(0, len(firsts) - OF_ONE),
            ),
        )


def missing(told: Face) -> bytes:
    """Return the page that a web server gives for an address at which nothing is."""
    return page("missing.html", site=told, title="Not found", described="", file="", up=f"{told.address}/")


def _states(claims: Sequence[ClaimRow]) -> list[tuple[str, int]]:
    counts = Counter(row.status for row in claims)
    return [(str(status), counts[status]) for status in CONTESTED_FIRST if counts[status]]


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def moved(what: str, address: str, name: str) -> bytes:
    """Return the page at an old address: the claim or story there was taken over by the one at `address`."""
    return page("moved.html", what=what, address=address, name=name)
