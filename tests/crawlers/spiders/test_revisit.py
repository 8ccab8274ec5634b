"""The second night: which documents are looked at again, and what counts as a deletion."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from scrapy.http import Response

from crawlers.spiders.arxiv import ArxivSpider
from crawlers.spiders.base import Lost, SourceSpider
from crawlers.spiders.bluesky import BlueskySpider
from crawlers.spiders.feed_articles import REFUSALS
from crawlers.spiders.feeds import FeedsSpider
from crawlers.spiders.github import GitHubSpider
from crawlers.spiders.hackernews import HackerNewsSpider
from crawlers.spiders.huggingface import HuggingFaceSpider
from crawlers.spiders.mastodon import MastodonSpider
from crawlers.spiders.reddit import RedditSpider
from pipeline.core.vocabulary import Severity
from tests.crawlers.conftest import SECOND_NIGHT, article, listed, platform, rss_of, story
from tests.crawlers.pump import Pump, documents, gone, issues

Answer = Callable[[str], Any]


def rss(*links: str) -> str:
    return rss_of("http://grid.example", *links)


def body(words: str) -> Any:
    return story(words).body


HOME = article(
    "Home",
    "All our stories stand on this page, and none of them is the one that you were looking for.\n\nRead on.",
    "<link rel='canonical' href='http://grid.example/home'>",
).body


def grid(pages: dict[str, Any], headers: dict[str, str] | None = None) -> Answer:
    """Return an answer with a feed of `pages` at /feed.xml, unless one is given, and with each page."""

    def answer(url: str) -> Any:
        path = urlsplit(url).path
        if path == "/feed.xml" and path not in pages:
            links = [f"http://grid.example{path}" for path in pages]
            return Response(
                url, body=rss(*links).encode(), headers={"Content-Type": "application/xml"} | (headers or {})
            )
        return pages.get(path, 404)

    return answer


def feed_pump(folder: Path) -> Pump:
    return Pump(folder, FeedsSpider, spider="feeds", url="http://grid.example/feed.xml")


def seen_once(folder: Path) -> Pump:
    """The feed's pump after a night with one article."""
    pump = feed_pump(folder)
    pump.night(grid({"/a": body("There.")}))
    return pump


class TestFeeds:
    def test_an_article_that_left_the_feed_is_looked_at_and_its_edit_is_yielded(self, tmp_path: Path) -> None:
        pump = feed_pump(tmp_path)
        first = documents(pump.night(grid({"/a": body("It has 70B parameters.")})))
        results = pump.night(grid({"/feed.xml": rss(), "/a": body("It has 120B parameters.")}), SECOND_NIGHT)
        assert [d.url for d in documents(results)] == [d.url for d in first] == ["http://grid.example/a"]
        assert "120B" in documents(results)[0].text
        assert documents(results)[0].published_at == first[0].published_at is not None

    @pytest.mark.parametrize("status", [404, 410])
    def test_gone_by_the_servers_own_word(self, tmp_path: Path, status: int) -> None:
        pump = seen_once(tmp_path)
        results = pump.night(grid({"/feed.xml": rss(), "/a": status}), SECOND_NIGHT)
        assert [(g.url, g.evidence) for g in gone(results)] == [
            ("http://grid.example/a", f"HTTP {status} at http://grid.example/a")
        ]
        assert gone(results)[0].last_present_at == SECOND_NIGHT - timedelta(days=1)
        assert [result.sighting.at for result in results if isinstance(result, Lost)] == [SECOND_NIGHT]
        assert pump.night(grid({"/feed.xml": rss()}), SECOND_NIGHT + timedelta(days=1)) == []

    def test_one_that_comes_back_is_seen_as_long_as_the_feed_has_it(self, tmp_path: Path) -> None:
        pump = seen_once(tmp_path)
        assert len(gone(pump.night(grid({"/a": 404}), SECOND_NIGHT))) == 1
        third_night, fourth_night = (SECOND_NIGHT + timedelta(days=days) for days in (1, 2))
        assert pump.night(grid({"/a": 404}), third_night) == [], "it is gone still"
        assert pump.night(grid({"/a": HOME}), third_night) == [], (
            "the front page in its place is not the article"
        )
        assert [i.code for i in issues(pump.night(grid({"/a": 503}), third_night))] == ["http_503"]
        assert [d.url for d in documents(pump.night(grid({"/a": body("There.")}), fourth_night))] == [
            "http://grid.example/a"
        ]
        assert [
            d.url
            for d in documents(pump.night(grid({"/feed.xml": rss(), "/a": body("Edited.")}), fourth_night))
        ]

    @pytest.mark.parametrize("status", [403, 429, 500, 503])
    def test_not_gone_by_anything_else(self, tmp_path: Path, status: int) -> None:
        pump = seen_once(tmp_path)
        results = pump.night(grid({"/feed.xml": rss(), "/a": status}), SECOND_NIGHT)
        assert gone(results) == []
        assert [(i.code, i.severity) for i in issues(results)] == [(f"http_{status}", Severity.WARNING)]

    def test_a_page_that_moved_is_neither_edited_nor_gone(self, tmp_path: Path) -> None:
        pump = seen_once(tmp_path)
        results = pump.night(grid({"/feed.xml": rss(), "/a": HOME}), SECOND_NIGHT)
        assert (documents(results), gone(results)) == ([], [])
        assert [i.code for i in issues(results)] == ["moved"]

    def test_a_feed_that_has_not_changed_is_of_the_same_site(self, tmp_path: Path) -> None:
        """The feed has its own host and names its site."""
        pump = Pump(tmp_path, FeedsSpider, spider="feeds", url="http://feeds.other.example/feed.xml")
        feed = Response(pump.source.url, body=rss("http://grid.example/a").encode())
        first = pump.night(lambda url: feed if url.endswith("feed.xml") else body("There."))
        results = pump.night(
            lambda url: 304 if url.endswith("feed.xml") else body("Still there."), SECOND_NIGHT
        )
        assert [d.source for d in documents(first) + documents(results)] == ["one", "one"]

    def test_a_neighbour_on_a_shared_domain_is_another_publisher(self, tmp_path: Path) -> None:
        pump = Pump(tmp_path, FeedsSpider, spider="feeds", url="http://pen.substack.com/feed.xml")
        links = ("http://pen.substack.com/p/a", "http://nib.substack.com/p/a")
        feed = Response(pump.source.url, body=rss_of("http://pen.substack.com", *links).encode())
        night = pump.night(lambda url: feed if url.endswith("feed.xml") else body("There."))
        assert {document.url: document.source for document in documents(night)} == {
            links[0]: "one", links[1]: "nib.substack.com"
        }

    def test_a_page_that_never_came_is_asked_for_until_it_comes(self, tmp_path: Path) -> None:
        pump = feed_pump(tmp_path)
        assert [i.code for i in issues(pump.night(grid({"/a": 503})))] == ["http_503"]
        results = pump.night(grid({"/feed.xml": rss(), "/a": body("At last.")}), SECOND_NIGHT)
        assert documents(results)[0].published_at is not None

    def test_a_page_that_never_came_is_not_gone(self, tmp_path: Path) -> None:
        pump = feed_pump(tmp_path)
        pump.night(grid({"/a": 503}))
        assert gone(pump.night(grid({"/feed.xml": rss(), "/a": 404}), SECOND_NIGHT)) == []

    def test_an_unchanged_feed_is_not_sent_again_and_its_articles_are_looked_at(self, tmp_path: Path) -> None:
        pump = feed_pump(tmp_path)
        pump.night(
            grid({"/a": body("There.")}, {"ETag": '"v1"', "Last-Modified": "Sun, 01 Mar 2026 09:00:00 GMT"})
        )
        sent_headers: list[bytes | None] = []

        def answer(url: str) -> Any:
            if url.endswith("/feed.xml"):
                return Response(url, status=304)
            return body("Edited.")

        original = FeedsSpider.first

        def first(spider: FeedsSpider) -> Any:
            request = original(spider)
            sent_headers.extend(
                [request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")]
            )
            return request

        pump.spider_class = type("Watched", (FeedsSpider,), {"first": first})
        results = pump.night(answer, SECOND_NIGHT)
        assert sent_headers == [b'"v1"', b"Sun, 01 Mar 2026 09:00:00 GMT"]
        assert "Edited." in documents(results)[0].text

    def test_a_crawl_that_did_not_end_does_not_ask_conditionally(self, tmp_path: Path) -> None:
        pump = feed_pump(tmp_path)
        pump.night(grid({"/a": body("There.")}, {"ETag": '"v1"'}))
        pump.night(lambda url: 500, SECOND_NIGHT)
        assert pump.spider.before is not None
        pump.night(grid({"/a": body("There.")}), SECOND_NIGHT)
        assert pump.spider.before is None

    def test_a_site_that_refuses_is_not_asked_for_every_page(self, tmp_path: Path) -> None:
        pump = feed_pump(tmp_path)
        results = pump.night(grid({f"/{n}": 403 for n in range(40)}))
        assert len(pump.asked) - 1 <= REFUSALS + 8
        assert [i.code for i in issues(results)].count("site_refuses") == 1
        assert pump.spider.unfinished

    def test_second_looks_are_bounded_and_take_turns(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in ("base", "feeds"):
            monkeypatch.setattr(f"crawlers.spiders.{module}.SECOND_LOOKS", 10)
        pump = feed_pump(tmp_path)
        pages = {f"/{n:03d}": body(f"Story {n}.") for n in range(12)}
        pump.night(grid(pages))
        nights = [SECOND_NIGHT + timedelta(days=n) for n in range(2)]
        urls_looked_at = [
            {d.url for d in documents(pump.night(grid({"/feed.xml": rss()} | pages), now))} for now in nights
        ]
        assert [len(urls) for urls in urls_looked_at] == [10, 10]
        assert len(urls_looked_at[0] | urls_looked_at[1]) == len(pages)

    def test_old_articles_rest(self, tmp_path: Path) -> None:
        pump = feed_pump(tmp_path)
        pump.night(grid({"/a": body("There.")}), revisit_days=30)
        results = pump.night(grid({"/a": body("There.")}), SECOND_NIGHT + timedelta(days=60), revisit_days=30)
        assert (results, pump.asked) == ([], ["http://grid.example/feed.xml"])

    def test_a_lost_listing_says_nothing_of_what_was_seen(self, tmp_path: Path) -> None:
        pump = seen_once(tmp_path)
        for faulty in (
            500,
            "<html>Under construction</html>",
            '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><rss>&a;</rss>',
        ):
            results = pump.night(
                lambda url, faulty=faulty: faulty if url.endswith("feed.xml") else 404, SECOND_NIGHT
            )
            assert (documents(results), gone(results)) == ([], [])
            assert pump.asked == ["http://grid.example/feed.xml"]
            assert [i.severity for i in issues(results)] == [Severity.ERROR]


class TestReddit:
    POST: dict[str, Any] = platform("reddit_new.json")["data"]["children"][0]

    def pump(self, folder: Path) -> Pump:
        pump = Pump(folder, RedditSpider, spider="reddit", url="https://reddit.example/r/OpenWeights")
        pump.night(lambda _: listed(self.POST))
        return pump

    def edited(self, **values: Any) -> dict[str, Any]:
        return {"kind": "t3", "data": self.POST["data"] | values}

    def by_id(self, folder: Path, **values: Any) -> list[Any]:
        """Run a second night with an empty listing; the look-up by name gives the post with these values."""
        edited_post = self.edited(**values)
        return self.pump(folder).night(
            lambda url: listed(edited_post) if "by_id" in url else listed(), SECOND_NIGHT
        )

    def test_an_edit_is_found_by_name(self, tmp_path: Path) -> None:
        results = self.by_id(tmp_path, selftext="Edited: it is confirmed.", selftext_html=None)
        assert documents(results)[0].text == "Edited: it is confirmed."

    @pytest.mark.parametrize(
        "values",
        [
            {"author": "[deleted]", "selftext": "[deleted]", "selftext_html": None},
            {"selftext": "[removed]", "removed_by_category": "moderator"},
        ],
    )
    def test_reddits_own_tombstones(self, tmp_path: Path, values: dict[str, Any]) -> None:
        results = self.by_id(tmp_path, **values)
        assert [g.evidence.startswith("Reddit says of t3_1abcde1: ") for g in gone(results)] == [True]
        assert documents(results) == []

    @pytest.mark.parametrize("is_self", [True, False])
    @pytest.mark.parametrize("text", [{}, {"selftext": "", "selftext_html": None}])
    def test_a_deleted_account_deletes_no_post(self, tmp_path: Path, text: dict[str, Any],
                                               is_self: bool) -> None:
        """Its posts stay, also those with only a title."""
        results = self.by_id(tmp_path, author="[deleted]", is_self=is_self, removed_by_category=None, **text)
        assert gone(results) == []
        assert documents(results)[0].author is None

    def test_a_tombstone_in_the_listing_counts_too(self, tmp_path: Path) -> None:
        results = self.pump(tmp_path).night(
            lambda _: listed(self.edited(removed_by_category="deleted")), SECOND_NIGHT
        )
        assert [g.url for g in gone(results)] == [
            "https://reddit.example/r/OpenWeights/comments/1abcde1/corvid_ai_is_said"
        ]

    def test_absence_by_name_alone_is_no_evidence(self, tmp_path: Path) -> None:
        pump = self.pump(tmp_path)
        results = pump.night(
            lambda url: [listed(self.POST), listed()] if "/comments/" in url else listed(), SECOND_NIGHT
        )
        assert gone(results) == []
        assert len(documents(results)) == 1

    def test_its_own_page_can_say_that_it_is_gone(self, tmp_path: Path) -> None:
        results = self.pump(tmp_path).night(
            lambda url: 404 if "/comments/" in url else listed(), SECOND_NIGHT
        )
        assert [g.evidence.startswith("HTTP 404 at ") for g in gone(results)] == [True]


class TestHackerNews:
    def fresh(self, folder: Path) -> Pump:
        url = "https://hn.algolia.com/api/v1/search_by_date?query=x&tags=story"
        return Pump(folder, HackerNewsSpider, spider="hackernews", url=url)

    def pump(self, folder: Path) -> Pump:
        pump = self.fresh(folder)
        pump.night(lambda _: platform("hackernews_search.json"))
        return pump

    def item(self, url: str, **values: Any) -> dict[str, Any]:
        number = int(urlsplit(url).path.rpartition("/")[2])
        text = "The page says &quot;open weights&quot;.<p>It works now."
        return {
            "id": number, "author": "moss", "created_at_i": 1772377200, "title": "Ask HN", "text": text,
            "children": [],
        } | values

    def answer(self, items: Answer) -> Answer:
        return lambda url: items(url) if "/items/" in url else {"hits": [], "nbPages": 0}

    def test_items_are_looked_at_one_by_one(self, tmp_path: Path) -> None:
        results = self.pump(tmp_path).night(self.answer(self.item), SECOND_NIGHT)
        assert {d.url for d in documents(results)} == {
            f"https://news.ycombinator.com/item?id=4500000{n}" for n in (1, 2, 3)
        }
        assert documents(results)[0].text == 'The page says "open weights".\n\nIt works now.'

    def test_gone_items(self, tmp_path: Path) -> None:
        def items(url: str) -> Any:
            if url.endswith("1"):
                return 404
            return self.item(
                url,
                **({"author": None, "text": None, "title": None} if url.endswith("2") else {"deleted": True}),
            )

        results = self.pump(tmp_path).night(self.answer(items), SECOND_NIGHT)
        assert sorted(g.evidence for g in gone(results)) == [
            "HTTP 404 at https://hn.algolia.com/api/v1/items/45000001",
            "Hacker News says of item 45000002: no author and no text",
            "Hacker News says of item 45000003: deleted",
        ]

    def test_pages_follow_until_nothing_is_new(self, tmp_path: Path) -> None:
        def search(url: str) -> Any:
            page = int(parse_qs(urlsplit(url).query).get("page", ["0"])[0])
            hit = {
                "author": "a", "created_at_i": 1772377200 - page, "objectID": str(100 + page),
                "title": f"Story {page}",
            }
            return {"hits": [hit], "page": page, "nbPages": 5}

        pump = self.fresh(tmp_path)
        assert len(documents(pump.night(search))) == 5
        pump.night(search, SECOND_NIGHT)
        assert len([url for url in pump.asked if "/search" in url]) == 1
        results = self.fresh(tmp_path / "other").night(search, max_items=3)
        assert (len(documents(results)), [i.code for i in issues(results)]) == (3, ["max_items"])


class TestBluesky:
    def pump(self, folder: Path) -> Pump:
        pump = Pump(
            folder, BlueskySpider, spider="bluesky", url="https://bsky.example/profile/wren.bsky.example"
        )
        pump.night(lambda _: platform("bluesky_feed.json"))
        return pump

    def test_a_post_that_get_posts_leaves_out_is_gone(self, tmp_path: Path) -> None:
        views = {item["post"]["uri"]: item["post"] for item in platform("bluesky_feed.json")["feed"][:4]}
        missing = "at://did:plc:wren000000000000000000aa/app.bsky.feed.post/3kaaaaaaaaaa2"

        def answer(url: str) -> Any:
            if "getPosts" not in url:
                return {"feed": []}
            return {"posts": [view for uri, view in views.items() if uri in unquote(url) and uri != missing]}

        results = self.pump(tmp_path).night(answer, SECOND_NIGHT)
        assert [g.evidence for g in gone(results)] == [f"{missing} is absent from app.bsky.feed.getPosts"]
        assert len(documents(results)) == 3

    @pytest.mark.parametrize("answer", [500, {"posts": "none"}, {"error": "x"}])
    def test_an_answer_that_is_none_says_nothing(self, tmp_path: Path, answer: Any) -> None:
        results = self.pump(tmp_path).night(
            lambda url: answer if "getPosts" in url else {"feed": []}, SECOND_NIGHT
        )
        assert gone(results) == []
        assert [i.severity for i in issues(results)] == [Severity.WARNING]

    def test_a_post_that_cannot_be_read_is_there(self, tmp_path: Path) -> None:
        def answer(url: str) -> Any:
            uris = parse_qs(urlsplit(url).query).get("uris", [])
            return {"posts": [{"uri": uri} for uri in uris]} if "getPosts" in url else {"feed": []}

        assert gone(self.pump(tmp_path).night(answer, SECOND_NIGHT)) == []

    def test_a_new_handle_makes_no_new_document(self, tmp_path: Path) -> None:
        feed = platform("bluesky_feed.json")
        first_post = feed["feed"][0]["post"]
        first_post["author"] = first_post["author"] | {"handle": "renamed.bsky.example"}
        results = self.pump(tmp_path).night(
            lambda url: feed if "getAuthorFeed" in url else {"posts": []}, SECOND_NIGHT
        )
        assert (
            documents(results)[0].url == "https://bsky.example/profile/wren.bsky.example/post/3kaaaaaaaaaa2"
        )


class TestMastodon:
    def answer(self, status: Any, listing: Any) -> Answer:
        def answer(url: str) -> Any:
            if "lookup" in url:
                return {"id": "7", "acct": "castell"}
            return listing if "/accounts/" in url else status

        return answer

    def pump(self, folder: Path) -> Pump:
        pump = Pump(folder, MastodonSpider, spider="mastodon", url="https://tower.example/@castell")
        pump.night(self.answer(404, platform("mastodon_statuses.json")[:1]))
        return pump

    def test_an_edit(self, tmp_path: Path) -> None:
        status = platform("mastodon_statuses.json")[0] | {"content": "<p>I was wrong.</p>"}
        results = self.pump(tmp_path).night(self.answer(status, []), SECOND_NIGHT)
        assert [d.text for d in documents(results)] == ["I was wrong."]

    def test_gone(self, tmp_path: Path) -> None:
        results = self.pump(tmp_path).night(self.answer(404, []), SECOND_NIGHT)
        assert [g.evidence for g in gone(results)] == [
            "HTTP 404 at https://tower.example/api/v1/statuses/116100000000000001"
        ]

    def test_a_server_that_lost_the_account_says_nothing_of_its_posts(self, tmp_path: Path) -> None:
        results = self.pump(tmp_path).night(lambda _: 404, SECOND_NIGHT)
        assert (gone(results), [i.code for i in issues(results)]) == ([], ["http_404"])

    def test_a_hashtag(self, tmp_path: Path) -> None:
        pump = Pump(tmp_path, MastodonSpider, spider="mastodon", url="https://tower.example/tags/ModelNews")
        assert len(documents(pump.night(lambda _: platform("mastodon_statuses.json")))) == 4
        assert pump.asked == ["https://tower.example/api/v1/timelines/tag/ModelNews?limit=40"]


class TestHuggingFace:
    MODELS: list[dict[str, Any]] = platform("huggingface_models.json")[:1]

    def pump(self, folder: Path) -> Pump:
        pump = Pump(folder, HuggingFaceSpider, spider="huggingface", url="https://hub.example/corvid-ai")
        pump.night(self.answer("# Kestrel 2\n", self.MODELS))
        return pump

    def answer(self, card: Any, listing: Any, model: Any = 404) -> Answer:
        def answer(url: str) -> Any:
            if "/api/models?" in url:
                return listing
            return model if "/api/models/" in url else card

        return answer

    def test_a_changed_card_is_a_changed_document(self, tmp_path: Path) -> None:
        results = self.pump(tmp_path).night(self.answer("# Kestrel 2, 70B\n", self.MODELS), SECOND_NIGHT)
        assert documents(results)[0].text.startswith("Kestrel 2, 70B\n\n")

    def test_likes_change_no_text(self, tmp_path: Path) -> None:
        liked = self.MODELS[0] | {"likes": 9000, "lastModified": "2026-03-03T00:00:00.000Z"}
        pump = self.pump(tmp_path)
        (earlier,) = documents(pump.night(self.answer("# Kestrel 2\n", self.MODELS), SECOND_NIGHT))
        (later,) = documents(pump.night(self.answer("# Kestrel 2\n", [liked]), SECOND_NIGHT))
        assert (earlier.text, earlier.title) == (later.text, later.title)
        assert later.score == 9000

    def test_a_card_that_does_not_come_makes_no_edit(self, tmp_path: Path) -> None:
        results = self.pump(tmp_path).night(self.answer(503, self.MODELS), SECOND_NIGHT)
        assert (documents(results), [i.code for i in issues(results)]) == ([], ["http_503"])

    def test_a_model_made_private_is_gone(self, tmp_path: Path) -> None:
        private = Response("https://hub.example/", status=401, headers={"X-Error-Code": "RepoNotFound"})
        results = self.pump(tmp_path).night(self.answer("", [], private), SECOND_NIGHT)
        assert [g.evidence.startswith("HTTP 401 RepoNotFound") for g in gone(results)] == [True]
        assert gone(self.pump(tmp_path / "b").night(self.answer("", [], 401), SECOND_NIGHT)) == []


@pytest.mark.parametrize(
    ("made_by", "spider", "url"),
    [
        (RedditSpider, "reddit", "https://reddit.example/r/A"),
        (HackerNewsSpider, "hackernews", "https://hn.example/api/v1/search_by_date?query=x"),
        (BlueskySpider, "bluesky", "https://bsky.example/profile/a"),
        (MastodonSpider, "mastodon", "https://tower.example/tags/a"),
        (HuggingFaceSpider, "huggingface", "https://hub.example/a"),
        (GitHubSpider, "github", "https://github.com/a/b"),
        (GitHubSpider, "github", "https://github.com/a"),
        (ArxivSpider, "arxiv", "https://export.arxiv.org/api/query?search_query=all:x"),
    ],
)
@pytest.mark.parametrize(
    "answer",
    [
        "<html>Just a moment...</html>",
        {"error": {"message": "blocked"}},
        "#" + "[" * 100_000,
        [None, 7, "x", {}],
        {},
    ],
    ids=["html", "error", "deep", "nonsense", "empty"],
)
def test_no_answer_breaks_a_spider(
    tmp_path: Path, made_by: type[SourceSpider], spider: str, url: str, answer: Any
) -> None:
    reply = answer.removeprefix("#") if isinstance(answer, str) and answer.startswith("#") else answer
    results = Pump(tmp_path, made_by, spider=spider, url=url).night(
        lambda asked: Response(asked, body=reply.encode()) if isinstance(reply, str) else reply
    )
    assert documents(results) == gone(results) == []
    assert {issue.code for issue in issues(results)} <= {"bad_answer", "bad_item"} and issues(results)
