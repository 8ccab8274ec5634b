"""Times with their bounds, in Python as in SQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.times import bounds, parse_span
from pipeline.core.vocabulary import Precision
from pipeline.store.store import Store

NINE = datetime(2026, 1, 7, 9, tzinfo=UTC)
DAY = datetime(2026, 1, 7, tzinfo=UTC)


def test_a_second_lasts_a_second() -> None:
    assert bounds(NINE, Precision.SECOND) == (NINE, NINE + timedelta(seconds=1))
    half = NINE.replace(microsecond=500_000)
    assert bounds(half, Precision.SECOND) == (half, NINE + timedelta(seconds=1))


def test_a_clock_time_without_seconds_is_any_moment_of_its_minute() -> None:
    assert bounds(NINE, Precision.MINUTE) == (NINE, NINE + timedelta(minutes=1))


def test_a_date_whose_zone_nobody_told_may_be_that_of_any_zone() -> None:
    assert bounds(DAY, Precision.DAY) == (DAY - timedelta(hours=13), DAY + timedelta(hours=24 + 11))


def test_a_day_that_begins_at_the_midnight_of_a_zone_has_that_zone() -> None:
    tokyo = DAY - timedelta(hours=9)
    assert bounds(tokyo, Precision.DAY) == (tokyo, tokyo + timedelta(days=1))


@pytest.mark.parametrize("text", ["2026-01-07", "20260107", "2026-W02-3"])
def test_a_day_has_a_first_instant_and_a_first_after_it(text: str) -> None:
    assert parse_span(text) == (DAY, DAY + timedelta(days=1))


@pytest.mark.parametrize("text", ["2026-01-07T09:00:00", "2026-01-07T09:00Z", "20260107T100000+0100"])
def test_an_instant_is_itself_in_utc(text: str) -> None:
    assert parse_span(text) == (NINE, NINE)


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "9999-12-31", "0001-01-01T00:00+05:00"])
def test_what_is_no_time_or_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|month|range"):
        parse_span(text)


@given(st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2100-01-01")),
       st.sampled_from(Precision))
def test_the_bounds_hold_the_time_and_grow_as_less_is_known(at: datetime, precision: Precision) -> None:
    earliest, ends = bounds(at, precision)
    assert earliest <= at <= ends
    wider_precisions = list(Precision)[list(Precision).index(precision) + 1 :][:1]
    if wider_precisions and wider_precisions != [Precision.UNKNOWN]:
        wider_bounds = bounds(at.replace(microsecond=0), wider_precisions[0])
        assert wider_bounds[0] <= earliest and ends <= wider_bounds[1]


@pytest.mark.slow
@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("month", range(1, 13))
def test_sql_says_the_same(store: Store, precision: Precision, month: int) -> None:
    for when in ("2024-{:02}-01", "2025-{:02}-01T15:00", "2025-{:02}-03T09:05:07.000123"):
        instant = datetime.fromisoformat(when.format(month))
        [row] = store.execute("SELECT step.begins(?::TIMESTAMP, ?), step.ends(?::TIMESTAMP, ?)",
                              [instant, str(precision), instant, str(precision)])
        earliest, ends = (bound.replace(tzinfo=None) for bound in row)
        if precision in (Precision.MONTH, Precision.QUARTER, Precision.YEAR):
            assert earliest == bounds(instant, precision)[0]
            assert timedelta() <= bounds(instant, precision)[1] - ends <= timedelta(days=3)
        else:
            assert (earliest, ends) == bounds(instant, precision)
