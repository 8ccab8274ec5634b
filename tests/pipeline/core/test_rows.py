"""Times with and without their zone, and records by the first column of their rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from pipeline.core.rows import build_each, naive, utc_of

AT = datetime(2026, 3, 1, 4, tzinfo=UTC)


def test_a_time_loses_its_zone_and_not_its_instant() -> None:
    plain = AT.replace(tzinfo=None)
    assert naive(AT.astimezone(timezone(timedelta(hours=5)))) == naive(plain) == plain
    assert naive(None) is None


def test_a_written_time_is_utc_with_or_without_its_zone() -> None:
    assert [utc_of(text) for text in ("2026-03-01T04:00:00", "2026-03-01T09:00:00+05:00")] == [AT, AT]


def test_records_stand_by_their_first_column() -> None:
    @dataclass
    class Named:
        name: str

    records = build_each(Named, ["of", "name"], [("b", "x"), ("a", "y"), ("b", "z")])
    assert dict(records) == {"b": [Named("x"), Named("z")], "a": [Named("y")]} and records["c"] == []
