"""The warning that stands on every page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dashboard.data.meta import Night, warning

PUBLISHED = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
NIGHT = Night(datetime(2026, 3, 2, 3, 0, tzinfo=UTC), None)
BROKEN = Night(datetime(2026, 3, 2, 3, 0, tzinfo=UTC), "failed: gather, weigh")


def test_a_fresh_copy_of_a_good_night_needs_none() -> None:
    for night in (NIGHT, None):
        assert warning(PUBLISHED, night, PUBLISHED + timedelta(hours=47)) == ""


def test_a_copy_older_than_two_nights_is_told() -> None:
    told = warning(PUBLISHED, NIGHT, PUBLISHED + timedelta(days=5))
    assert told.startswith("What you see is 5 days old: nothing newer was published since 2026-03-02 04:30")


def test_a_night_that_broke_is_told() -> None:
    told = warning(PUBLISHED, BROKEN, PUBLISHED + timedelta(hours=1))
    assert told.startswith("The night of 2026-03-02 broke (failed: gather, weigh).")
    assert warning(None, BROKEN, PUBLISHED).startswith("The night of")
