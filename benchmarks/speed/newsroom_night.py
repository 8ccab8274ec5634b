"""Measure the night of a newsroom on one machine: `python -m benchmarks.speed.newsroom_night DATA`.

Pages and posts of DATA's raw files are crawled from a site on loopback, a process of its own
(`newsroom_site.py`), with politeness off, and go through all stages as `rumortrail nightly` does it, in a
process of its own with an empty home. Told are the seconds of the crawl and of each stage on the wall, the
processor's minutes in all, and the greatest memory of the process and of those beside it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.harness import argument_parser, processor_seconds
from benchmarks.speed import newsroom_site
from benchmarks.speed.crawl import AT_ONCE, running_site

PAGES, POSTS = 5_000, 20_000
MINUTES, GIGABYTES = 20.0, 3.0  # the aim
NOW = datetime(2026, 1, 1, 3, tzinfo=UTC)
SOURCE = '[[source]]\nid = "{id}"\nname = "{id}"\nspider = "{spider}"\nrole = "{role}"\nurl = "{url}"\n'


def sources(site: str, pages: int, posts: int) -> str:
    """Return the `sources.toml` that names all feeds and timelines of the site."""
    per_source = newsroom_site.PER_SOURCE
    feeds = [SOURCE.format(id=f"feed{number}", spider="feeds", role="press", url=f"{site}/feed/{number}")
             for number in range(-(-pages // per_source))]
    timelines = [SOURCE.format(id=f"tag{number}", spider="mastodon", role="community",
                               url=f"{site}/tags/t{number}")
                 for number in range(-(-posts // per_source))]
    return "\n".join(feeds + timelines)


class Memory:
    """The greatest memory of this process and those beside it together, in GB; shared pages count once (PSS).
    """

    def __init__(self) -> None:
        self.gigabytes = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        this = psutil.Process()
        while not self._over.wait(1.0):
            together = 0.0
            for process in (this, *this.children(recursive=True)):
                with suppress(psutil.Error):  # it has ended meanwhile
                    together += process.memory_full_info().pss / 1e9
            self.gigabytes = max(self.gigabytes, together)


def measured(site: str, pages: int, posts: int) -> dict[str, Any]:
    """Run the night in this process; return what came, what each part took, and the greatest memory."""
    from pipeline.core.config import Config, CrawlConfig
    from pipeline.core.home import Home
    from pipeline.run.nightly import nightly

    crawl = CrawlConfig(delay=0.0, per_host=AT_ONCE, max_items=newsroom_site.PER_SOURCE, obey_robots=False,
                        allow_private_addresses=True, source_budget=1e6, night_budget=1e6)
    with tempfile.TemporaryDirectory() as folder, Memory() as memory:
        home = Home(Path(folder))
        home.sources_file.write_text(sources(site, pages, posts), "utf-8")
        began = time.perf_counter()
        report = nightly(home, Config(crawl=crawl), now=NOW)
        seconds = time.perf_counter() - began
    stages = {name: round(stage_seconds, 1) for name, stage_seconds in report.seconds.items()}
    return {
        "documents": sum(source.documents for source in report.crawled), "broken": report.broken,
        "claims": report.counts["cluster"].detail.get("claims", 0), "pairs": report.counts["gather"].inputs,
        "minutes": round(seconds / 60, 1), "processor_minutes": round(processor_seconds() / 60, 1),
        "gigabytes": memory.gigabytes,
        "seconds": {"crawl": round(seconds - sum(stages.values()), 1), **stages},
    }


def show(found: dict[str, Any], out: Console) -> None:
    """Print the night part by part, and how it stands beside the aim."""
    table = Table("part", title=f"Night of a newsroom, {found['documents']} documents")
    table.add_column("seconds", justify="right")
    for part, seconds in found["seconds"].items():
        table.add_row(part, f"{seconds:.1f}")
    out.print(table)
    minutes, busy, memory = (found[name] for name in ("minutes", "processor_minutes", "gigabytes"))
    out.print(f"{minutes:.1f} minutes (aim: {MINUTES:.0f}), {busy:.1f} of the processor; {memory:.2f} GB "
              f"(aim: {GIGABYTES:.0f}); {found['claims']} claims, {found['pairs']} pairs read")


def main() -> None:
    """Serve the site, run the night apart, print its figures."""
    parser = argument_parser(__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--posts", type=int, default=POSTS)
    parser.add_argument("--site", help="run the night in this process, of this running site; prints JSON")
    args = parser.parse_args()
    if args.site:
        print(json.dumps(measured(args.site, args.pages, args.posts)))
        return
    arguments = [str(args.data), "--pages", str(args.pages), "--posts", str(args.posts)]
    with running_site(newsroom_site.__name__, *arguments) as site:
        command = [sys.executable, "-m", __spec__.name, *arguments, "--site", site]
        finished = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures = json.loads(finished.stdout.splitlines()[-1])
    show(figures, Console(stderr=args.json))
    if args.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
