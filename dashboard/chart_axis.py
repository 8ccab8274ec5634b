"""The time axis of a chart: wall time of the reader's zone, at round instants whose labels are told apart."""

from __future__ import annotations

from datetime import datetime, timedelta

import altair as alt


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
