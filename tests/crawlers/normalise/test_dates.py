"""Dates as they are written; an ambiguous date is never read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.normalise.dates import Moment, read_moment, url_day
from pipeline.core.vocabulary import Precision

DAY = Moment(datetime(2025, 4, 7, tzinfo=UTC), Precision.DAY, True)

MONTH = Moment(datetime(2025, 4, 1, tzinfo=UTC), Precision.MONTH, True)
QUARTER = Moment(datetime(2025, 4, 1, tzinfo=UTC), Precision.QUARTER, True)
YEAR = Moment(datetime(2025, 1, 1, tzinfo=UTC), Precision.YEAR, True)

EARLY, LATE = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (1990, 2090))


def second(hour: int, minute: int = 0, micro: int = 0, *, zoned: bool = True) -> Moment:
    return Moment(datetime(2025, 4, 7, hour, minute, 0, micro, tzinfo=UTC), Precision.SECOND, zoned)


def minute(hour: int, past: int = 0, *, zoned: bool = True) -> Moment:
    return Moment(datetime(2025, 4, 7, hour, past, tzinfo=UTC), Precision.MINUTE, zoned)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-04-07", DAY), ("2025/4/7", DAY), ("20250407", DAY), ("April 7, 2025", DAY),
        ("7 Apr 2025", DAY),
        ("2025-04-07T00:00:00Z", DAY), ("2025-04-07T00:00:00+05:30", DAY),
        ("2025-04-07T10:00:00Z", second(10)), ("2025-04-07T10:00:00.123456789-0400", second(14, 0, 123456)),
        ("2025-04-07 10:00:00 +0200", second(8)), ("2025-04-07T10:00+05:30", minute(4, 30)),
        ("20250407T100000Z", second(10)),
        ("Mon, 07 Apr 2025 09:30:00 GMT", second(9, 30)), ("2025-04-07 10:00", minute(10, zoned=False)),
        ("2025-04-07T09:30Z", minute(9, 30)), ("Mon, 07 Apr 2025 09:30 GMT", minute(9, 30)),
        ("2025-04", MONTH), ("2025/4", MONTH), ("April 2025", MONTH), ("Apr 2025", MONTH), ("2025", YEAR),
        ("2025.04", MONTH), ("04/2025", MONTH), ("2025-04-00", MONTH), ("Apr. 2025", MONTH),
        ("April, 2025", MONTH), ("2025年4月", MONTH), ("2025-00-00", YEAR), ("2025年", YEAR),
        ("2025-Q2", QUARTER), ("Q2 2025", QUARTER), ("2025Q2", QUARTER),
        ("2025.04.07", DAY), ("2025年4月7日", DAY), ("April 7th, 2025", DAY), ("Apr. 7, 2025", DAY),
        ("7th April, 2025", DAY), ("2025年4月7日 10:00", minute(10, zoned=False)),
        ("2025-04-07T00:00:00-07:00", Moment(datetime(2025, 4, 7, 7, tzinfo=UTC), Precision.DAY, True)),
    ],
)  # fmt: skip
def test_golden(text: str, moment: Moment) -> None:
    assert read_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    ["", "04/07/2025", "13/2025", "2025-Q5", "2025-13-00", "Q2", "July", "2025-W14", "2025-00-07",
      "7", "yesterday", "2025-02-30", "2025-13-01", "2025-13", "2025-00", "202504", "0025",
        "٢٠٢٥-٠٤", "2025-04-07T25:00:00Z",
     "9999-12-31T23:59:59-14:00", "1743984000", "x" * 200],
)  # fmt: skip
def test_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_moment(text)


@given(st.datetimes(EARLY, LATE, timezones=st.timezones(), allow_imaginary=False))
def test_every_iso_time_keeps_its_instant(given_time: datetime) -> None:
    written_time = given_time.replace(microsecond=0).isoformat()
    moment_read = read_moment(written_time)
    if moment_read.precision is Precision.SECOND:
        assert moment_read.at == datetime.fromisoformat(written_time)
    else:
        assert moment_read.at.date() == given_time.date()


@given(st.text(max_size=40))
def test_anything_is_a_moment_or_a_value_error(text: str) -> None:
    try:
        read_moment(text)
    except ValueError:
        return


def test_september_is_written_in_three_ways() -> None:
    for text in ("Sep 5, 2025", "Sept 5, 2025", "Sept. 5, 2025", "September 5, 2025"):
        assert read_moment(text).at == datetime(2025, 9, 5, tzinfo=UTC)


def test_a_day_is_the_one_that_was_written() -> None:
    late_moment = read_moment("2025-04-07T22:30:00-07:00")
    assert late_moment.at == datetime(2025, 4, 8, 5, 30, tzinfo=UTC)
    assert late_moment.day() == Moment(datetime(2025, 4, 7, 7, tzinfo=UTC), Precision.DAY, True)
    early_moment = read_moment("2025-04-07T05:30:00+08:00")
    assert (early_moment.at.day, early_moment.day()) == (6, DAY)


def test_days_in_urls() -> None:
    assert url_day("https://example.com/2025/04/07/story") == DAY
    assert url_day("https://example.com/news/2025-04-07-story") == DAY
    assert url_day("https://example.com/20250407/story") == DAY
    assert url_day("https://example.com/2025/04/story") is None
    assert url_day("https://example.com/2025/04/31/story") is None
    assert url_day("https://example.com/2025/04/07/2025/04/08/") is None
    assert url_day("https://example.com/story?d=/2025/04/07/") is None
    assert url_day("https://example.com/id-12025040712/") is None
