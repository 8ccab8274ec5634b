"""Fixtures for the dashboard's tests: a served dashboard, and pages that tell what they fetch."""

from __future__ import annotations

import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from streamlit.components.v2 import manifest_scanner

from dashboard import launch
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.decisions.accounts import Accounts
from tests.dashboard.altered import altered
from tests.receivers import free_port

PASSWORD = "correct horse battery"
OVERFLOW = """() => { const m = document.querySelector('[data-testid=stMain]');
  const menu = document.querySelector('[data-testid=stMainMenu]');
  const beside = menu ? menu.getBoundingClientRect().right - innerWidth : 0;
  return Math.max(m.scrollWidth - m.clientWidth, beside) }"""
# Streamlit fetches a widget's code when it first draws the widget, and shows a skeleton until then.
GO = """path => new Promise(answer => {
    const app = document.querySelector('[data-testid=stApp]');
    const runs = new MutationObserver(() => {
      if (app.dataset.testScriptState == 'notRunning') return;
      runs.disconnect();
      answer(true);
    });
    runs.observe(app, {attributes: true, attributeFilter: ['data-test-script-state']});
    history.pushState(null, '', path);
    window.dispatchEvent(new PopStateEvent('popstate'));
    setTimeout(() => answer(false), 5000);
  })"""
SETTLED = """() => window.rumortrailKeys
  && !document.querySelector('[data-stale=true], [data-testid=stSkeleton], [data-testid=stAppSkeleton]')
  && document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')"""


@pytest.fixture(scope="session", autouse=True)
def _scanned_once() -> Iterator[None]:
    """Look for Streamlit components among all installed packages once, and not each time a page is opened."""
    with pytest.MonkeyPatch.context() as patch:
        cached_scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", cached_scan)
        yield


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

    def follow(self, path: str) -> Any:
        """Go on to a page as a link of the dashboard does, without a load, and wait until it stands.

        If the script run is not seen to begin (it may be drawn only when it ends), the page is loaded.
        """
        if not self.page.evaluate(GO, path):
            return self.visit(path)
        self.ready()
        return self.page

    def ready(self) -> None:
        """Wait until the page is ready: its script has run, all of it is drawn, and it reacts to keys."""
        self.page.wait_for_selector(".rt-foot, .rt-empty")
        self.page.wait_for_function(SETTLED, polling=100)  # without `polling`, each check draws a frame

    def address(self, part: str) -> None:
        """Wait until the address contains `part` and its page is ready."""
        self.page.wait_for_function("part => location.href.includes(part)", arg=part, polling=100)
        self.ready()

    def until(self, holds: Callable[[], object], otherwise: str) -> None:
        """Let the browser go on until `holds()` is true."""
        for _ in range(600):
            if holds():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(otherwise)

    def overflow(self) -> int:
        """Return by how many pixels the page or its menu is wider than the window."""
        return int(self.page.evaluate(OVERFLOW))

    def untouched(self) -> None:
        """Assert that nothing was fetched from elsewhere, opened or thrown."""
        assert self.elsewhere == []
        assert self.dialogs == []
        assert self.errors == []


@dataclass
class Pages:
    """Chromium's pages that no test is using, by the dashboard that they showed, each in its own context.

    A page that was used has Streamlit's code in its process; a new page has to load and compile it.
    """

    browser: Any
    free: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def take(self, base: str, width: int, scheme: str) -> Any:
        """Return a page for the dashboard at `base`, in whose context nothing is open or remembered."""
        if self.free[base]:
            page = self.free[base].pop()
        else:
            context = self.browser.new_context(reduced_motion="reduce")
            context.set_default_timeout(240_000)  # a busy machine needs this long for a first page
            page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, media="null")
        return page

    def give_back(self, page: Any, base: str) -> None:
        """Close the context's other pages; clear everything that the page remembers except the code.

        Go on to a small answer of the same dashboard: for another site Chromium would start a new process.
        """
        from playwright.sync_api import Error  # imported here, since only tests with a browser need it

        context = page.context
        for other_page in context.pages:
            if other_page != page:
                other_page.close()
        try:
            page.goto(f"{base}/_stcore/health")
        except Error:  # the dashboard belonged to one test, and has ended
            context.close()
            return
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear() }")
        context.clear_cookies()
        context.clear_permissions()
        self.free[base].append(page)


@pytest.fixture(scope="session")
def pages(browser: Any) -> Pages:
    """Pages that tests take and give back; they end with the browser."""
    return Pages(browser)


@pytest.fixture
def watch(browser: Any, pages: Pages) -> Iterator[Callable[..., Watched]]:
    """`watch(base, width=1440, scheme="light")` opens a watched page, each in a context of its own."""
    with ExitStack() as cleanup:

        def open_page(base: str, *, width: int = 1440, scheme: str = "light") -> Watched:
            page = pages.take(base, width, scheme)
            cleanup.callback(pages.give_back, page, base)
            found = Watched(page, base)
            host = urlsplit(base).netloc
            for source, event, handler in (
                (page.context, "request", lambda request: _elsewhere(request.url, host, found.elsewhere)),
                (page.context, "page", lambda opened: found.dialogs.append(f"opened {opened.url}")),
                (page, "dialog", lambda dialog: (found.dialogs.append(dialog.message), dialog.dismiss())),
                (page, "pageerror", lambda error: found.errors.append(str(error))),
                (page, "console", lambda message: _refused(message.text, found.errors)),
                (page, "websocket", lambda socket: _elsewhere(socket.url, host, found.elsewhere)),
            ):
                source.on(event, handler)
                cleanup.callback(source.remove_listener, event, handler)
            return found

        yield open_page


def _refused(message: str, found: list[str]) -> None:
    # The browser refuses this because of the headers that dashboard/server.py sends.
    if "Content Security Policy" in message:
        found.append(message)


def _elsewhere(url: str, own: str, found: list[str]) -> None:
    # An address within the page itself (data:, blob:) fetches nothing.
    parts = urlsplit(url)
    if parts.scheme not in ("data", "blob") and parts.netloc != own:
        found.append(url)


@dataclass(frozen=True)
class Desk:
    """A dashboard of the sample with an editor, ada, at the address `base`; its home is its own."""

    home: Home
    base: str

    @contextmanager
    def publishing(self, *copies: Home) -> Iterator[Callable[[], None]]:
        """Publish the first home's copy; each call publishes the next; at the end restore the sample's."""
        before, next_copies = self.home.published.read_bytes(), iter(copies)

        def publish() -> None:
            next(next_copies).published.replace(self.home.published)

        publish()
        try:
            yield publish
        finally:
            fresh_copy = self.home.path / "fresh.duckdb"
            fresh_copy.write_bytes(before)
            fresh_copy.replace(self.home.published)


@pytest.fixture(scope="session")
def desk(sample_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Serve one dashboard of the sample for all tests of a process; each test undoes its changes."""
    home = altered(sample_home, tmp_path_factory.mktemp("desk"))
    Accounts(home.accounts).put("ada", PASSWORD)
    with served(home) as base:
        yield Desk(home, base)


@pytest.fixture(scope="session")
def sample_dashboard(desk: Desk) -> str:
    """The address of a dashboard that shows the sample."""
    return desk.base


@pytest.fixture(scope="session")
def hostile_dashboard(hostile_home: Home) -> Iterator[str]:
    """The address of a dashboard that shows hostile texts."""
    with served(hostile_home) as base:
        yield base
