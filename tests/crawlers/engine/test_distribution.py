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
from tests.crawlers.engines import Processes, ScriptedEngine, Threads, drive
from tests.forkserver import CONTEXT

DAY = timedelta(days=1)


def told(night: Collected) -> list[str]:
    """Return the inbox's lines without names of archived records, measured times, and the number of
    requests for links: a link that leads away from its shard is requested twice.
    """
    lines = []
    for line in night.lines:
        if line["type"] == "crawl" and line["source"] == "linked":
            line = line | {"requests": line["requests"] > 0}
        fields = {
            key: value for key, value in line.items() if key not in ("warc", "started_at", "finished_at")
        }
        lines.append(json.dumps(fields, sort_keys=True))
    return sorted(lines)


def crawled(home: Home, engine: Engine | None, now: Any = FIRST_NIGHT, *, replay: bool = True,
            **settings: Any) -> Collected:
    """Crawl one night on `engine`, as `Nights.crawl` does but with links of posts followed."""
    values = {"delay": 0.0, "per_host": 8, "retries": 0, "timeout": 60.0} | settings
    run_id = f"{now:%Y%m%dT%H%M%SZ}"
    ends = launcher.crawl(home, Config(crawl=CrawlConfig(**values)), run_id=run_id, now=now, replay=replay,
                          work=distribution.on(engine))
    return Collected({end.source: end for end in ends}, inbox_lines(home.inbox / run_id))


def memory(home: Home) -> dict[str, list[Any]]:
    """Return the rows of the crawlers' memory."""
    database = sqlite3.connect(home.crawl_state)
    tables = {name: sorted(database.execute(f"SELECT * FROM {name}"), key=repr)
              for name in ("sources", "seen", "links", "asked")}
    database.close()
    return tables


def records(home: Home) -> dict[str, bytes]:
    """Return the payload of each archived record, by the name that documents use."""
    bodies = {}
    for file in home.archive.glob("*.warc.gz"):
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                name = f"{file.name}#{record.rec_headers['WARC-Record-ID'].strip('<>')}"
                bodies[name] = record.content_stream().read()
    return bodies


def askers(web: Web) -> dict[str, list[str]]:
    """Return who asked each site, in order of requests: the names of shards, or "" for this process."""
    agents = defaultdict(list)
    for url, headers in web.requests:
        agents[outlet(url)].append(headers["User-Agent"].partition("(+")[2].rstrip(")"))
    return agents


def in_one_go(names: list[str]) -> bool:
    """Return whether each asker's requests are consecutive, so that no two asked at the same time."""
    runs = [name for name, previous in zip(names, [None, *names], strict=False) if name != previous]
    return len(runs) == len(set(runs))


def feed_of(site: str, *pages: str, **options: Any) -> Reply:
    """Return a feed of `site` that lists pages, by their addresses or by their paths."""
    links = (page if "://" in page else f"http://{site}{page}" for page in pages)
    return Reply(rss_of(f"http://{site}", *links), kind="application/rss+xml", **options)


def feeds(*names: str) -> list[dict[str, Any]]:
    """Return the declarations of the feeds of the sites NAME.example."""
    return [{"id": name, "spider": "feeds", "url": f"http://{name}.example/feed.xml"} for name in names]


def small_web(web: Web, *names: str, pages: int = 3) -> None:
    """Serve sites NAME.example, each with a feed and its pages."""
    for name in names:
        site = f"{name}.example"
        paths = [f"/{number}" for number in range(pages)]
        web.pages |= {f"http://{site}{path}": story(f"{name} {path}") for path in paths}
        web.pages[f"http://{site}/feed.xml"] = feed_of(site, *paths)


@pytest.fixture
def hits(web: Web) -> dict[str, Any]:
    """Serve a search of Hacker News whose posts link to pages on the small web."""
    shared_fields = {"author": "ada", "created_at_i": 1772410000, "points": 1, "_tags": ["story"]}
    posts = [
        {"objectID": "1", "title": "A page of a", "url": "http://a.example/linked"},
        {"objectID": "2", "title": "A page of nobody", "url": "http://nobody.example/linked"},
        {"objectID": "3", "title": "A page that b has", "url": "http://b.example/1"},
    ]
    search_answer = {"hits": [shared_fields | post for post in posts], "nbPages": 1, "page": 0}
    web.pages["http://hn.algolia.com/api/v1/search_by_date"] = json_reply(search_answer)
    web.pages |= {post["url"]: story(post["title"]) for post in posts[:2]}
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
            for night_at in DEMO_NIGHTS:
                site.clock = night_at
                nights = {
                    name: crawled(home, Threads() if name == "shards" else None, night_at, proxy=site.proxy,
                                  allow_private_addresses=True, retries=1)
                    for name, home in homes.items()
                }
                assert told(nights["shards"]) == told(nights["one"])
                assert list(nights["shards"].crawls) == list(nights["one"].crawls)
                run = f"{night_at:%Y%m%dT%H%M%SZ}"
                files_written = {name: sorted(file.name for file in (home.inbox / run).iterdir())
                                 for name, home in homes.items()}
                assert files_written["shards"] == files_written["one"]
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
        started_before = len(preloaded.STARTED)
        night = crawled(nights.home, Threads(workers=1), proxy=web.url)
        assert len(preloaded.STARTED) == started_before + 1
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
        assert {crawl_end.outcome for crawl_end in night.crawls.values()} == {Outcome.OK}
        agents = askers(web)
        shards = {site: set(names) - {""} for site, names in agents.items()}
        sites = ["algolia.com", *(f"{name}.example" for name in "abcdef")]
        linked = {"a.example": 1}
        assert {site: len(shards[site]) - linked.get(site, 0) for site in sites} == dict.fromkeys(sites, 1)
        assert len({name for name in set.union(*shards.values()) if ".example" not in name}) == 4
        # What links lead to comes last, each site's robots.txt before it, and the sites in any order.
        linked_to = [url.endswith("/linked") or "nobody" in url for url, _ in web.requests]
        last_urls = [url for url, _ in web.requests[linked_to.index(True):]]
        assert all(url.endswith(("/linked", "/robots.txt")) or "nobody" in url for url in last_urls)
        assert {site: len(set(agents[site])) for site in ("a.example", "nobody.example")} == {
            "a.example": 2, "nobody.example": 1}
        assert all(map(in_one_go, agents.values())) and "" not in agents["nobody.example"]
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
        first_night = crawled(nights.home, Threads(workers=4), proxy=web.url)
        assert first_night.crawls["list"].outcome is Outcome.OK
        assert {line["url"] for line in first_night.of("document")} >= {
            "http://list.example/own", "http://far.example/page", "http://b.example/2"}
        assert sorted(file.name for file in (nights.home.inbox / "20260302T030000Z").iterdir()) == [
            "a.jsonl.gz", "b.jsonl.gz", "c.jsonl.gz", "list.jsonl.gz"]
        agents = askers(web)
        assert all(map(in_one_go, agents.values()))
        assert set(agents["far.example"]) == {""}, "no shard asks a site that is not its own"
        assert len(set(agents["b.example"]) - {""}) == 1
        web.requests.clear()
        second_night = crawled(nights.home, Threads(workers=4), SECOND_NIGHT, proxy=web.url)
        agents = askers(web)
        assert {site: len(set(names)) for site, names in agents.items()} == dict.fromkeys(agents, 1)
        assert agents["b.example"][0] == agents["list.example"][0] == agents["far.example"][0] != ""
        assert len(second_night.of("document", "list")) == len(first_night.of("document", "list"))

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
        [issue] = [line for line in night.of("issue", "linked") if line["place"] == "http://a.example/linked"]
        assert "left alone" in issue["message"]


class TestWhatGoesWrong:
    def test_where_no_worker_reaches_anything_there_is_no_network(self, nights: Nights, web: Web) -> None:
        nights.sources(*feeds(*"abc"))
        engine = ScriptedEngine(
            lambda shard: Crawled(elsewhere=frozenset(source.id for source in shard.sources),
                                  unreachable="no network: none of 3 hosts can be reached"))
        night = crawled(nights.home, engine, proxy=web.url)
        assert {(crawl_end.outcome, crawl_end.message) for crawl_end in night.crawls.values()} == {
            (Outcome.FAILED, "no network: none of 3 hosts can be reached")}
        assert (night.codes(), web.requests) == ([], [])

    def test_what_one_worker_cannot_reach_is_crawled_here(self, nights: Nights, web: Web) -> None:
        small_web(web, *"ab")
        nights.sources(*feeds("a", "b"))

        def answers(shard: Shard) -> Crawled:
            if shard.sources[0].id == "b":
                return Crawled(elsewhere=frozenset("b"), unreachable="no network: nothing")
            return crawl_shard(shard)

        night = crawled(nights.home, ScriptedEngine(answers), proxy=web.url)
        assert {name: crawl_end.documents for name, crawl_end in night.crawls.items()} == {"a": 3, "b": 3}

    def test_a_credential_that_only_this_machine_has(
        self, nights: Nights, web: Web, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        small_web(web, "a")
        user_url = "http://127.0.0.1/2/users/by/username/lab"
        web.pages[user_url] = json_reply({"data": {"id": "1", "username": "lab", "name": "Lab"}})
        web.pages["http://127.0.0.1/2/users/1/tweets"] = json_reply({"meta": {"result_count": 0}})
        nights.sources(*feeds("a"), {"id": "x", "spider": "x", "url": "http://127.0.0.1/lab"})
        monkeypatch.setenv("X_BEARER_TOKEN", "token-of-the-driver")

        def answers(shard: Shard) -> Crawled:
            with pytest.MonkeyPatch.context() as worker:
                worker.delenv("X_BEARER_TOKEN")
                return crawl_shard(shard)

        night = crawled(nights.home, ScriptedEngine(answers), proxy=web.url, allow_private_addresses=True)
        assert night.crawls["a"].documents == 3
        assert night.crawls["x"].outcome is Outcome.OK
        assert any(url.startswith(user_url) for url, _ in web.requests)

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

        engine = ScriptedEngine(answers)
        night = crawled(nights.home, engine, proxy=web.url)
        ids_by_shard = [[source.id for source in shard.sources] for shard in engine.shards]
        assert ids_by_shard == [["c", "c2", "d"], ["a", "b"], ["c"], ["d"], ["c2"]]
        documents = {name: crawl_end.documents for name, crawl_end in night.crawls.items()}
        assert documents == {"a": 3, "b": 3, "c": 0, "d": 3, "c2": 1}
        words = "the workers that crawled it, and it alone, were lost: 4 workers died"
        assert (night.crawls["c"].outcome, night.crawls["c"].message) == (Outcome.FAILED, words)
        [issue] = night.of("issue")
        assert (issue["source"], issue["code"], issue["message"]) == ("c", "unfinished", words)
        assert all(map(in_one_go, askers(web).values()))

    def test_a_shard_whose_time_is_over_asks_nobody(self, nights: Nights, web: Web) -> None:
        small_web(web, *"ab")
        nights.sources(*feeds("a", "b"))
        engine = ScriptedEngine(lambda shard: crawl_shard(replace(shard, began=time.time() - 8000)))
        night = crawled(nights.home, engine, proxy=web.url, follow_links=0)
        assert {crawl_end.outcome for crawl_end in night.crawls.values()} == {Outcome.FAILED}
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

        night = crawled(nights.home, ScriptedEngine(answers), proxy=web.url)
        assert {name: crawl_end.documents for name, crawl_end in night.crawls.items()} == {"a": 3, "b": 3}
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

        night = crawled(nights.home, ScriptedEngine(answers), proxy=web.url, per_host=2)
        assert night.crawls["b"].documents == 3
        assert night.crawls["a"].outcome is Outcome.FAILED
        assert 0 < len(night.of("document", "a")) < 120
        assert {line["warc"] for line in night.of("document")} <= records(nights.home).keys()
        seen_urls = {row[2] for row in memory(nights.home)["seen"] if row[0] == "a"}
        assert seen_urls <= {line["url"] for line in night.of("document", "a")}


def test_a_record_that_was_cut_off_is_left_where_it_was_cut_off(tmp_path: Path) -> None:
    """Otherwise the records after it in the night's archive could not be read."""
    from scrapy.http import Response

    far_archive = Archive(tmp_path / "there", "run")
    for number in range(3):
        far_archive.keep(Response(f"http://a.example/{number}", body=os.urandom(3000)), FIRST_NIGHT)
    far_archive.close()
    file = tmp_path / "there" / "run.warc.gz"
    whole_records = shard_worker._whole(file)
    assert whole_records == file.read_bytes()
    file.write_bytes(whole_records[:-700])
    near_archive = Archive(tmp_path / "here", "run")
    near_archive.take_in(shard_worker._whole(file))
    near_archive.keep(Response("http://b.example/", body=b"the next"), FIRST_NIGHT)
    near_archive.close()
    with (tmp_path / "here" / "run.warc.gz").open("rb") as stream:
        urls = [
            record.rec_headers["WARC-Target-URI"] for record in ArchiveIterator(stream, check_digests="raise")
        ]
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
    """Hold back later pages of a.example; yield the event that says so and the one that releases them."""
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
        held_up, let_go = slow
        nights.sources(*feeds("a", "b"))
        engine = Processes()
        night: list[Collected] = []
        crawl = threading.Thread(
            target=lambda: night.append(crawled(nights.home, engine, proxy=web.url, delay=0.01, per_host=2)))
        crawl.start()
        assert held_up.wait(WAIT)
        [first_asker] = {name for name in askers(web)["a.example"] if name}
        os.kill(int(first_asker.partition(":")[0]), signal.SIGKILL)
        let_go.set()
        crawl.join(WAIT)
        [night_] = night
        assert {name: crawl_end.documents for name, crawl_end in night_.crawls.items()} == {"a": 40, "b": 30}
        urls = [line["url"] for line in night_.of("document")]
        assert len(urls) == len(set(urls)) == 70
        assert sorted(file.name for file in (nights.home.inbox / "20260302T030000Z").iterdir()) == [
            "a.jsonl.gz", "b.jsonl.gz"]
        assert len(records(nights.home)) == 70, "nothing of the first attempt is in the archive"
        agents = askers(web)
        assert len(set(agents["a.example"])) == 2 and in_one_go(agents["a.example"])
        assert len(set(agents["b.example"])) == 1
        assert len(engine.pids) == 3

    def test_a_source_that_kills_its_workers_fails_and_those_beside_it_do_not(
        self, nights: Nights, web: Web
    ) -> None:
        small_web(web, *"abcd")
        killed_askers: list[str] = []

        def kill(handler: BaseHTTPRequestHandler) -> Reply:
            asker = handler.headers["User-Agent"].partition("(+")[2].partition(":")[0]
            if asker not in killed_askers:
                killed_askers.append(asker)
                os.kill(int(asker), signal.SIGKILL)
            return story("Too much for any worker")

        web.pages["http://a.example/1"] = kill
        nights.sources(*feeds(*"abcd"))
        night = crawled(nights.home, Processes(), proxy=web.url)
        assert len(killed_askers) == 6, "three beside another source, and three alone"
        documents = {name: crawl_end.documents for name, crawl_end in night.crawls.items()}
        assert documents == {"a": 0, "b": 3, "c": 3, "d": 3}
        assert night.codes() == ["unfinished"]
        assert len(records(nights.home)) == 9
        agents = askers(web)
        assert all(map(in_one_go, agents.values())), "no host is asked by two workers at once"
        assert len(set(agents["a.example"])) == 6

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
    folders_left = sorted(path.name.removeprefix(shard_worker.PREFIX) for path in tmp_path.iterdir())
    assert folders_left == ["begun", "held"]
