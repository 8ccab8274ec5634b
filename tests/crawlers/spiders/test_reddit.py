"""Reddit: the comments of listed submissions, the limit of requests, and the two places that are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import TextResponse

from crawlers.crawl_state import Sighting
from crawlers.spiders.reddit import THREADS, RedditSpider
from pipeline.core.vocabulary import Severity
from tests.crawlers.conftest import SECOND_NIGHT, listed, platform
from tests.crawlers.pump import Pump, documents, gone, issues

URL = "https://reddit.example/r/OpenWeights"
POST: dict[str, Any] = platform("reddit_new.json")["data"]["children"][0]
PLACE = "/r/OpenWeights/comments/1abcde1/corvid_ai_is_said"
NEWEST = "?limit=200&sort=new&raw_json=1"
THREAD = f"https://reddit.example{PLACE}.json{NEWEST}"


def post(count: int, name: str = "t3_1abcde1", **values: Any) -> Any:
    path = POST["data"]["permalink"].replace("1abcde1", name[3:])
    return {
        "kind": "t3",
        "data": POST["data"] | {"name": name, "permalink": path, "num_comments": count} | values,
    }


def comment(name: str, **values: Any) -> Any:
    fields = {
        "author": "a", "created_utc": 1772382000, "body": name, "permalink": f"/r/O/comments/1/t/{name}/",
    }
    return {"kind": "t1", "data": fields | {"name": name} | values}


def page(*children: Any, after: str | None = None) -> Any:
    return {"kind": "Listing", "data": {"children": list(children), "after": after}}


def web(new: Any, thread: Any) -> Any:
    return lambda url: new if "/new" in url else thread if "/comments/" in url else listed()


@pytest.fixture
def pump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pump:
    monkeypatch.delenv("REDDIT_CLIENT_ID", raising=False)
    monkeypatch.delenv("REDDIT_CLIENT_SECRET", raising=False)
    return Pump(tmp_path, RedditSpider, spider="reddit", url=URL)


class TestComments:
    def test_of_a_listed_submission(self, pump: Pump) -> None:
        results = pump.night(web(listed(post(7)), platform("reddit_thread.json")))
        page = "https://reddit.example/r/OpenWeights/comments/1abcde1/corvid_ai_is_said"
        assert [
            (document.url, document.text, document.author, document.in_reply_to)
            for document in documents(results)[1:]
        ] == [
            (f"{page}/kaaaa01", "My reseller heard the same.", "oleander9", page),
            (
                f"{page}/kaaaa02",
                "Not mine. See https://mail.example/list/9",
                "fennimore_k",
                f"{page}/kaaaa01",
            ),
        ]
        assert pump.asked[1:] == [THREAD]
        codes = [(issue.code, issue.severity) for issue in issues(results)]
        assert codes == [("bad_item", Severity.ERROR)] * 2 + [("max_items", Severity.INFO)]
        assert issues(results)[-1].message.startswith("3 comments were left out")

    def test_are_read_again_only_when_there_are_more(self, pump: Pump) -> None:
        thread = [listed(post(2)), listed(comment("t1_a"), comment("t1_b"))]
        pump.night(web(listed(post(2)), thread))
        pump.night(web(listed(post(2)), thread), SECOND_NIGHT)
        assert not [url for url in pump.asked if "/comments/" in url and "sort=new" in url]
        third = pump.night(web(listed(post(3)), [listed(post(3)), listed(comment("t1_c"))]), SECOND_NIGHT)
        assert "t1_c" in [document.text for document in documents(third)]

    def test_a_thread_that_fails_is_read_in_the_next_night(self, pump: Pump) -> None:
        first = pump.night(web(listed(post(2)), 500))
        assert [issue.code for issue in issues(first)] == ["http_500"]
        second = pump.night(web(listed(post(2)), [listed(post(2)), listed(comment("t1_a"))]), SECOND_NIGHT)
        assert [document.text for document in documents(second)][1:] == ["t1_a"]

    @pytest.mark.parametrize("answer", [{}, [], "<p>no JSON</p>", [listed(), {"kind": "Listing"}]])
    def test_an_answer_of_another_shape_loses_no_other_thread(self, pump: Pump, answer: Any) -> None:
        def serve(url: str) -> Any:
            if "/new" in url:
                return listed(post(9), post(2, "t3_2"))
            return answer if "1abcde1" in url else [listed(), listed(comment("t1_a"))]

        results = pump.night(serve)
        assert "t1_a" in [document.text for document in documents(results)]
        assert [issue.code for issue in issues(results)] == ["bad_answer"]

    def test_threads_are_bounded_and_the_rest_is_told(self, pump: Pump) -> None:
        posts = [post(number + 1, f"t3_p{number}") for number in range(THREADS + 2)]
        results = pump.night(web(listed(*posts), [listed(), listed()]))
        thread_urls = [url for url in pump.asked if "/comments/" in url]
        assert len(thread_urls) == THREADS and f"/p{THREADS + 1}/" in thread_urls[0]
        (issue,) = issues(results)
        assert issue.message.startswith("3 comments were left out"), "the threads with 1 and 2"

    def test_comments_are_bounded_by_max_items(self, pump: Pump) -> None:
        thread = [listed(), listed(*(comment(f"t1_c{number}") for number in range(20)))]
        results = pump.night(web(listed(post(20)), thread), max_items=5)
        assert len(documents(results)) == 5
        assert [issue.code for issue in issues(results)] == ["max_items"]

    def test_a_deleted_one_that_was_seen_is_gone(self, pump: Pump) -> None:
        pump.night(web(listed(post(1)), [listed(), listed(comment("t1_a"))]))
        later_thread = [listed(), listed(comment("t1_a", body="[deleted]", author="[deleted]"))]
        assert len(gone(pump.night(web(listed(post(2)), later_thread), SECOND_NIGHT))) == 1


    def test_their_page_does_not_say_that_the_submission_still_stands(self, pump: Pump) -> None:
        """It may have been deleted after the listing, which showed it last."""
        deleted_post = listed(post(1, selftext="[deleted]", author="[deleted]"))
        results = pump.night(web(listed(post(1)), [deleted_post, listed(comment("t1_a"))]))
        sightings = [
            (result.ref, result.memo, result.present) for result in results if isinstance(result, Sighting)
        ]
        assert sightings == [("t3_1abcde1", "1", None)]


class TestPages:
    def test_a_listing_that_repeats_its_last_page_stops(self, pump: Pump) -> None:
        """Each page names a next one, and all have the same posts, with other counts of likes."""
        posts_given: list[Any] = []

        def serve(_: str) -> Any:
            posts_given.append(post(0, score=len(posts_given)))
            return page(posts_given[-1], post(0, "t3_2"), after=f"t3_{len(posts_given)}")

        results = pump.night(serve)
        assert len(pump.asked) == 2
        assert [(issue.code, issue.severity) for issue in issues(results)] == [
            ("repeated_page", Severity.WARNING)
        ]
        assert pump.spider.read_to_the_end().whole_at is None  # a cut listing proves no absence

    def test_pages_that_share_some_posts_are_read_to_the_end(self, pump: Pump) -> None:
        """New posts push old ones to the next page while a listing is read."""
        posts = [post(0, f"t3_{number}") for number in range(4)]
        pages = [page(*posts[:2], after="t3_1"), page(*posts[1:3], after="t3_2"), page(*posts[2:])]
        results = pump.night(lambda _: pages.pop(0))
        assert (len(pump.asked), len(pump.spider.listed), issues(results)) == (3, 4, [])

    def test_endless_pages_of_nothing_readable_are_bounded(self, pump: Pump) -> None:
        results = pump.night(lambda _: page("broken", after=f"t3_{len(pump.asked)}"), max_items=4)
        assert len(pump.asked) == 4
        assert [issue.code for issue in issues(results)] == ["bad_item"] * 4 + ["max_items"]


class TestLimit:
    @pytest.mark.parametrize(("left", "threads"), [("0.0", 0), ("1.0", 2), ("none", 2)])
    def test_reddits_own_count_is_kept_to(self, pump: Pump, left: str, threads: int) -> None:
        def serve(url: str) -> Any:
            value = listed(post(2), post(2, "t3_2")) if "/new" in url else [listed(), listed()]
            headers = {"X-Ratelimit-Remaining": left, "X-Ratelimit-Reset": "240"}
            return TextResponse(url, body=json.dumps(value).encode(), headers=headers)

        results = pump.night(serve)
        assert len([url for url in pump.asked if "/comments/" in url]) == threads
        assert [issue.code for issue in issues(results)] == ([] if threads else ["rate_limited"])
        assert pump.spider.unfinished == (not threads)
        assert all("for 240 seconds; 2 requests were not made" in issue.message for issue in issues(results))

    def test_second_looks_keep_to_it(self, pump: Pump) -> None:
        """If the request for all names is refused or fails, the spider does not ask for single names."""
        pump.night(web(listed(post(0), post(0, "t3_2")), 404))
        results = pump.night(lambda url: listed() if "/new" in url else 429, SECOND_NIGHT)
        assert [issue.code for issue in issues(results)] == ["rate_limited"]
        assert [url.partition("?")[0].rpartition("/")[2] for url in pump.asked] == [
            "new.json", "t3_1abcde1,t3_2.json",
        ]

        def serve(url: str) -> Any:
            return TextResponse(
                url, body=json.dumps(listed()).encode(), headers={"X-Ratelimit-Remaining": "1.0"}
            )

        results = pump.night(serve, SECOND_NIGHT)
        assert len(pump.asked) == 3, "the listing, both by name, and one page"
        assert "rate_limited" in [issue.code for issue in issues(results)]

    def test_a_429_ends_the_threads(self, pump: Pump) -> None:
        results = pump.night(web(listed(post(2), post(2, "t3_2")), 429))
        assert [issue.code for issue in issues(results)] == ["rate_limited"]
        assert len(pump.asked) == 2


def test_with_credentials_the_api_is_asked(pump: Pump, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDDIT_CLIENT_ID", "an-id")
    monkeypatch.setenv("REDDIT_CLIENT_SECRET", "a-secret")
    results = pump.night(web(listed(post(1)), [listed(), listed(comment("t1_a"))]))
    assert pump.asked == [
        "https://oauth.reddit.com/r/OpenWeights/new?limit=100&raw_json=1",
        f"https://oauth.reddit.com{PLACE}{NEWEST}",
    ]
    assert documents(results)[0].url.startswith("https://reddit.example/r/OpenWeights/comments/")
    pump.night(web(listed(), 404), SECOND_NIGHT)
    assert pump.asked[1:] == [
        "https://oauth.reddit.com/api/info?id=t1_a,t3_1abcde1&raw_json=1",
        "https://oauth.reddit.com/r/O/comments/1/t/t1_a?raw_json=1",
        "https://oauth.reddit.com/r/OpenWeights/comments/1abcde1/corvid_ai_is_said?raw_json=1",
    ]
