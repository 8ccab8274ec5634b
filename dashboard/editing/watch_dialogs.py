"""The dialogs in which an editor makes, changes and removes a watch."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.components import html
from dashboard.data.watches import host
from dashboard.editing.dialogs import refused, tell
from dashboard.editing.watch_service import OwnWatches
from pipeline.core.errors import DataError
from pipeline.published.claim_filter import ClaimFilter, in_a_line
from pipeline.watches.records import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    FaultyWatch,
    QuietHours,
    Rhythm,
    Watch,
    WatchDraft,
)

RHYTHM_WORDS = {
    Rhythm.AT_ONCE: "At once",
    Rhythm.NIGHTLY: "Each night",
    Rhythm.WEEKLY: "Each Monday",
}
_html = html.Template("editing/watch_dialogs.html")


@st.dialog("Watch these claims", width="medium")
def make_watch(own: OwnWatches, chosen: ClaimFilter) -> None:
    """Ask how a new watch of the claims that pass `chosen` tells."""
    _form(own, chosen, None)


@st.dialog("Change this watch", width="medium")
def change_watch(own: OwnWatches, watch: Watch) -> None:
    """Ask what is to be different with a watch."""
    _form(own, watch.filter, watch)


@st.dialog("Remove this watch?")
def remove_watch(own: OwnWatches, watch: Watch | FaultyWatch) -> None:
    """Ask whether a watch is to be removed."""
    st.html(_html.removing(watch.name))
    if st.button("Remove it", type="primary"):
        _done(lambda: own.remove(watch.watch_id), f"The watch {watch.name} is removed.")


def pause_watch(own: OwnWatches, watch: Watch) -> None:
    """Pause a watch, or let one that is paused go on."""
    words = "sends again from the next run on" if watch.paused_at else "is paused"
    _done(lambda: own.pause(watch.watch_id, paused=not watch.paused_at), f"The watch {watch.name} {words}.")


def _form(own: OwnWatches, chosen: ClaimFilter, watch: Watch | None) -> None:
    st.html(_html.filter(in_a_line(chosen)))
    sends_mail = bool(own.desk.config.mail.host)
    with st.form("watch", border=False):
        name = st.text_input(
            "Name", watch.name if watch else "", max_chars=LONGEST_NAME, placeholder="Llama releases"
        )
        mail = st.text_input(
            "Mail address",
            watch.mail if watch else _own_address(own),
            max_chars=254,
            placeholder="Leave empty for no mail",
            help=None if sends_mail else "No mail is sent yet: [mail] host is not set in rumortrail.toml.",
        )
        webhook = st.text_input(
            "Webhook of Slack or Mattermost",
            max_chars=LONGEST_ADDRESS,
            placeholder=f"Stays {host(watch.webhook)}" if watch and watch.webhook else "https://hooks.…",
            help="The address is a secret: it is kept on this machine and not shown again.",
        )
        drop_webhook = bool(watch and watch.webhook) and st.checkbox("Stop sending to this webhook")
        atom = st.checkbox("Its own Atom feed", watch.atom if watch else False)
        rhythm = st.radio(
            "When",
            list(Rhythm),
            list(Rhythm).index(watch.rhythm if watch else Rhythm.NIGHTLY),
            format_func=RHYTHM_WORDS.__getitem__,
            horizontal=True,
        )
        quiet, zone = st.columns(2)
        hours = quiet.text_input(
            "Quiet hours", str(watch.quiet or "") if watch else "", max_chars=20, placeholder="22:00-07:00"
        )
        zone_name = zone.text_input("Time zone", watch.zone if watch else _zone(), max_chars=40)
        if not st.form_submit_button("Save" if watch else "Make this watch", type="primary"):
            return
    kept_webhook = "" if drop_webhook or watch is None else watch.webhook

    def save() -> None:
        draft = WatchDraft(
            name.strip(), own.desk.editor, chosen, atom, mail.strip(), webhook.strip() or kept_webhook,
            rhythm or Rhythm.NIGHTLY, QuietHours.of(hours), zone_name.strip() or "UTC",
        )  # fmt: skip
        own.save(draft, watch.watch_id if watch else None)

    _done(save, "Saved." if watch else "The watch is made. From the next run on it tells you what moves.")


def _done(change: Callable[[], None], words: str) -> None:
    """Carry a change out and say so, or say why it cannot be."""
    try:
        change()
    except DataError as error:
        refused(error)
        return
    tell(words)
    st.rerun()


def _own_address(own: OwnWatches) -> str:
    return own.desk.editor if "@" in own.desk.editor else ""


def _zone() -> str:
    return st.context.timezone or "UTC"
