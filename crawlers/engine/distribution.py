"""Crawls a night's sources on the workers of an engine, and takes in here what they bring.

A shard whose workers were lost is given out again, each of its sources by itself; one that loses its workers
once more fails. When no shard is at work any more, what is left is crawled here: sources that ask the sites
of many others or lead to sites that their shard may not ask, and those that their worker could not reach.
Then links of posts are followed (`crawlers.engine.link_shards`). So no host is ever asked by two crawls at
once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

from crawlers.crawl_state import CrawlState
from crawlers.engine.job import Job
from crawlers.engine.launcher import failed, results
from crawlers.engine.link_shards import follow_links
from crawlers.engine.night import Night
from crawlers.engine.shards import Crawled, Shard, divide, one_by_one, sites_of
from crawlers.sources import DeclaredSource
from pipeline.core.engine import Engine
from pipeline.core.errors import NetworkError
from pipeline.core.files import replacing
from pipeline.core.home import Home
from pipeline.core.inbox import free_name
from pipeline.core.inbox_records import InboxCrawl


def on(engine: Engine | None) -> Callable[[Job], Iterator[InboxCrawl]]:
    """Return the function that does a job: on the workers of `engine`, or in one process without several."""
    return partial(distributed, engine=engine) if engine is not None and engine.workers > 1 else results


def distributed(job: Job, engine: Engine) -> Iterator[InboxCrawl]:
    """Do `job` on the workers of `engine`, and yield how each source ended as its results are stored here.

    The inbox, the archive and the memory get what one crawl process would write. Raises NetworkError where
    no worker could reach anything.
    """
    with closing(CrawlState(Home(Path(job.home)).crawl_state)) as state:
        night = Night(job, engine, state)
        remaining = yield from _crawl_sources(night)
        if remaining:
            yield from night.here(sources=tuple(remaining), follow=None)
        if job.follow is not None:
            yield from follow_links(night, job.follow)


def _crawl_sources(night: Night) -> Generator[InboxCrawl, None, list[DeclaredSource]]:
    """Yield how the sources of all shards ended, and return those that are to be crawled here."""
    asked = night.state.asked()
    groups, remaining = divide(night.job.sources, asked, night.engine.workers)
    declared = {source.id: source for source in night.job.sources}
    rounds, shard_count, unreachable = [groups], 0, list[str]()
    with night.archive() as (archive, archive_name):

        def shard(sources: tuple[DeclaredSource, ...]) -> Shard:
            sites = frozenset().union(*(sites_of(source, asked) for source in sources))
            return night.shard(archive_name, sites, sources)

        while rounds:
            round_groups, lost_sources = rounds.pop(0), list[DeclaredSource]()
            for sources, crawled in night.crawled(round_groups, shard):
                if crawled.lost and len(sources) == 1:
                    yield _failed(night, sources[0], crawled.lost)
                elif crawled.lost:
                    lost_sources += sources
                night.keep(archive, crawled)
                _take_in(night, crawled)
                unreachable += filter(None, [crawled.unreachable])
                remaining += [declared[source] for source in sorted(crawled.elsewhere & declared.keys())]
                yield from crawled.ended
            shard_count += len(round_groups)
            rounds += one_by_one(lost_sources, asked)
    if shard_count and len(unreachable) == shard_count:
        raise NetworkError(unreachable[0])
    return remaining


def _failed(night: Night, source: DeclaredSource, reason: str) -> InboxCrawl:
    """Record that a source by itself lost its workers."""
    job = night.job
    at = job.now + timedelta(seconds=time.monotonic() - job.began)
    message = f"the workers that crawled it, and it alone, were lost: {reason}"
    return failed(night.home, job.run_id, job.now, at, source, message)


def _take_in(night: Night, crawled: Crawled) -> None:
    """Put the lines that a shard brought on the disk, then its memory."""
    folder = night.home.inbox / night.job.run_id
    folder.mkdir(parents=True, exist_ok=True)
    for source in night.job.sources:
        if source.id in crawled.files:
            with replacing(free_name(folder, source.id, ".jsonl.gz")) as file:
                file.write(crawled.files[source.id])
    if crawled.memory:
        night.state.take_in(crawled.memory)
