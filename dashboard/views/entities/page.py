"""Models and organisations: what is claimed about each; `model` or `org` in the address shows one of them."""

from __future__ import annotations

import streamlit as st

from dashboard.components import entities, filters, html, layout
from dashboard.components.filters import PAGE
from dashboard.data import queries
from dashboard.data.models import Subject
from dashboard.data.queries import Copy
from dashboard.views.entities import entity
from pipeline.text.sanitize import words

TYPES = {"all": "Both", "model": "Models", "organisation": "Organisations"}
SORTS = {"claims": "Most claims", "importance": "Most talked about", "newest": "Newest claim", "name": "Name"}
_html = html.Template("views/entities/page.html", entities=entities)


def show(copy: Copy) -> None:
    """Draw the list, or the page of one model or organisation."""
    for key, kind in (("model", "model"), ("org", "organisation")):
        if name := st.query_params.get(key, ""):
            subjects = _read(copy, type=kind, subject=name)
            title = words(name, 80) if subjects else kind.capitalize()
            st.set_page_config(page_title=f"{title} · Rumortrail")
            if subjects:
                entity.draw(copy, subjects[0], _read(copy, type="model", owner=name) if key == "org" else [])
            else:
                layout.unknown(kind, name, "models", "All models and organisations")
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
    parameters = {"type": type, "subject": subject, "owner": owner, "name": name, "sort": sort}
    return queries.read(copy, Subject, "models", "page", **parameters, limit=PAGE, offset=(page - 1) * PAGE)


def _list(copy: Copy) -> None:
    st.html(_html.heading())
    if not queries.totals(copy).claims:
        why = "Nothing that was collected says anything about a model or its maker."
        st.html(html.empty("No claims yet", why, "rumortrail status"))
        return
    kind = filters.pick_one("what", "Models, organisations or both", TYPES, page="page")
    with st.sidebar:
        filters.label("Order")
        sort = filters.order("by", SORTS, page="page")
    name = filters.search("name", "Search by name", "Search by name", longest=100, page="page")
    subjects = filters.paged("page", lambda page: _read(copy, type=kind, name=name, sort=sort, page=page))
    if not subjects:
        why = "No model or organisation that a claim is about has these letters in its name."
        st.html(html.empty("No such name", why))
        filters.clear({"what": "all", "name": "", "page": 1})
        return
    st.html(_html.subjects(subjects))
    filters.turn(subjects[0].total, page="page")
