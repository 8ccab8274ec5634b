"""One claim's page: the rows of `sql/claim.sql`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim with where it stands and why."""

    claim_id: str
    claim: str
    kind: str
    status: str
    score: float | None
    voices: int
    supports: int
    denies: int
    questions: int
    reports: int
    mentions: int
    first_seen_at: datetime
    last_seen_at: datetime
    reason: str | None
    would_change: str | None
    organisations: list[str]
    entities: list[str]
    event_at: datetime | None
    event_precision: str
    importance: float | None
    importance_why: list[str] | None


@dataclass(frozen=True, slots=True)
class Day:
    """What was learned of a claim on one day of UTC; `status` is where it stood at the day's end, where it was judged."""

    day: date
    mentions: int
    changes: int
    decisions: int
    status: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How much was known of a claim; `denied_by` and `questioned_by` count voices."""

    mentions: int
    supports: int
    denies: int
    questions: int
    reports: int
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    denied_by: int
    questioned_by: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a claim was judged."""

    status: str
    score: float | None
    voices: int
    reason: str | None
    would_change: str | None


@dataclass(frozen=True, slots=True)
class Move:
    """A status that a claim took; `at_is_said` is False where `at` is only when it was judged."""

    at: datetime
    status: str
    reason: str
    at_is_said: bool


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
class Happening:
    """What became of a text behind a claim."""

    at: datetime
    event: str
    reason: str


@dataclass(frozen=True, slots=True)
class FirstWords:
    """The earliest stored words on a claim."""

    speaker: str | None
    speaker_role: str
    speaker_organisation: str | None
    source: str
    source_id: str
    platform: str
    url: str | None
    quote: str
    cues: list[str]
    said_at: datetime | None
    said_precision: str
    seen_at: datetime
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice of a claim, with how much is stored of it; `total` counts the voices of all pages."""

    voice_key: str
    name: str
    mentions: int
    sources: int
    total: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece of evidence that is shown: whether its voice speaks itself there, and its place among those of the voice."""

    mention_id: str
    document_id: str
    speaks: bool
    place: int


@dataclass(frozen=True, slots=True)
class Card:
    """One piece of evidence with all that its card shows; `before` and `after` stand around the quote in the same version."""

    voice_key: str
    evidence_id: str
    mention_id: str
    stance: str
    machine_stance: str
    confidence: float
    cues: list[str]
    quote: str
    part: str
    start_char: int
    end_char: int
    speaker: str | None
    speaker_role: str
    speaker_organisation: str | None
    attributed_to: str | None
    certainty: str
    document_id: str
    url: str | None
    source: str
    source_id: str
    platform: str
    author: str | None
    title: str | None
    said_at: datetime | None
    said_precision: str
    seen_at: datetime
    independent: bool
    voice_reason: str | None
    gone_at: datetime | None
    gone_after: datetime | None
    artefact: bool
    versions: int
    edited_at: datetime
    unchanged_at: datetime | None
    quote_stands: bool
    version: int
    text_sha256: str
    sha256: str | None
    warc: str | None
    in_place: bool
    before: str | None
    after: str | None


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
