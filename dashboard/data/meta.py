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
    """The last night that the copy knows of; `message` tells what broke, None if nothing did."""

    started_at: datetime
    message: str | None


def warning(published: datetime | None, night: Night | None, now: datetime) -> str:
    """Return what a reader must know before they trust any page: the copy is old, or its night broke.

    "" where there is nothing to say. Times are in UTC, all with a zone or all without.
    """
    if published is not None and now - published > OLD:
        days = (now - published).days
        return (f"What you see is {days} days old: nothing newer was published since "
                f"{published:%Y-%m-%d %H:%M} UTC. Whoever runs this should look at the log of the nights.")
    if night is not None and night.message:
        return (f"The night of {night.started_at:%Y-%m-%d} broke ({night.message}). What is shown may lack "
                "what it would have found; the page Runs says more.")
    return ""
