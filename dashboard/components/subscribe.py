"""The addresses at which claims are subscribed to: an Atom feed and a calendar."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st
from markupsafe import Markup

from dashboard.components import html

_html = html.Template("components/subscribe.html")


def addresses(feed: str | None, calendar: str) -> Markup:
    """Return routes of this dashboard as addresses at which the reader's browser reaches it, to be copied."""
    base = _base()
    return _html.addresses(feed and base + feed, base + calendar)


def _base() -> str:
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
