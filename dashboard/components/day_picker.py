"""The day as of which a page shows what was known: a day of UTC, held by the address as `asof`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import streamlit as st


def day_marks(learned: Iterable[date], last: date | None) -> list[date]:
    """Return the days that can be chosen: those on which something was learned and the one of the address.

    A day that was not over when the copy was published, on `last`, counts as now.
    """
    values = (st.query_params.get("asof", ""), st.session_state.get("asof", ""))
    asked_days = map(_day, map(str, values))
    return sorted({day for day in (*learned, *asked_days) if day and last and day < last})


def pick_day(marks: Sequence[date], help_text: str) -> date | None:
    """Draw a slider over `marks`, none where there are none; return the chosen day, None for now."""
    if not marks:
        return None
    chosen = st.select_slider(
        "As known at the end of a day (UTC)",
        [f"{day:%Y-%m-%d}" for day in marks] + ["now"],
        value="now",
        key="asof",
        bind="query-params",
        width=340,
        help=help_text,
    )
    return _day(str(chosen))


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None
