"""What the dashboard's queries give, a record for each statement; fields are its columns. Times are UTC without a zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ListedClaim:
    """A row of the claims list; `last_moved_at` is when it was judged where not `moved_is_said`; `total` counts all pages."""

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
    last_moved_at: datetime | None
    moved_is_said: bool
    organisations: list[str]
    first_speaker: str | None
    first_source: str | None
    first_said_at: datetime | None
    first_precision: str | None
    event_at: datetime | None
    event_precision: str
    checkworthy_why: list[str] | None
    total: int


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


@dataclass(frozen=True, slots=True)
class ListedSource:
    """A source or somebody who is quoted, with its track record; `total` counts the rows of all pages."""

    who: str
    source_id: str
    name: str
    platform: str
    role: str
    url: str | None
    organisation: str | None
    documents: int
    claims: int
    first: int
    settled: int
    held: int
    open: int
    void: int
    rate: float | None
    low: float | None
    high: float | None
    few: bool
    lead_days: float | None
    lead_claims: int
    joined: int
    repeated: int
    repeated_failed: int
    denied: int
    own: int
    total: int


@dataclass(frozen=True, slots=True)
class RecordSlice:
    """A track record within one kind of claim, or about one organisation."""

    slice: str
    value: str
    first: int
    settled: int
    held: int
    rate: float | None
    low: float | None
    high: float | None
    few: bool


@dataclass(frozen=True, slots=True)
class SourceClaim:
    """What a source or speaker did toward one claim, in its earliest words of that."""

    claim_id: str
    claim: str
    status: str
    part: str
    own: bool
    counted: bool
    why: str
    lead_days: float | None
    stance: str
    quote: str
    speaker: str | None
    url: str | None
    said_at: datetime | None
    said_precision: str
    voice_name: str | None
    source: str
    total: int


@dataclass(frozen=True, slots=True)
class SourceCrawl:
    """How one night's crawl of a source ended."""

    started_at: datetime
    outcome: str
    documents: int
    message: str | None


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
    claims: int
    issues: int


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
    moved_at: datetime | None
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


@dataclass(frozen=True, slots=True)
class Ailing:
    """A source that failed three nights in a row or more; `last_ok_at` is None where it was never read."""

    source: str
    feed: str
    nights_failed: int
    last_ok_at: datetime | None
    why: str | None


@dataclass(frozen=True, slots=True)
class IssueGroup:
    """One kind of thing that went wrong in a run, with the first of its messages and places."""

    severity: str
    code: str
    stage: str
    times: int
    sources: int
    message: str
    place: str | None


@dataclass(frozen=True, slots=True)
class Stage:
    """What one stage of a run did."""

    stage: str
    inputs: int
    done: int
    skipped: int
    failed: int
    seconds: float


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
