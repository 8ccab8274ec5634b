"""What editors took back, or decided anew, after a copy was published: until the next run it lags behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import duckdb

from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.core.text import instant
from pipeline.core.vocabulary import DecisionKind
from pipeline.decisions.journal import Journal
from pipeline.published.database import query
from pipeline.store.queries import Statements

SQL = Statements(__package__, "overtaken")


@dataclass(frozen=True, slots=True)
class Overtaken:
    """When the decision that a status rests on was taken back, or another was made in its place (`anew`)."""

    at: datetime
    anew: bool

    def words(self, published: datetime | None) -> str:
        """Return the words in place of the reason in a copy; `published` is when it was published."""
        event = "An editor decided anew" if self.anew else "The editor’s decision behind this was taken back"
        as_of = instant(published) if published else "an unknown time"
        return (
            f"{event} on {instant(self.at)}. The status shown is as of {as_of}, and holds until the next run."
        )


@dataclass(frozen=True, slots=True)
class SincePublished:
    """What the journal says of the decisions in a copy: `statuses` by claim, and when each was `undone`."""

    statuses: Mapping[str, Overtaken] = field(default_factory=dict)
    undone: Mapping[str, datetime] = field(default_factory=dict)


def journal_head(home: Home) -> str:
    """Return a hash that changes with each decision; "" where the journal cannot be read."""
    try:
        return Journal(home.journal).head()
    except DataError:
        return ""


def since_published(connection: duckdb.DuckDBPyConnection, home: Home, *, seconds: float) -> SincePublished:
    """Return what the journal of `home` has since its published copy; nothing where it cannot be read.

    A first decision on a status is left out: until the next run its claim stands as the rules have it.
    """
    try:
        entries = Journal(home.journal).read()
    except DataError:
        return SincePublished()
    undone = {entry.decision_id: entry.undone_at for entry in entries if entry.undone_at}
    decided = [entry for entry in entries if entry.kind is DecisionKind.STATUS and not entry.undone_at]
    statuses = {}
    for claim_id, decision_id, number, targets in query(connection, SQL["rulings"], seconds=seconds)[1]:
        later = [entry.decided_at for entry in decided
                if entry.number > number and entry.target in {claim_id, *targets}]  # fmt: skip
        if later:
            statuses[claim_id] = Overtaken(later[-1], anew=True)
        elif decision_id in undone:
            statuses[claim_id] = Overtaken(undone[decision_id], anew=False)
    return SincePublished(statuses, undone)
