"""500 documents from 25 sources, 8 of them broken: each arrives once, though the crawl is killed midway."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from pipeline.core.config import Config, CrawlConfig
from pipeline.run.nightly import take_in
from pipeline.store.store import Store
from tests.crawlers.conftest import FIRST_NIGHT, SECOND_NIGHT, Nights, children, inbox_lines, submission
from tests.crawlers.fault_server import (
    FEED,
    Answer,
    FaultServer,
    answer,
    brotli_bomb,
    fault_server,
    gzip_bomb,
    header_flood,
    redirect,
    rss,
    slow_body,
    status,
    story,
)
from tests.crawlers.preloaded import crawling

FEEDS, ARTICLES, POSTS = 15, 28, 30
LOSSY = 10
"""So many good articles the two feeds have that are broken only in part."""
BOMB = 30_000_000
TIMEOUT = 10.0


def posts(number: int) -> dict[str, Any]:
    """Return a submission with its own id and words."""
    new_post = submission(number)
    words = f"Post {number} says something that no other post says, in so many words."
    new_post["data"] |= {"title": f"Post {number}", "selftext": words, "selftext_html": f"<p>{words}</p>"}
    return new_post


def serve(server: FaultServer, nights: Nights) -> set[str]:
    """Declare the sources and serve them; return the addresses of all good documents."""
    good_urls: set[str] = set()

    def articles(name: str, count: int, broken: dict[str, Answer] | None = None) -> dict[str, Any]:
        paths = [f"/{name}/{number}" for number in range(count)]
        server.answers |= {path: answer(story(f"Story {path}")) for path in paths} | (broken or {})
        good_urls.update(server.url + path for path in paths)
        links = [server.url + path for path in (*(broken or {}), *paths)]
        server.answers[f"/{name}.xml"] = answer(rss(links), FEED)
        return feed(name)

    def feed(name: str, listing: Answer | None = None) -> dict[str, Any]:
        if listing is not None:
            server.answers[f"/{name}.xml"] = listing
        return {"id": name, "spider": "feeds", "url": f"{server.url}/{name}.xml"}

    def subreddit(name: str, first: int) -> dict[str, Any]:
        children = [posts(number) for number in range(first, first + POSTS)]
        good_urls.update(server.url + child["data"]["permalink"].rstrip("/") for child in children)
        listing = {"kind": "Listing", "data": {"children": children}}
        server.answers[f"/r/{name}/new.json"] = answer(json.dumps(listing), "application/json")
        return {"id": name.lower(), "spider": "reddit", "url": f"{server.url}/r/{name}"}

    server.answers["/r/Cut/new.json"] = answer('{"kind": "Listing", "data": {"chil', "application/json")
    entity = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    errors = {f"/errors/broken{number}": status(500) for number in range(5)}
    bombs = {f"/bombs/broken{number}": brotli_bomb(BOMB) for number in range(3)}
    sources = [
        *(articles(f"sound{number}", ARTICLES) for number in range(8)),
        feed("flood", header_flood()),
        feed("bomb", gzip_bomb(BOMB, FEED)),
        articles("errors", LOSSY, errors),
        subreddit("One", 0),
        {"id": "cut", "spider": "reddit", "url": f"{server.url}/r/Cut"},
        articles("bombs", LOSSY, bombs),
        feed("entities", answer(rss([], entity), FEED)),
        subreddit("Two", POSTS),
        *(articles(f"sound{number}", ARTICLES) for number in range(8, FEEDS)),
        feed("circle", redirect("/circle.xml")),
        feed("slow", slow_body()),
    ]
    assert (len(sources), len(good_urls)) == (25, 500)
    nights.sources(*sources)
    return good_urls


def kill_midway(server: FaultServer, nights: Nights, good: int) -> None:
    """Begin a night, and kill both of its processes once some documents are stored, as a power cut does."""
    settings = CrawlConfig(delay=0.0, per_host=8, retries=0, allow_private_addresses=True, obey_robots=False)
    process = crawling(nights.home, settings, FIRST_NIGHT)
    try:
        deadline = monotonic() + 300
        while "/sound6/14" not in server.asked:
            assert process.is_alive() and monotonic() < deadline, "the crawl never came to its middle"
            sleep(0.02)
        assert process.pid
        (crawler,) = children(process.pid)
        os.kill(crawler, signal.SIGKILL)
    finally:
        process.kill()
        process.join(120)
    kept_lines = [line for line in inbox_lines(nights.home.inbox / "run") if line["type"] == "document"]
    assert 0 < len(kept_lines) < good


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").exists(), reason="finds the crawl process by /proc")
def test_each_good_document_arrives_once_though_the_crawl_is_killed(nights: Nights) -> None:
    with fault_server() as server:
        good_urls = serve(server, nights)
        kill_midway(server, nights, len(good_urls))
        night = nights.crawl(SECOND_NIGHT, timeout=TIMEOUT, max_bytes=BOMB // 10, obey_robots=False)
    assert {name: night.codes(name) for name in night.crawls if night.codes(name)} == {
        "slow": ["timeout"], "flood": ["connection_lost"], "bomb": ["too_large"],
        "errors": ["http_500"] * 5, "cut": ["bad_answer"], "bombs": ["too_large"] * 3,
        "entities": ["bad_feed"], "circle": ["redirects"],
    }
    urls = Counter(document["url"] for document in night.of("document"))
    assert set(urls.values()) == {1}, "one night gives a document once"
    take_in(nights.home, Config(), [], now=SECOND_NIGHT)
    store = Store.open(nights.home.work)
    counts = Counter(url for (url,) in store.connection.execute("SELECT url FROM store.documents").fetchall())
    versions = store.connection.execute("SELECT count(*) FROM store.versions").fetchone()
    store.connection.close()
    told_by_feed = {f"{server.url}/bombs/broken{number}" for number in range(3)}
    assert counts == Counter(good_urls | told_by_feed)
    assert versions == (len(good_urls) + 3,)
