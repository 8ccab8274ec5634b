"""The claims that pass a search and all filters, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.components.filters import PAGE
from dashboard.data import queries
from dashboard.data.claims import ListedClaim
from dashboard.data.queries import Copy
from dashboard.views.claims.meaning import Load
from dashboard.views.claims.search import find, nothing
from pipeline.published.claim_filter import ClaimFilter, parameters
from pipeline.published.search_terms import terms

OPTIONS = 500  # names that a filter offers: those with most claims


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
    searched = bool(terms(search))
    beside = find(copy, search, load) if searched else nothing()
    bounds = {"searched": searched, "sort": sort, "limit": PAGE, "offset": (page - 1) * PAGE}
    asked = bounds | parameters(filters, queries.published_at(copy))
    return queries.read_beside(copy, ListedClaim, "claims", "page", beside, **asked)


def options(copy: Copy, statement: str, also: Sequence[str]) -> list[str]:
    """Return the names that a filter offers, those with most claims first, and those of `also` that exist."""
    return queries.names(copy, "claims", statement, most=OPTIONS, also=list(also))
