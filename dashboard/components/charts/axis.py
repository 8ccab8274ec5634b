"""The time axis of a chart: the reader's wall time stands for UTC, the only zone that a chart knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from dashboard.components.charts.spec import Words, field
from dashboard.components.charts.style import LINE, SOFT


def time_axis(start: datetime, end: datetime, tone: int) -> Words:
    """Return the axis of the field "at" over wall times from `start` to `end`; `tone` is 1 for dark."""
    values, form = ticks(start, end)
    # Days and hours have their year where it begins.
    year_form = form if "%Y" in form else form.replace("%b", "%b %Y")
    begins = [at for before, at in zip([None, *values], values, strict=False)
              if before is None or before.year != at.year]
    first_ones = [round(at.replace(tzinfo=UTC).timestamp() * 1000) for at in begins]
    axis = {
        "values": [instant(at) for at in values],
        "labelExpr": f"utcFormat(datum.value, indexof({first_ones}, time(datum.value)) < 0 ? '{form}' "
                     f": '{year_form}')",
        "orient": "bottom",
        "grid": False,
        "labelColor": SOFT[tone],
        "tickColor": LINE[tone],
        "domainColor": LINE[tone],
        "labelFontSize": 12,
        "labelOverlap": "greedy",
        "labelFlush": True,
    }
    scale = {"domain": [instant(start), instant(end)], "type": "utc", "nice": False}
    return field("at:T", title=None, scale=scale, axis=axis)


def ticks(start: datetime, end: datetime) -> tuple[list[datetime], str]:
    """Return at most nine round instants from `start` to `end`, and a format in which their labels differ."""
    span = end - start
    for hours in (1, 3, 12, 24, 48, 7 * 24, 14 * 24):
        step = timedelta(hours=hours)
        if span <= 8 * step:
            midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
            steps = (midnight + n * step for n in range(int((end - midnight) / step) + 1))
            form = "%-d %b" if step >= timedelta(days=1) else "%-d %b %H:%M"
            return [at for at in steps if at >= start], form
    first = start.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = [
        first.replace(year=start.year + n // 12, month=n % 12 + 1)
        for n in range(start.month, (end.year - start.year) * 12 + end.month)
    ]
    return months[:: -(-len(months) // 8) or 1], "%b %Y"


def instant(at: datetime) -> Words:
    """Return the wall time `at`, drawn as it is whatever zone the browser is in."""
    return {
        "year": at.year,
        "month": at.month,
        "date": at.day,
        "hours": at.hour,
        "minutes": at.minute,
        "seconds": at.second,
        "utc": True,
    }


def timed(rows: list[dict[str, Any]] | pd.DataFrame) -> pd.DataFrame:
    """Return `rows` as a frame whose wall times, in "at" and "to", are taken for UTC."""
    frame = pd.DataFrame(rows)
    for name in {"at", "to"} & set(frame):
        frame[name] = pd.to_datetime(frame[name]).dt.tz_localize("UTC")
    return frame
