"""Link headers (RFC 8288) that lead to a listing's next page."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

_NEXT = re.compile(r'<([^<>]+)>\s*;[^<]*?\brel\s*=\s*"?next"?', re.IGNORECASE)


def next_page(response: Response) -> str | None:
    """The URL that the response's Link header calls the next, if it is on the same host."""
    header = (response.headers.get(b"Link") or b"").decode("latin-1")
    found = _NEXT.search(header)
    if not found:
        return None
    url = urljoin(response.url, found[1])
    return url if urlsplit(url).netloc == urlsplit(response.url).netloc else None
