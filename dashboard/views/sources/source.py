"""One source, or somebody who is quoted: the record, whom it repeats and who repeats it, and what it said."""

from __future__ import annotations

from urllib.parse import quote

import streamlit as st

from dashboard.components import filters, html
from dashboard.components.times import when
from dashboard.data import queries
from dashboard.data import sources as rows
from dashboard.data.queries import LISTED, PAGE, Copy
from dashboard.views.sources import repetition, track_record
from pipeline.text.sanitize import link, safe

WHO = {"source": "Sources", "speaker": "People", "organisation": "Organisations", "house": "Houses"}
ONE = {"source": "source", "speaker": "person", "organisation": "organisation", "house": "house"}
SHOWN = {
    "all": "All",
    "counted": "Counted",
    "first": "First",
    "joined": "Joined",
    "repeated": "Passed on",
    "denied": "Denied",
    "own": "About itself",
}
PARTS = {"first": "first of all stored", "joined": "not the first", "other": "asks, or passes on a denial"}
REPEATS = 12


def draw(copy: Copy, source: rows.ListedSource) -> None:
    """Draw the page of `source`."""
    tags = [described(source)] if source.who == "source" else [ONE[source.who]]
    tags += [source.organisation] if source.organisation else []
    address = f"<p>{link(source.url)}</p>" if source.who == "source" else ""
    st.html(
        '<div class="rt-head"><div class="rt-row rt-tight rt-small"><a '
        f'class="rt-in rt-soft" href="sources{"" if source.who == "source" else f"?who={WHO[source.who]}"}">All '
        f"{WHO[source.who].lower()}</a>{''.join(map(html.tag, tags))}</div>"
        f"<h1>{html.text(source.name, 300)}</h1>{address}</div>"
    )
    _record(copy, source)
    if source.who == "source":
        _repeats(copy, source)
    _claims(copy, source)
    if source.who == "source":
        _crawls(copy, source)


def _record(copy: Copy, source: rows.ListedSource) -> None:
    cells = [
        (source.claims, "claims it speaks to", "all"),
        (source.first, "said first", "first"),
        (source.settled, "of these settled", "counted"),
        (source.joined, "joined later", "joined"),
        *([(source.repeated, "only passed on", "repeated")] if source.who == "source" else []),
        (source.denied, "denied", "denied"),
        (source.own, "about itself", "own"),
    ]
    numbers = "".join(
        f'<div><b>{_leading(source, number, key)}</b><span class="rt-soft rt-small">{label}</span></div>'
        for number, label, key in cells
    )
    st.html(
        f'<div class="rt-stats">{numbers}</div>'
        + html.section("Track record")
        + f'<div class="rt-record">{_verdict(source)}</div>{_slices(copy, source) if source.settled else ""}'
    )


def _leading(source: rows.ListedSource, number: int, show: str) -> str:
    """A number that leads to its claims."""
    if not number:
        return '<span class="rt-soft">0</span>'
    shown = "" if show == "all" else f"&amp;show={quote(SHOWN[show])}"
    return f'<a class="rt-in" href="{address(source)}{shown}">{number:,}</a>'


def _slices(copy: Copy, source: rows.ListedSource) -> str:
    """The record by kind and by organisation; folded where each of these has too few cases."""
    found = queries.read(
        copy, rows.RecordSlice, "sources", "slices", who=source.who, source_id=source.source_id, limit=LISTED
    )
    tables = "".join(
        f'<div><p class="rt-label">By {name}</p>'
        + html.table(
            [(name.capitalize(), False), ("Said first", True), ("Record", False)],
            (
                (html.text(html.spaced(part.value), 80), f"{part.first:,}", track_record.outcome(part))
                for part in found
                if part.slice == name
            ),
        )
        + "</div>"
        for name in ("kind", "organisation")
    )
    tables = f'<div class="rt-slices">{tables}</div>'
    if all(part.few for part in found):
        return f"<details><summary>By kind and by organisation</summary>{tables}</details>"
    return tables


def _verdict(source: rows.ListedSource) -> str:
    """The record in a sentence, and what stands beside it."""
    if source.settled == 0:
        said = "Nothing that it was first on is settled yet."
        beyond = "Beyond what it says about itself it" if source.own else "It"
        said = said if source.first else f"{beyond} was first on nothing that is stored."
    elif source.few:
        said = (
            f"{html.plural(source.settled, 'claim')} settled, {source.held:,} held: too few to say. "
            f"Its true rate may be anything from {track_record.span(source)}."
        )
    else:
        said = (
            f"{source.held:,} of the {source.settled:,} settled claims that it was first on held. "
            f"From so many, its true rate is {track_record.span(source)} with a likelihood of 90\u00a0%."
        )
    strip = track_record.strip(source) if source.settled and not source.few else ""
    beside = []
    if source.lead_days is not None and source.lead_claims:
        beside.append(
            f"It was early by {track_record.lead(source.lead_days)}, the median of "
            f"{html.plural(source.lead_claims, 'claim')} that held."
        )
    if source.open:
        beside.append(f"{source.open:,} still open.")
    if source.void:
        beside.append(f"{source.void:,} void: they can never be checked.")
    if source.repeated_failed:
        beside.append(f"Of what it only passed on, {source.repeated_failed:,} did not hold.")
    return f'<p class="rt-reason">{said}</p>{strip}<p class="rt-soft">{" ".join(beside)}</p>'


def _repeats(copy: Copy, source: rows.ListedSource) -> None:
    asked = {"source_id": source.source_id, "limit": REPEATS}
    takes = queries.read(copy, rows.Repeat, "sources", "takes", **asked)
    taken = queries.read(copy, rows.Repeat, "sources", "taken", **asked)
    if takes or taken:
        st.html(repetition.section(source, takes, taken))


def _claims(copy: Copy, source: rows.ListedSource) -> None:
    st.html(html.section("What it said", "Each number above leads to its claims here, the latest first."))
    shown = filters.one("show", "Which claims", SHOWN, page="page")
    page = filters.number("page")
    asked = {"who": source.who, "source_id": source.source_id, "show": shown}
    found = queries.read(
        copy, rows.SourceClaim, "sources", "claims", **asked, limit=PAGE, offset=(page - 1) * PAGE
    )
    if not found:
        st.html(html.empty("No such claim", "Nothing that is stored of it is of this sort."))
        return
    st.html(f'<ul class="rt-plain rt-moves">{"".join(map(_said, found))}</ul>')
    filters.turn(found[0].total, page="page")


def _said(item: rows.SourceClaim) -> str:
    passed = f"passes on {item.voice_name or 'another voice'}"
    part = "about itself" if item.own else passed if item.part == "repeated" else PARTS.get(item.part)
    tag = html.tag(part) if part else ""
    speaker = f"{html.text(item.speaker, 80)} · " if item.speaker else ""
    timed = item.counted and item.status == "substantiated" and item.lead_days is not None
    early = f" · early by {track_record.lead(item.lead_days or 0)}" if timed else ""
    return (
        f'<li><div class="rt-row rt-tight">{html.stance(item.stance)}<span '
        f'class="rt-soft rt-small">{when(item.said_at, item.said_precision)}</span>{tag}</div>'
        f'<p class="rt-claim-text">{html.claim_link(item.claim_id, item.claim)} '
        f"{html.chip(item.status)}</p>"
        '<blockquote class="rt-quote rt-soft" dir="auto">'
        f'{safe(item.quote, 600)}</blockquote><p class="rt-small rt-soft">'
        f"{speaker}{link(item.url)}</p>"
        f'<p class="rt-small">{html.text(item.why[:1].upper() + item.why[1:], 300)}{early}</p></li>'
    )


def _crawls(copy: Copy, source: rows.ListedSource) -> None:
    found = queries.read(copy, rows.SourceCrawl, "sources", "crawls", source_id=source.source_id)
    if found:
        head = [("Night", False), ("Outcome", False), ("Documents", True), ("What happened", False)]
        body = (
            (
                when(item.started_at),
                html.chip(item.outcome),
                f"{item.documents:,}",
                html.text(item.message, 240) if item.message else "",
            )
            for item in found
        )
        st.html(html.section("Its last nights") + html.table(head, body))


def address(source: rows.ListedSource) -> str:
    """The address of its page, for an attribute."""
    whose = "" if source.who == "source" else f"&amp;who={WHO[source.who]}"
    return f"sources?id={quote(source.source_id, safe='')}{whose}"


def described(source: rows.ListedSource) -> str:
    """Its platform and its role."""
    return " · ".join(
        (
            html.PLATFORM_WORDS.get(source.platform) or html.text(source.platform, 40),
            html.ROLE_WORDS.get(source.role) or html.text(source.role, 40),
        )
    )
