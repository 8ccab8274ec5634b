"""The search, time and filters of the list of stories, each held by the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import cast, get_args

import streamlit as st
from markupsafe import Markup

from dashboard.components import filters as pickers
from dashboard.components import html
from dashboard.components.times import date_words
from dashboard.data.queries import Copy
from pipeline.published.stories import Chosen, Order

PAGE_KEY = "p"
TIMES = {"week": "Week", "month": "Month", "all": "All time", "dates": "Dates"}
SORTS = {
    "moved": "Moved last",
    "most_moved": "Most claims that moved",
    "disputed": "Most disputed claims",
    "documents": "Most documents",
    "voices": "Most independent voices",
    "said": "Last mentioned",
    "new": "Newest story",
}
assert set(SORTS) == set(get_args(Order))
DEFAULTS: dict[str, object] = {
    "q": "", "time": "week", "from": None, "until": None, "status": [], "org": [], "model": [], PAGE_KEY: 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader chose: the stories, in words the time, and the first and last day of the sparklines.

    `first` is None for all time: it is then the first day of which something is told.
    """

    stories: Chosen
    words: str
    first: date | None
    last: date

    @property
    def narrowed(self) -> bool:
        """Return whether anything but time and order was chosen."""
        chosen = self.stories
        return bool(chosen.words or chosen.organisations or chosen.models or chosen.statuses)


def pick(copy: Copy, now: datetime) -> Shown:
    """Draw the search box, the times and the filters; return what is chosen. `now` is the copy's."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="story-filters"):
        words = pickers.search(
            "q", "Search stories", "Search titles, claims, names", longest=300, page=PAGE_KEY
        )
        chosen = pickers.pick_one("time", "Time", TIMES, page=PAGE_KEY)
        with st.popover("Filters and order", icon=":material/tune:"):
            sort = pickers.order("sort", SORTS, page=PAGE_KEY)
            statuses = pickers.pick_several("status", "Status", html.STATUSES, html.spaced, page=PAGE_KEY)
            organisations = pickers.names(copy, "org", "Organisation", "organisations", page=PAGE_KEY)
            models = pickers.names(copy, "model", "Model", "models", page=PAGE_KEY)
    since, until, time_words = _time(chosen, now)
    stories = Chosen(
        since, until, None, tuple(organisations), tuple(models), tuple(statuses), words, cast("Order", sort)
    )
    last = (until - timedelta(days=1) if until else now).date()
    return Shown(stories, time_words, since.date() if since else None, last)


def words(shown: Shown) -> list[str]:
    """Return the filters that are on, in words."""
    chosen = shown.stories
    filter_words: list[str] = [Markup("“{}”").format(html.text(chosen.words, 120))] if chosen.words else []
    filter_words += map(str, chosen.statuses)
    return filter_words + [html.text(name, 80) for name in (*chosen.organisations, *chosen.models)]


def _time(chosen: str, now: datetime) -> tuple[datetime | None, datetime | None, str]:
    """Return from when and until when, and both in words."""
    days = {"week": 7, "month": 30}.get(chosen)
    if days:
        first = datetime.combine(now.date() - timedelta(days=days - 1), time())
        return first, None, f"in the {days} days up to {date_words(now, 'day')}"
    if chosen == "dates":
        with st.container(horizontal=True, gap="small"):
            since = pickers.day("from", "From", page=PAGE_KEY, width=180)
            until = pickers.day("until", "Until", page=PAGE_KEY, width=180)
        time_words = " ".join(
            f"{word} {date_words(datetime.combine(day, time()), 'day')}"
            for word, day in (("from", since), ("until", until)) if day
        )
        return pickers.midnight(since), pickers.midnight(until, 1), time_words or "of all time"
    return None, None, "of all time"
