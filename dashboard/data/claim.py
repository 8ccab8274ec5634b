"""Rows of `claim.sql` that the page of a claim alone shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Day:
    """A day of UTC on which something was learned; `status` is that of its end, where it was judged."""

    day: date
    mentions: int
    changes: int
    decisions: int
    status: str | None


@dataclass(frozen=True, slots=True)
class Point:
    """One piece of evidence as the chart shows it."""

    evidence_id: str
    stance: str
    said_at: datetime | None
    said_precision: str
    seen_at: datetime
    speaker: str
    source: str
    independent: bool
    voice: str
    voice_name: str
    artefact: bool


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice of a claim, with how much is stored of it; `total` counts the voices of all pages.

    `is_voice` is false for rumour and for what was not traced yet.
    """

    voice_key: str
    name: str
    is_voice: bool
    mentions: int
    sources: int
    total: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A mention that is shown: whether its voice speaks itself, and its place among those of the voice."""

    mention_id: str
    document_id: str
    speaks: bool
    place: int


@dataclass(frozen=True, slots=True)
class Heap:
    """How many mentions take a stance in a stretch of time."""

    stance: str
    begins: datetime
    ends: datetime
    mentions: int


@dataclass(frozen=True, slots=True)
class Change:
    """A document that was edited, or that went, between `after_at` and `at`."""

    event: str
    url: str | None
    source: str
    title: str | None
    number: int | None
    after_at: datetime | None
    at: datetime
    words: str | None


@dataclass(frozen=True, slots=True)
class Edited:
    """A version after the first of a document; `total` counts all of a claim."""

    document_id: str
    number: int
    url: str | None
    source: str
    change: str
    noted: bool
    unchanged_at: datetime | None
    seen_at: datetime
    total: int


@dataclass(frozen=True, slots=True)
class Worded:
    """The wording of one version."""

    document_id: str
    number: int
    title: str | None
    text: str
    headline: str | None


@dataclass(frozen=True, slots=True)
class Gone:
    """A document that was found deleted."""

    url: str | None
    source: str
    title: str | None
    gone_after: datetime | None
    gone_at: datetime
    gone_evidence: str | None


@dataclass(frozen=True, slots=True)
class Rung:
    """A release stage that a model has reached, and what shows it."""

    model: str
    organisation: str
    rung: str
    reached_at: datetime
    at_is_said: bool
    url: str | None
    words: str | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Goalpost:
    """One of the successive times for a release; `state` is known for now alone."""

    model: str
    claim_id: str
    claim: str
    deadline: datetime | None
    precision: str
    how: str
    status: str
    speaker: str | None
    said_at: datetime | None
    seen_at: datetime
    state: str | None
    reason: str | None
    void: str | None
