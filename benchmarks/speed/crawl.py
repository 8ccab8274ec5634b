"""How fast pages become records, beside a spider that only downloads:
`python -m benchmarks.speed.crawl [--memory]`.

Ours: a night's crawl of feeds as `rumortrail nightly` does it, with extraction, archive and inbox. Bare: a
Scrapy spider that asks for the same pages and drops them. Both read one made-up site (`crawl_site.py`, a
process of its own, whose time counts for neither), one after the other, politeness off and as many requests
at a time. Processor seconds are those of all processes of a way; ours reads articles beside the one that
downloads, so the busiest process alone is told too. `--memory` crawls ours alone and tells its memory by the
number of pages. Where other work runs on the machine, processor seconds tell more.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.speed import crawl_site

TARGET = 0.5  # of the bare spider's pages per second
AT_ONCE = 16
NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)


@contextmanager
def running_site(module: str = crawl_site.__name__, *arguments: str) -> Iterator[str]:
    """Start a site, `python -m module`, in a process of its own and yield its address.

    Raises RuntimeError where it ends without one.
    """
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        address = process.stdout.readline().strip()
        if not address:
            raise RuntimeError(f"{' '.join(command)} ended with {process.wait()}")
        yield address
        process.stdin.close()


def ours(site: str, pages: int) -> int:
    """Crawl feeds of `pages` pages in all; return how many documents came."""
    from crawlers.engine.launcher import crawl
    from pipeline.core.config import Config, CrawlConfig
    from pipeline.core.home import Home

    sources = [
        f'[[source]]\nid = "feed{n}"\nname = "Feed {n}"\nspider = "feeds"\nrole = "press"\nurl = '
        f'"{site}/feed/{n}"\n'
        for n in range(pages // crawl_site.PER_FEED)
    ]
    settings = CrawlConfig(
        delay=0.0,
        per_host=AT_ONCE,
        max_items=crawl_site.PER_FEED,
        obey_robots=False,
        allow_private_addresses=True,
        source_budget=1e6,
        night_budget=1e6,
    )
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        home.sources_file.write_text("\n".join(sources), "utf-8")
        crawled = crawl(home, Config(crawl=settings), run_id="run", now=NOW)
    return sum(source.documents for source in crawled)


def bare(site: str, pages: int) -> int:
    """Download the same pages with a spider that does nothing else, and return how many came."""
    import scrapy
    from scrapy.crawler import CrawlerProcess

    class Bare(scrapy.Spider):
        name = "bare"
        came = 0

        async def start(self) -> Any:
            for number in range(pages):
                yield scrapy.Request(f"{site}/a/{number}", self.drop, dont_filter=True)

        def drop(self, response: Any) -> None:
            Bare.came += response.status == 200

    process = CrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "TELNETCONSOLE_ENABLED": False,
            "CONCURRENT_REQUESTS": AT_ONCE,
            "CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE,
        }
    )
    process.crawl(Bare)
    process.start()
    return Bare.came


WAYS: dict[str, Callable[[str, int], int]] = {"bare": bare, "ours": ours}


def measured(way: str, site: str, pages: int) -> dict[str, Any]:
    """Measure one way in this process: pages, seconds on the wall and of processors."""
    began, busy = time.perf_counter(), _processor()
    came = WAYS[way](site, pages)
    return {"pages": came, "seconds": time.perf_counter() - began, "processor_seconds": _processor() - busy}


def _processor() -> float:
    usages = [resource.getrusage(scope) for scope in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


class Watch:
    """Measures a process and all that it started: memory, at each `every` pages served, and time."""

    def __init__(self, site: str, process: psutil.Process, every: int) -> None:
        self.site, self.process, self.every = site, process, every
        self.seen: list[tuple[int, float, float]] = []
        """Pages served, MB of the largest process, MB of all of them."""
        self.processor: dict[int, float] = {}
        """Processor seconds by process, as last seen."""
        self._first = self.served()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def served(self) -> int:
        """Return how many pages the site sent so far."""
        with urlopen(f"{self.site}/served") as answer:
            return int(answer.read())

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.2):
            pages, sizes = self.served() - self._first, list(self._sizes())
            if pages >= self.every * (len(self.seen) + 1):
                self.seen.append((pages, max(sizes, default=0.0), sum(sizes)))

    def _sizes(self) -> Iterator[float]:
        try:
            processes = [self.process, *self.process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for process in processes:
            try:
                times, size = process.cpu_times(), process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
            self.processor[process.pid] = times.user + times.system
            yield size / 1e6


def apart(way: str, site: str, pages: int, every: int) -> dict[str, Any]:
    """Measure one way in a fresh process, its memory by pages.

    Raises RuntimeError where it fails or loses pages.
    """
    command = [sys.executable, "-m", __spec__.name, "--way", way, "--site", site, "--pages", str(pages)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process,
        Watch(site, psutil.Process(process.pid), every) as watch,
    ):
        printed, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    figures: dict[str, Any] = json.loads(printed.splitlines()[-1])
    if figures["pages"] != pages:
        raise RuntimeError(f"{way}: {figures['pages']} of {pages} pages came")
    return figures | {"memory": watch.seen, "busiest_seconds": max(watch.processor.values(), default=0.0)}


def compare(pages: int, ways: tuple[str, ...] = tuple(WAYS)) -> dict[str, Any]:
    """Measure the ways one after the other against one site."""
    with running_site() as site:
        figures: dict[str, Any] = {way: apart(way, site, pages, max(1, pages // 10)) for way in ways}
    return shares(figures) if len(figures) == len(WAYS) else figures


def shares(found: dict[str, Any]) -> dict[str, Any]:
    """Return the figures, and ours as a share of the bare spider's speed, by each of three clocks."""
    return found | {
        f"share_by_{name}": found["bare"][name] / found["ours"][name]
        for name in ("seconds", "processor_seconds", "busiest_seconds")
    }


def show(found: dict[str, Any], out: Console) -> None:
    """Print the figures as tables."""
    table = Table("way", title="Crawl")
    for heading in ("pages", "seconds", "pages per second", "processor ms per page", "busiest process alone"):
        table.add_column(heading, justify="right")
    for way in WAYS:
        if row := found.get(way):
            speed = row["pages"] / row["seconds"]
            costs = (
                f"{1000 * row[name] / row['pages']:.1f}"
                for name in ("processor_seconds", "busiest_seconds")
            )
            table.add_row(way, str(row["pages"]), f"{row['seconds']:.1f}", f"{speed:.0f}", *costs)
    out.print(table)
    if "share_by_seconds" in found:
        out.print(
            f"ours is {found['share_by_seconds']:.2f} times as fast as the bare spider (target {TARGET}); "
            f"{found['share_by_processor_seconds']:.2f} by processor time, on {os.cpu_count()} cores; "
            f"{found['share_by_busiest_seconds']:.2f} by the busiest process alone: what enough cores come to"
        )
    for pages, largest, total in found["ours"]["memory"]:
        out.print(f"{pages:>7} pages: largest process {largest:.0f} MB, all {total:.0f} MB")


def main() -> None:
    """Compare, or run one way and print its figures as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--pages",
        type=int,
        default=4 * crawl_site.PER_FEED,
        metavar="N",
        help=f"a multiple of {crawl_site.PER_FEED}; %(default)s unless told",
    )
    parser.add_argument("--memory", action="store_true", help="ours alone")
    parser.add_argument("--way", choices=WAYS, help="this way alone, in this process; prints JSON")
    parser.add_argument("--site", help="with --way: the running site")
    parser.add_argument(
        "--json",
        action="store_true",
        help="one JSON object on standard output; the tables go to standard error",
    )
    args = parser.parse_args()
    if args.pages < crawl_site.PER_FEED or args.pages % crawl_site.PER_FEED:
        parser.error(f"--pages: a multiple of {crawl_site.PER_FEED} is expected, not {args.pages}")
    if args.way:
        if not args.site:
            parser.error("--way needs --site")
        print(json.dumps(measured(args.way, args.site, args.pages)))
        return
    figures = compare(args.pages, ("ours",) if args.memory else tuple(WAYS))
    show(figures, Console(stderr=args.json))
    if args.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
