"""`rumortrail crawl --check` against the loopback web: one request a source, a table, and nothing kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from crawlers.engine.check import Checked, check, rows
from pipeline.cli.app import app
from pipeline.core.config import Config, CrawlConfig
from pipeline.core.errors import ConfigError
from pipeline.core.vocabulary import Outcome
from tests.crawlers.conftest import FIRST_NIGHT, Nights, Reply, Web, json_reply, platform, story
from tests.crawlers.fault_server import FEED, rss

NEWEST = datetime(2026, 3, 1, 9, tzinfo=UTC)
CRAWL = CrawlConfig(delay=0.0, retries=0, timeout=60.0, allow_private_addresses=True)


def serve(web: Web, nights: Nights) -> None:
    links = [f"{web.url}/{number}" for number in range(12)]
    older = rss(links).replace("01 Mar 2026", "28 Feb 2026", 11).replace("Sun, 28", "Sat, 28")
    web.pages = {
        "/0": story("Castell says so."),
        "/refuses": Reply("no", status=403),
        "/refused.xml": Reply(rss([f"{web.url}/refuses", f"{web.url}/0"]), kind=FEED),
        "/closed.xml": Reply(rss([f"{web.url}/closed", f"{web.url}/0"]), kind=FEED),
        "/f.xml": Reply(older, kind=FEED),
        "/none.xml": Reply("<html>Not a feed</html>"),
        "/private.xml": Reply(rss(links), kind=FEED),
        "/robots.txt": Reply(
            "User-agent: *\nDisallow: /private.xml\nDisallow: /closed\nAllow: /closed.xml\n",
            kind="text/plain",
        ),
        "/r/A/new.json": json_reply(platform("reddit_new.json")),
        "/api/v1/accounts/lookup": json_reply({"id": "7", "acct": "castell"}),
        "/api/v1/accounts/7/statuses": json_reply(platform("mastodon_statuses.json")),
        "/api/models": json_reply(platform("huggingface_models.json")),
    }
    nights.sources(
        {"id": "f", "spider": "feeds", "url": f"{web.url}/f.xml"},
        {"id": "refused", "spider": "feeds", "url": f"{web.url}/refused.xml"},
        {"id": "closed", "spider": "feeds", "url": f"{web.url}/closed.xml"},
        {"id": "none", "spider": "feeds", "url": f"{web.url}/none.xml"},
        {"id": "gone", "spider": "feeds", "url": f"{web.url}/gone.xml"},
        {"id": "private", "spider": "feeds", "url": f"{web.url}/private.xml"},
        {"id": "nowhere", "spider": "feeds", "url": "http://127.0.0.1:1/f.xml"},
        {"id": "off", "spider": "feeds", "url": f"{web.url}/f.xml", "enabled": False, "verified": "2026-09"},
        {"id": "mastodon", "spider": "mastodon", "url": f"{web.url}/@castell"},
        {"id": "models", "spider": "huggingface", "url": f"{web.url}/castell"},
    )


def test_each_source_is_asked_once_and_told(nights: Nights, web: Web) -> None:
    serve(web, nights)
    checks = check(nights.home, Config(crawl=CRAWL), now=FIRST_NIGHT)
    by_source = {checked.source: checked for checked in checks}
    declared_ids = "f refused closed none gone private nowhere off mastodon models"
    assert list(by_source) == declared_ids.split()
    assert by_source["f"] == Checked("f", Outcome.OK, 200, 12, NEWEST)
    assert {check_found.verified for check_found in checks} == {"unverified", "2026-09"} and by_source[
        "off"
    ].verified == "2026-09"
    states = {
        name: (str(checked.outcome), checked.status, (checked.message or "").partition(":")[0])
        for name, checked in by_source.items()
    }
    assert states == {
        "f": ("ok", 200, ""), "refused": ("partial", 200, "its first article"),
        "closed": ("partial", 200, "its first article"), "none": ("failed", 200, "bad_feed"),
        "gone": ("failed", 404, "http_404"),
        "private": ("failed", None, "robots"), "nowhere": ("failed", None, "connection_refused"),
        "off": ("off", None, "switched off in sources.toml"), "mastodon": states["mastodon"],
        "models": states["models"],
    }  # fmt: skip
    for name in ("mastodon", "models"):
        assert by_source[name].status == 200
        assert by_source[name].items > 0 and by_source[name].newest is not None
    assert by_source["refused"].message == "its first article: http_403: the server answered 403"
    assert "robots" in str(by_source["closed"].message)
    assert by_source["refused"].items == 2
    asked_paths = [path.partition("?")[0] for path, _ in web.requests]
    assert sorted(path for path in asked_paths if path != "/robots.txt") == [
        "/0", "/api/models", "/api/v1/accounts/7/statuses", "/api/v1/accounts/lookup", "/closed.xml",
        "/f.xml", "/gone.xml", "/none.xml", "/refused.xml", "/refuses",
    ]  # fmt: skip


def test_an_article_that_is_not_free_to_read_is_read(nights: Nights, web: Web) -> None:
    ld = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
    page = str(story("Castell says so.").body).replace("</head>", f"{ld}</head>")
    web.pages = {"/f.xml": Reply(rss([f"{web.url}/0"]), kind=FEED), "/0": Reply(page)}
    nights.sources({"id": "f", "spider": "feeds", "url": f"{web.url}/f.xml"})
    (checked,) = check(nights.home, Config(crawl=CRAWL), now=FIRST_NIGHT)
    assert (checked.outcome, checked.message) == (Outcome.OK, None)
    assert web.asked("/0") == 1


def test_nothing_is_kept_but_a_log(nights: Nights, web: Web) -> None:
    serve(web, nights)
    check(nights.home, Config(crawl=CRAWL), now=FIRST_NIGHT)
    assert sorted(file.name for file in nights.home.path.iterdir()) == ["logs", "sources.toml"]


def test_a_listing_without_anything_or_anything_new_says_so(nights: Nights, web: Web) -> None:
    items = "".join(
        f"<item><link>{web.url}/{day}</link><pubDate>{day:02} Feb 2026 09:00:00 GMT</pubDate></item>"
        for day in range(1, 20, 2)
    )
    web.pages["/1"] = story("Castell says so.")
    for name, entries in {"old": items, "empty": ""}.items():
        words = f'<rss version="2.0"><channel><title>F</title>{entries}</channel></rss>'
        web.pages[f"/{name}.xml"] = Reply(words, kind=FEED)
    nights.sources(*({"id": name, "spider": "feeds", "url": f"{web.url}/{name}.xml"}
                     for name in ("old", "empty")))  # fmt: skip
    old_feed, empty = check(nights.home, Config(crawl=CRAWL), now=FIRST_NIGHT)
    assert (old_feed.outcome, old_feed.items, old_feed.message) == (
        Outcome.OK, 10, "stale: nothing new since 2026-02-19, usually every 2 days",
    )  # fmt: skip
    assert (empty.outcome, empty.message) == (Outcome.OK, "empty: the listing has no items")
    assert check(nights.home, Config(crawl=CRAWL), now=FIRST_NIGHT - timedelta(days=5))[0].message is None


def test_a_source_may_be_named_even_if_it_is_off(nights: Nights, web: Web) -> None:
    serve(web, nights)
    (checked,) = check(nights.home, Config(crawl=CRAWL), now=FIRST_NIGHT, only=("off",))
    assert (checked.source, checked.outcome, checked.items) == ("off", Outcome.OK, 12)
    with pytest.raises(ConfigError, match="no source is called nobody"):
        check(nights.home, Config(crawl=CRAWL), now=FIRST_NIGHT, only=("nobody",))


def test_the_command_prints_a_table_and_exits_by_what_it_found(nights: Nights, web: Web) -> None:
    serve(web, nights)
    nights.home.config_file.write_text(
        "[crawl]\nallow_private_addresses = true\ndelay = 0\nretries = 0\n", "utf-8"
    )
    command = ["crawl", "--check", "--home", str(nights.home.path), "--now", "2026-03-02T03:00:00Z"]
    result = CliRunner().invoke(app, [*command, "--source", "f"])
    assert result.exit_code == 0, result.output
    (line,) = [line for line in result.output.splitlines() if "2026-03-01 09:00" in line]
    assert line.replace("\u2502", " ").split()[:4] == ["f", "ok", "200", "12"] and "unverified" in line
    failing_result = CliRunner().invoke(app, [*command, "--source", "f", "--source", "none"])
    assert failing_result.exit_code == 1, failing_result.output
    assert "bad_feed: not a feed" in failing_result.output


def test_an_unknown_newest_time_is_told_as_unknown() -> None:
    empty = Checked("a", Outcome.OK, 200, 0)
    undated = Checked("b", Outcome.OK, 200, 3)
    off = Checked("c", Outcome.OFF, message="switched off")
    assert [row[5] for row in rows([replace(empty, verified="2026-10"), off])] == ["2026-10", "unverified"]
    assert [row[3:5] for row in rows([empty, undated, off])] == [(0, ""), (3, "unknown"), (None, "")]
