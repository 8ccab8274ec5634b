"""A page's time is its own statement of when it was published, never the time of the request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.articles.extract import read_article
from crawlers.articles.publication_time import RENDERED, rendered
from pipeline.core.vocabulary import DateOrigin, Precision
from tests.crawlers.articles.test_extract import BODY, URL, ld, page
from tests.crawlers.conftest import FIRST_NIGHT, Nights, Reply, Web

DAY = datetime(2025, 4, 7, tzinfo=UTC)


def said(inside: str) -> tuple[datetime | None, Precision, DateOrigin]:
    article = read_article(page(inside=inside), url=URL)
    return article.published_at, article.published_precision, article.published_from


@pytest.mark.parametrize(
    "inside",
    [
        "<p>Published: April 7, 2025</p>",
        "<p>PUBLISHED 7 APRIL 2025</p>",
        "<p>By Ottilie Marsh | Posted on Monday, April 7, 2025 at 3:04 PM</p>",
        "<p>First published Apr. 7, 2025 · Updated April 9, 2025</p>",
        "<div><span>Published</span> <span>April 7, 2025</span></div>",
        "<div class=posted-on>Posted on <a href='/x'><span class=entry-date>April 7, 2025</span></a></div>",
        "<p>Published April 7, 2025</p><p>Published 7 April 2025</p>",
    ],
)
def test_a_day_that_the_article_states_in_words(inside: str) -> None:
    assert said(inside) == (DAY, Precision.DAY, DateOrigin.VISIBLE_TEXT)


@pytest.mark.parametrize(
    "inside",
    [
        # a date of the page, not of the article
        "<p>Thursday, June 25, 2026</p>",
        "<div class=current-date><time datetime='2026-06-25T10:00:01Z'>now</time></div>",
        "<time class=clock datetime='2026-06-25T10:00:01Z'>now</time>",
        "<footer>Published June 25, 2026</footer>",
        "<p>Updated June 25, 2026</p>",
        # the date of another page
        "<p>Published 7 April 2025, the report says otherwise.</p>",
        "<p>The paper, published April 7, 2025, is out.</p>",
        "<p>Reposted April 7, 2025</p>",
        "<div class=comments><p>Posted on April 7, 2025</p></div>",
        "<div class=teaser><p>Published April 7, 2025</p></div>",
        "<a href='/other'>Another story <span>Published April 7, 2025</span></a>",
        "<article><p>Published April 7, 2025</p></article>",
        # no day, or two
        "<p>Published today</p>",
        "<p>Published May 2025</p>",
        "<p>Published Foo 7, 2025</p>",
        "<p>Published April 31, 2025</p>",
        "<p>Published April 7, 2025</p><p>Published April 8, 2025</p>",
    ],
)
def test_what_does_not_say_when_the_article_was_published(inside: str) -> None:
    assert said(inside) == (None, Precision.UNKNOWN, DateOrigin.UNKNOWN)


def test_words_stand_behind_what_is_written_for_machines() -> None:
    two_times = "<p>Published April 9, 2025</p><time datetime='2025-04-07T10:00Z'>x</time>"
    assert said(two_times) == (DAY + timedelta(hours=10), Precision.MINUTE, DateOrigin.VISIBLE_TEXT)


def test_a_month_counts_only_where_nothing_states_a_day() -> None:
    month = ld(**{"@type": "NewsArticle", "headline": "H", "datePublished": "2025-04"})

    def stated(url: str) -> tuple[datetime | None, Precision, DateOrigin]:
        article = read_article(page(month, BODY), url=url)
        return article.published_at, article.published_precision, article.published_from

    first_day = datetime(2025, 4, 1, tzinfo=UTC)
    assert stated("https://wire.example/story") == (first_day, Precision.MONTH, DateOrigin.JSON_LD)
    assert stated("https://wire.example/2025/04/07/story") == (DAY, Precision.DAY, DateOrigin.URL)


@pytest.mark.parametrize(
    ("stated", "url", "lang", "expected"),
    [
        ("2025-04-06T22:00:00Z", "https://post.de/a", "de", ("2025-04-07T00:00:00+00:00", "day")),
        ("2025-04-06T16:00:00Z", "https://wire.example/a", "zh-CN", ("2025-04-07T00:00:00+00:00", "day")),
        ("2025-04-06T23:00:00Z", "https://post.uk/a", "en", ("2025-04-07T00:00:00+00:00", "day")),
        ("2025-04-06T22:00:01Z", "https://post.de/a", "de", ("2025-04-06T22:00:01+00:00", "second")),
        ("2025-04-06T23:00:00Z", "https://post.de/a", "de", ("2025-04-06T23:00:00+00:00", "second")),
        ("2025-04-06T22:00:00Z", "https://wire.example/a", "de", ("2025-04-06T22:00:00+00:00", "second")),
        ("2025-04-06T22:00:00Z", "file:///home/a", "de", ("2025-04-06T22:00:00+00:00", "second")),
    ],
)
def test_midnight_in_the_outlets_country_is_a_day(
    stated: str, url: str, lang: str, expected: tuple[str, str]
) -> None:
    fields = {"@type": "NewsArticle", "headline": "H", "datePublished": stated, "dateModified": stated}
    html = page(ld(**fields), BODY).decode().replace("<html>", f"<html lang={lang}>").encode()
    article = read_article(html, url=url)
    assert article.published_at and article.modified_at
    assert (article.published_at.isoformat(), str(article.published_precision)) == expected
    assert (article.modified_at.isoformat(), str(article.modified_precision)) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (ld(**{"@type": "NewsArticle", "headline": "H", "dateModified": "2025-04-07"}), (DAY, Precision.DAY)),
        ("<meta property=article:modified_time content=2025-04-07T10:00:00>", (DAY, Precision.DAY)),
        ("<meta itemprop=dateModified content=2025-04>", (None, Precision.UNKNOWN)),
        ("<meta itemprop=dateModified content=never>", (None, Precision.UNKNOWN)),
        ("", (None, Precision.UNKNOWN)),
    ],
)
def test_the_day_of_a_change_is_told_as_that_and_dates_nothing(
    head: str, expected: tuple[datetime | None, Precision]
) -> None:
    article = read_article(page(head, BODY), url=URL)
    assert (article.modified_at, article.modified_precision) == expected
    assert (article.published_at, article.published_from) == (None, DateOrigin.UNKNOWN)


def test_a_page_that_was_made_while_it_was_asked_for() -> None:
    asked_at, answered_at = FIRST_NIGHT, FIRST_NIGHT + timedelta(seconds=2)
    for rendered_at in (asked_at - RENDERED, answered_at, answered_at + RENDERED):
        assert rendered(rendered_at, Precision.SECOND, asked_at, answered_at)
    one_second = timedelta(seconds=1)
    for other_time in (asked_at - RENDERED - one_second, answered_at + RENDERED + one_second, None):
        assert not rendered(other_time, Precision.SECOND, asked_at, answered_at)
    assert not rendered(asked_at, Precision.DAY, asked_at, answered_at)


@pytest.mark.parametrize("feed_day", ["", "<pubDate>Sun, 01 Mar 2026 00:00:00 GMT</pubDate>"])
def test_the_time_of_rendering_is_no_time_of_publication(nights: Nights, web: Web, feed_day: str) -> None:
    """A page that prints the current time, beside one that states a time; a feed's day is kept."""
    times = {"/clock": FIRST_NIGHT + timedelta(seconds=3), "/stated": FIRST_NIGHT - timedelta(hours=1)}
    items = ""
    for path, published_at in times.items():
        head = ld(**{"@type": "NewsArticle", "headline": "H", "datePublished": published_at.isoformat()})
        web.pages[path] = Reply(page(head, BODY))
        items += f"<item><title>H</title><link>{web.url}{path}</link>{feed_day}</item>"
    feed = f'<rss version="2.0"><channel><title>F</title>{items}</channel></rss>'
    web.pages["/f.xml"] = Reply(feed, kind="application/rss+xml")
    nights.sources({"id": "f", "spider": "feeds", "url": f"{web.url}/f.xml"})
    night = nights.crawl(obey_robots=False)
    lines_by_path = {line["url"].removeprefix(web.url): line for line in night.of("document")}
    assert lines_by_path["/stated"]["published_at"] == "2026-03-02T02:00:00Z"
    clock = lines_by_path["/clock"]
    if feed_day:
        assert (clock["published_at"], clock["published_from"]) == ("2026-03-01T00:00:00Z", "feed")
    else:
        assert (clock.get("published_at"), clock["published_precision"]) == (None, "unknown")
