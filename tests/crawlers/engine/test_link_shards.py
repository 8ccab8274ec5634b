"""Links of posts in shards: the same as by one process, one worker for each site, and lost workers."""

from __future__ import annotations

import os
import signal
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from crawlers.engine.shard_worker import crawl_shard
from crawlers.engine.shards import Crawled, Shard, divide_links
from pipeline.core.engine import WorkerLost
from pipeline.core.home import Home
from pipeline.core.vocabulary import Outcome
from tests.crawlers.conftest import (
    FIRST_NIGHT,
    SECOND_NIGHT,
    TEXT,
    Collected,
    Nights,
    Reply,
    Web,
    article,
    json_reply,
    story,
)
from tests.crawlers.engine.test_distribution import (
    askers,
    crawled,
    feeds,
    in_one_go,
    memory,
    records,
    small_web,
    told,
)
from tests.crawlers.engines import Processes, ScriptedEngine, Threads

TWICE = frozenset({
    "http://one.example/page", "http://one.example/own", "http://two.example/other", "http://far.example/page",
})  # fmt: skip
"""Of several addresses of one page, that one is remembered whose answer comes first."""
SEARCH = "http://hn.algolia.com/api/v1/search_by_date"


def links(web: Web, *urls: str, first: int = 1) -> dict[str, Any]:
    """Serve a search of Hacker News whose posts link to `urls`; return its declaration."""
    shared_fields = {"author": "ada", "created_at_i": 1772410000, "points": 1, "_tags": ["story"]}
    posts = [shared_fields | {"objectID": str(number), "title": f"Post {number}", "url": url}
             for number, url in enumerate(urls, first)]
    web.pages[SEARCH] = json_reply({"hits": posts, "nbPages": 1, "page": 0})
    return {"id": "hn", "spider": "hackernews", "url": f"{SEARCH}?query=x&tags=story"}


def canonical(url: str, words: str) -> Reply:
    """Return a page that names its own address."""
    return article("A headline", TEXT.format(words), f'<link rel="canonical" href="{url}">')


def moved(url: str) -> Reply:
    """Return a redirect."""
    return Reply("", 302, headers={"Location": url})


def found(night: Collected) -> list[str]:
    """Return the pages to which links led."""
    return sorted(line["url"] for line in night.of("document") if line["platform"] == "other")


def town(web: Web) -> list[str]:
    """Serve pages of all kinds to which posts link; return their addresses."""
    small_web(web, "a")
    web.pages |= {
        "http://one.example/page": canonical("http://one.example/page", "A page of one"),
        "http://one.example/own": canonical("http://one.example/page", "A page of one"),
        "http://www.one.example/more": story("More of one"),
        "http://two.example/page": story("A page of two"),
        "http://two.example/to-itself": moved("http://two.example/other"),
        "http://two.example/other": story("Another of two"),
        "http://two.example/to-one": moved("http://one.example/page"),
        "http://short.example/a0": moved("http://a.example/0"),
        "http://short.example/far": moved("http://far.example/page"),
        "http://short.example/forum": moved("http://reddit.com/r/A"),
        "http://far.example/page": story("Far away"),
        "http://a.example/same": canonical("http://a.example/1", "a /1"),
        "http://a.example/linked": story("A page of a that its feed has not"),
        "http://busy.example/page": Reply("busy", 503),
        "http://gone.example/page": Reply("gone", 404),
        "http://rules.example/robots.txt": moved("http://far.example/robots.txt"),
        "http://far.example/robots.txt": Reply("User-agent: *\nDisallow: /secret", kind="text/plain"),
        "http://rules.example/secret": story("What nobody may read"),
        "http://rules.example/open": story("What all may read"),
        **{f"http://many.example/{number}": story(f"Number {number} of many") for number in range(5)},
    }
    urls = [url for url in web.pages if "robots" not in url and ("a.example" not in url or url[-1] in "ed")]
    return [url for url in urls if url != SEARCH]


def test_what_links_lead_to_is_the_same_as_by_one_process(web: Web, tmp_path: Path) -> None:
    urls = [url for url in town(web) if url not in TWICE]
    homes = {name: Home(tmp_path / name) for name in ("one", "shards")}
    settings: dict[str, Any] = {"proxy": web.url, "follow_per_host": 3, "follow_links": 14}
    for home in homes.values():
        home.path.mkdir()
    for number, night_at in enumerate((FIRST_NIGHT, SECOND_NIGHT)):
        nights = {}
        for name, home in homes.items():
            Nights(home).sources(*feeds("a"), links(web, *(urls if not number else urls[:2])))
            nights[name] = crawled(home, Threads() if name == "shards" else None, night_at, **settings)
        assert told(nights["shards"]) == told(nights["one"])
        assert nights["one"].crawls["linked"].requests <= nights["shards"].crawls["linked"].requests
        assert list(nights["shards"].crawls) == list(nights["one"].crawls)
        run = f"{night_at:%Y%m%dT%H%M%SZ}"
        files_written = {name: sorted(file.name for file in (home.inbox / run).iterdir())
                         for name, home in homes.items()}
        assert (
            files_written["shards"]
            == files_written["one"]
            == ["a.jsonl.gz", "hn.jsonl.gz", "linked.jsonl.gz"]
        )
        if not number:
            assert {"links_left", "broken_link"} <= set(nights["one"].codes("linked"))
            assert nights["one"].crawls["linked"].documents == 8
    assert memory(homes["shards"]) == memory(homes["one"])
    assert {line["warc"] for line in nights["shards"].of("document")} <= records(homes["shards"]).keys()


def test_each_site_is_asked_by_one_worker_and_then_here(nights: Nights, web: Web) -> None:
    nights.sources(*feeds("a"), links(web, *town(web)))
    night = crawled(nights.home, Threads(workers=4), proxy=web.url, delay=0.01, follow_per_host=5)
    agents = askers(web)
    assert all(map(in_one_go, agents.values())), "no host is asked by two workers at once"
    shards = {site: set(names) - {""} for site, names in agents.items()}
    local = {site for site, names in agents.items() if "" in names}
    assert local == {"two.example", "one.example", "short.example", "far.example", "reddit.com", "a.example",
                     "rules.example"} & local
    assert {site: len(shards[site]) for site in ("one.example", "two.example", "many.example")} == {
        "one.example": 1, "two.example": 1, "many.example": 1}
    assert "" not in agents["many.example"], "what a worker settles is not asked for again"
    assert len(set.union(*shards.values())) >= 5, "two shards of sources, four of links"
    assert not any("secret" in url for url, _ in web.requests), "the robots.txt that lies elsewhere holds"
    assert night.crawls["linked"].outcome is Outcome.OK


def test_links_of_a_shard_that_loses_its_workers_are_followed_here(nights: Nights, web: Web) -> None:
    pages = [f"http://{name}.example/page" for name in "abcd"]
    web.pages |= {url: story(url) for url in pages}
    nights.sources(links(web, *pages))

    def answers(shard: Shard) -> Crawled:
        if "b.example" in shard.sites:
            raise WorkerLost("4 workers died")
        return crawl_shard(shard)

    engine = ScriptedEngine(answers)
    night = crawled(nights.home, engine, proxy=web.url)
    assert [len(shard.follow.asked or ()) for shard in engine.shards if shard.follow] == [2, 2]
    assert found(night) == pages
    assert (night.crawls["linked"].documents, night.codes()) == (4, [])


def test_links_of_a_worker_that_is_killed_are_found_once(nights: Nights, web: Web) -> None:
    pages = [f"http://{name}.example/{number}" for name in "ab" for number in range(4)]
    killed_askers: list[str] = []

    def kill(handler: BaseHTTPRequestHandler) -> Reply:
        asker = handler.headers["User-Agent"].partition("(+")[2].partition(":")[0]
        if not killed_askers:
            killed_askers.append(asker)
            os.kill(int(asker), signal.SIGKILL)
        return story("A page whose first reader dies")

    web.pages |= {url: story(url) for url in pages} | {"http://a.example/3": kill}
    nights.sources(links(web, *pages))
    night = crawled(nights.home, Processes(), proxy=web.url)
    assert found(night) == pages
    assert (len(killed_askers), night.crawls["linked"].documents, night.codes()) == (1, 8, [])
    agents = askers(web)
    assert all(map(in_one_go, agents.values()))
    assert (len(set(agents["a.example"])), len(set(agents["b.example"]))) == (2, 1)
    assert len(records(nights.home)) == 9, "the search, and nothing of the first attempt"


def test_what_a_host_asked_the_sources_for_holds_for_links(nights: Nights, web: Web) -> None:
    small_web(web, "a")
    web.pages["http://a.example/2"] = Reply("busy", 429, headers={"Retry-After": "3600"})
    web.pages["http://a.example/linked"] = story("A page of a")
    nights.sources(*feeds("a"), links(web, "http://a.example/linked"))
    night = crawled(nights.home, Threads(workers=2), proxy=web.url)
    [issue] = night.of("issue", "linked")
    assert issue["place"] == "http://a.example/linked" and "left alone" in issue["message"]
    assert not any(url.endswith("linked") for url, _ in web.requests)


@pytest.mark.parametrize("workers", [1, 2, 9])
def test_links_to_one_site_are_in_one_shard_newest_first(workers: int) -> None:
    hosts = ("a.example", "www.a.example", "b.example")
    links_given = [f"https://{host}/{number}" for number in range(3) for host in hosts]
    shards = divide_links(links_given, workers)
    assert len(shards) == min(workers, 2)
    assert sorted(link for shard in shards for link in shard) == sorted(links_given)
    assert [link for shard in shards for link in shard if "a.example" in link] == [
        link for link in links_given if "a.example" in link]
    assert divide_links([], workers) == []
