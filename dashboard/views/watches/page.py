"""An editor's watches, each with its claims, how it tells, and what it would have told in the last week."""

from __future__ import annotations

import streamlit as st

from dashboard.auth import identity
from dashboard.components import html, subscribe
from dashboard.data import watches as rows
from dashboard.data.queries import Copy
from dashboard.editing import dialogs, watch_dialogs
from dashboard.editing.service import Desk
from dashboard.editing.watch_service import OwnWatches
from dashboard.feeds.routes import watch_path
from pipeline.published.claim_filter import in_a_line, to_query
from pipeline.watches import notice
from pipeline.watches.history import History
from pipeline.watches.records import FaultyWatch, Watch

CLAIMS = 12
"""Claims of the last week that are written out for a watch; the others are counted."""

_html = html.Template("views/watches/page.html")


def show(copy: Copy, desk: Desk | None) -> None:
    """Draw the page for the editor of `desk`; a reader is shown where to sign in."""
    st.set_page_config(page_title="Watches · Rumortrail")
    st.html(_html.heading())
    if desk is None:
        st.html(_html.readers())
        identity.offer_provider()
        return
    dialogs.told(desk)
    own = OwnWatches(desk)
    watches, faulty, histories = own.all(), own.faulty(), rows.histories(desk.home)
    for broken in faulty:
        _faulty(own, broken)
    for watch in watches:
        _watch(copy, own, watch, histories.get(watch.watch_id, History()))
    if not watches and not faulty:
        st.html(_html.no_watch())


def _faulty(own: OwnWatches, watch: FaultyWatch) -> None:
    """Draw a watch that cannot be read, which can only be removed."""
    key = watch.watch_id
    with st.container(border=True, key=f"watch-{key}"):
        st.html(_html.faulty(watch))
        if st.button("Remove …", key=f"remove-{key}", type="tertiary"):
            watch_dialogs.remove_watch(own, watch)


def _watch(copy: Copy, own: OwnWatches, watch: Watch, history: History) -> None:
    """Draw one watch with what can be done with it."""
    key = watch.watch_id
    with st.container(border=True, key=f"watch-{key}"):
        filter_ = to_query(watch.filter)
        sends_mail = bool(own.desk.config.mail.host)
        st.html(_html.watch(watch, in_a_line(watch.filter), filter_, _ways(watch), history, sends_mail))
        with st.container(horizontal=True, gap="small"):
            if st.button("Change …", key=f"change-{key}"):
                watch_dialogs.change_watch(own, watch)
            words = "Resume" if watch.paused_at else "Pause"
            if st.button(words, key=f"pause-{key}"):
                watch_dialogs.pause_watch(own, watch)
            if st.button("Remove …", key=f"remove-{key}", type="tertiary"):
                watch_dialogs.remove_watch(own, watch)
        events = rows.week(copy, filter_)
        news = notice.by_claim(events)
        headline = notice.headline(events) if events else "nothing"
        with st.expander(f"In the last week it would have sent: {headline}"):
            st.html(_html.week(news[:CLAIMS], notice.more(news, CLAIMS)))
            feed = watch_path(watch.watch_id, "atom") if watch.atom else None
            st.html(subscribe.addresses(feed, watch_path(watch.watch_id, "ics")))


def _ways(watch: Watch) -> list[str]:
    """Return in words how a watch tells; of a webhook its host alone, since the rest is a secret."""
    ways = [f"by mail to {watch.mail}"] if watch.mail else []
    ways += [f"to a webhook at {rows.host(watch.webhook)}"] if watch.webhook else []
    ways += ["by an Atom feed of its own"] if watch.atom else []
    return ways
