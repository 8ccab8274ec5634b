"""The nouns of Rumortrail as frozen dataclasses and enums, and nothing else.

Times are timezone-aware UTC datetimes. `said_at` is when something was said, `seen_at` when we learned it.
Offsets count Unicode code points. Ids are strings that never change once given.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Platform(StrEnum):
    """A platform that documents are published on."""

    NEWS = "news"
    BLOG = "blog"
    X = "x"
    REDDIT = "reddit"
    HACKERNEWS = "hackernews"
    BLUESKY = "bluesky"
    MASTODON = "mastodon"
    TELEGRAM = "telegram"
    HUGGINGFACE = "huggingface"
    GITHUB = "github"
    ARXIV = "arxiv"
    FILE = "file"
    OTHER = "other"


ACCOUNT_PLATFORMS = frozenset(
    {Platform.X, Platform.REDDIT, Platform.HACKERNEWS, Platform.BLUESKY, Platform.MASTODON, Platform.TELEGRAM}
)
"""Platforms on which the account publishes, whatever listing a document was collected from."""


class Role(StrEnum):
    """The position of a source or a speaker toward a claim."""

    FIRST_PARTY = "first_party"
    PRESS = "press"
    EXPERT = "expert"
    COMMUNITY = "community"
    ANONYMOUS = "anonymous"
    AGGREGATOR = "aggregator"


class Precision(StrEnum):
    """The precision of a time; UNKNOWN goes with no time at all, never with a guess."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    UNKNOWN = "unknown"

    @property
    def to_the_day(self) -> bool:
        """Return whether at least the day is known."""
        return self.clock or self is Precision.DAY

    @property
    def clock(self) -> bool:
        """Return whether the time of day is known."""
        return self in (Precision.SECOND, Precision.MINUTE)


class DateOrigin(StrEnum):
    """The place where a publication time was read."""

    API = "api"
    FEED = "feed"
    JSON_LD = "json_ld"
    META = "meta"
    URL = "url"
    VISIBLE_TEXT = "visible_text"
    GIVEN = "given"
    UNKNOWN = "unknown"


class Extent(StrEnum):
    """How much of a document a version holds, the least first.

    FEED: what a feed said of a page that could not be read. TEASER: what a page shows that says that it is
    not free.
    """

    FEED = "feed"
    TEASER = "teaser"
    WHOLE = "whole"

    @property
    def reach(self) -> int:
        """Return its place among the extents, from 0."""
        return list(type(self)).index(self)


class ReadAnew(StrEnum):
    """The reason why a version is no edit of the one before: it holds more, or another reader made it."""

    FULLER = "fuller"
    READER = "reader"


class LinkKind(StrEnum):
    """A way in which one document points to another."""

    LINK = "link"
    REPLY = "reply"
    REPOST = "repost"
    QUOTE = "quote"


class Part(StrEnum):
    """The part of a version that a mention's offsets count in."""

    TITLE = "title"
    TEXT = "text"


class Kind(StrEnum):
    """The subject matter of a claim."""

    RELEASE = "release"
    DELAY = "delay"
    BENCHMARK_RESULT = "benchmark_result"
    BENCHMARK_GAMING = "benchmark_gaming"
    CAPABILITY = "capability"
    SIZE = "size"
    TRAINING_DATA = "training_data"
    PRICE = "price"
    LICENCE = "licence"
    PEOPLE = "people"
    SAFETY = "safety"
    DEAL = "deal"
    IDENTITY = "identity"
    OTHER = "other"


class Certainty(StrEnum):
    """The certainty that the speaker's own words express."""

    ASSERTED = "asserted"
    HEDGED = "hedged"
    REPORTED = "reported"
    PREDICTED = "predicted"
    QUESTIONED = "questioned"


class Stance(StrEnum):
    """The stance of a mention toward a claim."""

    SUPPORTS = "supports"
    DENIES = "denies"
    QUESTIONS = "questions"
    REPORTS = "reports"


WHOLE, FOLLOWED_WHOLE = 0.7, 0.5
"""How likely what supports a claim must bear out the whole of it to settle it; the second where an editor
follows the claim, which is in a person's words. From there on 93 in 100 do, of passages that support a
development claim of either kind (`models/training/entailment.py`). Below the second it says a part.
"""


class Status(StrEnum):
    """The status of a claim, as the evidence found so far supports it."""

    UNVERIFIED = "unverified"
    CORROBORATED = "corroborated"
    DISPUTED = "disputed"
    SUBSTANTIATED = "substantiated"
    CONTRADICTED = "contradicted"
    RETRACTED = "retracted"
    EXPIRED = "expired"


class ReleaseStage(StrEnum):
    """How far a release has come, the lowest first: a name found, words, a trial, an API, weights."""

    STRING_FOUND = "string_found"
    ANNOUNCED = "announced"
    PREVIEW = "preview"
    API = "api"
    OPEN_WEIGHTS = "open_weights"

    @property
    def height(self) -> int:
        """Return its place among the stages, from 0."""
        return list(type(self)).index(self)


class EdgeKind(StrEnum):
    """The sign that a document follows another one, or a voice that is not stored."""

    LINK = "link"
    REPLY = "reply"
    REPOST = "repost"
    QUOTE = "quote"
    ATTRIBUTION = "attribution"
    QUOTATION = "quotation"
    NEAR_DUPLICATE = "near_duplicate"
    SAME_SPEAKER = "same_speaker"


class Event(StrEnum):
    """The event in a row of the timeline."""

    SUPPORTS = "supports"
    DENIES = "denies"
    QUESTIONS = "questions"
    REPORTS = "reports"
    STATUS = "status"
    EDITED = "edited"
    HEDGED = "hedged"
    CORRECTED = "corrected"
    GONE = "gone"
    DEADLINE = "deadline"
    DECISION = "decision"
    JOINED = "joined"


class Change(StrEnum):
    """The parts that an edit changed; TRIVIAL is typography, or boilerplate such as a counter."""

    TRIVIAL = "trivial"
    HEADLINE = "headline"
    BODY = "body"
    HEADLINE_AND_BODY = "headline_and_body"


class DecisionKind(StrEnum):
    """A kind of editor's decision."""

    MERGE = "merge"
    APART = "apart"
    SPLIT = "split"
    MOVE = "move"
    STANCE = "stance"
    STATUS = "status"
    NOTE = "note"
    HIDE = "hide"
    FOLLOW = "follow"
    STORY_MERGE = "story_merge"
    STORY_SPLIT = "story_split"
    STORY_TITLE = "story_title"
    UNDO = "undo"


OF_STORIES = (DecisionKind.STORY_MERGE, DecisionKind.STORY_SPLIT, DecisionKind.STORY_TITLE)
"""The kinds of decisions whose target is a story."""


class Severity(StrEnum):
    """The weight of an issue: an ERROR lost something, a WARNING was worked around, INFO explains."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class IssueStage(StrEnum):
    """The step of collecting in which something went wrong; only CRAWL counts for a source's health."""

    CRAWL = "crawl"
    REVISIT = "revisit"


class Outcome(StrEnum):
    """The end of a run or of a source's crawl; OFF: the source lacks credentials or is switched off."""

    RUNNING = "running"
    OK = "ok"
    PARTIAL = "partial"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    OFF = "off"


class VoiceKind(StrEnum):
    """What a voice is known by; what HEARSAY passes on has nobody behind it and is no voice at all.

    USERS are all who tell of their own use. An UNSTORED voice is known only from who passes it on.
    """

    SOURCE = "source"
    OUTLET = "outlet"
    HOUSE = "house"
    ORGANISATION = "organisation"
    SPEAKER = "speaker"
    UNSTORED = "unstored"
    USERS = "users"
    HEARSAY = "hearsay"


class VoiceKey(str):
    """The key of a voice as it is stored: `kind:id`, or the kind alone. Equal keys are one voice."""

    __slots__ = ()

    @classmethod
    def of(cls, kind: VoiceKind, id: str = "") -> VoiceKey:
        """Return the key of a voice; `id` is empty where the kind says it all."""
        return cls(f"{kind}:{id}" if id else kind)

    @property
    def kind(self) -> VoiceKind:
        """Return what the voice is known by. Raises ValueError where the text is no key."""
        return VoiceKind(self.partition(":")[0])

    @property
    def id(self) -> str:
        """Return what tells the voice from others of its kind."""
        return self.partition(":")[2]

    @property
    def stored(self) -> bool:
        """Return whether a stored document has the voice speak."""
        return self.kind not in (VoiceKind.HEARSAY, VoiceKind.UNSTORED)


HEARSAY = VoiceKey.of(VoiceKind.HEARSAY)


# --- what the inbox carries (one JSON object a line; `type` names the record) -------------------------


@dataclass(frozen=True, slots=True)
class InboxLink:
    """A pointer from a document to a URL; `words` is the text that carries it, if any."""

    url: str
    kind: LinkKind = LinkKind.LINK
    words: str | None = None


@dataclass(frozen=True, slots=True)
class InboxDocument:
    """One version of one document as a spider or a file reader saw it.

    `id` is given only by documents that bring their own; otherwise ingest derives it from `url`. One of both
    is there. `author` is the account or byline that publishes; `author_name` its display name. `source` names
    the publishing source (a key of `sources.toml`, or a host for linked pages and files). `seen_at` is when
    its answer had come: the text was there by then. `asked_at` is when it was asked for: the text was there
    then or later; None where that is `seen_at` too, or not known. It was not published before `not_before`:
    its repository was made then, its paper submitted, or a whole listing lacked it. `headline` is the one
    that the page shows, where `title` is another. `reader` is the number of the code that read the text: a
    text that another one read may differ without an edit. `modified_at` is when the page says that it was
    last changed.
    """

    url: str | None
    platform: Platform
    source: str
    text: str
    seen_at: datetime
    id: str | None = None
    title: str | None = None
    author: str | None = None
    author_name: str | None = None
    published_at: datetime | None = None
    published_precision: Precision = Precision.UNKNOWN
    published_from: DateOrigin = DateOrigin.UNKNOWN
    language: str | None = None
    in_reply_to: str | None = None
    links: tuple[InboxLink, ...] = ()
    artefact: bool = False
    score: int | None = None
    sha256: str | None = None
    warc: str | None = None
    asked_at: datetime | None = None
    not_before: datetime | None = None
    headline: str | None = None
    extent: Extent = Extent.WHOLE
    reader: int = 1
    modified_at: datetime | None = None
    modified_precision: Precision = Precision.UNKNOWN


@dataclass(frozen=True, slots=True)
class InboxGone:
    """A document that its platform says is deleted, at some time between `last_present_at` and `seen_at`."""

    url: str
    source: str
    seen_at: datetime
    evidence: str
    id: str | None = None
    last_present_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InboxSource:
    """A source as declared, written once at the head of a spider's inbox file."""

    source: str
    name: str
    platform: Platform
    role: Role
    url: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class InboxIssue:
    """Something that went wrong while collecting; `place` is a URL, or `file:line`."""

    source: str | None
    code: str
    message: str
    severity: Severity
    seen_at: datetime
    place: str | None = None
    stage: IssueStage = IssueStage.CRAWL


@dataclass(frozen=True, slots=True)
class InboxCrawl:
    """The end of one source's crawl; the last line of a spider's inbox file.

    `listed` counts the items of its listing: None where that was not read whole, or had not changed.
    `expect_min` and `expect_max` bound it as `sources.toml` did in that night.
    """

    source: str
    started_at: datetime
    finished_at: datetime
    outcome: Outcome
    documents: int
    requests: int
    message: str | None = None
    listed: int | None = None
    expect_min: int | None = None
    expect_max: int | None = None


@dataclass(frozen=True, slots=True)
class InboxAlias:
    """An address that leads to the document at `leads_to`: a short link, a redirect, an older address."""

    url: str
    leads_to: str
    source: str
    seen_at: datetime


InboxRecord = InboxDocument | InboxGone | InboxSource | InboxIssue | InboxCrawl | InboxAlias


# --- what the store keeps (fields are the columns of the table named after the record) ----------------


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
    """One failure; `place` is a URL, a `file:line`, or an id."""

    issue_id: str
    run_id: str
    seen_at: datetime
    stage: str
    severity: Severity
    code: str
    source_id: str | None
    place: str | None
    message: str


def stable_id(prefix: str, *parts: object) -> str:
    """Return a short id of what never changes: `prefix` and 16 hex digits of the parts' SHA-256."""
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return f"{prefix}{hashlib.sha256(joined.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def followed_claim_id(sentence: str) -> str:
    """Return the id of the claim that an editor makes of a sentence, whatever its spacing and case."""
    return stable_id("c", "follow", " ".join(sentence.casefold().split()))
