"""What stands around a claim: further rows of `sql/claim.sql`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
class Sign:
    """A sign that one document follows another, or a voice that is not stored; `total` counts all of a claim."""

    document_id: str
    origin_document_id: str | None
    origin_name: str | None
    kind: str
    words: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Node:
    """A document in the provenance of a claim; `stance` is None where it says nothing of the claim itself."""

    document_id: str
    source: str
    source_id: str
    author: str | None
    url: str | None
    published_at: datetime | None
    published_precision: str
    seen_at: datetime
    gone_at: datetime | None
    stance: str | None


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
class Hedged:
    """A sentence that a later version hedged, corrected or left out."""

    event: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Rung:
    """A rung that a model has reached, and what shows it."""

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


@dataclass(frozen=True, slots=True)
class Blind:
    """A source that bears on the claim and could not be read while it moved."""

    source: str
    feed: str
    kind: str
    since: datetime
    until: datetime | None
    message: str | None
    bears_as: str


@dataclass(frozen=True, slots=True)
class EditorSaid:
    """An editor's decision that holds; `machine` is what the machine says of the same, `quote` the mention it is about."""

    kind: str
    value: str | None
    reason: str
    editor: str
    decided_at: datetime
    machine: str | None
    quote: str | None
