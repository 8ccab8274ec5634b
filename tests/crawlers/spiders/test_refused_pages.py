"""If an article's page refuses, the feed's words are stored and marked as such until the page is read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from scrapy.http import Response

from crawlers.http.failures import FetchFailure
from crawlers.spiders.feed_words import MOST, feed_words, refuses
from tests.crawlers.conftest import SECOND_NIGHT, Nights, Reply, Web, feed, story

SAID = "&lt;p&gt;Castell says that &lt;a href=&quot;/paper&quot;&gt;Glimmer 9&lt;/a&gt; is out.&lt;/p&gt;"
DAY = "<pubDate>Sun, 01 Mar 2026 09:00:00 GMT</pubDate>"


def serve(web: Web, *paths: str, said: str = SAID) -> None:
    items = "".join(
        f"<item><title>Glimmer 9 {path}</title><link>{web.url}{path}</link>{DAY}"
        f"<description>{said}</description><author>Ottilie Marsh</author></item>"
        for path in paths
    )
    body = f'<rss version="2.0"><channel><title>F</title><link>{web.url}/</link>{items}</channel></rss>'
    web.pages["/f.xml"] = Reply(body, kind="application/rss+xml")


REFUSALS = {
    "http_403": Reply("no", status=403),
    "http_429": Reply("no", status=429, headers={"Retry-After": "3600"}),
    "http_402": Reply("no", status=402),
    "http_451": Reply("no", status=451),
    "http_404": Reply("no", status=404),
    "no_text": Reply("<html><body><p>Enable JavaScript</p></body></html>"),
    "not_html": Reply(b"%PDF-1.7\x00\x01\xff", kind="application/pdf"),
}


@pytest.mark.parametrize("code", list(REFUSALS))
def test_a_page_that_refuses_keeps_what_the_feed_says(nights: Nights, web: Web, code: str) -> None:
    serve(web, "/a")
    web.pages["/a"] = REFUSALS[code]
    nights.sources(feed(web, "f"))
    night = nights.crawl()
    assert night.codes() == [code]
    (document,) = night.of("document")
    assert document["extent"] == "feed"
    assert (document["url"], document["source"]) == (f"{web.url}/a", "f")
    assert (document["title"], document["text"]) == ("Glimmer 9 /a", "Castell says that Glimmer 9 is out.")
    assert (document["published_at"], document["published_from"]) == ("2026-03-01T09:00:00Z", "feed")
    assert [link["url"] for link in document["links"]] == [f"{web.url}/paper"]
    assert document["sha256"] and document["warc"]
    assert night.crawls["f"].outcome == "partial"


def test_robots_txt_keeps_the_feeds_words_too(nights: Nights, web: Web) -> None:
    serve(web, "/private/a")
    web.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /private/\n", kind="text/plain")
    nights.sources(feed(web, "f"))
    night = nights.crawl()
    assert night.codes() == ["robots"]
    assert [line["extent"] for line in night.of("document")] == ["feed"]
    assert web.asked("/private/a") == 0


def test_a_site_that_refuses_everything_gives_everything_that_its_feed_says(nights: Nights, web: Web) -> None:
    paths = [f"/{number}" for number in range(30)]
    serve(web, *paths)
    web.pages |= {path: Reply("no", status=403) for path in paths}
    nights.sources(feed(web, "f"))
    night = nights.crawl(per_host=2)
    lines = night.of("document")
    assert sorted(line["url"] for line in lines) == sorted(web.url + path for path in paths)
    assert {line["extent"] for line in lines} == {"feed"}
    assert len({line["warc"] for line in lines}) == 1
    assert "site_refuses" in night.codes()


def test_a_page_that_failed_for_a_passing_reason_is_only_asked_for_again(nights: Nights, web: Web) -> None:
    serve(web, "/a")
    web.pages["/a"] = Reply("no", status=503)
    nights.sources(feed(web, "f"))
    assert nights.crawl().of("document") == []


def test_a_page_that_is_read_later_has_the_same_address_and_is_whole(nights: Nights, web: Web) -> None:
    serve(web, "/a")
    web.pages["/a"] = Reply("no", status=403)
    nights.sources(feed(web, "f"))
    first_night = nights.crawl()
    assert nights.crawl(SECOND_NIGHT).codes() == ["http_403"]
    page = story("Castell says more of it.")
    canonical = f"<head><link rel=canonical href='{web.url}/b'>"
    web.pages["/a"] = Reply(str(page.body).replace("<head>", canonical))
    third_night = nights.crawl(SECOND_NIGHT + timedelta(days=1))
    (whole_line,) = third_night.of("document")
    assert whole_line["extent"] == "whole"
    assert whole_line["url"] == first_night.of("document")[0]["url"] == f"{web.url}/a"
    assert [(line["url"], line["leads_to"]) for line in third_night.of("alias")] == [
        (f"{web.url}/b", f"{web.url}/a")
    ]
    assert "Castell says more of it." in whole_line["text"]
    fourth_night = nights.crawl(SECOND_NIGHT + timedelta(days=2))
    assert fourth_night.codes() == []
    assert [line["url"] for line in fourth_night.of("document")] == [f"{web.url}/a"]
    page_reply = web.pages.pop("/a")
    assert len(nights.crawl(SECOND_NIGHT + timedelta(days=3)).of("gone")) == 1
    web.pages["/a"] = page_reply
    for days in (4, 5):
        return_night = nights.crawl(SECOND_NIGHT + timedelta(days=days))
        assert return_night.codes() == []
        assert [line["url"] for line in return_night.of("document")] == [f"{web.url}/a"], (
            "also where it returns"
        )


def test_a_page_that_was_read_and_then_refuses_stays_what_it_was(nights: Nights, web: Web) -> None:
    serve(web, "/a")
    web.pages["/a"] = story("Castell says more of it.")
    nights.sources(feed(web, "f"))
    assert nights.crawl().of("document")[0]["extent"] == "whole"
    web.pages["/a"] = Reply("no", status=403)
    second_night = nights.crawl(SECOND_NIGHT)
    assert second_night.of("document") == []
    assert second_night.codes() == ["http_403"]


def test_a_page_that_is_not_free_is_a_teaser(nights: Nights, web: Web) -> None:
    serve(web, "/a")
    page = str(story("Castell says more of it.").body)
    ld = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
    web.pages["/a"] = Reply(page.replace("</head>", f"{ld}</head>"))
    nights.sources(feed(web, "f"))
    night = nights.crawl()
    assert [line["extent"] for line in night.of("document")] == ["teaser"]
    assert night.codes() == ["paywall"]


def test_an_entry_that_says_nothing_is_no_document(nights: Nights, web: Web) -> None:
    body = (
        f'<rss version="2.0"><channel><title>F</title><item><link>{web.url}/a</link>{DAY}</item>'
        "</channel></rss>"
    )
    web.pages |= {"/f.xml": Reply(body, kind="application/rss+xml"), "/a": Reply("no", status=403)}
    nights.sources(feed(web, "f"))
    assert nights.crawl().of("document") == []


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ({"content": [{"value": "<p>All of it</p>"}], "summary": "Some"}, "All of it"),
        ({"content": [{"value": ""}, {}], "summary": "Some"}, "Some"),
        ({"content": "x", "summary": "<ol><li>Some</li></ol>"}, "1. Some"),
        ({"summary": "x" * (MOST + 1)}, ""),
        ({"summary": 7, "content": [7, None]}, ""),
        ({}, ""),
    ],
)
def test_the_words_of_an_entry(raw: dict[str, object], text: str) -> None:
    assert feed_words(raw, "https://a.example/x", Response("https://a.example/f.xml")).text == text


def test_an_entry_that_takes_too_long_is_left_to_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(html: str, base: str) -> None:
        while True:
            pass

    monkeypatch.setattr("crawlers.spiders.feed_words.FEED_SECONDS", 0.05)
    monkeypatch.setattr("crawlers.spiders.feed_words.html_text", endless)
    response = Response("https://a.example/f.xml")
    assert feed_words({"summary": "Some"}, "https://a.example/x", response).text == ""


def test_what_no_page_is_to_be_had_of() -> None:
    refusals = ["http_403", "http_404", "robots", "too_large", "redirects"]
    other_codes = ["refused", "timeout", "http_503", "dns"]
    assert [code for code in refusals + other_codes if refuses(FetchFailure(code, ""))] == refusals
