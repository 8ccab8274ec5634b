"""A server that fails to give its robots.txt is asked for nothing else; one without it allows everything."""

from __future__ import annotations

import pytest

from tests.crawlers.conftest import SECOND_NIGHT, Nights, Reply, Web, feed, rss, story


@pytest.mark.parametrize("status", [429, 500, 503])
def test_nothing_is_asked_while_robots_txt_cannot_be_read_and_all_is_when_it_can(
    nights: Nights, web: Web, status: int
) -> None:
    web.pages = {"/robots.txt": Reply("", status), "/f.xml": rss(web, "/a"), "/a": story("The only thing")}
    nights.sources(feed(web, "f"))
    first = nights.crawl()
    assert (first.codes("f"), first.crawls["f"].outcome, web.asked("/f.xml")) == (["robots"], "failed", 0)
    assert f"answered {status}" in first.of("issue", "f")[0]["message"]

    web.pages["/robots.txt"] = Reply("", 404)
    assert len(nights.crawl(SECOND_NIGHT).of("document", "f")) == 1


def test_a_missing_robots_txt_allows_everything(nights: Nights, web: Web) -> None:
    web.pages = {"/robots.txt": Reply("", 403), "/f.xml": rss(web, "/a"), "/a": story("The only thing")}
    nights.sources(feed(web, "f"))
    assert len(nights.crawl().of("document", "f")) == 1
