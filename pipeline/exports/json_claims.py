"""What the JSON of claims holds."""

from __future__ import annotations

from datetime import datetime

from pipeline.core.vocabulary import (
    Certainty,
    DecisionKind,
    EdgeKind,
    Event,
    Extent,
    Kind,
    Part,
    Platform,
    Precision,
    Role,
    Stance,
    Status,
)
from pipeline.exports.json_base import Asked, Document, LeftOut, Words


class First(Document):
    """Who said a claim first, as far as is known."""

    speaker: str | None
    source: str | None
    said_at: datetime | None
    said_precision: Precision | None
    about_the_same_time: int
    """So many others said it at about the same time; nobody can tell which of them was first."""


class ClaimLine(Document):
    """A claim in a list."""

    claim_id: str
    address: str
    """Its page: whole where the public address of the dashboard is set, else from its root."""
    claim: str
    kind: Kind
    status: Status
    voices: int
    """Independent voices that carry it."""
    mentions: int
    supports: int
    denies: int
    questions: int
    reports: int
    organisations: list[str]
    last_moved_at: datetime | None
    moved_is_said: bool
    """False where `last_moved_at` is only when it was judged."""
    first: First
    event_at: datetime | None
    """The time to come, or past, that the claim names."""
    event_precision: Precision
    checkworthy_why: list[str]
    followed_by: str | None
    followed_since: datetime | None
    found_by: str | None
    """How a search found it: "words" or "meaning"; null without a search."""


class Statement(Document):
    """One place in a document that speaks to the claim."""

    evidence_id: str
    mention_id: str
    stance: Stance
    """As it counts: an editor's, where one decided, else the machine's."""
    machine_stance: Stance
    confidence: float
    quote: str
    """Verbatim."""
    part: Part
    start_char: int
    """Of the quote in the text, or title, of that version; counted in code points."""
    end_char: int
    in_place: bool
    """The quote stands at its place to the letter."""
    quote_stands: bool
    """The quote stands in the newest text that was seen."""
    certainty: Certainty
    speaker: str | None
    speaker_role: Role
    speaker_organisation: str | None
    attributed_to: str | None
    source: str
    source_id: str
    platform: Platform
    author: str | None
    title: str | None
    url: str | None
    said_at: datetime | None
    """null where nobody knows when it was said."""
    said_precision: Precision
    seen_at: datetime
    extent: Extent
    """How much of the document was read."""
    read_in_part: str | None
    """In words, where not the whole document was read: its feed alone, or a teaser."""
    voice_key: str
    voice_name: str
    is_voice: bool
    """False for rumour, and for what was not traced yet: neither counts as a voice."""
    independent: bool
    """The voice speaks here itself; otherwise it is passed on."""
    voice_reason: str | None
    origin_document_id: str | None
    """The document that this was traced to, where that is another."""
    gone_at: datetime | None
    artefact: bool
    """The document is the thing itself: a model page, a repository, weights."""
    document_id: str
    version_id: str
    version: int
    newest_version: int
    text_sha256: str
    """SHA-256 of the text that was read."""
    sha256: str | None
    """SHA-256 of the archived answer of the server."""
    warc: str | None
    second_reader: str | None
    second_relation: str | None


class Step(Document):
    """A status that the claim took."""

    at: datetime
    at_is_said: bool
    """False where `at` is only when it was judged."""
    status: Status
    reason: str
    evidence_id: str | None


class TextEvent(Document):
    """An edit, a softened or corrected quote, or a deletion of a text behind the claim."""

    at: datetime
    at_is_said: bool
    event: Event
    reason: str
    evidence_id: str | None


class EditorsDecision(Document):
    """What an editor decided about the claim."""

    decision_id: str
    kind: DecisionKind
    target: str
    value: str | None
    reason: str
    editor: str
    decided_at: datetime
    undone_at: datetime | None
    machine: str | None
    """What the machine says of the same."""


class RivalClaim(Document):
    """A claim that looks alike and differs in one thing."""

    rival_id: str
    slot: str
    words: str
    claim: str
    status: Status
    voices: int


class FollowedFrom(Document):
    """A sign that one document follows another, or a voice that is not stored."""

    document_id: str
    origin_document_id: str | None
    origin_name: str | None
    kind: EdgeKind
    words: str | None


class ProvenanceDocument(Document):
    """A document that speaks to the claim, or that others took it from."""

    document_id: str
    source: str
    source_id: str
    author: str | None
    url: str | None
    published_at: datetime | None
    published_precision: Precision
    seen_at: datetime
    gone_at: datetime | None
    edited_at: datetime | None
    stance: Stance | None
    extent: Extent


class JoinedClaim(Document):
    """A claim that the machine joined to this one."""

    joined_id: str
    claim: str
    forward: float
    backward: float
    model: str
    joined_at: datetime


class ResolutionText(Document):
    """How a dated claim will be resolved, as it was written down at first sight, or beside it later."""

    number: int
    written_at: datetime
    rules: str
    text: str
    why: str


class SourceOutage(Document):
    """A source that bears on the claim and could not be read while it moved: what it said may be missing."""

    source: str
    feed: str
    kind: str
    since: datetime
    until: datetime | None
    message: str | None
    bears_as: str


class ClaimDocument(Document):
    """A claim with everything that stands around it."""

    claim_id: str
    asked_id: str | None
    """The id that was asked for, where that claim was merged or joined into this one."""
    address: str
    claim: str
    kind: Kind
    organisations: list[str]
    entities: list[str]
    event_at: datetime | None
    event_precision: Precision
    status: Status
    score: float | None
    rule: str | None
    reason: str | None
    would_change: str | None
    evidence_ids: list[str]
    """On which statements the status rests."""
    voices: int
    mentions: int
    supports: int
    denies: int
    questions: int
    reports: int
    denied_by: int
    """Independent voices that deny it."""
    questioned_by: int
    first_seen_at: datetime
    last_seen_at: datetime
    importance: float | None
    importance_why: list[str]
    followed_by: str | None
    followed_since: datetime | None
    followed_why: str | None
    story_id: str | None
    """The story that it is in today."""
    as_of: Asked
    first: list[Words]
    first_total: int
    """How many said it first, at about the same time if there are several."""
    history: list[Step]
    text_events: list[TextEvent]
    evidence: list[Statement]
    """By when it was said; the rest is under /api/claims/ID/evidence."""
    provenance: list[FollowedFrom]
    documents: list[ProvenanceDocument]
    rivals: list[RivalClaim]
    decisions: list[EditorsDecision]
    joins: list[JoinedClaim]
    resolutions: list[ResolutionText]
    outages: list[SourceOutage]
    left_out: list[LeftOut]
    published_at: datetime | None
    """When the copy that this was read from was published."""


class StatementPage(Document):
    """A part of the evidence of a claim, by when it was said."""

    claim_id: str
    asked_id: str | None
    as_of: Asked
    evidence: list[Statement]
    total: int
    next: str | None
    """What to give as `cursor` for the next part; null where there is none."""
    published_at: datetime | None


class ClaimPage(Document):
    """A part of the list of claims."""

    claims: list[ClaimLine]
    total: int
    """How many pass, in all parts together."""
    next: str | None
    """What to give as `cursor` for the next part; null where there is none."""
    search: str | None
    """What the search did: how many hold the words, how many only mean something close."""
    published_at: datetime | None
