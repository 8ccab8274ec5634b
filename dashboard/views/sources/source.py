"""One source, or a person who is quoted: the record, whom it repeats and who repeats it, and what it said."""

from __future__ import annotations

from urllib.parse import quote

import streamlit as st
from markupsafe import Markup

from dashboard.components import filters, health, html
from dashboard.components.filters import LISTED, PAGE
from dashboard.components.times import when
from dashboard.data import queries
from dashboard.data.queries import Copy
from dashboard.data.runs import Ailing
from dashboard.views.sources import repetition, track_record
from pipeline.core.text import counted
from pipeline.exports.wording import PLATFORM_WORDS, ROLE_WORDS
from pipeline.published import sources as rows

WHO = {"source": "Sources", "speaker": "People", "organisation": "Organisations", "house": "Publisher groups"}
ONE = {"source": "source", "speaker": "person", "organisation": "organisation", "house": "publisher group"}
SHOWN = {
    "all": "All",
    "counted": "Counted",
    "first": "First",
    "same_time": "About the same time",
    "joined": "Joined",
    "repeated": "Passed on",
    "denied": "Denied",
    "own": "About itself",
}
PARTS = {
    "first": "first of all we have stored",
    "same_time": "about the same time as the first",
    "joined": "not the first",
    "other": "asks, or passes on a denial",
}
REPEATS = 12


def draw(copy: Copy, source: rows.ListedSource) -> None:
    """Draw the page of `source`."""
    st.html(_html.head(source, ONE[source.who], WHO[source.who]))
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
        (source.same_time, "said at about the same time", "same_time"),
        (source.joined, "joined later", "joined"),
        *([(source.repeated, "only passed on", "repeated")] if source.who == "source" else []),
        (source.denied, "denied", "denied"),
        (source.own, "about itself", "own"),
    ]
    numbers = [(number, label, address(source, key)) for number, label, key in cells]
    finding, notes = _verdict(source)
    strip = track_record.strip(source) if source.settled and not source.few else ""
    st.html(_html.record(numbers, finding, strip, notes, _slices(copy, source) if source.settled else ""))


def _slices(copy: Copy, source: rows.ListedSource) -> Markup:
    """Return the record by kind and by organisation; folded where each of these has too few cases."""
    parameters = {"who": source.who, "source_id": source.source_id, "limit": LISTED}
    parts = queries.read(copy, rows.RecordSlice, "sources", "slices", **parameters)
    tables = {name: _slice(name, parts) for name in ("kind", "organisation")}
    return _html.slices(tables, all(part.few for part in parts))


def _slice(name: str, parts: list[rows.RecordSlice]) -> Markup:
    head = [(name.capitalize(), False), ("Said first", True), ("Record", False)]
    own_parts = [part for part in parts if part.slice == name]
    body = ((html.text(html.spaced(p.value), 80), f"{p.first:,}", track_record.outcome(p)) for p in own_parts)
    return html.table(head, body)


def _verdict(source: rows.ListedSource) -> tuple[str, str]:
    """Return the record in a sentence, and what belongs beside it."""
    if source.settled == 0:
        subject = "Apart from what it says about itself, it" if source.own else "It"
        finding = f"{subject} was first with no stored claim."
        if source.same_time and not source.first:
            claims = counted(source.same_time, "claim")
            finding = f"{subject} was first alone with no stored claim, and as one of several with {claims}."
        if source.first:
            finding = "Nothing that it said first is settled yet."
    elif source.few:
        finding = (
            f"{source.held:,} of {counted(source.settled, 'settled claim')} held: too few to say. "
            f"Its true rate may be anything from {track_record.span(source)}."
        )
    else:
        finding = (
            f"{source.held:,} of the {source.settled:,} settled claims that it said first held. "
            f"From so many, its true rate is {track_record.span(source)} with a likelihood of 90\u00a0%."
        )
    notes = []
    if source.lead_days is not None and source.lead_claims:
        claims_held, lead = counted(source.lead_claims, "claim"), track_record.lead(source.lead_days)
        notes.append(f"It was early by {lead}, the median of {claims_held} that held.")
    if source.open:
        notes.append(f"{source.open:,} still open.")
    if source.void:
        notes.append(f"{source.void:,} can never be checked and do not count.")
    if source.repeated_failed:
        notes.append(f"Of what it only passed on, {source.repeated_failed:,} did not hold.")
    return finding, " ".join(notes)


def _repeats(copy: Copy, source: rows.ListedSource) -> None:
    parameters = {"source_id": source.source_id, "limit": REPEATS}
    takes = queries.read(copy, rows.Repeat, "sources", "takes", **parameters)
    taken = queries.read(copy, rows.Repeat, "sources", "taken", **parameters)
    if takes or taken:
        st.html(repetition.section(source, takes, taken))


def _claims(copy: Copy, source: rows.ListedSource) -> None:
    st.html(html.section("What it said", "Each number above leads to its claims here, the latest first."))
    choice = filters.pick_one("show", "Which claims", SHOWN, page="page")
    arguments = {"who": source.who, "source_id": source.source_id, "show": choice, "limit": PAGE}

    def read(page: int) -> list[rows.SourceClaim]:
        return queries.read(
            copy, rows.SourceClaim, "sources", "claims", **arguments, offset=(page - 1) * PAGE
        )

    claims = filters.paged("page", read)
    if not claims:
        st.html(html.empty("No such claim", "None of its stored claims is of this sort."))
        return
    st.html(_html.claims([(claim, _part(claim), _early(claim)) for claim in claims]))
    filters.turn(claims[0].total, page="page")


def _part(item: rows.SourceClaim) -> str | None:
    if item.own:
        return "about itself"
    voice = item.voice_name or "another voice"
    relations = {"repeated": f"passes on {voice}", "hosted": f"{voice} published it there"}
    return relations.get(item.part) or PARTS.get(item.part)


def _early(item: rows.SourceClaim) -> str:
    is_early = item.counted and item.status == "substantiated" and item.lead_days is not None
    return f" · early by {track_record.lead(item.lead_days or 0)}" if is_early else ""


def _crawls(copy: Copy, source: rows.ListedSource) -> None:
    crawls = queries.read(copy, rows.SourceCrawl, "sources", "crawls", source_id=source.source_id)
    if crawls:
        head = [("Night", False), ("Outcome", False), ("Documents", True), ("What happened", False)]
        body = (
            (when(c.started_at), html.chip(c.outcome), f"{c.documents:,}", _html.message(c.message))
            for c in crawls
        )
        ailing = queries.read(copy, Ailing, "runs", "ailing", feed=source.source_id, limit=1)
        st.html(_html.crawls(html.table(head, body), ailing))


def address(source: rows.ListedSource, show: str = "all") -> str:
    """Return the address of a source's page; `show` chooses which of its claims are listed."""
    who_part = "" if source.who == "source" else f"&who={quote(WHO[source.who])}"
    show_part = "" if show == "all" else f"&show={quote(SHOWN[show])}"
    return f"sources?id={quote(source.source_id, safe='')}{who_part}{show_part}"


def described(source: rows.ListedSource) -> str:
    """Return its platform and its role."""
    platform = PLATFORM_WORDS.get(source.platform) or source.platform
    return f"{platform} · {ROLE_WORDS.get(source.role) or source.role}"


_html = html.Template("views/sources/source.html", described=described, unwell=health.unwell)
