"""Tell which account's page a source's address is."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipeline.core.records import Platform

# What is left out lists many accounts: searches, tags, communities.
_ACCOUNT_PAGES = {
    Platform.X: re.compile(r"/(?!search/?$)([^/]+)/?"),
    Platform.BLUESKY: re.compile(r"/profile/([^/]+)/?"),
    Platform.MASTODON: re.compile(r"/@([^/]+)/?"),
    Platform.TELEGRAM: re.compile(r"/(?:s/)?([^/]+)/?"),
}


def account_of(platform: Platform, url: str | None) -> str | None:
    """Return the account whose page a source's address is; None where it lists many accounts."""
    try:
        path = urlsplit(url or "").path
    except ValueError:  # an address such as "http://[" has no path
        return None
    page = _ACCOUNT_PAGES.get(platform)
    match = page.fullmatch(path) if page else None
    return match[1] if match else None
