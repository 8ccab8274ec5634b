"""One claim's page: the rows of `sql/claim.sql`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
    first_said_at: datetime | None
    last_moved_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    rule: str | None
    reason: str | None
    would_change: str | None
    evidence_ids: list[str] | None
    organisations: list[str]
    entities: list[str]
    event_at: datetime | None
    event_precision: str


@dataclass(frozen=True, slots=True)
class Move:
    """A status that a claim took; `at_is_said` is False where `at` is only when it was judged."""

    at: datetime
    status: str
    reason: str
    at_is_said: bool
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Point:
    """One piece of evidence as the chart shows it."""

    evidence_id: str
    stance: str
    said_at: datetime | None
    seen_at: datetime
    speaker: str
    source: str
    independent: bool
    voice: str
    voice_name: str
    artefact: bool


@dataclass(frozen=True, slots=True)
class FirstWords:
    """The earliest stored words on a claim."""

    mention_id: str
    speaker: str | None
    author: str | None
    speaker_role: str
    speaker_organisation: str | None
    attributed_to: str | None
    source: str
    source_id: str
    platform: str
    url: str | None
    quote: str
    cues: list[str]
    said_at: datetime | None
    said_precision: str
    seen_at: datetime
    stance: str
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice of a claim, with how much is stored of it; `total` counts the voices of all pages."""

    voice_key: str
    name: str
    mentions: int
    sources: int
    first_at: datetime
    total: int


@dataclass(frozen=True, slots=True)
class Card:
    """One piece of evidence with all that its card shows."""

    voice_key: str
    evidence_id: str
    mention_id: str
    stance: str
    machine_stance: str
    confidence: float
    cues: list[str]
    quote: str
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


@dataclass(frozen=True, slots=True)
class Rival:
    """A claim that looks alike and differs in a slot."""

    rival_id: str
    slot: str
    words: str
    claim: str
    status: str
    voices: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A sign that one document follows another; `total` counts all of a claim."""

    kind: str
    words: str | None
    strength: float
    url: str | None
    source: str
    author: str | None
    published_at: datetime | None
    published_precision: str
    seen_at: datetime
    origin_url: str | None
    origin_name: str | None
    origin_source: str | None
    origin_author: str | None
    total: int


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
class EditorSaid:
    """An editor's decision that holds."""

    kind: str
    value: str | None
    reason: str
    editor: str
    decided_at: datetime
