"""The site of a newsroom's night lists every item once, and its statuses page by page."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks.speed.newsroom_site import PER_ANSWER, Site, chosen

ROOT = "http://127.0.0.1:1"


def item(number: int, platform: str, *, answers: int | None = None) -> dict[str, Any]:
    return {"id": f"i{number}", "platform": platform, "author": f"Writer {number}",
            "published_at": "2025-01-02", "text": f"Words <{number}>",
            "title": f"Title {number}" if platform == "news" else None,
            "language": "en", "in_reply_to": None if answers is None else f"i{answers}"}


def statuses(site: Site) -> list[dict[str, Any]]:
    address, found = "/api/v1/timelines/tag/t0?limit=40", list[dict[str, Any]]()
    while answer := site.answer(address):
        headers, body = answer
        page = json.loads(body)
        assert len(page) <= PER_ANSWER
        found += page
        if not page:
            return found
        address = headers["Link"].removeprefix(f"<{ROOT}").split(">")[0]
    raise AssertionError(f"{address} is not there")


def test_articles_are_pages_and_all_others_posts() -> None:
    items = [item(1, "reddit"), item(2, "news"), item(3, "x")]
    articles, posts = chosen(items, 1, 2)
    assert [row["id"] for row in articles] == ["i2"]
    assert {row["id"] for row in posts} == {"i1", "i3"}
    with pytest.raises(ValueError, match="2 items are left for posts, not 3"):
        chosen(items, 1, 3)


def test_a_reader_finds_each_status_once_and_what_it_answers() -> None:
    posts = [item(number, "reddit", answers=number - 1 if number == 7 else None) for number in range(95)]
    site = Site([], posts, ROOT)
    found = statuses(site)
    assert [int(status["id"]) for status in found] == list(range(95, 0, -1))
    (answer,) = [status for status in found if "in_reply_to_id" in status]
    assert (answer["content"], answer["in_reply_to_id"]) == ("<p>Words &lt;7&gt;</p>", "7")
    assert answer["mentions"][0]["acct"] == "Writer_6"
    assert {status["created_at"] for status in found} == {"2025-01-02T00:00:00Z"}


def test_a_feed_lists_pages_that_are_there() -> None:
    site = Site([item(number, "news") for number in range(3)], [], ROOT)
    feed = site.answer("/feed/0")
    assert feed is not None
    links = [link.text or "" for link in ElementTree.fromstring(feed[1]).iterfind("./channel/item/link")]
    assert len(links) == 3
    for number, link in enumerate(links):
        page = site.answer(link.removeprefix(ROOT))
        assert page is not None and f"<p>Words &lt;{number}&gt;</p>" in page[1].decode()
    assert site.answer("/a/3") is None and site.answer("/api/v1/timelines/tag/t1") is None
