"""Second looks at documents of open claims: when they are due, what they record, what they do not change."""

from __future__ import annotations

import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

import crawlers.engine.revisit
import pipeline.run.nightly
from crawlers.crawl_state import CrawlState, Sighting
from crawlers.engine.revisit import FIRST_LOOK, LAST_LOOK, POINTS, due_since, next_look, plan
from dashboard.data import queries
from dashboard.data.claim import Change
from dashboard.data.runs import Run
from pipeline.archive.verify import verify
from pipeline.core.config import Config, CrawlConfig
from pipeline.core.context import silent
from pipeline.core.errors import BusyError
from pipeline.core.home import Home
from pipeline.core.vocabulary import Outcome
from pipeline.run.nightly import locked, process, take_in_looks
from pipeline.run.revisit import Revisit, revisit
from tests.crawlers.conftest import (
    FIRST_NIGHT,
    WAIT,
    Nights,
    Reply,
    Web,
    children,
    ended,
    inbox_lines,
    json_reply,
    listed,
    platform,
    rss,
    serving,
    story,
)
from tests.crawlers.preloaded import revisiting
from tests.fakes import FakeModels

MINUTE = timedelta(minutes=1)
SETTINGS = CrawlConfig(
    delay=0.0, per_host=8, retries=0, timeout=60.0, allow_private_addresses=True, obey_robots=False
)
CONFIG = Config(crawl=SETTINGS)
DECLARED = '[[source]]\nid="f"\nname="F"\nrole="press"\nspider="feeds"\nurl="https://f.example/"\n'


def claim(number: int, size: int = 70) -> Reply:
    """Return a page with one claim of its own."""
    return story(f"Model Aster{chr(65 + number)} has {size}b parameters.")


@pytest.fixture(scope="module")
def shared_web() -> Iterator[Web]:
    """One web at one address for all these tests, so that they can reuse each other's first night."""
    with serving() as web:
        yield web
    _SEEN.clear()


@pytest.fixture
def web(shared_web: Web) -> Web:
    """The web without pages and recorded requests."""
    shared_web.pages, shared_web.requests = {}, []
    return shared_web


_SEEN: dict[str, tuple[list[tuple[str, dict[str, str]]], dict[Path, bytes]]] = {}
"""What first nights asked for, and the files of their homes, by what they saw."""


def first_night(nights: Nights, web: Web, pages: dict[str, Any], **source: Any) -> None:
    """Crawl a first night with `pages` and publish their claims."""
    web.pages = {"/f.xml": rss(web, *pages)} | pages
    home, seen_key = nights.home, repr((web.pages, source))
    if seen_key not in _SEEN:
        nights.sources({"id": "f", "spider": "feeds", "url": f"{web.url}/f.xml"} | source)
        nights.crawl(obey_robots=False)
        publish(home)
        files = [file.relative_to(home.path) for file in home.path.rglob("*") if file.is_file()]
        _SEEN[seen_key] = list(web.requests), {file: (home.path / file).read_bytes() for file in files}
        return
    requests_made, files_kept = _SEEN[seen_key]
    web.requests += requests_made
    for name, data in files_kept.items():
        (home.path / name).parent.mkdir(parents=True, exist_ok=True)
        (home.path / name).write_bytes(data)


def publish(home: Home, now: datetime = FIRST_NIGHT) -> None:
    process(home, CONFIG, now=now, models=FakeModels())


def look(home: Home, after: timedelta, config: Config = CONFIG) -> Revisit:
    """Revisit at a fixed time `after` the first night."""
    return revisit(home, config, now=FIRST_NIGHT + after, progress=silent, replay=True)


def rows(home: Home, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home.work), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def naive(after: timedelta) -> datetime:
    return (FIRST_NIGHT + after).replace(tzinfo=None)


class TestSchedule:
    def test_it_doubles_from_a_quarter_of_an_hour_to_thirty_days(self) -> None:
        assert POINTS[:4] == (15 * MINUTE, 30 * MINUTE, 60 * MINUTE, 120 * MINUTE)
        assert (POINTS[0], POINTS[-1]) == (FIRST_LOOK, LAST_LOOK) == (15 * MINUTE, timedelta(days=30))
        assert list(POINTS) == sorted(set(POINTS))

    def test_what_is_due(self) -> None:
        first_seen = FIRST_NIGHT
        assert due_since(first_seen, first_seen, first_seen + 14 * MINUTE) is None
        assert due_since(first_seen, first_seen, first_seen + 15 * MINUTE) == first_seen + 15 * MINUTE
        assert due_since(first_seen, first_seen + 15 * MINUTE, first_seen + 29 * MINUTE) is None
        assert due_since(first_seen, first_seen, first_seen + 300 * MINUTE) == first_seen + 240 * MINUTE, (
            "one look for all that were missed"
        )
        assert due_since(first_seen, first_seen + 240 * MINUTE, first_seen + 300 * MINUTE) is None
        assert due_since(first_seen, first_seen, first_seen + timedelta(days=400)) == first_seen + LAST_LOOK
        assert next_look(first_seen, first_seen + 15 * MINUTE) == first_seen + 30 * MINUTE
        assert next_look(first_seen, first_seen + LAST_LOOK) is None

    @given(
        st.integers(0, 999_999),
        st.lists(st.integers(1, 3 * 24 * 60 * 60), min_size=1, max_size=60),
        st.integers(0, 900),
    )
    def test_never_twice_for_one_point_and_never_later_than_the_next_run(
        self, fraction: int, pauses: Sequence[int], lasts: int
    ) -> None:
        """Runs at any times; each look is answered up to `lasts` seconds after the run began."""
        first_seen = FIRST_NIGHT.replace(microsecond=fraction)
        points = [first_seen.replace(microsecond=0) + offset for offset in POINTS]
        now, checked, before = first_seen, first_seen.replace(microsecond=0), first_seen
        covered: list[datetime] = []
        for pause in pauses:
            now = now + timedelta(seconds=pause)
            since = due_since(first_seen, checked, now)
            points_passed = [point for point in points if before < point <= now]
            if since is not None:
                assert since not in covered
                covered += [point for point in points if point <= since]
                now += timedelta(seconds=lasts)
                checked = now.replace(microsecond=0)
            else:
                assert all(point <= checked for point in points_passed)
            before = now


class TestPlan:
    def see(self, home: Home, source: str, url: str, at: datetime, again: datetime | None = None) -> None:
        state = CrawlState(home.crawl_state)
        for seen_at in (at, again or at):
            state.save_sightings(source, [Sighting(url, url)], seen_at)
        state.close()

    def test_the_oldest_first_bounded_and_what_is_left_is_told(
        self, home: Home, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(crawlers.engine.revisit, "LOOKS_A_RUN", 2)
        home.sources_file.write_text(DECLARED)
        for number in range(4):
            self.see(home, "f", f"https://f.example/{number}", FIRST_NIGHT - number * MINUTE)
        urls = [f"https://f.example/{number}" for number in range(4)]
        planned = plan(home, urls, FIRST_NIGHT + 16 * MINUTE)
        assert [(due.look.ref, due.since) for dues in planned.looks.values() for due in dues] == [
            ("https://f.example/3", FIRST_NIGHT + 12 * MINUTE),
            ("https://f.example/2", FIRST_NIGHT + 13 * MINUTE),
        ]
        assert (planned.documents, planned.left) == (2, 2)

    def test_sources_that_cannot_be_asked_are_counted(self, home: Home) -> None:
        off_source = DECLARED.replace('"f"', '"off"').replace("f.example", "o.example")
        home.sources_file.write_text(f"{DECLARED}{off_source}enabled=false\n")
        for source in ("f", "off", "forgotten"):
            self.see(home, source, f"https://{source}.example/a", FIRST_NIGHT)
        self.see(home, "off", "https://both.example/a", FIRST_NIGHT)
        self.see(home, "f", "https://both.example/a", FIRST_NIGHT)
        urls = [
            "https://f.example/a", "https://off.example/a", "https://forgotten.example/a",
            "https://both.example/a",
        ]
        planned = plan(home, [*urls, "file:///a"], FIRST_NIGHT + 15 * MINUTE)
        assert {
            source.id: sorted(due.look.url for due in dues) for source, dues in planned.looks.items()
        } == {"f": ["https://both.example/a", "https://f.example/a"]}
        assert (planned.off, planned.undeclared) == (1, 1)

    def test_a_look_of_any_source_counts_and_nothing_due_needs_no_sources(self, home: Home) -> None:
        self.see(home, "a", "https://both.example/a", FIRST_NIGHT)
        self.see(home, "b", "https://both.example/a", FIRST_NIGHT, FIRST_NIGHT + 16 * MINUTE)
        planned = plan(home, ["https://both.example/a"], FIRST_NIGHT + 20 * MINUTE)
        assert (planned.looks, planned.upcoming) == (
            {},
            (FIRST_NIGHT + 30 * MINUTE, "https://both.example/a"),
        )

    def test_pages_that_posts_link_to(self, home: Home) -> None:
        home.sources_file.write_text(DECLARED)
        self.see(home, "linked", "https://page.example/a", FIRST_NIGHT)
        planned = plan(home, ["https://page.example/a"], FIRST_NIGHT + 15 * MINUTE)
        assert [source.id for source in planned.looks] == ["linked"]

    def test_an_empty_home(self, home: Home) -> None:
        assert plan(home, ["https://f.example/a"], FIRST_NIGHT).looks == {}


class TestLooks:
    def test_an_edit_between_two_looks_has_its_interval(self, nights: Nights, web: Web) -> None:
        first_night(nights, web, {"/a": claim(0)})
        listing = web.asked("/f.xml")
        assert look(nights.home, 14 * MINUTE).plan.looks == {}
        same = look(nights.home, 15 * MINUTE)
        assert (same.exit_code, same.plan.documents, web.asked("/a")) == (0, 1, 2)
        web.pages["/a"] = claim(0, 400)
        changed_look = look(nights.home, 31 * MINUTE)
        assert changed_look.report is not None and changed_look.report.counts["ingest"].detail["changed"] == 1
        assert look(nights.home, 45 * MINUTE).plan.looks == {}, "that point was looked at"
        version_rows = rows(
            nights.home,
            "SELECT number, unchanged_at, seen_at, text LIKE '%400b%' FROM store.versions ORDER BY number",
        )
        assert version_rows == [
            (1, None, naive(0 * MINUTE), False), (2, naive(15 * MINUTE), naive(31 * MINUTE), True),
        ]
        assert web.asked("/f.xml") == listing, "no listing is asked for"
        assert rows(nights.home, "SELECT command, outcome FROM store.runs ORDER BY started_at") == [
            ("process", "ok"), ("revisit", "ok"), ("revisit", "ok"),
        ]  # fmt: skip

    def test_its_archive_is_sealed_and_missed_when_it_is_gone(self, nights: Nights, web: Web) -> None:
        first_night(nights, web, {"/a": claim(0)})
        web.pages["/a"] = claim(0, 400)
        look(nights.home, 15 * MINUTE)
        publish(nights.home, FIRST_NIGHT + 20 * MINUTE)
        report = verify(nights.home, CONFIG)
        assert (report.damages, report.archives, report.roots, report.versions) == ([], 2, 2, 2)
        name = "20260302T031500Z-revisit.warc.gz"
        (nights.home.archive / name).unlink()
        assert any(damage.startswith(f"{name} is missing") for damage in verify(nights.home, CONFIG).damages)

    def test_a_page_that_vanished_has_its_interval_and_keeps_its_text(self, nights: Nights, web: Web) -> None:
        first_night(nights, web, {"/a": claim(0), "/b": claim(1)}, expect_min=2)
        look(nights.home, 15 * MINUTE)
        web.pages["/a"] = Reply("", 410)
        assert look(nights.home, 30 * MINUTE).exit_code == 0
        gone = rows(
            nights.home,
            "SELECT url, gone_after, gone_at, gone_evidence FROM store.documents WHERE gone_at IS NOT NULL",
        )
        assert gone == [(f"{web.url}/a", naive(15 * MINUTE), naive(30 * MINUTE), f"HTTP 410 at {web.url}/a")]
        assert rows(nights.home, "SELECT count(*) FROM store.versions") == [(2,)]
        assert [
            due.look.url for dues in look(nights.home, 60 * MINUTE).plan.looks.values() for due in dues
        ] == [f"{web.url}/b"]
        publish(nights.home, FIRST_NIGHT + 61 * MINUTE)
        digest = sorted(nights.home.digests.glob("*.md"))[-1].read_text("utf-8")
        assert "## Deleted (1)" in digest, "the digest tells of what revisits found since the run before"
        copy = queries.current(nights.home, CONFIG)
        newest, previous_run = queries.read(copy, Run, "runs", "runs", limit=9)
        assert newest.run_id == "20260302T040100Z"
        shown_changes = [
            queries.read(copy, Change, "runs", "edits", run_id=run.run_id, limit=9)
            for run in (newest, previous_run)
        ]
        assert [[(change.event, change.url) for change in changes] for changes in shown_changes] == [
            [("gone", f"{web.url}/a")], [],
        ]

    def test_where_the_listing_cannot_be_read_nothing_is_believed_gone(
        self, nights: Nights, web: Web
    ) -> None:
        first_night(nights, web, {"/a": claim(0)})
        web.pages = {"/f.xml": Reply("down", 404)}
        failed_look = look(nights.home, 15 * MINUTE)
        assert failed_look.exit_code == 1
        assert rows(nights.home, "SELECT count(*) FROM store.documents WHERE gone_at IS NOT NULL") == [(0,)]
        issues = rows(nights.home, "SELECT stage, severity, code FROM store.issues ORDER BY code")
        assert issues == [("revisit", "error", "http_404"), ("revisit", "warning", "unconfirmed")]
        assert look(nights.home, 20 * MINUTE).plan.looks == {}, (
            "it was looked at, and waits for its next time"
        )

    def test_when_all_seem_gone_none_is(self, nights: Nights, web: Web) -> None:
        pages = {f"/{number}": claim(number) for number in range(5)}
        first_night(nights, web, pages)
        web.pages = {"/f.xml": rss(web, *pages)}
        assert look(nights.home, 15 * MINUTE).exit_code == 1
        assert rows(nights.home, "SELECT count(*) FROM store.documents WHERE gone_at IS NOT NULL") == [(0,)]
        assert rows(nights.home, "SELECT code FROM store.issues") == [("mass_gone",)]
        assert look(nights.home, 20 * MINUTE).plan.looks == {}
        web.pages |= {"/0": pages["/0"]}
        assert look(nights.home, 30 * MINUTE).exit_code == 0
        assert rows(nights.home, "SELECT count(*) FROM store.documents WHERE gone_at IS NOT NULL") == [(4,)]

    def test_it_is_no_night(self, nights: Nights, web: Web) -> None:
        """A revisit changes neither the listing's state nor the sources' records, whatever goes wrong."""
        first_night(nights, web, {"/a": claim(0), "/b": claim(1)}, expect_min=2)
        tables = ("SELECT * FROM crawls", "SELECT * FROM source_health", "SELECT * FROM silences")
        rows_before = [rows(nights.home, sql) for sql in tables]
        listing = "SELECT * FROM sources"
        state = sqlite3.connect(nights.home.crawl_state).execute(listing).fetchall()
        web.pages["/a"] = Reply("no", 403)
        web.pages["/b"] = Reply("busy", 503)
        look(nights.home, 15 * MINUTE)
        assert [rows(nights.home, sql) for sql in tables] == rows_before
        assert sqlite3.connect(nights.home.crawl_state).execute(listing).fetchall() == state
        issues = rows(nights.home, "SELECT stage, code FROM store.issues ORDER BY code")
        assert issues == [("revisit", "http_403"), ("revisit", "http_503")]
        lines = inbox_lines(nights.home.inbox / "20260302T031500Z-revisit")
        assert [line["type"] for line in lines] == ["source", "issue", "issue"]

    def test_an_article_that_says_it_has_been_removed_is_not(self, nights: Nights, web: Web) -> None:
        first_night(nights, web, {"/a": claim(0)})
        web.pages["/a"] = story(
            "Model AsterA has 70b parameters. This post has been removed, page not found, 404."
        )
        look(nights.home, 15 * MINUTE)
        assert rows(nights.home, "SELECT count(*), count(gone_at) FROM store.documents") == [(1, 0)]
        assert rows(nights.home, "SELECT max(number) FROM store.versions") == [(2,)]

    def test_a_live_thread_with_a_deleted_comment_is_there(self, nights: Nights, web: Web) -> None:
        child = platform("reddit_new.json")["data"]["children"][0]
        post = child["data"] | {
            "name": "t3_aaa", "permalink": "/r/A/comments/aaa/title/",
            "title": "Model Aster has 70b parameters.",
            "selftext": "Seen it.", "selftext_html": None, "is_self": True, "author": "wren",
        }  # fmt: skip
        comment = {
            "kind": "t1",
            "data": {
                "name": "t1_bbb", "author": "[deleted]", "body": "[deleted]",
                "created_utc": post["created_utc"],
                "permalink": "/r/A/comments/aaa/title/bbb/",
            },
        }  # fmt: skip

        thread = {"kind": "t3", "data": post}
        web.pages = {"/r/A/new.json": json_reply(listed(thread))}
        nights.sources({"id": "a", "spider": "reddit", "url": f"{web.url}/r/A"})
        nights.crawl(obey_robots=False)
        publish(nights.home)
        page = "/r/A/comments/aaa/title.json"
        web.pages |= {
            "/by_id/t3_aaa.json": json_reply(listed()),
            page: json_reply([listed(thread), listed(comment)]),
        }
        look(nights.home, 15 * MINUTE)
        assert web.asked(page) == 1
        assert rows(nights.home, "SELECT count(*), count(gone_at) FROM store.documents") == [(1, 0)]
        gone_post = {
            "kind": "t3",
            "data": post | {"author": "[deleted]", "selftext": "[deleted]", "selftext_html": None},
        }
        web.pages[page] = json_reply([listed(gone_post), listed(comment)])
        look(nights.home, 30 * MINUTE)
        assert rows(nights.home, "SELECT count(*), count(gone_at) FROM store.documents") == [(1, 1)]

    def test_only_live_claims(self, nights: Nights, web: Web) -> None:
        """Only nightly runs look at a page without a claim."""
        first_night(nights, web, {"/a": claim(0), "/b": story("The weather was fine.")})
        look(nights.home, 15 * MINUTE)
        assert (web.asked("/a"), web.asked("/b")) == (2, 1)


class TestTimes:
    def test_what_is_seen_bears_the_time_of_its_answer(self, nights: Nights, web: Web) -> None:
        """The text stood so between request and answer; both times are rounded outwards to whole seconds."""
        times: dict[str, float] = {}

        def slowly(handler: BaseHTTPRequestHandler) -> Reply:
            times["asked"] = time.monotonic()
            time.sleep(2.5)
            times["answered"] = time.monotonic()
            return claim(0)

        web.pages = {"/f.xml": rss(web, "/a"), "/a": slowly}
        nights.sources({"id": "f", "spider": "feeds", "url": f"{web.url}/f.xml"})
        night = nights.crawl(obey_robots=False, replay=False)
        (document,) = night.of("document")
        asked_at, seen_at = (datetime.fromisoformat(document[key]) for key in ("asked_at", "seen_at"))
        assert seen_at - asked_at >= timedelta(seconds=3), (
            "a floor and a ceiling around two and a half seconds"
        )
        assert (asked_at.microsecond, seen_at.microsecond) == (0, 0)
        assert asked_at >= FIRST_NIGHT
        state = CrawlState(nights.home.crawl_state)
        (known_look,) = state.looks([document["url"]])
        state.close()
        assert known_look.first_seen == known_look.checked == asked_at


    def test_the_clock_is_that_of_who_began(self, nights: Nights, web: Web) -> None:
        """However long the crawlers take to start, nothing is dated before the answer that shows it."""
        times: list[float] = []

        def page(_: BaseHTTPRequestHandler) -> Reply:
            times.append(time.time())
            return claim(0)

        web.pages = {"/f.xml": rss(web, "/a"), "/a": page}
        nights.sources({"id": "f", "spider": "feeds", "url": f"{web.url}/f.xml"})
        (document,) = nights.crawl(datetime.now(UTC), obey_robots=False, replay=False).of("document")
        asked_at, seen_at = (
            datetime.fromisoformat(document[key]).timestamp() for key in ("asked_at", "seen_at")
        )
        assert asked_at <= times[0] <= seen_at
        (started,) = [
            line["started_at"]
            for line in inbox_lines(next(nights.home.inbox.iterdir()))
            if line["type"] == "crawl"
        ]
        assert datetime.fromisoformat(started).timestamp() <= times[0]


def start(home: Home, after: timedelta) -> BaseProcess:
    settings = CrawlConfig(
        delay=0.0, per_host=2, retries=0, timeout=600.0, allow_private_addresses=True, obey_robots=False
    )
    return revisiting(home, settings, FIRST_NIGHT + after)


class TestBesideOthers:
    def test_a_second_revisit_ends_at_once(self, nights: Nights, web: Web) -> None:
        begun_look, go = threading.Event(), threading.Event()

        def held(_: BaseHTTPRequestHandler) -> Reply:
            begun_look.set()
            go.wait(WAIT)
            return claim(0)

        first_night(nights, web, {"/a": claim(0)})
        web.pages["/a"] = held
        other_process = start(nights.home, 15 * MINUTE)
        assert begun_look.wait(WAIT)
        second_look = look(nights.home, 15 * MINUTE)
        assert second_look.why is not None and f"process {other_process.pid}" in second_look.why
        assert second_look.exit_code == 0
        go.set()
        other_process.join(WAIT)
        assert other_process.exitcode == 0

    def test_while_a_run_holds_the_home_folder(self, nights: Nights, web: Web) -> None:
        first_night(nights, web, {"/a": claim(0)})
        web.pages["/a"] = claim(0, 400)
        with locked(nights.home):
            look_made = look(nights.home, 15 * MINUTE)
        assert look_made.exit_code == 0 and look_made.report is None
        assert look_made.why is not None and "That run, or the next one, stores what came" in look_made.why
        assert rows(nights.home, "SELECT count(*) FROM store.versions") == [(1,)]
        publish(nights.home, FIRST_NIGHT + 20 * MINUTE)
        assert rows(nights.home, "SELECT unchanged_at, seen_at FROM store.versions WHERE number = 2") == [
            (naive(0 * MINUTE), naive(15 * MINUTE))
        ]

    def test_a_night_waits_until_a_revisit_has_taken_in_what_it_saw(
        self, home: Home, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begun_taking, taken_in = threading.Event(), threading.Event()

        def take_in() -> None:
            with locked(home, looks=True):
                begun_taking.set()
                time.sleep(0.5)
                taken_in.set()

        other_thread = threading.Thread(target=take_in)
        other_thread.start()
        assert begun_taking.wait(WAIT)
        with locked(home):
            assert taken_in.is_set()
        other_thread.join()
        monkeypatch.setattr(pipeline.run.nightly, "TAKE_IN", 0.0)
        with (
            locked(home, looks=True), pytest.raises(BusyError, match="in use by a revisit, process"),
            locked(home),
        ):
            pass

    def test_beside_a_night_nothing_is_lost(self, nights: Nights, web: Web) -> None:
        """Two processes write state, archive and inbox side by side: each document is in all three."""
        old = [f"/old{number}" for number in range(8)]
        new = [f"/new{number}" for number in range(25)]
        both_asked = threading.Barrier(2, timeout=WAIT)
        first_night(nights, web, {path: claim(number) for number, path in enumerate(old)})
        met: set[str] = set()

        def page(handler: BaseHTTPRequestHandler) -> Reply:
            kind, number = handler.path[1:4], int(handler.path[4:])
            if kind not in met:
                met.add(kind)
                both_asked.wait()
            time.sleep(0.1)
            return claim(number, 400)

        web.pages = dict.fromkeys(old + new, page) | {"/f.xml": rss(web, *new), "/g.xml": rss(web, *new)}
        other_process = start(nights.home, 15 * MINUTE)
        revisit_at = FIRST_NIGHT + 15 * MINUTE
        nights.sources({"id": "f", "spider": "feeds", "url": f"{web.url}/f.xml"})
        with locked(nights.home):
            night = nights.crawl(revisit_at, per_host=2, obey_robots=False)
        other_process.join(WAIT)
        assert other_process.exitcode == 0
        assert {document["url"] for document in night.of("document")} >= {web.url + path for path in new}
        publish(nights.home, revisit_at + MINUTE)
        take_in_looks(nights.home, CONFIG, now=revisit_at + 2 * MINUTE)
        assert rows(nights.home, "SELECT count(*) FROM store.documents") == [(len(old) + len(new),)]
        assert rows(nights.home, "SELECT count(*) FROM store.versions WHERE number = 2") == [(len(old),)]
        state = sqlite3.connect(nights.home.crawl_state)
        assert state.execute("SELECT count(*), count(last_present) FROM seen").fetchone() == (33, 33)
        kept_records = set()
        for file in nights.home.archive.glob("*.warc.gz"):
            assert (file.parent / file.name.replace(".warc.gz", ".merkle.json")).exists()
            with file.open("rb") as stream:
                records = ArchiveIterator(stream, check_digests="raise")
                kept_records |= {
                    f"{file.name}#{record.rec_headers['WARC-Record-ID'].strip('<>')}"
                    for record in records
                    if record.content_stream().read()
                }
        assert {warc for (warc,) in rows(nights.home, "SELECT warc FROM store.versions")} <= kept_records

    @pytest.mark.parametrize("first", ["night", "revisit"])
    def test_what_was_seen_later_stands_whichever_file_is_read_first(
        self, nights: Nights, web: Web, first: str
    ) -> None:
        """One file says that the page was there, the other that it was gone: the later look counts."""
        first_night(nights, web, {"/a": claim(0)})
        url = f"{web.url}/a"
        night, other_run = ("a", "b") if first == "night" else ("b", "a")
        base = {"url": url, "source": "f"}
        text = {"type": "document", "platform": "news", "text": "Model AsterA again.", "title": "T"} | base
        gone_fields = {"type": "gone", "evidence": "HTTP 410"} | base
        for seen_minute, deleted_minute, expected in ((10, 15, 1), (35, 20, 0)):
            seen_at = f"2026-03-02T03:{seen_minute}:00Z"
            files = {
                f"{night}{seen_minute}": text | {"seen_at": seen_at, "asked_at": seen_at},
                f"{other_run}{seen_minute}": gone_fields | {"seen_at": f"2026-03-02T03:{deleted_minute}:00Z"},
            }
            for run_id, line in files.items():
                (nights.home.inbox / run_id).mkdir()
                with gzip.open(nights.home.inbox / run_id / "f.jsonl.gz", "wb") as file:
                    file.write(json.dumps(line).encode() + b"\n")
            take_in_looks(nights.home, CONFIG, now=FIRST_NIGHT + seen_minute * MINUTE)
            assert rows(nights.home, "SELECT count(gone_at) FROM store.documents") == [(expected,)]


@pytest.mark.skipif(not Path("/proc").exists(), reason="finds the crawl process by /proc")
def test_a_kill_in_the_middle_loses_nothing(nights: Nights, web: Web) -> None:
    paths = [f"/{number}" for number in range(20)]
    half_done, kill_done = threading.Event(), threading.Event()
    first_night(nights, web, {path: claim(number) for number, path in enumerate(paths)})

    def slowly(handler: BaseHTTPRequestHandler) -> Reply:
        if not kill_done.is_set():
            time.sleep(0.3)
            if len(web.requests) > 36:
                half_done.set()
                kill_done.wait(WAIT)
        return claim(int(handler.path[1:]), 400)

    web.requests.clear()
    web.requests += [("", {})] * 20
    web.pages |= dict.fromkeys(paths, slowly)
    process_ = start(nights.home, 15 * MINUTE)
    assert half_done.wait(WAIT)
    assert process_.pid
    (crawler,) = children(process_.pid)
    os.kill(process_.pid, signal.SIGKILL)
    process_.join(WAIT)
    ended(crawler)
    kill_done.set()
    kept_urls = {
        line["url"]
        for line in inbox_lines(nights.home.inbox / "20260302T031500Z-revisit")
        if line["type"] == "document"
    }
    assert 0 < len(kept_urls) < len(paths)
    again = look(nights.home, 16 * MINUTE)
    assert again.exit_code == 0
    assert 0 < again.plan.documents < len(paths), "what was written before the kill is not asked for again"
    counted = rows(nights.home, "SELECT count(DISTINCT document_id) FROM store.versions WHERE number = 2")
    assert counted == [(len(paths),)]
    assert all(end.outcome is Outcome.OK for end in again.ended)


def test_nothing_is_published_yet(home: Home) -> None:
    outcome = revisit(home, CONFIG, now=datetime(2026, 3, 2, tzinfo=UTC), progress=silent)
    assert (outcome.exit_code, outcome.why) == (0, "nothing is published yet, so no claim is known")


def test_nothing_heavy_is_loaded_before_something_is_due(nights: Nights, web: Web) -> None:
    first_night(nights, web, {"/a": claim(0)})
    words = (
        "import sys; from pipeline.cli.app import app\n"
        "try:\n    app(['revisit', '--home', sys.argv[1], '--now', '2026-03-02T03:05:00Z'])\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "print(sorted({'scrapy', 'twisted', 'spacy', 'torch', 'sklearn', 'scipy', 'trafilatura', "
        "'datasketch'} & set(sys.modules)))"
    )
    process = subprocess.run(
        [sys.executable, "-c", words, str(nights.home.path)], capture_output=True, text=True, timeout=WAIT
    )
    told, modules_loaded = process.stdout.splitlines()
    assert told == f"Nothing is due; the next look is due on 2026-03-02 03:15 UTC, at {web.url.removeprefix('http://')}/a"
    assert modules_loaded == "[]"
