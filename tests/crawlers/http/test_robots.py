"""A server that fails to give its robots.txt is asked for nothing else; one without it allows everything."""

from __future__ import annotations

import gzip
import socket

import pytest

from tests.crawlers.conftest import SECOND_NIGHT, Nights, Reply, Web, feed, rss, story


@pytest.mark.parametrize("status", [429, 500, 503])
def test_nothing_is_asked_while_robots_txt_cannot_be_read_and_all_is_when_it_can(
    nights: Nights, web: Web, status: int
) -> None:
    web.pages = {"/robots.txt": Reply("", status), "/f.xml": rss(web, "/a"), "/a": story("The only thing")}
    nights.sources(feed(web, "f"))
    first_night = nights.crawl()
    assert (first_night.codes("f"), first_night.crawls["f"].outcome, web.asked("/f.xml")) == (
        ["robots"],
        "failed",
        0,
    )
    assert f"answered {status}" in first_night.of("issue", "f")[0]["message"]

    web.pages["/robots.txt"] = Reply("", 404)
    assert len(nights.crawl(SECOND_NIGHT).of("document", "f")) == 1


FORBIDS = "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    ("robots", "why"),
    [
        (Reply(FORBIDS, length=1000), "connection broke off"),
        (Reply(FORBIDS, drip=0.3), "no complete answer in time"),
        (Reply(b"\x1f\x8bbroken", headers={"Content-Encoding": "gzip"}), "packing is damaged"),
        (Reply(gzip.compress(b"#" * 5_000_000), headers={"Content-Encoding": "gzip"}), "larger than"),
    ],
    ids=["cut", "slow", "damaged", "bomb"],
)
def test_nothing_is_asked_where_no_whole_robots_txt_came(
    nights: Nights, web: Web, robots: Reply, why: str
) -> None:
    web.pages = {"/robots.txt": robots, "/f.xml": rss(web, "/a"), "/a": story("The only thing")}
    nights.sources(feed(web, "f"))
    night = nights.crawl(timeout=3.0, max_bytes=1_000_000)
    assert (night.codes("f"), night.crawls["f"].outcome, web.asked("/f.xml")) == (["robots"], "failed", 0)
    assert why in night.of("issue", "f")[0]["message"]


def test_where_there_is_no_server_the_page_fails_under_its_own_name(nights: Nights, web: Web) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{unused.getsockname()[1]}/f.xml"
    web.pages = {"/g.xml": rss(web, "/a"), "/a": story("The only thing")}
    nights.sources({"id": "f", "spider": "feeds", "url": closed}, feed(web, "g"))
    assert nights.crawl().codes("f") == ["connection_refused"]


def test_a_missing_robots_txt_allows_everything(nights: Nights, web: Web) -> None:
    web.pages = {"/robots.txt": Reply("", 403), "/f.xml": rss(web, "/a"), "/a": story("The only thing")}
    nights.sources(feed(web, "f"))
    assert len(nights.crawl().of("document", "f")) == 1
