"""The Atom feed (RFC 4287) of status changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.core.config import PublisherConfig
from pipeline.core.context import RunContext
from pipeline.core.files import write_whole
from pipeline.core.records import Status
from pipeline.core.text import counted
from pipeline.digest.atom import Entry, feed, written
from pipeline.store.queries import Statements
from pipeline.store.store import Store

SQL = Statements(__package__, "feed")

ENTRIES = 200
"""The newest changes that the feed holds."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A claim whose status a run changed; times are UTC."""

    claim_id: str
    claim: str
    judged_at: datetime
    moved_at: datetime | None
    status_before: Status | None
    status: Status
    voices: int
    reason: str


def write_feed(store: Store, run: RunContext) -> None:
    """Write the newest changes of status to `<home>/feeds/changes.atom`, whole or not at all."""
    changes = store.read(Changed, SQL["changes"], {"limit": ENTRIES})
    run.home.changes_feed.parent.mkdir(parents=True, exist_ok=True)
    write_whole(run.home.changes_feed, atom(changes, run.config.publisher, run.now))


def atom(changes: Sequence[Changed], publisher: PublisherConfig, now: datetime) -> str:
    """Return the feed of `changes`, the newest first.

    Ids are made from the claim, the time of judging and `[publisher] url`.
    """
    entries = [
        Entry(
            (change.claim_id, written(change.judged_at)),
            f"{change.status.capitalize()}: {change.claim}",
            change.judged_at,
            change.claim_id,
            change.status,
            _content(change),
        )
        for change in changes
    ]
    return feed(("changes",), "where claims about AI models stand", entries, publisher, now)


def _content(change: Changed) -> str:
    before = f"It was {change.status_before} before." if change.status_before else "The claim is new."
    said = f"on {change.moved_at:%Y-%m-%d}" if change.moved_at else "at an unknown time"
    voices = counted(change.voices, "independent voice")
    return f"{change.reason} {before} {voices}. What moved it was said {said}. Claim {change.claim_id}."
