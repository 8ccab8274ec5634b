"""Sources and people who are quoted: who was first, and how it ended; `id` in the address shows one."""

from __future__ import annotations

import json

import streamlit as st

from dashboard.components import filters, health, html, layout
from dashboard.components.filters import LISTED, PAGE
from dashboard.data import queries
from dashboard.data.queries import Copy
from dashboard.data.runs import Ailing
from dashboard.views.sources import track_record
from dashboard.views.sources.source import ONE, WHO, address, described, draw
from pipeline.exports.wording import PLATFORM_WORDS, ROLE_WORDS
from pipeline.published import sources as rows
from pipeline.text.sanitize import words

WHAT = {
    "source": "Outlets and accounts, by their own words. A quote counts for the person who is quoted.",
    "speaker": "People who are quoted by name, whoever quotes them.",
    "organisation": "Organisations, each one voice with all its officials and channels.",
    "house": "Publishers with one owner, and agencies, each one voice with all its outlets.",
}
SORTS = {
    "claims": "Most claims",
    "first": "Most often first",
    "record": "Best record",
    "early": "Earliest",
    "repeated": "Most passed on",
    "documents": "Most documents",
    "name": "Name",
}
_html = html.Template("views/sources/page.html", address=address, described=described)


def show(copy: Copy) -> None:
    """Draw the list, or the page of one source or speaker."""
    source_id = st.query_params.get("id", "")
    if not source_id:
        st.set_page_config(page_title="Sources · Rumortrail")
        _list(copy)
        return
    who = filters.asked_option("who", WHO) or "source"
    sources = _read(copy, who=who, source_id=source_id)
    st.set_page_config(page_title=f"{words(sources[0].name, 80) if sources else 'Source'} · Rumortrail")
    if sources:
        draw(copy, sources[0])
    else:
        layout.unknown(ONE[who], source_id, "sources", "All sources")


def _read(
    copy: Copy,
    *,
    who: str,
    source_id: str = "",
    roles: list[str] | None = None,
    platforms: list[str] | None = None,
    name: str = "",
    sort: str = "claims",
    page: int = 1,
) -> list[rows.ListedSource]:
    choice = {"roles": roles or [], "platforms": platforms or [], "name": name, "sort": sort}
    bounds = {"limit": PAGE, "offset": (page - 1) * PAGE}
    source_key = {"who": who, "source_id": source_id}
    return queries.read(copy, rows.ListedSource, "sources", "page", **source_key, **choice, **bounds)


def _list(copy: Copy) -> None:
    st.html(_html.heading())
    who = filters.pick_one("who", "Whose record", WHO, page="page")
    is_source = who == "source"
    roles: list[str] = []
    platforms: list[str] = []
    with st.sidebar:
        filters.label("Order and filters")
        sort = filters.order("by", SORTS, page="page")
        if is_source:
            roles = filters.pick_several("role", "Role", html.ROLES, ROLE_WORDS.__getitem__, page="page")
            platforms = filters.pick_several(
                "platform", "Platform", html.PLATFORMS, PLATFORM_WORDS.__getitem__, page="page"
            )
    name = filters.search("name", "Search by name", "Search by name", longest=100, page="page")
    sources = filters.paged(
        "page",
        lambda page: _read(copy, who=who, roles=roles, platforms=platforms, name=name, sort=sort, page=page),
    )
    st.html(_html.note(WHAT[who]))
    if is_source and (ailing := queries.read(copy, Ailing, "runs", "ailing", feed="", limit=LISTED)):
        st.html(_html.folded(health.ailing(ailing), len(ailing)))
    if not sources:
        st.html(html.empty(f"No {ONE[who]} passes all filters", "Try another name, or remove a filter."))
        if roles or platforms or name:
            filters.clear({"role": [], "platform": [], "name": "", "page": 1})
        return
    head = [
        (ONE[who].capitalize(), False),
        ("Claims", True),
        ("Said first", True),
        ("Record", False),
        ("Early by", False),
        ("Passed on" if is_source else "Denied", True),
        *([("Address verified", False)] if is_source else []),
    ]
    checked_months = _verified(copy) if is_source else None
    st.html(html.table(head, (_row(source, checked_months) for source in sources)))
    filters.turn(sources[0].total, page="page")


def _verified(copy: Copy) -> dict[str, str]:
    """Return by declared source the month in which its address was last seen to work, or that none was."""
    months = json.loads(queries.meta(copy).get("verified") or "{}")
    return {source: html.text(month, 20) for source, month in months.items()}


def _row(source: rows.ListedSource, verified: dict[str, str] | None) -> tuple[str, ...]:
    """Return a row of the table; what was only quoted or linked to has no address that we read."""
    return (
        _html.name(source),
        f"{source.claims:,}",
        f"{source.first:,}",
        track_record.outcome(source),
        track_record.early(source.lead_days, source.lead_claims),
        f"{source.repeated if source.who == 'source' else source.denied:,}",
        *([] if verified is None else [verified.get(source.source_id, "")]),
    )
