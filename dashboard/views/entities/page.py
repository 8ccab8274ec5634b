"""Models and organisations: what is claimed about each; `model` or `org` in the address shows one of them."""

from __future__ import annotations

import streamlit as st

from dashboard.components import entities, filters, html, layout
from dashboard.components.times import by_day, when
from dashboard.data import queries
from dashboard.data.models import Subject
from dashboard.data.queries import PAGE, Copy
from dashboard.views.entities import entity as subject
from pipeline.text.sanitize import words

TYPES = {"all": "Both", "model": "Models", "organisation": "Organisations"}
SORTS = {"claims": "Most claims", "importance": "Most talked about", "newest": "Newest claim", "name": "Name"}


def show(copy: Copy) -> None:
    """Draw the list, or the page of one model or organisation."""
    for key, kind in (("model", "model"), ("org", "organisation")):
        given = st.query_params.get(key, "")
        if given:
            found = _read(copy, type=kind, subject=given)
            if found:
                st.set_page_config(page_title=f"{words(given, 80)} · Rumortrail")
                subject.draw(
                    copy, found[0], _read(copy, type="model", owner=given) if kind == "organisation" else []
                )
            else:
                st.set_page_config(page_title=f"{kind.capitalize()} · Rumortrail")
                _nothing(kind, given)
            return
    st.set_page_config(page_title="Models and organisations · Rumortrail")
    _list(copy)


def _read(
    copy: Copy,
    *,
    type: str = "all",
    subject: str = "",
    owner: str = "",
    name: str = "",
    sort: str = "claims",
    page: int = 1,
) -> list[Subject]:
    asked = {"type": type, "subject": subject, "owner": owner, "name": name, "sort": sort}
    return queries.read(copy, Subject, "models", "page", **asked, limit=PAGE, offset=(page - 1) * PAGE)


def _nothing(kind: str, given: str) -> None:
    layout.unknown(kind, given)
    st.html('<p><a class="rt-in" href="models">All models and organisations</a></p>')


def _list(copy: Copy) -> None:
    st.html(
        '<h1>Models and organisations</h1><p class="rt-lead">What is claimed about each, and where it stands. '
        "A name stands here once a claim is about it.</p>"
    )
    if not queries.totals(copy).claims:
        st.html(
            html.empty(
                "No claims yet",
                "Nothing that was collected says anything about a model or its maker.",
                "rumortrail status",
            )
        )
        return
    kind = filters.one("what", "Models, organisations or both", TYPES, page="page")
    with st.sidebar:
        st.html('<p class="rt-label">Order</p>')
        sort = filters.order("by", SORTS, page="page")
    name = filters.search("name", "Search by name", "Search by name", longest=100, page="page")
    page = filters.number("page")
    found = _read(copy, type=kind, name=name, sort=sort, page=page)
    if not found and page > 1:
        found = _read(copy, type=kind, name=name, sort=sort)
    if not found:
        st.html(
            html.empty(
                "No such name",
                "No model or organisation that a claim is about has these letters in its name.",
            )
        )
        filters.clear({"what": "all", "name": "", "page": 1})
        return
    st.html(f'<div class="rt-list">{"".join(map(_row, found))}</div>')
    filters.turn(found[0].total, page="page")


def _row(item: Subject) -> str:
    model = item.type == "model"
    about = [html.tag(item.type)]
    if model and item.owner:
        about.append(f'<span class="rt-soft rt-small">by {entities.link("organisation", item.owner)}</span>')
    if item.models:
        about.append(f'<span class="rt-soft rt-small">{html.plural(item.models, "model")}</span>')
    due = (
        f'<p class="rt-small">Next due: {when(item.next_at, by_day(item.next_precision))}</p>'
        if item.next_at
        else ""
    )
    newest = f'<p class="rt-small rt-soft">Newest claim {when(item.newest, clock=False)}</p>'
    return (
        f'<article class="rt-claim rt-subject"><div><div class="rt-row rt-tight">{"".join(about)}</div>'
        f'<h2 class="rt-claim-text">{entities.link(item.type, item.subject)}</h2>'
        f"{entities.statuses(item)}</div>"
        f'<div class="rt-balance">{entities.ladder(item.rungs) if model else ""}{due}{newest}</div></article>'
    )
