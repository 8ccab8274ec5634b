"""The list of claims: those that pass a search and all filters, in an order, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.published import search as searches
from pipeline.published.claim_filter import ClaimFilter, parameters
from pipeline.published.open_copy import Reader
from pipeline.published.search import SearchResult

SORTS = ("best", "checkworthy", "moved", "first", "due", "voices", "denied", "repeated")


@dataclass(frozen=True, slots=True)
class ListedClaim:
    """A row of the claims list; `last_moved_at` is when it was judged where not `moved_is_said`.

    `as_early` others said it at about the same time as the first. `by_words` is None without a search, False
    where the claim only has a similar meaning; `total` is of all. `relevance`, `rank` and `moved` order the
    list.
    """

    claim_id: str
    claim: str
    kind: str
    status: str
    voices: int
    supports: int
    denies: int
    questions: int
    reports: int
    mentions: int
    last_moved_at: datetime | None
    moved_is_said: bool
    organisations: list[str]
    first_speaker: str | None
    first_source: str | None
    first_said_at: datetime | None
    first_precision: str | None
    as_early: int
    event_at: datetime | None
    event_precision: str
    checkworthy_why: list[str] | None
    followed_by: str | None
    followed_since: datetime | None
    by_words: bool | None
    total: int
    relevance: float
    rank: float
    moved: float

    @property
    def after(self) -> After:
        """Return the place from which the list goes on behind this claim."""
        return After(self.relevance, self.rank, self.moved, self.claim_id)


@dataclass(frozen=True, slots=True)
class After:
    """A place in the list, behind the claim with these figures and this id, whether or not it is there."""

    relevance: float
    rank: float
    moved: float
    claim_id: str


def claims(
    copy: Reader,
    filters: ClaimFilter,
    *,
    now: datetime | None,
    limit: int,
    found: SearchResult | None = None,
    search: str = "",
    sort: str = "checkworthy",
    offset: int = 0,
    after: After | None = None,
) -> list[ListedClaim]:
    """Return one page of at most `limit`; "best" orders by what fits the search best.

    `found` is what `search` found; `search` names it where answers are kept. `now` is when the copy was
    published (UTC). A page begins after `offset` claims, and behind the place `after`.
    """
    place = after or After(0, 0, 0, "")
    values = parameters(filters, now)
    values |= {"searched": found is not None, "sort": sort, "limit": limit, "offset": offset}
    values |= {"goes_on": after is not None, "after_id": place.claim_id, "after_relevance": place.relevance}
    values |= {"after_rank": place.rank, "after_moved": place.moved}
    table = (found or searches.nothing()).table
    return copy.read_beside(ListedClaim, "claim_list", "page", table, search, **values)
