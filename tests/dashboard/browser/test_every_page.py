"""Test every page: it loads nothing from elsewhere, fits, follows the theme, has no serious axe fault."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.dashboard.conftest import Watched
from tests.worlds.sample import RUNS, claim_id
from tests.worlds.stories import STORIES

pytestmark = pytest.mark.browser

LYRA = claim_id(STORIES[0].claim)
PAGES = (
    "/",
    "/?time=All+time",
    "/?q=nothing-has-this-name",
    "/story?id=sborealis",
    "/story?id=saster&asof=2026-03-09",
    "/story?id=nope",
    "/today",
    "/today?since=Week",
    "/claims",
    "/claims?q=lyra",
    "/claims?q=nothing-has-this-name",
    f"/claim?id={LYRA}",
    f"/claim?id={LYRA}&asof=2026-03-09",
    "/check",
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
    "/watches",
    "/ask",
    "/ask?sql=SELECT%20status,%20count(*)%20FROM%20claims%20GROUP%20BY%201",
    "/runs",
    f"/runs?run={RUNS[-1]}",
    "/about",
)
WIDE, NARROW = 1440, 390
WITH_AXE = [(WIDE, "light"), (NARROW, "dark")]
AXE = Path(__file__).resolve().parents[1] / "axe" / "node_modules" / "axe-core" / "axe.min.js"
# Only the main part is ours; the bar above it and the menus are Streamlit's.
LOOK = """() => axe.run('[data-testid=stMain]', {resultTypes: ['violations']}).then(found => found.violations
  .filter(fault => ['serious', 'critical'].includes(fault.impact))
  .map(fault => fault.id + ': ' + fault.help + ' '
    + fault.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')))"""
SCHEME = "getComputedStyle(document.querySelector('.stApp')).colorScheme"
Watch = Callable[..., Watched]


@dataclass(frozen=True)
class Look:
    """What was seen on a page; `faults` are axe-core's, None where it is not at hand."""

    overflow: int
    notices: int
    headings: int
    scheme: str
    faults: list[str] | None


_LOOKS: dict[tuple[int, str], dict[str, Look]] = {}


def faults(page: Any) -> list[str] | None:
    """Return the serious faults that axe-core finds in the page."""
    if not AXE.exists():
        return None
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text("utf-8"))
    faults_found: list[str] = page.evaluate(LOOK)
    return faults_found


def looks(watch: Watch, base: str, width: int, scheme: str) -> dict[str, Look]:
    """Look at every page in both widths and both themes, once for all tests.

    The first address of a page is loaded, the others are gone on to as a link does. Each page begins in the
    width and the theme in which the one before it ended, so that all four come first in turns; then the
    window is resized and the system's theme changes while the page stands.
    """
    if not _LOOKS:
        other_look = {NARROW: WIDE, WIDE: NARROW, "light": "dark", "dark": "light"}
        loaded_pages: set[str] = set()
        look: tuple[Any, Any] = (NARROW, "light")
        watched = watch(base, width=look[0], scheme=look[1])
        page = watched.page
        for number, path in enumerate(PAGES):
            name = path.partition("?")[0]
            (watched.follow if name in loaded_pages else watched.visit)(path)
            loaded_pages.add(name)
            page.locator("h1, .rt-empty h2").first.wait_for()
            (first, theme), opposite = look, (other_look[look[0]], other_look[look[1]])
            later_looks = [(opposite[0], theme), opposite, (first, opposite[1])]
            order = [look, *(reversed(later_looks) if number % 2 else later_looks)]
            for look in order:
                _turn(page, *look)
                watched.ready()
                _LOOKS.setdefault(look, {})[path] = Look(
                    watched.overflow(), page.locator(".rt-notice").count(),
                    page.locator("h1, .rt-empty h2").count(), page.evaluate(SCHEME),
                    faults(page) if look in WITH_AXE else None,
                )  # fmt: skip
        watched.untouched()
    return _LOOKS[width, scheme]


def _turn(page: Any, width: int, scheme: str) -> None:
    """Give the page this width and theme, and wait until it is drawn that way."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(f"theme => {SCHEME} == theme", arg=scheme, polling=100)
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


@pytest.mark.parametrize(
    ("width", "scheme"), [(WIDE, "light"), (WIDE, "dark"), (NARROW, "light"), (NARROW, "dark")]
)
def test_it_stands_alone_and_fits(watch: Watch, sample_dashboard: str, width: int, scheme: str) -> None:
    for path, page_look in looks(watch, sample_dashboard, width, scheme).items():
        assert page_look.overflow <= 0, path
        assert page_look.notices == 1, path
        assert page_look.headings >= 1, path
        assert page_look.scheme == scheme, path


@pytest.fixture
def axe() -> None:
    """Skip the test without axe-core, or fail it where a Chromium is required too."""
    if not AXE.exists():
        if os.environ.get("RUMORTRAIL_REQUIRE_CHROMIUM") == "1":
            pytest.fail("axe-core is missing: install npm, then `make test`")
        pytest.skip("axe-core is missing: `npm ci --prefix tests/dashboard/axe`")


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize(("width", "scheme"), WITH_AXE)
def test_axe_finds_no_serious_fault(watch: Watch, sample_dashboard: str, width: int, scheme: str) -> None:
    page_looks = looks(watch, sample_dashboard, width, scheme)
    assert {path: page_look.faults for path, page_look in page_looks.items() if page_look.faults} == {}
    assert all(page_look.faults is not None for page_look in page_looks.values())


@pytest.mark.usefixtures("axe")
def test_axe_would_find_a_fault(watch: Watch, sample_dashboard: str) -> None:
    page = watch(sample_dashboard).visit("/about")
    grey = "document.querySelector('[data-testid=stMain] p').style.color = '#ddd'"
    page.evaluate(f"() => {{ {grey} }}")
    assert any("color-contrast" in fault for fault in faults(page) or ())
