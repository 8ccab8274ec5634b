"""Make once for all tests of a process: finished homes, a canary, a Chromium."""

from __future__ import annotations

import io
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console

from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home

CHROMIUM_ARGS = [
    "--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic",
]


@dataclass(frozen=True)
class Played:
    """A finished demo: its home, what was printed, and each claim with its status after each night."""

    home: Home
    printed: str
    nights: list[list[tuple[str, str]]]


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Play the demo once."""
    from pipeline.cli import demo  # imported here, since it loads the whole project

    home = Home(tmp_path_factory.mktemp("demo"))
    nights: list[list[tuple[str, str]]] = []
    tell = demo._tell

    def keep(console: Console, number: int, *rest: object) -> None:
        tell(console, number, *rest)  # type: ignore[arg-type]
        with duckdb.connect(str(home.published), read_only=True) as connection:
            nights.append(connection.execute("SELECT claim, status FROM claims ORDER BY claim_id").fetchall())

    output = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "_tell", keep)
        demo.run_demo(home.path, Console(file=output, width=200))
    return Played(home, output.getvalue(), nights)


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the sample's published copy."""
    from tests.worlds.sample import build

    home = Home(tmp_path_factory.mktemp("sample"))
    build(home)
    return home


@pytest.fixture(scope="session")
def kept_nights(tmp_path_factory: pytest.TempPathFactory) -> RunContext:
    """The second of two sealed nights (tests/worlds/kept.py), whose home is to be copied."""
    from tests.conftest import NOW, fill_inbox
    from tests.worlds.kept import two_nights
    from tests.worlds.laid import EmptyStore

    store = EmptyStore()
    run = RunContext("20260302T030000Z", NOW, Home(tmp_path_factory.mktemp("kept")), Config())
    nights = two_nights(store, run, partial(fill_inbox, run.home))
    store.close()
    return nights


@dataclass
class Canary:
    """A server that must never be asked for anything; `asked` is what it was asked for."""

    url: str
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def canary() -> Iterator[Canary]:
    """A listening canary."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server_canary.asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server_canary = Canary(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server_canary
    server.shutdown()


@pytest.fixture(scope="session")
def hostile_home(tmp_path_factory: pytest.TempPathFactory, canary: Canary) -> Home:
    """A home whose published copy holds hostile text in every column that a stranger can fill."""
    from tests.worlds.sample import build

    home = Home(tmp_path_factory.mktemp("hostile"))
    build(home, hostile=canary.url)
    return home


# The one without windows first: it takes a quarter less of the processor.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """The Chromium to drive: $RUMORTRAIL_CHROMIUM, else the first of `CHROMIUM` on the path."""
    return os.environ.get("RUMORTRAIL_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium; without one the test is skipped, or fails where RUMORTRAIL_REQUIRE_CHROMIUM=1."""
    path = find_chromium()
    if path is None or not Path(path).exists():
        if os.environ.get("RUMORTRAIL_REQUIRE_CHROMIUM") == "1":
            pytest.fail("no Chromium found: install it, or set RUMORTRAIL_CHROMIUM")
        pytest.skip("no Chromium found; set RUMORTRAIL_CHROMIUM to its path")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=240_000)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield launched
        launched.close()
