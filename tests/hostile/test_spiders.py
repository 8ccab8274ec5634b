"""Through each spider: whatever a platform answers, there are documents and issues, and nothing breaks."""

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
    """Return what a spider yields; all of it can be written."""
    folder.mkdir(exist_ok=True)
    made_by, spider, url, _, _ = CASES[name]
    yields = Pump(folder, made_by, spider=spider, url=url).night(answer, max_bytes=2_000_000)
    for one in (*documents(yields), *issues(yields)):
        encode(one)
    return yields


@pytest.mark.parametrize("name", CASES)
def test_any_answer_is_told_or_read(name: str, tmp_path: Path) -> None:
    for number, (what, body) in enumerate(BODIES.items()):
        for kind in KINDS:
            def answer(url: str, body: bytes = body, kind: str = kind) -> Response:
                return TextResponse(url, body=body, headers={"Content-Type": kind})

            yields = night(name, tmp_path / f"{number}{KINDS.index(kind)}", answer)
            # Who answers nothing at all may have nothing to say.
            assert documents(yields) or issues(yields) or what in SILENT, (what, kind)


@pytest.mark.parametrize("name", CASES)
def test_any_value_in_the_place_of_any_other_is_told_or_read(name: str, tmp_path: Path) -> None:
    draw = random.Random(name)
    usual = CASES[name][3]
    for number in range(CHANGED):
        seed = draw.random()

        def answer(url: str, seed: float = seed) -> Any:
            given = usual(url)
            if not isinstance(given, (dict, list)):
                return given
            changed = copy.deepcopy(given)
            places = list(_places(changed))
            picked = random.Random(f"{seed}{url}")
            for holder, key in picked.sample(places, min(len(places), picked.choice((1, 2, 20)))):
                holder[key] = picked.choice(VALUES)
            body = json.dumps(changed).encode()
            return TextResponse(url, body=body, headers={"Content-Type": "application/json"})

        night(name, tmp_path / str(number), answer)


@pytest.mark.parametrize("name", LISTS)
def test_an_item_of_any_values_takes_no_other_with_it(name: str, tmp_path: Path) -> None:
    draw = random.Random(name)
    usual, keys = CASES[name][3], LISTS[name]

    def others(url: str, at: int) -> Any:
        given = copy.deepcopy(usual(url))
        del _items(given, keys)[at : at + 1]
        return given

    def spoiled(url: str, at: int, seed: float) -> Any:
        given = copy.deepcopy(usual(url))
        if not (items := _items(given, keys)):
            return given
        picked = random.Random(seed)
        changed = [items[at]]
        places = list(_places(changed))
        for holder, key in picked.sample(places, min(len(places), picked.choice((1, 2, 20)))):
            holder[key] = picked.choice(VALUES)
        items[at] = changed[0]
        body = json.dumps(given).encode()
        return TextResponse(url, body=body, headers={"Content-Type": "application/json"})

    for at in range(len(_items(platform(f"{name}.json"), keys))):
        alone = {one.url for one in documents(night(name, tmp_path / f"{at}", partial(others, at=at)))}
        for number in range(CHANGED // 4):
            seed = draw.random()
            kept = night(name, tmp_path / f"{at}-{number}", partial(spoiled, at=at, seed=seed))
            assert alone <= {one.url for one in documents(kept)}, (at, seed)


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
