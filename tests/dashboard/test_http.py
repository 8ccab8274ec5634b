"""What every address reads of a request in the same way."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import Request
from starlette.types import Message

from dashboard.http import body_of, has_already


@pytest.mark.parametrize("etag", ['"a"', 'W/"a"'])
@pytest.mark.parametrize(
    ("header", "has"),
    [('"a"', True), ('W/"a"', True), ('"b", W/"a"', True), ("*", True), ("", False), ('"b"', False)],
)
def test_an_answer_is_known_by_its_tag_weak_or_strong(header: str, etag: str, has: bool) -> None:
    assert has_already(header, etag) is has


@pytest.mark.parametrize(("most", "body"), [(6, b"abcdef"), (5, None)])
def test_a_body_is_read_up_to_its_bound(most: int, body: bytes | None) -> None:
    parts = [b"abc", b"def"]

    async def receive() -> Message:
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    request = Request({"type": "http", "method": "POST", "headers": []}, receive)
    assert asyncio.run(body_of(request, most)) == body
