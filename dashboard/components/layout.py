"""The frame of every page: style, notice, footer, and the states in which there is no page to show."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from dashboard.components import html
from dashboard.components.html import Template
from dashboard.components.times import zone_name
from dashboard.data import queries
from dashboard.data.queries import Copy
from pipeline.core.config import Config
from pipeline.core.errors import OldCopyError
from pipeline.core.home import Home

THEME = Path(__file__).resolve().parents[1] / "theme"
OLD_COPY = (
    "It lacks data that this version of Rumortrail shows. No claim and no decision is lost: publish it"
    " again, then reload this page."
)
_html = Template("components/layout.html")


def begin() -> None:
    """Lay style and link behaviour; both are our own files and hold nothing that was collected."""
    scheme = "dark" if st.context.theme.type == "dark" else "light"
    st.html(f"<style>:root {{ color-scheme: {scheme}; }}\n{_css()}</style>")
    st.html(THEME / "links.html", unsafe_allow_javascript=True)
    st.html(THEME / "keys.html", unsafe_allow_javascript=True)


@cache
def _css() -> str:
    """Return the style sheets of `theme/css`, the base first: a page's sheet may build on it."""
    files = sorted((THEME / "css").glob("*.css"), key=lambda file: (file.stem != "base", file.stem))
    return "\n".join(file.read_text("utf-8") for file in files)


def notice(words: str) -> None:
    """Draw the notice of the settings or of the published copy."""
    if words.strip():
        st.html(_html.notice(words))


def foot(copy: Copy, editor: str | None = None) -> None:
    """Draw which run the page shows, which version made it, and who is signed in."""
    facts = queries.meta(copy)
    run_and_version = (facts.get("run_id", "unknown"), facts.get("version", ""))
    st.html(_html.foot(queries.published_at(copy), *run_and_version, zone_name(), editor))


def nothing_published(home: Home, config: Config) -> None:
    """Draw the state before the first night."""
    notice(config.dashboard.notice)
    words = (
        "There is no published copy in this home folder, so there is nothing to show. "
        "Collect and publish a first night, then reload this page."
    )
    st.html(html.empty("Nothing is published yet", words, f"rumortrail nightly --home {home.path}"))


def trouble(error: Exception) -> None:
    """Draw the state in which the published copy or the settings cannot be read."""
    if isinstance(error, OldCopyError):
        st.html(html.empty("The published copy is of another version", OLD_COPY, "rumortrail publish"))
        return
    words = Markup("The page could not be made: {}").format(html.line(error, 600))
    st.html(html.empty("This did not work", words, "rumortrail status"))


def unknown(what: str, asked: str, back: str, all_of: str) -> None:
    """Draw the state in which an address names a `what` that is not there, with a link to all, `back`."""
    st.html(_html.unknown(what, asked, back, all_of))
