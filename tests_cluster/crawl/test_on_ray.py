"""Crawls on a Ray cluster: the same as by one process, each host asked by one worker, workers killed."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from importlib.resources import files
from pathlib import Path

import pytest

from benchmarks.speed.ray_cluster import Machines
from crawlers.demo.content import NIGHTS as DEMO_NIGHTS
from crawlers.demo.proxy import Site
from crawlers.demo.x import TOKEN
from pipeline.core.home import Home
from pipeline.engine.opening import opened
from tests.crawlers.conftest import Collected, Nights, Reply, Web, story
from tests.crawlers.engine.test_distribution import (
    askers,
    crawled,
    feed_of,
    feeds,
    in_one_go,
    memory,
    records,
    small_web,
    told,
)
from tests_cluster.crawl.work import Marked, installed

SITES = "abcdef"
PAGES = 40


@pytest.fixture
def ray(machines: Machines, tmp_path: Path) -> Iterator[Marked]:
    """The cluster's two workers."""
    with opened(machines.engine, tmp_path / "engine.json", installed) as engine:
        yield Marked(engine)


def homes(folder: Path) -> tuple[Home, Home]:
    """A home that one process crawls into, and one for the cluster."""
    both_homes = Home(folder / "one"), Home(folder / "cluster")
    for home in both_homes:
        home.path.mkdir()
    return both_homes


def test_a_night_of_the_demo_is_the_same_as_by_one_process(
    ray: Marked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only this machine knows the token of X, so that X is crawled here."""
    monkeypatch.setenv("X_BEARER_TOKEN", TOKEN)
    nights: list[Collected] = []
    one_home, cluster = homes(tmp_path)
    with Site() as site:
        for home, engine in ((one_home, None), (cluster, ray)):
            home.sources_file.write_text((files("crawlers.demo") / "sources.toml").read_text("utf-8"))
            site.clock = DEMO_NIGHTS[0]
            nights.append(crawled(home, engine, DEMO_NIGHTS[0], proxy=site.proxy, retries=1,
                                  allow_private_addresses=True))
    assert told(nights[0]) == told(nights[1])
    assert memory(one_home) == memory(cluster)
    assert {line["warc"] for line in nights[1].of("document")} <= records(cluster).keys()


@pytest.mark.parametrize("kills", [0, 1, 2])
def test_workers_that_are_killed_lose_and_double_nothing(
    ray: Marked, web: Web, tmp_path: Path, kills: int
) -> None:
    small_web(web, *SITES[1:], pages=8)
    paths = [f"/{number}" for number in range(PAGES)]
    web.pages["http://a.example/feed.xml"] = feed_of("a.example", *paths)
    killed: list[str] = []
    over = threading.Event()

    def page(handler: BaseHTTPRequestHandler) -> Reply:
        """Kill each worker that first asks for the thirtieth page, up to `kills` times; it gets no answer."""
        asker = handler.headers["User-Agent"].partition("(+")[2].partition(":")[0]
        if handler.path.endswith("/30") and asker and asker not in killed and len(killed) < kills:
            killed.append(asker)
            os.kill(int(asker), signal.SIGKILL)
            over.wait(1)
        return story(f"Story {handler.path}")

    web.pages |= {f"http://a.example{path}": page for path in paths}
    one_home, cluster = homes(tmp_path)
    for home in (one_home, cluster):
        Nights(home).sources(*feeds(*SITES))
    expected = crawled(one_home, None, proxy=web.url, follow_links=0)
    web.requests.clear()
    night = crawled(cluster, ray, proxy=web.url, delay=0.01, per_host=2, follow_links=0)
    assert len(killed) == kills
    assert told(night) == told(expected)
    assert memory(cluster) == memory(one_home)
    assert len(records(cluster)) == len(night.of("document")) == PAGES + 8 * len(SITES[1:])
    asked_by = askers(web)
    assert all(map(in_one_go, asked_by.values())), "no host is asked by two workers at once"
    assert len(set(asked_by["a.example"])) == 1 + kills
    other_sites = {site for site, names in asked_by.items() if not set(names) & set(asked_by["a.example"])}
    assert {site: len(set(asked_by[site])) for site in other_sites} == dict.fromkeys(other_sites, 1) != {}
