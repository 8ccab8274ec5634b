"""What every address reads of a request in the same way: which answer the client has, and a bounded body."""

from __future__ import annotations

import re

from starlette.requests import Request


def has_already(if_none_match: str, etag: str) -> bool:
    """Return whether the header If-None-Match names the answer `etag` (RFC 9110, compared weakly)."""
    return if_none_match.strip() == "*" or etag.removeprefix("W/") in re.findall(r'"[^"]*"', if_none_match)


async def body_of(request: Request, most: int) -> bytes | None:
    """Return the body of a request; None for one of more than `most` bytes, which is not read to its end."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > most:
            return None
    return body
