"""What one run changed, as records and as the Markdown digest that every run leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.context import RunContext
from pipeline.records import Kind, Outcome, Severity, Status
from pipeline.store import Store


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
        moves=store.read(Move, "digest", "moves", this),
        edits=store.read(Edit, "digest", "edits", this),
        deletions=store.read(Deletion, "digest", "gone", this),
        crawls=store.read(CrawlFault, "digest", "crawls", this),
        ailing=store.read(Ailing, "digest", "ailing"),
        issues=store.read(IssueCount, "digest", "issues", this),
    )


def write_digest(run: RunContext, found: Changes) -> None:
    """Write `<home>/digests/<run_id>.md` whole, or not at all."""
    run.home.digests.mkdir(parents=True, exist_ok=True)
    target = run.home.digests / f"{run.run_id}.md"
    fresh = target.with_suffix(".tmp")
    fresh.write_text(markdown(run, found), "utf-8")
    fresh.replace(target)


def markdown(run: RunContext, found: Changes) -> str:
    """The digest: what moved and why, what was edited or deleted, and what failed."""
    lines = [f"# Rumortrail, {run.now:%Y-%m-%d %H:%M} UTC", ""]
    moved = [m for m in found.moves if m.before is not None]
    lines += _section("Status changes", [f"**{m.status}** (was {m.before}): {_text(m.claim)} {_text(m.reason)} `{m.claim_id}`" for m in moved])
    new = [m for m in found.moves if m.before is None]
    lines += _section("New claims", [f"**{m.status}**, {m.voices} voice(s): {_text(m.claim)} `{m.claim_id}`" for m in new])
    lines += _section("Edited", [f"{_text(e.title)} ({_text(e.source)}), version {e.number}, {_interval(e.unchanged_at, e.seen_at)}" for e in found.edits])
    lines += _section("Deleted", [f"{_text(d.title)} ({_text(d.source)}), {_interval(d.gone_after, d.gone_at)}: {_text(d.gone_evidence)}" for d in found.deletions])
    lines += _section("Sources not read, or not whole", [f"{_text(c.source)}: {c.outcome}. {_text(c.message or '')}" for c in found.crawls])
    ailing = [f"{_text(a.source)}: {a.nights_failed} nights in a row, {_last_read(a)}. {_text(a.why or '')}" for a in found.ailing]
    lines += _section("Ailing sources", ailing)
    lines += _section("Issues", [f"{i.severity}, {i.code}, {i.times} time(s): {_text(i.message)}" for i in found.issues])
    return "\n".join(lines) + "\n"


def _section(title: str, rows: list[str]) -> list[str]:
    return [f"## {title} ({len(rows)})", "", *([f"- {row}" for row in rows] or ["None."]), ""]


def _last_read(ailing: Ailing) -> str:
    return f"last read {ailing.last_ok_at:%Y-%m-%d}" if ailing.last_ok_at else "never read"


def _interval(earliest: datetime | None, latest: datetime) -> str:
    return f"between {earliest:%Y-%m-%d %H:%M} and {latest:%Y-%m-%d %H:%M} UTC" if earliest else f"before {latest:%Y-%m-%d %H:%M} UTC"


def _text(text: str) -> str:
    """A stranger's text on one line, with what Markdown and HTML would act on escaped."""
    flat = " ".join(text.split())
    return "".join(f"\\{c}" if c in r"\`*_[]()#!|~" else {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(c, c) for c in flat)
