"""Tell which account's page a source's address is, and the full name of an account on Mastodon."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from pipeline.core.vocabulary import Platform

# What is left out lists many accounts: searches, tags, communities.
_ACCOUNT_PAGES = {
    Platform.X: re.compile(r"/(?!search/?$)([^/]+)/?"),
    Platform.BLUESKY: re.compile(r"/profile/([^/]+)/?"),
    Platform.MASTODON: re.compile(r"/@([^/]+)/?"),
    Platform.TELEGRAM: re.compile(r"/(?:s/)?([^/]+)/?"),
}
_LOCAL = re.compile(r"[A-Za-z0-9_.-]+")
_OWN_PAGE = re.compile(r"/@([A-Za-z0-9_.-]+)(?:/[0-9]+)?/?")


def account_of(platform: Platform, url: str | None) -> str | None:
    """Return the account whose page a source's address is; None where it lists many accounts."""
    parts, page = _parts(url), _ACCOUNT_PAGES.get(platform)
    match = page.fullmatch(parts.path) if parts and page else None
    if match is None:
        return None
    return full_name(match[1], url) if platform is Platform.MASTODON else match[1]


def full_name(name: str, url: str | None, page: str | None = None) -> str:
    """Return the name of a Mastodon account with its server, NAME@HOST.

    `page` is the account's own page, or that of a post below it, which every server gives alike: HOST is then
    the page's host, even where the server's accounts bear another domain. Else HOST is that of `url`, an
    address of the server that gave the name: a server leaves itself out of the names of its own accounts.
    """
    parts = _parts(page)
    local = name.partition("@")[0]
    match = _OWN_PAGE.fullmatch(parts.path) if parts and parts.hostname and not parts.query else None
    if parts and match and match[1].lower() == local.lower():
        return f"{local}@{parts.hostname}"
    server = _parts(url)
    return f"{name}@{server.hostname}" if server and server.hostname and _LOCAL.fullmatch(name) else name


def _parts(url: str | None) -> SplitResult | None:
    try:
        return urlsplit(url or "")
    except ValueError:  # an address such as "http://["
        return None
