"""Models and organisations, sources and About in a real Chromium: what people do there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Watched
from tests.shared import Canary
from tests.worlds.sample import claim_id
from tests.worlds.stories import STORIES

pytestmark = pytest.mark.browser

Watch = Callable[..., Watched]


def test_compare_rival_numbers_and_follow_one(watch: Watch, sample_dashboard: str) -> None:
    large_claim = next(story.claim for story in STORIES if "400 billion" in story.claim)
    watched = watch(sample_dashboard)
    page = watched.visit("/models")
    page.get_by_placeholder("Search by name").fill("borealis")
    page.get_by_placeholder("Search by name").press("Enter")
    watched.address("name=borealis")
    page.get_by_role("link", name="Borealis 3", exact=True).click()
    watched.address("model=Borealis%203")
    page.get_by_role(
        "heading", name="Two figures in parameters: 120b (substantiated) and 400b (contradicted)"
    ).wait_for()
    side_cards = page.locator(".rt-side")
    expect(side_cards).to_have_count(2)
    rivals = ((side_cards.nth(0), "120b", "substantiated"), (side_cards.nth(1), "400b", "contradicted"))
    for side, figure, status in rivals:
        for text in (figure, status, "independent voice", "carried by"):
            expect(side).to_contain_text(text)
    page.locator(
        '[data-testid="stVegaLiteChart"] canvas, [data-testid="stVegaLiteChart"] svg'
    ).first.wait_for()
    side_cards.nth(1).get_by_role("link", name="400 billion").click()
    watched.address(f"/claim?id={claim_id(large_claim)}")
    page.get_by_role("heading", level=1, name="400 billion").wait_for()
    watched.ready()
    page.go_back()
    watched.address("model=Borealis%203")
    page.locator(".rt-side").first.wait_for()
    watched.untouched()


def test_hostile_names_fetch_and_open_nothing(watch: Watch, hostile_dashboard: str, canary: Canary) -> None:
    watched = watch(hostile_dashboard)
    for go_to, path in ((watched.visit, "/models"), (watched.follow, "/models?page=2")):
        page = go_to(path)
        page.locator(".rt-subject").first.wait_for()
    links = page.locator(".rt-subject h2 a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    for link in links[:4]:
        watched.follow(f"/{link}")
    watched.untouched()
    assert canary.asked == []


def test_about_names_what_the_browser_keeps_and_leads_to_its_parts(
    watch: Watch, sample_dashboard: str
) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit("/about")
    stored_names = [cookie["name"] for cookie in page.context.cookies()]
    stored_names += [key.partition("-")[0] for key in page.evaluate("Object.keys(localStorage)")]
    assert stored_names, "nothing is kept, so nothing can be left out"
    privacy_text = page.locator("#privacy + ul").inner_text()
    assert [name for name in stored_names if name not in privacy_text] == []
    page.get_by_role("link", name="Privacy").click()
    page.wait_for_function(
        "() => document.querySelector('#privacy').getBoundingClientRect().top < window.innerHeight"
    )
    watched.untouched()
