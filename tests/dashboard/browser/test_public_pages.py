"""The pages to publish in a browser: they load and run nothing, fit, and axe-core finds no fault."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.dashboard.browser.test_every_page import AXE
from tests.dashboard.conftest import Watched
from tests.pipeline.pages.test_claim import LYRA

pytestmark = pytest.mark.browser

PAGES = {
    f"/c/{LYRA}": 100_000,
    f"/c/{LYRA}?as_of=2026-03-09": 100_000,
    "/s/sborealis": 100_000,
    "/c/nope": 100_000,
    f"/embed/{LYRA}": 10_000,
}
LOOK = """() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})
  .then(found => found.violations.map(fault => fault.id + ': '
    + fault.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')))"""
FRAMES = """<!doctype html><title>A paper</title><iframe id="embed" src="{base}/embed/{claim}"></iframe>
<iframe id="page" src="{base}/c/{claim}"></iframe>"""


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_they_stand_alone(
    watch: Callable[..., Watched], sample_dashboard: str, width: int, scheme: str
) -> None:
    watched = watch(sample_dashboard, width=width, scheme=scheme)
    page = watched.page
    asked_urls: list[str] = []
    def heard(request: Any) -> None:
        asked_urls.append(request.url)

    page.on("request", heard)
    for path, size_limit in PAGES.items():
        asked_urls.clear()
        answer = page.goto(sample_dashboard + path)
        assert [url for url in asked_urls if not url.startswith("data:")] == [sample_dashboard + path]
        assert len(answer.body()) < size_limit
        assert page.evaluate("[...document.scripts].every(one => one.type === 'application/ld+json')")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        body = "getComputedStyle(document.body)"
        assert page.evaluate(f"{body}.backgroundColor") == (
            "rgb(252, 251, 248)" if scheme == "light" else "rgb(20, 23, 26)"
        ), "the style was refused"
        if AXE.exists():
            page.evaluate(AXE.read_text("utf-8"))
            assert page.evaluate(LOOK) == [], path
    page.goto(f"{sample_dashboard}/c/{LYRA}")
    page.fill("#as_of", "2026-03-09")
    page.click("form button")
    page.wait_for_url("**as_of=2026-03-09")
    page.locator(".then").wait_for()
    page.emulate_media(media="print")
    assert page.locator(".noprint").first.is_hidden()
    page.remove_listener("request", heard)
    watched.untouched()


@pytest.fixture
def paper(sample_dashboard: str) -> Iterator[str]:
    """Return the address of another site whose page frames ours; only loopback may frame loopback."""
    body = FRAMES.format(base=sample_dashboard, claim=LYRA).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


def test_another_site_frames_the_embed_and_no_page(browser: Any, paper: str) -> None:
    context = browser.new_context(viewport={"width": 800, "height": 600})
    page = context.new_page()
    page.goto(paper)
    page.frame_locator("#embed").locator("h1").wait_for()
    assert page.frame_locator("#embed").locator("script").count() == 0
    assert LYRA in page.frame_locator("#embed").locator("h1 a").get_attribute("href")
    assert page.frame_locator("#page").locator(".verdict").count() == 0
    context.close()
