"""The claims that pass a search and all filters, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from dashboard import finding, queries
from dashboard.meaning import Load
from dashboard.queries import Copy
from dashboard.rows.claims import ListedClaim

OPTIONS = 500  # names that a filter offers: those with most claims


@dataclass(frozen=True, slots=True)
class Filters:
    """What passes: any of each list, all of the rest. `until` is exclusive.

    `rivals` is a slot in which a rival differs, or "any", or "" for all claims; `denied` passes what its subject denies,
    `due` what is open and speaks of a time to come.
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


def claims(
    copy: Copy,
    filters: Filters,
    *,
    search: str = "",
    load: Load | None = None,
    sort: str = "checkworthy",
    page: int = 1,
) -> list[ListedClaim]:
    """One page; "best" orders by what fits the search best, then by what is most worth a check."""
    given = {key: value if isinstance(value, str | bool | datetime | None) else list(value) for key, value in asdict(filters).items()}
    sought = bool(finding.terms(search))
    beside = finding.find(copy, search, load) if sought else finding.nothing()
    bounds = {"searched": sought, "sort": sort, "limit": queries.PAGE, "offset": (page - 1) * queries.PAGE}
    return queries.read_beside(copy, ListedClaim, "claims", "page", beside, **given, **bounds, now=queries.published_at(copy))


def options(copy: Copy, statement: str, also: Sequence[str]) -> list[str]:
    """The names that a filter offers, those with most claims first; those of `also` among them, where they exist."""
    return queries.names(copy, "claims", statement, most=OPTIONS, also=list(also))
