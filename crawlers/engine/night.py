"""What sources and links share in a night on the workers of an engine: shards go out, results come in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from crawlers.crawl_state import CrawlState
from crawlers.engine.job import Job, Pauses
from crawlers.engine.launcher import output
from crawlers.engine.scrapy_settings import pause_after
from crawlers.engine.shard_worker import crawl_shard
from crawlers.engine.shards import Crawled, Shard
from crawlers.http.warc_writer import Archive
from crawlers.links_to_follow import Following
from crawlers.sources import DeclaredSource
from pipeline.core.engine import Engine, WorkerLost
from pipeline.core.home import Home
from pipeline.core.inbox import free_name
from pipeline.core.inbox_records import InboxCrawl

Part = TypeVar("Part")


class Night:
    """A job that is done on the workers of `engine`; `pauses` are those that hosts asked for meanwhile."""

    def __init__(self, job: Job, engine: Engine, state: CrawlState) -> None:
        self.job, self.engine, self.state = job, engine, state
        self.home = Home(Path(job.home))
        self.pauses: dict[str, float] = {}

    @contextmanager
    def archive(self) -> Iterator[tuple[Archive, str]]:
        """Open the archive for what shards bring, and yield it with the name that they give it."""
        name = free_name(self.home.archive, self.job.run_id, ".warc.gz").name.removesuffix(".warc.gz")
        with closing(Archive(self.home.archive, self.job.run_id)) as archive:
            yield archive, name

    def crawled(
        self, parts: Sequence[Part], shard: Callable[[Part], Shard]
    ) -> Iterator[tuple[Part, Crawled]]:
        """Give the workers the shard of each part, and yield what came of it, in order."""
        # One after the other, as the engine takes them: each holds a part of the memory.
        return zip(parts, self.engine.map(crawl_shard, map(shard, parts), _came_to_nothing), strict=True)

    def shard(self, archive: str, sites: frozenset[str], sources: tuple[DeclaredSource, ...] = (),
              follow: Following | None = None) -> Shard:
        """Return the shard of `sources`, or of the links in `follow`, which ask these `sites`."""
        job = self.job
        with TemporaryDirectory() as folder:
            state_file = Path(folder) / "crawl.sqlite"
            links = follow.asked or () if follow else ()
            self.state.part(state_file, [source.id for source in sources], links)
            memory = state_file.read_bytes()
        began = time.time() - (time.monotonic() - job.began)
        return Shard(job.run_id, job.now, job.crawl, job.replay, archive, began, sources, sites, memory,
                     follow, dict(self.pauses))

    def keep(self, archive: Archive, crawled: Crawled) -> None:
        """Put the responses of a shard and its log on the disk, and note its pauses."""
        archive.take_in(crawled.records)
        archive.flush()
        self.pauses |= crawled.pauses
        if crawled.log:
            log = self.home.path / "logs" / f"{self.job.run_id}.log"
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("ab") as file:
                file.write(crawled.log)

    def here(self, **changes: Any) -> Iterator[InboxCrawl]:
        """Do the job with these changes in one process here, after a pause; yield how the sources ended.

        Raises NetworkError where no server can be reached.
        """
        time.sleep(pause_after(self.job.crawl, [source.url for source in self.job.sources]))
        for message in output(replace(self.job, pauses=self.pauses, **changes)):
            match message:
                case InboxCrawl():
                    yield message
                case Pauses(pauses):
                    self.pauses |= pauses


def _came_to_nothing(lost: WorkerLost) -> Crawled:
    return Crawled(lost=str(lost))
