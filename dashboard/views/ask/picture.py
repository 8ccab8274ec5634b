"""The chart of an answer as an SVG file that needs nothing around it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from dashboard.components.charts.style import COLOURS, INK, LINE, SOFT
from dashboard.views.ask import chart
from pipeline.core.text import utf8
from pipeline.exports.timeline_svg import Scale, ruled, ticks, worded
from pipeline.published.sandbox import Answer
from pipeline.text.sanitize import plain

WIDTH, ROW, NAMES, TALL = 880, 26, 250, 280
"""Width, height of a bar with its gap, room for names, and height of a chart over time, in units."""
_TOP, _FOOT, _SIDE = 48, 34, 14
LABEL = 14
"""How far apart two labels of the axis stand at least."""
_STYLE = (
    f"text{{font:13px sans-serif;fill:{INK[0]}}}.title{{font:bold 17px serif}}.end{{text-anchor:end}}"
    f".start{{text-anchor:start}}.middle{{text-anchor:middle}}.tick,.soft{{font-size:12px;fill:{SOFT[0]}}}"
    f".grid{{stroke:{LINE[0]}}}.mark{{fill:{COLOURS['supports'][0]};stroke:none}}"
    f".stem{{stroke:{COLOURS['supports'][0]};stroke-width:2;opacity:.55}}"
)


def picture(answer: Answer, along: int, up: int, source: str) -> bytes:
    """Return the chart of an answer as SVG, above the line `source`; what strangers wrote is text in it."""
    keys, values = chart.columns(answer, along, up)
    what = plain(answer.table.column_names[up], 40)
    if chart.is_time(answer, along):
        title, timed = chart.dated(keys, values, what)
        drawn, height = _stems(timed), TALL + 40
    else:
        title, named = chart.ranked(keys, values, what)
        drawn, height = _bars(named), ROW * len(named)
    tall = _TOP + height + _FOOT
    svg = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" width="{wide}" height="{tall}"'
        ' role="img" aria-label="{title}"><style>{style}</style>'
        '<rect width="{wide}" height="{tall}" fill="#fcfbf8"/>{head}'
        '<g transform="translate(0 {top})">{drawn}</g>{foot}</svg>\n'
    ).format(
        wide=WIDTH, tall=tall, title=title, style=Markup(_STYLE), top=_TOP,
        head=worded("title", _SIDE, 30, plain(title, 100)), drawn=Markup().join(drawn),
        foot=worded("soft", _SIDE, tall - 11, plain(source, 130)),
    )  # fmt: skip
    return utf8(svg)


def _bars(rows: Sequence[tuple[str, float]]) -> list[Markup]:
    """Return bars that count from zero; one below it has no length to the right."""
    most = max((value for _, value in rows), default=0) or 1
    room = WIDTH - NAMES - 110
    parts = []
    for index, (name, value) in enumerate(rows):
        length = max(0.0, room * value / most) if most > 0 else 0.0
        parts += [
            worded("end", NAMES - 8, index * ROW + 17, plain(name, 36)),
            Markup('<rect class="mark" x="{}" y="{}" width="{:.1f}" height="{}"/>').format(
                NAMES, index * ROW + 5, length, ROW - 9),
            worded("soft", round(NAMES + length + 6, 1), index * ROW + 17, chart.said(value)),
        ]
    return parts


def _stems(rows: Sequence[tuple[datetime, float]]) -> list[Markup]:
    """Return a stem from zero and a point for each value in time."""
    if not rows:
        return []
    times = [at.replace(tzinfo=UTC) for at, _ in rows]
    pad = max((times[-1] - times[0]) / 40, timedelta(hours=1))
    across = Scale(times[0] - pad, times[-1] + pad, 70, WIDTH - _SIDE)
    low, top = min(0.0, *(value for _, value in rows)), max(0.0, *(value for _, value in rows))
    span = (top - low) or 1.0

    def up(value: float) -> float:
        return round(TALL - (TALL - 12) * (value - low) / span, 1)

    parts = ticks(across, TALL, WIDTH)
    for value in (0.0, *(end for end in (low, top) if abs(up(end) - up(0.0)) > LABEL)):
        parts += [ruled("grid", 70, up(value), WIDTH - _SIDE, up(value)),
                  worded("tick end", 64, up(value) + 4, chart.said(value))]
    for at, (_, value) in zip(times, rows, strict=True):
        x = across(at)
        parts += [ruled("stem", x, up(0.0), x, up(value)),
                  Markup('<circle class="mark" cx="{}" cy="{}" r="4"/>').format(x, up(value))]
    return parts
