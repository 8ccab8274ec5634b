"""Claims on one time axis, a line with bands of status each, below the release stages that were reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import pandas as pd

from dashboard.components.charts.axis import time_axis, timed
from dashboard.components.charts.spec import Chart, Words, condition, field, layer, legendless, scale
from dashboard.components.charts.style import COLOURS, INK, LINE, PAPER, SOFT, STATUS_SHAPES
from dashboard.components.entities import stage_words
from dashboard.components.html import STATUSES
from dashboard.components.times import by_day, date_words, local
from dashboard.data.models import Rung, Step, SubjectClaim
from pipeline.text.sanitize import plain

_BAR = "M-0.22,-1L0.22,-1L0.22,1L-0.22,1Z"
_ROW, _HEAD, _WORD, _TRACK = 48, 30, 92, 30
FALLEN = {
    "origin": "M-0.1,-1L-0.1,1L0.1,1L0.1,0.1L1.9,-0.45Z",
    "denial": "triangle-down",
    "artefact": "square",
}
"""The shapes of what falls on a claim's line: a flag, a triangle, a square."""
ASIDE = {"origin": 9, "denial": -9, "artefact": -9}
"""How far below the middle of the line each is drawn, in pixels."""
_SIZES = {"origin": 150, "denial": 90, "artefact": 80}


@dataclass(frozen=True, slots=True)
class LineEvent:
    """What fell on a claim's line: `what` is "origin", "denial" or "artefact".

    `said` is false where `at` is only when it was seen; `who` and `words` are a stranger's.
    """

    claim_id: str
    what: str
    at: datetime
    said: bool
    precision: str
    who: str
    words: str


def chart(
    claims: Sequence[SubjectClaim],
    steps: Sequence[Step],
    rungs: Sequence[Rung] = (),
    events: Sequence[LineEvent] = (),
    *,
    until: datetime,
    dark: bool,
    published: bool = True,
) -> Chart:
    """Return a chart of the release stages as they were reached, then of the claims as they were said.

    `events` are marked on the lines of their claims. `published` is false where the chart ends at `until`
    though the copy is newer.

    A hollow mark with a "?" has no known time and is where we saw it. What a stranger wrote reaches the chart
    only as data, cleaned by `plain`; times are those of the reader's clock.
    """
    tone = int(dark)
    rows = _rows(claims, rungs)
    start, end = _span(claims, steps, rungs, events, until)
    height = len(rows) * _ROW + _HEAD * (bool(rungs) + bool(claims))
    x = time_axis(local(start), local(end), tone)
    layers = [
        *_frame(rows, rungs, claims, height, tone),
        *(_published(until, x, height, tone) if published else []),
        *_bands(rows, claims, steps, until, x, tone),
        *_deadlines(rows, claims, (start, end), x, tone),
        *_marks(rows, claims, steps, rungs, x, tone),
        *_events(rows, events, x, tone),
    ]
    room = {"left": 2, "right": 8, "top": 2, "bottom": 4}
    return Chart(layers, height, room, apart=("shape", "stroke", "fill"))


Rows = dict[Rung | str, float]
"""The top of each row: by release stage, and by the id of a claim."""


def _rows(claims: Sequence[SubjectClaim], rungs: Sequence[Rung]) -> Rows:
    # A model may have reached a stage by several organisations, a row each.
    tops: Rows = {}
    top = float(_HEAD)
    for rung in sorted(rungs, key=lambda rung: rung.reached_at):
        tops[rung] = top
        top += _ROW
    top += _HEAD * bool(rungs)
    for claim in sorted(claims, key=lambda c: (c.first_said_at or c.first_seen_at, c.claim_id)):
        tops[claim.claim_id] = top
        top += _ROW
    return tops


def _span(
    claims: Sequence[SubjectClaim],
    steps: Sequence[Step],
    rungs: Sequence[Rung],
    events: Sequence[LineEvent],
    until: datetime,
) -> tuple[datetime, datetime]:
    """Return the span from the first word to the night that is shown, with deadlines not far beyond."""
    times = [claim.first_said_at or claim.first_seen_at for claim in claims]
    times += [step.since for step in steps] + [rung.reached_at for rung in rungs]
    times += [mark.at for mark in events]
    start, end = min([*times, until]), max([*times, until])
    end = max(end, start + timedelta(hours=6))
    near = end + (end - start) / 2
    end = max([end, *(c.event_at for c in claims if c.event_at and c.event_at <= near)])
    margin = (end - start) * 0.03
    return start - margin, end + margin


def _frame(
    rows: Rows,
    rungs: Sequence[Rung],
    claims: Sequence[SubjectClaim],
    height: int,
    tone: int,
) -> list[Words]:
    """Return the hairlines, the heads of the two parts, and the words of each row."""
    words = [(rows[rung], stage_words(rung.rung), _shown(rung), "rung") for rung in rungs]
    words += [(rows[claim.claim_id], claim.status, claim.claim, claim.status) for claim in claims]
    data = pd.DataFrame(
        [
            {
                "y": top + 9,
                "line": top + _ROW - 2,
                "word": plain(word, 20),
                "text": plain(text, 160),
                "tone": kind,
                "Whole": plain(text, 400),
            }
            for top, word, text, kind in words
        ],
        columns=["y", "line", "word", "text", "tone", "Whole"],
    )
    heads = [(_HEAD - 10, "RELEASES")] * bool(rungs)
    heads += [(len(rungs) * _ROW + _HEAD * (1 + bool(rungs)) - 10, "CLAIMS")] * bool(claims)
    left = {"value": 0}
    y = field("y:Q", axis=None, scale={"domain": [height, 0], "zero": False, "nice": False})
    head = {"align": "left", "fontSize": 11, "fontWeight": 600, "color": SOFT[tone]}
    word_look = {"align": "left", "baseline": "middle", "fontSize": 12, "fontWeight": 600}
    text = {"align": "left", "fontSize": 13, "color": INK[tone], "limit": {"expr": f"width - {_WORD}"}}
    return [
        layer(data, "rule", {"color": LINE[tone], "strokeWidth": 0.6}, y=field("line:Q", axis=None)),
        layer(pd.DataFrame(heads, columns=["y", "head"]), "text", head, x=left, y=y, text=field("head:N")),
        layer(data, "text", word_look, x=left, y=y, text=field("word:N"), color=_colour("tone", tone)),
        layer(data, "text", text, x={"value": _WORD}, y=y, text=field("text:N"),
              tooltip=[field("Whole:N", title="Claim")]),
    ]


def _shown(rung: Rung) -> str:
    return rung.words if rung.model in rung.words else f"{rung.model}: {rung.words}"


def _timed(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return stored instants on the reader's clock; the beginning or end of a day stays in its day."""
    day = (time(0, 0), time(23, 59, 59))
    frame = pd.DataFrame(rows)
    for name in {"at", "to"} & set(frame):
        frame[name] = [at if at.time() in day else local(at) for at in frame[name]]
    return timed(frame)


def _exact(at: datetime, said: bool, precision: str = "second") -> str:
    """Return an instant in words, for a reader who asks exactly: on the reader's clock and in UTC."""
    shown = date_words(at, precision)
    exact = f"{shown} ({at:%Y-%m-%d %H:%M:%S} UTC)" if precision == "second" else shown
    return exact if said else f"time unknown, seen {exact}"


def _published(until: datetime, x: Words, height: int, tone: int) -> list[Words]:
    data = _timed([{"at": until, "Published": date_words(until)}])
    look = {"color": SOFT[tone], "strokeWidth": 1, "strokeDash": [1, 3]}
    top, bottom = {"datum": 0}, {"datum": height}
    return [layer(data, "rule", look, x=x, y=top, y2=bottom, tooltip=[field("Published:N")])]


def _bands(
    rows: Rows,
    claims: Sequence[SubjectClaim],
    steps: Sequence[Step],
    until: datetime,
    x: Words,
    tone: int,
) -> list[Words]:
    """Return each claim's line: thin up to its first status, then a band for each."""
    thin, bands = [], []
    for claim in claims:
        middle = rows[claim.claim_id] + _TRACK
        own = [step for step in steps if step.claim_id == claim.claim_id]
        first = claim.first_said_at or claim.first_seen_at
        thin.append({"at": first, "to": max(first, own[0].since if own else until), "y": middle})
        ends = [step.since for step in own[1:]] + [max(until, own[-1].since)] if own else []
        bands += [
            {"at": step.since, "to": to, "y": middle - 4, "y2": middle + 4, "status": step.status}
            for step, to in zip(own, ends, strict=True)
            if to > step.since
        ]
    layers = []
    to, y = field("to"), field("y:Q")
    if thin:
        look = {"color": SOFT[tone], "strokeWidth": 1}
        layers.append(layer(_timed(thin), "rule", look, x=x, x2=to, y=y))
    if bands:
        colour = _colour("status", tone)
        layers.append(
            layer(_timed(bands), "rect", {"opacity": 0.34}, x=x, x2=to, y=y, y2=field("y2"), color=colour)
        )
    return layers


def _deadlines(
    rows: Rows, claims: Sequence[SubjectClaim], span: tuple[datetime, datetime], x: Words, tone: int
) -> list[Words]:
    """Return a dashed line up to the time that a claim names, and a bar there; none outside of `span`."""
    start, end = span
    deadline_rows = [
        {
            "at": claim.event_at,
            "to": min(claim.first_said_at or claim.first_seen_at, claim.event_at),
            "y": rows[claim.claim_id] + _TRACK,
            "y1": rows[claim.claim_id] + _TRACK - 8,
            "y2": rows[claim.claim_id] + _TRACK + 8,
            "Due": f"by the end of {date_words(claim.event_at, by_day(claim.event_precision))}",
        }
        for claim in claims
        if claim.event_at and start <= claim.event_at <= end
    ]
    if not deadline_rows:
        return []
    data, tip = _timed(deadline_rows), [field("Due:N", title="Deadline")]
    dashed = {"color": INK[tone], "strokeWidth": 1, "strokeDash": [3, 3]}
    bar = {"color": INK[tone], "strokeWidth": 3}
    return [
        layer(data, "rule", dashed, x=x, x2=field("to"), y=field("y:Q")),
        layer(data, "rule", bar, x=x, y=field("y1:Q"), y2=field("y2"), tooltip=tip),
    ]


def _marks(
    rows: Rows,
    claims: Sequence[SubjectClaim],
    steps: Sequence[Step],
    rungs: Sequence[Rung],
    x: Words,
    tone: int,
) -> list[Words]:
    """Return marks where each claim was first said, each status began and each stage was reached."""
    by_id = {claim.claim_id: claim for claim in claims}
    marks = []
    for step in steps:
        if claim := by_id.get(step.claim_id):
            tooltip = (step.status, _since(step, claim), step.reason)
            top = rows[step.claim_id]
            marks.append(_mark(step.since, top, step.status, step.since_is_said, tooltip))
    for rung in rungs:
        when = _exact(rung.reached_at, rung.at_is_said)
        tooltip = (f"{rung.model}: {stage_words(rung.rung)}", when, rung.words)
        marks.append(_mark(rung.reached_at, rows[rung], "rung", rung.at_is_said, tooltip))
    # Where a status begins with the first word, its mark stands for both.
    starts = {(step.claim_id, step.since) for step in steps}
    for claim in claims:
        at, dated, when = _first(claim)
        if (claim.claim_id, at) not in starts:
            tooltip = ("said first, of all we have stored", when, "")
            marks.append(_mark(at, rows[claim.claim_id], "word", dated, tooltip))
    if not marks:
        return []
    data, y, colour = _timed(marks), field("y:Q"), _colour("kind", tone)
    looks = STATUS_SHAPES | {"rung": "square", "word": _BAR}
    undated = {"text": "?", "dx": 9, "dy": -9, "fontSize": 12, "fontWeight": 700, "color": INK[tone]}
    return [
        layer(
            data,
            "point",
            {"size": 100, "strokeWidth": 1, "opacity": 1},
            x=x,
            y=y,
            stroke=colour,
            shape=legendless("kind:N", scale(list(looks), list(looks.values()))),
            fill=condition("datum.filled", colour, PAPER[tone]),
            tooltip=[field("What:N"), field("When:N"), field("Why:N")],
        ),
        layer(data, "text", undated, x=x, y=y) | {"transform": [{"filter": "!datum.dated"}]},
    ]


def _events(
    rows: Rows, events: Sequence[LineEvent], x: Words, tone: int
) -> list[Words]:
    """Return what fell on each claim's line, above and below the band, in shapes of its own."""
    data = [
        {
            "at": mark.at,
            "y": rows[mark.claim_id] + _TRACK + ASIDE[mark.what],
            "kind": mark.what,
            "size": _SIZES[mark.what],
            "said": mark.said,
            "What": f"{mark.what} by {plain(mark.who, 120)}",
            "When": _exact(mark.at, mark.said, mark.precision),
            "Words": plain(mark.words, 300),
        }
        for mark in events
        if mark.claim_id in rows
    ]
    if not data:
        return []
    colours = {"origin": INK[tone], "denial": COLOURS["denies"][tone], "artefact": INK[tone]}
    colour = legendless("kind:N", scale(list(colours), list(colours.values())))
    return [
        layer(
            _timed(data),
            "point",
            {"strokeWidth": 1.4, "opacity": 1},
            x=x,
            y=field("y:Q"),
            size=legendless("size:Q", None),
            stroke=colour,
            fill=condition("datum.said", colour, PAPER[tone]),
            shape=legendless("kind:N", scale(list(FALLEN), list(FALLEN.values()))),
            tooltip=[field("What:N"), field("When:N"), field("Words:N")],
        )
    ]


def _mark(at: datetime, top: float, kind: str, dated: bool, told: tuple[str, str, str]) -> dict[str, Any]:
    what, when, why = told
    # The shape of "unverified" is a ring, whether its time is known or not: the "?" tells that.
    filled = dated and kind != "unverified"
    words = {"What": plain(what, 120), "When": when, "Why": plain(why, 300)}
    return {"at": at, "y": top + _TRACK, "kind": kind, "dated": dated, "filled": filled} | words


def _first(claim: SubjectClaim) -> tuple[datetime, bool, str]:
    if claim.first_said_at is None:
        return claim.first_seen_at, False, _exact(claim.first_seen_at, False)
    return claim.first_said_at, True, _exact(claim.first_said_at, True, claim.said_precision)


def _since(step: Step, claim: SubjectClaim) -> str:
    """Return when a status began, no finer than it is known: a day is stored as its midnight."""
    if step.since_is_said and step.since == claim.first_said_at:
        return _exact(step.since, True, claim.said_precision)
    is_day = step.since_is_said and step.since.time() == datetime.min.time()
    return _exact(step.since, step.since_is_said, "day" if is_day else "second")


def _colour(name: str, tone: int) -> Words:
    """Return the channel of a column of statuses, or of what else has a mark of its own."""
    words = [*STATUSES, "rung", "word"]
    colours = [*(COLOURS[status][tone] for status in STATUSES), INK[tone], INK[tone]]
    return legendless(f"{name}:N", scale(words, colours))
