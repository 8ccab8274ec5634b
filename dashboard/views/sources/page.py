"""Sources and who is quoted: who said what first, and how it ended; `id` in the address shows one of them."""

from __future__ import annotations

import streamlit as st

from dashboard.components import filters as pickers
from dashboard.components import html, layout
from dashboard.data import queries
from dashboard.data import sources as rows
from dashboard.data.queries import PAGE, Copy
from dashboard.views.sources import track_record
from dashboard.views.sources.source import ONE, WHO, address, described, draw
from pipeline.text.sanitize import words

WHAT = {
    "source": "Outlets and accounts, by what they say themselves. A quote is in the record of who is quoted.",
    "speaker": "People who are quoted by name, whoever quotes them.",
    "organisation": "Organisations, each one voice with all its officials and channels.",
    "house": "Publishers of one owner, and agencies, each one voice with all its outlets.",
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


def show(copy: Copy) -> None:
    """Draw the list, or the page of one source or speaker."""
    source_id = st.query_params.get("id", "")
    if not source_id:
        st.set_page_config(page_title="Sources · Rumortrail")
        _list(copy)
        return
    # The address holds the words of the picker.
    who = next((key for key, name in WHO.items() if name == st.query_params.get("who")), "source")
    found = _read(copy, who=who, source_id=source_id)
    if not found:
        st.set_page_config(page_title="Source · Rumortrail")
        layout.unknown(ONE[who], source_id)
        st.html('<p><a class="rt-in" href="sources">All sources</a></p>')
        return
    st.set_page_config(page_title=f"{words(found[0].name, 80)} · Rumortrail")
    draw(copy, found[0])


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
    filters = {"roles": roles or [], "platforms": platforms or [], "name": name, "sort": sort}
    bounds = {"limit": PAGE, "offset": (page - 1) * PAGE}
    return queries.read(
        copy, rows.ListedSource, "sources", "page", who=who, source_id=source_id, **filters, **bounds
    )


def _list(copy: Copy) -> None:
    st.html(
        '<h1>Sources</h1><p class="rt-lead">Who was first of all we have stored, and how those claims ended. '
        "The bar is where the true rate lies with 90 % likelihood, the mark the best guess: "
        "a wide bar says little.</p>"
    )
    who = pickers.one("who", "Whose record", WHO, page="page")
    source = who == "source"
    roles: list[str] = []
    platforms: list[str] = []
    with st.sidebar:
        st.html('<p class="rt-label">Order and filters</p>')
        sort = pickers.order("by", SORTS, page="page")
        if source:
            roles = pickers.several("role", "Role", html.ROLES, html.ROLE_WORDS.__getitem__, page="page")
            platforms = pickers.several(
                "platform", "Platform", html.PLATFORMS, html.PLATFORM_WORDS.__getitem__, page="page"
            )
    name = pickers.search("name", "Search by name", "Search by name", longest=100, page="page")
    page = pickers.number("page")
    found = _read(copy, who=who, roles=roles, platforms=platforms, name=name, sort=sort, page=page)
    if not found and page > 1:
        found = _read(copy, who=who, roles=roles, platforms=platforms, name=name, sort=sort)
    st.html(f'<p class="rt-small rt-soft">{WHAT[who]}</p>')
    if not found:
        st.html(html.empty(f"No {ONE[who]} passes all filters", "Try another name, or take a filter off."))
        if roles or platforms or name:
            pickers.clear({"role": [], "platform": [], "name": "", "page": 1})
        return
    head = [
        (ONE[who].capitalize(), False),
        ("Claims", True),
        ("Said first", True),
        ("Record", False),
        ("Early by", False),
        *([("Passed on", True)] if source else [("Denied", True)]),
    ]
    st.html(html.table(head, map(_row, found)))
    pickers.turn(found[0].total, page="page")


def _row(source: rows.ListedSource) -> tuple[str, ...]:
    own = source.who == "source"
    below = f'<br><span class="rt-soft rt-small">{described(source)}</span>' if own else ""
    return (
        f"<b>{_link(source)}</b>{below}",
        f"{source.claims:,}",
        f"{source.first:,}",
        track_record.outcome(source),
        track_record.early(source.lead_days, source.lead_claims),
        f"{source.repeated if own else source.denied:,}",
    )


def _link(source: rows.ListedSource) -> str:
    if source.who == "source":
        return html.source_link(source.source_id, source.name)
    return f'<a class="rt-in" href="{address(source)}">{html.text(source.name, 120)}</a>'
