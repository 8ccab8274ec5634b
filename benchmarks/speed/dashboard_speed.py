"""Measures pages:
`python -m benchmarks.speed.dashboard_speed FOLDER [--visits N] [--only PAGE ...] [--night]`.

FOLDER holds a published copy, such as the one with a million mentions that sql_scale.py makes. It is served
as `rumortrail dashboard` serves it, and beside it a Streamlit page with one line on it. Each visit is one of
a returning reader: a browser context of its own, in which Streamlit's files lie in the cache since an earlier
look at About (at the empty page itself, for the empty page), and a new tab. Every page is visited N times,
each time for something else (another claim, source, filter, word), and after each round comes a visit to the
empty page. Told are the median and the 95th percentile of the time until the content stands, and their ratio
to the empty page's in the same run.

`--night` then lets ten readers go through the pages while the copy is published anew every 20 seconds, and
counts errors, and looks at a copy older than a minute. The memory is the peak of the server and its children.
Chromium is $RUMORTRAIL_CHROMIUM, else the first on the path; `--json` prints all as one object.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus
from urllib.request import urlopen

import duckdb
import psutil
from playwright.sync_api import TimeoutError, sync_playwright

from benchmarks.harness import find_chromium
from dashboard import launch
from pipeline.core.config import Config
from pipeline.core.home import Home

ARGS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--no-first-run"]
FACTOR = 3.0  # a page may take so many times the empty page's time
MEMORY = 1_000_000_000
STALE = 60.0
READERS = 10
EMPTY = 'import streamlit as st\nst.html(\'<p class="rt-foot">Nothing.</p>\')\n'
WARM = "/about"
"""A page that a returning reader has seen before."""
STANDS = '[data-testid="stApp"][data-test-script-state="notRunning"] :is(.rt-foot, .rt-empty)'
BROKEN = ".rt-empty:has-text('This did not work')"


def pages(copy: Path, visits: int) -> dict[str, list[str]]:
    """Return the addresses of each visit to each page; a new page needs a line here."""
    connection = duckdb.connect(str(copy), read_only=True)

    def some(sql: str) -> Iterator[str]:
        values = [quote(str(row[0]), safe="")
                  for row in connection.execute(f"{sql} LIMIT {visits}").fetchall()]
        return itertools.cycle(values)

    claims = some("SELECT claim_id FROM claims ORDER BY hash(claim_id)")
    largest = some("SELECT claim_id FROM claims ORDER BY mentions DESC, claim_id")
    stories = some("SELECT story_id FROM stories ORDER BY claims DESC, story_id")
    models = some("SELECT subject FROM subjects WHERE type = 'model' GROUP BY subject "
                  "ORDER BY count(*) DESC, subject")
    sources = some("SELECT source_id FROM sources ORDER BY claims DESC, source_id")
    names = some("SELECT name FROM sources ORDER BY documents DESC, source_id")
    organisations = some(
        "SELECT o FROM (SELECT unnest(organisations) AS o FROM claims) GROUP BY o ORDER BY count(*) DESC, o"
    )
    words = some("SELECT split_part(claim, ' ', 1 + (hash(claim_id) % 5)::INT) FROM claims "
                 "ORDER BY hash(claim_id)")
    statuses = itertools.cycle(("disputed", "unverified", "substantiated", "contradicted", "expired"))
    tables = itertools.cycle(("claims", "evidence", "documents", "sources", "timeline"))
    address: dict[str, Callable[[], str]] = {
        "stories": lambda: "/?time=All+time",
        "story": lambda: f"/story?id={next(stories)}",
        "today": lambda: "/today",
        "claims": lambda: "/claims",
        "claims, a filter": lambda: f"/claims?status={next(statuses)}&org={next(organisations)}",
        "claims, a search": lambda: f"/claims?q={next(words)}",
        "claim": lambda: f"/claim?id={next(claims)}",
        "claim, the largest": lambda: f"/claim?id={next(largest)}",
        "models": lambda: "/models",
        "model": lambda: f"/models?model={next(models)}",
        "organisation": lambda: f"/models?org={next(organisations)}",
        "runs": lambda: "/runs",
        "sources": lambda: f"/sources?q={next(names)}",
        "source": lambda: f"/sources?id={next(sources)}",
        "ask": lambda: f"/ask?sql={quote_plus(f'SELECT count(*) FROM {next(tables)}')}",
        "about": lambda: "/about",
    }
    addresses = {name: [make() for _ in range(visits)] for name, make in address.items()}
    connection.close()
    return addresses


@dataclass
class Served:
    """A running server, and the peak memory of its process and its children."""

    base: str
    process: subprocess.Popen[bytes]
    peak: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Look at the memory until the server is stopped."""
        while not self._over.wait(0.2):
            try:
                root = psutil.Process(self.process.pid)
                total = root.memory_info().rss
            except psutil.NoSuchProcess:
                return
            for child in root.children(recursive=True):
                try:
                    total += child.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.peak = max(self.peak, total)


@contextmanager
def served(command: Callable[[int], list[str]]) -> Iterator[Served]:
    """Run a server on a free port for the duration of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    line = command(port)
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL)
    server = Served(f"http://127.0.0.1:{port}", process)
    watcher = threading.Thread(target=server.watch, daemon=True)
    watcher.start()
    try:
        for _ in range(300):
            try:
                urlopen(f"{server.base}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield server
    finally:
        server._over.set()
        process.terminate()
        process.wait(20)


def visit(browser: Any, base: str, warm: str, path: str, broken: list[str]) -> float:
    """Return the seconds until the content of a page stands, for a returning reader; 60 if it never does."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        first = context.new_page()
        first.goto(base + warm)
        first.wait_for_selector(STANDS, timeout=60_000)
        first.close()
        page = context.new_page()
        start = time.perf_counter()
        page.goto(base + path, wait_until="commit")
        page.wait_for_selector(STANDS, timeout=60_000, state="attached")
        seconds = time.perf_counter() - start
        if page.locator(BROKEN).count():
            broken.append(path)
        return seconds
    except TimeoutError:
        broken.append(path)
        return 60.0
    finally:
        context.close()


def speed(
    browser: Any, base: str, empty: str, paths: dict[str, list[str]], visits: int, broken: list[str]
) -> dict[str, list[float]]:
    """Return the seconds of each visit to each page and the empty one, in turns; `broken` gets failures."""
    took: dict[str, list[float]] = {"empty": []}
    visit(browser, empty, "/", "/", broken)
    visit(browser, base, WARM, "/", broken)
    for turn in range(visits):
        for name, addresses in paths.items():
            took.setdefault(name, []).append(visit(browser, base, WARM, addresses[turn], broken))
        took["empty"].append(visit(browser, empty, "/", "/", broken))
        print(f"round {turn + 1} of {visits}", file=sys.stderr)
    return took


def figures(took: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    """Return median and 95th percentile of each page, and the median's ratio to the empty page's."""
    empty = statistics.median(took["empty"])
    return {
        name: {
            "median_s": round(statistics.median(times), 3),
            "p95_s": round(percentile(times, 0.95), 3),
            "ratio": round(statistics.median(times) / empty, 2),
        }
        for name, times in took.items()
    }


def percentile(times: list[float], share: float) -> float:
    """Return the least of `times` that `share` of them do not exceed."""
    ordered = sorted(times)
    return ordered[max(0, -(-int(len(ordered) * share * 1000) // 1000) - 1)]


def night(chromium: str, base: str, home: Home, paths: dict[str, list[str]],
          seconds: float) -> dict[str, Any]:
    """Let ten readers read while a copy is published every 20 seconds; return errors and the copies' age."""
    published: dict[str, float] = {}
    errors: list[str] = []
    oldest, looks = 0.0, 0
    over_at = time.monotonic() + seconds
    lock = threading.Lock()

    def publish() -> None:
        for number in itertools.count():
            fresh = home.path / "fresh.duckdb"
            shutil.copy(home.published, fresh)
            connection = duckdb.connect(str(fresh))
            connection.execute("UPDATE meta SET value = ? WHERE key = 'run_id'", [f"night-{number}"])
            connection.close()
            fresh.replace(home.published)
            with lock:
                published[f"night-{number}"] = time.monotonic()
            if time.monotonic() > over_at:
                return
            time.sleep(20)

    def read(reader: int) -> None:
        nonlocal oldest, looks
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
            page = browser.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            addresses = [address for each in zip(*paths.values(), strict=True) for address in each]
            for address in itertools.islice(itertools.cycle(addresses), reader * 3, None):
                if time.monotonic() > over_at:
                    break
                begun = time.monotonic()
                try:
                    page.goto(base + address)
                    page.wait_for_selector(STANDS, timeout=60_000, state="attached")
                    footer = page.locator(":is(.rt-foot, .rt-empty)").first.inner_text()
                    if page.locator(BROKEN).count():
                        errors.append(f"{address}: did not work")
                except Exception as error:  # noqa: BLE001 - each is counted, whatever it is
                    errors.append(f"{address}: {str(error)[:200]}")
                    continue
                with lock:
                    looks += 1
                    for name, at in published.items():
                        newer = [other for other in published.values() if at < other < begun]
                        if newer and f"{name} " in f"{footer} ".replace("\n", " "):
                            oldest = max(oldest, begun - min(newer))
            browser.close()

    readers = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    publisher = threading.Thread(target=publish)
    for thread in (*readers, publisher):
        thread.start()
    for thread in (*readers, publisher):
        thread.join()
    return {
        "readers": READERS,
        "looks": looks,
        "nights": len(published),
        "errors": errors[:20],
        "oldest_s": round(oldest, 1),
    }


def main() -> int:
    """Serve, visit, print; 1 where a page, an error or the memory is beyond what is allowed."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--visits", type=int, default=20)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--night", action="store_true")
    parser.add_argument("--seconds", type=float, default=90.0, help="how long the ten readers read")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        return 2
    with tempfile.TemporaryDirectory(dir=args.folder.parent if os.access(args.folder.parent, os.W_OK)
                                     else None) as folder:
        home = Home(Path(folder) / "home")
        home.path.mkdir()
        shutil.copy(Home(args.folder).published, home.published)
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY, "utf-8")
        paths = pages(home.published, args.visits)
        chosen = {name: paths[name] for name in args.only or paths}

        def empty(port: int) -> list[str]:
            line = launch.command(home, Config(), port)
            script_place = line.index("run") + 1
            return [*line[:script_place], str(script), *line[script_place + 1 :]]

        with served(lambda port: launch.command(home, Config(), port)) as server, served(empty) as plain:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
                broken: list[str] = []
                seconds = speed(browser, server.base, plain.base, chosen, args.visits, broken)
                report: dict[str, Any] = {"pages": figures(seconds), "broken": broken}
                browser.close()
            if args.night:
                report["night"] = night(chromium, server.base, home, chosen, args.seconds)
        report["server_peak_mb"] = server.peak >> 20
        report["empty_peak_mb"] = plain.peak >> 20
    slow = [name for name, page in report["pages"].items() if page["ratio"] > FACTOR]
    night_report = report.get("night", {"errors": [], "oldest_s": 0.0})
    report["failed"] = [
        *(f"{name} takes more than {FACTOR:g} times the empty page" for name in slow),
        *(f"{path} did not work" for path in broken),
        *night_report["errors"],
        *["a page was stale"] * (night_report["oldest_s"] > STALE),
        *["too much memory"] * (server.peak > MEMORY),
    ]
    if args.json:
        print(json.dumps(report))
    else:
        for name, page in report["pages"].items():
            print(f"{page['median_s']:7.3f} {page['p95_s']:7.3f} s {page['ratio']:6.2f}  {name}")
        print(json.dumps({key: value for key, value in report.items() if key != "pages"}))
    return 1 if report["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
