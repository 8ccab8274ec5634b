"""`rumortrail demo`: three simulated nights over the demo web, with the real crawlers and pipeline."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from crawlers.demo.content import NIGHTS, SETTINGS, fingerprint
from crawlers.demo.proxy import Site
from crawlers.demo.x import TOKEN
from crawlers.http.credentials import CREDENTIALS
from pipeline.cli import console as show
from pipeline.core.config import Config
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.engine.opening import opened
from pipeline.run.nightly import locked, nightly
from pipeline.run.report import RunReport
from pipeline.run.spread_models import installed, spread
from pipeline.run.stages import STAGES

MARKER = "demo.json"
"""The file that marks the folder of a demo; it names the content once all nights are done."""


def run_demo(path: Path, console: Console) -> None:
    """Make the folder at `path` a finished demo, unless it is one.

    A demo that was killed or is out of date is made afresh. Raises DataError where the folder holds something
    else, or where a stage of a night fails.
    """
    home = Home(path.expanduser().resolve())
    if finished(home):
        console.print(f"The demo in {escape(str(home.path))} is ready; delete the folder to make it again.")
        return
    _clear(home)
    config = _settle(home)
    started = time.monotonic()
    with opened(config.engine, home.engine, installed) as engine, Site() as site, _own_token():
        models = spread(config.models, engine)
        places = f"{len(site.web.places)} invented sites and accounts"
        console.print(f"Demo web: {len(site.web.posts)} documents on {places}.")
        # X's stand-in has a loopback address; the proxy is all that a connection is made to.
        crawl = replace(config.crawl, proxy=site.proxy, allow_private_addresses=True)
        night_config = replace(config, crawl=crawl)
        for number, now in enumerate(NIGHTS, start=1):
            site.clock = now
            with show.progress(console) as progress:
                report = nightly(home, night_config, now=now, progress=progress, models=models, engine=engine,
                                 replay=True)
            _tell(console, number, now, report)
    _mark(home, {"content": _identity()})
    seconds = f"{time.monotonic() - started:.0f} seconds"
    console.print(f"\nThree nights in {seconds}. docs/demo.md says what each claim shows.")


@contextmanager
def _own_token() -> Iterator[None]:
    """Give the crawls of this block the demo's own token for X, and none of the user's credentials."""
    names = [variable.name for credential in CREDENTIALS.values() for variable in credential.variables]
    saved = {name: os.environ.pop(name) for name in names if name in os.environ}
    [token] = CREDENTIALS["x"].variables
    os.environ[token.name] = TOKEN
    try:
        yield
    finally:
        del os.environ[token.name]
        os.environ.update(saved)


def finished(home: Home) -> bool:
    """Return whether `home` holds all nights of the demo as it is today."""
    try:
        marker = json.loads((home.path / MARKER).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return marker == {"content": _identity()} and home.published.exists()


def _identity() -> str:
    return f"{version('rumortrail')} {fingerprint()}"


def _clear(home: Home) -> None:
    """Empty an earlier demo's folder; a folder of anything else is left as it is."""
    own_names = {home.lock.name, MARKER, f"{MARKER}.tmp"}
    present_names = {entry.name for entry in home.path.iterdir()} if home.path.exists() else set()
    if present_names - own_names and MARKER not in present_names:
        hint = "give an empty folder, as in `rumortrail demo --home .demo`"
        raise DataError(f"{home.path} is not empty and no demo: {hint}")
    with locked(home):
        for entry in home.path.iterdir():
            if entry.name not in (MARKER, home.lock.name):
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        _mark(home, {})


def _settle(home: Home) -> Config:
    """Write the demo's settings, sources and gazetteer into `home`."""
    for name in SETTINGS:
        text = (files("crawlers.demo") / name).read_text("utf-8")
        gazetteer = json.dumps(str(home.path / "gazetteer.toml"), ensure_ascii=False)
        text = text.replace('"gazetteer.toml"', gazetteer)
        (home.path / name).write_text(text, "utf-8")
    return Config.load(home.config_file)


def _mark(home: Home, content: dict[str, str]) -> None:
    fresh = home.path / f"{MARKER}.tmp"
    fresh.write_text(json.dumps(content), "utf-8")
    fresh.replace(home.path / MARKER)


def _tell(console: Console, number: int, now: datetime, report: RunReport) -> None:
    """Print what one night changed. A stage that failed ends the demo; a failed source does not."""
    ingested = report.counts.get("ingest")
    records = ingested.done if ingested else 0
    night = f"[bold]Night {number} of {len(NIGHTS)}[/], {now:%Y-%m-%d %H:%M} UTC"
    console.print(f"\n{night}: {records} records read")
    show.change_report(console, report.changes)
    if failed := [stage for stage in STAGES if stage not in report.counts]:
        raise DataError(f"night {number} failed in {', '.join(failed)}: `rumortrail status` lists its issues")
