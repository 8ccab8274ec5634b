"""robots.txt is obeyed for every page, and is not asked about interfaces that are made for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scrapy import Request

from crawlers.engine.robots import INTERFACES, InterfaceMiddleware
from crawlers.http.credentials import LOGIN
from crawlers.sources import DeclaredSource
from tests.crawlers.conftest import (
    SECOND_NIGHT,
    Nights,
    Reply,
    Web,
    article,
    feed,
    json_reply,
    platform,
    rss,
    story,
)

REFUSES_ALL = Reply("User-agent: *\nDisallow: /\n", kind="text/plain")


def passes(spider: str, source: str, url: str, **request: Any) -> bool:
    source_fields = {"id": "one", "name": "One", "role": "press", "spider": spider, "url": source}
    asked_request = Request(url, **request)
    InterfaceMiddleware(DeclaredSource.model_validate(source_fields)).process_request(asked_request)
    return bool(asked_request.meta.get("dont_obey_robotstxt"))


TOKEN = {"headers": {"Authorization": "Bearer x"}}
ARXIV = "https://export.arxiv.org/api/query?search_query=x"


@pytest.mark.parametrize(
    ("spider", "source", "url", "request_", "passed"),
    [
        ("arxiv", ARXIV, ARXIV, {}, True),
        ("feeds", "https://a.example/feed", ARXIV, {}, True),
        ("arxiv", ARXIV, "https://export.arxiv.org/abs/2602.00001", {}, False),
        ("arxiv", ARXIV, "http://export.arxiv.org/api/query", {}, False),
        ("arxiv", "http://127.0.0.1:8/api/query", "http://127.0.0.1:8/api/query", {}, True),
        ("feeds", "http://127.0.0.1:8/api/feed", "http://127.0.0.1:8/api/feed", {}, False),
        ("arxiv", ARXIV, "https://export.arxiv.org.evil.example/api/query", {}, False),
        ("reddit", "https://www.reddit.com/r/A", "https://oauth.reddit.com/r/A/new", TOKEN, True),
        ("reddit", "https://www.reddit.com/r/A", "https://www.reddit.com/r/A/new.json", {}, False),
        ("reddit", "https://www.reddit.com/r/A", "https://www.reddit.com/api/v1/access_token",
            {"meta": {LOGIN: True}}, True),
        ("github", "https://github.com/a/b", "https://api.github.com/repos/a/b/releases", TOKEN, True),
        ("github", "https://github.com/a/b", "https://api.github.com/repos/a/b/releases", {}, False),
        ("x", "https://x.com/a", "https://api.x.com/2/tweets", TOKEN, True),
        ("x", "https://x.com/a", "https://x.com/a", {}, False),
        ("bluesky", "https://bsky.app/search?q=a", "https://bsky.social/xrpc/app.bsky.feed.searchPosts",
            TOKEN, True),
        ("bluesky", "https://bsky.app/profile/a", "https://public.api.bsky.app/xrpc/app.bsky.feed.getPosts",
            {}, False),
        # A redirect from an interface to a page does not exempt the page.
        ("feeds", "https://a.example/feed", "https://a.example/b", {"meta": {"dont_obey_robotstxt": True}},
            False),
    ],
)  # fmt: skip
def test_which_requests_pass(spider: str, source: str, url: str, request_: dict[str, Any],
    passed: bool) -> None:
    assert passes(spider, source, url, **request_) is passed


def test_a_robots_txt_that_is_elsewhere_on_its_host(nights: Nights, web: Web) -> None:
    web.pages = {
        "/robots.txt": Reply("", 302, headers={"Location": "/rules"}),
        "/rules": Reply("User-agent: *\nDisallow: /b\n", kind="text/plain"),
        "/f.xml": rss(web, "/a", "/b"), "/a": story("a"), "/b": story("b"),
    }  # fmt: skip
    nights.sources(feed(web, "f"))
    night = nights.crawl(source_budget=10, follow_links=0)
    assert night.codes("f") == ["robots"]
    assert (web.asked("/rules"), web.asked("/a"), web.asked("/b")) == (1, 1, 0)


def test_each_has_a_reason_and_is_documented() -> None:
    doc = (Path(__file__).parents[3] / "docs" / "crawlers.md").read_text("utf-8")
    for interface in INTERFACES:
        assert interface.reason and f"`{interface.host}{interface.path}`" in doc


def test_a_site_that_refuses_everything(nights: Nights, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are refused and interfaces are asked; a redirect from an interface to a page is refused."""
    monkeypatch.setenv("X_BEARER_TOKEN", "a-token-of-the-user")
    monkeypatch.setenv("GITHUB_TOKEN", "another-token-of-the-user")
    account = {"data": {"id": "101", "username": "wren_fictional", "name": "Wren"}}
    web.pages = {
        "/robots.txt": REFUSES_ALL,
        "/feed.xml": Reply("<rss version='2.0'><channel><title>F</title></channel></rss>", kind="text/xml"),
        "/api/query": Reply(platform("arxiv_query.xml"), kind="application/atom+xml"),
        "/api/moved": Reply("", 302, headers={"Location": "/page"}),
        "/page": article("A page", "That robots.txt keeps out."),
        "/2/users/by/username/wren": json_reply(account),
        "/2/users/101/tweets": json_reply(platform("x_posts.json")),
        "/api/v3/repos/corvid-ai/kestrel/releases": json_reply(platform("github_releases.json")),
    }
    nights.sources(
        {"id": "feed", "spider": "feeds", "url": f"{web.url}/feed.xml"},
        {"id": "papers", "spider": "arxiv", "url": f"{web.url}/api/query?search_query=x"},
        {"id": "moved", "spider": "arxiv", "url": f"{web.url}/api/moved?search_query=x"},
        {"id": "x", "spider": "x", "url": f"{web.url}/wren"},
        {"id": "github", "spider": "github", "url": f"{web.url}/corvid-ai/kestrel"},
    )
    night = nights.crawl(follow_links=0)
    assert night.codes("feed") == night.codes("moved") == ["robots"]
    assert (web.asked("/feed.xml"), web.asked("/page")) == (0, 0)
    assert all(night.of("document", name) for name in ("papers", "x", "github"))

    monkeypatch.delenv("GITHUB_TOKEN")
    asked_before = web.asked("/api/v3/repos/corvid-ai/kestrel/releases")
    assert nights.crawl(SECOND_NIGHT, only=("github",), follow_links=0).codes("github") == ["robots"]
    assert web.asked("/api/v3/repos/corvid-ai/kestrel/releases") == asked_before
