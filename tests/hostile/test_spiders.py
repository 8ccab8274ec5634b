"""Hostile answers through each spider: they give documents and issues, and break nothing."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Response, TextResponse

from pipeline.core.inbox import encode
from tests.crawlers.conftest import platform
from tests.crawlers.pump import Pump, documents, issues
from tests.crawlers.spiders.test_golden import CASES
from tests.hostile.inputs import BODIES, VALUES

KINDS = ("application/json", "text/html; charset=hex")
LISTS: dict[str, tuple[str, ...]] = {
    "reddit_new": ("data", "children"), "reddit_comments": ("data", "children"), "bluesky_feed": ("feed",),
    "hackernews_search": ("hits",), "mastodon_statuses": (), "huggingface_models": (), "x_posts": ("data",),
    "github_releases": (), "github_pulls": ("items",), "github_commits": ("items",), "jsonfeed": ("items",),
}  # fmt: skip
"""Where the items of a case's listing stand in its answer."""
SILENT = {"a feed of nothing", "a sitemap of nothing"}
CHANGED = 20  # changed answers for each case

pytestmark = pytest.mark.slow  # many answers


def night(name: str, folder: Path, answer: Callable[[str], Any]) -> list[Any]:
    """Return a spider's results, all of which can be encoded."""
    folder.mkdir(exist_ok=True)
    spider_class, spider, url, _, _ = CASES[name]
    results = Pump(folder, spider_class, spider=spider, url=url).night(answer, max_bytes=2_000_000)
    for result in (*documents(results), *issues(results)):
        encode(result)
    return results


@pytest.mark.parametrize("name", CASES)
def test_any_answer_is_told_or_read(name: str, tmp_path: Path) -> None:
    for number, (body_name, body) in enumerate(BODIES.items()):
        for kind in KINDS:
            def answer(url: str, body: bytes = body, kind: str = kind) -> Response:
                return TextResponse(url, body=body, headers={"Content-Type": kind})

            results = night(name, tmp_path / f"{number}{KINDS.index(kind)}", answer)
            # An empty answer may give neither a document nor an issue.
            assert documents(results) or issues(results) or body_name in SILENT, (body_name, kind)


@pytest.mark.parametrize("name", CASES)
def test_any_value_in_the_place_of_any_other_is_told_or_read(name: str, tmp_path: Path) -> None:
    chance = random.Random(name)
    usual_answer = CASES[name][3]
    for number in range(CHANGED):
        seed = chance.random()

        def answer(url: str, seed: float = seed) -> Any:
            usual_body = usual_answer(url)
            if not isinstance(usual_body, (dict, list)):
                return usual_body
            changed_body = copy.deepcopy(usual_body)
            value_places = list(_places(changed_body))
            picked = random.Random(f"{seed}{url}")
            for holder, key in picked.sample(value_places, min(len(value_places), picked.choice((1, 2, 20)))):
                holder[key] = picked.choice(VALUES)
            body = json.dumps(changed_body).encode()
            return TextResponse(url, body=body, headers={"Content-Type": "application/json"})

        night(name, tmp_path / str(number), answer)


@pytest.mark.parametrize("name", LISTS)
def test_an_item_of_any_values_takes_no_other_with_it(name: str, tmp_path: Path) -> None:
    chance = random.Random(name)
    usual_answer, keys = CASES[name][3], LISTS[name]

    def others(url: str, at: int) -> Any:
        usual_body = copy.deepcopy(usual_answer(url))
        del _items(usual_body, keys)[at : at + 1]
        return usual_body

    def spoiled(url: str, at: int, seed: float) -> Any:
        usual_body = copy.deepcopy(usual_answer(url))
        if not (items := _items(usual_body, keys)):
            return usual_body
        picked = random.Random(seed)
        changed_item = [items[at]]
        value_places = list(_places(changed_item))
        for holder, key in picked.sample(value_places, min(len(value_places), picked.choice((1, 2, 20)))):
            holder[key] = picked.choice(VALUES)
        items[at] = changed_item[0]
        body = json.dumps(usual_body).encode()
        return TextResponse(url, body=body, headers={"Content-Type": "application/json"})

    for position in range(len(_items(platform(f"{name}.json"), keys))):
        urls_alone = {
            document.url
            for document in documents(night(name, tmp_path / f"{position}", partial(others, at=position)))
        }
        for number in range(CHANGED // 4):
            seed = chance.random()
            results = night(name, tmp_path / f"{position}-{number}", partial(spoiled, at=position, seed=seed))
            assert urls_alone <= {document.url for document in documents(results)}, (position, seed)


def _items(answer: Any, keys: tuple[str, ...]) -> list[Any]:
    """Return the list of items of an answer; an empty one for another answer."""
    for key in keys:
        answer = answer.get(key) if isinstance(answer, dict) else None
    return answer if isinstance(answer, list) else []


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each holder and key in a value of JSON."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in list(keys):
        yield value, key
        yield from _places(value[key])
