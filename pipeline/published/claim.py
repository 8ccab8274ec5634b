"""All that the published copy holds on one claim, for what is handed out about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import duckdb

from pipeline.core.config import Config, Home
from pipeline.core.errors import DataError
from pipeline.core.records import (
    Certainty,
    DateOrigin,
    DecisionKind,
    EdgeKind,
    Event,
    Kind,
    Part,
    Platform,
    Precision,
    Role,
    Stance,
    Status,
)
from pipeline.core.rows import build
from pipeline.published.database import open_published, query
from pipeline.store.queries import Statements

SQL = Statements(__package__, "claim")

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Subject:
    """The claim and where it stands; columns as in the view `claims`."""

    claim_id: str
    claim: str
    kind: Kind
    status: Status
    score: float | None
    voices: int
    supports: int
    denies: int
    questions: int
    reports: int
    mentions: int
    rule: str | None
    reason: str | None
    would_change: str | None
    evidence_ids: tuple[str, ...]
    organisations: tuple[str, ...]
    entities: tuple[str, ...]
    first_said_at: datetime | None
    last_moved_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    event_at: datetime | None
    event_precision: Precision


@dataclass(frozen=True, slots=True)
class Statement:
    """One piece of evidence with its place, its document and its archived page.

    `independent` is whether a voice speaks itself here, `stands` whether the quote is at its place to the
    letter; `origin_document_id` is None where it was traced to nothing but itself.
    """

    evidence_id: str
    mention_id: str
    stance: Stance
    machine_stance: Stance
    certainty: Certainty
    quote: str
    part: Part
    start_char: int
    end_char: int
    speaker: str | None
    speaker_role: Role
    speaker_organisation: str | None
    attributed_to: str | None
    document_id: str
    url: str | None
    source: str
    platform: Platform
    author: str | None
    title: str | None
    said_at: datetime | None
    said_precision: Precision
    published_from: DateOrigin
    seen_at: datetime
    voice: str
    voice_name: str
    independent: bool
    voice_reason: str | None
    origin_url: str | None
    origin_document_id: str | None
    gone_at: datetime | None
    gone_after: datetime | None
    gone_evidence: str | None
    artefact: bool
    version_id: str
    version: int
    versions: int
    text_sha256: str
    sha256: str | None
    warc: str | None
    stands: bool

    @property
    def carries(self) -> bool:
        """Whether it carries the claim on, standing behind it or not."""
        return self.stance in (Stance.SUPPORTS, Stance.REPORTS)


@dataclass(frozen=True, slots=True)
class Happening:
    """A status, an edit, a deletion, a deadline, a decision; columns as in the view `timeline`."""

    at: datetime
    event: Event
    status: Status | None
    reason: str
    at_is_said: bool
    seen_at: datetime
    evidence_id: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What an editor said that bears on the claim."""

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
class Taken:
    """A sign that one document follows another, or a voice that is not stored."""

    kind: EdgeKind
    words: str | None
    strength: float
    source: str
    url: str | None
    published_at: datetime | None
    published_precision: Precision
    origin_source: str | None
    origin_url: str | None


@dataclass(frozen=True, slots=True)
class Blind:
    """A source that bears on the claim and could not be read while it moved; as in `blind_spots`."""

    source: str
    kind: str
    since: datetime
    until: datetime | None
    message: str | None
    bears_as: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One claim with everything that stands around it; `meta` is that of the published copy."""

    subject: Subject
    statements: list[Statement]
    happenings: list[Happening]
    decisions: list[Decided]
    rivals: list[Rival]
    taken: list[Taken]
    blind: list[Blind]
    meta: dict[str, str]

    @property
    def moves(self) -> list[Happening]:
        """The changes of status, by time."""
        return [one for one in self.happenings if one.event is Event.STATUS]


def read_casefile(home: Home, config: Config, claim_id: str) -> CaseFile:
    """What the published copy holds on `claim_id`, or on the claim that an editor merged it into.

    Raises DataError where nothing is published, and for a claim that is unknown or hidden.
    """
    connection = open_published(home.published, config.ask)
    try:
        reader = _Reader(connection, config.ask.seconds, claim_id)
        found = reader.rows(Subject, "subject")
        if not found:
            reader.claim_id = _heir(reader, claim_id)
            found = reader.rows(Subject, "subject")
        if not found:
            raise DataError(f"{reader.claim_id} is not published: run `rumortrail process`")
        return CaseFile(
            found[0],
            reader.rows(Statement, "statements"),
            reader.rows(Happening, "happenings"),
            reader.rows(Decided, "decisions"),
            reader.rows(Rival, "rivals"),
            reader.rows(Taken, "taken"),
            reader.rows(Blind, "blind"),
            {str(key): str(value) for key, value in reader.plain("meta")[1]},
        )
    finally:
        connection.close()


@dataclass(slots=True)
class _Reader:
    connection: duckdb.DuckDBPyConnection
    seconds: float
    claim_id: str

    def plain(self, name: str) -> tuple[list[str], list[tuple[object, ...]]]:
        sql = SQL[name]
        given = {"claim_id": self.claim_id} if "$claim_id" in sql else {}
        return query(self.connection, sql, given, seconds=self.seconds)

    def rows(self, record: type[Row], name: str) -> list[Row]:
        columns, rows = self.plain(name)
        return [build(record, dict(zip(columns, row, strict=True))) for row in rows]


def _heir(reader: _Reader, claim_id: str) -> str:
    if hidden := reader.plain("hidden")[1]:
        raise DataError(
            f"{claim_id} is hidden: {hidden[0][0]} decided so; `rumortrail decide` lists the decisions"
        )
    if heir := reader.plain("heir")[1]:
        return str(heir[0][0])
    raise DataError(
        f"no claim {claim_id!r} is published:"
        ' `rumortrail ask "SELECT claim_id, claim FROM claims"` shows them'
    )
