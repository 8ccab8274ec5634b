"""The page About: the rows of `about.sql`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LastRead:
    """When a source was last read, and how its last crawl ended.

    `total` counts all sources, `well` those that were read in full.
    """

    feed: str
    source: str
    outcome: str
    last_ok_at: datetime | None
    ailing: bool
    stale: bool
    total: int
    well: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the judging in plain words; `status` is None where an editor's decision says."""

    rule: str
    status: str | None
    holds_when: str
    would_change: str
    version: str


@dataclass(frozen=True, slots=True)
class ReleaseStage:
    """A stage of a release, with the words that ask for it and what shows it."""

    rung: str
    asked_for_by: str
    shown_by: str


@dataclass(frozen=True, slots=True)
class Founded:
    """How many sentences or passages that could found a claim had this outcome."""

    outcome: str
    unit: str
    amount: int
    meaning: str
