"""Sitemaps: what they state about a page, indexes, gzip files, and broken or hostile files."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Response

from crawlers.engine.check import check
from crawlers.spiders.feed_formats import SITEMAPS, is_sitemap, parse_sitemap, unpacked
from crawlers.spiders.feeds import FeedsSpider
from pipeline.core.config import Config, CrawlConfig
from pipeline.core.vocabulary import DateOrigin, Outcome, Precision, Severity
from tests.crawlers.conftest import FIRST_NIGHT, SECOND_NIGHT, Nights, Reply, Web, article, platform
from tests.crawlers.pump import Pump, documents, gone, issues

URL = "http://tidewire.example/sitemap.xml"
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
WORDS = (
    "The page says something about a model, in a sentence that is long enough to be read as a text.\n\n"
    "Another paragraph follows, since a main text is seldom shorter than that on any page."
)


def urlset(*urls: str) -> str:
    rows = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return f"<?xml version='1.0'?><urlset {NAMESPACE}>{rows}</urlset>"


def index(*addresses: str) -> str:
    rows = "".join(
        f"<sitemap><loc>{address}</loc><lastmod>2026-02-{number:02}</lastmod></sitemap>"
        for number, address in enumerate(addresses, 1)
    )
    return f"<sitemapindex {NAMESPACE}>{rows}</sitemapindex>"


def answers(pages: dict[str, Any]) -> Any:
    """Answer with `pages` by path, with articles below /a, with 404 elsewhere."""

    def answer(url: str) -> Any:
        path = url.removeprefix("http://tidewire.example")
        page = pages.get(path)
        if isinstance(page, (str, bytes)):
            body = page.encode() if isinstance(page, str) else page
            return Response(url, body=body, headers={"Content-Type": "application/xml", "ETag": '"1"'})
        return page or (article("A headline", WORDS).body if ".xml" not in path else 404)

    return answer


@pytest.fixture
def pump(tmp_path: Path) -> Pump:
    return Pump(tmp_path, FeedsSpider, spider="feeds", url=URL)


class TestNews:
    def test_what_it_states_of_a_page(self, pump: Pump) -> None:
        results = pump.night(answers({"/sitemap.xml": platform("sitemap_news.xml")}))
        rows = [
            (
                document.url,
                document.author,
                document.published_at,
                document.published_precision,
                document.published_from,
            )
            for document in documents(results)
        ]
        assert rows == [
            ("http://tidewire.example/2026/03/basalt-4-slips", "Tidewire & Sons",
             datetime(2026, 3, 1, 9, 30, tzinfo=UTC), Precision.SECOND, DateOrigin.FEED),
            ("http://tidewire.example/2026/03/only-a-day", "Tidewire & Sons",
             datetime(2026, 2, 28, tzinfo=UTC), Precision.DAY, DateOrigin.FEED),
            ("http://tidewire.example/archive/undated", None, None, Precision.UNKNOWN, DateOrigin.UNKNOWN),
        ]  # fmt: skip
        assert {document.source for document in documents(results)} == {"one"}
        (fault,) = issues(results)
        assert (fault.code, fault.severity) == ("bad_item", Severity.ERROR)
        assert "'Without an address' has no link" in fault.message

    def test_its_title_is_plain_text(self) -> None:
        (first_entry, *_) = parse_sitemap(platform("sitemap_news.xml").encode()).entries
        assert first_entry["title"] == "Basalt 4 slips to &lt;May&gt;"

    def test_a_picture_and_a_change_are_no_news(self) -> None:
        sitemap = parse_sitemap(platform("sitemap_news.xml").encode())
        assert [sorted(entry) for entry in sitemap.entries[2:]] == [["published", "title"], ["link"]]

    def test_an_unknown_namespace_says_nothing(self) -> None:
        body = platform("sitemap_news.xml").replace("schemas/sitemap-news", "schemas/other").encode()
        assert all(sorted(entry) in ([], ["link"]) for entry in parse_sitemap(body).entries)

    def test_it_is_not_sent_again_while_it_does_not_change(self, pump: Pump) -> None:
        pump.night(answers({"/sitemap.xml": urlset("http://tidewire.example/a")}))
        pump.night(answers({"/sitemap.xml": 304}), SECOND_NIGHT)
        assert pump.spider.unchanged and pump.asked == [URL, "http://tidewire.example/a"]


class TestPlain:
    def test_what_changed_last_comes_first_and_is_no_time_of_publication(self, pump: Pump) -> None:
        rows = [("/a1", "2026-02-01"), ("/a2", "2026-02-20"), ("/a3", None), ("/a4", "2026-02-10")]
        entries = "".join(
            f"<url><loc>http://tidewire.example{path}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
            for path, day in rows
        )
        results = pump.night(
            answers({"/sitemap.xml": f"<urlset {NAMESPACE}>{entries}</urlset>"}), max_items=3
        )
        assert [document.url[-3:] for document in documents(results)] == ["/a2", "/a4", "/a1"]
        assert {document.published_at for document in documents(results)} == {None}
        assert [issue.code for issue in issues(results)] == ["max_items"]


class TestIndex:
    def test_its_sitemaps_are_read_one_level_deep(self, pump: Pump) -> None:
        pages = {
            "/sitemap.xml": index("/sitemap-old.xml", "http://tidewire.example/sitemap-new.xml"),
            "/sitemap-old.xml": urlset("http://tidewire.example/a1"),
            "/sitemap-new.xml": urlset("http://tidewire.example/a2", "http://tidewire.example/a1"),
        }
        results = pump.night(answers(pages))
        assert [url.rpartition("/")[2] for url in pump.asked] == [
            "sitemap.xml", "sitemap-new.xml", "sitemap-old.xml", "a2", "a1",
        ]  # fmt: skip
        assert len(documents(results)) == 2 and not issues(results)
        later_results = pump.night(answers(pages | {"/a1": 404}), SECOND_NIGHT)
        assert pump.asked[0] == URL and len(pump.asked) == 5, (
            "an index that is not sent again would hide what is new"
        )
        assert len(gone(later_results)) == 1

    def test_a_broken_one_loses_no_other_and_nothing_is_looked_at_again(self, pump: Pump) -> None:
        pages = {
            "/sitemap.xml": index(*(f"/sitemap-{name}.xml" for name in ("good", "nested", "text", "gone"))),
            "/sitemap-good.xml": urlset("http://tidewire.example/a1"),
            "/sitemap-nested.xml": index("/sitemap-deeper.xml"),
            "/sitemap-text.xml": "no XML",
        }
        pump.night(answers(pages | {"/sitemap.xml": urlset("http://tidewire.example/a9")}))
        results = pump.night(answers(pages), SECOND_NIGHT)
        assert [issue.code for issue in issues(results)] == ["http_404", "bad_feed", "bad_feed"]
        assert [document.url[-3:] for document in documents(results)] == ["/a1"]
        assert pump.spider.listing_lost
        assert not any("deeper" in url or url.endswith("/a9") for url in pump.asked)

    def test_so_many_and_no_more(self, pump: Pump) -> None:
        names = [f"/sitemap-{number}.xml" for number in range(SITEMAPS + 5)]
        pages = {name: urlset(f"http://tidewire.example/a{name[9:-4]}") for name in names}
        results = pump.night(answers(pages | {"/sitemap.xml": index(*names)}))
        assert len(documents(results)) == SITEMAPS
        (issue,) = issues(results)
        assert (issue.code, issue.severity) == ("max_items", Severity.INFO)

    def test_items_are_bounded_over_all_of_them(self, pump: Pump) -> None:
        pages = {
            f"/sitemap-{part}.xml": urlset(
                *(f"http://tidewire.example/a{part}{number}" for number in range(4))
            )
            for part in range(3)
        }
        results = pump.night(answers(pages | {"/sitemap.xml": index(*pages)}), max_items=6)
        assert len(documents(results)) == 6
        assert not any("sitemap-0" in url for url in pump.asked)
        assert [issue.code for issue in issues(results)] == ["max_items"]

    def test_sitemaps_that_are_left_unread_are_told(self, pump: Pump) -> None:
        pages = {f"/sitemap-{part}.xml": urlset(f"http://tidewire.example/a{part}") for part in range(3)}
        results = pump.night(answers(pages | {"/sitemap.xml": index(*pages)}), max_items=2)
        assert len(documents(results)) == 2 and pump.spider.cut
        assert [issue.code for issue in issues(results)] == ["max_items"]


def test_check_asks_an_index_for_its_newest_sitemap_and_one_article(nights: Nights, web: Web) -> None:
    news = platform("sitemap_news.xml").replace("http://tidewire.example", web.url)
    web.pages = {
        "/sitemap.xml": Reply(index("/sitemap-old.xml", "/sitemap-new.xml"), kind="application/xml"),
        "/sitemap-new.xml": Reply(news, kind="application/xml"),
    }
    nights.sources({"id": "s", "spider": "feeds", "url": f"{web.url}/sitemap.xml"})
    settings = CrawlConfig(delay=0.0, retries=0, timeout=60.0, allow_private_addresses=True)
    (checked,) = check(nights.home, Config(crawl=settings), now=FIRST_NIGHT)
    assert (checked.outcome, checked.status, checked.items) == (Outcome.FAILED, 200, 3), "one has no address"
    assert checked.newest == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert [path for path, _ in web.requests] == [
        "/robots.txt", "/sitemap.xml", "/sitemap-new.xml", "/2026/03/basalt-4-slips?utm_source=sitemap",
    ]  # fmt: skip


class TestHostile:
    def test_a_gzip_file(self, pump: Pump) -> None:
        body = gzip.compress(urlset("http://tidewire.example/a1").encode())
        assert len(documents(pump.night(answers({"/sitemap.xml": body})))) == 1

    def test_a_gzip_bomb_is_not_unpacked(self, pump: Pump) -> None:
        bomb = gzip.compress(b" " * 3_000_000)
        with pytest.raises(ValueError):
            unpacked(bomb, 1_000_000)
        results = pump.night(answers({"/sitemap.xml": bomb}), max_bytes=1_000_000)
        assert [issue.code for issue in issues(results)] == ["bad_feed"]

    @pytest.mark.parametrize(
        "body",
        [
            b"\x1f\x8b", b"\x1f\x8bnot gzip at all", gzip.compress(b"text", mtime=0)[:12],
            gzip.compress(b"text", mtime=0)[:10] + b"\xff" * 20,
        ],
    )
    def test_a_broken_gzip_file_is_no_feed(self, pump: Pump, body: bytes) -> None:
        assert [issue.code for issue in issues(pump.night(answers({"/sitemap.xml": body})))] == ["bad_feed"]

    def test_declared_entities_are_refused(self, pump: Pump) -> None:
        body = '<!DOCTYPE urlset [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + urlset("&a;").split("?>")[1]
        (issue,) = issues(pump.night(answers({"/sitemap.xml": body})))
        assert (issue.code, pump.asked) == ("bad_feed", [URL])

    def test_one_that_breaks_off_keeps_what_came_before(self, pump: Pump) -> None:
        body = urlset("http://tidewire.example/a1", "http://tidewire.example/a2")[:-60]
        results = pump.night(answers({"/sitemap.xml": body}))
        assert documents(results)[0].url == "http://tidewire.example/a1"
        assert "malformed_feed" in [issue.code for issue in issues(results)]

    def test_addresses_that_are_none(self, pump: Pump) -> None:
        body = urlset(
            "javascript:alert(1)", "", "http://[", "http://tidewire.example/a1", "ftp://tidewire.example/a"
        )
        results = pump.night(answers({"/sitemap.xml": body}))
        assert [document.url for document in documents(results)] == ["http://tidewire.example/a1"]
        assert {issue.code for issue in issues(results)} == {"bad_item"}

    @pytest.mark.slow
    def test_many_pages_take_little_memory(self) -> None:
        body = urlset(*(f"http://tidewire.example/{number}" for number in range(50_000))).encode()
        assert len(parse_sitemap(body).entries) == 50_000

    @pytest.mark.parametrize(
        ("body", "is_one"),
        [
            (b"<urlset/>", True), (b"<a:sitemapindex xmlns:a='x'/>", True), (b"<rss><urlset/></rss>", False),
            (b"", False), (b"{}", False), (b"\x00\x01", False), ("<urlset/>".encode("utf-16"), True),
        ],
    )  # fmt: skip
    def test_the_first_element_says_what_it_is(self, body: bytes, is_one: bool) -> None:
        assert is_sitemap(body) is is_one
