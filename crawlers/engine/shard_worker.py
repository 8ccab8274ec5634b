"""Crawls one shard where an engine calls it, in a temporary home, and brings back all that came.

Nothing of a shard counts before it is brought back whole: one whose worker died is done again by another, and
what the first one left is in a folder that nobody reads. Its crawl process died with it (`launcher`), and the
next attempt begins with the pause that the hosts are owed.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from threading import Thread
from time import monotonic, sleep, time

from crawlers.crawl_state import CrawlState
from crawlers.engine.job import Job, Pauses, Roaming
from crawlers.engine.launcher import output
from crawlers.engine.scrapy_settings import PAUSES, pause_after
from crawlers.engine.shards import Crawled, Shard
from crawlers.http.credentials import lacking
from crawlers.link_targets import LINKED
from crawlers.normalise.urls import outlet
from pipeline.core.errors import DataError, NetworkError
from pipeline.core.files import FileLock, in_use
from pipeline.core.home import Home
from pipeline.core.inbox_records import InboxCrawl
from pipeline.core.text import one_line
from pipeline.core.warc import members

PREFIX, LOCK = "rumortrail-shard-", "lock"
"""The names of a shard's folder, and of the file in it that says whether somebody works there."""

@dataclass(slots=True)
class _Printed:
    """What the crawl process of a shard printed."""

    ended: list[InboxCrawl] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)
    unreachable: str = ""
    pauses: dict[str, float] = field(default_factory=dict)


def crawl_shard(shard: Shard) -> Crawled:
    """Crawl the sources of `shard`, or follow its links, with what is left of the night's time.

    A source that did not come to its end is in neither `ended` nor `elsewhere`; what it had collected is in
    `files`. Where this machine fails (a full disk), all are to be crawled elsewhere.
    """
    _end_with_driver()
    hosts = (host for host in PAUSES if outlet(f"https://{host}/") in shard.sites)
    sleep(pause_after(shard.crawl, (f"https://{host}/" for host in hosts)))
    usable = tuple(source for source in shard.sources if lacking(source.spider, source.url) is None)
    printed = _Printed(elsewhere={source.id for source in shard.sources} - {source.id for source in usable})
    elapsed = max(0.0, time() - shard.began)
    if not (usable or shard.follow) or elapsed >= shard.crawl.night_budget:
        return Crawled(elsewhere=frozenset(printed.elsewhere))
    try:
        _sweep()
        with TemporaryDirectory(prefix=PREFIX) as folder, FileLock(Path(folder) / LOCK).held():
            home, state_before = Home(Path(folder)), Path(folder) / "before.sqlite"
            for file in (home.crawl_state, state_before):
                file.write_bytes(shard.memory)
            job = Job(
                shard.run_id, shard.now, shard.crawl, folder, usable, replay=shard.replay, sites=shard.sites,
                archive=shard.archive, began=monotonic() - elapsed, follow=shard.follow,
                pauses=dict(shard.pauses),
            )  # fmt: skip
            _do(job, printed)
            return _brought(home, job, printed, state_before)
    except (OSError, sqlite3.Error, DataError) as error:
        message = f"this machine failed, and its sources are crawled elsewhere: {one_line(error)}\n"
        return Crawled(elsewhere=frozenset(source.id for source in shard.sources), log=message.encode())


def _sweep() -> None:
    """Remove what attempts that were killed left on this machine."""
    for lock in Path(gettempdir()).glob(f"{PREFIX}*/{LOCK}"):
        if not in_use(lock):
            shutil.rmtree(lock.parent, ignore_errors=True)


@cache
def _end_with_driver() -> None:
    """End this process with the one that started it for work: nobody would take in what it brings."""
    driver = parent_process()
    if driver is not None:
        Thread(target=lambda: wait([driver.sentinel]) and os._exit(1), daemon=True).start()


def _do(job: Job, printed: _Printed) -> None:
    try:
        for message in output(job):
            match message:
                case InboxCrawl() as crawl:
                    printed.ended.append(crawl)
                case Roaming(source):
                    printed.elsewhere.add(source)
                case Pauses(pauses):
                    printed.pauses = pauses
    except NetworkError as error:
        printed.unreachable = str(error)
        printed.elsewhere |= {source.id for source in job.sources}


def _brought(home: Home, job: Job, printed: _Printed, state_before: Path) -> Crawled:
    """Return all that lies in the home of a job that is over."""
    archive = home.archive / f"{job.archive}.warc.gz"
    names = {source.id for source in (*job.sources, *([LINKED] if job.follow else []))}
    unended = names - {crawl.source for crawl in printed.ended} - printed.elsewhere
    files = {name: _read(home.inbox / job.run_id / f"{name}.jsonl.gz") for name in names}
    state = CrawlState(home.crawl_state)
    try:
        memory = state.changes(state_before, printed.elsewhere)
    finally:
        state.close()
    return Crawled(
        ended=tuple(printed.ended),
        elsewhere=frozenset(printed.elsewhere),
        unreachable=printed.unreachable,
        files={name: data for name, data in files.items() if data and name not in printed.elsewhere},
        # The process may have been ended while it wrote.
        records=_whole(archive) if unended else _read(archive),
        memory=memory,
        pauses=printed.pauses,
        log=_read(home.path / "logs" / f"{job.run_id}.log"),
    )


def _read(file: Path) -> bytes:
    return file.read_bytes() if file.exists() else b""


def _whole(archive: Path) -> bytes:
    """Return the records of an archive without the one that was cut off at its end."""
    if not archive.exists():
        return b""
    with archive.open("rb") as file:
        return b"".join(member for _, member in members(file))
