"""The timeline of a claim, and what moved its status."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import streamlit as st

from dashboard.components import handout, html
from dashboard.components.charts import embed, timeline
from dashboard.components.filters import LISTED
from dashboard.components.times import zone_name
from dashboard.data import queries
from dashboard.data.claim import Heap, Point
from dashboard.views.claim import downloads
from dashboard.views.claim.as_of import Known
from dashboard.views.claim.header import since
from pipeline.exports.tables import write_csv
from pipeline.published.claim import TEXT_EVENTS
from pipeline.published.claim_rows import Claim, Happening, Move

POINTS = 600
"""Mentions that have a mark each."""
CROWD = 150
"""Marks of first words where there are too many mentions for a mark each."""
LANES = {"stance": "By stance", "voice": "By voice"}


def show(known: Known, claim: Claim, moves: list[Move]) -> None:
    """Draw the chart in the lanes that the address asks for, and the moves below it."""
    crowded = claim.mentions > POINTS
    points = known.read(Point, "points", limit=CROWD if crowded else POINTS)
    happenings = known.read(Happening, "happenings", events=TEXT_EVENTS, limit=LISTED)[::-1]
    heaps = known.read(Heap, "heaps") if crowded else []
    title = timeline.finding(claim, moves)
    st.html(html.section(html.literal(title)))
    lanes = st.segmented_control(
        "Lanes",
        list(LANES),
        default="stance",
        required=True,
        format_func=LANES.__getitem__,
        key="lanes",
        bind="query-params",
        label_visibility="collapsed",
    )
    by_voice = lanes == "voice"
    cut_note = ""
    if crowded:
        bars_note = "" if by_voice else "; the bars count all of them"
        cut_note = f"Of {claim.mentions:,} mentions {len(points):,} have a mark of their own{bars_note}."
    if len(happenings) == LISTED:
        cut_note += f" Of edits and deletions the newest {LISTED:,} are marked."
    chart = timeline.timeline(
        claim,
        moves,
        points,
        happenings,
        heaps=[] if by_voice else heaps,
        until=_until(known, claim),
        by_voice=by_voice,
        dark=st.context.theme.type == "dark",
    )
    embed.put(chart, f"Timeline. {title}. The status changes and all evidence follow below as text.")
    key = _key(points, happenings, moves)
    name = known.claim_id if known.claim_id.isalnum() else "claim"
    svg = partial(downloads.timeline_file, known, title)
    handout.put(known.copy, f"{title}: {claim.claim}", f"timeline-{name}",
                csv=partial(downloads.evidence, known, write_csv), svg=svg)
    st.html(f'<p class="rt-key-line">{key} <span class="rt-small rt-soft">{cut_note}</span></p>')
    if moves:
        numbered = list(enumerate(moves, 1))
        st.html(
            '<ol class="rt-plain rt-moves" reversed aria-label="What moved its status, newest first">'
            f"{''.join(_move(number, move) for number, move in reversed(numbered))}</ol>"
        )


def _until(known: Known, claim: Claim) -> datetime:
    published = queries.published_at(known.copy) or claim.last_seen_at
    return min(published, known.cutoff)


def _key(points: list[Point], happenings: list[Happening], moves: list[Move]) -> str:
    lanes = "".join(
        html.stance(lane) for lane in html.STANCES if any(point.stance == lane for point in points)
    )
    notes = ["large: a voice’s first word, small: a repetition"]
    if any(point.said_at is None for point in points):
        notes.append("hollow: time unknown, placed where we saw it")
    if moves:
        notes.append("numbers: the status changes below")
    if happenings:
        kinds = dict.fromkeys(timeline.HAPPENED[happening.event] for happening in happenings)
        notes.append(f"last lane: {', '.join(kinds)}")
    notes.append(f"times in {zone_name()}")
    words = f'<span class="rt-small rt-soft">{"; ".join(notes)}.</span>'
    return f'<span class="rt-row rt-tight">{lanes}{words}</span>'


def _move(number: int, move: Move) -> str:
    return (
        f'<li><div class="rt-row rt-tight"><span class="rt-number">{number}</span>{html.chip(move.status)}'
        f'<span class="rt-soft rt-small">{since(move)}</span></div>'
        f"<p>{html.reason(move.reason)}</p></li>"
    )
