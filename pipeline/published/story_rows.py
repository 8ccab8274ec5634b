"""The records of a story and of what stands around it: rows of `stories.sql`. Their times are in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.core.text import speaker_in
from pipeline.core.vocabulary import EdgeKind, Kind, Platform, Precision, Role, Stance, Status
from pipeline.published.claim_rows import FirstWords

CONTESTED_FIRST = (
    Status.DISPUTED,
    Status.CONTRADICTED,
    Status.RETRACTED,
    Status.SUBSTANTIATED,
    Status.CORROBORATED,
    Status.UNVERIFIED,
    Status.EXPIRED,
)
"""The order in which the claims of a story are counted."""
CONTESTED = CONTESTED_FIRST[:3]
OPEN = (Status.UNVERIFIED, Status.CORROBORATED, Status.DISPUTED)
"""The statuses of claims that are not settled."""


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many claims of a story stand where."""

    status: Status
    claims: int


@dataclass(frozen=True, slots=True)
class DayDocuments:
    """How many documents spoke to a story on a day of UTC; days without any have no row."""

    day: date
    documents: int


@dataclass(frozen=True, slots=True)
class LastMove:
    """The move of a claim that was the last in its story; `before` is None for a claim that is new.

    `at` is when what moved it was said; where `at_is_said` is false, when it was first seen or judged.
    """

    claim_id: str
    claim: str
    before: Status | None
    status: Status
    at: datetime
    at_is_said: bool
    judged_at: datetime
    reason: str
    evidence_id: str | None


@dataclass(frozen=True, slots=True)
class FirstSaid:
    """Who spoke of a story first; `total` counts all of whom nobody can tell which of them was first.

    `speaker` is "nobody named" where the words name none; it is never the source instead. `said_at` is
    None where no document says when.
    """

    speaker: str
    source: str
    said_at: datetime | None
    said_precision: Precision
    seen_at: datetime
    evidence_id: str
    claim_id: str
    total: int

    @property
    def name(self) -> str:
        """Return who speaks, and in which source where that is another: "Ilse Brandt, in Courier"."""
        return speaker_in(self.speaker, self.source)


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A story as a list shows it.

    `states` has the contested statuses first and leaves out those of no claim. `days` has all days on which
    somebody spoke to it, the earliest first. `documents` counts those of the asked time. Where the list was
    asked for what moved since an instant, `moved` is the last of that, and `moved_claims` and `new_claims`
    count the claims that moved since, and that are new since; otherwise those that ever moved, and all.
    `total` counts the stories of all pages.
    """

    story_id: str
    title: str
    claims: int
    mentions: int
    voices: int
    documents: int
    organisations: Sequence[str]
    entities: Sequence[str]
    states: Sequence[StatusCount]
    first: FirstSaid | None
    moved: LastMove | None
    days: Sequence[DayDocuments]
    first_said_at: datetime | None
    last_said_at: datetime | None
    moved_claims: int
    new_claims: int
    total: int


@dataclass(frozen=True, slots=True)
class Story:
    """A story; `split_from` is the one that most of its first claims had been in."""

    story_id: str
    title: str
    organisations: Sequence[str]
    entities: Sequence[str]
    split_from: str | None
    split_from_title: str | None


@dataclass(frozen=True, slots=True)
class StoryClaim:
    """A claim of a story and where it stood; `first_at` is None where nobody had spoken to it.

    Where `first_is_said` is false, `first_at` is when it was first seen.
    """

    claim_id: str
    claim: str
    kind: Kind
    status: Status
    score: float | None
    voices: int
    rule: str | None
    reason: str | None
    would_change: str | None
    evidence_ids: Sequence[str]
    mentions: int
    supports: int
    denies: int
    questions: int
    reports: int
    organisations: Sequence[str]
    entities: Sequence[str]
    event_at: datetime | None
    event_precision: Precision
    first_at: datetime | None
    first_is_said: bool
    first_precision: Precision
    first_seen_at: datetime
    last_seen_at: datetime

    @property
    def is_open(self) -> bool:
        """Return whether the claim is not settled."""
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class ClaimMove:
    """A band of a claim: `status` from `at` until `until`, which is None for where it stands.

    `before` is the status before, None for the first. Where `at_is_said` is false, `at` is when it was first
    seen or judged.
    """

    claim_id: str
    before: Status | None
    status: Status
    at: datetime
    until: datetime | None
    at_is_said: bool
    judged_at: datetime
    reason: str
    evidence_id: str | None


@dataclass(frozen=True, slots=True)
class StoryWords(FirstWords):
    """The earliest words of one of those who spoke of the story first; `total` counts these."""

    claim_id: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A denial or an artefact (`what`) on a claim of the story: of each voice the first words."""

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
    cues: Sequence[str]
    said_at: datetime | None
    said_precision: Precision
    seen_at: datetime
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Spread:
    """A document of the story with its earliest sentence, the claims it speaks to and whom it follows.

    `author` wrote the document, `speaker` says the sentence, or "nobody named". `independent` tells
    whether it adds a voice of its own. `kind` is by which sign it follows `follows`, the strongest of
    several; all three are None where it follows nobody known, and `follows_id` where that is
    not stored. `origin_document_id` is the document that it was traced to in the end, where that is another.
    `total` counts all documents.
    """

    document_id: str
    source: str
    source_id: str
    platform: Platform
    url: str | None
    title: str | None
    author: str | None
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
    claim_ids: Sequence[str]
    stances: Sequence[Stance]
    origin_document_id: str | None
    kind: EdgeKind | None
    follows: str | None
    follows_id: str | None
    total: int


@dataclass(frozen=True, slots=True)
class RivalPair:
    """A claim of the story and one that looks alike and differs in `slot`; `within` where both are of it."""

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


@dataclass(frozen=True, slots=True)
class StoryDeadline:
    """A time that a claim of the story names for a release.

    `state` (open, met, missed, void), `resolved_at`, `reason` and `void` are known for now alone.
    """

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


@dataclass(frozen=True, slots=True)
class ClaimResolution:
    """The text by which a dated claim is resolved: lines `Label: sentences`."""

    claim_id: str
    number: int
    written_at: datetime
    rules: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class StoryJoin:
    """A claim that the machine joined to one of the story."""

    claim_id: str
    joined_id: str
    claim: str
    forward: float
    backward: float
    model: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Kin:
    """Another story that this one took over (then `title` is None), or that split off from it (`what`)."""

    what: str
    story_id: str
    title: str | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A claim that is not settled, and what would settle it.

    `would_change` says what would change its status. `resolution` is the text by which a dated claim is
    resolved, `deadlines` are the times that it names.
    """

    claim: StoryClaim
    would_change: str | None
    resolution: ClaimResolution | None
    deadlines: Sequence[StoryDeadline]
