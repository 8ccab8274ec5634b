"""Each platform's answer and the documents that it must give, field by field."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Response

from crawlers.normalise.reader import READER
from crawlers.spiders.arxiv import ArxivSpider
from crawlers.spiders.base import SourceSpider
from crawlers.spiders.bluesky import BlueskySpider
from crawlers.spiders.feeds import FeedsSpider
from crawlers.spiders.github import GitHubSpider
from crawlers.spiders.hackernews import HackerNewsSpider
from crawlers.spiders.huggingface import HuggingFaceSpider
from crawlers.spiders.mastodon import MastodonSpider
from crawlers.spiders.price_list import PriceListSpider
from crawlers.spiders.reddit import RedditSpider
from crawlers.spiders.registry import RegistrySpider
from crawlers.spiders.telegram import TelegramSpider
from crawlers.spiders.x import XSpider
from pipeline.core.inbox import encode
from tests.crawlers.conftest import article, platform
from tests.crawlers.pump import Pump, documents, issues

CARD = "---\nlicense: apache-2.0\n---\n\n# Kestrel 2\n\nSee https://corvid.example/k2.\n"
HEAD = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": '
    '"2026-02-27T10:30:00Z"}</script>'
)


def page(url: str) -> Any:
    """Return an article of three paragraphs, one of them a link."""
    words = (
        f"The page at {url.split('?')[0]} says something about a model, in a sentence that is long enough "
        f"to be read.\n\n"
        'Another paragraph follows, with <a href="/source?utm_medium=rss">the source</a> of it all, so that '
        'there is a text.\n\n'
        "And a third one, since a main text is seldom shorter than that on any page that deserves the name."
    )
    return article("A headline", words, HEAD if url.endswith("future") else "").body


def feed(name: str) -> Callable[[str], Any]:
    """Answer with a feed at its own address, and with articles elsewhere."""
    body = platform(name).encode()
    kind = {"Content-Type": "application/xml"}
    return lambda url: Response(url, body=body, headers=kind) if url.endswith(name) else page(url)


def json_feed(url: str) -> Any:
    return platform("jsonfeed.json") if url.endswith("jsonfeed.json") else page(url)


def arxiv(url: str) -> Any:
    return Response(
        url, body=platform("arxiv_query.xml").encode(), headers={"Content-Type": "application/atom+xml"}
    )


def mastodon(url: str) -> Any:
    return {"id": "7", "acct": "castell"} if "lookup" in url else platform("mastodon_statuses.json")


def telegram(url: str) -> Any:
    return platform("telegram_channel.html" if "before" not in url else "telegram_earlier.html")


def x(url: str) -> Any:
    account = {"data": {"id": "101", "username": "wren_fictional", "name": "Wren"}}
    return account if "by/username" in url else platform("x_posts.json")


def registry(url: str) -> Any:
    """Answer with two commits: the newer adds a model and the older changes another."""
    files = {
        "1": [{"filename": "models/corvid/kestrel-3.toml", "status": "added"},
              {"filename": "providers/corvid/models/kestrel-3.toml", "status": "added"},
              {"filename": "../../etc/passwd.toml", "status": "added"}],
        "2": [{"filename": "models/tower/wren-2.toml", "status": "modified"}],
    }
    if "/commits?" in url:
        return platform("registry_commits.json")
    if "/commits/" in url:
        sha = url.rpartition("/")[2]
        (commit,) = [commit for commit in platform("registry_commits.json") if commit["sha"] == sha]
        return commit | {"files": files[sha[0]]}
    if "/providers/" in url:
        return toml(url, "registry_served.toml") if "corvid" in url else 404
    model = toml(url, "registry_model.toml")
    return model if "corvid" in url else model.replace(body=model.body.replace(b"Kestrel 3", b"Wren 2"))


def toml(url: str, name: str) -> Response:
    return Response(url, body=platform(name).encode(), headers={"Content-Type": "text/plain; charset=utf-8"})


def hub(url: str) -> Any:
    if "api/models?" in url:
        return platform("huggingface_models.json")
    return CARD if "Kestrel-2/raw" in url else 404


CASES: dict[str, tuple[type[SourceSpider], str, str, Callable[[str], Any], list[str]]] = {
    "reddit_new": (
        RedditSpider, "reddit", "https://reddit.example/r/OpenWeights", lambda _: platform("reddit_new.json"),
        ["bad_item"],
    ),
    "reddit_comments": (
        RedditSpider, "reddit", "https://reddit.example/r/OpenWeights/comments",
        lambda _: platform("reddit_comments.json"), [],
    ),
    "hackernews_search": (
        HackerNewsSpider, "hackernews", "https://hn.algolia.com/api/v1/search_by_date?query=x&tags=story",
        lambda _: platform("hackernews_search.json"), ["bad_item"],
    ),
    "bluesky_feed": (
        BlueskySpider, "bluesky", "https://bsky.example/profile/wren.bsky.example",
        lambda _: platform("bluesky_feed.json"), ["bad_item"],
    ),
    "mastodon_statuses": (MastodonSpider, "mastodon", "https://tower.example/@castell", mastodon,
        ["bad_item"]),
    "huggingface_models": (HuggingFaceSpider, "huggingface", "https://hub.example/corvid-ai", hub,
        ["bad_item"]),
    "github_releases": (
        GitHubSpider, "github", "https://github.com/corvid-ai/kestrel",
        lambda _: platform("github_releases.json"), ["bad_item"],
    ),
    "github_pulls": (
        GitHubSpider, "github", "https://github.com/search?q=repo:tower-lab/engine+model+in:title&type=pullrequests",
        lambda _: platform("github_pulls.json"), ["bad_item"],
    ),
    "github_commits": (
        GitHubSpider, "github", "https://github.com/search?q=repo:tower-lab/engine+model&type=commits",
        lambda _: platform("github_commits.json"), ["bad_item"],
    ),
    "registry": (
        RegistrySpider, "registry", "https://github.com/tower-lab/models/tree/dev/models", registry,
        ["bad_item", "bad_item"],
    ),
    "price_list": (
        PriceListSpider, "price_list", "https://github.com/tower-lab/prices/blob/main/prices.json",
        lambda _: platform("price_list.json"), ["bad_item"],
    ),
    "arxiv_query": (
        ArxivSpider, "arxiv", "https://export.arxiv.org/api/query?search_query=cat:cs.CL", arxiv,
        ["bad_item"],
    ),
    "feed": (FeedsSpider, "feeds", "http://gridpost.example/feed.xml", feed("feed.xml"), ["bad_item"]),
    "jsonfeed": (FeedsSpider, "feeds", "http://lantern.example/jsonfeed.json", json_feed,
        ["bad_item", "bad_item"]),
    "atom": (FeedsSpider, "feeds", "http://lantern.example/atom.xml", feed("atom.xml"), []),
    "telegram_channel": (
        TelegramSpider, "telegram", "https://t.me/s/nestbox_fictional", telegram, ["bad_item"],
    ),
    "x_posts": (XSpider, "x", "https://x.com/wren_fictional", x, ["bad_item"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_platform_gives_these_documents(name: str, tmp_path: Path) -> None:
    spider_class, spider, url, answer, faults = CASES[name]
    results = Pump(tmp_path, spider_class, spider=spider, url=url).night(answer)
    document_fields = [json.loads(encode(document)) for document in documents(results)]
    usual_fields = {"extent": "whole", "reader": READER, "modified_precision": "unknown"}
    kept_fields = [
        {key: value for key, value in fields.items() if value not in (None, [], False, usual_fields.get(key))}
        for fields in document_fields
    ]
    assert kept_fields == platform(f"{name}.expected.json")
    assert [issue.code for issue in issues(results)] == faults
