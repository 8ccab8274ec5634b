"""The Atom feed of the changes of status of claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.core.config import PublisherConfig
from pipeline.core.text import counted
from pipeline.core.vocabulary import Status
from pipeline.exports.atom import Entry, feed, written

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


def atom(
    changes: Sequence[Changed],
    publisher: PublisherConfig,
    now: datetime,
    *,
    own_address: str = "",
    page: Callable[[str], str | None] | None = None,
    front: str = "",
) -> str:
    """Return the feed of `changes`, the newest first; `own_address`, `page` and `front` as in `feed`.

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
    title = "where claims about AI models stand"
    return feed(("changes",), title, entries, publisher, now, own_address, page, front)


def _content(change: Changed) -> str:
    before = f"It was {change.status_before} before." if change.status_before else "The claim is new."
    said = f"on {change.moved_at:%Y-%m-%d}" if change.moved_at else "at an unknown time"
    voices = counted(change.voices, "independent voice")
    return f"{change.reason} {before} {voices}. What moved it was said {said}. Claim {change.claim_id}."
