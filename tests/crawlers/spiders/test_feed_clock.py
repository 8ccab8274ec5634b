"""A clock time that many entries of a feed share is a day; any other is believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from crawlers.normalise.dates import Moment, read_moment
from crawlers.spiders.feed_clock import MANY, FeedClock
from crawlers.spiders.feeds import FeedsSpider
from pipeline.core.vocabulary import DateOrigin, Precision
from tests.crawlers.conftest import article
from tests.crawlers.pump import Pump, documents

FIRST = datetime(2025, 9, 27, 13, 7, 41, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))


def days(count: int, zone: Any = UTC, **clock: int) -> list[Moment]:
    """Return `count` moments, one every ten days, at the same clock time of a zone; written in UTC."""
    start = datetime(2025, 9, 20, tzinfo=zone).replace(**clock)
    return [read_moment(f"{(start + timedelta(days=10 * n)).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
            for n in range(count)]  # fmt: skip


def own(count: int) -> list[Moment]:
    """Return `count` moments, no two of which have the same clock time."""
    times = (FIRST + timedelta(days=n, minutes=17 * n) for n in range(count))
    return [read_moment(f"{published_at:%Y-%m-%dT%H:%M:%SZ}") for published_at in times]


def test_midnight_of_another_zone_is_the_day_that_begins_then() -> None:
    """Midnight in San Francisco, in summer and in winter, among entries with clocks of their own."""
    midnights = days(14, ZoneInfo("America/Los_Angeles"))
    clock = FeedClock([*midnights, *own(6)])
    assert {moment.at.hour for moment in midnights} == {7, 8}
    moments_believed = [clock.believed(moment) for moment in midnights]
    assert moments_believed == [Moment(moment.at, Precision.DAY, True) for moment in midnights]
    assert [clock.believed(moment) for moment in own(6)] == own(6)


def test_a_clock_of_a_few_is_believed() -> None:
    """Stories for which an embargo ends, or that are scheduled for the morning."""
    stated = [*days(6, hour=13), *own(20)]
    clock = FeedClock(stated)
    assert [clock.believed(moment) for moment in stated] == stated
    few_moments = days(MANY - 1, hour=13)
    assert [FeedClock(few_moments).believed(moment) for moment in few_moments] == few_moments


def test_one_second_for_all_entries_is_the_day_as_written() -> None:
    stated = days(30, hour=5, minute=44, second=39)
    clock = FeedClock(stated)
    for moment in stated:
        assert clock.believed(moment) == moment.day()
        assert clock.believed(moment).at == moment.at.replace(hour=0, minute=0, second=0)


def test_the_same_instant_for_all_entries_is_a_day() -> None:
    stated = [read_moment("2026-02-13T14:52:10Z")] * 40
    assert FeedClock(stated).believed(stated[0]) == Moment(
        datetime(2026, 2, 13, tzinfo=UTC), Precision.DAY, True
    )


def test_the_day_is_that_of_the_zone_that_a_language_tells() -> None:
    """16:00 in UTC is the next day in Beijing; in a feed in English it may be nine o'clock in Seattle."""
    stated = days(12, BEIJING)
    assert stated[0].at == datetime(2025, 9, 19, 16, tzinfo=UTC)
    assert FeedClock(stated, "zh-CN").believed(stated[0]).at == datetime(2025, 9, 20, tzinfo=UTC)
    assert FeedClock(stated, "en").believed(stated[0]) == Moment(stated[0].at, Precision.DAY, True)


def test_midnight_and_some_seconds_is_a_day_as_written() -> None:
    """Posts of one day are put in order by their seconds."""
    stated = [read_moment(f"2026-02-{day:02}T00:00:{day % 5 + 1:02}+08:00") for day in range(1, 9)]
    clock = FeedClock([*stated, *own(20)])
    assert clock.believed(stated[2]) == Moment(datetime(2026, 2, 3, tzinfo=UTC), Precision.DAY, True)
    assert clock.believed(own(1)[0]) == own(1)[0]


def test_a_clock_without_a_zone_is_a_day() -> None:
    moment = read_moment("2026-02-13 14:52:10")
    assert FeedClock([]).believed(moment) == moment.day()


@given(st.lists(st.datetimes(datetime(1990, 1, 2), datetime(2089, 1, 1)), max_size=30),  # noqa: DTZ001
       st.integers(-14 * 4, 14 * 4), st.sampled_from(["en", "zh", "ja-JP", ""]))
def test_what_is_believed_holds_what_was_stated(times: list[datetime], quarters: int, language: str) -> None:
    """The day contains the instant, or is the day as written: nothing is dated to another day."""
    zone = timezone(timedelta(minutes=15 * quarters))
    stated = [read_moment(time.replace(microsecond=0, tzinfo=zone).isoformat()) for time in times]
    clock = FeedClock(stated, language)
    for moment in stated:
        moment_believed = clock.believed(moment)
        if moment_believed.precision is Precision.DAY:
            assert abs(moment_believed.at - moment.at) < timedelta(hours=24)
        else:
            assert moment_believed == moment


def feed(moments: list[datetime], page: str = "") -> Any:
    """Answer with a feed with an entry per moment, and with pages that have `page` in their head."""
    items = "".join(
        f"<item><title>Entry {number}</title><link>https://lab.example/{number}</link>"
        f"<pubDate>{format_datetime(published_at, usegmt=True)}</pubDate></item>"
        for number, published_at in enumerate(moments)
    )
    channel = f"<channel><link>https://lab.example</link>{items}</channel>"
    body = f"<?xml version='1.0'?><rss version='2.0'>{channel}</rss>"
    sentence = "says something about a model, at a length that pages have"
    words = "\n\n".join(f"Paragraph {n} {sentence}." for n in range(5))

    def answer(url: str) -> Any:
        if url.endswith("/feed.xml"):
            return Response(url, body=body.encode(), headers={"Content-Type": "application/rss+xml"})
        number = int(url.rpartition("/")[2])
        head = page.format(f"{moments[number]:%Y-%m-%dT%H:%M:%S.000Z}")
        return article("A headline", words, head).body

    return answer


@pytest.mark.parametrize("page", ["", "<meta property='article:published_time' content='{}'>"])
def test_documents_show_how_far_the_time_is_known(tmp_path: Path, page: str) -> None:
    """Pages that repeat the feed's midnight know no more than the feed."""
    pacific = ZoneInfo("America/Los_Angeles")
    moments = [datetime(2026, 1, day, tzinfo=pacific).astimezone(UTC) for day in range(1, 9)]
    moments.append(datetime(2026, 2, 3, 17, 42, 8, tzinfo=UTC))
    pump = Pump(tmp_path, FeedsSpider, spider="feeds", url="https://lab.example/feed.xml")
    by_url = {document.url: document for document in documents(pump.night(feed(moments, page), NOW))}
    in_order = [by_url[f"https://lab.example/{number}"] for number in range(9)]
    assert [document.published_precision for document in in_order] == [Precision.DAY] * 8 + [Precision.SECOND]
    assert [document.published_at for document in in_order] == moments
    assert {document.published_from for document in in_order} == {DateOrigin.FEED}


def test_a_month_in_a_feed_is_a_month(tmp_path: Path) -> None:
    item = "<item><title>Entry</title><link>https://lab.example/0</link><pubDate>2026-01</pubDate></item>"
    body = f"<?xml version='1.0'?><rss version='2.0'><channel>{item}</channel></rss>"
    pages = feed([NOW])

    def answer(url: str) -> Any:
        listing = Response(url, body=body.encode(), headers={"Content-Type": "application/rss+xml"})
        return listing if url.endswith(".xml") else pages(url)

    pump = Pump(tmp_path, FeedsSpider, spider="feeds", url="https://lab.example/feed.xml")
    (document,) = documents(pump.night(answer, NOW))
    assert (document.published_at, document.published_precision) == (
        datetime(2026, 1, 1, tzinfo=UTC),
        Precision.MONTH,
    )


def test_a_page_that_knows_its_clock_is_believed(tmp_path: Path) -> None:
    pacific = ZoneInfo("America/Los_Angeles")
    moments = [datetime(2026, 1, day, tzinfo=pacific).astimezone(UTC) for day in range(1, 9)]
    page = "<meta property='article:published_time' content='2026-01-05T18:03:22Z'>"
    pump = Pump(tmp_path, FeedsSpider, spider="feeds", url="https://lab.example/feed.xml")
    (document, *_) = documents(pump.night(feed(moments, page), NOW))
    assert (document.published_at, document.published_precision) == (
        datetime(2026, 1, 5, 18, 3, 22, tzinfo=UTC), Precision.SECOND
    )  # fmt: skip
