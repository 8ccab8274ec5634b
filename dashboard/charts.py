"""The timeline of a claim: evidence in a lane for each stance, over time, with the statuses behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import altair as alt
import pandas as pd

from dashboard.clock import date_words, day_words
from dashboard.pieces import HEARSAY, plural
from dashboard.rows.claim import Claim, Move, Point
from pipeline.harmless import plain

# The colours of theme/css/base.css, which a canvas cannot read: (light, dark). A test keeps the two files alike.
COLOURS = {
    "supports": ("#0a66a8", "#6cb4ee"),
    "denies": ("#b54708", "#ff9b57"),
    "questions": ("#93397a", "#e39aca"),
    "reports": ("#5f656c", "#a3a9b0"),
    "unverified": ("#555b63", "#a9afb6"),
    "corroborated": ("#0a66a8", "#6cb4ee"),
    "disputed": ("#825300", "#e8bd55"),
    "substantiated": ("#00684a", "#4cc79b"),
    "contradicted": ("#ac3209", "#ff8f66"),
    "retracted": ("#8a3573", "#e09ac8"),
    "expired": ("#655a48", "#c2b59c"),
}
INK, SOFT, LINE, PAPER = (
    ("#1d2126", "#e9e6df"),
    ("#555b63", "#a9afb6"),
    ("#d8d2c5", "#3a4047"),
    ("#fcfbf8", "#14171a"),
)
SHAPES = {"supports": "triangle-up", "denies": "triangle-down", "questions": "diamond", "reports": "circle"}
LANES = tuple(SHAPES)

_LANE, _BAND = 46, 26
_BINS = 48
_FONT = '"Source Sans", sans-serif'


def finding(claim: Claim, moves: Sequence[Move], points: Sequence[Point]) -> str:
    """The chart's title: where the claim stands since when, and how many voices carry, deny and question it."""
    last = moves[-1] if moves else None
    since = f" since {day_words(last.at)}" if last and last.at_is_said else ""
    rumour = (
        "carried by rumour alone"
        if any(p.stance in ("supports", "reports") for p in points)
        else "carried by nobody"
    )
    told = [f"carried by {plural(claim.voices, 'voice')}" if claim.voices else rumour]
    for stance, verb in (("denies", "denied"), ("questions", "questioned")):
        count = len({point.voice for point in points if point.stance == stance and point.voice != HEARSAY})
        told += [f"{verb} by {count:,}"] * bool(count)
    return (
        f"{claim.status.capitalize()}{since}: "
        + ", ".join(told[:-1])
        + (" and " if told[1:] else "")
        + told[-1]
    )


def timeline(
    claim: Claim, moves: Sequence[Move], points: Sequence[Point], *, until: datetime, dark: bool
) -> alt.LayerChart:
    """The chart of a claim up to `until`.

    A large mark is the first word of a voice, a small one repeats it; a hollow one has no known time and stands where
    we saw it. What a stranger wrote reaches the chart as data only, cleaned by `plain`.
    """
    tone = int(dark)
    frame = _frame(points)
    start, end = _span(frame, moves, until)
    lanes = [lane for lane in LANES if (frame["stance"] == lane).any()] or ["supports"]
    height = _LANE * len(lanes) + _BAND
    x = alt.X(
        "at:T",
        title=None,
        scale=alt.Scale(domain=[_utc(start), _utc(end)], type="utc"),
        axis=_time_axis(start, end, tone),
    )
    layers = [_lines(lanes, height, tone), *_bands(moves, start, end, x, height, tone)]
    if claim.event_at and start <= claim.event_at <= end:
        layers += _deadline(claim.event_at, height, tone)
    layers.append(_marks(frame, lanes, x, tone))
    chart = alt.layer(*layers).properties(
        height=height,
        width="container",
        background="transparent",
        padding={"left": 4, "right": 12, "top": 4, "bottom": 4},
    )
    styled: alt.LayerChart = chart.configure(font=_FONT).configure_view(stroke=None)
    return styled


def _frame(points: Sequence[Point]) -> pd.DataFrame:
    seen: set[tuple[str, str]] = set()
    found: list[dict[str, Any]] = []
    for point in points:
        at = point.said_at or point.seen_at
        own = point.voice != HEARSAY and (point.voice, point.stance) not in seen
        seen.add((point.voice, point.stance))
        said = date_words(point.said_at) if point.said_at else f"unknown, seen {date_words(point.seen_at)}"
        found.append(
            {
                "stance": point.stance,
                "at": at,
                "own": own,
                "dated": point.said_at is not None,
                "Who": plain(point.speaker),
                "In": plain(point.source),
                "Said": said,
                "Voice": plain(point.voice_name),
            }
        )
    return pd.DataFrame(found, columns=["stance", "at", "own", "dated", "Who", "In", "Said", "Voice"])


def _span(frame: pd.DataFrame, moves: Sequence[Move], until: datetime) -> tuple[datetime, datetime]:
    times = [*(at.to_pydatetime() for at in frame["at"]), *(move.at for move in moves)] or [until]
    start, end = min(times), max(*times, min(times) + timedelta(hours=6))
    end = max(end, min(until, end + (end - start) / 4))
    margin = (end - start) * 0.03
    return start - margin, end + margin


def _bands(
    moves: Sequence[Move], start: datetime, end: datetime, x: alt.X, height: int, tone: int
) -> list[alt.Chart]:
    ends = [move.at for move in moves[1:]] + [end]
    wide = (end - start) / 9
    bands = [
        {
            "at": max(move.at, start),
            "to": to,
            "status": move.status,
            "label": move.status if to - move.at >= wide else "",
            "From": date_words(move.at),
        }
        for move, to in zip(moves, ends, strict=True)
        if to > move.at
    ]
    if not bands:
        return []
    data = alt.Chart(_times(pd.DataFrame(bands)))
    colour = alt.Color(
        "status:N",
        legend=None,
        scale=alt.Scale(domain=list(COLOURS), range=[pair[tone] for pair in COLOURS.values()]),
    )
    tip = [alt.Tooltip("status:N", title="Status"), alt.Tooltip("From:N")]
    top, bottom = alt.Y2Datum(0), alt.YDatum(height)
    return [
        data.mark_rect(opacity=0.1).encode(x=x, x2="to:T", y=bottom, y2=top, color=colour),
        data.mark_rect(opacity=0.9).encode(
            x=x, x2="to:T", y=alt.YDatum(4), y2=top, color=colour, tooltip=tip
        ),
        data.mark_text(align="left", baseline="top", dx=5, dy=4, fontSize=12, fontWeight=600).encode(
            x=x, y=alt.YDatum(4), text="label:N", color=colour
        ),
    ]


def _lines(lanes: list[str], height: int, tone: int) -> alt.Chart:
    middles = [_BAND + _LANE * (n + 0.5) for n in range(len(lanes))]
    names = (
        "".join(f"datum.value == {middle} ? '{lane}' : " for middle, lane in zip(middles, lanes, strict=True))
        + "''"
    )
    axis = alt.Axis(
        title=None,
        values=middles,
        labelExpr=names,
        grid=False,
        ticks=False,
        domain=False,
        labelColor=SOFT[tone],
        labelFontSize=12,
        labelPadding=6,
    )
    y = alt.Y("y:Q", axis=axis, scale=alt.Scale(domain=[height, 0], zero=False, nice=False))
    lines: alt.Chart = (
        alt.Chart(pd.DataFrame({"y": middles})).mark_rule(color=LINE[tone], strokeWidth=1).encode(y=y)
    )
    return lines


def _deadline(at: datetime, height: int, tone: int) -> list[alt.Chart]:
    data = alt.Chart(_times(pd.DataFrame([{"at": at, "label": "the time it speaks of"}])))
    rule = data.mark_rule(strokeDash=[4, 3], color=INK[tone]).encode(
        x="at:T", y=alt.YDatum(height), y2=alt.Y2Datum(_BAND - 4)
    )
    return [
        rule,
        data.mark_text(align="right", dx=-5, dy=-3, baseline="bottom", fontSize=11, color=INK[tone]).encode(
            x="at:T", y=alt.YDatum(height), text="label:N"
        ),
    ]


def _marks(frame: pd.DataFrame, lanes: list[str], x: alt.X, tone: int) -> alt.Chart:
    data = _times(frame.assign(y=_places(frame, lanes)))
    domain, pair = list(LANES), [COLOURS[lane][tone] for lane in LANES]
    scale = alt.Scale(domain=domain, range=pair)
    marks: alt.Chart = (
        alt.Chart(data)
        .mark_point(filled=True, strokeWidth=1.6, opacity=0.95)
        .encode(
            x=x,
            y=alt.Y("y:Q"),
            color=alt.Color("stance:N", legend=None, scale=scale),
            stroke=alt.Stroke("stance:N", legend=None, scale=scale),
            shape=alt.Shape(
                "stance:N", legend=None, scale=alt.Scale(domain=domain, range=list(SHAPES.values()))
            ),
            size=alt.condition("datum.own", alt.value(190), alt.value(46)),
            fillOpacity=alt.condition("datum.dated", alt.value(0.95), alt.value(0)),
            tooltip=[
                alt.Tooltip("stance:N", title="Stance"),
                *(alt.Tooltip(f"{name}:N") for name in ("Who", "In", "Said", "Voice")),
            ],
        )
    )
    return marks


def _places(frame: pd.DataFrame, lanes: list[str]) -> list[float]:
    """A height for each mark: in the middle of its lane, and beside those that stand at about the same time."""
    if frame.empty:
        return []
    first, last = frame["at"].min(), frame["at"].max()
    step = max((last - first) / _BINS, pd.Timedelta(minutes=1))
    taken: dict[tuple[str, int], int] = {}
    found = []
    for stance, at in zip(frame["stance"], frame["at"], strict=True):
        slot = (stance, int((at - first) / step))
        nth = taken[slot] = taken.get(slot, -1) + 1
        aside = (nth + 1) // 2 * (13 if nth % 2 else -13)
        middle = _BAND + _LANE * ((lanes.index(stance) if stance in lanes else 0) + 0.5)
        found.append(middle + max(-_LANE / 2 + 6, min(_LANE / 2 - 6, aside)))
    return found


def _times(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        **{name: pd.to_datetime(frame[name]).dt.tz_localize("UTC") for name in ("at", "to") if name in frame}
    )


def _time_axis(start: datetime, end: datetime, tone: int) -> alt.Axis:
    values, form = _ticks(start, end)
    return alt.Axis(
        values=[_utc(at) for at in values],
        format=form,
        grid=False,
        labelColor=SOFT[tone],
        tickColor=LINE[tone],
        domainColor=LINE[tone],
        labelFontSize=12,
        labelOverlap="greedy",
        labelFlush=True,
    )


def _ticks(start: datetime, end: datetime) -> tuple[list[datetime], str]:
    """At most eight round instants between `start` and `end`, and how to write them: each label is told apart from the next."""
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


def _utc(at: datetime) -> alt.DateTime:
    return alt.DateTime(
        year=at.year,
        month=at.month,
        date=at.day,
        hours=at.hour,
        minutes=at.minute,
        seconds=at.second,
        utc=True,
    )
