"""What holds on every page: it stands alone, fits, follows the theme, and axe-core finds no serious fault in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Watched
from tests.worlds.sample import RUNS, claim_id
from tests.worlds.stories import STORIES

pytestmark = pytest.mark.browser

LYRA = claim_id(STORIES[0].claim)
PAGES = (
    "/",
    "/?since=Week",
    "/claims",
    "/claims?q=lyra",
    "/claims?q=nothing-has-this-name",
    f"/claim?id={LYRA}",
    f"/claim?id={LYRA}&asof=2026-03-09",
    "/claim?id=nope",
    "/claim",
    "/models",
    "/models?model=Borealis%203",
    "/models?org=Aurora%20Labs",
    "/models?model=nope",
    "/sources",
    "/sources?who=People",
    "/sources?id=kestrel",
    "/sources?id=gossip",
    "/review",
    "/ask",
    "/ask?sql=SELECT%20status,%20count(*)%20FROM%20claims%20GROUP%20BY%201",
    "/runs",
    f"/runs?run={RUNS[-1]}",
    "/about",
)
AXE = Path(__file__).resolve().parents[1] / "axe" / "node_modules" / "axe-core" / "axe.min.js"
# Ours is what stands in the main part; the bar above it and the menus are Streamlit's.
LOOK = """() => axe.run('[data-testid=stMain]', {resultTypes: ['violations']}).then(found => found.violations
  .filter(fault => ['serious', 'critical'].includes(fault.impact))
  .map(fault => fault.id + ': ' + fault.help + ' ' + fault.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')))"""
Watch = Callable[..., Watched]


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")])
def test_it_stands_alone_and_fits(watch: Watch, sample_dashboard: str, width: int, scheme: str) -> None:
    watched = watch(sample_dashboard, width=width, scheme=scheme)
    for path in PAGES:
        page = watched.visit(path)
        assert watched.overflow() <= 0, path
        expect(page.locator(".rt-notice"), path).to_have_count(1)
        expect(page.locator("h1, .rt-empty h2").first, path).to_be_visible()
        expect(page.locator(".stApp"), path).to_have_css("color-scheme", scheme)
    watched.untouched()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core; without it the test is skipped, or fails where a Chromium is required too."""
    if not AXE.exists():
        if os.environ.get("RUMORTRAIL_REQUIRE_CHROMIUM") == "1":
            pytest.fail("axe-core is missing: install npm, then `make test`")
        pytest.skip("axe-core is missing: `npm ci --prefix tests/dashboard/axe`")
    return AXE.read_text("utf-8")


def faults(page: Any, axe: str) -> list[str]:
    """What axe-core finds in the page, as far as it is serious."""
    page.evaluate(axe)
    found: list[str] = page.evaluate(LOOK)
    return found


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_axe_finds_no_serious_fault(
    watch: Watch, sample_dashboard: str, axe: str, width: int, scheme: str
) -> None:
    watched = watch(sample_dashboard, width=width, scheme=scheme)
    found = {path: told for path in PAGES if (told := faults(watched.visit(path), axe))}
    assert found == {}


def test_axe_would_find_a_fault(watch: Watch, sample_dashboard: str, axe: str) -> None:
    page = watch(sample_dashboard).visit("/about")
    grey = "document.querySelector('[data-testid=stMain] p').style.color = '#ddd'"
    page.evaluate(f"() => {{ {grey} }}")
    assert any("color-contrast" in fault for fault in faults(page, axe))
