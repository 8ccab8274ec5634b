"""Facts for every page: the rows of `meta.sql`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

OLD = timedelta(hours=49)  # two nights, one of which may end an hour later


@dataclass(frozen=True, slots=True)
class Totals:
    """How much the published copy holds."""

    claims: int
    evidence: int
    documents: int
    sources: int
    oldest: datetime | None
    newest: datetime | None
    since: datetime | None
    undated: int


@dataclass(frozen=True, slots=True)
class Night:
    """When the last night that the copy knows of began, None where there was none, and what broke since."""

    started_at: datetime | None
    message: str | None


def warning(night: Night, now: datetime) -> str:
    """Return what a reader must know before they trust any page: the last night is long ago, or it broke.

    "" where there is nothing to say. Times are in UTC, all with a zone or all without.
    """
    if night.started_at is not None and now - night.started_at > OLD:
        days = (now - night.started_at).days
        return (f"The last night that published anything was {night.started_at:%Y-%m-%d}, {days} days ago: "
                "what you see may be out of date. Whoever runs this should check the log of the nights.")
    if night.message:
        return (f"The last run did not end well ({night.message}). What it would have found may be missing "
                "here; the page Runs says more.")
    return ""
