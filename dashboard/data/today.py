"""The page Today: the rows of `today.sql`. `total` counts the rows of all pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """The runs since, the newest that broke off, and how many sources are `read`, `off` and `stale` now."""

    runs: int
    broken: int
    broken_run: str | None
    broken_at: datetime | None
    broken_why: str | None
    read: int
    off: int
    stale: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A claim that moved: from where it stood before to where it stands, by way of `path`."""

    claim_id: str
    claim: str
    kind: str
    voices: int
    mentions: int
    status_before: str
    status: str
    path: list[str]
    reason: str
    judged_at: datetime
    moved_at: datetime | None
    evidence_ids: list[str]
    total: int


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new claim; `recent` of its `documents` are of the last 48 hours, `carrying` mentions carry it.

    `as_early` others may have said it first as well as those of the earliest words.
    """

    claim_id: str
    claim: str
    kind: str
    status: str
    voices: int
    mentions: int
    carrying: int
    recent: int
    documents: int
    moves: int
    as_early: int
    total: int


@dataclass(frozen=True, slots=True)
class Cited:
    """One piece of evidence: the words, who says them and where."""

    evidence_id: str
    claim_id: str
    stance: str
    quote: str
    cues: list[str]
    speaker: str | None
    speaker_role: str
    speaker_organisation: str | None
    attributed_to: str | None
    source_id: str
    source: str
    url: str | None
    said_at: datetime | None
    said_precision: str
    seen_at: datetime
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """A claim whose deadline is this week, or `over` since; `revision` counts the dates that were named."""

    claim_id: str
    claim: str
    kind: str
    status: str
    voices: int
    mentions: int
    event_at: datetime
    event_precision: str
    over: bool
    revision: int | None
    moved_days: int | None
    total: int


@dataclass(frozen=True, slots=True)
class ChangedText:
    """An edited or deleted document, with the most important of its claims and the evidence on that."""

    url: str | None
    source: str
    source_id: str
    title: str | None
    hedged: bool
    gone: bool
    rewordings: list[str] | None
    claim_id: str
    claim: str
    claims: int
    evidence_id: str
    number: int | None
    noted: bool | None
    change: str | None
    removed: str | None
    added: str | None
    unchanged_at: datetime | None
    seen_at: datetime | None
    gone_after: datetime | None
    gone_at: datetime | None
    gone_evidence: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Failing:
    """A source that cannot be read, `since` when, that failed in some of the nights since, or went stale."""

    source: str
    feed: str
    outcome: str
    ailing: bool
    stale: bool
    nights_failed: int
    last_ok_at: datetime | None
    since: datetime | None
    nights: int
    why: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Decided:
    """What an editor decided, or took back, since, about a claim or a story."""

    kind: str
    value: str | None
    reason: str
    editor: str
    decided_at: datetime
    undone_at: datetime | None
    claim_id: str | None
    claim: str | None
    story_id: str | None
    story: str | None
    total: int


@dataclass(frozen=True, slots=True)
class DayCount:
    """The mentions of a claim on the day `back` days ago; `undated` of them stand on the day we saw them."""

    claim_id: str
    back: int
    mentions: int
    undated: int
