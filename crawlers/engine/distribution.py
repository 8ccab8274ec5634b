"""Crawls a night's sources on the workers of an engine, and takes in here what they bring.

A shard whose workers were lost is given out again, each of its sources by itself; one that loses its workers
once more fails. The last part of the night is crawled here, when no shard is at work any more: sources that
ask the sites of many others or lead to sites that their shard may not ask, those that their worker could not
reach, and the links of posts. So no host is ever asked by two crawls at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from crawlers.crawl_state import CrawlState
from crawlers.engine.job import Job
from crawlers.engine.launcher import failed, results
from crawlers.engine.scrapy_settings import pause_after
from crawlers.engine.shard_worker import crawl_shard
from crawlers.engine.shards import Crawled, Shard, divide, one_by_one, sites_of
from crawlers.http.warc_writer import Archive
from crawlers.sources import DeclaredSource
from pipeline.core.engine import Engine, WorkerLost
from pipeline.core.errors import NetworkError
from pipeline.core.files import replacing
from pipeline.core.home import Home
from pipeline.core.inbox import free_name
from pipeline.core.inbox_records import InboxCrawl

Sources = tuple[DeclaredSource, ...]


def on(engine: Engine | None) -> Callable[[Job], Iterator[InboxCrawl]]:
    """Return what does a job: the workers of `engine`; where there are not several, one process here."""
    return partial(distributed, engine=engine) if engine is not None and engine.workers > 1 else results


def distributed(job: Job, engine: Engine) -> Iterator[InboxCrawl]:
    """Do `job` on the workers of `engine`: how each source ended, as what it brought is taken in here.

    The inbox, the archive and the memory get what one crawl process would write. Raises NetworkError where
    no worker could reach anything.
    """
    with closing(CrawlState(Home(Path(job.home)).crawl_state)) as state:
        night = _Night(job, engine, state)
        last = yield from night.crawl_sources()
    if last or job.follow is not None:
        time.sleep(pause_after(job.crawl, [source.url for source in job.sources]))
        yield from results(replace(job, sources=tuple(last), pauses=night.pauses))


class _Night:
    """A job that is done on workers; `pauses` are those that hosts asked for meanwhile."""

    def __init__(self, job: Job, engine: Engine, state: CrawlState) -> None:
        self.job, self.engine, self.state = job, engine, state
        self.home = Home(Path(job.home))
        self.asked = state.asked()
        self.pauses: dict[str, float] = {}

    def crawl_sources(self) -> Generator[InboxCrawl, None, list[DeclaredSource]]:
        """Yield how the sources of all shards ended, and return those that are to be crawled here."""
        groups, last = divide(self.job.sources, self.asked, self.engine.workers)
        declared = {source.id: source for source in self.job.sources}
        rounds, given, unreachable = [groups], 0, list[str]()
        stem = free_name(self.home.archive, self.job.run_id, ".warc.gz").name.removesuffix(".warc.gz")
        with closing(Archive(self.home.archive, self.job.run_id)) as archive:
            while rounds:
                together, lost = rounds.pop(0), list[DeclaredSource]()
                # One after the other, as the engine takes them: each holds a part of the memory.
                shards = (self._shard(stem, sources) for sources in together)
                crawls = self.engine.map(crawl_shard, shards, _came_to_nothing)
                for sources, crawled in zip(together, crawls, strict=True):
                    if crawled.lost and len(sources) == 1:
                        yield self._failed(sources[0], crawled.lost)
                    elif crawled.lost:
                        lost += sources
                    self._take_in(archive, crawled)
                    unreachable += filter(None, [crawled.unreachable])
                    last += [declared[name] for name in sorted(crawled.elsewhere & declared.keys())]
                    yield from crawled.ended
                given += len(together)
                rounds += one_by_one(lost, self.asked)
        if given and len(unreachable) == given:
            raise NetworkError(unreachable[0])
        return last

    def _shard(self, archive: str, sources: Sources) -> Shard:
        job = self.job
        with TemporaryDirectory() as folder:
            part = Path(folder) / "crawl.sqlite"
            self.state.part(part, [source.id for source in sources])
            memory = part.read_bytes()
        began = time.time() - (time.monotonic() - job.began)
        sites = frozenset().union(*(sites_of(source, self.asked) for source in sources))
        return Shard(job.run_id, job.now, job.crawl, job.replay, archive, began, sources, sites, memory)

    def _failed(self, source: DeclaredSource, lost: str) -> InboxCrawl:
        """Record that a source by itself lost its workers."""
        at = self.job.now + timedelta(seconds=time.monotonic() - self.job.began)
        words = f"the workers that crawled it, and it alone, were lost: {lost}"
        return failed(self.home, self.job.run_id, self.job.now, at, source, words)

    def _take_in(self, archive: Archive, crawled: Crawled) -> None:
        """Put what a shard brought on the disk: responses, then lines that point to them, then the memory."""
        archive.take_in(crawled.records)
        archive.flush()
        folder = self.home.inbox / self.job.run_id
        folder.mkdir(parents=True, exist_ok=True)
        for source in self.job.sources:
            if source.id in crawled.files:
                with replacing(free_name(folder, source.id, ".jsonl.gz")) as file:
                    file.write(crawled.files[source.id])
        if crawled.memory:
            self.state.take_in(crawled.memory)
        self.pauses |= crawled.pauses
        if crawled.log:
            log = self.home.path / "logs" / f"{self.job.run_id}.log"
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("ab") as file:
                file.write(crawled.log)


def _came_to_nothing(lost: WorkerLost) -> Crawled:
    return Crawled(lost=str(lost))
