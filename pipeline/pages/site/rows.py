"""What a site's lists are made of: rows of `rows.sql`, all read at once. Times are UTC."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import duckdb

from pipeline.core.rows import build, utc_of
from pipeline.core.vocabulary import Kind, Precision, Status
from pipeline.exports.status_feed import Changed
from pipeline.published.database import query
from pipeline.store.queries import Statements

SQL = Statements(__package__, "rows")

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim in a list."""

    claim_id: str
    claim: str
    kind: Kind
    status: Status
    voices: int
    mentions: int
    first_said_at: datetime | None
    first_precision: Precision
    first_seen_at: datetime
    last_moved_at: datetime | None
    importance: float
    organisations: Sequence[str]
    entities: Sequence[str]
    story_id: str | None


@dataclass(frozen=True, slots=True)
class Subject:
    """A model or an organisation, and the claims about it."""

    type: str
    subject: str
    owner: str | None
    claim_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Rung:
    """A release stage that a model has reached."""

    model: str
    rung: str
    reached_at: datetime
    at_is_said: bool
    url: str | None
    claim_id: str | None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source that was first with a claim, and its record; `few`: too few settled ones for a rate."""

    source_id: str
    name: str
    platform: str
    role: str
    url: str | None
    claims: int
    first: int
    settled: int
    held: int
    rate: float | None
    low: float | None
    high: float | None
    few: bool
    lead_days: float | None
    repeated: int
    denied: int


@dataclass(frozen=True, slots=True)
class FirstClaim:
    """A claim that a source was first with, whether that counts in its record, and why."""

    source_id: str
    claim_id: str
    said_at: datetime | None
    said_precision: Precision
    lead_days: float | None
    counted: bool
    why: str | None


@dataclass(frozen=True, slots=True)
class Lists:
    """All that the lists show of the claims that a site holds; `claims` are in the order of first sight."""

    claims: dict[str, ClaimRow]
    subjects: list[Subject]
    rungs: dict[str, list[Rung]]
    sources: list[SourceRow]
    firsts: dict[str, list[FirstClaim]]
    changes: list[Changed]
    meta: dict[str, str]

    @property
    def published_at(self) -> datetime:
        """Return when the copy was published."""
        return utc_of(self.meta["published_at"])


    def only(self, chosen: Collection[str]) -> Lists:
        """Return the lists of the claims that are in `chosen`, and of what is told of them."""
        claims = {claim_id: row for claim_id, row in self.claims.items() if claim_id in chosen}
        subjects = [
            replace(subject, claim_ids=sorted(claims.keys() & subject.claim_ids))
            for subject in self.subjects
            if not claims.keys().isdisjoint(subject.claim_ids)
        ]
        firsts = {
            source_id: kept
            for source_id, rows in self.firsts.items()
            if (kept := [first for first in rows if first.claim_id in claims])
        }
        sources = [source for source in self.sources if source.source_id in firsts]
        changes = [change for change in self.changes if change.claim_id in claims]
        return replace(
            self, claims=claims, subjects=subjects, sources=sources, firsts=firsts, changes=changes
        )


def read_lists(connection: duckdb.DuckDBPyConnection, seconds: float) -> Lists:
    """Return the lists of a published copy."""

    def rows(record: type[Row], statement: str) -> list[Row]:
        columns, results = query(connection, SQL[statement], seconds=seconds)
        return [build(record, dict(zip(columns, row, strict=True))) for row in results]

    claims = {row.claim_id: row for row in rows(ClaimRow, "claims")}
    rungs: defaultdict[str, list[Rung]] = defaultdict(list)
    for rung in rows(Rung, "rungs"):
        rungs[rung.model].append(rung)
    firsts: defaultdict[str, list[FirstClaim]] = defaultdict(list)
    for first in rows(FirstClaim, "firsts"):
        firsts[first.source_id].append(first)
    meta = {str(key): str(value) for key, value in query(connection, SQL["meta"], seconds=seconds)[1]}
    subjects, sources = rows(Subject, "subjects"), rows(SourceRow, "sources")
    changes = rows(Changed, "changes")
    return Lists(claims, subjects, rungs, sources, firsts, changes, meta).only(claims)
