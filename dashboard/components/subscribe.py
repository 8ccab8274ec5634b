"""The addresses at which a filter of claims is subscribed to: an Atom feed and a calendar. Nothing is stored."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st
from markupsafe import Markup

from dashboard.components import html
from dashboard.feeds.routes import calendar_path
from pipeline.published.claim_filter import ClaimFilter
from pipeline.watches.addresses import feed_path

_html = html.Template("components/subscribe.html")


def addresses(chosen: ClaimFilter) -> Markup:
    """Return both addresses of a filter, as the reader's browser reaches this dashboard, with copy buttons."""
    base = _base()
    calendar = base + calendar_path(chosen)
    opened = f"webcal{calendar[calendar.index(':') :]}" if base else calendar
    return _html.addresses(base + feed_path(chosen), calendar, opened)


def _base() -> str:
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
