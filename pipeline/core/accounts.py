"""Tell which account's page a source's address is, and the full name of an account on Mastodon."""

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
_LOCAL = re.compile(r"[A-Za-z0-9_.-]+")


def account_of(platform: Platform, url: str | None) -> str | None:
    """Return the account whose page a source's address is; None where it lists many accounts."""
    try:
        path = urlsplit(url or "").path
    except ValueError:  # an address such as "http://[" has no path
        return None
    page = _ACCOUNT_PAGES.get(platform)
    match = page.fullmatch(path) if page else None
    if match is None:
        return None
    return full_name(match[1], url) if platform is Platform.MASTODON else match[1]


def full_name(name: str, url: str | None) -> str:
    """Return the name of a Mastodon account with its server, NAME@HOST; `url` is of the server that tells it.

    A server leaves itself out of the names of its own accounts, so that bare names of two servers look alike.
    """
    try:
        host = urlsplit(url or "").hostname
    except ValueError:  # an address such as "http://[" has no host
        host = None
    return f"{name}@{host}" if host and _LOCAL.fullmatch(name) else name
