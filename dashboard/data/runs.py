"""The page Runs: the rows of `runs.sql`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Run:
    """One run, with how much was new in it."""

    run_id: str
    command: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str
    message: str | None
    documents: int
    mentions: int
    issues: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A night as the chart shows it."""

    run_id: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Revisits:
    """How many revisits there were, and how many of them did not end well."""

    revisits: int
    faulty: int


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A row of the list of runs; `unread` of its `sources` failed or were read in part; `total` is of all."""

    run_id: str
    command: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str
    documents: int
    mentions: int
    claims: int
    issues: int
    moved: int
    sources: int
    unread: int
    total: int


@dataclass(frozen=True, slots=True)
class Beside:
    """The ids of the run before and the run after."""

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class RunMove:
    """A claim whose status a run changed; `status_before` is None for a new claim."""

    claim_id: str
    claim: str
    kind: str
    status_before: str | None
    status: str
    voices: int
    reason: str
    total: int


@dataclass(frozen=True, slots=True)
class Crawl:
    """How a run's crawl of one source ended."""

    source: str
    feed: str
    outcome: str
    documents: int
    requests: int
    message: str | None
    listed: int | None
    usual: float | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Ailing:
    """A source that failed three nights in a row or more, or brings nothing new.

    `last_ok_at` is None where it was never read.
    """

    source: str
    feed: str
    ailing: bool
    stale: bool
    nights_failed: int
    last_ok_at: datetime | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Silence:
    """A source outage of so many `nights` in a row; `until` is None while it lasts."""

    source: str
    feed: str
    kind: str
    since: datetime
    until: datetime | None
    nights: int
    message: str | None


@dataclass(frozen=True, slots=True)
class IssueGroup:
    """One kind of thing that went wrong in a run, with the first of its messages and places."""

    severity: str
    code: str
    stage: str
    times: int
    message: str
    place: str | None


@dataclass(frozen=True, slots=True)
class Stage:
    """The work of one stage of a run."""

    stage: str
    inputs: int
    done: int
    skipped: int
    failed: int
    seconds: float
