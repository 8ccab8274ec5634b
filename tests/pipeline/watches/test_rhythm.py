"""Rhythms and quiet hours by fixed clocks, over the changes of summer time too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.errors import DataError
from pipeline.published.claim_filter import ClaimFilter
from pipeline.watches.records import QuietHours, Rhythm, WatchDraft
from pipeline.watches.rhythm import comes_due, is_quiet

BERLIN = "Europe/Berlin"
TIMES = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
ZONES = st.sampled_from(["UTC", BERLIN, "Asia/Kolkata", "Pacific/Apia"])


def draft(quiet: str = "", rhythm: Rhythm = Rhythm.NIGHTLY, zone: str = BERLIN) -> WatchDraft:
    hours = QuietHours.of(quiet)
    return WatchDraft("Desk", "ada", ClaimFilter(), True, rhythm=rhythm, quiet=hours, zone=zone)


def utc(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        # In Berlin summer time begins on 29 March 2026 and ends on 25 October 2026, both at 01:00 UTC.
        ("2026-03-28T05:59", True),  # 06:59
        ("2026-03-28T06:00", False),  # 07:00
        ("2026-03-29T04:59", True),  # 06:59, an hour earlier by UTC
        ("2026-03-29T05:00", False),
        ("2026-03-28T20:59", False),  # 21:59
        ("2026-03-28T21:00", True),
        ("2026-03-29T20:00", True),  # 22:00
        ("2026-10-25T05:59", True),
        ("2026-10-25T06:00", False),
        ("2026-10-24T20:00", True),
        ("2026-10-25T20:59", False),
    ],
)
def test_quiet_hours_are_on_the_clock_of_the_zone(at: str, quiet: bool) -> None:
    assert is_quiet(draft("22:00-07:00"), utc(at)) is quiet


def test_quiet_hours_of_a_day_and_none() -> None:
    noon = draft("12:00-13:30", zone="UTC")
    assert [is_quiet(noon, utc(f"2026-03-02T{at}")) for at in ("11:59", "12:00", "13:29", "13:30")] == [
        False,
        True,
        True,
        False,
    ]
    assert not is_quiet(draft(), utc("2026-03-02T02:00"))
    for words in ("22-7", "22:00", "25:00-07:00", "22:00-22:00", "a:b-c:d"):
        with pytest.raises(DataError, match="quiet hours"):
            QuietHours.of(words)
    assert str(QuietHours.of(" 9:05 – 10:00 ")) == "09:05-10:00"


@given(TIMES, ZONES)
def test_every_day_has_an_hour_that_is_not_quiet(at: datetime, zone: str) -> None:
    watch = draft("22:00-07:00", zone=zone)
    hours = [at + timedelta(hours=hour) for hour in range(25)]
    assert {is_quiet(watch, hour) for hour in hours} == {True, False}


def test_at_once_and_nightly() -> None:
    now = utc("2026-03-02T03:00")
    for nightly in (True, False):
        assert comes_due(draft(rhythm=Rhythm.AT_ONCE), now, oldest=now, nightly=nightly)
        assert comes_due(draft(rhythm=Rhythm.NIGHTLY), now, oldest=now, nightly=nightly) is nightly


@pytest.mark.parametrize(
    ("oldest", "now", "due"),
    [
        ("2026-03-03T03:00", "2026-03-08T03:00", False),  # the Sunday after
        ("2026-03-03T03:00", "2026-03-09T03:00", True),  # Monday
        ("2026-03-03T03:00", "2026-03-11T03:00", True),  # no run on Monday
        ("2026-03-09T03:00", "2026-03-09T03:00", False),  # gathered on Monday itself
        # Monday 30 March begins in summer time, at 22:00 UTC of Sunday.
        ("2026-03-29T21:59", "2026-03-29T22:01", True),
        ("2026-03-29T22:01", "2026-03-29T22:02", False),
        # Monday 26 October begins at 23:00 UTC again.
        ("2026-10-25T22:59", "2026-10-25T22:59", False),
        ("2026-10-25T22:59", "2026-10-25T23:00", True),
    ],
)
def test_a_week_begins_with_monday_on_the_clock_of_the_zone(oldest: str, now: str, due: bool) -> None:
    watch = draft(rhythm=Rhythm.WEEKLY)
    assert comes_due(watch, utc(now), oldest=utc(oldest), nightly=True) is due
    assert not comes_due(watch, utc(now), oldest=utc(oldest), nightly=False)


@pytest.mark.slow
@given(TIMES, ZONES)
def test_no_weekly_news_waits_for_more_than_a_week(at: datetime, zone: str) -> None:
    watch = replace(draft(rhythm=Rhythm.WEEKLY), zone=zone)
    nights = [at + timedelta(days=day, hours=2) for day in range(9)]
    due_at = [comes_due(watch, night, oldest=at, nightly=True) for night in nights]
    assert due_at == sorted(due_at) and due_at[-1]
    first = nights[due_at.index(True)]
    assert first.astimezone(ZoneInfo(zone)) - at < timedelta(days=8)
