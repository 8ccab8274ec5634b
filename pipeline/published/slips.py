"""The promised dates of releases: which day was said when, by whom, and when the release came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, TypeVar

import duckdb

from pipeline.core.rows import build
from pipeline.core.text import counted
from pipeline.published.claim import NOW, AsOf
from pipeline.published.database import query
from pipeline.store.queries import Statements

SQL = Statements(__package__, "slips")

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Promise:
    """A date that was named for a release; times are UTC without a zone.

    The date lies between `earliest` and `deadline`: a month, a quarter, a day. `said_at` is None where that
    is unknown: it was there at `seen_at`. `state` is open, met, missed or void.
    """

    model: str
    organisation: str | None
    claim_id: str
    claim: str
    deadline: datetime
    earliest: datetime
    precision: str
    said_at: datetime | None
    seen_at: datetime
    said_precision: str
    speaker: str
    speakers: tuple[str, ...]
    quote: str
    url: str | None
    source: str
    evidence_id: str
    state: str

    @property
    def at(self) -> datetime:
        """Return when it was said, or first seen where that is unknown."""
        return self.said_at or self.seen_at


# "Launches" and "is in preview" are one stage of a release, which shows no more than the less of both.
_OUT = {
    "preview": "out at least as a preview", "api": "out in an API", "open_weights": "out with open weights",
}


@dataclass(frozen=True, slots=True)
class Released:
    """The document that shows a release first; where `at_is_said` is false it was there when we looked."""

    model: str
    organisation: str | None
    rung: str
    reached_at: datetime
    at_is_said: bool
    url: str | None
    words: str
    claim_id: str

    @property
    def how(self) -> str:
        """Return how far it was out by that day: "out at least as a preview by"; a day follows."""
        return f"{_OUT.get(self.rung, 'out')} {'on' if self.at_is_said else 'by'}"


@dataclass(frozen=True, slots=True)
class Slip:
    """All dates that were promised for one model, in the order in which they were said, and its release."""

    model: str
    organisation: str | None
    promises: tuple[Promise, ...]
    released: Released | None

    @property
    def moved_days(self) -> int:
        """Return by how many days the promised date moved from the first promise to the last."""
        return (self.promises[-1].deadline - self.promises[0].deadline).days

    @property
    def finding(self) -> str:
        """Return in a sentence what the dates come to."""
        dates = counted(len(self.promises), "date")
        moved, words = self.moved_days, f"{self.model}: {dates} named"
        if len(self.promises) > 1 and moved:
            words += f", the last {counted(abs(moved), 'day')} {'later' if moved > 0 else 'earlier'} than the"
            words += " first"
        if self.released is None:
            return f"{words}; no release is seen yet"
        return f"{words}; {self.released.how} {self.released.reached_at.day} {self.released.reached_at:%b %Y}"


def slips_of(
    connection: duckdb.DuckDBPyConnection, kind: str, subject: str, *, seconds: float, as_of: AsOf = NOW
) -> list[Slip]:
    """Return the promised dates of a model, or of all models of an organisation (`kind`), by model.

    Models for whose release no date was named are left out. Reads an open published copy. Raises DataError
    where that takes longer than `seconds`.
    """
    return _slips(connection, seconds, as_of, type=kind, subject=subject, claims=[])


def slips_for(
    connection: duckdb.DuckDBPyConnection, claims: Sequence[str], *, seconds: float, as_of: AsOf = NOW
) -> list[Slip]:
    """Return the promised dates of the models whose release these claims are about, as `slips_of` does."""
    return _slips(connection, seconds, as_of, type="claims", subject="", claims=list(claims))


def among(slips: Sequence[Slip], claims: Collection[str]) -> list[Slip]:
    """Return those of `slips` of which a date is named by one of `claims`."""
    return [slip for slip in slips if any(promise.claim_id in claims for promise in slip.promises)]


def _slips(
    connection: duckdb.DuckDBPyConnection, seconds: float, as_of: AsOf, **asked: Any
) -> list[Slip]:
    def rows(record: type[Row], statement: str) -> list[Row]:
        values = asked | {"seen": as_of.seen, "said": as_of.said}
        columns, results = query(connection, SQL[statement], values, seconds=seconds)
        return [build(record, dict(zip(columns, row, strict=True)), utc=False) for row in results]

    promises = rows(Promise, "promises")
    released = {(row.model, row.organisation): row for row in rows(Released, "released")} if promises else {}
    groups = groupby(promises, key=lambda row: (row.model, row.organisation))
    return [Slip(*key, tuple(group), released.get(key)) for key, group in groups]
