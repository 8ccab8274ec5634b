"""Test which values the cookie of the last visit may have."""

from __future__ import annotations

from datetime import datetime

import pytest

from dashboard.views.today.last_visit import parse


def test_the_cookie_says_when_and_which_night() -> None:
    visit = parse("1773216840.1773198660.20260311T030000Z")
    assert visit is not None
    assert visit.looked_at == datetime.fromisoformat("2026-03-11T08:14")
    assert visit.published_at == datetime.fromisoformat("2026-03-11T03:11")
    assert visit.run_id == "20260311T030000Z"


def test_a_browser_whose_clock_is_behind_looked_no_earlier_than_what_it_saw() -> None:
    visit = parse("1000000000.1773198660.20260311T030000Z")
    assert visit is not None
    assert visit.looked_at == visit.published_at


@pytest.mark.parametrize(
    "cookie",
    ["", "first", "1.2", "1.2.", "x.2.run", "-1.2.run", "99999999999.1.run", "1.2.<script>", "1.2.a;b",
     "1.2.r\n", "1.2." + "r" * 61],
)
def test_what_is_no_cookie_of_ours_is_none(cookie: str) -> None:
    assert parse(cookie) is None
