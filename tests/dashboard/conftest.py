"""Fixtures for the dashboard's tests: a served dashboard, and pages that tell what they fetch."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from streamlit.components.v2 import manifest_scanner

from dashboard import launch
from pipeline.core.config import Config, Home

OVERFLOW = """() => { const m = document.querySelector('[data-testid=stMain]');
  return m.scrollWidth - m.clientWidth }"""
# Streamlit fetches the code of a widget when it first draws one: until then a skeleton stands there.
SETTLED = """() => window.rumortrailKeys
  && !document.querySelector('[data-stale=true], [data-testid=stSkeleton], [data-testid=stAppSkeleton]')
  && document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')"""


@pytest.fixture(scope="session", autouse=True)
def _scanned_once() -> Iterator[None]:
    """Look for Streamlit components among all installed packages once, and not each time a page is opened."""
    with pytest.MonkeyPatch.context() as patch:
        once = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(home: Home, port: int | None = None) -> Iterator[str]:
    """Serve the dashboard of `home` in a process of its own; give its address."""
    port = port or free_port()
    command = launch.command(home, Config(), port)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    try:
        answering(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(120)


def answering(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server of `process` answers at `url`."""
    for _ in range(1200):
        assert process.poll() is None, "the dashboard's server ended"
        try:
            with urlopen(url, timeout=20):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the dashboard's server never answered")


@dataclass
class Watched:
    """A page that notes what it fetched from elsewhere than the dashboard, what it opened, and errors."""

    page: Any
    base: str
    elsewhere: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def visit(self, path: str) -> Any:
        """Load a page of the dashboard and wait until it stands."""
        self.page.goto(self.base + path)
        self.ready()
        return self.page

    def ready(self) -> None:
        """Wait until the page stands: its script has run, all of it is drawn, and it hears keys."""
        self.page.wait_for_selector(".rt-foot, .rt-empty")
        self.page.wait_for_function(SETTLED, polling=100)  # without it a frame is drawn for each look

    def address(self, part: str) -> None:
        """Wait until the address holds `part`, and until the page that it leads to stands."""
        self.page.wait_for_function("part => location.href.includes(part)", arg=part)
        self.ready()

    def until(self, holds: Callable[[], object], otherwise: str) -> None:
        """Wait, while the browser goes on, until `holds` is true of what it told."""
        for _ in range(600):
            if holds():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(otherwise)

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        return int(self.page.evaluate(OVERFLOW))

    def untouched(self) -> None:
        """Assert that nothing was fetched from elsewhere, opened or thrown."""
        assert self.elsewhere == []
        assert self.dialogs == []
        assert self.errors == []


@pytest.fixture
def watch(browser: Any) -> Iterator[Callable[..., Watched]]:
    """`watch(base, width=1440, scheme="light")` opens a watched page."""
    contexts = []

    def open_page(base: str, *, width: int = 1440, scheme: str = "light") -> Watched:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme,
                                      reduced_motion="reduce")
        context.set_default_timeout(60_000)
        contexts.append(context)
        found = Watched(context.new_page(), base)
        own = urlsplit(base).netloc
        context.on("request", lambda request: _elsewhere(request.url, own, found.elsewhere))
        context.on("page", lambda page: found.dialogs.append(f"opened {page.url}"))
        found.page.on("dialog", lambda dialog: (found.dialogs.append(dialog.message), dialog.dismiss()))
        found.page.on("pageerror", lambda error: found.errors.append(str(error)))
        found.page.on("console", lambda message: _refused(message.text, found.errors))
        found.page.on("websocket", lambda socket: _elsewhere(socket.url, own, found.elsewhere))
        return found

    yield open_page
    for context in contexts:
        context.close()


def _refused(message: str, found: list[str]) -> None:
    # What the page may not do, because the headers of dashboard/server.py say so.
    if "Content Security Policy" in message:
        found.append(message)


def _elsewhere(url: str, own: str, found: list[str]) -> None:
    # What lies in the page itself (data:, blob:) is fetched from nowhere.
    parts = urlsplit(url)
    if parts.scheme not in ("data", "blob") and parts.netloc != own:
        found.append(url)


@pytest.fixture(scope="session")
def sample_dashboard(sample_home: Home) -> Iterator[str]:
    """The address of a dashboard that shows the sample."""
    with served(sample_home) as base:
        yield base


@pytest.fixture(scope="session")
def hostile_dashboard(hostile_home: Home) -> Iterator[str]:
    """The address of a dashboard that shows hostile texts."""
    with served(hostile_home) as base:
        yield base
