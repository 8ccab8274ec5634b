"""The last second of a day or month, at which a named time is over, with its precision."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time

When = tuple[datetime, str]


def end_of_day(day: date, precision: str) -> When:
    """Return the last second of a day."""
    return datetime.combine(day, time(23, 59, 59), UTC), precision


def end_of_month(year: int, month: int, precision: str = "month") -> When:
    """Return the last second of a month."""
    return end_of_day(date(year, month, monthrange(year, month)[1]), precision)
