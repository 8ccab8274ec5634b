"""The timeline of a claim: evidence in lanes by stance or voice, with the statuses behind it.

What a stranger wrote reaches the chart as data only, cleaned by `plain`: never as part of an expression.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pandas as pd

from dashboard.components.charts.axis import time_axis, timed
from dashboard.components.charts.lanes import LANE, frame, order, places, voice_lanes
from dashboard.components.charts.spec import Chart, Words, condition, field, layer, legendless, scale
from dashboard.components.charts.style import COLOURS, INK, LINE, PAPER, SHAPES, SOFT
from dashboard.components.html import STANCES
from dashboard.components.times import date_words, day_words, local
from dashboard.data.claim import Heap, Point
from pipeline.core.text import counted
from pipeline.exports.wording import carried
from pipeline.published.claim_rows import Claim, Happening, Move
from pipeline.text.sanitize import plain

# What became of a text: its word, and its shape.
HAPPENED = {
    "edited": "□ edited",
    "hedged": "▷ softened without a note",
    "corrected": "+ corrected with a note",
    "gone": "× deleted",
}
_HAPPENED_SHAPES = {
    "edited": "square",
    "hedged": "triangle-right",
    "corrected": "cross",
    "gone": "M-1,-1L1,1M1,-1L-1,1",
}

# An edit and what it did to a statement are seen at one time: one is drawn above the other.
_ASIDE = {"edited": -10, "gone": 11}

_EDITS = "edits"
_BAND, _NAME = 26, 8


def finding(claim: Claim, moves: Sequence[Move]) -> str:
    """Return the title: the status and since when, and how many voices carry, deny and question the claim."""
    last = moves[-1] if moves else None
    since = f" since {day_words(last.at)}" if last and last.at_is_said else ""
    return f"{claim.status.capitalize()}{since}: {carried(claim, 'voice')}"


def timeline(
    claim: Claim,
    moves: Sequence[Move],
    points: Sequence[Point],
    happenings: Sequence[Happening] = (),
    *,
    heaps: Sequence[Heap] = (),
    until: datetime,
    by_voice: bool = False,
    dark: bool,
) -> Chart:
    """Return the chart of a claim up to `until`.

    A large mark is the first word of a voice, a small one repeats it; a hollow one has no known time and is
    where we saw it. `heaps` are bars at the foot of the lanes of stances. A rule marks each move of the
    status, with its number.
    """
    tone = int(dark)
    marks = frame(points)
    marks["lane"] = voice_lanes(points) if by_voice else marks["stance"]
    lanes = order(marks, by_voice=by_voice) + [_EDITS] * bool(happenings)
    # A voice's name stands inside its lane, above the marks.
    name_height = _NAME if by_voice else 0
    middles = {lane: _BAND + LANE * (n + 0.5) + name_height for n, lane in enumerate(lanes)}
    height = LANE * len(lanes) + _BAND + name_height
    start, end = _span(marks, moves, [*happenings, *heaps], until)
    x = time_axis(start, end, tone)
    layers = [
        _lines(middles, height, tone, named=not by_voice),
        *_bands(moves, start, end, x, height, tone),
    ]
    if heaps:
        layers.append(_bars(heaps, middles, x, tone))
    if claim.event_at and start <= claim.event_at <= end:
        layers += _deadline(claim.event_at, height, tone)
    layers += _names(middles, tone) if by_voice else []
    layers.append(_marks(marks, middles, x, tone, crowded=bool(heaps)))
    if happenings:
        layers.append(_changes(happenings, middles[_EDITS], x, tone))
    # Stances and changes have shapes of their own: with one scale for both they would swap shapes.
    return Chart(layers, height, {"left": 4, "right": 12, "top": 4, "bottom": 4}, apart=("shape",))


def _span(
    shown: pd.DataFrame, moves: Sequence[Move], others: Sequence[Happening | Heap], until: datetime
) -> tuple[datetime, datetime]:
    until = local(until)
    times = [
        *(at.to_pydatetime() for at in shown["at"]),
        *(local(move.at) for move in moves),
        *(local(change.at if isinstance(change, Happening) else change.ends) for change in others),
    ] or [until]
    start, end = min(times), max(*times, min(times) + timedelta(hours=6))
    end = max(end, min(until, end + (end - start) / 4))
    margin = (end - start) * 0.03
    return start - margin, end + margin


def _bands(
    moves: Sequence[Move], start: datetime, end: datetime, x: Words, height: int, tone: int
) -> list[Words]:
    begins = [local(move.at) for move in moves]
    bands = [
        {
            "at": max(begin, start),
            "to": to,
            "status": move.status,
            "label": _label(number, move.status, to - begin, end - start),
            "From": date_words(move.at),
        }
        for number, (move, begin, to) in enumerate(zip(moves, begins, [*begins[1:], end], strict=True), 1)
        if to > begin
    ]
    if not bands:
        return []
    data = timed(bands)
    colour = legendless("status:N", scale(list(COLOURS), [pair[tone] for pair in COLOURS.values()]))
    tip = [field("status:N", title="Status"), field("From:N")]
    to, top, head, bottom = field("to"), {"datum": 0}, {"datum": 4}, {"datum": height}
    words = {"align": "left", "baseline": "top", "dx": 5, "dy": 4, "fontSize": 12, "fontWeight": 600}
    return [
        layer(data, "rect", {"opacity": 0.1}, x=x, x2=to, y=bottom, y2=top, color=colour),
        layer(data, "rect", {"opacity": 0.9}, x=x, x2=to, y=head, y2=top, color=colour, tooltip=tip),
        layer(data, "rule", {"opacity": 0.75, "strokeWidth": 1.2}, x=x, y=bottom, y2=top, color=colour,
              tooltip=tip),
        layer(data, "text", words, x=x, y=head, text=field("label:N"), color=colour),
    ]


def _label(number: int, status: str, band: timedelta, span: timedelta) -> str:
    """Return as many words of a status as its band has room for."""
    return f"{number} {status}" if band >= span / 7 else f"{number}" if band >= span / 45 else ""


def _lines(middles: dict[str, float], height: int, tone: int, *, named: bool) -> Words:
    """Return a line for each lane; `named` by our own words, which alone may stand in an expression."""
    words = "".join(f"datum.value == {middle} ? '{lane}' : " for lane, middle in middles.items()) + "''"
    axis = {
        "title": None,
        "values": list(middles.values()),
        "labelExpr": words,
        "grid": False,
        "ticks": False,
        "domain": False,
        "labelColor": SOFT[tone],
        "labelFontSize": 12,
        "labelPadding": 6,
    }
    downwards = {"domain": [height, 0], "zero": False, "nice": False}
    return layer(
        pd.DataFrame({"y": list(middles.values())}),
        "rule",
        {"color": LINE[tone], "strokeWidth": 1},
        y=field("y:Q", axis=axis if named else None, scale=downwards),
    )


def _names(middles: dict[str, float], tone: int) -> list[Words]:
    """Return the voices' names, as data, inside their lanes: narrow screens have no room beside them."""
    top = _NAME + LANE / 2 - 3
    data = pd.DataFrame([{"y": middle - top, "name": name} for name, middle in middles.items()])
    look = {"align": "left", "baseline": "top", "fontSize": 12, "dx": 4}
    halo, words = {"stroke": PAPER[tone], "strokeWidth": 4}, {"color": SOFT[tone]}
    return [
        layer(data, "text", look | style, x={"value": 0}, y=field("y:Q"), text=field("name:N"))
        for style in (halo, words)
    ]


def _deadline(at: datetime, height: int, tone: int) -> list[Words]:
    data = timed([{"at": at, "label": "date in the claim"}])
    x, bottom = field("at:T"), {"datum": height}
    rule = {"strokeDash": [4, 3], "color": INK[tone]}
    words = {"align": "right", "dx": -5, "dy": -3, "baseline": "bottom", "fontSize": 11, "color": INK[tone]}
    return [
        layer(data, "rule", rule, x=x, y=bottom, y2={"datum": _BAND - 4}),
        layer(data, "text", words, x=x, y=bottom, text=field("label:N")),
    ]


def _bars(heaps: Sequence[Heap], middles: dict[str, float], x: Words, tone: int) -> Words:
    """Return how many mentions fall into each stretch of time: the height goes with the root of the number.
    """
    most = max(heap.mentions for heap in heaps)
    data = [
        {
            "at": local(heap.begins),
            "to": local(heap.ends),
            "stance": heap.stance,
            "foot": middles[heap.stance] + LANE / 2,
            "top": middles[heap.stance] + LANE / 2 - (LANE - 8) * (heap.mentions / most) ** 0.5,
            "Mentions": counted(heap.mentions, "mention"),
        }
        for heap in heaps
        if heap.stance in middles
    ]
    return layer(
        timed(data),
        "rect",
        {"opacity": 0.28},
        x=x,
        x2=field("to"),
        y=field("foot:Q"),
        y2=field("top"),
        color=legendless("stance:N", scale(list(STANCES), [COLOURS[lane][tone] for lane in STANCES])),
        tooltip=[field("Mentions:N"), field("stance:N", title="Stance")],
    )


def _marks(
    shown: pd.DataFrame, middles: dict[str, float], x: Words, tone: int, *, crowded: bool
) -> Words:
    data = timed(shown.assign(y=places(shown, middles)))
    colour = legendless("stance:N", scale(list(STANCES), [COLOURS[lane][tone] for lane in STANCES]))
    return layer(
        data,
        "point",
        {"filled": True, "strokeWidth": 1.6, "opacity": 0.95},
        x=x,
        y=field("y:Q"),
        color=colour,
        stroke=colour,
        shape=legendless("stance:N", scale(list(STANCES), list(SHAPES.values()))),
        size=condition("datum.own", {"value": 80 if crowded else 190}, 46),
        fillOpacity=condition("datum.dated", {"value": 0.95}, 0),
        tooltip=[
            field("stance:N", title="Stance"),
            *(field(f"{name}:N") for name in ("Who", "In", "Said", "Voice")),
        ],
    )


def _changes(happenings: Sequence[Happening], middle: float, x: Words, tone: int) -> Words:
    data = [
        {
            "at": local(change.at),
            "y": middle + _ASIDE.get(change.event, 0),
            "event": change.event,
            "Seen": date_words(change.at),
            "What": plain(change.reason, 160),
        }
        for change in happenings
    ]
    return layer(
        timed(data),
        "point",
        {"filled": False, "strokeWidth": 2, "size": 90, "color": INK[tone]},
        x=x,
        y=field("y:Q"),
        shape=legendless("event:N", scale(list(_HAPPENED_SHAPES), list(_HAPPENED_SHAPES.values()))),
        tooltip=[field("event:N", title="What became of it"), field("Seen:N"), field("What:N")],
    )
