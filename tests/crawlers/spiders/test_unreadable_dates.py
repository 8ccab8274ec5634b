"""A date that cannot be read costs a document its time and nothing else, whoever states it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Response

from crawlers.spiders.base import Found
from tests.crawlers.pump import Pump, documents
from tests.crawlers.spiders.test_golden import CASES

STATED = {
    "reddit_new": "created_utc", "reddit_comments": "created_utc", "hackernews_search": "created_at_i",
    "bluesky_feed": "createdAt|indexedAt", "mastodon_statuses": "created_at", "x_posts": "created_at",
    "huggingface_models": "createdAt", "github_releases": "published_at",
    "github_pulls": "created_at", "github_commits": "date",
}  # fmt: skip


def spoiled(value: Any, names: str, date: Any) -> Any:
    """`value` with `date` in the place of each date of these names."""
    if isinstance(value, dict):
        return {key: date if re.fullmatch(names, key) and one is not None else spoiled(one, names, date)
                for key, one in value.items()}  # fmt: skip
    return [spoiled(one, names, date) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("date", ["soon", "9999-12-31T23:59:59-14:00", {"a": 1}], ids=str)
@pytest.mark.parametrize("name", STATED)
def test_no_platform_loses_a_document_for_it(name: str, date: Any, tmp_path: Path) -> None:
    made_by, spider, url, answer, _ = CASES[name]

    def changed(asked: str) -> Any:
        given = answer(asked)
        return given if isinstance(given, (str, int, Response)) else spoiled(given, STATED[name], date)

    whole = Pump(tmp_path / "a", made_by, spider=spider, url=url).night(answer)
    yields = Pump(tmp_path / "b", made_by, spider=spider, url=url).night(changed)
    assert {one.url for one in documents(yields)} == {one.url for one in documents(whole)}
    dated = {one.url for one in documents(whole) if one.published_at or one.not_before}
    for found in (one for one in yields if isinstance(one, Found)):
        told = found.document
        assert told.not_before is None
        assert told.published_at is None or told.url not in dated
        # An edited post of X has two times, and is undated where they disagree.
        assert found.undated or told.url not in dated or name == "x_posts"


def test_a_repost_that_states_no_time_is_kept(tmp_path: Path) -> None:
    made_by, spider, url, answer, _ = CASES["bluesky_feed"]

    def timeless(asked: str) -> Any:
        given = answer(asked)
        for item in given["feed"]:
            item.get("reason", {}).pop("indexedAt", None)
        return given

    reposts = [one for one in documents(Pump(tmp_path, made_by, spider=spider, url=url).night(timeless))
               if "reposted_by" in str(one.url)]  # fmt: skip
    assert [one.published_at for one in reposts] == [None]
