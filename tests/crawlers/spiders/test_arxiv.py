"""arXiv: following pages, versions, which papers are gone and which not, and invalid answers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy.http import Response

from crawlers.engine.scrapy_settings import scrapy_settings
from crawlers.normalise.validate import MAX_NAME
from crawlers.spiders.arxiv import ArxivSpider
from crawlers.spiders.base import FoundDocument
from pipeline.core.config import CrawlConfig
from pipeline.core.vocabulary import Precision, Severity
from tests.crawlers.conftest import SECOND_NIGHT, Nights, Reply, Web, platform
from tests.crawlers.pump import Pump, documents, gone, issues

QUERY = "https://export.arxiv.org/api/query?search_query=cat:cs.CL"


def entry(
    ref: str, *, day: str = "2026-02-27", more: str = "", authors: tuple[str, ...] = ("Ola Wick",)
) -> str:
    names = "".join(f"<author><name>{name}</name></author>" for name in authors)
    return (
        f"<entry><id>http://arxiv.org/abs/{ref}</id><title>Of "
        f"{ref}</title><summary>Words.</summary>{more}{names}"
        f"<published>{day}T09:00:00Z</published><updated>2026-03-01T09:00:00Z</updated></entry>"
    )


def atom(*entries: str, total: Any = None, head: str = "") -> Response:
    count = len(entries) if total is None else total
    text = (
        f"<?xml version='1.0' encoding='UTF-8'?>{head}<feed xmlns='http://www.w3.org/2005/Atom'"
        " xmlns:arxiv='http://arxiv.org/schemas/atom' "
        "xmlns:opensearch='http://a9.com/-/spec/opensearch/1.1/'>"
        f"<opensearch:totalResults>{count}</opensearch:totalResults>{''.join(entries)}</feed>"
    )
    return Response(
        "https://export.arxiv.org/", body=text.encode(), headers={"Content-Type": "application/atom+xml"}
    )


def pump(folder: Path) -> Pump:
    return Pump(folder, ArxivSpider, spider="arxiv", url=QUERY)


def asked_for(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


class TestListing:
    def test_pages_follow_until_papers_are_too_old(self, tmp_path: Path) -> None:
        def answer(url: str) -> Any:
            start = int(asked_for(url)["start"][0])
            ages = {0: "2026-02-27", 2: "2026-02-20", 4: "2026-01-02"}
            return atom(
                entry(f"2602.{start:05}v1", day=ages[start]),
                entry(f"2602.{start + 1:05}v1", day=ages[start]),
                total=99,
            )

        spider = pump(tmp_path)
        papers = documents(spider.night(answer))
        # Papers on the last page are stored too: they are new here, however long ago they were submitted.
        assert [paper.url[-5:] for paper in papers] == [f"{number:05}" for number in range(6)]
        assert [asked_for(url)["start"] for url in spider.asked] == [["0"], ["2"], ["4"]]

    def test_the_query_is_kept_and_its_order_is_ours(self, tmp_path: Path) -> None:
        spider = Pump(
            tmp_path, ArxivSpider, spider="arxiv",
            url="https://export.arxiv.org/api/query?search_query=cat:cs.CL+AND+ti:%22language+model%22"
            "&sortBy=relevance&start=7",
        )  # fmt: skip
        spider.night(lambda _: atom())
        query = asked_for(spider.asked[0])
        assert query["search_query"] == ['cat:cs.CL AND ti:"language model"']
        assert (query["sortBy"], query["sortOrder"], query["start"]) == (
            ["submittedDate"],
            ["descending"],
            ["0"],
        )

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (atom("<entry><id>https://arxiv.org/api/errors#bad</id><title>Error</title><summary>incorrect "
                "id format for x</summary></entry>"), "incorrect id format"),
            (Response("https://x.example/", body=b"Rate exceeded."), "Rate exceeded"),
            (Response("https://x.example/", body=b""), "not an answer from arXiv's API"),
            (atom(total=40), "sent none"),
            (atom(total="many"), "not an answer"),
            (atom(total="9" * 5000), "sent none"),
            (atom(entry("2602.00001v1"), head='<!DOCTYPE f [<!ENTITY a "b">]>'), "declares entities"),
            (Response("https://x.example/", body=platform("feed.xml").encode()),
                "not an answer from arXiv's API"),
        ],
        ids=["error", "throttled", "nothing", "empty", "no-number", "huge-number", "entities",
            "another-feed"],
    )  # fmt: skip
    def test_an_answer_that_is_none_is_told(self, tmp_path: Path, answer: Response, words: str) -> None:
        spider = pump(tmp_path)
        results = spider.night(lambda _: answer)
        (issue,) = issues(results)
        assert (issue.code, issue.severity) == ("bad_answer", Severity.ERROR) and words in issue.message
        assert documents(results) == [] and spider.spider.listing_lost

    def test_a_broken_entry_takes_no_other(self, tmp_path: Path) -> None:
        broken_entries = [
            entry("2602.00008v1").replace("<title>", "<other>").replace("</title>", "</other>"),
            entry("2602.00007v1").replace("arxiv.org", "arxiv.org.example"),
            entry("2602.00001vv"),
        ]
        results = pump(tmp_path).night(lambda _: atom(*broken_entries, entry("2602.00001v1")))
        assert [paper.url for paper in documents(results)] == ["https://arxiv.org/abs/2602.00001"]
        assert [issue.code for issue in issues(results)] == ["bad_item"] * 3

    def test_an_answer_that_is_cut_gives_what_it_holds(self, tmp_path: Path) -> None:
        whole_feed = atom(entry("2602.00001v1"), entry("2602.00002v1"))
        cut_feed = whole_feed.replace(body=whole_feed.body[: whole_feed.body.index(b"Of 2602.00002")])
        results = pump(tmp_path).night(lambda _: cut_feed)
        assert "https://arxiv.org/abs/2602.00001" in [paper.url for paper in documents(results)]
        assert "malformed_feed" in [issue.code for issue in issues(results)]

    def test_many_authors_and_odd_dois(self, tmp_path: Path) -> None:
        names = tuple(f"Author Number{n}" for n in range(3000))
        doi = "<arxiv:doi>none yet, or 10.1234/a 10.1234/b</arxiv:doi>"
        (paper,) = documents(
            pump(tmp_path).night(lambda _: atom(entry("2602.00001v1", authors=names, more=doi)))
        )
        assert len(paper.author) <= MAX_NAME
        assert paper.author.startswith("Author Number0, Author Number1, ")
        named_authors, _, count_left = paper.author.rpartition(" and ")
        assert len(named_authors.split(", ")) + int(count_left.removesuffix(" more")) == 3000
        assert [link.url for link in paper.links] == [
            "https://doi.org/10.1234/a",
            "https://doi.org/10.1234/b",
        ]

    def test_markup_stays_text(self, tmp_path: Path) -> None:
        comment = "<arxiv:comment>&lt;script&gt;x&lt;/script&gt;</arxiv:comment>"
        (paper,) = documents(pump(tmp_path).night(lambda _: atom(entry("cs/0701001v1", more=comment))))
        assert "Comment: <script>x</script>" in paper.text
        assert paper.url == "https://arxiv.org/abs/cs/0701001"


class TestLookingAgain:
    def seen(self, folder: Path, *refs: str) -> Pump:
        spider = pump(folder)
        spider.night(lambda _: atom(*(entry(f"{ref}v1") for ref in refs)))
        return spider

    def test_a_later_version_is_the_same_document_with_another_text(self, tmp_path: Path) -> None:
        spider = self.seen(tmp_path, "2602.00001")
        (second_paper,) = documents(spider.night(lambda _: atom(entry("2602.00001v2")), SECOND_NIGHT))
        assert second_paper.url == "https://arxiv.org/abs/2602.00001"
        assert second_paper.text.endswith("Version: 2 of 2026-03-01")
        assert second_paper.not_before.isoformat() == "2026-02-27T09:00:00+00:00"

    def test_papers_that_left_the_listing_are_asked_for_by_id_at_once(self, tmp_path: Path) -> None:
        spider = self.seen(tmp_path, "2602.00001", "2602.00002")

        def answer(url: str) -> Any:
            if "id_list" in url:
                return atom(entry("2602.00001v1"), entry("2602.00002v2"))
            return atom(entry("2602.00003v1"))

        results = spider.night(answer, SECOND_NIGHT)
        assert [paper.text.rpartition("Version: ")[2] for paper in documents(results)] == [
            "1",
            "1",
            "2 of 2026-03-01",
        ]
        assert asked_for(spider.asked[1])["id_list"] == ["2602.00001,2602.00002"] and len(spider.asked) == 2
        assert "search_query" not in spider.asked[1]

    @pytest.mark.parametrize("status", [404, 410])
    def test_gone_only_by_its_own_page(self, tmp_path: Path, status: int) -> None:
        spider = self.seen(tmp_path, "2602.00001", "2602.00002")
        pages = {"2602.00001": status, "2602.00002": "<html>The abstract</html>"}
        results = spider.night(lambda url: pages.get(url.rpartition("/")[2], atom()), SECOND_NIGHT)
        assert [(lost_paper.url, lost_paper.evidence) for lost_paper in gone(results)] == [
            ("https://arxiv.org/abs/2602.00001", f"HTTP {status} at https://export.arxiv.org/abs/2602.00001")
        ]
        assert documents(results) == []

    @pytest.mark.parametrize("answer", [403, 429, 500, "<html>Just a moment</html>"])
    def test_not_gone_by_anything_else(self, tmp_path: Path, answer: Any) -> None:
        spider = self.seen(tmp_path, "2602.00001")
        results = spider.night(lambda url: answer if "search_query" not in url else atom(), SECOND_NIGHT)
        assert gone(results) == documents(results) == []
        assert {issue.severity for issue in issues(results)} == {Severity.WARNING}

    def test_a_withdrawn_paper_is_not_gone(self, tmp_path: Path) -> None:
        spider = self.seen(tmp_path, "2602.00001")
        words = "<arxiv:comment>This paper has been withdrawn</arxiv:comment>"
        results = spider.night(lambda _: atom(entry("2602.00001v2", more=words)), SECOND_NIGHT)
        assert gone(results) == []
        assert "Comment: This paper has been withdrawn" in documents(results)[0].text


def test_arxiv_is_asked_once_in_three_seconds_whatever_the_delay() -> None:
    for delay, pause in ((0.0, 3.1), (1.0, 3.1), (10.0, 10.0)):
        slot = scrapy_settings(CrawlConfig(delay=delay))["DOWNLOAD_SLOTS"]["export.arxiv.org"]
        assert slot == {"concurrency": 1, "delay": pause, "jitter": 0.0}
    assert ArxivSpider.custom_settings == {"AUTOTHROTTLE_ENABLED": False}


class TestTimes:
    def test_the_number_has_the_month_and_the_submission_is_a_bound(self, tmp_path: Path) -> None:
        """Submitted on the last Friday of February; a moderator held it, and it was announced in March."""
        (paper,) = documents(pump(tmp_path).night(lambda _: atom(entry("2603.00001v1"))))
        assert (paper.published_at, paper.published_precision) == (
            datetime(2026, 3, 1, tzinfo=UTC), Precision.MONTH
        )  # fmt: skip
        assert paper.not_before == datetime(2026, 2, 27, 9, tzinfo=UTC)

    def test_the_end_of_the_numbers_month_is_no_bound(self, tmp_path: Path) -> None:
        """Numbered on the last day of February, and announced with the next mailing, in March."""
        listing = atom(entry("2602.00001v1", day="2026-02-28"), entry("2603.00002v1", day="2026-03-02"))
        papers = documents(pump(tmp_path).night(lambda _: listing, SECOND_NIGHT))
        assert [paper.published_precision for paper in papers] == [Precision.MONTH, Precision.MONTH]

    def test_a_submission_that_cannot_be_read_costs_no_paper(self, tmp_path: Path) -> None:
        broken_entry = entry("2602.00009v1").replace("2026-02-27T09", "yesterday")
        results = pump(tmp_path).night(lambda _: atom(broken_entry, entry("2602.00001v1")))
        (first, _) = [result for result in results if isinstance(result, FoundDocument)]
        assert first.document.url == "https://arxiv.org/abs/2602.00009" and first.document.not_before is None
        assert first.undated[0].startswith("not_before: 'yesterday")

    def test_a_paper_that_was_held_for_long_is_kept(self, tmp_path: Path) -> None:
        spider = pump(tmp_path)
        spider.night(lambda _: atom(entry("2602.00001v1")))
        results = spider.night(
            lambda _: atom(entry("2602.00001v1"), entry("2602.00002v1", day="2025-11-30")), SECOND_NIGHT
        )
        assert [paper.url[-5:] for paper in documents(results)] == ["00001", "00002"]

    def test_what_is_not_looked_at_again_does_not_come_back(self, tmp_path: Path) -> None:
        spider = pump(tmp_path)
        spider.night(lambda _: atom(entry("2602.00001v1")))
        results = spider.night(lambda _: atom(entry("2602.00001v1")), datetime(2026, 5, 2, tzinfo=UTC))
        assert documents(results) == []


def test_a_night(nights: Nights, web: Web) -> None:
    web.pages["/api/query"] = Reply(platform("arxiv_query.xml"), kind="application/atom+xml")
    nights.sources(
        {
            "id": "papers", "spider": "arxiv", "url": f"{web.url}/api/query?search_query=cat:cs.CL",
            "role": "expert",
        }
    )
    night = nights.crawl()
    assert len(night.of("document")) == 4
    assert all(
        line["artefact"] and line["warc"] and line["platform"] == "arxiv" for line in night.of("document")
    )
    assert night.codes() == ["bad_item"]
