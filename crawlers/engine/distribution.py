"""Crawls a night's sources on the workers of an engine, and takes in here what they bring.

The last part of the night is crawled here, when no shard is at work any more: sources that ask the sites of
many others or lead to sites that their shard may not ask, those that their worker could not reach, and the
links of posts. So no host is ever asked by two crawls at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from crawlers.crawl_state import CrawlState
from crawlers.engine.job import Job
from crawlers.engine.launcher import results
from crawlers.engine.scrapy_settings import pause_after
from crawlers.engine.shard_worker import crawl_shard
from crawlers.engine.shards import Crawled, Shard, divide, sites_of
from crawlers.http.warc_writer import Archive
from crawlers.sources import DeclaredSource
from pipeline.core.config import Home
from pipeline.core.engine import Engine
from pipeline.core.errors import NetworkError
from pipeline.core.files import replacing
from pipeline.core.inbox import free_name
from pipeline.core.records import InboxCrawl


def on(engine: Engine | None) -> Callable[[Job], Iterator[InboxCrawl]]:
    """Return what does a job: the workers of `engine`; where there are not several, one process here."""
    return partial(distributed, engine=engine) if engine is not None and engine.workers > 1 else results


def distributed(job: Job, engine: Engine) -> Iterator[InboxCrawl]:
    """Do `job` on the workers of `engine`: how each source ended, as what it brought is taken in here.

    The inbox, the archive and the memory get what one crawl process would write. Raises NetworkError where
    no worker could reach anything, and WorkerLost.
    """
    home = Home(Path(job.home))
    with closing(CrawlState(home.crawl_state)) as state:
        asked = state.asked()
        groups, last = divide(job.sources, asked, engine.workers)
        stem = free_name(home.archive, job.run_id, ".warc.gz").name.removesuffix(".warc.gz")
        # One after the other, as the engine takes them: each holds a part of the memory.
        shards = (_shard(job, state, stem, group, asked) for group in groups)
        declared = {source.id: source for source in job.sources}
        pauses: dict[str, float] = {}
        unreachable: list[str] = []
        with closing(Archive(home.archive, job.run_id)) as archive:
            for crawled in engine.map(crawl_shard, shards):
                _take_in(home, job, state, archive, crawled)
                pauses |= crawled.pauses
                unreachable += filter(None, [crawled.unreachable])
                last += [declared[name] for name in sorted(crawled.elsewhere & declared.keys())]
                yield from crawled.ended
    if groups and len(unreachable) == len(groups):
        raise NetworkError(unreachable[0])
    if last or job.follow is not None:
        time.sleep(pause_after(job.crawl, [source.url for source in job.sources]))
        yield from results(replace(job, sources=tuple(last), pauses=pauses))


def _shard(
    job: Job, state: CrawlState, archive: str, sources: tuple[DeclaredSource, ...], asked: dict[str, set[str]]
) -> Shard:
    with TemporaryDirectory() as folder:
        part = Path(folder) / "crawl.sqlite"
        state.part(part, [source.id for source in sources])
        memory = part.read_bytes()
    began = time.time() - (time.monotonic() - job.began)
    sites = frozenset().union(*(sites_of(source, asked) for source in sources))
    return Shard(job.run_id, job.now, job.crawl, job.replay, archive, began, sources, sites, memory)


def _take_in(home: Home, job: Job, state: CrawlState, archive: Archive, crawled: Crawled) -> None:
    """Put what a shard brought on the disk: responses, then the lines that point to them, then the memory."""
    archive.take_in(crawled.records)
    archive.flush()
    folder = home.inbox / job.run_id
    folder.mkdir(parents=True, exist_ok=True)
    for source in job.sources:
        if source.id in crawled.files:
            with replacing(free_name(folder, source.id, ".jsonl.gz")) as file:
                file.write(crawled.files[source.id])
    if crawled.memory:
        state.take_in(crawled.memory)
    if crawled.log:
        log = home.path / "logs" / f"{job.run_id}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as file:
            file.write(crawled.log)
