"""The questions to editors: the rows of `review.sql`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much waits in each queue."""

    pairs: int
    stances: int
    turning: int


@dataclass(frozen=True, slots=True)
class GreyPair:
    """Two claims that are nearly one; `claim_id` would stand for both. `score` is from 0 to 1."""

    score: float
    claim_id: str
    claim: str
    status: str
    voices: int
    mentions: int
    other_id: str
    other: str
    other_status: str
    other_voices: int
    other_mentions: int


@dataclass(frozen=True, slots=True)
class Words:
    """Words on a claim."""

    claim_id: str
    stance: str
    quote: str
    speaker: str | None
    speaker_role: str
    speaker_organisation: str | None
    source: str
    source_id: str
    said_at: datetime | None
    said_precision: str


@dataclass(frozen=True, slots=True)
class UnsureStance:
    """A mention of whose stance the model is unsure, or that a second reader reads otherwise.

    `whole` is the text or headline that holds the quote; `second_reader` is None where none reads it so.
    """

    mention_id: str
    claim_id: str
    claim: str
    status: str
    machine_stance: str
    confidence: float
    cues: list[str]
    quote: str
    start_char: int
    end_char: int
    whole: str
    speaker: str | None
    speaker_role: str
    speaker_organisation: str | None
    source: str
    source_id: str
    url: str | None
    said_at: datetime | None
    said_precision: str
    second_reader: str | None
    second_relation: str | None
    second_quotation: str | None


@dataclass(frozen=True, slots=True)
class Turning:
    """A claim whose status may change soon: `why` is "deadline" or "voice"."""

    claim_id: str
    claim: str
    status: str
    voices: int
    mentions: int
    would_change: str | None
    event_at: datetime | None
    event_precision: str
    why: str
