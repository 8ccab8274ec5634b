"""Times as the reader's clock shows them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dashboard.components import times
from dashboard.components.times import date_words, day_words, local, when

AT = datetime(2026, 5, 7, 22, 3, 9)  # noqa: DTZ001  # the published copy holds UTC without a zone


def test_times_are_told_as_far_as_they_are_known() -> None:
    assert [date_words(AT, precision) for precision in ("second", "day", "month", "quarter", "year")] == [
        "7 May 2026, 22:03 UTC",
        "7 May 2026",
        "May 2026",
        "Q2 2026",
        "2026",
    ]
    assert 'title="2026-05-07 22:03:09 UTC"' in when(AT)
    assert "date unknown" in when(None)
    assert when(None) == when(AT, "unknown")


def test_an_instant_moves_with_the_reader_and_a_day_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(times, "zone", lambda: ZoneInfo("Europe/Berlin"))
    assert date_words(AT) == "8 May 2026, 00:03 CEST"
    assert day_words(AT) == "8 May 2026"
    assert date_words(AT, "day") == "7 May 2026"
    assert local(AT) == datetime(2026, 5, 8, 0, 3, 9)  # noqa: DTZ001
    assert 'datetime="2026-05-07T22:03:09Z" title="2026-05-07 22:03:09 UTC"' in when(AT)
    minute = when(AT, "minute")
    assert 'datetime="2026-05-07T22:03Z" title="2026-05-07 22:03 UTC, known to the minute"' in minute
    assert 'datetime="2026-05-07" title="known to the day"' in when(AT, "day")
    assert 'datetime="2026-05" title="known to the month"' in when(AT, "month")
    assert 'datetime="2026" title="known to the quarter"' in when(AT, "quarter")
    assert ">8 May 2026<" in when(AT, clock=False)


def test_an_unknown_zone_is_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    class Context:
        timezone = "../etc/passwd"

    monkeypatch.setattr("dashboard.components.times.st.context", Context())
    assert times.zone_name() == "UTC"
