"""The public addresses of a watch: its feed, and the page that stops its mail."""

from __future__ import annotations

from urllib.parse import quote

from pipeline.core.config import PublisherConfig
from pipeline.published.claim_filter import ClaimFilter, to_query

FEED = "/feeds/claims.atom"
"""The route of the feed of any filter; the filter is the query."""
UNSUBSCRIBE = "/unsubscribe"
"""The route that stops a watch's mail; below it stands the token."""


def feed_path(chosen: ClaimFilter) -> str:
    """Return the route and query of the feed of a filter."""
    query = to_query(chosen)
    return f"{FEED}?{query}" if query else FEED


def unsubscribe_address(publisher: PublisherConfig, token: str) -> str | None:
    """Return the address that stops a watch's mail, or None where the dashboard has no public address."""
    base = publisher.url.rstrip("/")
    return f"{base}{UNSUBSCRIBE}/{quote(token, safe='')}" if base else None
