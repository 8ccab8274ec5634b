"""The day as of which the page shows what was known of the story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from dashboard.components.day_picker import day_marks, pick_day
from pipeline.published.claim import NOW, AsOf


def picker(learned: Sequence[date], last: date) -> date | None:
    """Draw a slider over the days on which something was learned; return the chosen one, None for now."""
    return pick_day(
        day_marks(learned[:-1], last),
        "Shows the claims as of that day and leaves out what was learned later."
        " Which claims the story holds is today’s reading.",
    )


def instant(day: date | None) -> AsOf:
    """Return the end of a day as the reader of stories takes it."""
    return AsOf(datetime.combine(day + timedelta(days=1), datetime.min.time())) if day else NOW
