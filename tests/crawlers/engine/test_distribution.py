"""Nights in shards: the same result as by one process, one worker for each host, and what survives a kill."""

from __future__ import annotations

import gzip
import json
import os
import signal
import sqlite3
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawlers.demo.content import NIGHTS as DEMO_NIGHTS
from crawlers.demo.proxy import Site
from crawlers.demo.x import TOKEN
from crawlers.engine import distribution, launcher, shard_worker
from crawlers.engine.shard_worker import crawl_shard
from crawlers.engine.shards import Crawled, Shard
from crawlers.http.warc_writer import Archive
from crawlers.normalise.urls import outlet
from pipeline.core.config import Config, CrawlConfig
from pipeline.core.engine import Engine, WorkerLost
from pipeline.core.files import FileLock
from pipeline.core.home import Home
from pipeline.core.vocabulary import Outcome
from tests.crawlers import preloaded
from tests.crawlers.conftest import (
    FIRST_NIGHT,
    SECOND_NIGHT,
    WAIT,
    Collected,
    Nights,
    Reply,
    Web,
    children,
    ended,
    inbox_lines,
    json_reply,
    rss_of,
    story,
)
from tests.crawlers.engines import Processes, Threads, Told, drive
from tests.forkserver import CONTEXT

DAY = timedelta(days=1)


def told(night: Collected) -> list[str]:
    """The inbox's lines, but for the names of archived records, what is measured of time, and the number of
    requests for links: one that leads away from its shard is asked for twice.
    """
    lines = []
    for line in night.lines:
        if line["type"] == "crawl" and line["source"] == "linked":
            line = line | {"requests": line["requests"] > 0}
        kept = {key: value for key, value in line.items() if key not in ("warc", "started_at", "finished_at")}
        lines.append(json.dumps(kept, sort_keys=True))
    return sorted(lines)


def crawled(home: Home, engine: Engine | None, now: Any = FIRST_NIGHT, *, replay: bool = True,
            **settings: Any) -> Collected:
    """One night on `engine`; as `Nights.crawl` sets it up, but that links of posts are followed."""
    values = {"delay": 0.0, "per_host": 8, "retries": 0, "timeout": 60.0} | settings
    run_id = f"{now:%Y%m%dT%H%M%SZ}"
    ends = launcher.crawl(home, Config(crawl=CrawlConfig(**values)), run_id=run_id, now=now, replay=replay,
                          work=distribution.on(engine))
    return Collected({one.source: one for one in ends}, inbox_lines(home.inbox / run_id))


def memory(home: Home) -> dict[str, list[Any]]:
    """The rows of the crawlers' memory."""
    database = sqlite3.connect(home.crawl_state)
    tables = {name: sorted(database.execute(f"SELECT * FROM {name}"), key=repr)
              for name in ("sources", "seen", "links", "asked")}
    database.close()
    return tables


def records(home: Home) -> dict[str, bytes]:
    """The payload of each archived record, by how documents name it."""
    found = {}
    for file in home.archive.glob("*.warc.gz"):
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                name = f"{file.name}#{record.rec_headers['WARC-Record-ID'].strip('<>')}"
                found[name] = record.content_stream().read()
    return found


def askers(web: Web) -> dict[str, list[str]]:
    """Who asked each site, in the order of the requests: the names that shards are crawled under, "" here."""
    asked = defaultdict(list)
    for url, headers in web.requests:
        asked[outlet(url)].append(headers["User-Agent"].partition("(+")[2].rstrip(")"))
    return asked


def in_one_go(names: list[str]) -> bool:
    """Whether nobody came back after another one: no two asked beside each other."""
    runs = [name for name, before in zip(names, [None, *names], strict=False) if name != before]
    return len(runs) == len(set(runs))


def feed_of(site: str, *pages: str, **options: Any) -> Reply:
    """A feed of `site` that lists pages, by their addresses or by their paths."""
    links = (page if "://" in page else f"http://{site}{page}" for page in pages)
    return Reply(rss_of(f"http://{site}", *links), kind="application/rss+xml", **options)


def feeds(*names: str) -> list[dict[str, Any]]:
    """The declarations of the feeds of the sites NAME.example."""
    return [{"id": name, "spider": "feeds", "url": f"http://{name}.example/feed.xml"} for name in names]


def small_web(web: Web, *names: str, pages: int = 3) -> None:
    """Sites NAME.example, each with a feed and its pages."""
    for name in names:
        site = f"{name}.example"
        paths = [f"/{number}" for number in range(pages)]
        web.pages |= {f"http://{site}{path}": story(f"{name} {path}") for path in paths}
        web.pages[f"http://{site}/feed.xml"] = feed_of(site, *paths)


@pytest.fixture
def hits(web: Web) -> dict[str, Any]:
    """A search of Hacker News whose posts link to pages on the small web."""
    shared = {"author": "ada", "created_at_i": 1772410000, "points": 1, "_tags": ["story"]}
    posts = [
        {"objectID": "1", "title": "A page of a", "url": "http://a.example/linked"},
        {"objectID": "2", "title": "A page of nobody", "url": "http://nobody.example/linked"},
        {"objectID": "3", "title": "A page that b has", "url": "http://b.example/1"},
    ]
    answer = {"hits": [shared | post for post in posts], "nbPages": 1, "page": 0}
    web.pages["http://hn.algolia.com/api/v1/search_by_date"] = json_reply(answer)
    web.pages |= {one["url"]: story(one["title"]) for one in posts[:2]}
    return {"id": "hn", "spider": "hackernews",
            "url": "http://hn.algolia.com/api/v1/search_by_date?query=x&tags=story"}


class TestTheSameAsOneProcess:
    def test_three_nights_of_the_demo(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """All spiders, edits, deletions, a feed that fails, links of posts: line for line, row for row."""
        monkeypatch.setenv("X_BEARER_TOKEN", TOKEN)
        homes = {name: Home(tmp_path / name) for name in ("one", "shards")}
        with Site() as site:
            for home in homes.values():
                home.path.mkdir()
                home.sources_file.write_text((files("crawlers.demo") / "sources.toml").read_text("utf-8"))
            for now in DEMO_NIGHTS:
                site.clock = now
                nights = {
                    name: crawled(home, Threads() if name == "shards" else None, now, proxy=site.proxy,
                                  allow_private_addresses=True, retries=1)
                    for name, home in homes.items()
                }
                assert told(nights["shards"]) == told(nights["one"])
                assert list(nights["shards"].crawls) == list(nights["one"].crawls)
                run = f"{now:%Y%m%dT%H%M%SZ}"
                written = {name: sorted(file.name for file in (home.inbox / run).iterdir())
                           for name, home in homes.items()}
                assert written["shards"] == written["one"]
        assert memory(homes["shards"]) == memory(homes["one"])
        for home in homes.values():
            archived = records(home)
            documents = [line for folder in home.inbox.iterdir() for line in inbox_lines(folder)
                         if line["type"] == "document"]
            assert len(documents) > 100
            assert {line["warc"] for line in documents} <= archived.keys()

    def test_with_one_worker_the_night_is_one_process(self, nights: Nights, web: Web) -> None:
        small_web(web, "a", "b")
        nights.sources(*feeds("a", "b"))
        begun = len(preloaded.STARTED)
        night = crawled(nights.home, Threads(workers=1), proxy=web.url)
        assert len(preloaded.STARTED) == begun + 1
        assert len(night.of("document")) == 6
        assert {name for names in askers(web).values() for name in names} == {""}


class TestOneHostOneWorker:
    def test_each_site_is_asked_by_one_shard_and_links_are_followed_when_all_are_done(
        self, nights: Nights, web: Web, hits: dict[str, Any]
    ) -> None:
        small_web(web, *"abcdef")
        web.pages["http://www.a.example/other.xml"] = feed_of("www.a.example", "/0", "/more")
        web.pages["http://www.a.example/0"] = web.pages["http://www.a.example/more"] = story("More of a")
        nights.sources(*feeds(*"abcdef"), hits,
                       {"id": "a2", "spider": "feeds", "url": "http://www.a.example/other.xml"})
        night = crawled(nights.home, Threads(workers=4), proxy=web.url)
        assert {one.outcome for one in night.crawls.values()} == {Outcome.OK}
        asked = askers(web)
        shards = {site: set(names) - {""} for site, names in asked.items()}
        sites = ["algolia.com", *(f"{name}.example" for name in "abcdef")]
        linked = {"a.example": 1}
        assert {site: len(shards[site]) - linked.get(site, 0) for site in sites} == dict.fromkeys(sites, 1)
        assert len({name for name in set.union(*shards.values()) if ".example" not in name}) == 4
        # What links lead to comes last, each site's robots.txt before it, and the sites in any order.
        linked_to = [url.endswith("/linked") or "nobody" in url for url, _ in web.requests]
        last = [url for url, _ in web.requests[linked_to.index(True):]]
        assert all(url.endswith(("/linked", "/robots.txt")) or "nobody" in url for url in last)
        assert {site: len(set(asked[site])) for site in ("a.example", "nobody.example")} == {
            "a.example": 2, "nobody.example": 1}
        assert all(map(in_one_go, asked.values())) and "" not in asked["nobody.example"]
        assert {line["url"] for line in night.of("document") if line["url"].endswith("/linked")} == {
            "http://a.example/linked", "http://nobody.example/linked"}
        assert night.crawls["linked"].documents == 2

    def test_a_source_that_leads_to_another_site_is_crawled_last_and_next_night_beside_that_site(
        self, nights: Nights, web: Web
    ) -> None:
        small_web(web, *"abc")
        web.pages["http://list.example/feed.xml"] = feed_of(
            "list.example", "http://list.example/own", "http://b.example/2", "http://far.example/page")
        web.pages["http://list.example/own"] = story("The list's own")
        web.pages["http://far.example/page"] = story("Far away")
        nights.sources(*feeds("a", "b", "c", "list"))
        first = crawled(nights.home, Threads(workers=4), proxy=web.url)
        assert first.crawls["list"].outcome is Outcome.OK
        assert {line["url"] for line in first.of("document")} >= {
            "http://list.example/own", "http://far.example/page", "http://b.example/2"}
        assert sorted(file.name for file in (nights.home.inbox / "20260302T030000Z").iterdir()) == [
            "a.jsonl.gz", "b.jsonl.gz", "c.jsonl.gz", "list.jsonl.gz"]
        asked = askers(web)
        assert all(map(in_one_go, asked.values()))
        assert set(asked["far.example"]) == {""}, "no shard asks a site that is not its own"
        assert len(set(asked["b.example"]) - {""}) == 1
        web.requests.clear()
        second = crawled(nights.home, Threads(workers=4), SECOND_NIGHT, proxy=web.url)
        asked = askers(web)
        assert {site: len(set(names)) for site, names in asked.items()} == dict.fromkeys(asked, 1)
        assert asked["b.example"][0] == asked["list.example"][0] == asked["far.example"][0] != ""
        assert len(second.of("document", "list")) == len(first.of("document", "list"))

    def test_a_redirect_to_another_site_is_noticed_too(self, nights: Nights, web: Web) -> None:
        small_web(web, *"ab")
        web.pages["http://a.example/1"] = Reply("", 302, headers={"Location": "http://b.example/moved"})
        web.pages["http://b.example/moved"] = story("It moved")
        nights.sources(*feeds("a", "b"))
        night = crawled(nights.home, Threads(workers=2), proxy=web.url)
        assert in_one_go(askers(web)["b.example"])
        assert night.crawls["a"].outcome is Outcome.OK
        assert [line["url"] for line in night.of("document")].count("http://b.example/moved") == 1

    def test_a_host_that_asked_a_shard_for_a_pause_is_left_alone_by_who_follows_links(
        self, nights: Nights, web: Web, hits: dict[str, Any]
    ) -> None:
        small_web(web, *"ab")
        web.pages["http://a.example/2"] = Reply("busy", 429, headers={"Retry-After": "3600"})
        nights.sources(*feeds("a", "b"), hits)
        night = crawled(nights.home, Threads(workers=2), proxy=web.url)
        assert "" not in askers(web)["a.example"]
        [issue] = [one for one in night.of("issue", "linked") if one["place"] == "http://a.example/linked"]
        assert "left alone" in issue["message"]


class TestWhatGoesWrong:
    def test_where_no_worker_reaches_anything_there_is_no_network(self, nights: Nights, web: Web) -> None:
        nights.sources(*feeds(*"abc"))
        engine = Told(lambda shard: Crawled(elsewhere=frozenset(one.id for one in shard.sources),
                                            unreachable="no network: none of 3 hosts can be reached"))
        night = crawled(nights.home, engine, proxy=web.url)
        assert {(one.outcome, one.message) for one in night.crawls.values()} == {
            (Outcome.FAILED, "no network: none of 3 hosts can be reached")}
        assert (night.codes(), web.requests) == ([], [])

    def test_what_one_worker_cannot_reach_is_crawled_here(self, nights: Nights, web: Web) -> None:
        small_web(web, *"ab")
        nights.sources(*feeds("a", "b"))

        def answers(shard: Shard) -> Crawled:
            if shard.sources[0].id == "b":
                return Crawled(elsewhere=frozenset("b"), unreachable="no network: nothing")
            return crawl_shard(shard)

        night = crawled(nights.home, Told(answers), proxy=web.url)
        assert {name: one.documents for name, one in night.crawls.items()} == {"a": 3, "b": 3}

    def test_a_credential_that_only_this_machine_has(
        self, nights: Nights, web: Web, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        small_web(web, "a")
        asked = "http://127.0.0.1/2/users/by/username/lab"
        web.pages[asked] = json_reply({"data": {"id": "1", "username": "lab", "name": "Lab"}})
        web.pages["http://127.0.0.1/2/users/1/tweets"] = json_reply({"meta": {"result_count": 0}})
        nights.sources(*feeds("a"), {"id": "x", "spider": "x", "url": "http://127.0.0.1/lab"})
        monkeypatch.setenv("X_BEARER_TOKEN", "token-of-the-driver")

        def answers(shard: Shard) -> Crawled:
            with pytest.MonkeyPatch.context() as worker:
                worker.delenv("X_BEARER_TOKEN")
                return crawl_shard(shard)

        night = crawled(nights.home, Told(answers), proxy=web.url, allow_private_addresses=True)
        assert night.crawls["a"].documents == 3
        assert night.crawls["x"].outcome is Outcome.OK
        assert any(url.startswith(asked) for url, _ in web.requests)

    def test_of_a_shard_that_loses_its_workers_only_the_source_that_does_it_again_fails(
        self, nights: Nights, web: Web
    ) -> None:
        small_web(web, *"abcd")
        web.pages["http://www.c.example/other.xml"] = feed_of("www.c.example", "/more")
        web.pages["http://www.c.example/more"] = story("More of c")
        nights.sources(*feeds(*"abcd"),
                       {"id": "c2", "spider": "feeds", "url": "http://www.c.example/other.xml"})

        def answers(shard: Shard) -> Crawled:
            if "c" in {source.id for source in shard.sources}:
                raise WorkerLost("4 workers died")
            return crawl_shard(shard)

        engine = Told(answers)
        night = crawled(nights.home, engine, proxy=web.url)
        given = [[source.id for source in shard.sources] for shard in engine.shards]
        assert given == [["c", "c2", "d"], ["a", "b"], ["c"], ["d"], ["c2"]]
        documents = {name: one.documents for name, one in night.crawls.items()}
        assert documents == {"a": 3, "b": 3, "c": 0, "d": 3, "c2": 1}
        words = "the workers that crawled it, and it alone, were lost: 4 workers died"
        assert (night.crawls["c"].outcome, night.crawls["c"].message) == (Outcome.FAILED, words)
        [issue] = night.of("issue")
        assert (issue["source"], issue["code"], issue["message"]) == ("c", "unfinished", words)
        assert all(map(in_one_go, askers(web).values()))

    def test_a_shard_whose_time_is_over_asks_nobody(self, nights: Nights, web: Web) -> None:
        small_web(web, *"ab")
        nights.sources(*feeds("a", "b"))
        engine = Told(lambda shard: crawl_shard(replace(shard, began=time.time() - 8000)))
        night = crawled(nights.home, engine, proxy=web.url, follow_links=0)
        assert {one.outcome for one in night.crawls.values()} == {Outcome.FAILED}
        assert web.requests == []

    def test_a_full_disk_of_a_worker(
        self, nights: Nights, web: Web, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        small_web(web, *"ab")
        nights.sources(*feeds("a", "b"))

        def answers(shard: Shard) -> Crawled:
            def full(**_: Any) -> None:
                raise OSError(28, "No space left on device")

            with pytest.MonkeyPatch.context() as worker:
                worker.setattr(shard_worker, "TemporaryDirectory", full)
                return crawl_shard(shard)

        night = crawled(nights.home, Told(answers), proxy=web.url)
        assert {name: one.documents for name, one in night.crawls.items()} == {"a": 3, "b": 3}
        log = (nights.home.path / "logs" / "20260302T030000Z.log").read_text()
        assert "No space left on device" in log

    def test_a_crawl_process_that_is_killed_keeps_what_it_had_and_its_source_failed(
        self, nights: Nights, web: Web
    ) -> None:
        small_web(web, "b")
        paths = [f"/{number}" for number in range(120)]
        waiting, killed = threading.Event(), threading.Event()

        def held(_: BaseHTTPRequestHandler) -> Reply:
            waiting.set()
            killed.wait(WAIT)
            return Reply("", 500)

        web.pages |= {f"http://a.example{path}": story(f"Story {path}") for path in paths}
        web.pages["http://a.example/119"] = held
        web.pages["http://a.example/feed.xml"] = feed_of("a.example", *paths)
        nights.sources(*feeds("a", "b"))

        def answers(shard: Shard) -> Crawled:
            if shard.sources[0].id != "a":
                return crawl_shard(shard)
            threading.Thread(target=kill).start()
            return crawl_shard(shard)

        def kill() -> None:
            waiting.wait(WAIT)
            os.kill(preloaded.STARTED[-1], signal.SIGKILL)
            killed.set()

        night = crawled(nights.home, Told(answers), proxy=web.url, per_host=2)
        assert night.crawls["b"].documents == 3
        assert night.crawls["a"].outcome is Outcome.FAILED
        assert 0 < len(night.of("document", "a")) < 120
        assert {line["warc"] for line in night.of("document")} <= records(nights.home).keys()
        seen = {row[2] for row in memory(nights.home)["seen"] if row[0] == "a"}
        assert seen <= {line["url"] for line in night.of("document", "a")}


def test_a_record_that_was_cut_off_is_left_where_it_was_cut_off(tmp_path: Path) -> None:
    """What follows it in the night's archive could not be read."""
    from scrapy.http import Response

    there = Archive(tmp_path / "there", "run")
    for number in range(3):
        there.keep(Response(f"http://a.example/{number}", body=os.urandom(3000)), FIRST_NIGHT)
    there.close()
    file = tmp_path / "there" / "run.warc.gz"
    whole = shard_worker._whole(file)
    assert whole == file.read_bytes()
    file.write_bytes(whole[:-700])
    here = Archive(tmp_path / "here", "run")
    here.take_in(shard_worker._whole(file))
    here.keep(Response("http://b.example/", body=b"the next"), FIRST_NIGHT)
    here.close()
    with (tmp_path / "here" / "run.warc.gz").open("rb") as stream:
        urls = [one.rec_headers["WARC-Target-URI"] for one in ArchiveIterator(stream, check_digests="raise")]
    assert urls == ["http://a.example/0", "http://a.example/1", "http://b.example/"]


def test_an_archive_of_the_same_name_is_not_taken_for_this_nights(nights: Nights, web: Web) -> None:
    small_web(web, *"ab")
    nights.sources(*feeds("a", "b"))
    nights.home.archive.mkdir()
    (nights.home.archive / "20260302T030000Z.warc.gz").write_bytes(gzip.compress(b"of an earlier store"))
    night = crawled(nights.home, Threads(workers=2), proxy=web.url)
    assert {line["warc"].partition("#")[0] for line in night.of("document")} == {"20260302T030000Z.2.warc.gz"}


@pytest.fixture
def slow(web: Web) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Pages of a that are held back once some were given; told when they are, and to be let go."""
    small_web(web, "b", pages=30)
    held, let_go = threading.Event(), threading.Event()
    paths = [f"/{number}" for number in range(40)]

    def slowly(handler: BaseHTTPRequestHandler) -> Reply:
        if handler.path.endswith("/30") and not let_go.is_set():
            held.set()
            let_go.wait(WAIT)
        return story(f"Story {handler.path}")

    web.pages |= {f"http://a.example{path}": slowly for path in paths}
    web.pages["http://a.example/feed.xml"] = feed_of("a.example", *paths)
    yield held, let_go
    let_go.set()


class TestKilledWorkers:
    def test_a_shard_whose_worker_is_killed_is_done_again_whole(
        self, nights: Nights, web: Web, slow: tuple[threading.Event, threading.Event]
    ) -> None:
        held, let_go = slow
        nights.sources(*feeds("a", "b"))
        engine = Processes()
        night: list[Collected] = []
        crawl = threading.Thread(
            target=lambda: night.append(crawled(nights.home, engine, proxy=web.url, delay=0.01, per_host=2)))
        crawl.start()
        assert held.wait(WAIT)
        [first] = {name for name in askers(web)["a.example"] if name}
        os.kill(int(first.partition(":")[0]), signal.SIGKILL)
        let_go.set()
        crawl.join(WAIT)
        [night_] = night
        assert {name: one.documents for name, one in night_.crawls.items()} == {"a": 40, "b": 30}
        urls = [line["url"] for line in night_.of("document")]
        assert len(urls) == len(set(urls)) == 70
        assert sorted(file.name for file in (nights.home.inbox / "20260302T030000Z").iterdir()) == [
            "a.jsonl.gz", "b.jsonl.gz"]
        assert len(records(nights.home)) == 70, "nothing of the first attempt is in the archive"
        asked = askers(web)
        assert len(set(asked["a.example"])) == 2 and in_one_go(asked["a.example"])
        assert len(set(asked["b.example"])) == 1
        assert len(engine.pids) == 3

    def test_a_source_that_kills_its_workers_fails_and_those_beside_it_do_not(
        self, nights: Nights, web: Web
    ) -> None:
        small_web(web, *"abcd")
        killed: list[str] = []

        def kill(handler: BaseHTTPRequestHandler) -> Reply:
            asker = handler.headers["User-Agent"].partition("(+")[2].partition(":")[0]
            if asker not in killed:
                killed.append(asker)
                os.kill(int(asker), signal.SIGKILL)
            return story("Too much for any worker")

        web.pages["http://a.example/1"] = kill
        nights.sources(*feeds(*"abcd"))
        night = crawled(nights.home, Processes(), proxy=web.url)
        assert len(killed) == 6, "three beside another source, and three alone"
        documents = {name: one.documents for name, one in night.crawls.items()}
        assert documents == {"a": 0, "b": 3, "c": 3, "d": 3}
        assert night.codes() == ["unfinished"]
        assert len(records(nights.home)) == 9
        asked = askers(web)
        assert all(map(in_one_go, asked.values())), "no host is asked by two workers at once"
        assert len(set(asked["a.example"])) == 6

    @pytest.mark.skipif(not Path("/proc").exists(), reason="finds the crawl process by /proc")
    def test_workers_and_their_crawl_processes_die_with_the_driver(
        self, nights: Nights, web: Web, slow: tuple[threading.Event, threading.Event]
    ) -> None:
        nights.sources(*feeds("a", "b"))
        settings = CrawlConfig(delay=0.0, retries=0, proxy=web.url, follow_links=0)
        driver = CONTEXT.Process(target=drive, args=(nights.home, settings))
        driver.start()
        assert slow[0].wait(WAIT)
        [name] = {name for name in askers(web)["a.example"] if name}
        worker = int(name.partition(":")[0])
        [crawler] = children(worker)
        driver.kill()
        ended(worker)
        ended(crawler)
        driver.join()
        assert not (nights.home.inbox / "run" / "a.jsonl.gz").exists()


def test_what_a_killed_attempt_left_is_swept_and_what_is_in_use_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("left", "held", "begun"):
        (tmp_path / f"{shard_worker.PREFIX}{name}" / "inbox").mkdir(parents=True)
    for name, words in (("left", "process 1"), ("begun", "")):
        (tmp_path / f"{shard_worker.PREFIX}{name}" / shard_worker.LOCK).write_text(words)
    with FileLock(tmp_path / f"{shard_worker.PREFIX}held" / shard_worker.LOCK).held():
        shard_worker._sweep()
    left = sorted(path.name.removeprefix(shard_worker.PREFIX) for path in tmp_path.iterdir())
    assert left == ["begun", "held"]
