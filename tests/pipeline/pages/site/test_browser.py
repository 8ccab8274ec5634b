"""A reader's way through a site: from the folder and from a sub-path of a server, in both themes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.conftest import query_published
from tests.pipeline.pages.site.conftest import Made


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served(site: Made) -> Iterator[str]:
    """The address of the site below a sub-path of a server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site.root.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/{site.root.name}/"
    server.shutdown()
    server.server_close()


def test_a_published_site_is_searched_and_read(site: Made, served: str, browser: Any) -> None:
    [(claim_id, claim)] = query_published(
        site.home, "SELECT claim_id, claim FROM claims WHERE claim LIKE '%open weights%'"
    )
    for address, scheme, width in (
        (f"{site.root.as_uri()}/index.html", "light", 1440), (served, "dark", 390),
    ):  # fmt: skip
        page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
        faults: list[str] = []
        page.on("console", lambda message, faults=faults: faults.append(message.text))
        page.on("requestfailed", lambda request, faults=faults: faults.append(request.url))
        page.goto(address)
        assert page.locator("h2").first.inner_text() == "Stories"
        page.fill("#search input", "Öpen weig")
        results = page.locator("#search-results a")
        results.first.wait_for()
        assert [result.inner_text() for result in results.all()] == [claim]
        assert not page.locator("#lists").is_visible()
        assert page.url.endswith("#q=%C3%96pen%20weig")
        results.first.click()
        page.wait_for_url(f"**/c/{claim_id}.html")
        assert claim in page.locator("h1").inner_text()
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0] < 100")
        assert dark == (scheme == "dark")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.go_back()
        results.first.wait_for()  # the search stands in the address
        page.fill("#search input", "nothing of the kind")
        page.locator("#search-told", has_text="Nothing here holds").wait_for()
        for name in ("models/index.html", "sources/index.html", "claims/index.html", "stories/index.html"):
            page.goto(address.removesuffix("index.html") + name)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert not faults
        page.close()


def test_without_scripts_the_front_page_is_a_plain_list(site: Made, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site.root / "index.html").as_uri())
    assert not page.locator("#search").is_visible() and page.locator("#lists li").count() > 5
    context.close()
