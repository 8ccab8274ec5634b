"""Test how a track record is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from dashboard.views.sources import track_record
from pipeline.stages.track import interval


@dataclass(frozen=True, slots=True)
class _Record:
    settled: int
    held: int
    rate: float | None
    low: float | None
    high: float | None
    few: bool


def _record(held: int, settled: int) -> _Record:
    bounds = interval(held, settled)
    return _Record(settled, held, bounds.rate, bounds.low, bounds.high, bounds.high - bounds.low > 0.5)


def test_few_cases_are_told_as_few_and_get_no_strip() -> None:
    html = track_record.outcome(_record(2, 2))
    assert "2 of 2 held: too few to say" in html
    assert "%" not in html
    assert "none settled" in track_record.outcome(_Record(0, 0, None, None, None, True))


def test_more_cases_are_told_with_their_count_and_interval() -> None:
    html = track_record.outcome(_record(22, 25))
    assert "22 of 25 held · 73 to 95\u00a0%" in html
    assert "left: 73%; width: 22%" in html


@pytest.mark.parametrize(("held", "settled"), [(0, 5), (9, 10), (5, 5), (400, 400)])
def test_the_strip_stays_on_its_line_and_the_mark_in_the_strip(held: int, settled: int) -> None:
    left, width, mark = map(int, re.findall(r"(\d+)%", track_record.strip(_record(held, settled))))
    assert 0 <= left <= mark <= left + width + 1
    assert left + width <= 101


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "0 hours"), (1 / 24, "1 hour"), (1.5, "36 hours"), (2.4, "2 days"), (1234.5, "1,234 days")],
)
def test_a_lead_is_told_in_hours_or_days(days: float, words: str) -> None:
    assert track_record.lead(days) == words


def test_a_lead_stands_with_the_number_of_claims_behind_it() -> None:
    assert track_record.early(3.0, 1) == '3 days <span class="rt-soft rt-small">(1 claim)</span>'
    assert track_record.early(None, 0) == ""
