"""Small engines for tests of crawls in shards, with the protocol of the real ones."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection

from crawlers.engine import distribution, launcher
from crawlers.engine.shard_worker import crawl_shard
from crawlers.engine.shards import Crawled, Shard
from pipeline.core.config import Config, CrawlConfig
from pipeline.core.engine import Batch, Lost, Result, WorkerLost
from pipeline.core.home import Home
from tests.forkserver import CONTEXT


def marked(shard: Shard) -> Crawled:
    """Crawl a shard under its own name, which servers see in `User-Agent`: its process, and its sources
    or the sites of its links.
    """
    name = f"{os.getpid()}:{','.join([source.id for source in shard.sources] or sorted(shard.sites))}"
    return crawl_shard(replace(shard, crawl=replace(shard.crawl, contact=name)))


@dataclass
class Threads:
    """An engine whose workers are threads of this process; each shard is crawled under a name of its own."""

    workers: int = 3

    def map(self, function: Callable[[Batch], Result], batches: Iterable[Batch],
            lost: Lost[Result] | None = None) -> Iterator[Result]:
        """Yield the result of each batch."""
        worker_function = marked if function is crawl_shard else function
        with ThreadPoolExecutor(self.workers) as pool:
            yield from pool.map(worker_function, batches)  # type: ignore[misc]


@dataclass
class Processes:
    """An engine with one process per attempt, which tests can kill as on a cluster. `pids` lists the started.

    A shard whose three processes were killed is lost.
    """

    workers: int = 2
    pids: list[int] = field(default_factory=list)

    def map(self, _: Callable[[Batch], Result], batches: Iterable[Batch],
            lost: Lost[Result] | None = None) -> Iterator[Result]:
        """Yield the result of each shard; a shard whose process is killed is crawled again."""
        assert lost is not None
        with ThreadPoolExecutor(self.workers) as pool:
            yield from pool.map(partial(self._again_and_again, lost), batches)

    def _again_and_again(self, lost: Lost[Result], batch: Batch) -> Result:
        for _ in range(3):
            our_end, their_end = CONTEXT.Pipe()
            process = CONTEXT.Process(target=_work, args=(their_end, batch))
            process.start()
            their_end.close()
            self.pids.append(process.pid or 0)
            try:
                result: Result = our_end.recv()
            except EOFError:
                continue
            finally:
                process.join()
            return result
        return lost(WorkerLost("3 processes that were given one batch ended before it was done"))


@dataclass
class ScriptedEngine:
    """An engine whose shards take their results from `answers`, in order; `shards` lists the shards."""

    answers: Callable[[Shard], Crawled]
    workers: int = 2
    shards: list[Shard] = field(default_factory=list)

    def map(self, _: Callable[[Batch], Result], batches: Iterable[Batch],
            lost: Lost[Result] | None = None) -> Iterator[Result]:
        """Yield the answers; a shard whose answer raises WorkerLost is lost."""
        assert lost is not None
        for batch in batches:
            assert isinstance(batch, Shard)
            self.shards.append(batch)
            try:
                yield self.answers(batch)  # type: ignore[misc]
            except WorkerLost as error:
                yield lost(error)


def drive(home: Home, crawl: CrawlConfig) -> None:
    """Crawl one night of `home`, as run `run`, on two processes."""
    config = Config(crawl=crawl)
    launcher.crawl(home, config, run_id="run", now=datetime.now(UTC), work=distribution.on(Processes()))


def _work(driver: Connection, shard: Shard) -> None:
    driver.send(marked(shard))
