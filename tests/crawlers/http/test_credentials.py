"""Tokens: which source needs one, which hosts get it, and that a whole night stores it nowhere."""

from __future__ import annotations

import asyncio
import gzip
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler

from crawlers.engine.auth import CredentialMiddleware
from crawlers.http.credentials import CREDENTIALS, credential_of, lacking
from crawlers.link_targets import LINKED
from pipeline.core.vocabulary import Outcome
from tests.crawlers.conftest import Nights, Reply, Web, article, json_reply, platform

CANARY = "AAAAcanary%2FthatNobodyMayKeep%3D7f3a9c"
OTHER_CANARY = "ghp_canaryThatNobodyMayKeep7f3a9c"


def x(web: Web, name: str) -> dict[str, str]:
    return {"id": f"x-{name}", "spider": "x", "url": f"{web.url}/{name}"}


def everything(home: Path) -> bytes:
    """Return the bytes of all files under `home`, packed and unpacked."""
    contents = b""
    for file in home.rglob("*"):
        if file.is_file():
            body = file.read_bytes()
            contents += body + (gzip.decompress(body) if file.suffix == ".gz" else b"")
    return contents


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for credential in CREDENTIALS.values():
        for variable in credential.variables:
            monkeypatch.delenv(variable.name, raising=False)


class TestWhoNeedsOne:
    @pytest.mark.parametrize(("spider", "is_lacking"), [("x", True), ("github", False), ("feeds", False)])
    def test_without_any(self, spider: str, is_lacking: bool) -> None:
        assert (lacking(spider, "https://one.example/a") is not None) == is_lacking

    def test_one_that_cannot_stand_in_a_header_is_told_without_its_words(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GITHUB_TOKEN", "two\nlines")
        words = lacking("github", "https://github.com/a")
        assert words is not None and "GITHUB_TOKEN" in words and "two" not in words
        monkeypatch.setenv("GITHUB_TOKEN", " ghp_spaces_around_it \n")
        assert lacking("github", "https://github.com/a") is None

    def test_where_it_goes(self) -> None:
        x_rule = CREDENTIALS["x"]
        assert (
            x_rule.root("https://x.com/a")
            == x_rule.root("https://elsewhere.example/a")
            == "https://api.x.com"
        )
        assert x_rule.root("http://127.0.0.1:8080/a") == "http://127.0.0.1:8080"

    def test_links_of_posts_reach_github_with_the_token_and_nothing_else_does(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GITHUB_TOKEN", OTHER_CANARY)
        credential = credential_of(LINKED.spider, LINKED.url)
        middleware = CredentialMiddleware(Crawler(Spider), credential, LINKED.url, {})
        sent_tokens = {}
        for url in ("https://api.github.com/repos/a/b", "https://github.com/a/b", "http://api.github.com/x"):
            request = Request(url, headers={"Authorization": "left by a redirect"})
            asyncio.run(middleware.process_request(request))
            sent_tokens[url] = request.headers.get("Authorization")
        assert list(sent_tokens.values()) == [f"Bearer {OTHER_CANARY}".encode(), None, None]

    def test_a_source_without_its_token_is_off_even_if_it_is_named(
        self, nights: Nights, web: Web, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("X_BEARER_TOKEN", raising=False)
        nights.sources(x(web, "wren"))
        for only_sources in ((), ("x-wren",)):
            night = nights.crawl(only=only_sources)
            assert night.crawls["x-wren"].outcome is Outcome.OFF
            assert "X_BEARER_TOKEN" in str(night.crawls["x-wren"].message)
        assert (night.codes(), web.requests) == ([], [])


def test_a_whole_night_keeps_the_token_nowhere_and_takes_it_to_no_other_host(
    nights: Nights, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The API repeats the token in headers, bodies, errors and redirects, and redirects to another host."""
    monkeypatch.setenv("X_BEARER_TOKEN", CANARY)
    monkeypatch.setenv("GITHUB_TOKEN", OTHER_CANARY)
    elsewhere = web.url.replace("127.0.0.1", "localhost")
    account = {"data": {"id": "101", "username": "wren_fictional", "name": "Wren"}}

    def asked(handler: BaseHTTPRequestHandler) -> str:
        return str(handler.headers["Authorization"])

    def posts(handler: BaseHTTPRequestHandler) -> Reply:
        return json_reply(platform("x_posts.json"), headers={"X-Echo": asked(handler), "X-Kept": "yes"})

    names = "/2/users/by/username/"
    web.pages = {
        f"{names}good": json_reply(account),
        "/2/users/101/tweets": posts,
        f"{names}away": Reply("", 302, headers={"Location": f"{elsewhere}/taken"}),
        "/taken": json_reply(account),
        f"{names}url": lambda handler: Reply("", 302, headers={"Location": f"/taken?{asked(handler)[7:]}"}),
        f"{names}encoded": lambda _: Reply("", 302,
            headers={"Location": f"/taken?t={CANARY.replace('%', '%25')}"}),
        f"{names}body": lambda handler: json_reply({"errors": [{"title": asked(handler)}]}),
        f"{names}error": lambda handler: Reply(asked(handler), 500, headers={"X-Echo": asked(handler)}),
        "/api/v3/repos/corvid-ai/kestrel/releases": lambda handler: json_reply(
            platform("github_releases.json"), headers={"X-Echo": asked(handler)}
        ),
        "/feed.xml": Reply(
            '<rss version="2.0"><channel><title>F</title>'
            f"<item><link>{web.url}/a</link></item></channel></rss>",
            kind="text/xml",
        ),
        "/a": article("It",
            "A text that is long enough to be the main text of this page.\n\nAnd a second part of it."),
    }  # fmt: skip
    nights.sources(
        *(x(web, name) for name in ("good", "away", "url", "encoded", "body", "error")),
        {"id": "gh", "spider": "github", "url": f"{web.url}/corvid-ai/kestrel"},
        {"id": "f", "spider": "feeds", "url": f"{web.url}/feed.xml"},
    )
    night = nights.crawl()

    assert len(night.of("document", "x-good")) == 7
    assert [night.codes(f"x-{name}") for name in ("url", "encoded", "body", "error")] == [
        ["refused"], ["refused"], ["refused"], ["refused"],
    ]  # fmt: skip
    tokens_sent = {(url.split("?")[0], headers.get("Authorization")) for url, headers in web.requests}
    assert {(f"{names}good", f"Bearer {CANARY}"), ("/2/users/101/tweets", f"Bearer {CANARY}")} <= tokens_sent
    assert ("/api/v3/repos/corvid-ai/kestrel/releases", f"Bearer {OTHER_CANARY}") in tokens_sent
    assert {token for path, token in tokens_sent if path in ("/taken", "/feed.xml", "/a")} == {None}

    data = everything(nights.home.path)
    assert b"X-Kept: yes" in data, "the archive is among what was searched"
    assert b"Spider opened" in data, "and so is the log"
    for canary in (CANARY, OTHER_CANARY):
        assert canary.encode() not in data
        assert not any(canary in str(crawl) for crawl in night.crawls.values())
    assert b"canary" not in data
