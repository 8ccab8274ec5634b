"""What the JSON of sources holds, and of a search of everything."""

from __future__ import annotations

from datetime import datetime

from pipeline.core.vocabulary import Precision, Stance, Status
from pipeline.exports.json_base import Document, LeftOut
from pipeline.exports.json_claims import ClaimLine
from pipeline.exports.json_stories import StoryInList


class SourceLine(Document):
    """A source, or one who is quoted, with the record of what it said first."""

    who: str
    """source, speaker, organisation or house."""
    source_id: str
    address: str
    name: str
    platform: str
    """"" for one who is only quoted."""
    role: str
    url: str | None
    organisation: str | None
    documents: int
    claims: int
    first: int
    """Claims that it said first, of all that is stored."""
    settled: int
    held: int
    open: int
    void: int
    rate: float | None
    low: float | None
    high: float | None
    """The interval of 90 % in which the true rate lies."""
    few: bool
    """Too few settled claims to say anything."""
    lead_days: float | None
    lead_claims: int
    same_time: int
    joined: int
    repeated: int
    repeated_failed: int
    denied: int
    own: int


class SourcePage(Document):
    """A part of the list of sources."""

    sources: list[SourceLine]
    total: int
    next: str | None
    """What to give as `cursor` for the next part; null where there is none."""
    published_at: datetime | None


class SliceOfRecord(Document):
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


class ClaimOfSource(Document):
    """What a source or speaker did toward one claim, in its earliest words of that."""

    claim_id: str
    claim: str
    status: Status
    part: str
    own: bool
    counted: bool
    why: str
    lead_days: float | None
    stance: Stance
    quote: str
    speaker: str | None
    source: str
    url: str | None
    said_at: datetime | None
    said_precision: Precision


class RepeatOfSource(Document):
    """One who is repeated, or repeats, with the signs that show it."""

    source_id: str | None
    name: str
    documents: int
    claims: int
    signs: list[str]


class SourceDocument(Document):
    """A source with its track record."""

    source: SourceLine
    slices: list[SliceOfRecord]
    claims: list[ClaimOfSource]
    takes_from: list[RepeatOfSource]
    taken_by: list[RepeatOfSource]
    left_out: list[LeftOut]
    published_at: datetime | None


class SearchAnswer(Document):
    """What a search finds: claims by words and by meaning, stories and sources by words."""

    claims: list[ClaimLine]
    claims_total: int
    stories: list[StoryInList]
    stories_total: int
    sources: list[SourceLine]
    sources_total: int
    search: str
    """What the search of claims did."""
    published_at: datetime | None
