"""Plans which documents are due for another look, and crawls those alone.

A nightly crawl cannot tell when in a day a text was changed. So documents that carry a live claim are checked
on a doubling schedule: 15 minutes after they were first seen, 30, 60 and so on, and last after 30 days. One
look covers all times that were missed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from crawlers.crawl_state import CrawlState, Look
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.inbox import InboxWriter
from pipeline.core.inbox_records import InboxCrawl, InboxIssue
from pipeline.core.vocabulary import IssueStage, Severity

if TYPE_CHECKING:
    from crawlers.sources import DeclaredSource

FIRST_LOOK = timedelta(minutes=15)
LAST_LOOK = timedelta(days=30)
POINTS = (*(FIRST_LOOK * 2**n for n in range(12)), LAST_LOOK)
"""The times after its first sight at which a document is checked again."""
LOOKS_A_RUN = 200
"""Documents that are checked in one run at most, those that have waited longest first."""
BUDGET = 600.0
"""Seconds after which a revisit stops, so that it is over before the one after it is to begin."""


@dataclass(frozen=True, slots=True)
class Due:
    """A document to look at, and since when it waits."""

    look: Look
    since: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """The documents to check now, by source, and what is due besides.

    `left` were too many for one run, `off` are of sources that are switched off or lack a credential,
    `undeclared` of sources that are no longer declared. `upcoming` is the next look after now, and its
    address; None where none is left.
    """

    looks: dict[DeclaredSource, tuple[Due, ...]]
    left: int = 0
    off: int = 0
    undeclared: int = 0
    upcoming: tuple[datetime, str] | None = None

    @property
    def documents(self) -> int:
        """Return how many documents are to be checked."""
        return sum(map(len, self.looks.values()))


def due_since(first_seen: datetime, checked: datetime, now: datetime) -> datetime | None:
    """Return the newest point of the schedule up to `now`, where no look came at or after it; else None."""
    first = first_seen.replace(microsecond=0)  # looks are kept to the second
    point = max((first + after for after in POINTS if first + after <= now), default=None)
    return point if point is not None and checked < point else None


def next_look(first_seen: datetime, now: datetime) -> datetime | None:
    """Return the first point of the schedule after `now`; None where the last one is over."""
    first = first_seen.replace(microsecond=0)
    return min((first + after for after in POINTS if first + after > now), default=None)


def plan(home: Home, urls: Collection[str], now: datetime) -> Plan:
    """Return what is due among the documents at `urls`.

    Reads the crawlers' state, and the sources where something is due. A document that several sources have is
    checked through one of them, and a look by any of them counts. Raises ConfigError where sources.toml is
    missing or faulty.
    """
    looks_by_url: dict[str, list[Look]] = defaultdict(list)
    for look in _looks(home, urls):
        looks_by_url[look.url].append(look)
    waiting: list[tuple[datetime, str]] = []
    coming: list[tuple[datetime, str]] = []
    for url, looks in looks_by_url.items():
        first = min(look.first_seen for look in looks)
        since = due_since(first, max(look.checked for look in looks), now)
        if since is not None:
            waiting.append((since, url))
        if (upcoming := next_look(first, now)) is not None:
            coming.append((upcoming, url))
    result = Plan({}, upcoming=min(coming, default=None))
    return _shared_out(home, sorted(waiting), looks_by_url, result) if waiting else result


def _looks(home: Home, urls: Collection[str]) -> list[Look]:
    if not urls or not home.crawl_state.exists():
        return []
    state = CrawlState(home.crawl_state)
    try:
        return state.looks(urls)
    finally:
        state.close()


def _shared_out(
    home: Home, waiting: Iterable[tuple[datetime, str]], looks_by_url: dict[str, list[Look]], draft: Plan
) -> Plan:
    """Return the plan with each waiting document under a source through which it can be checked."""
    from crawlers.http.credentials import lacking  # loads Scrapy
    from crawlers.link_targets import LINKED
    from crawlers.sources import load_sources

    declared = {source.id: source for source in [LINKED, *load_sources(home.sources_file)]}
    available = {
        source_id
        for source_id, source in declared.items()
        if source.enabled and lacking(source.spider, source.url) is None
    }
    looks: dict[DeclaredSource, list[Due]] = defaultdict(list)
    chosen_count = left = off = undeclared = 0
    for since, url in waiting:
        usable = [look for look in looks_by_url[url] if look.source in available]
        if not usable:
            is_declared = any(look.source in declared for look in looks_by_url[url])
            off, undeclared = off + is_declared, undeclared + (not is_declared)
        elif chosen_count < LOOKS_A_RUN:
            chosen_count += 1
            looks[declared[usable[0].source]].append(Due(usable[0], since))
        else:
            left += 1
    planned = {source: tuple(dues) for source, dues in looks.items()}
    return replace(draft, looks=planned, left=left, off=off, undeclared=undeclared)


def look_again(
    home: Home,
    config: Config,
    due_plan: Plan,
    *,
    run_id: str,
    now: datetime,
    began: float | None = None,
    on_progress: Callable[[str, int, int | None], None],
    replay: bool = False,
) -> list[InboxCrawl]:
    """Check the documents in `due_plan`, each by its source's own spider, and return how each source ended.

    It began at `now`, when the monotonic clock showed `began` (by default now); in a `replay` everything
    bears `now`. Writes the inbox, the archive and the state as a crawl does, but nothing of listings: no
    source's health, and no number of items. A source that does not come to its end is left out of the result
    and reported in the inbox.
    """
    from crawlers.engine.job import Job
    from crawlers.engine.launcher import results, unfinished
    from crawlers.link_targets import LINKED
    from crawlers.links_to_follow import Following
    from crawlers.sources import load_sources

    crawl = replace(
        config.crawl,
        night_budget=min(config.crawl.night_budget, BUDGET),
        source_budget=min(config.crawl.source_budget, BUDGET),
    )
    looks = {source.id: tuple(due.look.ref for due in dues) for source, dues in due_plan.looks.items()}
    sources = tuple(source for source in due_plan.looks if source != LINKED)
    follow = Following(tuple(load_sources(home.sources_file)))
    began = monotonic() if began is None else began
    job = Job(
        run_id, now, crawl, str(home.path), sources, replay=replay, looks=looks, follow=follow, began=began
    )
    ended: dict[str, InboxCrawl] = {}
    on_progress("look again", 0, len(looks))
    for result in results(job):
        ended[result.source] = result
        on_progress("look again", len(ended), len(looks))
    for source in due_plan.looks:
        if source.id not in ended:
            message, during = unfinished(run_id), IssueStage.REVISIT
            issue = InboxIssue(source.id, "unfinished", message, Severity.ERROR, now, source.url, during)
            with InboxWriter.create(home.inbox, run_id, source.id) as writer:
                writer.write(source.record())
                writer.write(issue)
    return list(ended.values())
