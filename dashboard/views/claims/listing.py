"""The claims that pass a search and all filters, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from dashboard.components.filters import PAGE
from dashboard.data import queries
from dashboard.data.claims import ListedClaim
from dashboard.data.queries import Copy
from dashboard.views.claims.meaning import Load
from dashboard.views.claims.search import find, nothing, terms

OPTIONS = 500  # names that a filter offers: those with most claims


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters of the list: any of each sequence, and all of the rest. `until` is exclusive.

    `rivals` is a slot in which a rival differs, or "any", or "" for all claims; `denied` passes claims that
    their subject denies, `due` open ones that name a time to come, `followed` those that an editor follows.
    """

    statuses: Sequence[str] = ()
    kinds: Sequence[str] = ()
    organisations: Sequence[str] = ()
    models: Sequence[str] = ()
    sources: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    single: bool = False
    rivals: str = ""
    denied: bool = False
    due: bool = False
    followed: bool = False


def claims(
    copy: Copy,
    filters: Filters,
    *,
    search: str = "",
    load: Load | None = None,
    sort: str = "checkworthy",
    page: int = 1,
) -> list[ListedClaim]:
    """Return one page; "best" orders by what fits `search` best, then by what is most worth a check."""
    chosen = asdict(filters)
    asked = {key: list(value) if isinstance(value, (list, tuple)) else value for key, value in chosen.items()}
    searched = bool(terms(search))
    beside = find(copy, search, load) if searched else nothing()
    bounds = {"searched": searched, "sort": sort, "limit": PAGE, "offset": (page - 1) * PAGE}
    asked |= bounds | {"now": queries.published_at(copy)}
    return queries.read_beside(copy, ListedClaim, "claims", "page", beside, **asked)


def options(copy: Copy, statement: str, also: Sequence[str]) -> list[str]:
    """Return the names that a filter offers, those with most claims first, and those of `also` that exist."""
    return queries.names(copy, "claims", statement, most=OPTIONS, also=list(also))
