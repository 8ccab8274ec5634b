"""What the JSON of stories holds."""

from __future__ import annotations

from datetime import datetime

from pipeline.core.vocabulary import EdgeKind, Kind, Platform, Precision, Role, Stance, Status
from pipeline.exports.json_base import Asked, Days, Document, LeftOut, Words


class State(Document):
    """How many claims of a story stand where."""

    status: Status
    claims: int


class StoryFirst(Document):
    """Who spoke of a story first, as far as is known."""

    speaker: str
    source: str
    said_at: datetime | None
    said_precision: Precision
    seen_at: datetime
    evidence_id: str
    claim_id: str
    total: int
    """How many spoke of it first, at about the same time if there are several."""


class StoryMove(Document):
    """The last move of a claim of a story; `before` is null for a claim that is new."""

    claim_id: str
    claim: str
    before: Status | None
    status: Status
    at: datetime
    at_is_said: bool
    judged_at: datetime
    reason: str
    evidence_id: str | None


class StoryInList(Document):
    """A story in a list."""

    story_id: str
    address: str
    title: str
    claims: int
    mentions: int
    voices: int
    documents: int
    organisations: list[str]
    entities: list[str]
    states: list[State]
    """How many of its claims stand where, the contested first."""
    first: StoryFirst | None
    moved: StoryMove | None
    moved_claims: int
    new_claims: int
    first_said_at: datetime | None
    last_said_at: datetime | None


class StoryPage(Document):
    """A part of the list of stories."""

    stories: list[StoryInList]
    total: int
    next: str | None
    """What to give as `cursor` for the next part; null where there is none."""
    published_at: datetime | None


class ClaimOfStory(Document):
    """A claim of a story, and where it stood."""

    claim_id: str
    claim: str
    kind: Kind
    status: Status
    score: float | None
    voices: int
    reason: str | None
    would_change: str | None
    mentions: int
    supports: int
    denies: int
    questions: int
    reports: int
    event_at: datetime | None
    event_precision: Precision
    first_at: datetime | None
    first_is_said: bool
    last_seen_at: datetime


class Band(Document):
    """A claim's status from `at` until `until`, which is null for where it stands."""

    claim_id: str
    before: Status | None
    status: Status
    at: datetime
    until: datetime | None
    at_is_said: bool
    judged_at: datetime
    reason: str
    evidence_id: str | None


class WordsOnClaim(Words):
    """The earliest words of one of those who spoke of the story first."""

    claim_id: str


class DenialOrArtefact(Document):
    """A denial, or an artefact, on a claim of the story: the first words of each voice."""

    claim_id: str
    evidence_id: str
    what: str
    stance: Stance
    speaker: str
    speaker_role: Role
    speaker_organisation: str | None
    source: str
    source_id: str
    platform: Platform
    url: str | None
    title: str | None
    quote: str
    said_at: datetime | None
    said_precision: Precision
    seen_at: datetime
    gone_at: datetime | None


class SpreadDocument(Document):
    """A document of the story with its earliest sentence on it, and whom it follows."""

    document_id: str
    source: str
    source_id: str
    platform: Platform
    url: str | None
    title: str | None
    speaker: str
    evidence_id: str
    quote: str
    said_at: datetime | None
    said_precision: Precision
    seen_at: datetime
    gone_at: datetime | None
    artefact: bool
    independent: bool
    voice_name: str
    claim_ids: list[str]
    stances: list[Stance]
    origin_document_id: str | None
    kind: EdgeKind | None
    follows: str | None
    follows_id: str | None


class RivalsOfStory(Document):
    """Two claims that look alike and differ in `slot`; `within` where both are of the story."""

    claim_id: str
    rival_id: str
    slot: str
    words: str
    claim: str
    status: Status
    voices: int
    rival: str
    rival_status: Status
    rival_voices: int
    within: bool


class DeadlineOfStory(Document):
    """A time that a claim names for a release, and how it came out."""

    claim_id: str
    model: str
    organisation: str
    revision: int
    deadline: datetime | None
    precision: Precision
    revises: str | None
    moved_days: int | None
    speaker: str | None
    said_at: datetime | None
    seen_at: datetime
    how: str
    state: str | None
    resolved_at: datetime | None
    reason: str | None
    void: str | None


class StillOpen(Document):
    """A claim that is not settled, and what would settle it."""

    claim_id: str
    would_change: str | None
    resolution: str | None
    """The text by which a dated claim is resolved."""


class RelatedStory(Document):
    """A story that this one took over, or that split off from it."""

    what: str
    story_id: str
    title: str | None
    since: datetime | None


class StoryDocument(Document):
    """A story with everything that stands around it."""

    story_id: str
    asked_id: str | None
    """The id that was asked for, where this story took that one over."""
    address: str
    title: str
    organisations: list[str]
    entities: list[str]
    split_from: str | None
    voices: int
    mentions: int
    as_of: Asked
    states: list[State]
    claims: list[ClaimOfStory]
    moves: list[Band]
    first: list[WordsOnClaim]
    marks: list[DenialOrArtefact]
    spread: list[SpreadDocument]
    rivals: list[RivalsOfStory]
    deadlines: list[DeadlineOfStory]
    still_open: list[StillOpen]
    related: list[RelatedStory]
    days: list[Days]
    left_out: list[LeftOut]
    published_at: datetime | None
