"""The page About: the rows of `about.sql`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LastRead:
    """When a source was last read, and how its last crawl ended.

    `total` counts all sources, `well` those that were read in full.
    """

    feed: str
    source: str
    outcome: str
    last_ok_at: datetime | None
    ailing: bool
    total: int
    well: int
