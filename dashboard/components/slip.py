"""The slip chart of each model for whose release a day was promised, with its table, data and citation."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime

import streamlit as st
from markupsafe import Markup

from dashboard.components import handout, html
from dashboard.components.times import by_day, when
from dashboard.data import queries
from dashboard.data.queries import Copy
from pipeline.core.text import utf8
from pipeline.exports import slip_svg
from pipeline.published.slips import Promise, Slip
from pipeline.text.sanitize import plain

WIDE, NARROW = 880, 360  # units
MOST = 6  # charts on one page
STATE_LOOKS = {"met": "ok", "missed": "failed", "open": "running", "void": "off"}
_html = html.Template("components/slip.html")


def show(copy: Copy, slips: Sequence[Slip]) -> None:
    """Draw a section with a chart for each of `slips`, those of most promises first; nothing for none."""
    if not slips:
        return
    until = queries.published_at(copy) or max(promise.seen_at for slip in slips for promise in slip.promises)
    shown = sorted(slips, key=lambda slip: (-len(slip.promises), slip.model))[:MOST]
    more = len(slips) - len(shown)
    st.html(_html.heading("Promised and moved", slip_svg.LEGEND, more))
    for slip in shown:
        _one(copy, slip, until)


def _one(copy: Copy, slip: Slip, until: datetime) -> None:
    dark = st.context.theme.type == "dark"
    pictures = [(name, _file(slip, until, width, dark), _spots(slip, until, width))
                for name, width in (("rt-wide", WIDE), ("rt-narrow", NARROW))]
    st.html(_html.chart(slip, pictures, _table(slip)))
    name = f"slip-{''.join(c if c.isascii() and c.isalnum() else '-' for c in slip.model.lower())[:60]}"
    handout.put(
        copy, f"Promised release dates of {plain(slip.model, 80)}", name,
        csv=lambda: utf8(slip_svg.csv_of([slip])),
        svg=lambda: slip_svg.picture(slip, until=until, width=WIDE, scheme="auto").encode(),
    )  # fmt: skip


def _file(slip: Slip, until: datetime, width: int, dark: bool) -> str:
    svg = slip_svg.picture(slip, until=until, width=width, scheme="dark" if dark else "light")
    return "data:image/svg+xml;base64," + b64encode(utf8(svg)).decode()


def _spots(slip: Slip, until: datetime, width: int) -> list[tuple[str, str, str, str]]:
    return [(f"{100 * left:.2f}%", f"{100 * top:.2f}%", words, claim)
            for left, top, words, claim in slip_svg.spots(slip, until=until, width=width)]


def _table(slip: Slip) -> Markup:
    head = [("", True), ("Said by", False), ("On", False), ("Promised for", False), ("Ended", False)]
    body = [(str(number), _html.speaker(promise), _html.said(promise), when(*_due(promise)),
             _html.ended(promise, STATE_LOOKS.get(promise.state, "")))
            for number, promise in enumerate(slip.promises, 1)]
    return html.table(head, body)


def _due(promise: Promise) -> tuple[datetime, str]:
    return promise.earliest if promise.precision == "day" else promise.deadline, by_day(promise.precision)
