"""The demo web serves valid formats, night by night, and names real entities in one story only."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.request import OpenerDirector

import feedparser
import pytest

from crawlers.articles.extract import read_article
from crawlers.demo.addresses import (
    ARTICLES,
    address,
    channel_number,
    item_number,
    paragraphs_of,
    release_number,
    snowflake,
    tweet_number,
    url,
)
from crawlers.demo.content import NIGHTS, Post, Web, as_of, fingerprint, links, load, with_links
from crawlers.demo.feeds import article
from crawlers.demo.proxy import Site
from crawlers.demo.social import at_uri
from crawlers.demo.x import TOKEN
from crawlers.normalise.urls import canonical_url
from models.gazetteer import Gazetteer

WEB = load()

@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site(WEB) as running_site:
        yield running_site


@pytest.fixture(scope="module")
def browse(site: Site) -> OpenerDirector:
    return urllib.request.build_opener(urllib.request.ProxyHandler({"http": site.proxy, "https": site.proxy}))


def get(browse: OpenerDirector, where: str) -> str:
    with browse.open(where, timeout=60) as response:
        return str(response.read().decode())


def get_json(browse: OpenerDirector, where: str) -> Any:
    return json.loads(get(browse, where))


def status_of(browse: OpenerDirector, request: str | urllib.request.Request) -> int:
    try:
        with browse.open(request, timeout=60) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_there_is_enough_of_everything() -> None:
    assert len(WEB.posts) >= 110
    assert {post.place.form for post in WEB.posts.values()} == {
        "rss", "atom", "jsonfeed", "sitemap", "reddit", "hackernews", "bluesky", "mastodon", "hashtag",
        "huggingface", "github",
        "arxiv", "telegram", "x",
    }  # fmt: skip
    assert len([story for story in WEB.stories if story.claims]) >= 8


def test_the_content_expects_every_status() -> None:
    expected = {status for story in WEB.stories for claim in story.claims for status in claim.statuses}
    assert expected - {""} == {
        "unverified", "corroborated", "disputed", "substantiated", "contradicted", "retracted", "expired",
    }  # fmt: skip


def test_each_night_has_something_new_and_nothing_from_the_future() -> None:
    ids_by_night = [{post.id for post in WEB.at(night)} for night in NIGHTS]
    assert ids_by_night[0] and ids_by_night[1] - ids_by_night[0] and ids_by_night[2] - ids_by_night[1]
    assert all(post.at <= NIGHTS[-1] for post in WEB.posts.values())
    for night in NIGHTS:
        assert all(post.at <= night for post in WEB.at(night))


def test_only_one_story_names_what_is_real() -> None:
    gazetteer = Gazetteer.load()
    names_in: dict[str, set[str]] = {story.key: set() for story in WEB.stories}
    for story in WEB.stories:
        for post in story.posts:
            edits = [f"{edit.title} {edit.text}" for edit in post.edits]
            words = " ".join([post.title, post.text, post.by, post.by_name, post.place.name, *edits])
            # The platforms themselves (Reddit, Bluesky) are venues, and may be named.
            names_in[story.key] |= {entity.name for entity in gazetteer.find(words) if entity.type != "venue"}
    llama_names = names_in.pop("llama4")
    assert {key: names for key, names in names_in.items() if names} == {}
    assert llama_names - {"LM Arena", "LMArena"} == {
        "Meta", "Llama 4", "Llama 4 Maverick", "Llama 4 Scout", "Ahmad Al-Dahle",
    }


def test_the_one_real_story_is_of_its_time() -> None:
    assert all(
        (post.at.year, post.at.month) == (2025, 4)
        for key, post in WEB.posts.items()
        if key.startswith("llama4")
    )


def test_every_host_is_reserved_for_examples() -> None:
    # X's stand-in is at a loopback address, the only one that gets its token without TLS.
    assert {place.form for place in WEB.places.values() if not place.host.endswith(".example")} == {"x"}
    assert {place.host for place in WEB.places.values() if place.form == "x"} == {"127.0.0.1"}
    for post in WEB.posts.values():
        for target in re.findall(r"https?://([^/\s)]+)", f"{post.text} {post.link}"):
            assert target.endswith(".example"), post.id


def test_an_address_on_a_real_host_is_nobodys() -> None:
    """X allows names of 15 characters, and an arXiv number begins with a year and a month."""
    real_urls = [address(post, WEB) for post in WEB.posts.values() if ".example/" not in address(post, WEB)]
    assert real_urls
    for post_url in real_urls:
        assert re.fullmatch(
            r"https://x\.com/\w{16,20}/status/\d+|https://arxiv\.org/abs/\d\d00\.\d{5}", post_url
        )


def test_addresses_are_canonical_and_unique() -> None:
    addresses = [address(post, WEB).rstrip("/") for post in WEB.posts.values()]
    assert len(set(addresses)) == len(addresses)
    assert [canonical_url(post_url) for post_url in addresses] == addresses
    assert len({item_number(post) for post in WEB.posts.values() if post.place.form == "hackernews"}) == sum(
        post.place.form == "hackernews" for post in WEB.posts.values()
    )


def test_posts_keep_to_their_platform() -> None:
    for post in WEB.posts.values():
        if post.place.form == "bluesky":
            assert len(post.text) <= 300 and not post.title, post.id
        if post.place.form == "x":
            assert len(post.text) <= 280 and not post.title, post.id
        if post.place.form in ARTICLES | {"huggingface", "github", "arxiv"}:
            assert post.title and post.text, post.id
        if post.place.form in ARTICLES | {"reddit", "hackernews", "hashtag", "arxiv"}:
            assert post.by, post.id


@pytest.mark.parametrize("night", NIGHTS)
def test_feeds_parse_and_list_what_stands(site: Site, browse: OpenerDirector, night: Any) -> None:
    site.clock = night
    for place in WEB.places.values():
        if place.form not in ("rss", "atom") or (place.key == "harbour" and night == NIGHTS[1]):
            continue
        feed_url = f"http://{place.host}/{'feed.xml' if place.form == 'rss' else 'atom.xml'}"
        parsed_feed = feedparser.parse(get(browse, feed_url))
        assert not parsed_feed.bozo, parsed_feed.get("bozo_exception")
        entries_listed = [(entry.link, entry.title) for entry in parsed_feed.entries if "link" in entry]
        assert entries_listed == [(url(post), post.title) for post in WEB.at(night) if post.place is place]
        assert all(entry.published_parsed for entry in parsed_feed.entries if "link" in entry)


def test_one_feed_has_a_broken_item_on_the_first_night(site: Site, browse: OpenerDirector) -> None:
    titles_without_link = []
    for night in (NIGHTS[0], NIGHTS[2]):
        site.clock = night
        entries = feedparser.parse(get(browse, "http://harbourpost.example/feed.xml")).entries
        titles_without_link.append([entry.title for entry in entries if "link" not in entry])
    assert titles_without_link == [["Untitled draft, please ignore"], []]


def test_one_source_fails_on_the_second_night_alone(site: Site, browse: OpenerDirector) -> None:
    statuses = []
    for night in NIGHTS:
        site.clock = night
        statuses.append(status_of(browse, "http://harbourpost.example/feed.xml"))
    assert statuses == [200, 500, 200]


def test_a_feed_that_has_not_changed_is_not_sent_again(site: Site, browse: OpenerDirector) -> None:
    site.clock = NIGHTS[0]
    feed_url = "http://gridpost.example/feed.xml"
    with browse.open(feed_url, timeout=60) as response:
        tag, modified_at = response.headers["ETag"], response.headers["Last-Modified"]
    for header in ({"If-None-Match": tag}, {"If-Modified-Since": modified_at}):
        assert status_of(browse, urllib.request.Request(feed_url, headers=header)) == 304
        site.clock = NIGHTS[1]
        assert status_of(browse, urllib.request.Request(feed_url, headers=header)) == 200
        site.clock = NIGHTS[0]


def test_an_article_page_carries_its_date_and_text(site: Site, browse: OpenerDirector) -> None:
    site.clock = NIGHTS[2]
    post = WEB.posts["marigold-admission"]
    page = get(browse, url(post))
    facts = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert facts and json.loads(facts[1])["datePublished"] == "2026-03-03T15:00:00+00:00"
    assert "Chats of paying customers were not included." in page
    assert page == article(as_of(post, NIGHTS[2]), WEB)


@pytest.mark.parametrize(
    "post", [post for post in WEB.posts.values() if post.place.form in ARTICLES], ids=lambda post: post.id
)
def test_the_crawler_reads_each_article_to_the_letter(post: Post) -> None:
    article_read = read_article(article(post, WEB).encode(), url=url(post), encoding="utf-8")
    plain_paragraphs = [with_links(paragraph, lambda words, _: words) for paragraph in paragraphs_of(post)]
    assert (article_read.title, article_read.text) == (post.title, "\n\n".join(plain_paragraphs))
    assert [link.words for link in article_read.links] == [words for words, _ in links(post.text)]
    assert article_read.published_at == post.at and article_read.url == url(post)


def test_an_edited_article_changes_without_a_word(site: Site, browse: OpenerDirector) -> None:
    pages = []
    for night in NIGHTS[:2]:
        site.clock = night
        entries = feedparser.parse(get(browse, "http://gridpost.example/feed.xml")).entries
        [link] = [entry.link for entry in entries if "Saltmarsh" in entry.title]
        pages.append(get(browse, link))
    assert "is launching Saltmarsh 1" in pages[0] and "reportedly" not in pages[0]
    assert "is reportedly launching Saltmarsh 1" in pages[1]


def test_an_edited_article_keeps_its_address() -> None:
    for post in WEB.posts.values():
        for edit in post.edits:
            assert address(as_of(post, edit.at), WEB) == address(as_of(post, post.at), WEB)


def test_reddit_listing(site: Site, browse: OpenerDirector) -> None:
    site.clock = NIGHTS[0]
    listing = get_json(browse, "http://reddit.example/r/OpenWeights/new.json?limit=100&raw_json=1")
    children = listing["data"]["children"]
    assert listing["kind"] == "Listing" and {child["kind"] for child in children} == {"t3"}
    first_post = next(child["data"] for child in children if child["data"]["author"] == "throwaway-88213")
    assert first_post["permalink"].startswith(f"/r/OpenWeights/comments/{first_post['id']}/")
    assert first_post["created_utc"] == WEB.posts["marigold-origin"].at.timestamp()
    assert first_post["name"] == f"t3_{first_post['id']}" and first_post["is_self"] is True
    post_again = get_json(browse, f"http://reddit.example/api/info.json?id={first_post['name']}")
    assert post_again["data"]["children"][0]["data"]["id"] == first_post["id"]
    thread = get_json(browse, f"http://reddit.example{first_post['permalink']}.json")
    assert [listing_part["kind"] for listing_part in thread] == ["Listing", "Listing"]
    comments = get_json(browse, "http://reddit.example/r/OpenWeights/comments.json")["data"]["children"]
    assert comments and {comment["kind"] for comment in comments} == {"t1"}
    assert all(comment["data"]["link_id"].startswith("t3_") for comment in comments)


def test_hacker_news_search_and_items(site: Site, browse: OpenerDirector) -> None:
    site.clock = NIGHTS[1]
    reply = get_json(browse, "http://hn.example/api/v1/search_by_date?tags=(story,comment)&hitsPerPage=100")
    times = [hit["created_at_i"] for hit in reply["hits"]]
    assert times == sorted(times, reverse=True) and reply["nbHits"] == len(times) > 5
    assert all(("comment_text" in hit) == ("comment" in hit["_tags"]) for hit in reply["hits"])
    middle = times[len(times) // 2]
    newer = get_json(browse, f"http://hn.example/api/v1/search_by_date?numericFilters=created_at_i>{middle}")[
        "hits"
    ]
    assert newer and all(hit["created_at_i"] > middle for hit in newer)
    item = get_json(browse, f"http://hn.example/api/v1/items/{item_number(WEB.posts['kestrel-hn'])}")
    assert item["type"] == "story" and [child["author"] for child in item["children"]] == ["oxbow"]


def test_bluesky_feed_posts_and_a_deletion(site: Site, browse: OpenerDirector) -> None:
    feed = "http://bsky.example/xrpc/app.bsky.feed.getAuthorFeed?actor=crowsnest.bsky.example&limit=100"
    site.clock = NIGHTS[0]
    items = get_json(browse, feed)["feed"]
    assert any("Jonas Petrakis has left Bramblegate" in item["post"]["record"]["text"] for item in items)
    [repost] = [item for item in items if "reason" in item]
    assert repost["post"]["author"]["handle"] == "modelwatch.bsky.example"
    assert repost["reason"]["by"]["handle"] == "crowsnest.bsky.example"
    record = repost["post"]["record"]
    for facet in record["facets"]:
        words = record["text"].encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
        assert words.startswith("reddit.example/")
    uri = at_uri(WEB.posts["petrakis-post"])
    posts = f"http://bsky.example/xrpc/app.bsky.feed.getPosts?uris={uri}"
    assert len(get_json(browse, posts)["posts"]) == 1
    site.clock = NIGHTS[1]
    assert get_json(browse, posts)["posts"] == []
    assert not any("Petrakis" in item["post"]["record"]["text"] for item in get_json(browse, feed)["feed"])


def test_mastodon_accounts_tags_and_a_deletion(site: Site, browse: OpenerDirector) -> None:
    host = "http://fosstower.example"
    site.clock = NIGHTS[1]
    account = get_json(browse, f"{host}/api/v1/accounts/lookup?acct=castellane")
    statuses = get_json(browse, f"{host}/api/v1/accounts/{account['id']}/statuses?limit=40")
    assert statuses and {entry["account"]["acct"] for entry in statuses} == {"castellane"}
    ids = [int(entry["id"]) for entry in statuses]
    assert ids == sorted(ids, reverse=True)
    tagged = get_json(browse, f"{host}/api/v1/timelines/tag/modelnews")
    assert all("modelnews" in [tag["name"] for tag in entry["tags"]] for entry in tagged)
    status_url = f"{host}/api/v1/statuses/{snowflake(WEB.posts['saltmarsh-toot'])}"
    assert "Tamarind Works" in get_json(browse, status_url)["content"]
    site.clock = NIGHTS[2]
    assert status_of(browse, status_url) == 404


def test_hugging_face_list_gets_the_release_on_the_third_night(site: Site, browse: OpenerDirector) -> None:
    models_by_night = []
    for night in NIGHTS:
        site.clock = night
        models = get_json(browse, "http://hub.example/api/models?author=corvid-ai&sort=createdAt&full=true")
        models_by_night.append([model["id"] for model in models])
    assert models_by_night == [
        ["corvid-ai/Kestrel-1"], ["corvid-ai/Kestrel-1"], ["corvid-ai/Kestrel-2", "corvid-ai/Kestrel-1"],
    ]
    model = get_json(browse, "http://hub.example/api/models/corvid-ai/Kestrel-2")
    assert model["createdAt"] == "2026-03-03T16:00:00.000Z" and model["author"] == "corvid-ai"
    card = get(browse, "http://hub.example/corvid-ai/Kestrel-2/raw/main/README.md")
    assert card.startswith("---\n") and "license: apache-2.0" in card and "# Kestrel 2" in card


def test_a_json_feed_tells_of_an_edit(site: Site, browse: OpenerDirector) -> None:
    tellings = []
    for night in NIGHTS[:2]:
        site.clock = night
        feed = get_json(browse, "http://sluice-notes.example/feed.json")
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        [item] = feed["items"]
        assert item["date_published"] == "2026-03-01T17:00:00Z"
        tellings.append((item.get("date_modified"), "did not score 81" in get(browse, item["url"])))
    assert tellings == [(None, False), ("2026-03-02T20:00:00Z", True)]


def test_a_news_sitemap_lists_two_days(site: Site, browse: OpenerDirector) -> None:
    urls_by_day = []
    for night in NIGHTS:
        site.clock = night
        page = get(browse, "http://kiln-daily.example/news-sitemap.xml")
        urls_by_day.append(re.findall(r"<loc>(.*?)</loc>", page))
        assert page.count("<news:publication_date>") == len(urls_by_day[-1])
    bridge, ferrant = (url(WEB.posts[name]) for name in ("chatter-kiln-bridge", "ferrant-kiln"))
    assert urls_by_day == [[bridge], [bridge], [ferrant]]


def test_x_answers_who_has_the_token_and_says_of_a_post_that_it_is_deleted(
    site: Site, browse: OpenerDirector
) -> None:
    host = "http://127.0.0.1"
    site.clock = NIGHTS[1]
    assert status_of(browse, f"{host}/2/users/by/username/tollgate_example") == 401

    def ask(path: str) -> Any:
        request = urllib.request.Request(f"{host}{path}", headers={"Authorization": f"Bearer {TOKEN}"})
        with browse.open(request, timeout=60) as response:
            return json.loads(response.read())

    account = ask("/2/users/by/username/tollgate_example")["data"]
    posts = ask(f"/2/users/{account['id']}/tweets")
    assert {post["author_id"] for post in posts["data"]} == {
        user["id"] for user in posts["includes"]["users"]
    }
    number = str(tweet_number(WEB.posts["ferrant-x"]))
    assert [post["id"] for post in ask(f"/2/tweets?ids={number}")["data"]] == [number]
    site.clock = NIGHTS[2]
    deletion = ask(f"/2/tweets?ids={number}")
    assert "data" not in deletion and deletion["errors"][0]["type"].endswith("/resource-not-found")


def test_telegram_shows_a_forwarded_post_under_its_first_name(site: Site, browse: OpenerDirector) -> None:
    site.clock = NIGHTS[1]
    first_post, forward = WEB.posts["ferrant-telegram"], WEB.posts["ferrant-forward"]
    page = get(browse, "http://telegram.example/s/nightlock")
    assert f'data-post="nightlock/{channel_number(forward)}"' in page
    assert f'forwarded_from_name" href="{url(first_post)}"' in page and "Odile Ferrant will leave" in page
    assert "tgme_widget_message_error" not in get(browse, f"{url(forward)}?embed=1")
    site.clock = NIGHTS[0]
    assert "Post not found" in get(browse, f"{url(forward)}?embed=1")


def test_github_lists_the_release_on_the_third_night(site: Site, browse: OpenerDirector) -> None:
    api = "http://git.example/api/v3/repos/otterline/millrace/releases"
    releases_by_night = []
    for night in NIGHTS:
        site.clock = night
        releases_by_night.append([release["html_url"] for release in get_json(browse, api)])
    post = WEB.posts["millrace-3-github"]
    assert releases_by_night == [[], [], [url(post)]]
    assert get_json(browse, f"{api}/{release_number(post)}")["published_at"] == "2026-03-03T18:00:00Z"


def test_arxiv_answers_a_query_and_an_id(site: Site, browse: OpenerDirector) -> None:
    site.clock = NIGHTS[2]
    query_url = "http://papers.example/api/query?search_query=cat:cs.CL"
    [entry] = feedparser.parse(get(browse, query_url)).entries
    assert entry.id.removesuffix("v1").replace("http:", "https:") == url(WEB.posts["basalt-paper"])
    assert [author.name for author in entry.authors] == ["Noemi Halvard", "Teodor Brask"]
    assert feedparser.parse(get(browse, "http://papers.example/api/query?id_list=2600.99999")).entries == []


def test_nothing_is_passed_on_to_the_network(browse: OpenerDirector) -> None:
    assert status_of(browse, "http://somewhere-else.example/") == 502
    with pytest.raises(OSError, match="403"):
        browse.open("https://tidewire.example/feed.xml", timeout=60)


def test_robots_are_told_what_they_may_read(browse: OpenerDirector) -> None:
    hosts = {place.host for place in WEB.places.values()}
    assert all(get(browse, f"http://{host}/robots.txt").startswith("User-agent: *") for host in hosts)


def test_deleted_posts_are_deleted_between_nights() -> None:
    gone_posts = [post for post in WEB.posts.values() if post.gone_at]
    assert {post.place.form for post in gone_posts} == {"bluesky", "hashtag", "x"}
    for post in gone_posts:
        stands_by_night = [any(p.id == post.id for p in WEB.at(night)) for night in NIGHTS]
        assert any(stands_by_night) and not stands_by_night[-1]


def test_the_past_does_not_know_the_future() -> None:
    past = WEB.until(NIGHTS[0] - timedelta(days=300))
    assert isinstance(past, Web) and {post.id.split("-")[0] for post in past.posts.values()} == {"llama4"}


def test_the_fingerprint_is_stable() -> None:
    assert fingerprint() == fingerprint() and re.fullmatch(r"[0-9a-f]{16}", fingerprint())
