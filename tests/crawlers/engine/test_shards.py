"""How a night's sources are divided: no site in two shards, and the load spread over the workers."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from crawlers.engine.shards import MOST_SITES, SOURCES_A_SHARD, divide, one_by_one, sites_of
from crawlers.sources import DeclaredSource


def source(name: str, url: str = "", spider: Any = "feeds") -> DeclaredSource:
    """Return a source; it has a site of its own unless `url` is given."""
    address = url or f"https://www.{name}.example/feed.xml"
    return DeclaredSource.model_validate(
        {"id": name, "name": name, "spider": spider, "url": address, "role": "press"})


def ids(shards: list[tuple[DeclaredSource, ...]]) -> list[set[str]]:
    """Return the source ids of each shard."""
    return [{source.id for source in shard} for shard in shards]


@pytest.mark.parametrize(("a", "b"), [
    ("https://feeds.paper.example/a.xml", "https://paper.example/b.xml"),
    ("https://export.arxiv.org/api/query?search_query=a", "https://rss.arxiv.org/rss/cs"),
    ("http://127.0.0.1:8001/a.xml", "http://127.0.0.1:8002/b.xml"),
])
def test_hosts_of_one_publisher_are_one_site(a: str, b: str) -> None:
    assert sites_of(source("a", a), {}) == sites_of(source("b", b), {})


def test_hosts_of_a_domain_that_publishers_share_are_sites_of_their_own() -> None:
    one_substack, two_substack = (
        source("a", "https://one.substack.com/feed"),
        source("b", "https://two.substack.com/feed"),
    )
    assert not sites_of(one_substack, {}) & sites_of(two_substack, {})


def test_sources_that_share_a_site_are_in_one_shard_however_they_came_to_share_it() -> None:
    sources = [source("a"), source("b"), source("c"), source("d"), source("e", "https://a.example/other.xml")]
    sites_asked = {"b": {"pages.example"}, "c": {"pages.example", "e-mail.example"}, "d": {"e-mail.example"}}
    shards, wide_sources = divide(sources, sites_asked, workers=8)
    assert sorted(map(sorted, ids(shards))) == [["a", "e"], ["b", "c", "d"]]
    assert wide_sources == []


def test_no_two_shards_have_a_site_in_common() -> None:
    sources = [source(f"s{number}") for number in range(60)]
    sites_asked = {f"s{number}": {f"s{number * 7 % 60}.example"} for number in range(0, 60, 3)}
    shards, _ = divide(sources, sites_asked, workers=5)
    territories = [set().union(*(sites_of(source, sites_asked) for source in shard)) for shard in shards]
    assert all(not left & right for left, right in combinations(territories, 2))
    assert sorted(source.id for shard in shards for source in shard) == sorted(
        source.id for source in sources
    )
    assert len(shards) == 5 and {len(shard) for shard in shards} <= {11, 12, 13}


def test_a_shard_has_no_more_sources_than_one_process_takes_well() -> None:
    shards, _ = divide([source(f"s{number}") for number in range(10 * SOURCES_A_SHARD)], {}, workers=2)
    assert [len(shard) for shard in shards] == [SOURCES_A_SHARD] * 10


def test_a_source_that_asks_the_sites_of_many_is_in_no_shard() -> None:
    sources = [source("list"), *(source(f"s{number}") for number in range(MOST_SITES))]
    sites_asked = {"list": {f"s{number}.example" for number in range(MOST_SITES)}}
    shards, wide_sources = divide(sources, sites_asked, workers=2)
    assert [source.id for source in wide_sources] == ["list"]
    assert sorted(map(len, shards)) == [4, 4]


def test_one_by_one_no_two_sources_of_a_site_are_in_one_round() -> None:
    sources = [source(name) for name in "abcd"]
    rounds = one_by_one([*sources, source("e", "https://a.example/other.xml")], {"b": {"d.example"}})
    assert [[[source.id for source in shard] for shard in shards_together] for shards_together in rounds] == [
        [["c"], ["b"], ["a"]], [["d"], ["e"]]]
    assert one_by_one([], {}) == []


def test_the_division_is_the_same_each_time_and_nothing_is_in_no_shards() -> None:
    sources = [source(f"s{number}") for number in range(20)]
    assert divide(sources, {}, 3) == divide(sources, {}, 3)
    assert divide([], {}, 3) == ([], [])
