"""The claims that pass a search and all filters, a page at a time, kept for as long as the copy stands."""

from __future__ import annotations

import streamlit as st

from dashboard.components.filters import PAGE
from dashboard.data import queries
from dashboard.data.queries import CachedReader, Copy
from pipeline.published import claim_list, search
from pipeline.published.claim_filter import ClaimFilter
from pipeline.published.claim_list import ListedClaim
from pipeline.published.meaning import Load
from pipeline.published.place import Identity
from pipeline.published.search import SearchResult
from pipeline.published.search_terms import terms


def claims(
    copy: Copy,
    filters: ClaimFilter,
    *,
    search: str = "",
    load: Load | None = None,
    sort: str = "checkworthy",
    page: int = 1,
) -> list[ListedClaim]:
    """Return one page; "best" orders by what fits `search` best, then by what is most worth a check."""
    found = find(copy, search, load)
    silent = found.silent if found else None
    return claim_list.claims(
        CachedReader(copy),
        filters,
        now=queries.published_at(copy),
        limit=PAGE,
        found=found,
        search=f"{load.models.embedding if load else None} {silent} {search}",
        sort=sort,
        offset=(page - 1) * PAGE,
    )


def find(copy: Copy, sought: str, load: Load | None = None) -> SearchResult | None:
    """Return the claims that a search finds; None where it names nothing to search for."""
    if not terms(sought):
        return None
    model = load.models.embedding if load else None
    arguments = (copy.path, copy.identity, sought, model, copy, load)
    found: SearchResult = _found(*arguments)
    if found.passing:
        _found.clear(*arguments)
    return found


@st.cache_data(max_entries=64, show_spinner="Searching …")
def _found(
    path: str,
    identity: Identity,
    sought: str,
    model: str | None,
    _copy: Copy,
    _load: Load | None,
) -> SearchResult:
    return search.find(CachedReader(_copy), sought, _load)
