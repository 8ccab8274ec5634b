"""The claims list: search, filters, views, order and page, all of them held by the address."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard.components import filters as pickers
from dashboard.components import html, subscribe
from dashboard.components.filters import PAGE
from dashboard.components.since import last_run, moved_and_new
from dashboard.data import queries
from dashboard.data.queries import Copy
from dashboard.data.runs import Run
from dashboard.editing import dialogs, watch_dialogs
from dashboard.editing.service import Desk
from dashboard.editing.watch_service import OwnWatches
from dashboard.feeds.routes import calendar_path
from dashboard.views.claims import filters, listing
from dashboard.views.claims.filters import DEFAULTS, PAGE_KEY, Chosen
from pipeline.core.text import counted
from pipeline.core.vocabulary import DecisionKind
from pipeline.published.claim_filter import in_a_line
from pipeline.published.claim_list import ListedClaim
from pipeline.published.meaning import Load
from pipeline.published.search import SearchResult
from pipeline.text.sanitize import plain
from pipeline.watches.addresses import feed_path

CHECKWORTHY = (
    "Those that most deserve a check come first: they can be checked, are contested, matter, or spread. "
    "That says nothing about whether they are true."
)
_html = html.Template("views/claims/page.html")


def show(copy: Copy, load: Load | None = None, desk: Desk | None = None) -> None:
    """Draw the page; `load` makes the model that search by meaning asks.

    An editor at `desk` may follow a claim.
    """
    st.set_page_config(page_title="Claims · Rumortrail")
    total = queries.totals(copy).claims
    if not total:
        if desk:
            _follow(copy, desk)
        why = "A night was published, and no claim was found in what it collected."
        st.html(html.empty("No claims yet", why, "rumortrail status"))
        return
    since = last_run(queries.read(copy, Run, "runs", "runs", limit=2))
    st.html(_html.heading(total, since.words, *moved_and_new(copy, since)))
    if desk:
        _follow(copy, desk)
    chosen = filters.pick(copy)
    page = pickers.number(PAGE_KEY)
    read = partial(listing.claims, copy, chosen.filters, search=chosen.search, load=load, sort=chosen.sort)
    claims = read(page=page)
    if not claims and page > 1:
        page, claims = 1, read(page=1)
    found = listing.find(copy, chosen.search, load)
    _chosen(claims, chosen, page, found)
    _view(chosen, desk)
    if claims:
        explained = chosen.sort == "checkworthy" or (chosen.sort == "best" and not found)
        st.html(_html.claims(claims, explained))
        pickers.turn(claims[0].total, page=PAGE_KEY)


def _follow(copy: Copy, desk: Desk) -> None:
    """Draw what was followed last, the button that follows another claim, and those that wait for a run."""
    dialogs.told(desk)
    dialogs.follow_claim(copy, desk)
    waiting = [entry for entry in desk.waiting(copy) if entry.kind is DecisionKind.FOLLOW]
    dialogs.waiting(copy, desk, waiting)


def _chosen(claims: list[ListedClaim], chosen: Chosen, page: int, found: SearchResult | None) -> None:
    """Draw how many claims pass which filters, what the search asked, and what to do with the view."""
    total = claims[0].total if claims else 0
    start = (page - 1) * PAGE + 1
    span = f"{start:,} to {start + len(claims) - 1:,} of " if total > PAGE else ""
    checkworthy = CHECKWORTHY if claims and chosen.sort in ("best", "checkworthy") else ""
    note = _asked(found) if found else checkworthy
    parts = [f"{span}{counted(total, 'claim')}", *filters.words(chosen)]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(_html.chosen(parts, note), width="stretch")
        if chosen.narrowed:
            pickers.clear(DEFAULTS)
    if not claims:
        why = (
            "Try fewer words, or another status. A word also finds longer words that begin with it; "
            "“words in quotation marks” must stand together."
        )
        st.html(html.empty("No claim passes all filters", why))


def _view(chosen: Chosen, desk: Desk | None) -> None:
    """Draw what can be done with the view: copy its address, subscribe to its claims, have them watched."""
    filter_ = replace(chosen.filters, words=chosen.search)
    addresses = subscribe.addresses(feed_path(filter_), calendar_path(filter_))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="subscribe"):
        st.html(_html.copy_link(), width="content")
        with st.popover("Subscribe to these claims", icon=":material/rss_feed:"):
            st.html(_html.subscribe(in_a_line(filter_), addresses, bool(chosen.search)))
        if desk and st.button("Watch these claims …", icon=":material/notifications:"):
            watch_dialogs.make_watch(OwnWatches(desk), filter_)


def _asked(found: SearchResult) -> str:
    """Return how many were found by words and by meaning, or why meaning was not searched."""
    if found.silent:
        return f"Only words were searched: {plain(found.silent, 200)}."
    if not found.by_words and not found.by_meaning:
        return "No claim has these words, and none has a similar meaning."
    few = ("none", "one")
    words, close = (few[count] if count < 2 else f"{count:,}" for count in (found.by_words, found.by_meaning))
    hold, mean = ("have" if count > 1 else "has" for count in (found.by_words, found.by_meaning))
    return f"Of all claims, {words} {hold} the words; {close} more {mean} a similar meaning."
