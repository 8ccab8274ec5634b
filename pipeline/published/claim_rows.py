"""The records of a claim and of what stands around it: rows of `claim.sql`.

Their times are in UTC: with their zone from `read_claim`, without it on the dashboard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.core.records import FOLLOWED_WHOLE
from pipeline.core.text import speaker_in
from pipeline.core.vocabulary import (
    Certainty,
    DateOrigin,
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


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim and where it stood; `denied_by` and `questioned_by` count voices.

    One that no editor follows has None for `followed_by`, `followed_since` and `followed_why`.
    """

    claim_id: str
    claim: str
    kind: Kind
    organisations: Sequence[str]
    entities: Sequence[str]
    event_at: datetime | None
    event_precision: Precision
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
    denied_by: int
    questioned_by: int
    first_seen_at: datetime
    last_seen_at: datetime
    importance: float | None
    importance_why: Sequence[str] | None
    followed_by: str | None = None
    followed_since: datetime | None = None
    followed_why: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A status that a claim took; where `at_is_said` is false, `at` is only when it was judged."""

    at: datetime
    status: Status
    reason: str
    at_is_said: bool
    evidence_id: str | None


@dataclass(frozen=True, slots=True)
class Happening:
    """An edit, a softened or corrected quote, or a deletion of a text behind a claim."""

    at: datetime
    event: Event
    reason: str
    at_is_said: bool
    evidence_id: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One mention with its voice, its place, its document and its archived page.

    `is_voice` is false for rumour and for what was not traced yet; `independent` is true where a voice speaks
    itself. `origin_document_id` is None where the mention was traced to nothing but its own document.
    `in_place`: the quote stands at its place to the letter; `quote_stands`: it stands in the newest text, or
    was missing first when the text was read anew, which is no edit.
    `said_earliest`: it was not said before that, as far as this is known, also where `said_at` is not.
    `extent`: in how much of the document the quote was read; it stands where the newest text is of another.
    `modified_at` is when the page of that version says that it was last changed.
    `entails`: of what supports the claim, how likely it bears out the whole of it, where that was read.
    `versions` leaves trivial edits at the end out, `newest_version` does not. `before` and `after` are text
    around the quote. `second_reader` names who else read it (None: nobody), with what it made of which words.
    """

    voice_key: str
    is_voice: bool
    evidence_id: str
    mention_id: str
    stance: Stance
    machine_stance: Stance
    confidence: float
    entails: float | None
    cues: Sequence[str]
    quote: str
    part: Part
    start_char: int
    end_char: int
    speaker: str | None
    speaker_role: Role
    speaker_organisation: str | None
    attributed_to: str | None
    certainty: Certainty
    document_id: str
    url: str | None
    source: str
    source_id: str
    platform: Platform
    author: str | None
    title: str | None
    said_at: datetime | None
    said_precision: Precision
    said_earliest: datetime | None
    published_from: DateOrigin
    seen_at: datetime
    voice_name: str
    independent: bool
    voice_reason: str | None
    origin_document_id: str | None
    gone_at: datetime | None
    gone_after: datetime | None
    gone_evidence: str | None
    artefact: bool
    versions: int
    edited_at: datetime
    unchanged_at: datetime | None
    quote_stands: bool
    extent: Extent
    modified_at: datetime | None
    modified_precision: Precision
    version_id: str
    version: int
    newest_version: int
    text_sha256: str
    sha256: str | None
    warc: str | None
    in_place: bool
    before: str | None
    after: str | None
    second_reader: str | None
    second_relation: str | None
    second_quotation: str | None

    @property
    def read_otherwise(self) -> bool:
        """Return whether a second reader reads it otherwise than the model does."""
        return self.second_relation is not None and self.second_relation != self.machine_stance

    @property
    def in_part(self) -> bool:
        """Return whether it supports the claim and more likely bears out a part of it than the whole."""
        return self.stance is Stance.SUPPORTS and self.entails is not None and self.entails < FOLLOWED_WHOLE

    @property
    def carries(self) -> bool:
        """Return whether it carries the claim on, standing behind it or not."""
        return self.stance in (Stance.SUPPORTS, Stance.REPORTS)


@dataclass(frozen=True, slots=True)
class FirstWords:
    """The earliest stored words of one of those who said it first; `total` counts these.

    Of several, nobody can tell from their times which was first.
    """

    evidence_id: str
    document_id: str
    speaker: str | None
    speaker_role: str
    speaker_organisation: str | None
    source: str
    source_id: str
    platform: str
    url: str | None
    quote: str
    cues: Sequence[str]
    said_at: datetime | None
    said_precision: Precision
    seen_at: datetime
    gone_at: datetime | None
    total: int

    @property
    def name(self) -> str:
        """Return who speaks, and in which source where that is another: "Ilse Brandt, in Courier"."""
        return speaker_in(self.speaker, self.source)


@dataclass(frozen=True, slots=True)
class Decision:
    """An editor's decision that bears on a claim.

    `machine` is what the machine says of the same, `quote` the mention that it is about; `undone_at` is None
    while it holds.
    """

    number: int
    decision_id: str
    kind: DecisionKind
    target: str
    value: str | None
    reason: str
    editor: str
    decided_at: datetime
    undone_at: datetime | None
    sha256: str
    machine: str | None
    quote: str | None


@dataclass(frozen=True, slots=True)
class Joined:
    """A claim that the machine joined to another, and how surely each bears out the other."""

    joined_id: str
    claim: str
    forward: float
    backward: float
    model: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Rival:
    """A claim that looks alike and differs in `slot`."""

    rival_id: str
    slot: str
    words: str
    claim: str
    status: Status
    voices: int


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign that a document follows another, or an unstored voice; `total` counts all of a claim."""

    document_id: str
    origin_document_id: str | None
    origin_name: str | None
    kind: EdgeKind
    words: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document in the provenance of a claim; `stance` is None where it says nothing of the claim itself."""

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
    extent: Extent = Extent.WHOLE


@dataclass(frozen=True, slots=True)
class Resolution:
    """A text that says how a dated claim will be resolved; the first stands for good, later ones beside it.

    `text` has lines `Label: sentences`; `rules` is the version of the rules that it tells of.
    """

    number: int
    written_at: datetime
    rules: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Outage:
    """A source that bears on the claim and could not be read while it moved; columns as in `blind_spots`."""

    source: str
    feed: str
    kind: str
    since: datetime
    until: datetime | None
    message: str | None
    bears_as: str


@dataclass(frozen=True, slots=True)
class Match:
    """A claim that has the words that were asked for."""

    claim_id: str
    status: Status
    mentions: int
    claim: str


@dataclass(frozen=True, slots=True)
class About:
    """A name that a claim is about and that has a page: a model, organisation, or person.

    `who_id` is that of a person's track record.
    """

    type: str
    subject: str
    who_id: str | None


def with_pages(
    organisations: Sequence[str], entities: Sequence[str], about: Sequence[About],
    page: Callable[[About], str | None],
) -> list[tuple[str, str | None]]:
    """Return the names of a claim with the addresses of their pages, None where there is none.

    One that is an organisation and a model is there twice, once for each page.
    """
    pages = {(name.type == "organisation", name.subject): page(name) for name in about}
    named = [(name, pages.get((True, name))) for name in organisations]
    named += [(name, pages.get((False, name))) for name in entities]
    linked = {name for name, address in named if address}
    return [(name, address) for name, address in dict.fromkeys(named) if address or name not in linked]


@dataclass(frozen=True, slots=True)
class InStory:
    """The story that a claim is in, and how many claims it holds."""

    story_id: str
    title: str
    claims: int
