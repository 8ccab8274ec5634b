"""Watches: what happened to the claims of each filter, and what was sent."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from dashboard.data import queries
from dashboard.data.queries import Copy
from pipeline.core.home import Home
from pipeline.published.claim_filter import from_query
from pipeline.published.place import Identity
from pipeline.watches import events
from pipeline.watches.events import Event
from pipeline.watches.feed import recent
from pipeline.watches.history import History, read_histories

DAYS = 7


def week(copy: Copy, query: str) -> list[Event]:
    """Return what happened in the week before the copy to the claims of a filter, the newest first.

    `query` is the filter as in an address. Raises DataError where reading takes too long.
    """
    return _week(copy.path, copy.identity, query, copy)


@st.cache_data(max_entries=100, show_spinner=False)
def _week(path: str, identity: Identity, query: str, _copy: Copy) -> list[Event]:
    with queries.cursor(_copy) as cursor:
        return recent(events.Copy(cursor, _copy.bounds), from_query(query), DAYS)


def histories(home: Home) -> dict[str, History]:
    """Return what was sent of each watch that told anything, by its id."""
    return read_histories(home.watches)


def host(url: str) -> str:
    """Return the host of a webhook."""
    return urlsplit(url).hostname or ""
