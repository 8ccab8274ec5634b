"""Takes the documentation's screenshots: each page of a dashboard, wide and narrow, light and dark.

    python -m benchmarks.speed.screenshots --home .demo

They are taken of a copy of the home, to which an editor with a watch is added. Chromium is
$RUMORTRAIL_CHROMIUM, else the first on the path.
"""

from __future__ import annotations

import argparse
import email
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import time as clock
from email.policy import default as policy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import sync_playwright

from benchmarks.harness import find_chromium
from benchmarks.speed.dashboard_speed import ARGS, served
from dashboard import launch
from dashboard.auth.identity import COOKIE, cookie
from pipeline.core.config import Config
from pipeline.core.errors import DataError, RumortrailError
from pipeline.core.home import Home
from pipeline.decisions.accounts import Accounts
from pipeline.pages.site.write import write_site
from pipeline.published.claim_filter import ClaimFilter
from pipeline.published.database import open_published, published_at, query
from pipeline.watches.events import Copy
from pipeline.watches.feed import recent
from pipeline.watches.messages import mail
from pipeline.watches.records import QuietHours, WatchDraft
from pipeline.watches.store import WatchStore

SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
MOST = 2_600
"""A page is shown whole up to this height in pixels."""
CHECKED = """Basalt 4 has 95 billion parameters, two people with knowledge of the model told the Courier on \
Sunday. A spokeswoman of Quillstone Research declined to comment.

It is not true that Heliotrope Labs trained Marigold 3 on private user chats, the company said last week. \
Corvid AI has raised $400 million at a valuation of $5 billion, one person said."""
"""The text to check on the page Check: statements that the demo knows, and one that it does not."""


def pages(home: Home, config: Config) -> dict[str, str]:
    """Return the pages by name: the lists, the most mentioned items, and the model delayed most often."""
    connection = open_published(home.published, config.ask)

    def one(sql: str) -> str:
        rows = query(connection, sql, seconds=config.ask.seconds)[1]
        if not rows:
            raise DataError(f"the copy of {home.path} has too little to show: run `make demo`")
        return str(rows[0][0])

    claim = one(
        "SELECT claim_id FROM claims ORDER BY status = 'disputed' DESC, mentions DESC, claim_id LIMIT 1"
    )
    source = one("SELECT source_id FROM sources ORDER BY claims DESC, documents DESC, source_id LIMIT 1")
    model = one("SELECT subject FROM subjects WHERE type = 'model' GROUP BY subject "
                "ORDER BY (SELECT count(*) FROM goalposts WHERE model = subject) DESC, count(*) DESC, "
                "subject LIMIT 1")
    run = one("SELECT run_id FROM runs WHERE command <> 'revisit' ORDER BY started_at DESC LIMIT 1")
    story = one("SELECT story_id FROM stories ORDER BY claims DESC, mentions DESC, story_id LIMIT 1")
    return {
        "stories": "/",
        "story": f"/story?id={quote(story)}",
        "today": "/today",
        "claims": "/claims",
        "check": "/check",
        "claim": f"/claim?id={quote(claim)}",
        "public": f"/c/{quote(claim)}",
        "runs": "/runs",
        "run": f"/runs?run={quote(run)}",
        "sources": "/sources",
        "source": f"/sources?id={quote(source)}",
        "models": "/models",
        "model": f"/models?model={quote(model)}",
        "ask": "/ask",
        "about": "/about",
        "review": "/review",
        "watches": "/watches",
        "api": "/api/",
    }


def shoot(page: Any, url: str, width: int, height: int, file: Path, most: int = MOST) -> None:
    """Load `url`, wait until it stands, and write it to `file`, at most `most` pixels high."""
    page.set_viewport_size({"width": width, "height": height})
    page.goto(url)
    if url.endswith("/check"):
        page.get_by_label("Text or link").fill(CHECKED)
        page.get_by_role("button", name="Check", exact=True).click()
        page.wait_for_selector(".rt-known", timeout=120_000)
    if "/c/" in url:  # a page to publish needs no wait
        most = 1_500
        full_height = int(page.evaluate("document.documentElement.scrollHeight"))
    elif url.endswith("/api/") or url.startswith("file:"):  # these need no wait, and are long
        full_height = height
    else:
        page.wait_for_selector(".rt-foot", timeout=60_000)
        page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
        full_height = int(page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight"))
    page.set_viewport_size({"width": width, "height": min(max(height, full_height), most)})
    page.wait_for_timeout(1_500)
    page.screenshot(path=file)
    with Image.open(file) as picture:
        # Flat colours need no more than a palette, and a repository is cloned often.
        reduced = picture.convert("RGB").quantize(
            256, Image.Quantize.MAXCOVERAGE, kmeans=4, dither=Image.Dither.NONE
        )
        reduced.save(file, optimize=True)


@contextmanager
def edited(home: Home) -> Iterator[Home]:
    """Yield a copy of `home` with an editor, for the duration of the block."""
    with TemporaryDirectory() as folder:
        copy = Home(Path(folder) / "home")
        shutil.copytree(home.path, copy.path)
        Accounts(copy.accounts).put("ada", "a password of enough letters")
        yield copy


def sign_in(page: Any, home: Home, base: str) -> None:
    """Sign the page in as the home's editor."""
    account = Accounts(home.accounts).all()["ada"]
    page.context.add_cookies([{"name": COOKIE, "value": cookie(home, account), "url": base}])


def watch(home: Home, config: Config) -> str:
    """Add the editor's watch for the organisation with most claims; return its mail of a week."""
    with closing(open_published(home.published, config.ask)) as copy:
        most_named = ("SELECT o FROM (SELECT unnest(organisations) AS o FROM claims) GROUP BY o "
                      "ORDER BY count(*) DESC, o LIMIT 1")
        about = str(query(copy, most_named, seconds=config.ask.seconds)[1][0][0])
        draft = WatchDraft(about, "ada", ClaimFilter(organisations=(about,)), atom=True,
                           mail="desk@paper.example", quiet=QuietHours(clock(22), clock(7)),
                           zone="Europe/Berlin")
        now = published_at(dict(query(copy, "SELECT key, value FROM meta", seconds=config.ask.seconds)[1]))
        assert now
        added = WatchStore(home.watches).add(draft, now=now)
        message = mail(recent(Copy(copy, config.ask), added.filter, 7), added, config, "m", now=now)
    body = email.message_from_bytes(message, policy=policy).get_body(("html",))
    assert body
    return str(body.get_content())


def main(arguments: Sequence[str] | None = None) -> int:
    """Write `<out>/<page>-<wide|narrow>-<light|dark>.png` per page, and `dashboard-*.png` for the README."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, default=Path(".demo"))
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--only", nargs="*", help="names of pages")
    args = parser.parse_args(arguments)
    source = Home.find(args.home)
    try:
        config = Config.load(source.config_file)
        if not source.published.exists():
            raise DataError(f"nothing is published in {args.home}: run `make demo`, or give --home")
        shown_pages = pages(source, config)
    except RumortrailError as error:
        print(error, file=sys.stderr)
        return 2
    chromium = find_chromium()
    if chromium is None:
        return 2
    args.out.mkdir(parents=True, exist_ok=True)
    with (
        edited(source) as home,
        served(lambda port: launch.command(home, config, port)) as server,
        sync_playwright() as playwright,
    ):
        base = server.base
        letter = watch(home, config)
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        for scheme in ("light", "dark"):
            page = browser.new_page(color_scheme=scheme)
            first = args.out / f"dashboard-{scheme}.png"
            shoot(page, base + shown_pages["claim"], 1440, 1020, first, most=1020)
            print(first)
            for name, path in shown_pages.items():
                if name == "review":
                    sign_in(page, home, base)
                for size, (width, height) in SIZES.items():
                    if not args.only or name in args.only:
                        file = args.out / f"{name}-{size}-{scheme}.png"
                        shoot(page, base + path, width, height, file)
                        print(file)
        if not args.only or "watch_mail" in args.only:
            page = browser.new_page(color_scheme="light", viewport={"width": 760, "height": 900})
            page.set_content(letter)
            page.screenshot(path=args.out / "watch_mail.png", full_page=True)
            print(args.out / "watch_mail.png")
        if not args.only or "site" in args.only:
            with TemporaryDirectory() as folder:
                root = write_site(home, config, Path(folder) / "site").root
                page = browser.new_page(color_scheme="light")
                shoot(page, (root / "index.html").as_uri(), *SIZES["wide"], args.out / "site.png")
            print(args.out / "site.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
