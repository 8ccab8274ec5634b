"""The sources' pages: the rows of `sources.sql`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
    same_time: int
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
class Repeat:
    """One who is repeated, or repeats, with the signs that show it ("link: 3"); `total` counts all."""

    source_id: str | None
    name: str
    documents: int
    claims: int
    signs: list[str]
    total: int
