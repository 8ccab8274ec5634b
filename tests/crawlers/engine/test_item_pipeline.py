"""The record of a crawl's end: the number of listed items beside the declared bounds."""

from __future__ import annotations

from tests.crawlers.conftest import SECOND_NIGHT, Nights, Reply, Web, feed, rss, story

LD = '{"@type": "Article", "isAccessibleForFree": false}'
UNPAID = f'<script type="application/ld+json">{LD}</script></head>'


def test_the_volume_of_a_night_is_kept_beside_what_was_declared(nights: Nights, web: Web) -> None:
    """An unchanged listing gives no volume; a page behind a paywall is kept, with an issue."""
    paid_page = str(story("Paid").body).replace("</head>", UNPAID)
    web.pages = {
        "/feed.xml": rss(web, "/1", "/2", headers={"ETag": '"1"'}), "/paid.xml": rss(web, "/3"),
        "/1": story("One"), "/2": story("Two"), "/3": Reply(paid_page),
    }
    bounds = {"expect_min": 1, "expect_max": 9}
    names = ("feed", "paid", "lost")
    nights.sources(*(feed(web, name, **bounds) for name in names), feed(web, "off", enabled=False, **bounds))
    night = nights.crawl()
    volumes = {name: (end.listed, end.expect_min, end.expect_max) for name, end in night.crawls.items()}
    assert volumes == {"feed": (2, 1, 9), "paid": (1, 1, 9), "lost": (None, 1, 9), "off": (None, 1, 9)}
    assert [line["listed"] for line in night.of("crawl", "feed")] == [2]
    assert night.codes("paid") == ["paywall"] and "Paid is said" in night.texts("paid")[0]
    assert night.crawls["paid"].outcome == "ok"
    web.pages["/feed.xml"] = Reply("", 304)
    assert nights.crawl(SECOND_NIGHT, only=("feed",)).crawls["feed"].listed is None


def test_what_cannot_be_kept_is_told_and_collected_the_next_night(nights: Nights, web: Web) -> None:
    """A file in the place of the archive's folder stands in for a full disk."""
    web.pages = {"/1": story("One"), "/feed.xml": rss(web, "/1", headers={"ETag": '"1"'})}
    nights.sources(feed(web, "feed"))
    nights.home.archive.touch()
    night = nights.crawl()
    assert (night.crawls["feed"].outcome, night.texts()) == ("partial", [])
    (issue,) = night.of("issue")
    assert (issue["code"], issue["place"]) == ("spider_error", f"{web.url}/1")
    nights.home.archive.unlink()
    (text,) = nights.crawl(SECOND_NIGHT).texts()
    assert "One is said" in text
    assert all("If-None-Match" not in headers for _, headers in web.requests)
