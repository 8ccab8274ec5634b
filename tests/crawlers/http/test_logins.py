"""Platforms that give a token for a login: when one is asked for, renewed, refused, and kept nowhere."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from crawlers.engine.check import check
from crawlers.http.credentials import CREDENTIALS, lacking
from pipeline.core.config import Config, CrawlConfig
from pipeline.core.vocabulary import Outcome
from tests.crawlers.conftest import FIRST_NIGHT, Nights, Reply, Web, json_reply, platform
from tests.crawlers.http.test_credentials import everything

ID, SECRET = "canary-client-id", "canary-client-secret%2F"
NO_TOKEN = "the server's answer to the login holds no token"
REFUSED = "the server refused to give a token"
HANDLE, PASSWORD = "wren.bsky.example", "canary-app-password"
SECRETS = (ID, SECRET, PASSWORD, b64encode(f"{ID}:{SECRET}".encode()).decode())
REFUSES_ALL = Reply("User-agent: *\nDisallow: /\n", kind="text/plain")

Page = Callable[[BaseHTTPRequestHandler], Reply]


@dataclass
class Doorman:
    """Gives tokens `canary-token-1`, `-2`, …; `good` are those that are valid.

    `given` lists the requests for them.
    """

    web: Web
    good: set[str] = field(default_factory=set)
    given: list[str] = field(default_factory=list)
    expires: float = 86400
    holds: bool = True

    def token(self, asked_with: str) -> str:
        """Return the next token."""
        self.given.append(asked_with)
        token = f"canary-token-{len(self.given)}"
        if self.holds:
            self.good.add(token)
        return token

    def reddit(self, handler: BaseHTTPRequestHandler) -> Reply:
        """Answer with the token of an application."""
        asked_with = str(handler.headers["Authorization"]) + " " + self.web.posted[-1].decode()
        fields = {"access_token": self.token(asked_with), "token_type": "bearer", "expires_in": self.expires}
        return json_reply(fields)

    def bluesky(self, handler: BaseHTTPRequestHandler) -> Reply:
        """Answer with the session of an account, begun or renewed."""
        asked_with = self.web.posted[-1].decode() or str(handler.headers["Authorization"])
        token = self.token(asked_with)
        return json_reply(
            {"accessJwt": token, "refreshJwt": f"{token}-renewal", "handle": HANDLE, "did": "did:plc:w"}
        )

    def behind(self, page: Any, refusal: Reply) -> Page:
        """Answer `page` to a request with a valid token; the answer repeats the token in a header."""

        def answer(handler: BaseHTTPRequestHandler) -> Reply:
            token = str(handler.headers["Authorization"]).removeprefix("Bearer ")
            return (
                json_reply(page, headers={"X-Echo": token, "X-Kept": "yes"})
                if token in self.good
                else refusal
            )

        return answer


@pytest.fixture
def doorman(web: Web, monkeypatch: pytest.MonkeyPatch) -> Doorman:
    values = {
        "REDDIT_CLIENT_ID": ID, "REDDIT_CLIENT_SECRET": SECRET,
        "BLUESKY_IDENTIFIER": HANDLE, "BLUESKY_APP_PASSWORD": PASSWORD,
    }  # fmt: skip
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    doorman = Doorman(web)
    expired = json_reply({"error": "ExpiredToken", "message": "Token has expired"}, status=400)
    search_answer = {"posts": [item["post"] for item in platform("bluesky_feed.json")["feed"][:2]]}
    web.pages = {
        "/robots.txt": REFUSES_ALL,
        "/api/v1/access_token": doorman.reddit,
        "/r/A/new": doorman.behind(platform("reddit_new.json"), Reply("", 401)),
        "/r/B/new": doorman.behind(platform("reddit_new.json"), Reply("", 401)),
        "/xrpc/com.atproto.server.createSession": doorman.bluesky,
        "/xrpc/com.atproto.server.refreshSession": doorman.bluesky,
        "/xrpc/app.bsky.feed.searchPosts": doorman.behind(search_answer, expired),
    }
    return doorman


def reddit(web: Web, name: str = "A") -> dict[str, str]:
    return {"id": f"r-{name.lower()}", "spider": "reddit", "url": f"{web.url}/r/{name}"}


def search(web: Web, words: str = "Basalt") -> dict[str, str]:
    return {"id": f"b-{words.lower()}", "spider": "bluesky", "url": f"{web.url}/search?q={words}"}


def nothing_is_kept(nights: Nights) -> None:
    data = everything(nights.home.path)
    assert b"X-Kept: yes" in data and b"Spider opened" in data, "archive and log are among what was searched"
    assert b"canary" not in data
    assert not any(secret.encode() in data for secret in SECRETS)


class TestReddit:
    def test_sources_share_one_token_and_robots_txt_is_not_asked(
        self, nights: Nights, web: Web, doorman: Doorman
    ) -> None:
        nights.sources(reddit(web), reddit(web, "B"))
        night = nights.crawl()
        assert [len(night.of("document", name)) for name in ("r-a", "r-b")] == [4, 4]
        assert doorman.given == [f"Basic {SECRETS[3]} grant_type=client_credentials"]
        assert web.asked("/robots.txt") == 0
        nothing_is_kept(nights)

    def test_a_refused_token_is_renewed_once(self, nights: Nights, web: Web, doorman: Doorman) -> None:
        doorman.web.pages["/r/A/new"] = self.second_time(doorman)
        nights.sources(reddit(web))
        night = nights.crawl()
        assert len(night.of("document")) == 4
        assert len(doorman.given) == 2
        nothing_is_kept(nights)

    @staticmethod
    def second_time(doorman: Doorman) -> Page:
        """Treat the first token as expired."""
        page = doorman.behind(platform("reddit_new.json"), Reply("", 401))

        def answer(handler: BaseHTTPRequestHandler) -> Reply:
            doorman.good.discard("canary-token-1")
            return page(handler)

        return answer

    def test_one_that_never_holds_is_no_endless_matter(
        self, nights: Nights, web: Web, doorman: Doorman
    ) -> None:
        doorman.holds = False
        nights.sources(reddit(web))
        night = nights.crawl()
        assert night.codes() == ["http_401"]
        assert (len(doorman.given), web.asked("/r/A/new")) == (2, 2)

    def test_one_that_ends_is_asked_for_again_before_it_does(
        self, nights: Nights, web: Web, doorman: Doorman
    ) -> None:
        doorman.expires = 30
        nights.sources(reddit(web), reddit(web, "B"))
        nights.crawl()
        assert (len(doorman.given), web.asked("/r/A/new"), web.asked("/r/B/new")) == (2, 1, 1)

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (Reply(f"no such {SECRET}", 401), f"{REFUSED} (HTTP 401)"),
            (json_reply({"error": f"{SECRET} is wrong"}), NO_TOKEN),
            (json_reply({"access_token": f"canary\n{SECRET}", "expires_in": 1}), NO_TOKEN),
            (json_reply({"access_token": ["canary"], "expires_in": "canary"}), NO_TOKEN),
            (Reply("<p>canary</p>"), NO_TOKEN),
            (Reply("", 307, headers={"Location": "/elsewhere?canary"}), f"{REFUSED} (HTTP 307)"),
        ],
    )
    def test_no_token_is_told_once_without_the_answers_words(
        self, nights: Nights, web: Web, doorman: Doorman, answer: Reply, words: str
    ) -> None:
        web.pages["/api/v1/access_token"] = answer
        nights.sources(reddit(web))
        night = nights.crawl()
        (issue,) = night.of("issue")
        assert (issue["code"], issue["message"]) == ("login_failed", words)
        assert night.crawls["r-a"].outcome is Outcome.FAILED
        assert [path for path, _ in web.requests] == ["/api/v1/access_token"]
        assert b"canary" not in everything(nights.home.path)

    def test_without_credentials_the_pages_are_read_and_robots_txt_is_obeyed(
        self, nights: Nights, web: Web, doorman: Doorman, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("REDDIT_CLIENT_ID")
        monkeypatch.delenv("REDDIT_CLIENT_SECRET")
        web.pages["/r/A/new.json"] = json_reply(platform("reddit_new.json"))
        nights.sources(reddit(web))
        assert (nights.crawl().codes(), web.asked("/r/A/new.json")) == (["robots"], 0)
        web.pages["/robots.txt"] = Reply("", 404)
        assert len(nights.crawl(FIRST_NIGHT.replace(hour=5)).of("document")) == 4
        assert not doorman.given

    def test_half_of_them_switches_the_source_off(
        self, nights: Nights, web: Web, doorman: Doorman, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("REDDIT_CLIENT_SECRET")
        nights.sources(reddit(web))
        crawl = nights.crawl().crawls["r-a"]
        assert crawl.outcome is Outcome.OFF
        assert "REDDIT_CLIENT_SECRET is not set" in str(crawl.message)
        assert "REDDIT_CLIENT_ID" not in str(crawl.message)


class TestBluesky:
    def test_a_search_is_asked_for_in_a_session(self, nights: Nights, web: Web, doorman: Doorman) -> None:
        nights.sources(search(web), search(web, "Kestrel"))
        night = nights.crawl()
        assert len(night.of("document", "b-basalt")) == 2
        assert [json.loads(body) for body in doorman.given] == [{"identifier": HANDLE, "password": PASSWORD}]
        search_path = next(path for path, _ in web.requests if "searchPosts" in path)
        assert search_path.endswith("?q=Basalt&sort=latest&since=2026-01-31T03%3A00%3A00Z&limit=100")
        assert web.asked("/robots.txt") == 0
        nothing_is_kept(nights)

    @pytest.mark.parametrize("renewed", [True, False])
    def test_an_expired_session_is_renewed_and_else_begun_anew(
        self, nights: Nights, web: Web, doorman: Doorman, renewed: bool
    ) -> None:
        page = web.pages["/xrpc/app.bsky.feed.searchPosts"]
        assert callable(page)

        def expiring(handler: BaseHTTPRequestHandler) -> Reply:
            doorman.good.discard("canary-token-1")
            return page(handler)

        web.pages["/xrpc/app.bsky.feed.searchPosts"] = expiring
        if not renewed:
            web.pages["/xrpc/com.atproto.server.refreshSession"] = Reply("canary", 401)
        nights.sources(search(web))
        assert len(nights.crawl().of("document")) == 2
        expected_token = "Bearer canary-token-1-renewal" if renewed else doorman.given[0]
        assert doorman.given[1:] == [expected_token]
        assert web.asked("/xrpc/com.atproto.server.refreshSession") == 1
        nothing_is_kept(nights)

    def test_what_repeats_the_password_or_a_renewal_is_refused(
        self, nights: Nights, web: Web, doorman: Doorman
    ) -> None:
        echo = {"posts": [], "cursor": "canary-token-1-renewal"}
        web.pages["/xrpc/app.bsky.feed.searchPosts"] = json_reply(echo)
        nights.sources(search(web))
        assert nights.crawl().codes() == ["refused"]
        web.pages["/xrpc/app.bsky.feed.searchPosts"] = Reply("", 302, headers={"Location": f"/x?{PASSWORD}"})
        assert nights.crawl(FIRST_NIGHT.replace(hour=5)).codes() == ["refused"]
        assert b"canary" not in everything(nights.home.path)

    def test_without_credentials_a_search_is_off_and_an_account_is_read(
        self, nights: Nights, web: Web, doorman: Doorman, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("BLUESKY_IDENTIFIER")
        monkeypatch.delenv("BLUESKY_APP_PASSWORD")
        web.pages["/robots.txt"] = Reply("", 404)
        web.pages["/xrpc/app.bsky.feed.getAuthorFeed"] = json_reply(platform("bluesky_feed.json"))
        nights.sources(
            search(web), {"id": "account", "spider": "bluesky", "url": f"{web.url}/profile/{HANDLE}"}
        )
        night = nights.crawl()
        assert night.crawls["b-basalt"].outcome is Outcome.OFF
        for name in ("BLUESKY_IDENTIFIER", "BLUESKY_APP_PASSWORD"):
            assert f"{name} is not set" in str(night.crawls["b-basalt"].message)
        assert len(night.of("document", "account")) == 5
        assert not any("Authorization" in headers for _, headers in web.requests)

    def test_with_credentials_an_account_stays_anonymous(
        self, nights: Nights, web: Web, doorman: Doorman
    ) -> None:
        web.pages["/robots.txt"] = Reply("", 404)
        web.pages["/xrpc/app.bsky.feed.getAuthorFeed"] = json_reply(platform("bluesky_feed.json"))
        nights.sources({"id": "account", "spider": "bluesky", "url": f"{web.url}/profile/{HANDLE}"})
        assert len(nights.crawl().of("document")) == 5
        assert not doorman.given
        assert lacking("bluesky", "https://bsky.app/profile/search") is None
        assert CREDENTIALS["bluesky"].root("https://bsky.app/search?q=a") == "https://bsky.social"


def test_check_logs_in_too(nights: Nights, web: Web, doorman: Doorman) -> None:
    nights.sources(reddit(web), search(web))
    settings = CrawlConfig(delay=0.0, retries=0, timeout=60.0, allow_private_addresses=True)
    checks = {
        checked.source: checked for checked in check(nights.home, Config(crawl=settings), now=FIRST_NIGHT)
    }
    assert [(checked.outcome, checked.status, checked.items) for checked in checks.values()] == [
        (Outcome.FAILED, 200, 5), (Outcome.OK, 200, 2),
    ]
    assert "bad_item" in str(checks["r-a"].message)
    web.pages["/api/v1/access_token"] = Reply("canary", 401)
    refused_check, _ = check(nights.home, Config(crawl=settings), now=FIRST_NIGHT)
    assert (refused_check.outcome, refused_check.status) == (Outcome.FAILED, None)
    assert refused_check.message == f"login_failed: {REFUSED} (HTTP 401)"
    assert b"canary" not in everything(nights.home.path)
