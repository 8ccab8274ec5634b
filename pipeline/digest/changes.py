"""The changes of one run: as records, in words that every form of the digest shares, and as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Protocol, TypeVar

from pipeline.core.context import RunContext
from pipeline.core.text import counted, one_line
from pipeline.core.vocabulary import Kind, Outcome, Severity, Status
from pipeline.store.queries import Statements
from pipeline.store.store import Store

SQL = Statements(__package__, "changes")

NAMED = 3
"""Sources that failed in the same words and are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Move:
    """A claim whose status is new; `before` is None for a claim that was not there."""

    claim_id: str
    claim: str
    kind: Kind
    before: Status | None
    status: Status
    reason: str
    voices: int


@dataclass(frozen=True, slots=True)
class Edit:
    """A document whose text changed between `unchanged_at` and `seen_at`."""

    document_id: str
    url: str | None
    title: str
    source: str
    number: int
    unchanged_at: datetime | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Deletion:
    """A document that vanished between `gone_after` and `gone_at`."""

    document_id: str
    url: str | None
    title: str
    source: str
    gone_after: datetime | None
    gone_at: datetime
    gone_evidence: str


@dataclass(frozen=True, slots=True)
class CrawlFailure:
    """A source that was not read in full."""

    feed: str
    source: str
    outcome: Outcome
    documents: int
    message: str | None


class CrawlEnd(Protocol):
    """How the crawl of a source ended."""

    @property
    def source(self) -> str: ...
    @property
    def outcome(self) -> Outcome: ...
    @property
    def message(self) -> str | None: ...


End = TypeVar("End", bound=CrawlEnd)


def alike(crawls: Sequence[End]) -> list[tuple[str, End]]:
    """Return one crawl of those that ended in the same words, with the names of all their sources."""
    groups: dict[tuple[Outcome, str | None], list[End]] = {}
    for crawl in crawls:
        groups.setdefault((crawl.outcome, crawl.message), []).append(crawl)
    return [(_names([crawl.source for crawl in group]), group[0]) for group in groups.values()]


def _names(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return f"{', '.join(names[:NAMED])} and {more:,} more" if more > 0 else ", ".join(names)


@dataclass(frozen=True, slots=True)
class AilingSource:
    """A source that is `ailing` (it failed three nights in a row or more), or that has gone stale.

    `last_ok_at` is None if it was never read.
    """

    source: str
    nights_failed: int
    last_ok_at: datetime | None
    why: str | None
    ailing: bool = True


@dataclass(frozen=True, slots=True)
class IssueCount:
    """How often one thing went wrong, with one of its messages."""

    severity: Severity
    code: str
    times: int
    message: str


class Style(Enum):
    """How a piece is written: FOREIGN and QUOTE are text from strangers, CLAIM a claim's id."""

    PLAIN = auto()
    STRONG = auto()
    FOREIGN = auto()
    QUOTE = auto()
    CLAIM = auto()


Piece = tuple[Style, str]
Row = list[Piece]


@dataclass(frozen=True, slots=True)
class Section:
    """One list of the digest; a headline counts it by `noun`, or `plural` (default: with an s).

    `several` is the number of things where a row tells of more than one.
    """

    title: str
    noun: str
    rows: list[Row]
    plural: str = ""
    several: int | None = None

    @property
    def count(self) -> int:
        """Return how many things the rows tell of."""
        return len(self.rows) if self.several is None else self.several


@dataclass(frozen=True, slots=True)
class Changes:
    """All that one run changed, and the sources that are ailing after it."""

    moves: list[Move]
    edits: list[Edit]
    deletions: list[Deletion]
    crawls: list[CrawlFailure]
    ailing: list[AilingSource]
    issues: list[IssueCount]


def changes(store: Store, run: RunContext) -> Changes:
    """Read the changes of `run` from the store."""
    parameters = {"run_id": run.run_id}
    return Changes(
        moves=store.read(Move, SQL["moves"], parameters),
        edits=store.read(Edit, SQL["edits"], parameters),
        deletions=store.read(Deletion, SQL["gone"], parameters),
        crawls=store.read(CrawlFailure, SQL["crawls"], parameters),
        ailing=store.read(AilingSource, SQL["ailing"]),
        issues=issues(store, run),
    )


def issues(store: Store, run: RunContext) -> list[IssueCount]:
    """Read from the store what went wrong in `run`, counted."""
    return store.read(IssueCount, SQL["issues"], {"run_id": run.run_id})


def sections(changes: Changes) -> list[Section]:
    """Return the digest in words: what moved and why, what was edited or deleted, and what failed."""
    moved = [_moved(move) for move in changes.moves if move.before is not None]
    new = [_new(move) for move in changes.moves if move.before is None]
    unread = [_unread(names, crawl) for names, crawl in alike(changes.crawls)]
    failed = ("source not read in full", "sources not read in full")
    return [
        Section("Status changes", "status change", moved),
        Section("New claims", "new claim", new),
        Section("Edited", "edited document", [_edited(edit) for edit in changes.edits]),
        Section("Deleted", "deleted document", [_deleted(gone) for gone in changes.deletions]),
        Section("Sources not read in full", failed[0], unread, failed[1], several=len(changes.crawls)),
        Section("Ailing sources", "ailing source", [_ailing(source) for source in changes.ailing]),
        Section("Issues", "kind of issue", [_issue(issue) for issue in changes.issues], "kinds of issues"),
    ]


def headline(sections: list[Section]) -> str:
    """Return the counts in our own words alone: "1 status change, 2 ailing sources"."""
    counts = [counted(section.count, section.noun, section.plural) for section in sections if section.rows]
    return ", ".join(counts) or "nothing changed"


def markdown(run: RunContext, sections: list[Section]) -> str:
    """Return the digest as Markdown."""
    lines = [f"# Rumortrail, {run.now:%Y-%m-%d %H:%M} UTC", ""]
    for section in sections:
        rows = ["- " + "".join(_MARKDOWN[style](text) for style, text in row) for row in section.rows]
        lines += [f"## {section.title} ({section.count})", "", *(rows or ["None."]), ""]
    return "\n".join(lines) + "\n"


def _moved(move: Move) -> Row:
    return [
        *_claim(move, f" (was {move.before}): "),
        _plain(". "),
        _foreign(move.reason),
        _plain(" "),
        (Style.CLAIM, move.claim_id),
    ]


def _new(move: Move) -> Row:
    voices = counted(move.voices, "independent voice")
    return [*_claim(move, f", {voices}: "), _plain(" "), (Style.CLAIM, move.claim_id)]


def _claim(move: Move, between: str) -> Row:
    return [(Style.STRONG, str(move.status)), _plain(between), _foreign(move.claim)]


def _edited(edit: Edit) -> Row:
    when = f"), version {edit.number}, {_interval(edit.unchanged_at, edit.seen_at)}"
    return [_foreign(edit.title), _plain(" ("), _foreign(edit.source), _plain(when)]


def _deleted(gone: Deletion) -> Row:
    when = f"), {_interval(gone.gone_after, gone.gone_at)}: "
    head = [_foreign(gone.title), _plain(" ("), _foreign(gone.source), _plain(when)]
    return [*head, _foreign(gone.gone_evidence)]


def _unread(names: str, crawl: CrawlFailure) -> Row:
    return [_foreign(names), _plain(f": {crawl.outcome}. "), _foreign(crawl.message or "")]


def _ailing(ailing: AilingSource) -> Row:
    if not ailing.ailing:
        return [_foreign(ailing.source), _plain(": stale. "), _foreign(ailing.why or "")]
    last_read = f"last read {ailing.last_ok_at:%Y-%m-%d}" if ailing.last_ok_at else "never read"
    return [
        _foreign(ailing.source),
        _plain(f": failed {ailing.nights_failed} nights in a row, {last_read}. "),
        _foreign(ailing.why or ""),
    ]


def _issue(issue: IssueCount) -> Row:
    head = f"{issue.severity}, {issue.code}, {counted(issue.times, 'time')}: "
    return [_plain(head), _foreign(issue.message)]


def _plain(text: str) -> Piece:
    return Style.PLAIN, text


def _foreign(text: str) -> Piece:
    return Style.FOREIGN, text


def _interval(earliest: datetime | None, latest: datetime) -> str:
    return (
        f"between {earliest:%Y-%m-%d %H:%M} and {latest:%Y-%m-%d %H:%M} UTC"
        if earliest
        else f"before {latest:%Y-%m-%d %H:%M} UTC"
    )


def _escaped(text: str) -> str:
    """Return a stranger's text on one line, with what Markdown and HTML would act on escaped."""
    return one_line(text).translate(_ESCAPES)


_ESCAPES = str.maketrans(
    {c: f"\\{c}" for c in r"\`*_[]()#!|~"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
)
_MARKDOWN: dict[Style, Callable[[str], str]] = {
    Style.PLAIN: str,
    Style.STRONG: "**{}**".format,
    Style.FOREIGN: _escaped,
    Style.QUOTE: lambda text: f"“{_escaped(text)}”",
    Style.CLAIM: "`{}`".format,
}
