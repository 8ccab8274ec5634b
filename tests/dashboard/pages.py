"""Pages of the dashboard, run without a browser."""

from __future__ import annotations

from collections.abc import Mapping

from streamlit.testing.v1 import AppTest

from pipeline.core.home import Home

_SCRIPT = """
from pathlib import Path
from dashboard.data import queries
from {module} import show
from pipeline.core.config import AskConfig, Config, DashboardConfig
from pipeline.core.home import Home
patient = Config(ask=AskConfig(seconds=600.0), dashboard=DashboardConfig(ask_seconds=600.0))
show(queries.current(Home(Path({home!r})), patient))
"""
_MODULES = {"about": "dashboard.views.about", "models": "dashboard.views.entities.page"}
_EVIL = (
    "<script", "<img", "<svg", "<iframe", "<style", "</style>", "<meta", "\u202e",
    "javascript:alert(3)'", 'href="javascript', 'href="data',
)


def run_script(script: str, address: Mapping[str, str | list[str]]) -> AppTest:
    """Run a script with the parameters of an address."""
    app = AppTest.from_string(script, default_timeout=600)
    app.query_params.update(address)
    return app.run()


def opened(home: Home, page: str, **address: str | list[str]) -> AppTest:
    """Open a page on the copy of `home`."""
    module = _MODULES.get(page, f"dashboard.views.{page}.page")
    return run_script(_SCRIPT.format(module=module, home=str(home.path)), address)


def html_of(app: AppTest) -> str:
    """Return the HTML of a page that threw nothing."""
    assert not app.exception
    return "".join(element.proto.body for element in app.get("html"))


def assert_harmless(html: str, where: object) -> None:
    """Assert that no stranger's text became a tag, an address that runs code or a mark that reverses text."""
    for markup in _EVIL:
        assert markup not in html, f"{markup} on {where}"
