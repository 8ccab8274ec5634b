"""The bounds of a time that is known only so exactly; times as people and programs write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

from pipeline.core.vocabulary import Precision

LONGEST = {
    Precision.SECOND: timedelta(seconds=1), Precision.MINUTE: timedelta(minutes=1),
    Precision.DAY: timedelta(days=1),
    Precision.MONTH: timedelta(days=31), Precision.QUARTER: timedelta(days=92),
    Precision.YEAR: timedelta(days=366),
}  # fmt: skip
EAST, WEST = timedelta(hours=13), timedelta(hours=11)
"""How much earlier than in UTC a date can begin, and how much later end, in the zones of publishers."""


def bounds(at: datetime, precision: Precision) -> tuple[datetime, datetime]:
    """Return the first moment of a time and the first after it, which is `at` for an unknown precision.

    A date that begins at midnight of UTC is one whose zone nobody told, so it may be that of any zone. The
    macros `step.begins` and `step.ends` of `pipeline/store/views/names.sql` say the same in SQL; there a
    month has its own length.
    """
    begins = at
    if precision.clock:
        begins = at.replace(microsecond=0, second=at.second if precision is Precision.SECOND else 0)
    ends = begins + LONGEST.get(precision, timedelta())
    zoneless = not precision.clock and precision is not Precision.UNKNOWN and at.time() == time()
    return (begins - EAST, ends + WEST) if zoneless else (at, ends)


def parse_span(text: str) -> tuple[datetime, datetime]:
    """Return the first instant of a day in ISO 8601 (UTC) and the first after it; of an instant, it twice.

    A time without a zone is UTC. Raises ValueError for what is neither, or is out of range.
    """
    try:
        at = datetime.fromisoformat(text)
        begins = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        with suppress(ValueError):
            date.fromisoformat(text)
            return begins, begins + timedelta(days=1)
    except OverflowError as error:
        raise ValueError(str(error)) from error
    return begins, begins


def words_of(day: date, precision: str = Precision.DAY) -> str:
    """Return a day in words, or the month, quarter or year that it stands for: "17 March 2026", "Q2 2026"."""
    if precision == Precision.YEAR:
        return str(day.year)
    if precision == Precision.QUARTER:
        return f"Q{(day.month + 2) // 3} {day.year}"
    return f"{day:%B} {day.year}" if precision == Precision.MONTH else f"{day.day} {day:%B} {day.year}"
