"""The records of the inbox, as frozen dataclasses: one JSON object a line, whose `type` names the record.

Times are timezone-aware UTC datetimes. Offsets count Unicode code points.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.core.vocabulary import (
    DateOrigin,
    Extent,
    IssueStage,
    LinkKind,
    Outcome,
    Platform,
    Precision,
    Role,
    Severity,
)


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
