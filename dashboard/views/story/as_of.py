"""The day as of which the page shows what was known of the story; it is a day of UTC, held by the address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import streamlit as st

from pipeline.published.claim import NOW, AsOf


def picker(learned: Sequence[date], last: date) -> date | None:
    """Draw a slider over the days on which something was learned; return the chosen one, None for now.

    A day that was not over when the copy was published, on `last`, counts as now. No slider is drawn for one
    day alone.
    """
    given = (st.query_params.get("asof", ""), st.session_state.get("asof", ""))
    asked = {day for day in map(_day, map(str, given)) if day and day < last}
    marks = sorted({day for day in learned[:-1] if day < last} | asked)
    if not marks:
        return None
    chosen = st.select_slider(
        "As known at the end of a day (UTC)",
        [f"{day:%Y-%m-%d}" for day in marks] + ["now"],
        value="now",
        key="asof",
        bind="query-params",
        width=340,
        help="Shows the claims as of that day and leaves out what was learned later."
        " Which claims the story holds is today’s reading.",
    )
    return _day(str(chosen))


def instant(day: date | None) -> AsOf:
    """Return the end of a day as the reader of stories takes it."""
    return AsOf(datetime.combine(day + timedelta(days=1), datetime.min.time())) if day else NOW


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None
