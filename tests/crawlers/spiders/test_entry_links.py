"""Feeds that gather what others say: the article is the page that an entry speaks of, not a place in the
feed's own page; and a sitemap of a whole site, of which only some folders are read.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Response

from crawlers.spiders.feed_formats import outer_link
from crawlers.spiders.feeds import FeedsSpider
from pipeline.core.vocabulary import DateOrigin
from tests.crawlers.conftest import article
from tests.crawlers.pump import Pump, documents, issues

FEED = "http://gather.example/feed.xml"
STORY = "https://tidewire.example/2026/03/basalt-4"
OWN = "http://gather.example/260301/p4#a260301p4"
PICTURE = f'<A HREF="{STORY}"><IMG SRC="http://gather.example/260301/i4.jpg"></A>'
MARK = f'<P><A HREF="{OWN}" TITLE="Gather permalink"><IMG SRC="http://gather.example/pml.png"></A>'
BY = ' Wren Castell / <A HREF="https://tidewire.example/">Tidewire</A>:<BR>'
HEAD = f'<SPAN STYLE="font-size:1.3em;"><B><A HREF="{STORY}">Basalt 4 slips</A></B></SPAN> &mdash; It slips.'
WORDS = "Corvid said that Basalt 4 is late, in a sentence that is long enough to be read as a text.\n\n" * 3


def rss(*descriptions: str) -> bytes:
    items = "".join(
        f"<item><title>Basalt 4 slips (Wren Castell/Tidewire)</title><link>{OWN}{number}</link>"
        f"<guid>{OWN}{number}</guid><pubDate>Sun, 01 Mar 2026 09:{number:02}:00 -0500</pubDate>"
        f"<description><![CDATA[{description}]]></description></item>"
        for number, description in enumerate(descriptions)
    )
    return f"<rss version='2.0'><channel><title>Gather</title>{items}</channel></rss>".encode()


def pump(folder: Path, **source: Any) -> Pump:
    return Pump(folder, FeedsSpider, spider="feeds", **{"url": FEED, "role": "aggregator"} | source)


def answers(feed: bytes) -> Any:
    return lambda url: (
        Response(url, body=feed, headers={"Content-Type": "application/xml"})
        if url.endswith(".xml") else article("Basalt 4 slips", WORDS).body
    )


@pytest.mark.parametrize("description", [
    PICTURE + MARK + BY + HEAD,
    MARK + BY + HEAD,
    MARK + ' <A HREF="https://social.example/@wren">@wren</A>:<BR>' + HEAD,
    f'<p><a href="{STORY}?utm_source=gather">a story</a></p>',
    f'<b><a href="{OWN}">its own</a></b><a href="//tidewire.example/2026/03/basalt-4">relative</a>',
])
def test_the_page_that_an_entry_speaks_of(description: str) -> None:
    assert outer_link(description, "https://gather.example/feed.xml") == STORY


@pytest.mark.parametrize("description", [
    "", "no link", MARK, BY, '<a href="javascript:alert(1)">x</a>', '<b><a href="http://[">x</a></b>',
    "\x00<b", "<a href='ftp://x.example/y'>y</a>",
])
def test_a_description_that_leads_nowhere(description: str) -> None:
    assert outer_link(description, "https://gather.example/feed.xml") is None


def test_the_text_under_a_headline_is_the_page_of_the_headline(tmp_path: Path) -> None:
    spider = pump(tmp_path, entry_link="description")
    results = spider.night(answers(rss(MARK + BY + HEAD, MARK)))
    (document,) = documents(results)
    assert (document.url, document.source) == (STORY, "tidewire.example")
    assert spider.asked == [FEED, STORY]
    (issue,) = issues(results)
    assert issue.code == "bad_item" and "has no link" in issue.message


def test_what_a_directory_says_of_its_own_post_is_not_said_of_the_page(tmp_path: Path) -> None:
    head = '<meta property="article:published_time" content="2026-02-28T08:30:00Z">'
    feed = rss(MARK + BY + HEAD).replace(b"<item>", b"<item><author>The Gatherers</author>")

    def answer(url: str) -> Any:
        return answers(feed)(url) if url.endswith(".xml") else article("Basalt 4 slips", WORDS, head).body

    (document,) = documents(pump(tmp_path, entry_link="description").night(answer))
    assert (document.published_at, document.published_from) == (
        datetime(2026, 2, 28, 8, 30, tzinfo=UTC), DateOrigin.META,
    )  # fmt: skip
    assert (document.author, document.title) == (None, "Basalt 4 slips")


def test_two_entries_about_one_page_are_read_once(tmp_path: Path) -> None:
    spider = pump(tmp_path, entry_link="description")
    assert len(documents(spider.night(answers(rss(MARK + BY + HEAD, PICTURE + MARK))))) == 1
    assert spider.asked == [FEED, STORY]


def test_without_it_the_entrys_own_address_is_read(tmp_path: Path) -> None:
    spider = pump(tmp_path)
    spider.night(answers(rss(MARK + BY + HEAD)))
    assert spider.asked == [FEED, f"{OWN}0"]


def test_only_the_folders_that_the_source_names_are_read(tmp_path: Path) -> None:
    pages = ["/news/a", "/careers", "/newsletter", "/research/b", "/", "/de/news/a"]
    rows = "".join(f"<url><loc>http://gather.example{page}</loc></url>" for page in pages)
    sitemap = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</urlset>".encode()
    spider = pump(tmp_path, url="http://gather.example/sitemap.xml", paths=["/news/", "/research/"])
    results = spider.night(answers(sitemap), max_items=2)
    assert spider.asked[1:] == ["http://gather.example/news/a", "http://gather.example/research/b"]
    assert issues(results) == [] and len(spider.spider.listed) == 2


def test_an_entry_with_nothing_but_an_id_is_in_a_folder_too(tmp_path: Path) -> None:
    ids = ["http://gather.example/news/a", "http://gather.example/careers", "260301-1"]
    items = "".join(f"<item><guid isPermaLink='false'>{entry_id}</guid></item>" for entry_id in ids)
    feed = f"<rss version='2.0'><channel><title>Gather</title>{items}</channel></rss>".encode()
    spider = pump(tmp_path, paths=["/news/"])
    results = spider.night(answers(feed))
    assert spider.asked == [FEED, ids[0]]
    (issue,) = issues(results)
    assert issue.code == "bad_item" and "has no link" in issue.message, "what has no address is told"


def test_the_folder_is_that_of_the_page_that_an_entry_speaks_of(tmp_path: Path) -> None:
    spider = pump(tmp_path, entry_link="description", paths=["/2026/"])
    other_head = HEAD.replace("/2026/03/basalt-4", "/careers/basalt-4")
    spider.night(answers(rss(MARK + BY + HEAD, MARK + other_head)))
    assert spider.asked == [FEED, STORY]


def test_sites_that_refuse_leave_others_to_be_read(tmp_path: Path) -> None:
    shut = [f"https://shut.example/{number}" for number in range(30)]
    site_urls = [f"https://one-{number}.example/a" for number in range(8)]
    links = [*site_urls, *shut, STORY]
    feed = rss(*(f"<b><a href='{link}'>A headline</a></b>" for link in links))
    spider = pump(tmp_path, entry_link="description")
    results = spider.night(lambda url: answers(feed)(url) if url in (FEED, STORY) else 403)
    assert [document.url for document in documents(results)] == [STORY]
    (refusal,) = [issue for issue in issues(results) if issue.code == "site_refuses"]
    assert refusal.message == "shut.example refused the first 5 pages; 25 more pages were not requested"
    assert sorted(spider.asked[1:]) == sorted([*site_urls, *shut[:5], STORY]) and spider.spider.unfinished
