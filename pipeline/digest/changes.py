"""What one run changed: as records, in words that every form of the digest shares, and as Markdown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from pipeline.core.context import RunContext
from pipeline.core.records import Kind, Outcome, Severity, Status
from pipeline.store.queries import Statements
from pipeline.store.store import Store

SQL = Statements(__package__, "changes")

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
class CrawlFault:
    """A source that was not read, or not whole."""

    feed: str
    source: str
    outcome: Outcome
    documents: int
    message: str | None


@dataclass(frozen=True, slots=True)
class Ailing:
    """A source that failed three nights in a row or more; `last_ok_at` is None where it was never read."""

    source: str
    nights_failed: int
    last_ok_at: datetime | None
    why: str | None


@dataclass(frozen=True, slots=True)
class IssueCount:
    """How often one thing went wrong, with one of its messages."""

    severity: Severity
    code: str
    times: int
    message: str


class Hand(Enum):
    """By whose hand a piece of the digest is: `THEIRS` is text from strangers, `CLAIM` an id."""

    OURS = auto()
    STRONG = auto()
    THEIRS = auto()
    CLAIM = auto()


Piece = tuple[Hand, str]
Row = list[Piece]


@dataclass(frozen=True, slots=True)
class Section:
    """One list of the digest; `brief` counts it in a headline, as "3 status changes"."""

    title: str
    brief: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Changes:
    """All that one run changed, and the sources that are ailing after it."""

    moves: list[Move]
    edits: list[Edit]
    deletions: list[Deletion]
    crawls: list[CrawlFault]
    ailing: list[Ailing]
    issues: list[IssueCount]


def changes(store: Store, run: RunContext) -> Changes:
    """Read what `run` changed."""
    this = {"run_id": run.run_id}
    return Changes(
        moves=store.read(Move, SQL["moves"], this),
        edits=store.read(Edit, SQL["edits"], this),
        deletions=store.read(Deletion, SQL["gone"], this),
        crawls=store.read(CrawlFault, SQL["crawls"], this),
        ailing=store.read(Ailing, SQL["ailing"]),
        issues=store.read(IssueCount, SQL["issues"], this),
    )


def sections(found: Changes) -> list[Section]:
    """The digest in words: what moved and why, what was edited or deleted, and what failed."""
    moved = [m for m in found.moves if m.before is not None]
    new = [m for m in found.moves if m.before is None]
    return [
        Section("Status changes", "status change", [_moved(m) for m in moved]),
        Section("New claims", "new claim", [_new(m) for m in new]),
        Section("Edited", "edited document", [_edited(e) for e in found.edits]),
        Section("Deleted", "deleted document", [_deleted(d) for d in found.deletions]),
        Section(
            "Sources not read, or not whole",
            "source not read or not whole",
            [_unread(c) for c in found.crawls],
        ),
        Section("Ailing sources", "ailing source", [_ailing(a) for a in found.ailing]),
        Section("Issues", "kind of issue", [_issue(i) for i in found.issues]),
    ]


def headline(told: list[Section]) -> str:
    """What there is of each kind, in our own words alone: "1 status change, 2 ailing sources"."""
    plurals = {
        "source not read or not whole": "sources not read or not whole",
        "kind of issue": "kinds of issues",
    }
    counts = [
        f"{len(s.rows):,} {s.brief if len(s.rows) == 1 else plurals.get(s.brief, f'{s.brief}s')}"
        for s in told
        if s.rows
    ]
    return ", ".join(counts) or "nothing changed"


def markdown(run: RunContext, told: list[Section]) -> str:
    """The digest as Markdown."""
    lines = [f"# Rumortrail, {run.now:%Y-%m-%d %H:%M} UTC", ""]
    for section in told:
        rows = ["- " + "".join(_MARKDOWN[hand](text) for hand, text in row) for row in section.rows]
        lines += [f"## {section.title} ({len(rows)})", "", *(rows or ["None."]), ""]
    return "\n".join(lines) + "\n"


def _moved(move: Move) -> Row:
    return [
        *_claim(move, f" (was {move.before}): "),
        _ours(". "),
        _theirs(move.reason),
        _ours(" "),
        (Hand.CLAIM, move.claim_id),
    ]


def _new(move: Move) -> Row:
    return [*_claim(move, f", {move.voices} voice(s): "), _ours(" "), (Hand.CLAIM, move.claim_id)]


def _claim(move: Move, between: str) -> Row:
    return [(Hand.STRONG, str(move.status)), _ours(between), _theirs(move.claim)]


def _edited(edit: Edit) -> Row:
    told = f"), version {edit.number}, {_interval(edit.unchanged_at, edit.seen_at)}"
    return [_theirs(edit.title), _ours(" ("), _theirs(edit.source), _ours(told)]


def _deleted(gone: Deletion) -> Row:
    told = f"), {_interval(gone.gone_after, gone.gone_at)}: "
    return [_theirs(gone.title), _ours(" ("), _theirs(gone.source), _ours(told), _theirs(gone.gone_evidence)]


def _unread(fault: CrawlFault) -> Row:
    return [_theirs(fault.source), _ours(f": {fault.outcome}. "), _theirs(fault.message or "")]


def _ailing(ailing: Ailing) -> Row:
    read = f"last read {ailing.last_ok_at:%Y-%m-%d}" if ailing.last_ok_at else "never read"
    return [
        _theirs(ailing.source),
        _ours(f": {ailing.nights_failed} nights in a row, {read}. "),
        _theirs(ailing.why or ""),
    ]


def _issue(issue: IssueCount) -> Row:
    return [_ours(f"{issue.severity}, {issue.code}, {issue.times} time(s): "), _theirs(issue.message)]


def _ours(text: str) -> Piece:
    return Hand.OURS, text


def _theirs(text: str) -> Piece:
    return Hand.THEIRS, text


def _interval(earliest: datetime | None, latest: datetime) -> str:
    return (
        f"between {earliest:%Y-%m-%d %H:%M} and {latest:%Y-%m-%d %H:%M} UTC"
        if earliest
        else f"before {latest:%Y-%m-%d %H:%M} UTC"
    )


def _escaped(text: str) -> str:
    """A stranger's text on one line, with what Markdown and HTML would act on escaped."""
    flat = " ".join(text.split())
    return "".join(
        f"\\{c}" if c in r"\`*_[]()#!|~" else {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(c, c) for c in flat
    )


_MARKDOWN: dict[Hand, Callable[[str], str]] = {
    Hand.OURS: str,
    Hand.STRONG: "**{}**".format,
    Hand.THEIRS: _escaped,
    Hand.CLAIM: "`{}`".format,
}
