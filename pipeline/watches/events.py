"""What happened to claims, read out of a published copy: each event once, by an id that never changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.core.config import AskConfig, Config
from pipeline.core.home import Home
from pipeline.core.rows import build, naive, utc_of
from pipeline.core.vocabulary import Precision, Stance, Status
from pipeline.exports.spans import span_of
from pipeline.published.claim_filter import ClaimFilter, matches
from pipeline.published.database import open_published, query
from pipeline.published.place import copy_of
from pipeline.store.queries import Statements

SQL = Statements(__package__, "events")


class EventKind(StrEnum):
    """A kind of thing that is told; none of them is a repetition of what was said before."""

    STATUS = "status"
    DENIAL = "denial"
    ARTEFACT = "artefact"
    VOICE = "voice"
    DEADLINE = "deadline"
    EDITED = "edited"
    DELETED = "deleted"
    RIVAL = "rival"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a claim, with the words that it rests on; times are UTC.

    `before` is the status from which a STATUS event moved it; in other events it equals `status`, or is None
    for a claim that was not known before. `at` is when it was judged or seen, or when a deadline passed.
    `detail` and `other` are, of an edit, the sentences that went and that came; of a deletion, what shows it;
    of a deadline, its time in words, no finer than it was named; of a rival, its claim and the difference.
    None stands where there are no words.
    """

    event_id: str
    kind: EventKind
    claim_id: str
    at: datetime
    claim: str
    before: Status | None
    status: Status
    voices: int
    reason: str | None
    quote: str | None
    speaker: str | None
    voice: str | None
    source: str | None
    url: str | None
    stance: Stance | None
    said_at: datetime | None
    said_precision: Precision | None
    detail: str | None
    rival_id: str | None
    other: str | None


@dataclass(frozen=True, slots=True)
class State:
    """How a claim stood."""

    claim_id: str
    status: str
    voices: int


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a copy found that was not known: its events, and the ids by which they are known now."""

    events: list[Event]
    ids: set[str]


EVER = datetime(1, 1, 1, tzinfo=UTC)


class Copy:
    """An open published copy. What is read takes `bounds.seconds` at most, else DataError is raised."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, bounds: AskConfig) -> None:
        self.connection = connection
        self.bounds = bounds
        meta = dict(self.rows(SQL["meta"]))
        self.run_id = str(meta["run_id"])
        self.published_at = utc_of(str(meta["published_at"]))
        self.register("known", {"event_id": pa.string()}, [])

    def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        values = {key: naive(value) for key, value in parameters.items()}
        return query(self.connection, sql, values, seconds=self.bounds.seconds)[1]

    def register(self, name: str, columns: dict[str, pa.DataType], rows: Iterable[tuple[Any, ...]]) -> None:
        """Let statements read `rows` as `temp.<name>`."""
        values = list(zip(*rows, strict=True)) or [()] * len(columns)
        arrays = [pa.array(value, kind) for value, kind in zip(values, columns.values(), strict=True)]
        self.connection.register(name, pa.table(arrays, names=list(columns)))

    def look(self, known: Collection[str], *, since: datetime = EVER, until: datetime | None = None) -> Look:
        """Return the unknown events up to `until` (else when the copy was published), except moves.

        Of what is older than `since` only the ids are returned.
        """
        self.register("known", {"event_id": pa.string()}, [(event_id,) for event_id in known])
        return self._happened(since, until or self.published_at, whole=True)

    def since(self, since: datetime) -> list[Event]:
        """Return all that has happened since then, the moves too, the newest first."""
        events = [*self.moves(since), *self._happened(since, self.published_at, whole=False).events]
        return sorted(events, key=lambda event: (event.at, event.event_id), reverse=True)

    def _happened(self, since: datetime, now: datetime, *, whole: bool) -> Look:
        parameters = {"since": naive(since), "now": naive(now), "whole": whole}
        columns, rows = query(self.connection, SQL["happened"], parameters, seconds=self.bounds.seconds)
        look = Look([], set())
        for row in rows:
            values = dict(zip(columns, row, strict=True))
            also_id, is_told = values.pop("also_id"), values.pop("told")
            time_ends, precision = values.pop("time_ends"), values.pop("time_precision")
            if time_ends and precision != Precision.UNKNOWN:
                values["detail"] = span_of(time_ends, Precision(precision)).named
            look.ids.update(filter(None, (values["event_id"], also_id)))
            if is_told:
                look.events.append(build(Event, values))
        return look

    def see(self, *, edits: pa.Table, deletions: pa.Table) -> None:
        """Read these rows from now on where the copy's tables `edits` and `documents` are asked for."""
        for name, table in (("edits", edits), ("documents", deletions)):
            self.connection.register("seen", table)
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM seen")

    def moved(self, states: Iterable[State]) -> list[Event]:
        """Return the moves of claims that stand elsewhere than in `states`."""
        self._stood(states)
        return self._events("moved", now=self.published_at)

    def moves(self, since: datetime) -> list[Event]:
        """Return all moves since then that the copy tells of."""
        return self._events("moves", since=since)

    def passing(self, chosen: ClaimFilter, before: Iterable[State]) -> set[str]:
        """Return the claims that pass a filter now, or passed it as they stood in `before`."""
        bounds = {"now": self.published_at, "seconds": self.bounds.seconds}
        now = matches(self.connection, chosen, **bounds)  # type: ignore[arg-type]
        self._stood(before)
        self.connection.execute(SQL["before"])
        try:
            return now | matches(self.connection, chosen, **bounds)  # type: ignore[arg-type]
        finally:
            self.connection.execute("DROP TABLE temp.claims")

    def states(self) -> list[State]:
        """Return how each claim stands."""
        return [State(*row) for row in self.rows(SQL["stand"])]

    def hidden(self) -> set[str]:
        """Return the claims that editors hide, with all that were merged with them."""
        return {claim_id for (claim_id,) in self.rows(SQL["hidden"])}

    def states_before(self, asked: datetime | None) -> tuple[list[State], datetime]:
        """Return how claims stood before the run of this copy, or at `asked` where that is earlier, as far as
        the copy tells, and when that was.
        """
        began = self.rows(SQL["began"], run_id=self.run_id)
        since = began[0][0].replace(tzinfo=UTC) if began else self.published_at
        since = min(since, asked or since)
        return [State(*row) for row in self.rows(SQL["stood"], run_id=self.run_id, since=since)], since

    def _stood(self, states: Iterable[State]) -> None:
        columns = {"claim_id": pa.string(), "status": pa.string(), "voices": pa.int64()}
        self.register("states", columns, [(state.claim_id, state.status, state.voices) for state in states])

    def _events(self, name: str, **parameters: datetime) -> list[Event]:
        values = {key: naive(value) for key, value in parameters.items()}
        columns, rows = query(self.connection, SQL[name], values, seconds=self.bounds.seconds)
        events = []
        for row in rows:
            fields = dict(zip(columns, row, strict=True))
            del fields["also_id"], fields["told"]
            events.append(build(Event, fields))
        return events


@contextmanager
def opened(home: Home, config: Config) -> Iterator[Copy]:
    """Open the published copy of a home. Raises DataError where nothing was published yet."""
    connection = open_published(copy_of(home, config), config.ask)
    try:
        yield Copy(connection, config.ask)
    finally:
        connection.close()
