"""A time axis on the reader's clock: the wall time where the reader is stands for UTC, which is all that a chart knows."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import altair as alt
import pandas as pd

from dashboard.chart_axis import instant
from dashboard.charts import LINE, SOFT
from dashboard.clock import date_words, local

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
