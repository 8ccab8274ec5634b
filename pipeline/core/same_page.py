"""Tells from addresses alone which of them lead to one page.

`canonical_url` makes the address at which a page is asked for and shown: on a host that answers, with the
names that a reader wants to see in it. Several such addresses lead to one page: X and Reddit find a post by
its number, whatever name stands before it, and most sites answer with and without "www.".
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

RULES = 1
"""The number of these rules. It grows with each change: a store then compares its addresses anew."""

_WWW = re.compile(r"(?:www\.)+(?=[^.]+\.)")
_SAME_SITE = {
    "bbc.co.uk": "bbc.com",
    "edition.cnn.com": "cnn.com",
    "lite.cnn.com": "cnn.com",
    "us.cnn.com": "cnn.com",
}
"""Hosts of outlets that show each page of another host under the same path."""
_FORMS = {
    "bbc.com": (re.compile(r"/news(?:/amp)+(?=/)"), "/news"),
    "cnn.com": (re.compile(r"(?:/cnn)+(?=/\d{4}/)"), ""),
    "reddit.com": (re.compile(r"/(?:r|user)/[^/]+(?=/comments/[a-z0-9]+(?:/comment/[a-z0-9]+)?$)"), ""),
    "theverge.com": (re.compile(r"(?:/platform/amp)+(?=/)"), ""),
    "x.com": (re.compile(r"/[^/]+(?=/status/\d+$)"), "/i"),
}
"""For each host, how a path begins that leads to the same page without it, and what stands there instead."""
_NAMES = {"bsky.app": 2, "github.com": 2, "huggingface.co": 2, "reddit.com": 2, "t.me": 1, "x.com": 1}
"""For each host, within how many parts of a path the names of accounts stand, whose case does not matter."""


def page_of(address: str) -> str:
    """Return the address by which the page at `address` is known; whatever is no web address stays as it is.

    Two addresses lead to one page where this is the same for both. Applying it again changes nothing.
    """
    try:
        parts = urlsplit(address)
    except ValueError:  # an address such as "http://["
        return address
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return address
    host = parts.netloc.lower()
    host = host[match.end() :] if (match := _WWW.match(host)) else host
    host = _SAME_SITE.get(host, host)
    path = parts.path or "/"
    if (form := _FORMS.get(host)) and (match := form[0].match(path)):
        path = form[1] + path[match.end() :]
    name_count = _NAMES.get(host, 1 if path.startswith("/@") else 0)
    segments = path.split("/", name_count + 1)
    path = "/".join([*map(str.lower, segments[: name_count + 1]), *segments[name_count + 1 :]])
    return urlunsplit(("https", host, path, parts.query, ""))
