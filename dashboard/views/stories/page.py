"""Stories, the front page: what is talked about, a dense row each; single claims are one click away."""

from __future__ import annotations

from functools import partial

import streamlit as st
from markupsafe import Markup

from dashboard.components import filters as pickers
from dashboard.components import html
from dashboard.data import queries
from dashboard.data.queries import Copy
from dashboard.views.stories import filters, table
from dashboard.views.stories.filters import DEFAULTS, PAGE_KEY, Shown
from pipeline.core.errors import DataError
from pipeline.core.text import counted
from pipeline.published.stories import Chosen
from pipeline.published.story_rows import StoryLine

ROWS = 20


def show(copy: Copy) -> None:
    """Draw the page for what the address chooses."""
    st.set_page_config(page_title="Stories · Rumortrail", initial_sidebar_state="collapsed")
    now = queries.published_at(copy)
    if now is None:
        raise DataError(f"{copy.path} does not say when it was published: run `rumortrail publish`")
    top = st.container()
    shown = filters.pick(copy, now)
    stories = pickers.paged(PAGE_KEY, partial(_read, copy, shown))
    total = stories[0].total if stories else 0
    count_words = counted(total, "story", "stories")
    top.html(table.head(count_words, shown.words, filters.words(shown)))
    if not stories:
        _nothing(copy, shown)
        return
    st.html(table.table(stories, shown.first, shown.last))
    pickers.turn(total, page=PAGE_KEY, rows=ROWS)
    st.download_button(
        "This list as CSV", partial(table.as_csv, stories), "stories.csv", "text/csv",
        icon=":material/download:", on_click="ignore", type="tertiary",
    )  # fmt: skip
    if shown.narrowed:
        pickers.clear(DEFAULTS)
    st.html(_rest())


def _read(copy: Copy, shown: Shown, page: int) -> list[StoryLine]:
    return queries.stories(copy, shown.stories, limit=ROWS, offset=(page - 1) * ROWS)


def _nothing(copy: Copy, shown: Shown) -> None:
    """Draw why there is no story, and the way on."""
    if shown.narrowed:
        why = "Try fewer words, another status or a longer time."
        st.html(html.empty("No story passes all filters", why))
        pickers.clear(DEFAULTS)
    elif (shown.stories.since or shown.stories.until) and queries.stories(copy, Chosen(), limit=1):
        link = html.inside("?time=All+time", Markup("all stories"))
        advice = Markup("No story was mentioned in this time, and none moved. Look at {}.").format(link)
        st.html(html.empty("No story in this time", advice))
    elif queries.totals(copy).claims:
        words = "Claims become a story once two of them are about the same things. So far each stands alone."
        st.html(html.empty("No stories yet", words))
    else:
        why = "A night was published, and no claim was found in what it collected."
        st.html(html.empty("No claims yet", why, "rumortrail status"))
        return
    st.html(_rest())


def _rest() -> Markup:
    return Markup(
        '<p class="rt-small rt-soft">Claims that are in no story stand among <a class="rt-in" href="claims">'
        'all claims</a>; <a class="rt-in" href="today">Today</a> has what moved since your last visit.</p>'
    )
