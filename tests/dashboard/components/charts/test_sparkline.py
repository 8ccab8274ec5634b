"""The bars of a claim's last days, and the words that say the same."""

from __future__ import annotations

import re
from datetime import datetime

from dashboard.components.charts.sparkline import DAYS, sparkline
from dashboard.data.today import DayCount

UNTIL = datetime.fromisoformat("2026-03-11T03:00")


def _heights(html: str) -> list[float]:
    return [float(height or 0) for height in re.findall(r'<i(?: style="height: ([\d.]+)%")?></i>', html)]


def test_each_day_is_a_bar_the_newest_last() -> None:
    html = sparkline([DayCount("c", 0, 2, 0), DayCount("c", 8, 4, 0)], UNTIL)
    heights = _heights(html)
    assert len(heights) == DAYS
    assert heights[-1] == 50
    assert heights[-9] == 100
    assert sum(heights) == 150


def test_bars_are_in_proportion_from_zero() -> None:
    assert _heights(sparkline([DayCount("c", 0, 1, 0), DayCount("c", 1, 200, 0)], UNTIL))[-2:] == [100, 0.5]


def test_the_words_say_how_many_and_when_most() -> None:
    html = sparkline([DayCount("c", 0, 1, 0), DayCount("c", 8, 8, 0)], UNTIL)
    assert 'role="img" aria-label="9 mentions in 14 days, most on 3 Mar 2026 (UTC)"' in html


def test_what_has_no_known_date_is_said_to_have_none() -> None:
    html = sparkline([DayCount("c", 3, 2, 1)], UNTIL)
    told = "2 mentions in 14 days, all on 8 Mar 2026 (UTC); 1 with no known date, on the day we saw it"
    assert told in html


def test_days_outside_are_left_out_and_nothing_is_told_as_nothing() -> None:
    html = sparkline([DayCount("c", 3, 2, 0), DayCount("c", 14, 5, 0), DayCount("c", -1, 5, 0)], UNTIL)
    assert "2 mentions in 14 days" in html
    assert sparkline([DayCount("c", 14, 5, 0), DayCount("c", -1, 5, 0)], UNTIL) == sparkline([], UNTIL) == ""
