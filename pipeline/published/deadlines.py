"""The deadlines that claims name: one for each release, with all dates named for it, and one for each
other dated claim.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.rows import build, utc_of
from pipeline.core.vocabulary import Kind, Precision, Status
from pipeline.published.claim_filter import ClaimFilter, matches
from pipeline.published.database import open_published, query
from pipeline.published.place import copy_of
from pipeline.store.queries import Statements

SQL = Statements(__package__, "deadlines")
DEADLINES = 1_000
"""Deadlines that are read at most: those that end last."""
_NAMED = 50_000  # dates that are looked through
_REVISIONS = 40  # of one release that are read, the newest


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A claim that names a date, who said so first, and how it came out; times are UTC.

    `deadline` is the first moment after that time, or its last second; it is None where no time can be fixed.
    `state` (open, met, missed, void) is known for releases alone; `how_now` is the newest resolution text, if
    it is another than `how`, the first. `changed_at` is when any of this was seen, written or judged last.
    """

    claim_id: str
    claim: str
    kind: Kind
    status: Status
    reason: str | None
    model: str | None
    organisation: str | None
    deadline: datetime | None
    precision: Precision
    speaker: str | None
    source: str | None
    url: str | None
    quote: str | None
    said_at: datetime | None
    said_precision: Precision | None
    seen_at: datetime
    state: str | None
    void: str | None
    outcome: str | None
    how: str
    how_now: str | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date with those that were named for the same release before and after it, as they were said.

    `revision` counts the dates from 0, and the decisions of editors and joined claims too, which may take a
    date away: so it never falls.
    """

    date: NamedDate
    revision: int = 0
    before: tuple[NamedDate, ...] = ()
    after: tuple[NamedDate, ...] = ()

    @property
    def changed_at(self) -> datetime:
        """Return when anything of this was seen, written or judged last."""
        return max(date.changed_at for date in (self.date, *self.before, *self.after))


@dataclass(frozen=True, slots=True)
class Ledger:
    """The deadlines of a published copy, those that end first before the others; the copy's time is its now.
    """

    published_at: datetime
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    claim_id: str
    revises: str | None
    deadline: datetime | None
    precision: Precision
    joined: int

    @property
    def fixed(self) -> bool:
        return self.deadline is not None and self.precision is not Precision.UNKNOWN


def read_ledger(home: Home, config: Config, chosen: ClaimFilter | None = None) -> Ledger:
    """Return the deadlines of the published copy of `home`, of the claims that pass `chosen`.

    Of a release for which several of them name a date, the one that was said last is the deadline. Reads
    `DEADLINES` at most. Raises DataError where nothing is published.
    """
    with closing(open_published(copy_of(home, config), config.ask)) as connection:
        return _Reading(connection, config.ask.seconds).ledger(chosen or ClaimFilter())


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The dates of a release that are read, the place of the deadline among them, and its revision."""

    dates: list[_Place]
    at: int
    revision: int

    @property
    def ends(self) -> tuple[datetime | None, str]:
        return self.dates[self.at].deadline, self.dates[self.at].claim_id


@dataclass(frozen=True, slots=True)
class _Reading:
    connection: duckdb.DuckDBPyConnection
    seconds: float

    def ledger(self, passing: ClaimFilter) -> Ledger:
        (published_row,) = self._rows("published_at")
        published_at = utc_of(published_row["value"])
        claims = None
        if passing != ClaimFilter():
            claims = matches(self.connection, passing, now=published_at, seconds=self.seconds)
        places = [build(_Place, row) for row in self._rows("named", limit=_NAMED)]
        (decided,) = self._rows("decided")
        candidates = _chosen(_releases(places), claims, decided["decided"])
        chosen = sorted(candidates, key=lambda release: release.ends)[-DEADLINES:]
        claim_ids = sorted({place.claim_id for release in chosen for place in release.dates})
        rows = self._rows("dates", claims=claim_ids)
        dates = {date.claim_id: date for date in (build(NamedDate, row) for row in rows)}
        return Ledger(published_at, tuple(_deadline(dates, release) for release in chosen))

    def _rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        columns, rows = query(self.connection, SQL[statement], values, seconds=self.seconds)
        return [dict(zip(columns, row, strict=True)) for row in rows]


def _releases(places: Iterable[_Place]) -> list[list[_Place]]:
    """Return the dates of each release in the order in which they were said."""
    places_by_id = {place.claim_id: place for place in places}
    follows = {place.revises: place for place in places_by_id.values() if place.revises in places_by_id}
    chains = []
    for first in (place for place in places_by_id.values() if place.revises not in places_by_id):
        chain = [first]
        while (following := follows.get(chain[-1].claim_id)) is not None:
            chain.append(following)
        chains.append(chain)
    return chains


def _chosen(
    chains: Iterable[list[_Place]], claims: Collection[str] | None, decided: int
) -> Iterable[_Chosen]:
    """Yield the newest dates of each release that has a fixed date among those of `claims`."""
    for chain in chains:
        asked_places = [index for index, place in enumerate(chain)
                 if place.fixed and (claims is None or place.claim_id in claims)]
        if asked_places:
            start = min(max(0, len(chain) - _REVISIONS), asked_places[-1])
            revision = len(chain) - 1 + sum(place.joined for place in chain) + decided
            yield _Chosen(chain[start:], asked_places[-1] - start, revision)


def _deadline(dates: Mapping[str, NamedDate], chosen: _Chosen) -> Deadline:
    chain, at = [dates[place.claim_id] for place in chosen.dates], chosen.at
    return Deadline(chain[at], chosen.revision, tuple(chain[:at]), tuple(chain[at + 1 :]))
