"""Choose which of the waiting links a run asks for; of others the page is known without asking."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crawlers.crawl_state import CrawlState
from crawlers.link_targets import target
from crawlers.sources import DeclaredSource
from pipeline.core.config import CrawlConfig

WAIT_DAYS = 7
"""A link that no run had room for in this many days is given up."""


@dataclass(frozen=True, slots=True)
class Following:
    """How a crawl follows the links of posts: `declared` are all sources.

    On a worker `asked` are the links of its shard, with how often each was tried before; None where the crawl
    chooses among all that wait. Links that workers of this run `settled` are left out, and so are the pages
    that they found: `listed` are the addresses.
    """

    declared: tuple[DeclaredSource, ...]
    asked: dict[str, int] | None = None
    settled: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The links to be `asked` for, newest first, with how often each was tried; how many are `left` waiting.

    `known` maps links to their page's address where that is known already; `taken` are links to the pages of
    a source that was declared after the link was found.
    """

    asked: dict[str, int]
    known: dict[str, str]
    taken: tuple[str, ...]
    left: int


def choose_links(state: CrawlState, crawl: CrawlConfig, now: datetime, following: Following) -> Chosen:
    """Choose the newest of the links that wait, as many as a run and a host may have."""
    settled = set(following.settled)
    hosts = Counter(map(_host, settled))
    asked, known, taken, left = dict[str, int](), dict[str, str](), list[str](), 0
    for link, tries in state.waiting_links(now - timedelta(days=WAIT_DAYS)) if crawl.follow_links else ():
        place = state.place(link)
        if link in settled or (place is not None and not place.was_read):
            continue  # in another run, or by its own source, it is tried again
        if place is not None:
            known[link] = place.url
        elif target(link, following.declared) is None:
            taken.append(link)
        elif len(settled) + len(asked) < crawl.follow_links and hosts[_host(link)] < crawl.follow_per_host:
            hosts[_host(link)] += 1
            asked[link] = tries
        else:
            left += 1
    return Chosen(asked, known, tuple(taken), left)


def _host(link: str) -> str:
    return urlsplit(link).hostname or ""
