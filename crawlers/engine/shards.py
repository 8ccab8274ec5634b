"""A night's sources, and the links of posts, in shards: each is one batch of an engine, and no two ask the
same site.

A site is all that belongs to one publisher (`crawlers.normalise.urls.outlet`). The sites that a source asks
are that of its address and those that it asked in earlier nights; the crawl process keeps to them
(`crawlers.engine.sites`).
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from math import ceil
from typing import TypeVar

from crawlers.links_to_follow import Following
from crawlers.normalise.urls import outlet
from crawlers.sources import DeclaredSource
from pipeline.core.config import CrawlConfig
from pipeline.core.inbox_records import InboxCrawl

Thing = TypeVar("Thing")

SOURCES_A_SHARD = 32
"""Sources that one crawl process takes at most, as far as their sites let them be parted: what a worker that
dies has to do again, and what one result holds."""
MOST_SITES = 8
"""A source that asks more sites than this, as one does that lists what others publish, is in no shard: it
would tie the shards of all of them into one."""


@dataclass(frozen=True, slots=True)
class Shard:
    """What one worker crawls: `sources`, or the links of posts in `follow`, which ask no more than `sites`.

    `run_id`, `now`, `crawl`, `replay` and `archive` are those of the job (`crawlers.engine.job`). `began` is
    the Unix time at `now`, from which each attempt's budget counts: the clocks of the machines agree.
    `memory` is the file of `CrawlState.part` for its sources or links, `pauses` are those of the job.
    """

    run_id: str
    now: datetime
    crawl: CrawlConfig
    replay: bool
    archive: str
    began: float
    sources: tuple[DeclaredSource, ...]
    sites: frozenset[str]
    memory: bytes = field(repr=False)
    follow: Following | None = None
    pauses: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Crawled:
    """What a shard brought: how its sources ended, its inbox `files` by their sources' ids, its WARC records.

    `elsewhere` are the ids of the sources that are to be crawled elsewhere, of which nothing is kept: those
    that lead to other sites, lack their credential on the worker, or cannot be reached from it (`unreachable`
    says why). `lost` says how its workers were lost, where nothing came. `memory` are the changes of the
    crawlers' memory, `pauses` the Unix times until which hosts asked to be left alone, `log` is that of the
    crawl process.
    """

    ended: tuple[InboxCrawl, ...] = ()
    elsewhere: frozenset[str] = frozenset()
    unreachable: str = ""
    lost: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    records: bytes = field(default=b"", repr=False)
    memory: bytes = field(default=b"", repr=False)
    pauses: Mapping[str, float] = field(default_factory=dict)
    log: bytes = field(default=b"", repr=False)


def sites_of(source: DeclaredSource, asked: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Return the sites that a source asks: its own, and those that it `asked` before (by its id)."""
    return frozenset({outlet(source.url), *asked.get(source.id, ())})


def divide(
    sources: Iterable[DeclaredSource], asked: Mapping[str, Iterable[str]], workers: int
) -> tuple[list[tuple[DeclaredSource, ...]], list[DeclaredSource]]:
    """Return the sources of each shard, the most first, and those that are in none.

    Sources that share a site are in one shard. There are as many shards as `workers`, more where a shard
    would have more than SOURCES_A_SHARD sources.
    """
    narrow: list[DeclaredSource] = []
    wide: list[DeclaredSource] = []
    for source in sources:
        (narrow if len(sites_of(source, asked)) <= MOST_SITES else wide).append(source)
    return _spread(_together(narrow, asked), max(workers, ceil(len(narrow) / SOURCES_A_SHARD))), wide


def divide_links(links: Iterable[str], workers: int) -> list[tuple[str, ...]]:
    """Return the links of each shard, the most first: links to one site are in one, and keep their order."""
    sites = defaultdict[str, list[str]](list)
    for link in links:
        sites[outlet(link)].append(link)
    return _spread(sites.values(), workers)


def _spread(groups: Iterable[Sequence[Thing]], most: int) -> list[tuple[Thing, ...]]:
    """Return the groups in at most so many shards, the largest first."""
    groups = sorted(groups, key=len, reverse=True)
    # The largest group goes to the shard that has least.
    shards = [(0, number, list[Thing]()) for number in range(min(len(groups), most))]
    for group in groups:
        size, number, things = shards[0]
        heapq.heapreplace(shards, (size + len(group), number, [*things, *group]))
    return sorted((tuple(things) for _, _, things in shards), key=len, reverse=True)


def one_by_one(
    sources: Iterable[DeclaredSource], asked: Mapping[str, Iterable[str]]
) -> list[list[tuple[DeclaredSource, ...]]]:
    """Return shards of one source each, in rounds: no two of a round ask the same site."""
    rounds = zip_longest(*_together(sources, asked))
    return [[(source,) for source in round_sources if source is not None] for round_sources in rounds]


def _together(
    sources: Iterable[DeclaredSource], asked: Mapping[str, Iterable[str]]
) -> list[list[DeclaredSource]]:
    """Return the sources in groups that have no site in common."""
    groups: list[tuple[set[str], list[DeclaredSource]]] = []
    group_of_site: dict[str, int] = {}
    for source in sources:
        sites, members = set(sites_of(source, asked)), [source]
        for number in {group_of_site[site] for site in sites if site in group_of_site}:
            sites |= groups[number][0]
            members = groups[number][1] + members
            groups[number] = (set(), [])
        group_of_site |= dict.fromkeys(sites, len(groups))
        groups.append((sites, members))
    return [members for _, members in groups if members]
