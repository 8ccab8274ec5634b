"""Days on which a named time falls: no finer than it was named."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.core.vocabulary import Precision
from pipeline.exports.spans import span_of


def end(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("deadline", "precision", "begins", "ends", "named"),
    [
        (end(2026, 3, 17), "day", (2026, 3, 17), (2026, 3, 18), "17 March 2026"),
        (end(2026, 2, 28), "month", (2026, 2, 1), (2026, 3, 1), "February 2026"),
        (end(2024, 2, 29), "month", (2024, 2, 1), (2024, 3, 1), "February 2024"),
        (end(2026, 12, 31), "month", (2026, 12, 1), (2027, 1, 1), "December 2026"),
        (end(2026, 3, 15), "month", (2026, 3, 9), (2026, 3, 16), "the week to 15 March 2026"),
        (end(2026, 3, 1), "month", (2026, 2, 23), (2026, 3, 2), "the week to 1 March 2026"),
        (end(2026, 6, 30), "quarter", (2026, 4, 1), (2026, 7, 1), "Q2 2026"),
        (end(2026, 8, 31), "quarter", (2026, 6, 1), (2026, 9, 1), "June to August 2026"),
        (end(2027, 2, 28), "quarter", (2026, 12, 1), (2027, 3, 1), "December 2026 to February 2027"),
        (end(2026, 12, 31), "year", (2026, 1, 1), (2027, 1, 1), "2026"),
        (end(2026, 6, 30), "year", (2025, 7, 1), (2026, 7, 1), "July 2025 to June 2026"),
    ],
)
def test_a_span_covers_what_was_named(
    deadline: datetime, precision: str, begins: tuple[int, ...], ends: tuple[int, ...], named: str
) -> None:
    span = span_of(deadline, Precision(precision))
    assert (span.begins, span.ends, span.named) == (date(*begins), date(*ends), named)
    assert span.day is (precision == "day")
    assert ("no day named" in span.due) is (precision != "day")


def test_a_time_that_ends_at_midnight_ends_with_the_day_before() -> None:
    """So does a whole day that is given by the first moment after it."""
    span = span_of(datetime(2026, 3, 18, tzinfo=UTC), Precision.DAY)
    assert (span.begins, span.ends) == (date(2026, 3, 17), date(2026, 3, 18))


def test_a_time_to_the_second_is_an_instant() -> None:
    instant = datetime(2026, 3, 17, 14, 30, tzinfo=UTC) + timedelta(0)
    span = span_of(instant, Precision.SECOND)
    assert (span.begins, span.ends, span.due) == (instant, None, "Due")
    assert span.words == "17 March 2026, 14:30:00 UTC, named to the second."


def test_the_words_tell_that_no_day_is_guessed() -> None:
    span = span_of(end(2026, 6, 30), Precision.QUARTER)
    assert (span.due, span.was_due) == ("Due in Q2 2026, no day named", "was due in Q2 2026")
    assert span.words == "Q2 2026. No day was named: the event covers all of it, until 30 June 2026 in UTC."
    week = span_of(end(2026, 3, 15), Precision.MONTH)
    assert week.due == "Due the week to 15 March 2026, no day named"
