"""A date that cannot be read costs a document its time and nothing else, whoever states it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Response

from crawlers.spiders.base import FoundDocument
from tests.crawlers.pump import Pump, documents
from tests.crawlers.spiders.test_golden import CASES

STATED = {
    "reddit_new": "created_utc", "reddit_comments": "created_utc", "hackernews_search": "created_at_i",
    "bluesky_feed": "createdAt|indexedAt", "mastodon_statuses": "created_at", "x_posts": "created_at",
    "huggingface_models": "createdAt", "github_releases": "published_at",
    "github_pulls": "created_at", "github_commits": "date",
}  # fmt: skip


def spoiled(value: Any, names: str, date: Any) -> Any:
    """Return `value` with each date under these names replaced by `date`."""
    if isinstance(value, dict):
        return {key: date if re.fullmatch(names, key) and field is not None else spoiled(field, names, date)
                for key, field in value.items()}  # fmt: skip
    return [spoiled(element, names, date) for element in value] if isinstance(value, list) else value


@pytest.mark.parametrize("date", ["soon", "9999-12-31T23:59:59-14:00", {"a": 1}], ids=str)
@pytest.mark.parametrize("name", STATED)
def test_no_platform_loses_a_document_for_it(name: str, date: Any, tmp_path: Path) -> None:
    spider_class, spider, url, answer, _ = CASES[name]

    def changed(asked: str) -> Any:
        reply = answer(asked)
        return reply if isinstance(reply, (str, int, Response)) else spoiled(reply, STATED[name], date)

    plain_results = Pump(tmp_path / "a", spider_class, spider=spider, url=url).night(answer)
    results = Pump(tmp_path / "b", spider_class, spider=spider, url=url).night(changed)
    assert {document.url for document in documents(results)} == {
        document.url for document in documents(plain_results)
    }
    dated_urls = {
        document.url for document in documents(plain_results) if document.published_at or document.not_before
    }
    for result in (item for item in results if isinstance(item, FoundDocument)):
        document = result.document
        assert document.not_before is None
        assert document.published_at is None or document.url not in dated_urls
        # An edited post of X has two times, and is undated where they disagree.
        assert result.undated or document.url not in dated_urls or name == "x_posts"


def test_a_repost_that_states_no_time_is_kept(tmp_path: Path) -> None:
    spider_class, spider, url, answer, _ = CASES["bluesky_feed"]

    def timeless(asked: str) -> Any:
        feed_answer = answer(asked)
        for item in feed_answer["feed"]:
            item.get("reason", {}).pop("indexedAt", None)
        return feed_answer

    reposts = [post
               for post in documents(Pump(tmp_path, spider_class, spider=spider, url=url).night(timeless))
               if "reposted_by" in str(post.url)]  # fmt: skip
    assert [post.published_at for post in reposts] == [None]
