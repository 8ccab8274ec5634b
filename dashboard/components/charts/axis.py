"""The time axis of a chart: wall time of the reader's zone, at round instants whose labels are told apart.

A time axis on the reader's clock: the wall time where the reader is stands for UTC, which is all that a chart knows.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import altair as alt
import pandas as pd

from dashboard.components.charts.style import LINE, SOFT
from dashboard.components.times import date_words, local


def time_axis(start: datetime, end: datetime, *, soft: str, line: str) -> alt.Axis:
    """The axis from `start` to `end`, with labels in the colour `soft` and lines in `line`."""
    values, form = ticks(start, end)
    return alt.Axis(
        values=[instant(at) for at in values],
        format=form,
        grid=False,
        labelColor=soft,
        tickColor=line,
        domainColor=line,
        labelFontSize=12,
        labelOverlap="greedy",
        labelFlush=True,
    )


def ticks(start: datetime, end: datetime) -> tuple[list[datetime], str]:
    """At most nine round instants between `start` and `end`, and how to write them: each label is told apart from the next."""
    span = end - start
    for step in (
        timedelta(hours=1),
        timedelta(hours=3),
        timedelta(hours=12),
        timedelta(days=1),
        timedelta(days=2),
        timedelta(days=7),
        timedelta(days=14),
    ):
        if span <= 8 * step:
            midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
            found = (midnight + n * step for n in range(int((end - midnight) / step) + 1))
            return [at for at in found if at >= start], "%-d %b" if step >= timedelta(
                days=1
            ) else "%-d %b %H:%M"
    first = start.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = [
        first.replace(year=start.year + n // 12, month=n % 12 + 1)
        for n in range(start.month, (end.year - start.year) * 12 + end.month)
    ]
    return months[:: -(-len(months) // 8) or 1], "%b %Y"


def instant(at: datetime) -> alt.DateTime:
    """The wall time `at`, drawn as it is whatever zone the browser is in."""
    return alt.DateTime(
        year=at.year,
        month=at.month,
        date=at.day,
        hours=at.hour,
        minutes=at.minute,
        seconds=at.second,
        utc=True,
    )


_WHOLE = (time(0, 0), time(23, 59, 59))
_MONTHS, _DAYS = timedelta(days=150), timedelta(days=4)


def axis(span: timedelta, tone: int) -> alt.Axis:
    """Ticks for `span`: months with their year, days of which the first has its year, or hours."""
    form = "'%b %Y'" if span > _MONTHS else "datum.index ? '%-d %b' : '%-d %b %Y'"
    form = form if span > _DAYS else "'%-d %b %H:%M'"
    return alt.Axis(
        orient="bottom",
        tickCount=6,
        labelExpr=f"utcFormat(datum.value, {form})",
        grid=False,
        labelColor=SOFT[tone],
        tickColor=LINE[tone],
        domainColor=LINE[tone],
        labelFontSize=12,
        labelOverlap="greedy",
        labelFlush=True,
    )


def scale(start: datetime, end: datetime) -> alt.Scale:
    """The stretch from `start` to `end`."""
    return alt.Scale(domain=[instant(local(start)), instant(local(end))], type="utc", nice=False)


def times(found: list[dict[str, Any]]) -> pd.DataFrame:
    """The stored instants as the reader's clock shows them, which the axis takes for UTC."""
    frame = pd.DataFrame(found)
    for name in ("at", "to"):
        if name in frame:
            frame[name] = [pd.Timestamp(_placed(at), tz="UTC") for at in frame[name]]
    return frame


def _placed(at: datetime) -> datetime:
    """Where an instant stands: one that begins or ends a day was told as a day, and does not move with the zone."""
    return at if at.time() in _WHOLE else local(at)


def exact(at: datetime, said: bool, precision: str = "second") -> str:
    """An instant in words, for a reader who asks exactly: on the reader's clock and in UTC."""
    shown = date_words(at, precision)
    exact = f"{shown} ({at:%Y-%m-%d %H:%M:%S} UTC)" if precision == "second" else shown
    return exact if said else f"time unknown, seen {exact}"
