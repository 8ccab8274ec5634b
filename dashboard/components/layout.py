"""What stands around every page: style, notice, footer, and the states in which there is no page to show."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from dashboard.components import html
from dashboard.components.times import when, zone_name
from dashboard.data import queries
from dashboard.data.queries import Copy
from pipeline.core.config import Config, Home
from pipeline.text.sanitize import line

THEME = Path(__file__).resolve().parents[1] / "theme"


def begin() -> None:
    """Lay style and link behaviour; both are our own files and hold nothing that was collected."""
    st.html(f"<style>{_css()}</style>")
    st.html(THEME / "links.html", unsafe_allow_javascript=True)
    st.html(THEME / "keys.html", unsafe_allow_javascript=True)


@cache
def _css() -> str:
    """The style sheets of `theme/css`, the base first: what stands in one page's sheet may lean on it."""
    files = sorted((THEME / "css").glob("*.css"), key=lambda file: (file.stem != "base", file.stem))
    return "\n".join(file.read_text("utf-8") for file in files)


def notice(words: str) -> None:
    """The notice of the settings or of the published copy, on every page."""
    if words.strip():
        st.html(f'<div class="rt-notice" role="note"><span>{line(words, 500)}</span></div>')


def foot(copy: Copy, editor: str | None = None) -> None:
    """Which night the page shows, what made it, and who is signed in."""
    signed = f"Signed in as {line(editor, 60)}" if editor else "Sign in as editor"
    facts = queries.meta(copy)
    published = when(queries.published_at(copy))
    st.html(
        f'<div class="rt-foot"><span>Published {published}</span><span>Run '
        f"{line(facts.get('run_id', 'unknown'), 60)}</span>"
        f"<span>Rumortrail {line(facts.get('version', ''), 40)}</span><span>Times in {zone_name()}</span>"
        f'<a href="sign-in" target="_self" rel="nofollow">{signed}</a></div>'
    )


def nothing_published(home: Home, config: Config) -> None:
    """The state before the first night."""
    notice(config.dashboard.notice)
    words = (
        "There is no published copy in this home folder, so there is nothing to show. "
        "Collect and publish a first night, then load this page again."
    )
    st.html(html.empty("Nothing is published yet", words, f"rumortrail nightly --home {home.path}"))


def trouble(error: Exception) -> None:
    """The state in which the published copy or the settings cannot be read."""
    words = f"The page could not be made: {line(error, 600)}"
    st.html(html.empty("This did not work", words, "rumortrail status"))


def unknown(what: str, given: str) -> None:
    """The state in which an address names something that is not there."""
    words = (
        f"No {what} has the id “{line(given, 80)}”. It may have been hidden by an "
        "editor, or the address was cut short."
    )
    st.html(
        html.empty(f"There is no such {what}", words)
        if given
        else html.empty(f"Which {what}?", f"The address names no {what}.")
    )
