"""How a night's sources are divided: no site in two shards, and the load spread over the workers."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from crawlers.engine.shards import MOST_SITES, SOURCES_A_SHARD, divide, one_by_one, sites_of
from crawlers.sources import DeclaredSource


def source(name: str, url: str = "", spider: Any = "feeds") -> DeclaredSource:
    """A source; its site is its own unless `url` says otherwise."""
    address = url or f"https://www.{name}.example/feed.xml"
    return DeclaredSource.model_validate(
        {"id": name, "name": name, "spider": spider, "url": address, "role": "press"})


def ids(shards: list[tuple[DeclaredSource, ...]]) -> list[set[str]]:
    """The sources of each shard."""
    return [{one.id for one in shard} for shard in shards]


@pytest.mark.parametrize(("a", "b"), [
    ("https://feeds.paper.example/a.xml", "https://paper.example/b.xml"),
    ("https://export.arxiv.org/api/query?search_query=a", "https://rss.arxiv.org/rss/cs"),
    ("http://127.0.0.1:8001/a.xml", "http://127.0.0.1:8002/b.xml"),
])
def test_hosts_of_one_publisher_are_one_site(a: str, b: str) -> None:
    assert sites_of(source("a", a), {}) == sites_of(source("b", b), {})


def test_hosts_of_a_domain_that_publishers_share_are_sites_of_their_own() -> None:
    one, other = source("a", "https://one.substack.com/feed"), source("b", "https://two.substack.com/feed")
    assert not sites_of(one, {}) & sites_of(other, {})


def test_sources_that_share_a_site_are_in_one_shard_however_they_came_to_share_it() -> None:
    sources = [source("a"), source("b"), source("c"), source("d"), source("e", "https://a.example/other.xml")]
    asked = {"b": {"pages.example"}, "c": {"pages.example", "e-mail.example"}, "d": {"e-mail.example"}}
    shards, wide = divide(sources, asked, workers=8)
    assert sorted(map(sorted, ids(shards))) == [["a", "e"], ["b", "c", "d"]]
    assert wide == []


def test_no_two_shards_have_a_site_in_common() -> None:
    sources = [source(f"s{number}") for number in range(60)]
    asked = {f"s{number}": {f"s{number * 7 % 60}.example"} for number in range(0, 60, 3)}
    shards, _ = divide(sources, asked, workers=5)
    territories = [set().union(*(sites_of(one, asked) for one in shard)) for shard in shards]
    assert all(not a & b for a, b in combinations(territories, 2))
    assert sorted(one.id for shard in shards for one in shard) == sorted(one.id for one in sources)
    assert len(shards) == 5 and {len(shard) for shard in shards} <= {11, 12, 13}


def test_a_shard_has_no_more_sources_than_one_process_takes_well() -> None:
    shards, _ = divide([source(f"s{number}") for number in range(10 * SOURCES_A_SHARD)], {}, workers=2)
    assert [len(shard) for shard in shards] == [SOURCES_A_SHARD] * 10


def test_a_source_that_asks_the_sites_of_many_is_in_no_shard() -> None:
    sources = [source("list"), *(source(f"s{number}") for number in range(MOST_SITES))]
    asked = {"list": {f"s{number}.example" for number in range(MOST_SITES)}}
    shards, wide = divide(sources, asked, workers=2)
    assert [one.id for one in wide] == ["list"]
    assert sorted(map(len, shards)) == [4, 4]


def test_one_by_one_no_two_sources_of_a_site_are_in_one_round() -> None:
    sources = [source(name) for name in "abcd"]
    rounds = one_by_one([*sources, source("e", "https://a.example/other.xml")], {"b": {"d.example"}})
    assert [[[one.id for one in shard] for shard in together] for together in rounds] == [
        [["c"], ["b"], ["a"]], [["d"], ["e"]]]
    assert one_by_one([], {}) == []


def test_the_division_is_the_same_each_time_and_nothing_is_in_no_shards() -> None:
    sources = [source(f"s{number}") for number in range(20)]
    assert divide(sources, {}, 3) == divide(sources, {}, 3)
    assert divide([], {}, 3) == ([], [])
