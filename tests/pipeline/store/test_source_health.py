"""What the stored crawls say of a source's health, and of what could not be read."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from rich.console import Console

from crawlers.engine.launcher import NO_NETWORK
from crawlers.engine.rhythm import stale
from pipeline.cli.console import run_report
from pipeline.cli.status import print_status
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.records import Issue, Source
from pipeline.core.vocabulary import Outcome, Platform, Role, Severity
from pipeline.run.nightly import process
from tests.conftest import NOW, InboxWriter, document
from tests.worlds.laid import EmptyStore

pytestmark = pytest.mark.slow  # nights of crawls


def crawl(
    store: EmptyStore, night: int, outcome: Outcome, *codes: str, feed: str = "wire", **fields: Any
) -> None:
    """A crawl of `feed` on that night, with an issue of each code (`code!` is a warning)."""
    at = NOW + timedelta(days=night)
    row = {"inbox_folder": f"r{night}", "run_id": f"r{night}", "feed": feed, "started_at": at,
           "finished_at": at, "outcome": outcome}
    store.put("crawls", [row | {"documents": 0, "requests": 1, "message": f"night {night}"} | fields])
    for number, code in enumerate(codes):
        severity = Severity.WARNING if code.endswith("!") else Severity.ERROR
        issue_id = f"{night}-{feed}-{number}"
        issue = Issue(issue_id, f"r{night}", at, "crawl", severity, code.strip("!"), feed, None,
                      f"{code} on {night}", f"r{night}")
        store.put("issues", [issue])


def health(store: EmptyStore, columns: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(f"SELECT {columns} FROM source_health ORDER BY feed").fetchall()


def silences(store: EmptyStore, columns: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(f"SELECT {columns} FROM silences ORDER BY feed, kind, run_id").fetchall()


class TestAiling:
    def test_three_failed_nights_in_a_row_make_a_source_ailing(self, store: EmptyStore) -> None:
        store.append("sources", [Source("wire", "The Wire", Platform.NEWS, Role.PRESS)])
        crawl(store, 0, Outcome.OK, documents=3)
        crawl(store, 1, Outcome.FAILED)
        crawl(store, 2, Outcome.FAILED)
        assert health(store, "source, nights_failed, ailing") == [("The Wire", 2, False)]
        crawl(store, 3, Outcome.FAILED)
        assert health(store, "nights_failed, ailing, why") == [(3, True, "night 3")]
        assert health(store, "last_ok_at, last_crawl_at") == [
            tuple((NOW + timedelta(days=day)).replace(tzinfo=None) for day in (0, 3))
        ]
        crawl(store, 4, Outcome.PARTIAL, documents=1)
        assert health(store, "nights_failed, ailing, why") == [(0, False, None)]

    def test_a_source_that_never_worked_is_ailing_too_and_has_no_last_time(self, store: EmptyStore) -> None:
        for night in range(3):
            crawl(store, night, Outcome.FAILED)
        assert health(store, "source, last_ok_at, ailing") == [("wire", None, True)]

    def test_a_night_that_lost_something_and_gave_nothing_counts_as_failed(self, store: EmptyStore) -> None:
        for night in range(3):
            crawl(store, night, Outcome.PARTIAL, "http_403")
        assert health(store, "ailing") == [(True,)]

    def test_trials_by_hand_on_one_day_are_one_night(self, store: EmptyStore) -> None:
        for hour in range(4):
            crawled_at = NOW + timedelta(hours=hour)
            crawl(store, 0, Outcome.FAILED, started_at=crawled_at, finished_at=crawled_at,
                  inbox_folder=f"r{hour}")
        assert health(store, "nights_failed, ailing") == [(1, False)]

    def test_nights_without_a_network_make_no_source_ailing_and_none_well(self, store: EmptyStore) -> None:
        message = f"{NO_NETWORK}none of 16 hosts can be reached"
        crawl(store, 0, Outcome.FAILED)
        for night in range(1, 5):
            crawl(store, night, Outcome.FAILED, message=message)
        assert health(store, "nights_failed, last_ok_at, why, ailing") == [(1, None, "night 0", False)]
        for night in (5, 6):
            crawl(store, night, Outcome.FAILED)
        assert health(store, "nights_failed, ailing") == [(3, True)]
        assert silences(store, "kind") == [("failing",)] * 7

    def test_off_or_not_asked_any_more_is_not_ailing(self, store: EmptyStore) -> None:
        for night in range(4):
            crawl(store, night, Outcome.FAILED, feed="removed")
            crawl(store, night, Outcome.OFF if night == 3 else Outcome.FAILED, feed="off")
        crawl(store, 20, Outcome.OK)
        assert health(store, "feed, ailing") == [("off", False), ("removed", False), ("wire", False)]


def published(store: EmptyStore, *days: int, feed: str = "wire", **fields: Any) -> None:
    """A document of `feed` on each of these days, seen in the next night."""
    rows = []
    for number, day in enumerate(days):
        day_at = NOW + timedelta(days=day)
        row = {"document_id": f"{feed}{number}-{day}", "url": None, "platform": "news", "source_id": "s",
               "feed": feed, "published_at": day_at - timedelta(hours=9), "published_precision": "second",
               "published_from": "feed", "seen_at": day_at, "artefact": False, "run_id": "r"}  # fmt: skip
        rows.append(row | fields)
    store.put("documents", rows)


class TestStale:
    def test_nothing_new_in_five_times_the_usual_gap(self, store: EmptyStore) -> None:
        published(store, *range(-20, 1, 2))
        crawl(store, 9, Outcome.OK)
        assert health(store, "stale, usual_gap, newest_on::VARCHAR, why") == [
            (False, 2, "2026-03-01", None)
        ]
        crawl(store, 10, Outcome.OK)
        assert health(store, "stale, ailing, why") == [
            (True, False, "nothing new since 2026-03-01, usually every 2 days")
        ]
        published(store, 10)
        assert health(store, "stale") == [(False,)]

    def test_who_was_as_quiet_before_is_not_stale(self, store: EmptyStore) -> None:
        """The feed publishes on most days, but once paused for three weeks."""
        published(store, *range(-30, -25), *range(-4, 0))
        crawl(store, 20, Outcome.OK)
        assert health(store, "usual_gap, stale") == [(1, False)]
        crawl(store, 22, Outcome.OK)
        assert health(store, "stale") == [(True,)]

    def test_a_few_days_tell_no_rhythm_and_many_entries_of_one_day_are_one(self, store: EmptyStore) -> None:
        published(store, *[-5] * 9, -4, -3, -2, -1)
        crawl(store, 300, Outcome.OK)
        assert health(store, "usual_gap, stale") == [(None, False)]

    def test_a_time_not_known_to_the_day_counts_as_of_when_it_was_seen(self, store: EmptyStore) -> None:
        vague_fields = {"published_at": NOW - timedelta(days=900), "published_precision": "year"}
        published(store, *range(-6, 0), **vague_fields)
        published(store, 0, published_at=None, published_precision="unknown")
        crawl(store, 6, Outcome.OK)
        assert health(store, "newest_on::VARCHAR, usual_gap, stale") == [("2026-03-02", 1, True)]

    def test_who_lists_what_others_brought_first_is_not_stale(self, store: EmptyStore) -> None:
        published(store, *range(-20, 1, 2))
        crawl(store, 9, Outcome.OK, documents=2)
        crawl(store, 12, Outcome.OK)
        assert health(store, "stale, newest_on::VARCHAR") == [(False, "2026-03-01")]
        crawl(store, 20, Outcome.OK)
        assert health(store, "stale") == [(True,)]

    def test_what_a_crawl_brought_first_is_told_by_when_it_was_seen(self, store: EmptyStore) -> None:
        """One run read all of these nights."""
        published(store, *range(-20, 1, 2))
        for night, document_count in ((0, 1), (9, 2), (12, 0)):
            crawl(store, night, Outcome.OK, documents=document_count, run_id="r")
        assert health(store, "stale") == [(False,)]

    def test_who_is_off_or_fails_is_not_stale(self, store: EmptyStore) -> None:
        for feed in ("off", "wire"):
            published(store, *range(-10, 0), feed=feed)
            crawl(store, 0, Outcome.OK, feed=feed)
        crawl(store, 20, Outcome.OFF, feed="off")
        crawl(store, 20, Outcome.FAILED, feed="wire")
        assert health(store, "feed, stale") == [("off", False), ("wire", False)]

    def test_a_check_reckons_as_the_view_does(self, store: EmptyStore) -> None:
        rhythms: dict[str, Sequence[int]] = {
            "a": range(-20, 1, 2), "b": [-9, -8, -7, -6, -5, -1], "c": [-40, -39, -38, -20, -19, -18, -3],
            "d": range(-400, -200, 3), "e": [-300, -299, *range(-90, -30, 1)],
            "f": [-100, -60, *range(-40, -11)], "g": [-101, -100, -60, *range(-40, -10)], "h": [-3],
        }  # fmt: skip
        times = {
            feed: [NOW + timedelta(days=day, hours=-9) for day in days] for feed, days in rhythms.items()
        }
        for feed, days in rhythms.items():
            published(store, *days, feed=feed)
        for night in range(0, 130, 5):
            for feed in rhythms:
                crawl(store, night, Outcome.OK, feed=feed)
            stale_ones = [(feed, stale(times[feed], NOW + timedelta(days=night))) for feed in sorted(rhythms)]
            assert health(store, "feed, why") == stale_ones


class TestVolume:
    def test_the_usual_volume_is_the_median_of_what_was_read_whole(self, store: EmptyStore) -> None:
        for night, listed_count in enumerate((10, None, 30, 20, 1)):
            crawl(store, night, Outcome.OK, listed=listed_count, expect_min=5, expect_max=50)
        assert health(store, "usual, expect_min, expect_max") == [(15.0, 5, 50)]
        usual = store.connection.execute("SELECT listed, usual FROM crawls ORDER BY started_at").fetchall()
        assert usual == [(10, None), (None, 10.0), (30, 10.0), (20, 20.0), (1, 20.0)]

    def test_a_long_past_does_not_weigh_on_it(self, store: EmptyStore) -> None:
        for night in range(40):
            crawl(store, night, Outcome.OK, listed=100 if night < 26 else 10)
        assert health(store, "usual") == [(10.0,)]


class TestSilences:
    def test_each_code_has_its_kind(self, store: EmptyStore) -> None:
        codes = ("robots!", "http_403!", "http_401", "http_451", "http_402", "paywall!", "http_429!",
                 "timeout", "too_few")
        crawl(store, 0, Outcome.PARTIAL, *codes, "site_refuses", "too_many", "http_500!", documents=7)
        assert silences(store, "kind, times, documents") == [
            ("blocked", 4, 7), ("failing", 1, 7), ("paywalled", 2, 7), ("rate_limited", 1, 7),
            ("too_few", 1, 7),
        ]  # fmt: skip

    def test_a_silence_lasts_until_the_next_crawl_that_does_not_meet_it(self, store: EmptyStore) -> None:
        for night, codes in enumerate(([], ["http_403"], ["http_403", "timeout"], [], ["http_403"])):
            crawl(store, night, Outcome.PARTIAL if codes else Outcome.OK, *codes)
        day = [(NOW + timedelta(days=n)).replace(tzinfo=None) for n in range(5)]
        assert silences(store, "run_id, kind, since, until, nights, message") == [
            ("r1", "blocked", day[1], day[3], 1, "http_403 on 1"),
            ("r2", "blocked", day[1], day[3], 2, "http_403 on 2"),
            ("r4", "blocked", day[4], None, 1, "http_403 on 4"),
            ("r2", "failing", day[2], day[3], 1, "timeout on 2"),
        ]

    def test_off_and_failed_without_an_issue_are_silences_too(self, store: EmptyStore) -> None:
        crawl(store, 0, Outcome.OFF, feed="a")
        crawl(store, 0, Outcome.FAILED, feed="b")
        crawl(store, 0, Outcome.OK, feed="c")
        assert silences(store,
                        "feed, kind, message") == [("a", "off", "night 0"), ("b", "failing", "night 0")]

    def test_another_stage_is_no_silence_of_a_source(self, store: EmptyStore) -> None:
        crawl(store, 0, Outcome.OK)
        store.append("issues",
                     [Issue("x", "r0", NOW, "ingest", Severity.ERROR, "inbox_line", "wire", None, "x", "r0")])
        assert silences(store, "kind") == []


class TestTold:
    def test_a_stale_source_stands_there_too(self, home: Home, write_inbox: InboxWriter) -> None:
        source_row = {"type": "source", "source": "wire", "name": "Wire", "platform": "news", "role": "press"}
        now = NOW + timedelta(days=30)
        end = {"type": "crawl", "source": "wire", "outcome": "ok", "documents": 7, "requests": 1,
               "started_at": now.isoformat(), "finished_at": now.isoformat()}  # fmt: skip
        stories = [
            document(f"https://wire.example/{day}", seen_at=now.isoformat(),
                     published_at=(NOW + timedelta(days=day)).isoformat())
            for day in range(7)
        ]  # fmt: skip
        write_inbox([source_row, *stories, end])
        report = process(home, Config(), now=now, stages=["ingest", "publish"])
        reason = "nothing new since 2026-03-08, usually every day"
        output = io.StringIO()
        print_status(Console(file=output, width=200), home, Config())
        run_report(Console(file=output, width=200), report)
        assert f"Wire: stale. {reason}" in output.getvalue()
        assert output.getvalue().count(reason) == 2
        assert f"- Wire: stale. {reason}" in (home.digests / f"{report.run_id}.md").read_text("utf-8")

    def test_an_ailing_source_stands_in_the_status_and_in_the_digest(self, home: Home,
                                                                     write_inbox: InboxWriter) -> None:
        source_row = {"type": "source", "source": "wire", "name": "The [bold]Wire*", "platform": "news",
                      "role": "press"}
        for night in range(3):
            now = NOW + timedelta(days=night)
            end = {"type": "crawl", "source": "wire", "outcome": "failed", "documents": 0, "requests": 1,
                   "message": "the server answered 503"}
            write_inbox([source_row, end | {"started_at": now.isoformat(), "finished_at": now.isoformat()}],
                        run_id=f"r{night}")
            output = io.StringIO()
            report = process(home, Config(), now=now, stages=["ingest", "publish"])
            print_status(Console(file=output, width=200), home, Config())
            digest = (home.digests / f"{report.run_id}.md").read_text("utf-8")
            assert ("Ailing sources" in output.getvalue()) == (night == 2)
            assert f"## Ailing sources ({int(night == 2)})" in digest
        assert "The [bold]Wire*" in output.getvalue()
        failed = "failed 3 nights in a row, never read. the server answered 503"
        assert f"- The \\[bold\\]Wire\\*: {failed}" in digest
