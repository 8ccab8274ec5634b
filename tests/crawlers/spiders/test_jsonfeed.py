"""JSON Feed: which answers are one, which are not, and broken items."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Response

from crawlers.spiders.feed_formats import is_json, parse_json_feed
from crawlers.spiders.feeds import FeedsSpider
from pipeline.core.vocabulary import DateOrigin, Precision
from tests.crawlers.conftest import article
from tests.crawlers.pump import Pump, documents, issues

VERSION = "https://jsonfeed.org/version/1.1"
WORDS = (
    "The page says something about a model, in a sentence that is long enough to be read as a text.\n\n"
    "Another paragraph follows, since a main text is seldom shorter than that on any page."
)


def feed(*items: Any, **values: Any) -> Response:
    feed_fields = {"version": VERSION, "title": "Lantern", "items": list(items)} | values
    return Response("http://lantern.example/feed.json", body=json.dumps(feed_fields).encode())


def collected(folder: Path, answer: Response) -> list[Any]:
    pump = Pump(folder, FeedsSpider, spider="feeds", url="http://lantern.example/feed.json")
    return pump.night(lambda url: answer if url.endswith("feed.json") else article("A headline", WORDS).body)


@pytest.mark.parametrize(
    ("body", "json_like"),
    [
        (b'{"version": 1}', True), (b"\xef\xbb\xbf \n{}", True), (b"<rss/>", False), (b"", False),
        (b"[]", False),
    ],
)
def test_json_is_known_by_its_first_character(body: bytes, json_like: bool) -> None:
    assert is_json(Response("http://lantern.example/", body=body)) is json_like


@pytest.mark.parametrize(
    "version", [VERSION, "https://jsonfeed.org/version/1", "https://www.jsonfeed.org/version/1.1/"]
)
def test_its_versions(version: str) -> None:
    assert len(parse_json_feed(feed({}, version=version)).entries) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (feed(version="https://jsonfeed.org/version/2"), "not JSON Feed 1"),
        (feed(version=None), "not JSON Feed 1"),
        (feed(version={"a": "b" * 100_000}), "not JSON Feed 1"),
        (feed(items={"url": "x"}), "without a list"),
        (feed(items=None), "without a list"),
        (Response("http://x.example/", body=b'{"error": "blocked"}'), "not JSON Feed 1"),
        (Response("http://x.example/", body=b"{" * 200_000), "not JSON"),
        (Response("http://x.example/", body=b'{"a":' * 200_000), "nested too deeply"),
        (Response("http://x.example/", body=b'{"version": "\xff"}'), "not JSON"),
    ],
    ids=["version-2", "no-version", "odd-version", "no-list", "no-items", "error", "broken", "deep", "bytes"],
)
def test_what_is_none_is_a_lost_feed(tmp_path: Path, answer: Response, words: str) -> None:
    (issue,) = issues(collected(tmp_path, answer))
    assert issue.code == "bad_feed" and words in issue.message and len(issue.message) < 600


@pytest.mark.parametrize(
    "item", [None, 7, [], {}, {"id": "12"}, {"url": 7}, {"url": ["a"]}, {"url": "javascript:alert(1)"}]
)
def test_a_broken_item_takes_no_other(tmp_path: Path, item: Any) -> None:
    results = collected(tmp_path, feed(item, {"url": "/good"}))
    assert [document.url for document in documents(results)] == ["http://lantern.example/good"]
    assert [issue.code for issue in issues(results)] == ["bad_item"]


@pytest.mark.parametrize(
    "broken",
    [
        {"authors": "Wick"}, {"authors": [None, 7, {"name": {"a": 1}}]}, {"author": []}, {"title": {"a": 1}},
        {"date_published": "soon"}, {"date_published": 1772420400},
        {"date_published": "9999-12-31T23:59:59-23:00"},
        {"date_modified": "2026-03-01T10:00:00Z"},
    ],
    ids=str,
)  # fmt: skip
def test_a_field_that_cannot_be_read_stays_unknown(tmp_path: Path, broken: dict[str, Any]) -> None:
    (document,) = documents(collected(tmp_path, feed({"url": "/good"} | broken)))
    assert (document.author, document.title, document.published_at) == (None, "A headline", None)
    assert (document.published_precision, document.published_from) == (Precision.UNKNOWN, DateOrigin.UNKNOWN)


def test_a_title_is_plain_text() -> None:
    (entry,) = parse_json_feed(feed({"url": "/a", "title": "1 < 2 & <b>3</b>"})).entries
    assert entry["title"] == "1 &lt; 2 &amp; &lt;b&gt;3&lt;/b&gt;"
