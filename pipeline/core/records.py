"""The records of the store, as frozen dataclasses: fields are the columns of the table named after each.

Times are timezone-aware UTC datetimes. `said_at` is when something was said, `seen_at` when we learned it.
Offsets count Unicode code points. Ids are strings that never change once given.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.core.vocabulary import (
    Certainty,
    DateOrigin,
    DecisionKind,
    EdgeKind,
    Extent,
    Kind,
    LinkKind,
    Outcome,
    Part,
    Platform,
    Precision,
    ReadAnew,
    Role,
    Severity,
    Stance,
    Status,
    VoiceKey,
)

WHOLE, FOLLOWED_WHOLE = 0.85, 0.5
"""How likely what supports a claim must bear out the whole of it to settle it; the second where an editor
follows the claim, which is in a person's words. From there on 93 in 100 do, of passages that support a
development claim of either kind (`models/training/entailment.py`). Below the second it says a part.
"""


@dataclass(frozen=True, slots=True)
class Source:
    """An outlet, account, person or organisation that publishes; `organisation` is its gazetteer id."""

    source_id: str
    name: str
    platform: Platform
    role: Role
    url: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One post, article or release page.

    `url` is the canonical URL at which it was first collected, `page` the address by which its page is known,
    where that is another (`page_of`). `source_id` is who publishes it (the account, or the outlet), `feed`
    the declared source it was collected from. A document that came with an id of its own may lack a URL. It
    was published between `not_before` and `seen_at`, where both are known. It vanished between `gone_after`
    (last seen present) and `gone_at` (first known gone).
    """

    document_id: str
    url: str | None
    platform: Platform
    source_id: str
    feed: str
    author: str | None
    author_name: str | None
    title: str | None
    published_at: datetime | None
    published_precision: Precision
    published_from: DateOrigin
    seen_at: datetime
    language: str | None
    in_reply_to: str | None
    artefact: bool
    score: int | None
    gone_at: datetime | None
    gone_after: datetime | None
    gone_evidence: str | None
    run_id: str
    not_before: datetime | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a document. It changed between `unchanged_at` (last seen as before) and `seen_at`.

    `headline` is the one that its page shows, where `title` is another. `read_anew` says why it is no edit,
    `modified_at` when its page says that it was last changed.
    """

    version_id: str
    document_id: str
    number: int
    title: str | None
    text: str
    text_sha256: str
    unchanged_at: datetime | None
    seen_at: datetime
    sha256: str | None
    warc: str | None
    run_id: str
    headline: str | None = None
    extent: Extent = Extent.WHOLE
    read_anew: ReadAnew | None = None
    modified_at: datetime | None = None
    modified_precision: Precision = Precision.UNKNOWN


@dataclass(frozen=True, slots=True)
class Link:
    """A pointer from a document to a canonical URL, which may be another one of its target's page."""

    document_id: str
    url: str
    kind: LinkKind
    words: str | None


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of one version that states, denies, questions or reports a proposition.

    `quote` is the version's `part` between `start_char` and `end_char`, to the letter. `proposition` is what
    is said with attribution and negation taken off, so that a denial meets what it denies. `attributed_to`
    names a voice behind the speaker that is not stored ("a post on a Chinese social site"). `by_author` says
    that the speaker is the publishing account or outlet itself, under whatever name. `organisations` are
    those the claim is about (with the owners of its models), `entities` the models, benchmarks and people it
    names, `numbers` its figures with their units: the slots that keep look-alike claims apart.
    """

    mention_id: str
    version_id: str
    document_id: str
    part: Part
    start_char: int
    end_char: int
    quote: str
    proposition: str
    kind: Kind
    speaker: str | None
    speaker_role: Role
    speaker_organisation: str | None
    speech_verb: str | None
    attributed_to: str | None
    negated: bool
    certainty: Certainty
    event_at: datetime | None
    event_precision: Precision
    organisations: tuple[str, ...]
    entities: tuple[str, ...]
    numbers: tuple[str, ...]
    cues: tuple[str, ...]
    said_at: datetime | None
    seen_at: datetime
    model: str
    run_id: str
    by_author: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """One proposition that mentions share. `merged_into` names the claim that took it over."""

    claim_id: str
    claim: str
    kind: Kind
    first_mention_id: str
    organisations: tuple[str, ...]
    entities: tuple[str, ...]
    event_at: datetime | None
    event_precision: Precision
    merged_into: str | None
    created_at: datetime
    run_id: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A mention's stance on a claim. Appended with its model, never overwritten; the newest row counts."""

    evidence_id: str
    claim_id: str
    mention_id: str
    stance: Stance
    confidence: float
    cues: tuple[str, ...]
    model: str
    weighed_at: datetime
    run_id: str


@dataclass(frozen=True, slots=True)
class Edge:
    """`document_id` follows `origin_document_id` (or a voice that is not stored: `origin_name`)."""

    edge_id: str
    document_id: str
    origin_document_id: str | None
    origin_name: str | None
    kind: EdgeKind
    strength: float
    words: str | None
    run_id: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The earliest independent voice behind a piece of evidence; equal `voice` is one and the same voice.

    `independent` is False where the evidence only passes on what another voice said.
    """

    claim_id: str
    mention_id: str
    voice: VoiceKey
    voice_name: str
    origin_document_id: str | None
    independent: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The status of a claim from `moved_at` on, judged at `judged_at`; `step` counts the changes in it.

    `moved_at` is when the evidence that moved it was said; None where that is unknown. `since` is that time,
    or when the evidence was seen.
    """

    claim_id: str
    judged_at: datetime
    step: int
    moved_at: datetime | None
    status: Status
    score: float
    voices: int
    rule: str
    reason: str
    evidence_ids: tuple[str, ...]
    would_change: str
    run_id: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """An editor's decision; `target` is the id of a claim, mention or (undo) decision, `value` the new value.

    `number` is its place in the journal, which orders decisions, and `sha256` its hash in the journal's
    chain.
    """

    decision_id: str
    kind: DecisionKind
    target: str
    value: str | None
    reason: str
    editor: str
    decided_at: datetime
    undone_at: datetime | None = None
    number: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of the pipeline."""

    run_id: str
    command: str
    started_at: datetime
    finished_at: datetime | None
    outcome: Outcome
    message: str | None


@dataclass(frozen=True, slots=True)
class StageCounts:
    """The counts of one stage; `inputs = done + skipped + failed` always holds.

    Raises ValueError when it does not.
    """

    inputs: int = 0
    done: int = 0
    skipped: int = 0
    failed: int = 0
    detail: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.inputs != self.done + self.skipped + self.failed:
            parts = f"{self.done} done + {self.skipped} skipped + {self.failed} failed"
            raise ValueError(f"{self.inputs} inputs are not {parts}")


@dataclass(frozen=True, slots=True)
class Issue:
    """One failure; `place` is a URL, a `file:line`, or an id. `inbox_folder` is set where it stood in the
    inbox, by the name of that folder.
    """

    issue_id: str
    run_id: str
    seen_at: datetime
    stage: str
    severity: Severity
    code: str
    source_id: str | None
    place: str | None
    message: str
    inbox_folder: str | None = None


def stable_id(prefix: str, *parts: object) -> str:
    """Return a short id of what never changes: `prefix` and 16 hex digits of the parts' SHA-256."""
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return f"{prefix}{hashlib.sha256(joined.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def followed_claim_id(sentence: str) -> str:
    """Return the id of the claim that an editor makes of a sentence, whatever its spacing and case."""
    return stable_id("c", "follow", " ".join(sentence.casefold().split()))
