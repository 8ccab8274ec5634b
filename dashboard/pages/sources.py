"""Sources: who publishes what, who was first, and how it stood in the end; `id` in the address shows one source."""

from __future__ import annotations

import streamlit as st

from dashboard import frame, pickers, pieces, queries, rows
from dashboard.queries import PAGE, Copy
from dashboard.text import link, safe, when, words

SORTS = {
    "claims": "Most claims",
    "first": "Most often first",
    "substantiated": "Most substantiated",
    "contradicted": "Most contradicted",
    "documents": "Most documents",
    "name": "Name",
}


def show(copy: Copy) -> None:
    """Draw the list, or the page of one source."""
    source_id = st.query_params.get("id", "")
    if not source_id:
        st.set_page_config(page_title="Sources · Rumortrail")
        _list(copy)
        return
    found = queries.read(copy, rows.ListedSource, "sources", "source", source_id=source_id)
    if not found:
        st.set_page_config(page_title="Source · Rumortrail")
        frame.unknown("source", source_id)
        st.html('<p><a class="rt-in" href="sources">All sources</a></p>')
        return
    st.set_page_config(page_title=f"{words(found[0].name, 80)} · Rumortrail")
    _source(copy, found[0])


def _list(copy: Copy) -> None:
    st.html(
        '<h1>Sources</h1><p class="rt-lead">Who speaks for claims, who was first '
        "of all we have stored, and how those claims stand today. Small numbers "
        "prove little: read them with their count.</p>"
    )
    with st.sidebar:
        st.html('<p class="rt-label">Order and filters</p>')
        sort = pickers.order("by", SORTS, page="page")
        role = pickers.several("role", "Role", pieces.ROLES, pieces.ROLE_WORDS.__getitem__, page="page")
        platform = pickers.several(
            "platform", "Platform", pieces.PLATFORMS, pieces.PLATFORM_WORDS.__getitem__, page="page"
        )
    name = pickers.search("name", "Search by name", "Search by name", longest=100, page="page")
    page = pickers.number("page")
    filters = {
        "roles": role,
        "platforms": platform,
        "name": name,
        "sort": sort,
        "limit": PAGE,
    }
    found = queries.read(copy, rows.ListedSource, "sources", "page", **filters, offset=(page - 1) * PAGE)
    if not found and page > 1:
        found = queries.read(copy, rows.ListedSource, "sources", "page", **filters, offset=0)
    if not found:
        st.html(pieces.empty("No source passes all filters", "Try another name, or take a filter off."))
        if role or platform or name:
            pickers.clear({"role": [], "platform": [], "name": "", "page": 1})
        return
    head = [
        ("Source", False),
        ("Role", False),
        ("Claims", True),
        ("First", True),
        ("Substantiated", True),
        ("Contradicted", True),
        ("Documents", True),
    ]
    st.html(pieces.table(head, map(_row, found)))
    pickers.turn(found[0].total, page="page")


def _row(source: rows.ListedSource) -> tuple[str, ...]:
    name = (
        f"<b>{pieces.source_link(source.source_id, source.name)}</b><br><span "
        f'class="rt-soft rt-small">{_platform(source)}</span>'
    )
    numbers = (source.claims, source.first, source.substantiated, source.contradicted, source.documents)
    return (name, _role(source), *(f"{number:,}" for number in numbers))


def _role(source: rows.ListedSource) -> str:
    return pieces.ROLE_WORDS.get(source.role) or pieces.text(source.role, 40)


def _platform(source: rows.ListedSource) -> str:
    return pieces.PLATFORM_WORDS.get(source.platform) or pieces.text(source.platform, 40)


def _source(copy: Copy, source: rows.ListedSource) -> None:
    organisation = pieces.tag(source.organisation) if source.organisation else ""
    cells = [
        (source.claims, "claims it speaks for"),
        (source.first, "of them first"),
        (source.substantiated, "of them substantiated"),
        (source.contradicted, "of them contradicted or retracted"),
        (source.documents, "documents stored"),
    ]
    numbers = "".join(
        f'<div><b>{number:,}</b><span class="rt-soft rt-small">{label}</span></div>'
        for number, label in cells
    )
    st.html(
        '<div class="rt-head"><div class="rt-row rt-tight rt-small"><a '
        'class="rt-in rt-soft" href="sources">All sources</a>'
        f"{pieces.tag(_role(source))}{pieces.tag(_platform(source))}{organisation}</div>"
        f"<h1>{pieces.text(source.name, 300)}</h1>"
        f'<p>{link(source.url)}</p></div><div class="rt-stats">{numbers}</div>'
    )
    _claims(copy, source)
    _crawls(copy, source)


def _claims(copy: Copy, source: rows.ListedSource) -> None:
    page = pickers.number("page")
    found = queries.read(
        copy,
        rows.SourceClaim,
        "sources",
        "claims",
        source_id=source.source_id,
        limit=PAGE,
        offset=(page - 1) * PAGE,
    )
    if not found:
        st.html(pieces.section("What it said", "Nothing of what is stored from it speaks of a claim."))
        return
    st.html(
        pieces.section("What it said", "Its first words on each claim, the latest first.")
        + f'<ul class="rt-plain rt-moves">{"".join(map(_said, found))}</ul>'
    )
    pickers.turn(found[0].total, page="page")


def _said(item: rows.SourceClaim) -> str:
    first = pieces.tag("first of all stored") if item.earliest else ""
    passed = "" if item.independent else pieces.tag(f"passes on {item.voice_name or 'another voice'}")
    speaker = f"{pieces.text(item.speaker, 80)} · " if item.speaker else ""
    return (
        f'<li><div class="rt-row rt-tight">{pieces.stance(item.stance)}<span '
        f'class="rt-soft rt-small">{when(item.said_at, item.said_precision)}</span>'
        f"{first}{passed}</div>"
        f'<p class="rt-claim-text">{pieces.claim_link(item.claim_id, item.claim)} '
        f"{pieces.chip(item.status)}</p>"
        '<blockquote class="rt-quote rt-soft" dir="auto">'
        f'{safe(item.quote, 600)}</blockquote><p class="rt-small rt-soft">'
        f"{speaker}{link(item.url)}</p></li>"
    )


def _crawls(copy: Copy, source: rows.ListedSource) -> None:
    found = queries.read(copy, rows.SourceCrawl, "sources", "crawls", source_id=source.source_id)
    if found:
        head = [("Night", False), ("Outcome", False), ("Documents", True), ("What happened", False)]
        body = (
            (
                when(item.started_at),
                pieces.chip(item.outcome),
                f"{item.documents:,}",
                pieces.text(item.message, 240) if item.message else "",
            )
            for item in found
        )
        st.html(pieces.section("Its last nights") + pieces.table(head, body))
