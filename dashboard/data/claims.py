"""The claims list: the rows of `claims.sql`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ListedClaim:
    """A row of the claims list; `last_moved_at` is when it was judged where not `moved_is_said`.

    `as_early` others said it at about the same time as the first. `by_words` is None without a search, False
    where the claim only means something close; `total` is of all.
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
