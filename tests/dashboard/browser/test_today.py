"""The last visit of a browser, and the sections of Today, in a real Chromium."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from pipeline.core.home import Home
from tests.dashboard.altered import altered
from tests.dashboard.conftest import Desk, Watched
from tests.dashboard.views.today.test_page import LYRA, NEXT, NEXT_NIGHT, _move
from tests.worlds.sample import RUNS, claim_id
from tests.worlds.stories import STORIES

pytestmark = pytest.mark.browser

Watch = Callable[..., Watched]
FJORD = next(story.claim for story in STORIES if "Fjord licence" in story.claim)


def _leads(watched: Watched, words: str) -> None:
    expect(watched.visit("/today").locator(".rt-lead").first).to_contain_text(words)


def _cookies(watched: Watched) -> dict[str, dict[str, object]]:
    return {
        cookie["name"]: cookie
        for cookie in watched.page.context.cookies() if cookie["name"].startswith("rumortrail_")
    }


def test_the_second_visit_shows_what_is_new_since_the_first_and_a_reload_keeps_it(
    watch: Watch, sample_home: Home, desk: Desk, tmp_path: Path
) -> None:
    first = altered(sample_home, tmp_path / "first")
    fresh_home = altered(
        sample_home, tmp_path / "fresh", *NEXT_NIGHT,
        _move(LYRA, "2026-03-12 03:08", "disputed", "substantiated"),
    )
    with desk.publishing(first, fresh_home) as publish:
        watched = watch(desk.base)
        _leads(watched, "Since the run of 10 Mar 2026")
        _leads(watched, "Since the run of 10 Mar 2026")  # a reload does not take the first visit for the last

        publish()
        # Half an hour passes: the browser forgets that the visit goes on.
        watched.page.context.clear_cookies(name="rumortrail_visit")
        for visit in ("the second visit", "a reload", "a page after another"):
            _leads(watched, "Since your last visit, ")
            expect(watched.page.locator(".rt-lead").first, visit).to_contain_text("1 run, 1 claim moved.")
            expect(watched.page.locator("#moves .rt-news")).to_have_count(1)
            expect(watched.page.locator("#moves .rt-claim-text")).to_have_text(STORIES[0].claim)
            watched.visit("/claims" if visit == "a reload" else "/about")

        watched.page.context.clear_cookies(name="rumortrail_visit")
        _leads(watched, "no new run, nothing moved.")
        expect(watched.page.locator(".rt-empty")).to_contain_text("Nothing moved")
        expect(watched.page.locator("#failing")).to_have_count(1)
        watched.untouched()


def test_the_cookies_say_when_and_which_night_and_nothing_else(watch: Watch, sample_dashboard: str) -> None:
    watched = watch(sample_dashboard)
    watched.visit("/about")
    assert _cookies(watched) == {}, "only Today notes that somebody looked"
    watched.visit("/today")
    watched.until(lambda: len(_cookies(watched)) == 2, "no visit was noted")
    cookies = _cookies(watched)
    assert set(cookies) == {"rumortrail_looked", "rumortrail_visit"}
    assert re.fullmatch(rf"\d{{10}}\.1773198660\.{RUNS[2]}", str(cookies["rumortrail_looked"]["value"]))
    assert cookies["rumortrail_visit"]["value"] == "first"
    for cookie in cookies.values():
        assert cookie["sameSite"] == "Strict"
        assert cookie["path"] == "/"
        assert 0 < float(str(cookie["expires"])) - time.time() <= 366 * 86_400
    other_reader = watch(sample_dashboard)
    other_reader.visit("/today")
    other_reader.until(lambda: "rumortrail_visit" in _cookies(other_reader), "no visit was noted")
    visit = _cookies(other_reader)["rumortrail_visit"]["value"]
    assert visit == "first", "another browser has a last visit of its own"


def test_more_of_a_section_opens_and_leads_back(watch: Watch, sample_dashboard: str) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit("/today")
    page.evaluate("window.sameDocument = true")
    page.get_by_role("radio", name="Week").click()
    watched.address("since=Week")
    page.get_by_role("link", name=re.compile(r"and \d+ more")).first.click()
    watched.address("show=new")
    expect(page.locator(".rt-news")).to_have_count(len(STORIES))
    page.get_by_role("link", name="All of today").click()
    page.wait_for_selector("#failing")
    expect(page).to_have_url(re.compile("since=Week"))
    expect(page).not_to_have_url(re.compile("show"))
    watched.ready()
    page.get_by_role("link", name="Sources that failed").click()
    page.wait_for_function(
        "() => document.querySelector('#failing').getBoundingClientRect().top < innerHeight"
    )
    assert page.evaluate("window.sameDocument") is True
    watched.untouched()


def test_from_the_news_to_the_claim_and_from_the_list_of_nights_to_one(
    watch: Watch, sample_dashboard: str
) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit("/today")
    page.locator("#moves").get_by_role("link", name=FJORD).click()
    watched.address(f"/claim?id={claim_id(FJORD)}")
    page.locator(".rt-why").wait_for()
    page = watched.visit("/runs")
    page.locator(".rt-runs").get_by_role("link", name="10 Mar 2026").click()
    watched.address(f"run={RUNS[1]}")
    page.get_by_role("heading", name="Run of 10 Mar 2026").wait_for()
    page.get_by_role("link", name="the run after →").click()
    page.get_by_role("heading", name="Run of 11 Mar 2026").wait_for()
    assert NEXT not in page.url
    watched.untouched()
