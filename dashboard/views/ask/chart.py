"""The chart of an answer on the page Ask: the kind that suits its columns, and its title."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa

from dashboard.components.charts.style import COLOURS, INK, LINE, SOFT
from dashboard.components.times import day_words
from pipeline.published.sandbox import Answer
from pipeline.text.sanitize import plain

_BARS = 20
_POINTS = 2_000
_STEMS = 400


@dataclass(frozen=True, slots=True)
class Axes:
    """The columns that a chart can go along and up, the likeliest first; empty where no chart is possible."""

    along: tuple[int, ...]
    up: tuple[int, ...]


def axes(answer: Answer) -> Axes:
    """Return the columns of the answer that could make a chart: numbers over times, or over names."""
    kinds = [_kind(field.type) for field in answer.table.schema]
    times, names, numbers = (
        tuple(index for index, kind in enumerate(kinds) if kind == wanted)
        for wanted in ("time", "name", "number")
    )
    along = times + names
    if answer.table.num_rows < 2 or not along or not numbers:
        return Axes((), ())
    return Axes(along, numbers)


def chart(answer: Answer, along: int, up: int, *, dark: bool) -> tuple[str, alt.Chart]:
    """Return a title and a chart: a stem for each time, or a bar for each of the largest."""
    names = [plain(name, 40) for name in answer.table.column_names]
    draw = _over_time if is_time(answer, along) else _bars
    return draw(*columns(answer, along, up), names[along], names[up], 1 if dark else 0)


def is_time(answer: Answer, along: int) -> bool:
    """Return whether a column holds times."""
    return _kind(answer.table.schema.field(along).type) == "time"


def columns(answer: Answer, along: int, up: int) -> tuple[list[Any], list[float | None]]:
    """Return what a chart goes along, and the numbers that it shows; None for what has no place."""
    values = [_number(value) for value in answer.table.column(up).to_pylist()]
    return answer.table.column(along).to_pylist(), values


def _kind(column: pa.DataType) -> str:
    if pa.types.is_timestamp(column) or pa.types.is_date(column):
        return "time"
    if pa.types.is_integer(column) or pa.types.is_floating(column) or pa.types.is_decimal(column):
        return "number"
    return "name" if pa.types.is_string(column) or pa.types.is_dictionary(column) else ""


def _number(value: Any) -> float | None:
    """Return what a chart can show of a value; None for what has no place on an axis."""
    number = float(value) if isinstance(value, (int, float, Decimal)) else None
    return number if number is not None and math.isfinite(number) else None


def said(value: float) -> str:
    """Return a number for people."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4g}"


def _tip(name: str) -> str:
    """Return a foreign name as a title in a tooltip, where "image" would load one and "title" head it."""
    return f"{name}:"


def ranked(
    keys: Sequence[Any], values: Sequence[float | None], what: str
) -> tuple[str, list[tuple[str, float]]]:
    """Return a title and the largest values, each with its name; none where no value is known."""
    pairs = [
        (plain(key, 60) or "(null)", value)
        for key, value in zip(keys, values, strict=True)
        if value is not None
    ]
    largest = sorted(pairs, key=lambda pair: -pair[1])[:_BARS]
    if not largest:
        return f"No {what} is known", []
    # Two rows may bear one name; each has its own bar.
    name_counts: dict[str, int] = {}
    rows = []
    for key, value in largest:
        name_counts[key] = name_counts.get(key, 0) + 1
        rows.append((key if name_counts[key] == 1 else f"{key} ({name_counts[key]})", value))
    left_out = len(pairs) - len(largest)
    title = f"Highest {what}: {largest[0][0]}, {said(largest[0][1])}" + (
        f" (the first {len(largest)} of {len(pairs):,} rows by {what})" if left_out else ""
    )
    return title, rows


def _bars(
    keys: Sequence[Any], values: Sequence[float | None], name: str, what: str, tone: int
) -> tuple[str, alt.Chart]:
    title, rows = ranked(keys, values, what)
    if not rows:
        return title, alt.Chart(pd.DataFrame()).mark_bar()
    frame = pd.DataFrame(rows, columns=["name", "value"])
    base = alt.Chart(frame).encode(
        y=alt.Y(
            "name:N",
            sort=None,
            axis=alt.Axis(
                title=None,
                ticks=False,
                domain=False,
                labelColor=INK[tone],
                labelFontSize=13,
                labelLimit=260,
                labelPadding=8,
            ),
        ),
        x=alt.X("value:Q", axis=None),
        tooltip=[
            alt.Tooltip("name:N", title=_tip(name)),
            alt.Tooltip("value:Q", title=_tip(what), format=",.6~g"),
        ],
    )
    bars = base.mark_bar(color=COLOURS["supports"][tone], height=alt.RelativeBandSize(0.62))
    numbers = base.mark_text(align="left", dx=5, color=SOFT[tone], fontSize=12).encode(
        text=alt.Text("value:Q", format=",.6~g")
    )
    return title, _dressed(alt.layer(bars, numbers), 24 * len(rows) + 8)


def dated(
    keys: Sequence[Any], values: Sequence[float | None], what: str
) -> tuple[str, list[tuple[datetime, float]]]:
    """Return a title and the values in order of time; none where no value is known."""
    points = sorted(
        (_instant(key), value)
        for key, value in zip(keys, values, strict=True)
        if key is not None and value is not None
    )[:_POINTS]
    if not points:
        return f"No {what} is known", []
    at, highest = max(points, key=lambda pair: pair[1])
    return f"Highest {what}: {said(highest)}, on {day_words(at)}", points


def _over_time(
    keys: Sequence[Any], values: Sequence[float | None], name: str, what: str, tone: int
) -> tuple[str, alt.Chart]:
    title, rows = dated(keys, values, what)
    if not rows:
        return title, alt.Chart(pd.DataFrame()).mark_line()
    frame = pd.DataFrame(rows, columns=["at", "value"])
    frame["at"] = pd.to_datetime(frame["at"]).dt.tz_localize("UTC")
    axis: dict[str, Any] = {
        "labelColor": SOFT[tone],
        "tickColor": LINE[tone],
        "domainColor": LINE[tone],
        "labelFontSize": 12,
    }
    base = alt.Chart(frame).encode(
        x=alt.X("at:T", scale=alt.Scale(type="utc"), axis=alt.Axis(title=None, grid=False, **axis)),
        y=alt.Y(
            "value:Q", axis=alt.Axis(title=None, gridColor=LINE[tone], gridOpacity=0.5, tickCount=5, **axis)
        ),
        tooltip=[
            alt.Tooltip("at:T", title=_tip(f"{name} (UTC)"), format="%-d %b %Y %H:%M"),
            alt.Tooltip("value:Q", title=_tip(what), format=",.6~g"),
        ],
    )
    # No line: it would show values between rows, where none are known.
    stems = base.mark_rule(color=COLOURS["supports"][tone], strokeWidth=2, opacity=0.55).encode(
        y2=alt.Y2Datum(0)
    )
    points = base.mark_point(color=COLOURS["supports"][tone], filled=True, size=50, opacity=1)
    return title, _dressed(alt.layer(stems, points) if len(rows) <= _STEMS else points, 280)


def _instant(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    assert isinstance(value, date)
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - the copy's days are UTC


def _dressed(chart: Any, height: int) -> alt.Chart:
    dressed: alt.Chart = (
        chart.properties(height=height, width="container", background="transparent")
        .configure(font='"Source Sans", sans-serif')
        .configure_view(stroke=None)
    )
    return dressed
