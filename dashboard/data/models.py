"""The pages of models and organisations: the rows of `models.sql`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Subject:
    """A model or an organisation with how the claims about it stand; `total` counts the rows of all pages.

    `next_at` is when the next claim that is not settled is due; `latest` and `loudest` have id, words and
    status of the newest claim and of the one that is talked about most; `rungs` are the stages that a model
    reached, `models` counts those of an organisation, `who_id` is the voice of its track record.
    """

    type: str
    subject: str
    owner: str | None
    who_id: str | None
    claims: int
    statuses: dict[str, int]
    newest: datetime
    latest: dict[str, str]
    loudest: dict[str, str]
    next_at: datetime | None
    next_precision: str | None
    total: int
    rungs: list[str]
    models: int


@dataclass(frozen=True, slots=True)
class SubjectClaim:
    """A claim about one; `of_kind` counts the claims of its kind, `total` all."""

    claim_id: str
    claim: str
    kind: str
    of_kind: int
    status: str
    voices: int
    mentions: int
    first_said_at: datetime | None
    said_precision: str
    first_seen_at: datetime
    last_moved_at: datetime | None
    event_at: datetime | None
    event_precision: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Step:
    """A status that a claim took; `since` is when we saw what moved it where not `since_is_said`."""

    claim_id: str
    since: datetime
    since_is_said: bool
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rung:
    """A release stage that a model reached, and the artefact or words that show it; `total` counts all."""

    model: str
    rung: str
    reached_at: datetime
    at_is_said: bool
    url: str | None
    words: str
    claim_id: str
    total: int


@dataclass(frozen=True, slots=True)
class Goalpost:
    """A claim of a release for a time that cannot be fixed; `total` counts them all."""

    model: str
    claim_id: str
    claim: str
    speaker: str
    said_at: datetime | None
    seen_at: datetime
    reason: str
    total: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims that differ in a slot; `words` are "this / the other", `benchmark` is that of the first."""

    claim_id: str
    rival_id: str
    slot: str
    words: str
    benchmark: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Side:
    """A claim that has rivals, with the first five voices that carry and deny it."""

    claim_id: str
    claim: str
    status: str
    voices: int
    mentions: int
    reason: str | None
    carried_by: list[str]
    denied_by: list[str]


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What an organisation said about itself, and where that claim stands; `total` counts all."""

    claim_id: str
    claim: str
    status: str
    reason: str | None
    last_moved_at: datetime | None
    stance: str
    quote: str
    speaker: str | None
    source: str
    source_id: str
    url: str | None
    said_at: datetime | None
    said_precision: str
    total: int
