"""Follows the links of posts on the workers of an engine, and what they could not settle here.

The links of one site are in one shard. A worker settles a link that it can tell all of; one that leads to
another site, or by a redirect to another page, it leaves as it was, and so does a worker that is lost. What
is left, second looks at what earlier nights found, and the end of the crawl are the work of one process here.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from crawlers.crawl_state import CrawlState
from crawlers.engine.night import Night
from crawlers.engine.shards import Crawled, Shard, divide_links
from crawlers.link_targets import LINKED
from crawlers.links_to_follow import Following, choose_links
from crawlers.normalise.urls import outlet
from pipeline.core.files import replacing
from pipeline.core.inbox import InboxWriter, encode, free_name, read
from pipeline.core.inbox_records import InboxCrawl, InboxDocument, InboxRecord, InboxSource
from pipeline.core.vocabulary import Outcome


def follow_links(night: Night, follow: Following) -> Iterator[InboxCrawl]:
    """Yield how the crawl of links ended, if there was anything to do.

    Inbox and memory get what one crawl process would write.
    """
    job = night.job
    asked = choose_links(night.state, job.crawl, job.now, follow).asked
    if not asked:
        yield from night.here(sources=())
        return
    with night.archive() as (archive, name), InboxWriter.create(
        night.home.inbox, job.run_id, LINKED.id
    ) as writer:
        writer.write(LINKED.record())
        writer.flush()

        def shard(links: tuple[str, ...]) -> Shard:
            shard_follow = replace(follow, asked={link: asked[link] for link in links})
            return night.shard(name, frozenset(map(outlet, links)), follow=shard_follow)

        brought = _Brought(asked)
        for links, crawled in night.crawled(divide_links(asked, night.engine.workers), shard):
            night.keep(archive, crawled)
            brought.take_in(writer, night.state, links, crawled)
    rest_file = free_name(writer.path.parent, LINKED.id, ".jsonl.gz")
    for crawl in night.here(sources=(), follow=brought.told(follow)):
        yield _united(writer.path, rest_file, [*brought.crawls, crawl])


@dataclass(slots=True)
class _Brought:
    """What came of the links that were `asked`: those that are `settled`, and the pages that are `listed`."""

    asked: dict[str, int]
    settled: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    crawls: list[InboxCrawl] = field(default_factory=list)

    def take_in(
        self, writer: InboxWriter, state: CrawlState, links: tuple[str, ...], crawled: Crawled
    ) -> None:
        """Put the lines that a shard brought on the disk, then its memory.

        A page that a source has already under the address that it names is not stored again.
        """
        stored = set[str]()
        for record in _records(crawled.files.get(LINKED.id, b"")):
            match record:
                case InboxSource() | InboxCrawl():
                    continue
                case InboxDocument(url=str(url)) if (place := state.place(url)) and place.was_read:
                    stored.add(url)
                    continue
                case InboxDocument(url=str(url)):
                    self.listed.append(url)
            writer.write(record)
        writer.flush()
        if crawled.memory:
            state.take_in(crawled.memory, without=stored)
        self.settled += [link for link, tries in state.tried(links).items() if tries > self.asked[link]]
        self.crawls += [replace(crawl, documents=crawl.documents - len(stored)) for crawl in crawled.ended]

    def told(self, follow: Following) -> Following:
        """Return how what is left is followed."""
        return replace(follow, settled=tuple(self.settled), listed=tuple(self.listed))


def _records(data: bytes) -> Iterator[InboxRecord]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{LINKED.id}.jsonl.gz"
        file.write_bytes(data)
        yield from (line.record for line in read(file) if line.record is not None)


def _united(first: Path, rest_file: Path, crawls: list[InboxCrawl]) -> InboxCrawl:
    """Put the rest of an inbox file at the end of the first part, with one end of the crawl, and return that.
    """
    outcomes = {crawl.outcome for crawl in crawls}
    united = replace(
        crawls[-1],
        started_at=min(crawl.started_at for crawl in crawls),
        outcome=outcomes.pop() if len(outcomes) == 1 else Outcome.PARTIAL,
        documents=sum(crawl.documents for crawl in crawls),
        requests=sum(crawl.requests for crawl in crawls),
        message=next((crawl.message for crawl in crawls if crawl.message), None),
    )
    records = (line.record for line in read(rest_file))
    kept_records = [
        entry for entry in records if entry is not None and not isinstance(entry, InboxSource | InboxCrawl)
    ]
    with replacing(first) as stream:
        stream.write(first.read_bytes())
        stream.write(gzip.compress(b"".join(map(encode, [*kept_records, united])), 6, mtime=0))
    rest_file.unlink()
    return united
