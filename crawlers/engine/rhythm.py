"""How often a listing has something new, and whether it has been quiet for too long.

The view `source_health` reckons so for the documents that a source brought (pipeline/store/views/runs.sql).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median_low

GAPS = 30
"""How many of the latest gaps between days with something new tell the rhythm."""
FEWEST = 5
"""Fewer gaps than these tell no rhythm."""
TIMES = 5
"""A listing is stale when nothing came for so many times its usual gap, and longer than ever in its GAPS."""


def stale(times: Iterable[datetime], now: datetime) -> str | None:
    """Return since when a listing whose items have these `times` has nothing new, and how often it had.

    None where that is not unusual for it, or where its rhythm cannot be told.
    """
    days = sorted({min(at, now).astimezone(UTC).date() for at in times})[-GAPS - 1 :]
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    if len(gaps) < FEWEST:
        return None
    usual = median_low(gaps)
    if (now.astimezone(UTC).date() - days[-1]).days <= max(TIMES * usual, *gaps):
        return None
    return f"nothing new since {days[-1]}, usually every {'day' if usual == 1 else f'{usual} days'}"
