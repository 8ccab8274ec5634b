"""Links of posts: which are followed and how, and the effect of a redirect, a failure or a kill."""

from __future__ import annotations

import os
import signal
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers.crawl_state import CrawlState, Followed, Sighting
from crawlers.engine.revisit import Plan, look_again, plan
from crawlers.link_targets import LINKED, candidates, owner, publisher, target
from crawlers.normalise.urls import canonical_url
from crawlers.sources import DeclaredSource
from crawlers.spiders.followed_links import LinkedSpider
from pipeline.core.config import Config, CrawlConfig
from pipeline.core.context import RunContext, silent
from pipeline.core.inbox_records import InboxAlias, InboxDocument, InboxLink
from pipeline.core.vocabulary import LinkKind, Outcome, Platform
from pipeline.stages.ingest.stage import ingest
from pipeline.stages.trace.stage import trace
from pipeline.store.store import Store
from tests.crawlers import preloaded
from tests.crawlers.conftest import (
    FIRST_NIGHT,
    SECOND_NIGHT,
    TEXT,
    Nights,
    Reply,
    Web,
    article,
    inbox_lines,
    json_reply,
    listed,
    platform,
    submission,
)
from tests.crawlers.pump import Pump, documents, issues


def story(words: str, head: str = "") -> Reply:
    return article(f"On {words}", TEXT.format(words), head)


class Town:
    """A forum whose posts link to pages of another host: the loopback web under the name localhost."""

    def __init__(self, nights: Nights, web: Web) -> None:
        self.nights, self.web = nights, web
        self.port = web.url.rpartition(":")[2]
        self.away = f"http://localhost:{self.port}"

    def declare(self, *more: dict[str, Any]) -> None:
        forum = {"id": "forum", "spider": "reddit", "url": f"{self.web.url}/r/A", "role": "community"}
        self.nights.sources(forum, *more)

    def post(self, *links: str) -> None:
        """Serve the forum's listing with one post for each link."""
        children = [submission(number) for number in range(1, len(links) + 1)]
        for child, link in zip(children, links, strict=True):
            html = f'<p>Look at <a href="{link}">this</a>, it says so.</p>'
            child["data"] |= {"selftext": link, "selftext_html": html}
        self.web.pages["/r/A/new.json"] = json_reply(listed(*children))

    def feed(self, *paths: str, role: str = "press") -> None:
        """Return a source on the other host whose feed lists these pages."""
        title = "<title>The feed's own title</title>"
        items = "".join(f"<item>{title}<link>{self.away}{path}</link></item>" for path in paths)
        body = f'<rss version="2.0"><channel><title>F</title>{items}</channel></rss>'
        self.web.pages["/feed.xml"] = Reply(body, kind="text/xml")
        self.declare({"id": "grid", "spider": "feeds", "url": f"{self.away}/feed.xml", "role": role})

    def look(self, urls: list[str], now: datetime, run_id: str = "later") -> tuple[Plan, list[Any]]:
        """Look again at pages that are due; return the plan and the inbox lines."""
        settings = CrawlConfig(delay=0.0, obey_robots=False, retries=0, allow_private_addresses=True)
        home, planned = self.nights.home, plan(self.nights.home, urls, now)
        run_options: dict[str, Any] = {"run_id": run_id, "now": now, "replay": True}
        look_again(home, Config(crawl=settings), planned, on_progress=silent, **run_options)
        return planned, inbox_lines(home.inbox / run_id)

    def night(self, now: Any = FIRST_NIGHT, **settings: Any) -> Any:
        return self.nights.crawl(now, **{"obey_robots": False, "follow_links": 50} | settings)

    def waiting(self) -> list[tuple[str, int, int]]:
        database = sqlite3.connect(self.nights.home.crawl_state)
        rows = database.execute("SELECT url, tries, done FROM links ORDER BY url").fetchall()
        database.close()
        return rows


@pytest.fixture
def town(nights: Nights, web: Web) -> Town:
    town = Town(nights, web)
    town.declare()
    return town


# --- which links ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://x.com/a/status/1", "https://old.reddit.com/r/a/comments/abc/x",
        "https://news.ycombinator.com/item?id=1", "https://bsky.app/profile/a/post/b",
        "https://social.example/@bob/1234", "https://t.me/channel/12", "https://www.youtube.com/watch?v=1",
        "https://gridpost.example/", "https://gridpost.example/login?next=/a",
        "https://gridpost.example/share?u=x", "https://gridpost.example/search?q=kestrel",
        "https://gridpost.example/paper.pdf", "https://i.redd.it/a.png",
        "https://web.archive.org/web/2026/https://gridpost.example/a", "https://huggingface.co/corvid",
        "https://huggingface.co/datasets/corvid/tests", "https://huggingface.co/papers/2603.00001",
        "https://github.com/corvid/kestrel", "https://github.com/corvid/kestrel/issues/4",
        "https://arxiv.org/list/cs.CL/new", "https://gridpost.example/feed.xml",
    ],
)
def test_never_followed(url: str) -> None:
    assert target(canonical_url(url), ()) is None


@pytest.mark.parametrize(
    ("url", "form", "name"),
    [
        ("https://gridpost.example/2026/03/kestrel", "article", ""),
        ("https://short.example/abc", "article", ""),
        ("https://medium.com/@bob/kestrel-5-is-late-12ab", "article", ""),
        ("https://cloud.google.com/blog/kestrel", "article", ""),
        ("https://huggingface.co/blog/kestrel", "article", ""),
        ("https://huggingface.co/corvid/kestrel-5", "huggingface", "corvid/kestrel-5"),
        ("https://huggingface.co/corvid/kestrel-5/blob/main/README.md", "huggingface", "corvid/kestrel-5"),
        ("https://github.com/corvid/kestrel/releases/tag/v5", "github", "corvid/kestrel"),
        ("https://arxiv.org/pdf/2603.00001v2.pdf", "arxiv", "2603.00001"),
    ],
)
def test_followed(url: str, form: str, name: str) -> None:
    link_target = target(canonical_url(url), ())
    assert link_target is not None
    assert (link_target.form, link_target.name) == (form, name)


def test_only_links_of_posts() -> None:
    links = (
        InboxLink("https://gridpost.example/a"),
        InboxLink("https://gridpost.example/b", LinkKind.QUOTE),
        InboxLink("https://x.com/a/status/1"),
    )
    post = InboxDocument("https://x.com/b/status/2", Platform.X, "x", "words", FIRST_NIGHT, links=links)
    assert candidates(post) == ("https://gridpost.example/a",)
    news = InboxDocument("https://gridpost.example/c", Platform.NEWS, "g", "words", FIRST_NIGHT, links=links)
    assert candidates(news) == ()


def declared(name: str, spider: str, url: str, role: str = "press") -> DeclaredSource:
    return DeclaredSource.model_validate(
        {"id": name, "name": name, "spider": spider, "url": url, "role": role}
    )


def test_who_publishes() -> None:
    sources = (
        declared("grid", "feeds", "https://feeds.gridpost.example/all.xml"),
        declared("hub-blog", "feeds", "https://huggingface.co/blog/feed.xml", "first_party"),
        declared("pen", "feeds", "https://pen.substack.com/feed"),
        declared("nib", "feeds", "https://medium.com/feed/@nib"),
        declared("corvid-makers", "feeds", "https://medium.com/feed/corvid-makers", "first_party"),
        declared("perch", "feeds", "https://PÉRCH.example:443/feed"),
        declared("corvid-hub", "huggingface", "https://huggingface.co/Corvid", "first_party"),
    )

    def of(url: str) -> str | None:
        found_source = publisher(url, sources)
        return found_source and found_source.id

    assert of("https://www.gridpost.example/a") == "grid"
    assert of("https://huggingface.co/blog/kestrel") == "hub-blog"
    assert of("https://huggingface.co/blog/someone/kestrel") is None, "a member's, not the hub's own"
    assert of("https://medium.com/@nib/kestrel") == "nib"
    assert of("https://medium.com/@bob/kestrel") is None, "no publication without an account has it either"
    assert of("https://medium.com/corvid-makers/kestrel") == "corvid-makers"
    assert of("https://xn--prch-bpa.example/a") == "perch", "an address is declared as it is written"
    assert of("https://quill.substack.com/p/a") is None, "one domain, another publisher"
    model = target("https://huggingface.co/corvid/kestrel", sources)
    other_target = target("https://huggingface.co/corvidae/kestrel", sources)
    assert model is not None and other_target is not None
    assert (owner(model, sources).id, owner(other_target, sources).id) == ("corvid-hub", "huggingface.co")


def test_the_id_of_the_pages_is_taken() -> None:
    with pytest.raises(ValueError, match="choose another"):
        declared("linked", "feeds", "https://gridpost.example/feed.xml")


# --- one night -----------------------------------------------------------------------------------------


def test_a_link_of_a_post_is_followed_the_same_night_and_one_step_only(town: Town, web: Web) -> None:
    web.pages["/piece"] = article(
        "On Kestrel", TEXT.format("Kestrel") + f"\n\nSee <a href='{town.away}/next'>more</a> of it here."
    )
    web.pages["/next"] = story("the next step")
    town.post(f"{town.away}/piece", f"{town.away}/piece?utm_source=x", f"{town.away}/", "javascript:alert(1)")
    night = town.night()
    (document,) = night.of("document", "localhost")
    assert (document["url"], document["platform"], document["title"]) == (
        f"{town.away}/piece",
        "other",
        "On Kestrel",
    )
    assert (web.asked("/piece"), web.asked("/next"), web.asked("/")) == (1, 0, 0)
    assert night.crawls["linked"].outcome is Outcome.OK
    assert (night.crawls["linked"].documents, night.crawls["linked"].listed) == (1, None)
    (head,) = night.of("source", "linked")
    assert (head["name"], head["url"]) == ("Pages that posts link to", None)
    assert town.waiting() == [(f"{town.away}/piece", 1, 1)]
    assert "linked" in town.night(SECOND_NIGHT).crawls, "a second look"
    assert web.asked("/piece") == 2


def test_without_links_there_is_no_such_source(town: Town) -> None:
    town.post("mailto:a@b.example")
    assert set(town.night().crawls) == {"forum"}


def test_switched_off_and_left_alone_where_sources_are_named(town: Town, web: Web) -> None:
    web.pages["/piece"] = story("Kestrel")
    town.post(f"{town.away}/piece")
    assert set(town.night(follow_links=0).crawls) == {"forum"}
    assert set(town.night(SECOND_NIGHT, only=("forum",)).crawls) == {"forum"}
    assert web.asked("/piece") == 0
    assert "linked" in town.night(SECOND_NIGHT + timedelta(days=1)).crawls


def test_a_page_of_a_declared_site_bears_its_source(town: Town, web: Web) -> None:
    web.pages["/piece"] = story("Kestrel")
    town.feed(role="first_party")
    town.post(f"{town.away}/piece", f"{town.away}/feed.xml")
    night = town.night()
    (document,) = night.of("document", "grid")
    assert (document["url"], document["platform"]) == (f"{town.away}/piece", "blog")
    assert web.asked("/feed.xml") == 1, "by its own spider alone"


def test_what_a_feed_has_is_not_asked_for_again_and_what_it_finds_later_is_no_edit(
    town: Town, web: Web, store: Store, run: RunContext
) -> None:
    web.pages |= {"/known": story("the known"), "/late": story("the late one")}
    town.feed("/known")
    town.post(f"{town.away}/known", f"{town.away}/late")
    first_night = town.night()
    assert web.asked("/known") == 1
    assert [line["url"] for line in first_night.of("document", "grid")] == [
        f"{town.away}/known",
        f"{town.away}/late",
    ]
    town.feed("/late", "/known")
    second_night = town.night(SECOND_NIGHT)
    assert web.asked("/late") == 2, "from now on by the feed alone"
    assert second_night.codes() == []
    assert {line["url"] for line in second_night.of("document", "grid")} == {
        f"{town.away}/late",
        f"{town.away}/known",
    }
    ingest(store, RunContext(run.run_id, run.now, town.nights.home, Config()))
    versions = store.connection.execute(
        "SELECT url, max(number) FROM store.versions JOIN store.documents USING (document_id) WHERE url "
        "LIKE '%/late' GROUP BY url"
    ).fetchall()
    assert versions == [(f"{town.away}/late", 1)]


# --- redirects -----------------------------------------------------------------------------------------


def redirect(target: str) -> Reply:
    return Reply("", 301, headers={"Location": target})


def test_the_edge_of_a_post_leads_through_a_redirect(
    town: Town, web: Web, store: Store, run: RunContext
) -> None:
    canonical = f'<link rel="canonical" href="{town.away}/2026/piece">'
    web.pages |= {
        "/s/1": redirect("/piece?x=1"),
        "/s/2": redirect("/piece?x=2"),
        "/piece": story("Kestrel", canonical),
    }
    town.post(f"{town.away}/s/1", f"{town.away}/s/2", f"{town.away}/2026/piece")
    web.pages["/2026/piece"] = story("Kestrel", canonical)
    night = town.night()
    assert [line["url"] for line in night.of("document", "localhost")] == [f"{town.away}/2026/piece"]
    assert {(line["url"], line["leads_to"]) for line in night.of("alias")} == {
        (f"{town.away}/s/1", f"{town.away}/2026/piece"),
        (f"{town.away}/s/2", f"{town.away}/2026/piece"),
    }
    context = RunContext(run.run_id, run.now, town.nights.home, Config())
    assert ingest(store, context).failed == 0
    trace(store, context)
    edges = store.connection.execute(
        "SELECT d.url, o.url, e.kind FROM store.edges AS e JOIN store.documents AS d USING (document_id)"
        " JOIN store.documents AS o ON o.document_id = e.origin_document_id ORDER BY d.url"
    ).fetchall()
    assert edges == [
        (f"{web.url}/r/A/comments/x{number}/title", f"{town.away}/2026/piece", "link") for number in (1, 2, 3)
    ]


def test_a_shortener_that_leads_to_what_a_feed_has_gives_the_alias_alone(town: Town, web: Web) -> None:
    web.pages |= {"/a": redirect("/b"), "/b": story("Kestrel"), "/s": redirect("/b")}
    town.feed("/a")
    town.post(f"{town.away}/a", f"{town.away}/s")
    night = town.night()
    assert [line["url"] for line in night.of("document", "grid")] == [f"{town.away}/b"]
    assert {(line["url"], line["leads_to"]) for line in night.of("alias")} == {
        (f"{town.away}/a", f"{town.away}/b"),
        (f"{town.away}/s", f"{town.away}/b"),
    }


def test_where_a_redirect_ends_at_what_is_never_followed(town: Town, web: Web) -> None:
    web.pages |= {
        "/s/home": redirect("/"), "/s/door": redirect("/login"), "/": story("The front page"),
        "/login": story("The log-in page"),
    }
    town.post(f"{town.away}/s/home", f"{town.away}/s/door")
    night = town.night()
    assert night.of("document", "localhost") == []
    assert [(line["code"], line["severity"]) for line in night.of("issue", "linked")] == [
        ("broken_link", "info")
    ] * 2
    assert [is_done for _, _, is_done in town.waiting()] == [1, 1]


# --- artefacts -----------------------------------------------------------------------------------------


def test_a_model_a_release_and_a_paper_are_read_by_their_own_spiders(town: Town, web: Web) -> None:
    """The loopback web is the proxy, and answers for made-up hosts."""
    hub = "http://hub.example"
    forge = "http://forge.example"
    model = platform("huggingface_models.json")[0]
    release = platform("github_releases.json")[0] | {
        "html_url": f"{forge}/other/tool/releases/tag/v1",
        "tag_name": "v1",
    }
    web.pages |= {
        f"{hub}/api/models/other/model": json_reply(model | {"id": "other/model"}),
        f"{hub}/other/model/raw/main/README.md": Reply(
            "# The model\n\nWords of its card.", kind="text/plain"
        ),
        f"{hub}/api/models": json_reply([]),
        f"{forge}/api/v3/repos/other/tool/releases/tags/v1": json_reply(release),
        f"{forge}/api/v3/repos/corvid/kestrel/releases": json_reply([]),
    }
    forum = f"{hub.replace('hub', 'forum')}/r/A"
    town.nights.sources(
        {"id": "forum", "spider": "reddit", "url": forum, "role": "community"},
        {"id": "hub", "spider": "huggingface", "url": f"{hub}/corvid"},
        {"id": "forge", "spider": "github", "url": f"{forge}/corvid/kestrel"},
    )
    town.post(f"{hub}/other/model/tree/main", f"{forge}/other/tool/releases/tag/v1", f"{forge}/other/tool")
    web.pages[f"{forum}/new.json"] = web.pages.pop("/r/A/new.json")
    night = town.night(proxy=web.url, allow_private_addresses=False)
    lines_by_url = {line["url"]: line for line in night.of("document") if line["source"] != "forum"}
    assert {
        (url, line["source"], line["platform"], line["artefact"]) for url, line in lines_by_url.items()
    } == {
        (f"{hub}/other/model", "hub.example", "huggingface", True),
        (f"{forge}/other/tool/releases/tag/v1", "forge.example", "github", True),
    }
    assert lines_by_url[f"{hub}/other/model"]["text"].startswith("The model\n\nWords of its card.")
    assert [(line["url"], line["leads_to"]) for line in night.of("alias")] == [
        (f"{hub}/other/model/tree/main", f"{hub}/other/model")
    ]
    second_night = town.night(SECOND_NIGHT, proxy=web.url, allow_private_addresses=False)
    assert second_night.crawls["linked"].documents == 1, "the model; the release's own address is not there"
    assert second_night.codes("linked") == []
    assert [line["url"] for line in second_night.of("gone")] == [f"{forge}/other/tool/releases/tag/v1"]


def test_on_the_real_hosts_each_is_asked_for_at_its_api(tmp_path: Path) -> None:
    pump = Pump(tmp_path, LinkedSpider, spider="feeds", url="https://gridpost.example/feed.xml")
    pump.source = LINKED
    urls = [
        "https://huggingface.co/corvid/kestrel", "https://github.com/corvid/kestrel/releases/tag/v5%2Fb",
        "https://arxiv.org/abs/2602.91234v1", "https://arxiv.org/abs/2602.99999",
    ]
    pump.state.save_sightings("x", [], FIRST_NIGHT, links=urls)
    query = platform("arxiv_query.xml")

    def answer(url: str) -> Any:
        return query if "91234" in url else 404

    results = pump.night(answer, follow_links=9)
    assert sorted(pump.asked) == [
        "https://api.github.com/repos/corvid/kestrel/releases/tags/v5%2Fb",
        "https://export.arxiv.org/api/query?id_list=2602.91234&max_results=1",
        "https://export.arxiv.org/api/query?id_list=2602.99999&max_results=1",
        "https://huggingface.co/api/models/corvid/kestrel",
    ]
    (paper,) = documents(results)
    assert (paper.url, paper.source, paper.platform, paper.artefact) == (
        "https://arxiv.org/abs/2602.91234", "arxiv.org", "arxiv", True,
    )
    assert [(result.url, result.leads_to) for result in results if isinstance(result, InboxAlias)] == [
        ("https://arxiv.org/abs/2602.91234v1", "https://arxiv.org/abs/2602.91234")
    ]
    broken_links = {issue.place: issue.message for issue in issues(results) if issue.code == "broken_link"}
    assert broken_links.keys() == {*urls[:2], urls[3]}
    assert sorted(result.url for result in results if isinstance(result, Followed) and result.done) == sorted(
        urls
    )


# --- what goes wrong -----------------------------------------------------------------------------------


def test_faults_are_warnings_and_passing_ones_are_tried_again_for_a_few_nights(town: Town, web: Web) -> None:
    web.pages |= {
        "/busy": Reply("later", 503),
        "/forbidden": Reply("no", 403),
        "/image": Reply(b"GIF89a\x00\x01\xff", kind="image/gif"),
        "/huge": Reply(b"x" * 300_000),
        "/short": Reply("<html><title>T</title><p>Little.</p></html>"),
        "/good": story("Kestrel"),
        "/untitled": Reply(f"<html><body><article><p>{TEXT.format('It')}</p></article></body></html>"),
    }
    town.post(
        *(
            f"{town.away}/{name}"
            for name in ("busy", "forbidden", "image", "huge", "short", "good", "untitled", "none")
        )
    )
    night = town.night(max_bytes=200_000)
    issues_by_name = {
        line["place"].rpartition("/")[2]: (line["code"], line["severity"], line["message"].split(":")[0])
        for line in night.of("issue", "linked")
    }
    assert issues_by_name == {
        "busy": ("broken_link", "warning", "http_503"), "forbidden": ("broken_link", "warning", "http_403"),
        "image": ("broken_link", "info", "not_html"), "huge": ("broken_link", "warning", "too_large"),
        "short": ("broken_link", "info", "no_text"), "untitled": ("broken_link", "info", "no_text"),
        "none": ("broken_link", "warning", "http_404"),
    }
    assert (night.crawls["linked"].outcome, night.crawls["linked"].documents) == (Outcome.OK, 1)
    for days in range(1, 4):
        later_night = town.night(FIRST_NIGHT + timedelta(days=days), max_bytes=200_000)
        endings = [line["message"].split("; ")[-1] for line in later_night.of("issue", "linked")]
        assert endings == [["to be tried again in another run"], ["given up"], []][days - 1]
    assert web.asked("/busy") == 3
    assert web.asked("/none") == 1


def test_private_addresses_and_redirects_to_them_are_refused(town: Town, web: Web) -> None:
    away = "http://pages.example"
    forum = "http://forum.example/r/A"
    web.pages |= {
        f"{away}/s": redirect("http://169.254.169.254/latest/meta-data"),
        f"{away}/long": redirect(f"{away}/{'x' * 1_000_000}"),
        "http://169.254.169.254/latest/meta-data": story("The secret"),
    }
    town.nights.sources({"id": "forum", "spider": "reddit", "url": forum, "role": "community"})
    town.post("http://127.0.0.1:1/admin", f"{away}/s", f"{away}/long", f"{away}/{'y' * 1_000_000}")
    web.pages[f"{forum}/new.json"] = web.pages.pop("/r/A/new.json")
    night = town.night(proxy=web.url, allow_private_addresses=False)
    issues_by_url = {
        line["place"]: (line["severity"], line["message"].split(":")[0])
        for line in night.of("issue", "linked")
    }
    assert issues_by_url.pop("http://127.0.0.1:1/admin") == ("warning", "refused")
    assert issues_by_url.pop(f"{away}/s") == ("warning", "refused")
    assert list(issues_by_url) == [f"{away}/long"], "the longest is no address, and no link"
    assert night.of("document", "linked") == []
    assert all("169.254" not in url for url, _ in web.requests)


def test_a_page_is_believed_about_its_address_within_its_site_alone(town: Town, web: Web) -> None:
    web.pages["/piece"] = story("Kestrel", '<link rel="canonical" href="https://openai.com/index/gpt-9">')
    town.post(f"{town.away}/piece")
    night = town.night()
    assert [line["url"] for line in night.of("document", "localhost")] == [f"{town.away}/piece"]


def test_robots_are_obeyed(town: Town, web: Web) -> None:
    web.pages |= {
        "/robots.txt": Reply("User-agent: *\nDisallow: /private\n", kind="text/plain"),
        "/private/piece": story("Kestrel"),
    }
    town.post(f"{town.away}/private/piece")
    night = town.night(obey_robots=True)
    (issue,) = night.of("issue", "linked")
    assert (issue["severity"], issue["message"].split(":")[0]) == ("warning", "robots")
    assert web.asked("/private/piece") == 0


def test_no_more_than_a_night_and_a_host_may_have(town: Town, web: Web) -> None:
    web.pages |= {f"/p{number}": story(f"page {number}") for number in range(6)}
    town.post(*(f"{town.away}/p{number}" for number in range(6)))
    first_night = town.night(follow_per_host=4)
    assert first_night.crawls["linked"].documents == 4
    (issue,) = first_night.of("issue", "linked")
    assert (issue["code"], issue["severity"], issue["message"].split(" links")[0]) == (
        "links_left",
        "info",
        "2",
    )
    town.post()
    second_night = town.night(SECOND_NIGHT, follow_links=1)
    assert [line["code"] for line in second_night.of("issue", "linked")] == ["links_left"]
    third_night = town.night(FIRST_NIGHT + timedelta(days=8))
    (issue,) = third_night.of("issue", "linked")
    assert issue["message"] == "1 link of posts was given up after 7 days"


def test_an_edit_and_a_deletion_are_seen_by_a_revisit(town: Town, web: Web) -> None:
    web.pages |= {"/piece": story("Kestrel"), "/other": story("Merlin"), "/": story("The front page")}
    town.post(f"{town.away}/piece", f"{town.away}/other")
    town.night()
    web.pages |= {"/piece": story("Kestrel, corrected"), "/other": Reply("nothing", 410)}
    revisit_at = FIRST_NIGHT + timedelta(minutes=20)
    planned, lines = town.look([f"{town.away}/piece", f"{town.away}/other"], revisit_at)
    assert {source.id: len(dues) for source, dues in planned.looks.items()} == {"linked": 2}
    assert [line["text"].split(" is said")[0] for line in lines if line["type"] == "document"] == [
        "Kestrel, corrected"
    ]
    assert [line["url"] for line in lines if line["type"] == "gone"] == [f"{town.away}/other"]
    assert [line for line in lines if line["type"] == "crawl"] == []


def test_each_site_that_lost_a_page_is_asked_for_its_front_page(town: Town, web: Web) -> None:
    """A site in order proves nothing about another site that answers 404 to everything."""
    hosts = ["127.0.0.1", "localhost"]
    urls = [f"http://{host}:{town.port}/piece" for host in hosts]
    state = CrawlState(town.nights.home.crawl_state)
    state.save_sightings(LINKED.id, [Sighting(url, url) for url in urls], FIRST_NIGHT)
    state.close()
    down: set[str] = set()

    def front(handler: Any) -> Reply:
        return Reply("", 404) if handler.headers["Host"].split(":")[0] in down else story("The front page")

    web.pages["/"] = front
    for lost, minutes in ((hosts[0], 15), (hosts[1], 30), (None, 60)):
        down = {lost} if lost else set()
        _, lines = town.look(urls, FIRST_NIGHT + timedelta(minutes=minutes), f"without-{lost}")
        assert sorted(line["url"] for line in lines if line["type"] == "gone") == (
            [] if lost else sorted(urls)
        )
        assert len([line for line in lines if line.get("code") == "unconfirmed"]) == (2 if lost else 0)


def test_a_vanished_page_is_gone_and_its_text_stays(town: Town, web: Web) -> None:
    web.pages["/piece"] = story("Kestrel")
    town.post(f"{town.away}/piece")
    town.night()
    web.pages["/piece"] = Reply("nothing", 410)
    second_night = town.night(SECOND_NIGHT)
    (gone,) = second_night.of("gone")
    assert (gone["url"], gone["evidence"]) == (f"{town.away}/piece", f"HTTP 410 at {town.away}/piece")


# --- the state -----------------------------------------------------------------------------------------


def test_links_are_saved_with_the_posts_or_not_at_all(tmp_path: Path) -> None:
    state = CrawlState(tmp_path / "crawl.sqlite")
    sighting = Sighting("p1", "https://x.com/a/status/1")
    with pytest.raises(sqlite3.Error):
        state.save_sightings("x", [sighting], FIRST_NIGHT, links=["https://a.example/1",
            object()])  # type: ignore[list-item]
    assert (state.refs("x"), state.waiting_links()) == (set(), [])
    state.save_sightings("x", [sighting], FIRST_NIGHT, links=["https://a.example/1", "https://a.example/2"])
    state.save_sightings("x", [], SECOND_NIGHT, links=["https://a.example/1", "https://a.example/3"])
    assert [url for url, _ in state.waiting_links()] == [
        f"https://a.example/{number}" for number in (3, 1, 2)
    ]
    state.save_sightings("linked", [], SECOND_NIGHT, followed=[Followed("https://a.example/1", done=True)])
    state.save_sightings("linked", [], SECOND_NIGHT, followed=[Followed("https://a.example/2", done=False)])
    assert state.waiting_links() == [("https://a.example/3", 0), ("https://a.example/2", 1)]
    assert state.forgo_links(SECOND_NIGHT) == 1
    assert state.waiting_links() == [("https://a.example/3", 0)]
    state.close()


def test_links_of_a_night_that_was_cut_wait_for_the_next(town: Town, web: Web) -> None:
    """The night ends before its links could be followed: none of them is lost."""
    web.pages["/piece"] = Reply("x" * 400, drip=0.1)
    town.post(f"{town.away}/piece")
    cut_night = town.night(night_budget=8.0, timeout=16.0)
    assert cut_night.crawls["linked"].outcome is Outcome.PARTIAL
    assert "out_of_time" in cut_night.codes("linked")
    web.pages["/piece"] = story("Kestrel")
    assert town.night(SECOND_NIGHT).crawls["linked"].documents == 1


def test_a_kill_while_links_are_followed_loses_none(town: Town, web: Web) -> None:
    def deadly(_: Any) -> Reply:
        os.kill(preloaded.STARTED[-1], signal.SIGKILL)
        return story("the last words")

    web.pages |= {f"/p{number}": story(f"page {number}") for number in range(5)}
    web.pages["/p4"] = deadly
    town.post(*(f"{town.away}/p{number}" for number in range(5)))
    killed_night = town.night(per_host=1)
    assert killed_night.crawls["linked"].outcome is Outcome.FAILED
    assert killed_night.crawls["forum"].outcome is Outcome.OK
    kept_urls = {line["url"] for line in killed_night.of("document", "localhost")}
    web.pages["/p4"] = story("page 4")
    next_night = town.night(SECOND_NIGHT)
    assert kept_urls | {line["url"] for line in next_night.of("document", "localhost")} == {
        f"{town.away}/p{number}" for number in range(5)
    }
    assert all(is_done for _, _, is_done in town.waiting())
