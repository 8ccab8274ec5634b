"""GitHub: organisations, the limit on requests, the token, deletions, and answers that cannot be read."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Response, TextResponse

from crawlers.spiders.base import FoundDocument
from crawlers.spiders.github import PER_PAGE, REPOSITORIES, GitHubSpider
from crawlers.spiders.listing import LAG
from pipeline.core.vocabulary import Outcome, Precision, Severity
from tests.crawlers.conftest import FIRST_NIGHT, SECOND_NIGHT, Nights, Reply, Web, json_reply, platform
from tests.crawlers.pump import Pump, documents, gone, issues

API = "https://api.github.com"
CANARY = "ghp_canary0123456789"


def release(number: int, repository: str = "corvid-ai/kestrel", **values: Any) -> dict[str, Any]:
    page = f"https://github.com/{repository}/releases/tag/v{number}"
    head = {
        "id": number, "html_url": page, "tag_name": f"v{number}", "name": None, "draft": False,
        "prerelease": False,
    }
    return head | {"body": f"Words of {number}.", "published_at": "2026-02-27T10:00:00Z"} | values


def repository(name: str, **values: Any) -> dict[str, Any]:
    head = {"id": int.from_bytes(name.encode()[:6], "big"), "full_name": f"corvid-ai/{name}"}
    return head | {"pushed_at": "2026-03-01T10:00:00Z"} | values


def limited(value: Any, left: int, status: int = 200) -> Response:
    headers = {"X-RateLimit-Remaining": str(left), "X-RateLimit-Reset": "1772424000"}
    return TextResponse(API, status=status, body=json.dumps(value).encode(), headers=headers)


def pump(folder: Path, path: str = "corvid-ai/kestrel") -> Pump:
    return Pump(folder, GitHubSpider, spider="github", url=f"https://github.com/{path}")


class TestListing:
    def test_pages_follow_the_link_header_until_releases_are_too_old(self, tmp_path: Path) -> None:
        pages = {
            f"{API}/repos/corvid-ai/kestrel/releases?per_page=30": ([release(3)], "/2"),
            f"{API}/2": ([release(2), release(1, published_at="2024-01-01T00:00:00Z")], "/3"),
        }

        def answer(url: str) -> Response:
            value, next_page = pages[url]
            return TextResponse(
                url, body=json.dumps(value).encode(), headers={"Link": f'<{API}{next_page}>; rel="next"'}
            )

        spider = pump(tmp_path)
        assert [document.title for document in documents(spider.night(answer))] == [
            "corvid-ai/kestrel v3",
            "corvid-ai/kestrel v2",
            "corvid-ai/kestrel v1",
        ]
        assert spider.asked == list(pages)

    def test_a_longer_address_is_the_repositorys(self, tmp_path: Path) -> None:
        spider = pump(tmp_path, "corvid-ai/kestrel/releases")
        spider.night(lambda _: [])
        assert spider.asked == [f"{API}/repos/corvid-ai/kestrel/releases?per_page=30"]

    def test_an_enterprise_server_has_its_api_beside_its_pages(self, tmp_path: Path) -> None:
        spider = Pump(tmp_path, GitHubSpider, spider="github", url="https://forge.example/corvid-ai/kestrel")
        (document,) = documents(spider.night(lambda _: [release(1)]))
        assert spider.asked == ["https://forge.example/api/v3/repos/corvid-ai/kestrel/releases?per_page=30"]
        assert document.url == "https://forge.example/corvid-ai/kestrel/releases/tag/v1"

    @pytest.mark.parametrize(
        "broken",
        [
            {"id": "x"}, {"id": -1}, {"tag_name": ""}, {"tag_name": None},
            {"html_url": "javascript:alert(1)"},
            {"body": 7}, {"body": "x" * 2_000_001},
            {"html_url": "https://github.com/a/../releases/x"},
        ],
        ids=lambda broken_fields: next(iter(broken_fields)),
    )  # fmt: skip
    def test_a_broken_release_takes_no_other(self, tmp_path: Path, broken: dict[str, Any]) -> None:
        results = pump(tmp_path).night(lambda _: [release(1) | broken, release(2)])
        assert "corvid-ai/kestrel v2" in [document.title for document in documents(results)]
        assert len(documents(results)) == 1 and [issue.code for issue in issues(results)] == ["bad_item"]

    def test_a_tag_that_is_a_path_leads_nowhere_else(self, tmp_path: Path) -> None:
        (document,) = documents(pump(tmp_path).night(lambda _: [release(1, tag_name="../../evil?x#y")]))
        assert document.url == "https://github.com/corvid-ai/kestrel/releases/tag/..%2F..%2Fevil%3Fx%23y"

    def test_drafts_are_never_kept(self, tmp_path: Path) -> None:
        drafts = [release(1, draft=True), release(2, published_at=None)]
        assert documents(pump(tmp_path).night(lambda _: drafts)) == []


class TestTimes:
    def test_a_time_that_cannot_be_read_costs_no_release(self, tmp_path: Path) -> None:
        results = [result for result in pump(tmp_path).night(lambda _: [release(1, published_at="soon")])
                   if isinstance(result, FoundDocument)]
        assert [(result.document.published_at, result.undated[0][:22]) for result in results] == [
            (None, "published_at: 'soon' i")
        ]

    def test_a_release_that_turns_up_late_is_kept(self, tmp_path: Path) -> None:
        spider = pump(tmp_path)
        spider.night(lambda _: [release(2)])
        old_release = release(1, published_at="2024-01-01T00:00:00Z")
        releases = documents(spider.night(lambda _: [release(2), old_release], SECOND_NIGHT))
        assert [document.title for document in releases] == ["corvid-ai/kestrel v2", "corvid-ai/kestrel v1"]
        assert releases[1].published_precision is Precision.SECOND  # its repository was public all the time

    def test_a_repository_that_was_private_dates_no_release(self, tmp_path: Path) -> None:
        listing = [repository("kestrel")]
        fresh_release = release(8, "corvid-ai/wren", published_at="2026-03-03T01:00:00Z")
        releases = {"kestrel": [release(1)], "wren": [release(7, "corvid-ai/wren"), fresh_release]}

        def answer(url: str) -> Any:
            return listing if "/users/" in url else releases[url.split("/")[5]]

        spider = pump(tmp_path, "corvid-ai")
        spider.night(answer)
        listing.append(repository("wren"))
        _, hidden_release, exact = documents(spider.night(answer, SECOND_NIGHT))
        assert (hidden_release.published_at, hidden_release.not_before) == (None, FIRST_NIGHT - LAG)
        assert (exact.published_at, exact.not_before) == (datetime(2026, 3, 3, 1, tzinfo=UTC), None)

    @pytest.mark.parametrize(
        "before",
        [
            {"pushed_at": "2025-11-01T00:00:00Z"}, {"archived": True}, {"fork": True},
            {"full_name": "corvid-ai/finch"}, {"fork": "perhaps"},
        ],
        ids=["still", "archived", "fork", "renamed", "unread"],
    )  # fmt: skip
    def test_a_repository_that_was_public_and_not_read_keeps_githubs_time(
        self, tmp_path: Path, before: dict[str, Any]
    ) -> None:
        listing = [repository("kestrel"), repository("wren") | before]
        releases = {"kestrel": [release(1)], "wren": [release(7, "corvid-ai/wren")], "finch": []}
        spider = pump(tmp_path, "corvid-ai")

        def answer(url: str) -> Any:
            return listing if "/users/" in url else releases[url.split("/")[5]]

        spider.night(answer)
        listing[1] = repository("wren")
        results = spider.night(answer, SECOND_NIGHT)
        wrens = [document for document in documents(results) if document.title == "corvid-ai/wren v7"]
        assert [(document.published_precision, document.not_before) for document in wrens] == [
            (Precision.SECOND, None)
        ]
        assert issues(results) == [] and not any("repositories/" in ref for ref in spider.spider.known)

    def test_repositories_beyond_those_that_are_read_are_not_hidden(self, tmp_path: Path) -> None:
        listing = [repository(f"r{n}") for n in range(REPOSITORIES + 1)]
        spider = pump(tmp_path, "corvid-ai")

        def answer(url: str) -> Any:
            name = url.split("/")[5]
            return listing if "/users/" in url else [release(int(name[1:]) + 1, f"corvid-ai/{name}")]

        spider.night(answer)
        listing.insert(0, listing.pop())
        releases = documents(spider.night(answer, SECOND_NIGHT))
        assert releases[0].title == "corvid-ai/r10 v11" and {
            document.not_before for document in releases
        } == {None}

    def test_a_long_list_is_read_to_its_end_to_tell_what_was_private(self, tmp_path: Path) -> None:
        pages = [[repository("kestrel")], [repository("finch", pushed_at="2024-01-01T00:00:00Z")]]

        def answer(url: str) -> Any:
            if "/users/" not in url and not url.endswith("/page2"):
                name = url.split("/")[5]
                return [release(len(name), f"corvid-ai/{name}")]
            page = int(url.endswith("/page2"))
            headers = {} if page else {"Link": f'<{API}/page2>; rel="next"'}
            return TextResponse(url, body=json.dumps(pages[page]).encode(), headers=headers)

        spider = pump(tmp_path, "corvid-ai")
        spider.night(answer)
        pages[0].insert(0, repository("wren"))
        pages[1][0] = repository("finch")
        hidden_release, public, still_public = sorted(
            documents(spider.night(answer, SECOND_NIGHT)), key=lambda document: len(document.title or "")
        )
        assert (hidden_release.published_at, hidden_release.not_before) == (None, FIRST_NIGHT - LAG)
        assert {public.published_precision, still_public.published_precision} == {Precision.SECOND}

    def test_a_list_that_never_ends_hides_no_repository(self, tmp_path: Path) -> None:
        listing = [repository("kestrel")]

        def answer(url: str) -> Any:
            if url.endswith(f"/releases?per_page={PER_PAGE}"):
                name = url.split("/")[5]
                return [release(len(name), f"corvid-ai/{name}")]
            body = json.dumps(listing).encode()
            return TextResponse(url, body=body, headers={"Link": f'<{API}/2>; rel="next"'})

        spider = pump(tmp_path, "corvid-ai")
        spider.night(answer)
        listing.insert(0, repository("wren"))
        (document, _) = documents(spider.night(answer, SECOND_NIGHT))
        assert (document.published_precision, document.not_before) == (Precision.SECOND, None)

    def test_a_release_of_before_is_not_hidden(self, tmp_path: Path) -> None:
        listing = [repository("kestrel")]
        name = ["kestrel"]

        def answer(url: str) -> Any:
            return listing if "/users/" in url else [release(1, f"corvid-ai/{name[0]}")]

        spider = pump(tmp_path, "corvid-ai")
        spider.night(answer)
        listing[:], name[:] = [repository("kestrel"), repository("wren")], ["wren"]
        releases = documents(spider.night(answer, SECOND_NIGHT))
        assert {document.not_before for document in releases} == {None}

    def test_a_repository_that_was_made_public_is_read(self, tmp_path: Path) -> None:
        old_repo = repository("wren", pushed_at="2025-11-01T00:00:00Z", updated_at="2026-03-01T00:00:00Z")
        spider = pump(tmp_path, "corvid-ai")
        listing = [release(7, "corvid-ai/wren")]
        releases = documents(spider.night(lambda url: [old_repo] if "/users/" in url else listing))
        assert [document.title for document in releases] == ["corvid-ai/wren v7"]


class TestSearch:
    PULLS = "https://github.com/search?q=repo:tower-lab/engine+model&type=pullrequests"
    COMMITS = "https://github.com/search?q=repo:tower-lab/engine+model&type=commits"

    def pump(self, folder: Path, url: str) -> Pump:
        return Pump(folder, GitHubSpider, spider="github", url=url)

    def test_only_what_is_public_and_new_is_searched_for(self, tmp_path: Path) -> None:
        spider = self.pump(tmp_path, self.PULLS)
        spider.night(lambda _: {"items": []})
        (asked_url,) = spider.asked
        assert "is%3Apr+is%3Apublic+created%3A%3E%3D2026-01-31&sort=created&order=desc" in asked_url

    def test_pages_follow_until_nothing_is_new(self, tmp_path: Path) -> None:
        search_answer = platform("github_pulls.json")

        def answer(url: str) -> Response:
            items = search_answer["items"][:1] if "/2" not in url else search_answer["items"][1:2]
            headers = {} if "/2" in url else {"Link": f'<{API}/2>; rel="next"'}
            return TextResponse(url, body=json.dumps({"items": items}).encode(), headers=headers)

        spider = self.pump(tmp_path, self.PULLS)
        assert len(documents(spider.night(answer))) == 2 and len(spider.asked) == 2

    def test_a_search_that_was_cut_off_is_read_again(self, tmp_path: Path) -> None:
        spider = self.pump(tmp_path, self.PULLS)
        search_answer = platform("github_pulls.json") | {"incomplete_results": True}
        results = spider.night(lambda _: search_answer)
        assert [issue.code for issue in issues(results)] == ["bad_item", "incomplete"]
        assert len(documents(results)) == 2 and spider.spider.unfinished

    @pytest.mark.parametrize(
        ("url", "file", "own"),
        [
            (PULLS, "github_pulls.json", "pulls/412"),
            (COMMITS, "github_commits.json", "commits/3b1f0a6c2d4e5f60718293a4b5c6d7e8f9001122"),
        ],
    )  # fmt: skip
    def test_a_find_is_looked_at_again_by_itself(
        self, tmp_path: Path, url: str, file: str, own: str
    ) -> None:
        spider = self.pump(tmp_path, url)
        found_item = platform(file)["items"][0]
        (first,) = documents(spider.night(lambda _: {"items": [found_item]}))
        results = spider.night(lambda url: {"items": []} if "?" in url else found_item, SECOND_NIGHT)
        assert spider.asked[1:] == [f"{API}/repos/tower-lab/engine/{own}"]
        (second,) = documents(results)
        assert (second.url, second.text, second.artefact) == (first.url, first.text, False)
        results = spider.night(lambda url: {"items": []} if "?" in url else 404, SECOND_NIGHT)
        assert [deletion.url for deletion in gone(results)] == [first.url]

    @pytest.mark.parametrize("answer", [{"items": {}}, {"message": "Validation Failed"}, [], "<html>"])
    def test_an_answer_that_is_no_search(self, tmp_path: Path, answer: Any) -> None:
        spider = self.pump(tmp_path, self.PULLS)
        results = spider.night(lambda _: TextResponse(API, body=json.dumps(answer).encode()))
        assert documents(results) == []
        assert [issue.code for issue in issues(results)] == ([] if answer == [] else ["bad_answer"])


class TestOrganisation:
    def test_its_own_live_repositories(self, tmp_path: Path) -> None:
        listing = [
            repository("kestrel"), repository("fork", fork=True), repository("shut", archived=True),
            repository("hidden", private=True), repository("still", pushed_at="2024-01-01T00:00:00Z"),
            repository("../x"), repository("wren"),
        ]  # fmt: skip

        def answer(url: str) -> Any:
            name = url.split("/")[5] if "/repos/" in url else ""
            return listing if "/users/" in url else [release(len(name), f"corvid-ai/{name}")]

        spider = pump(tmp_path, "corvid-ai")
        results = spider.night(answer)
        assert [document.title for document in documents(results)] == [
            "corvid-ai/kestrel v7",
            "corvid-ai/wren v4",
        ]
        assert [issue.code for issue in issues(results)] == ["bad_item"]
        assert spider.asked[0].startswith(f"{API}/users/corvid-ai/repos?") and len(spider.asked) == 3

    def test_a_repository_that_fails_takes_no_other_and_ends_second_looks(self, tmp_path: Path) -> None:
        listing = [repository(name) for name in ("a", "b", "c", "d")]
        releases = {"a": [release(1, "corvid-ai/a")], "b": [], "c": [], "d": [release(4, "corvid-ai/d")]}

        def answer(given: dict[str, Any]) -> Any:
            return lambda url: listing if "/users/" in url else given[url.split("/")[5]]

        spider = pump(tmp_path, "corvid-ai")
        spider.night(answer(releases))
        results = spider.night(
            answer({"a": 502, "b": {"message": "no"}, "c": "<html>", "d": releases["d"]}), SECOND_NIGHT
        )
        assert [document.title for document in documents(results)] == ["corvid-ai/d v4"]
        assert [issue.code for issue in issues(results)] == ["http_502", "bad_answer", "bad_answer"]
        assert gone(results) == [] and len(spider.asked) == 5

    def test_so_many_repositories_at_most(self, tmp_path: Path) -> None:
        listing = [repository(f"r{n}") for n in range(100)]
        spider = pump(tmp_path, "corvid-ai")
        spider.night(lambda url: listing if "/users/" in url else [])
        assert [url.split("/")[5] for url in spider.asked[1:]] == [f"r{n}" for n in range(REPOSITORIES)]

    @pytest.mark.parametrize("answer", [{"message": "Not Found"}, "<html>", "#[" * 9, 7])
    def test_an_answer_that_is_no_list(self, tmp_path: Path, answer: Any) -> None:
        results = pump(tmp_path, "corvid-ai").night(
            lambda _: TextResponse(API, body=json.dumps(answer).encode())
        )
        assert [issue.code for issue in issues(results)] == ["bad_answer"]


class TestLimit:
    def test_nothing_is_asked_beyond_githubs_own_count(self, tmp_path: Path) -> None:
        listing = [repository(name) for name in ("a", "b", "c")]
        spider = pump(tmp_path, "corvid-ai")
        results = spider.night(
            lambda url: limited(listing, 1) if "/users/" in url else limited([release(1, "corvid-ai/a")], 0)
        )
        assert len(spider.asked) == 2 and len(documents(results)) == 1
        (issue,) = issues(results)
        assert issue.code == "rate_limited"
        assert "until 2026-03-02 04:00 UTC; 2 requests were not made" in issue.message
        assert spider.spider.unfinished

    def test_second_looks_keep_to_it(self, tmp_path: Path) -> None:
        spider = pump(tmp_path)
        spider.night(lambda _: [release(n) for n in range(1, 6)])
        results = spider.night(lambda url: limited([], 2) if "?" in url else release(1), SECOND_NIGHT)
        assert len(spider.asked) == 3
        assert [issue.code for issue in issues(results)] == ["rate_limited"]

    def test_what_searches_are_left_says_nothing_of_second_looks(self, tmp_path: Path) -> None:
        spider = Pump(tmp_path, GitHubSpider, spider="github", url=TestSearch.PULLS)
        pull = platform("github_pulls.json")["items"][0]
        spider.night(lambda _: {"items": [pull]})
        answer = limited({"items": []}, 0).replace(url=f"{API}/search/issues?q=model")
        results = spider.night(lambda url: answer if "?" in url else pull, SECOND_NIGHT)
        assert len(documents(results)) == 1 and issues(results) == []
        assert not spider.spider.unfinished

    def test_a_searchs_next_page_keeps_to_the_searches_that_are_left(self, tmp_path: Path) -> None:
        spider = Pump(tmp_path, GitHubSpider, spider="github", url=TestSearch.PULLS)
        search_answer = {"items": platform("github_pulls.json")["items"][:1]}
        answer = limited(search_answer, 0).replace(url=f"{API}/search/issues?q=model")
        answer.headers["Link"] = f'<{API}/search/issues?q=model&page=2>; rel="next"'
        results = spider.night(lambda _: answer)
        assert [issue.code for issue in issues(results)] == ["rate_limited"] and len(spider.asked) == 1

    @pytest.mark.parametrize("status", [403, 429])
    def test_a_refusal_for_the_limit_is_told_as_such_and_ends_the_asking(
        self, tmp_path: Path, status: int
    ) -> None:
        spider = pump(tmp_path, "corvid-ai")
        listing = [repository(name) for name in ("a", "b", "c")]
        results = spider.night(
            lambda url: (
                listing if "/users/" in url else limited({"message": "API rate limit exceeded"}, 0, status)
            )
        )
        assert [issue.code for issue in issues(results)] == ["rate_limited"] and len(spider.asked) == 2
        assert spider.spider.listing_lost

    @pytest.mark.parametrize("value", ["-1", "many", "9" * 400, ""])
    def test_a_count_that_is_none_is_not_believed(self, tmp_path: Path, value: str) -> None:
        spider = pump(tmp_path, "corvid-ai")
        headers = {"X-RateLimit-Remaining": value, "X-RateLimit-Reset": value}
        answer = TextResponse(API, body=json.dumps([repository("a")]).encode(), headers=headers)
        results = spider.night(lambda url: answer if "/users/" in url else [])
        assert issues(results) == [] and len(spider.asked) == 2


class TestLookingAgain:
    def test_a_release_that_left_the_listing_is_asked_for_by_its_id(self, tmp_path: Path) -> None:
        spider = pump(tmp_path)
        spider.night(lambda _: [release(1)])
        edited_release = release(1, body="Other words.", tag_name="v1.0")
        (document,) = documents(spider.night(lambda url: [] if "?" in url else edited_release, SECOND_NIGHT))
        assert spider.asked[1] == f"{API}/repos/corvid-ai/kestrel/releases/1"
        assert document.text == "Other words.\n\nTag: v1.0"
        assert document.url == "https://github.com/corvid-ai/kestrel/releases/tag/v1"

    @pytest.mark.parametrize("status", [404, 410])
    def test_gone_by_githubs_own_word(self, tmp_path: Path, status: int) -> None:
        spider = pump(tmp_path)
        spider.night(lambda _: [release(1)])
        results = spider.night(lambda url: [] if "?" in url else status, SECOND_NIGHT)
        assert [deletion.evidence for deletion in gone(results)] == [
            f"HTTP {status} at {API}/repos/corvid-ai/kestrel/releases/1"
        ]

    @pytest.mark.parametrize("answer", [401, 403, 451, 500, {"message": "Not Found"}, "<html>404</html>"])
    def test_not_gone_by_anything_else(self, tmp_path: Path, answer: Any) -> None:
        spider = pump(tmp_path)
        spider.night(lambda _: [release(1)])
        results = spider.night(lambda url: [] if "?" in url else answer, SECOND_NIGHT)
        assert gone(results) == documents(results) == []
        assert {issue.severity for issue in issues(results)} == {Severity.WARNING}

    def test_a_repository_that_is_away_says_nothing_of_its_releases(self, tmp_path: Path) -> None:
        spider = pump(tmp_path)
        spider.night(lambda _: [release(1)])
        results = spider.night(lambda _: 404, SECOND_NIGHT)
        assert gone(results) == [] and [issue.code for issue in issues(results)] == ["http_404"]

    def test_a_repository_with_a_new_name_makes_no_new_document(self, tmp_path: Path) -> None:
        spider = pump(tmp_path)
        first = documents(spider.night(lambda _: [release(1)]))
        later = documents(spider.night(lambda _: [release(1, "corvid-ai/kestrel-engine")], SECOND_NIGHT))
        assert first[0].url == later[0].url


class TestNight:
    """A real server, which stands in for the API at its own address (see crawlers.engine.auth)."""

    LISTING = "/api/v3/repos/corvid-ai/kestrel/releases"

    def declare(self, nights: Nights, web: Web) -> None:
        nights.sources(
            {"id": "engine", "spider": "github", "url": f"{web.url}/corvid-ai/kestrel", "role": "community"}
        )

    def test_releases_arrive_as_artefacts(self, nights: Nights, web: Web) -> None:
        web.pages[self.LISTING] = json_reply(platform("github_releases.json"))
        self.declare(nights, web)
        night = nights.crawl()
        assert [line["published_at"] for line in night.of("document")] == [
            "2026-02-28T10:00:00Z",
            "2026-02-27T10:00:00Z",
            "2024-06-01T09:00:00Z",
        ]
        assert all(line["artefact"] and line["warc"] for line in night.of("document"))
        assert night.crawls["engine"].outcome is Outcome.PARTIAL and night.codes() == ["bad_item"]

    def test_the_token_reaches_the_api_alone(
        self, nights: Nights, web: Web, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GITHUB_TOKEN", CANARY)

        def moved(handler: BaseHTTPRequestHandler) -> Reply:
            return Reply(
                status=301, headers={"Location": f"{web.url.replace('127.0.0.1', 'localhost')}/elsewhere"}
            )

        web.pages[self.LISTING] = moved
        web.pages["/elsewhere"] = json_reply([release(1)])
        self.declare(nights, web)
        night = nights.crawl()
        assert len(night.of("document")) == 1
        tokens_by_path = {path.split("?")[0]: headers.get("Authorization") for path, headers in web.requests}
        assert tokens_by_path[self.LISTING] == f"Bearer {CANARY}"
        assert tokens_by_path["/elsewhere"] is None
        files = [file for file in nights.home.path.rglob("*") if file.is_file()]
        files_kept = [
            gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
            for file in files
        ]
        assert len(files_kept) > 3 and not any(CANARY.encode() in data for data in files_kept)
        assert CANARY not in json.dumps(night.lines)

    def test_no_token_is_needed(self, nights: Nights, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("GITHUB_TOKEN", raising=False)
        web.pages[self.LISTING] = json_reply([release(1)])
        self.declare(nights, web)
        assert len(nights.crawl().of("document")) == 1
        assert all("Authorization" not in headers for _, headers in web.requests)

    def test_a_used_up_limit_is_not_asked_again(self, nights: Nights, web: Web) -> None:
        headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1772424000"}
        web.pages[self.LISTING] = json_reply(
            {"message": "API rate limit exceeded"}, status=403, headers=headers
        )
        self.declare(nights, web)
        night = nights.crawl(retries=2)
        assert night.codes() == ["rate_limited"] and web.asked(self.LISTING) == 1
        assert night.crawls["engine"].outcome is Outcome.FAILED
