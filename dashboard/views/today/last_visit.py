"""The beginning of the news on Today: the last visit of this browser, or what the address chooses.

A cookie, written by `theme/visit.html`, has when this browser looked last and which run it was shown.
"Since" means what we learned after that run was published, not what was said after the visit: so nothing is
missed that was said earlier and learned later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from math import ceil

import streamlit as st

from dashboard.components import filters, layout, times
from dashboard.components.since import Since, last_run
from dashboard.data import queries
from dashboard.data.queries import Copy
from dashboard.data.runs import Run

CHOICES = {
    "visit": "Last visit",
    "run": "Last run",
    "days": "3 days",
    "week": "Week",
    "date": "A date",
}

_COOKIE = re.compile(r"(?P<looked>\d{1,10})\.(?P<published>\d{1,10})\.(?P<run>[0-9A-Za-z-]{1,60})")


@dataclass(frozen=True, slots=True)
class Visit:
    """The last look of a browser: when, at which run, and when that was published."""

    looked_at: datetime
    published_at: datetime
    run_id: str


def last_visit(copy: Copy) -> tuple[Visit, Run] | None:
    """Return the last visit of this browser and the run that it saw; None if the copy knows none."""
    cookies = _cookies()
    visit = parse(cookies.get("rumortrail_visit", "") or cookies.get("rumortrail_looked", ""))
    # Cookies do not tell ports apart: a run that this copy does not know is another dashboard's.
    run = visit and next(iter(queries.read(copy, Run, "runs", "run", run_id=visit.run_id)), None)
    return (visit, run) if visit and run else None


def parse(cookie: str) -> Visit | None:
    """Return the visit that a cookie holds; None where it is none of ours."""
    match = _COOKIE.fullmatch(cookie)
    if not match:
        return None
    looked, published = (_instant(int(match[part])) for part in ("looked", "published"))
    return Visit(max(looked, published), published, match["run"])


def note(published_at: datetime, run_id: str) -> None:
    """Have the browser note that it looks at this copy now."""
    if re.fullmatch(r"[0-9A-Za-z-]{1,60}", run_id):
        # Round up: what was judged within that second was seen.
        published = str(ceil(published_at.replace(tzinfo=UTC).timestamp()))
        st.html(
            _script().replace("{published}", published).replace("{run}", run_id), unsafe_allow_javascript=True
        )


def chosen(copy: Copy, published_at: datetime, runs: list[Run]) -> Since:
    """Draw the picker and return what the address chooses; `runs` are the newest two."""
    choice = filters.pick_one("since", "Since", CHOICES, page="p")
    if choice == "visit":
        if visit_and_run := last_visit(copy):
            visit, run = visit_and_run
            words = f"Since your last visit, {times.date_words(visit.looked_at)}"
            return Since(visit.published_at, run.started_at, words)
        return replace(_opened(last_run(runs)), first=True)
    if choice == "run":
        return last_run(runs)
    if choice == "date":
        day = st.date_input(
            "Since the beginning of",
            None,
            key="from",
            bind="query-params",
            format="YYYY-MM-DD",
            max_value=times.local(published_at).date(),
            on_change=filters.first,
            args=("p",),
        )
        if isinstance(day, date):
            at = datetime.combine(day, time(), times.zone()).astimezone(UTC).replace(tzinfo=None)
            return Since(at, at, f"Since {times.day_words(at)}")
    days = 3 if choice == "days" else 7
    at = published_at - timedelta(days=days)
    return Since(at, at, f"In the {days} days up to {times.date_words(published_at)}")


def _opened(newest: Since) -> Since:
    """Return `newest`; in a page that stays open over several runs, since the first that it showed."""
    opened: Since = st.session_state.setdefault("rt-opened", newest)
    return newest if opened.at == newest.at else replace(opened, runs=True)


def _cookies() -> dict[str, str]:
    return dict(st.context.cookies)


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


@cache
def _script() -> str:
    return (layout.THEME / "visit.html").read_text("utf-8")
