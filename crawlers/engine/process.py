"""One crawl in a process of its own: `crawlers.engine.launcher` starts it and sends it the job."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from time import monotonic, time
from typing import Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from scrapy.utils.defer import deferred_f_from_coro_f
from scrapy.utils.log import configure_logging
from scrapy.utils.reactor import install_reactor

from crawlers.articles.pool import Readers
from crawlers.crawl_state import CrawlState
from crawlers.engine.check import CHECK_SETTINGS
from crawlers.engine.job import CrawlMessage, Job, Pauses, Roaming, Unreachable
from crawlers.engine.scrapy_settings import QUIET_LOGGERS, pause_after, scrapy_settings
from crawlers.http.reachability import unreachable
from crawlers.http.ssrf_guard import guard_connections
from crawlers.http.warc_writer import Archive
from crawlers.link_targets import LINKED
from crawlers.links_to_follow import Following
from crawlers.sources import DeclaredSource
from crawlers.spiders.arxiv import ArxivSpider
from crawlers.spiders.base import SourceSpider
from crawlers.spiders.bluesky import BlueskySpider
from crawlers.spiders.crawl_run import CrawlRun
from crawlers.spiders.feeds import FeedsSpider
from crawlers.spiders.followed_links import LinkedSpider
from crawlers.spiders.github import GitHubSpider
from crawlers.spiders.hackernews import HackerNewsSpider
from crawlers.spiders.huggingface import HuggingFaceSpider
from crawlers.spiders.mastodon import MastodonSpider
from crawlers.spiders.price_list import PriceListSpider
from crawlers.spiders.reddit import RedditSpider
from crawlers.spiders.registry import RegistrySpider
from crawlers.spiders.telegram import TelegramSpider
from crawlers.spiders.x import XSpider
from pipeline.core.errors import ConfigError
from pipeline.core.home import Home

HOSTS_AT_ONCE = 16
"""Hosts that are asked at once. Sources of one host follow each other, so that they stay polite together."""

SPIDERS: dict[str, type[SourceSpider]] = {
    "feeds": FeedsSpider,
    "reddit": RedditSpider,
    "hackernews": HackerNewsSpider,
    "bluesky": BlueskySpider,
    "mastodon": MastodonSpider,
    "huggingface": HuggingFaceSpider,
    "github": GitHubSpider,
    "registry": RegistrySpider,
    "price_list": PriceListSpider,
    "arxiv": ArxivSpider,
    "telegram": TelegramSpider,
    "x": XSpider,
}

_MESSAGE: TypeAdapter[CrawlMessage | Unreachable] = TypeAdapter(CrawlMessage | Unreachable)


def main() -> None:
    """Read the job, do it, and exit; 0 when every source was begun."""
    job = Job.from_json(_job_line())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    settings = Settings(scrapy_settings(job.crawl) | (CHECK_SETTINGS if job.check else {}))
    configure_logging(settings)
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor, task

    try:
        guard_connections(reactor, proxy=job.crawl.proxy, allow_private=job.crawl.allow_private_addresses)
    except ConfigError as error:
        _tell(Unreachable(str(error)))
        return
    task.react(deferred_f_from_coro_f(_crawl), (job, settings))


async def _crawl(reactor: Any, job: Job, settings: Settings) -> None:
    links = job.follow.asked or () if job.follow else ()
    if why := await unreachable(reactor, [*(source.url for source in job.sources), *links], job.crawl.proxy):
        _tell(Unreachable(why))
        return
    home = Home(Path(job.home))
    state = CrawlState(Path(":memory:") if job.check else home.crawl_state)
    archive = Archive(home.archive, job.archive or job.run_id)
    readers = Readers()
    run = CrawlRun(
        job.run_id, job.now, job.crawl, home.inbox, archive, state, _tell, job.began,
        pauses={host: monotonic() + until - time() for host, until in job.pauses.items()},
        replay=job.replay, looks=job.looks, readers=readers, sites=job.sites,
        roams=lambda source: _tell(Roaming(source)),
    )  # fmt: skip
    runner = AsyncCrawlerRunner(settings)
    gate = asyncio.Semaphore(HOSTS_AT_ONCE)
    groups: dict[str, list[DeclaredSource]] = defaultdict(list)
    for source in job.sources:
        groups[urlsplit(source.url).hostname or ""].append(source)
    time_up = asyncio.Event()
    tasks = [
        asyncio.ensure_future(_host(runner, settings, run, group, gate, time_up)) for group in groups.values()
    ]
    try:
        seconds_left = max(1.0, job.crawl.night_budget - run.elapsed)
        late_tasks = set((await asyncio.wait(tasks, timeout=seconds_left))[1]) if tasks else set()
        if late_tasks:
            time_up.set()
            await runner.stop()
            await asyncio.wait(late_tasks)
        for task in tasks:
            task.result()
        if job.follow is not None and _has_links(run, job.follow):
            await _linked(runner, settings, run, job)
        if run.pauses:
            _tell(Pauses({host: time() + until - monotonic() for host, until in run.pauses.items()}))
    finally:
        await readers.close()
        archive.close()
        state.close()


async def _host(
    runner: AsyncCrawlerRunner,
    settings: Settings,
    run: CrawlRun,
    sources: list[DeclaredSource],
    gate: asyncio.Semaphore,
    time_up: asyncio.Event,
) -> None:
    """Crawl the sources of one host one after the other; a crawl that breaks is logged, the next starts."""
    pause = pause_after(run.crawl, [sources[0].url])
    async with gate:
        for number, source in enumerate(sources):
            if number:
                with suppress(TimeoutError):
                    await asyncio.wait_for(time_up.wait(), pause)
            if time_up.is_set():
                return
            # Scrapy's task logs its own failure; the process that asked records a source that did not end.
            await asyncio.wait(
                [runner.crawl(Crawler(SPIDERS[source.spider], settings), source=source, run=run)]
            )


def _has_links(run: CrawlRun, follow: Following) -> bool:
    """Return whether links of posts are to be followed; without any, they have no crawl in this run."""
    if run.looks is not None:
        return LINKED.id in run.looks
    if follow.asked or follow.settled:
        return True
    waiting = run.crawl.follow_links and run.state.waiting_links()
    return bool(waiting or run.state.seen(LINKED.id, run.now, run.crawl.revisit_days))


async def _linked(runner: AsyncCrawlerRunner, settings: Settings, run: CrawlRun, job: Job) -> None:
    """Follow the links of posts, now that every source has read what is its own, in the time that is left."""
    await asyncio.sleep(pause_after(run.crawl, [source.url for source in job.sources]))
    crawler = Crawler(LinkedSpider, settings)
    task = runner.crawl(crawler, source=LINKED, run=run, following=job.follow)
    # A second at least: a crawl that has not begun could not be told to stop.
    _, late = await asyncio.wait([task], timeout=max(1.0, job.crawl.night_budget - run.elapsed))
    if late:
        await runner.stop()
        await asyncio.wait(late)


def _tell(message: CrawlMessage | Unreachable) -> None:
    sys.stdout.buffer.write(_MESSAGE.dump_json(message) + b"\n")
    sys.stdout.buffer.flush()


def _job_line() -> bytes:
    """Return the first line of standard input, without a buffer that a thread could hold at the exit."""
    line = b""
    while not line.endswith(b"\n") and (chunk := os.read(0, 65536)):
        line += chunk
    return line


def _end_with_parent() -> None:
    """End with the process that asked: its end closes standard input. Unwritten items are collected again."""
    while os.read(0, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
