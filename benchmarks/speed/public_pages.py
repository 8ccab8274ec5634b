"""Measures the pages to publish: how soon a reader sees one on a slow processor, and how much is sent.

    python -m benchmarks.speed.public_pages --home .demo

Chromium (`$RUMORTRAIL_CHROMIUM`, else the first on the path) runs four times slowed and with an empty cache.
Of each page: the largest contentful paint, the bytes of the page and its style, and those that were sent.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.harness import find_chromium
from benchmarks.speed.screenshots import ARGS, served
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.published.database import open_published, query

SLOWED = 4
LCP = """() => new Promise(told => new PerformanceObserver(list => told(list.getEntries().at(-1).startTime))
  .observe({type: 'largest-contentful-paint', buffered: true}))"""
ENTRY = """() => { const found = performance.getEntriesByType('navigation')[0];
  return [found.transferSize, found.responseStart]; }"""


def paths(home: Home, config: Config, most: int) -> list[str]:
    """Return the addresses of the most mentioned claims and stories, and of one embedded claim."""
    connection = open_published(home.published, config.ask)

    def ids(sql: str) -> list[str]:
        return [str(row[0]) for row in query(connection, sql, seconds=config.ask.seconds)[1][:most]]

    claims = ids("SELECT claim_id FROM claims ORDER BY mentions DESC, claim_id")
    stories = ids("SELECT story_id FROM stories ORDER BY mentions DESC, story_id")
    return [f"/c/{key}" for key in claims] + [f"/s/{key}" for key in stories] + [f"/embed/{claims[0]}"]


def look(browser: Any, url: str) -> tuple[float, float, int, int]:
    """Return largest contentful paint and first byte in ms, the bytes of the page and those sent."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    answer = page.goto(url)
    painted, size = float(page.evaluate(LCP)), len(answer.body())
    sent, first_byte = page.evaluate(ENTRY)
    context.close()
    return painted, float(first_byte), size, int(sent)


def main() -> int:
    """Print a line for each page: first visit, and the median of five later ones."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, default=Path(".demo"))
    parser.add_argument("--most", type=int, default=5, help="claims and stories that are looked at")
    args = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        return 2
    home = Home.find(args.home)
    config = Config.load(home.config_file)
    print(f"{'page':28}{'first visit':>14}{'of it, server':>16}{'later, median':>16}{'KB':>8}{'sent':>8}")
    with served(home, config) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        look(browser, f"{base}/c/warm")  # the first answer of a server loads what makes pages
        for path in paths(home, config, args.most):
            first, first_byte, size, sent = look(browser, base + path)
            later = statistics.median(look(browser, base + path)[0] for _ in range(5))
            times = f"{first:11.0f} ms{first_byte:13.0f} ms{later:13.0f} ms"
            print(f"{path:28}{times}{size / 1e3:8.1f}{sent / 1e3:8.1f}")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
