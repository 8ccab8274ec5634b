"""How a crawl's end is recorded: what its listing held beside what it was declared to hold."""

from __future__ import annotations

from tests.crawlers.conftest import SECOND_NIGHT, Nights, Reply, Web, article

TEXT = "A paragraph that is long enough to be taken for the main text of the page that it stands on, and then some."


def test_the_volume_of_a_night_is_kept_beside_what_was_declared(nights: Nights, web: Web) -> None:
    items = "".join(f"<item><title>T</title><link>{web.url}/{number}</link></item>" for number in (1, 2))
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{items}</channel></rss>'
    web.pages = {f"/{number}": article(f"Headline {number}", f"{number}. {TEXT}") for number in (1, 2)}
    web.pages["/feed.xml"] = Reply(body, kind="application/rss+xml")
    declared = {"spider": "feeds", "expect_min": 1, "expect_max": 9}
    nights.sources(
        {"id": "feed", "url": f"{web.url}/feed.xml"} | declared,
        {"id": "lost", "url": f"{web.url}/none.xml"} | declared,
        {"id": "off", "url": f"{web.url}/off.xml", "enabled": False} | declared,
    )
    found = nights.crawl()
    told = {name: (end.listed, end.expect_min, end.expect_max) for name, end in found.crawls.items()}
    assert told == {"feed": (2, 1, 9), "lost": (None, 1, 9), "off": (None, 1, 9)}
    assert [line["listed"] for line in found.of("crawl", "feed")] == [2]


def test_a_listing_that_has_not_changed_tells_no_volume(nights: Nights, web: Web) -> None:
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title><item><title>T</title><link>{web.url}/1</link></item></channel></rss>'
    web.pages = {
        "/1": article("A headline", TEXT),
        "/feed.xml": Reply(body, kind="application/rss+xml", headers={"ETag": '"1"'}),
    }
    nights.sources({"id": "feed", "spider": "feeds", "url": f"{web.url}/feed.xml"})
    assert nights.crawl().crawls["feed"].listed == 1
    web.pages["/feed.xml"] = Reply("", 304)
    assert nights.crawl(SECOND_NIGHT).crawls["feed"].listed is None


def test_a_page_that_is_not_free_is_kept_and_told(nights: Nights, web: Web) -> None:
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title><item><title>T</title><link>{web.url}/1</link></item></channel></rss>'
    told = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A headline", "isAccessibleForFree": false}</script>'
    paid = article("A headline", TEXT)
    assert isinstance(paid.body, str)
    web.pages = {
        "/1": Reply(paid.body.replace("</head>", f"{told}</head>")),
        "/feed.xml": Reply(body, kind="application/rss+xml"),
    }
    nights.sources({"id": "feed", "spider": "feeds", "url": f"{web.url}/feed.xml"})
    found = nights.crawl()
    assert found.codes() == ["paywall"]
    assert found.texts() == [TEXT]
    assert found.crawls["feed"].outcome == "ok"


def test_what_cannot_be_kept_is_told_and_collected_the_next_night(nights: Nights, web: Web) -> None:
    """As where the disk is full: here a file stands where the archive should be."""
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title><item><title>T</title><link>{web.url}/1</link></item></channel></rss>'
    web.pages = {
        "/1": article("A headline", TEXT),
        "/feed.xml": Reply(body, kind="application/rss+xml", headers={"ETag": '"1"'}),
    }
    nights.sources({"id": "feed", "spider": "feeds", "url": f"{web.url}/feed.xml"})
    nights.home.archive.touch()
    found = nights.crawl()
    assert (found.crawls["feed"].outcome, found.texts()) == ("partial", [])
    assert [(issue["code"], issue["place"]) for issue in found.of("issue")] == [("spider_error", f"{web.url}/1")]
    nights.home.archive.unlink()
    assert nights.crawl(SECOND_NIGHT).texts() == [TEXT]
    assert all("If-None-Match" not in headers for _, headers in web.requests)
