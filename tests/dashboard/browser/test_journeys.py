"""Twelve journeys of a journalist through the demo, in a real Chromium; each ends with a screenshot.

The pictures lie in $RUMORTRAIL_SCREENSHOTS where it is set, to be looked at, in both themes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from pipeline.core.home import Home
from pipeline.decisions.journal import Journal
from tests.conftest import query_published
from tests.dashboard.browser.test_editing import merging, sign_in, taken_back
from tests.dashboard.conftest import PASSWORD, Desk, Watched

pytestmark = pytest.mark.browser

Open = Callable[..., Watched]
BOTH = ["light", "dark"] if "RUMORTRAIL_SCREENSHOTS" in os.environ else []


@pytest.fixture(params=BOTH or ["light"])
def travel(
    request: pytest.FixtureRequest, watch: Callable[..., Watched], demo: Desk, tmp_path: Path
) -> Iterator[Open]:
    """`travel()` opens the demo in a theme; at the end, photograph the page: nothing came from elsewhere."""
    opened_pages: list[Watched] = []

    def begin(*, width: int = 1440) -> Watched:
        opened_pages.append(watch(demo.base, width=width, scheme=request.param))
        return opened_pages[-1]

    yield begin
    folder = Path(os.environ.get("RUMORTRAIL_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    watched = opened_pages[-1]
    watched.ready()
    picture = folder / f"{request.node.originalname.removeprefix('test_')}-{request.param}.png"
    watched.page.screenshot(path=picture)
    assert picture.stat().st_size > 10_000, "an empty picture"
    for opened_page in opened_pages:
        opened_page.untouched()


def claim_like(home: Home, words: str) -> str:
    """The id of the claim whose words are like these."""
    sql = "SELECT claim_id FROM claims WHERE claim LIKE ? ORDER BY mentions DESC"
    return str(query_published(home, sql, words)[0][0])


def _search(watched: Watched, words: str) -> Any:
    page = watched.visit("/claims")
    page.get_by_placeholder("Search claims").fill(words)
    page.get_by_placeholder("Search claims").press("Enter")
    watched.address("q=")
    return page


def test_find_the_llama_4_claim_and_cite_its_denial(travel: Open) -> None:
    watched = travel()
    page = _search(watched, 'llama 4 "test sets"')
    expect(page.locator(".rt-notice")).to_contain_text("demo", ignore_case=True)
    page.locator(".rt-claim a", has_text="test sets").first.click()
    watched.address("/claim?id=")
    expect(page.locator(".rt-why .rt-chip")).to_have_text("disputed")
    expect(page.locator(".rt-reason")).to_contain_text("a denial by the subject refutes nothing")
    page.get_by_role("button", name="denies", exact=True).click()
    watched.address("stance=denies")
    denial = page.locator(".rt-card", has_text="Ahmad Al-Dahle").first
    denial.wait_for()
    quote_text = denial.locator("blockquote strong").first.inner_text()
    assert "not true" in quote_text
    denial.locator("summary", has_text="Cite").click()
    cited = denial.locator(".rt-cite").inner_text()
    assert quote_text in cited
    assert "Ahmad Al-Dahle (first party, Meta)" in cited
    assert "http" in cited and "SHA-256" in cited


def test_see_what_was_known_on_a_date(travel: Open, demo: Desk) -> None:
    watched = travel()
    claim = claim_like(demo.home, "%Marigold 3 on private user chats%")
    page = watched.visit(f"/claim?id={claim}")
    expect(page.locator(".rt-why .rt-chip")).to_have_text("substantiated")
    page.locator(".rt-days").get_by_role("link").first.click()
    watched.address("asof=2026-03-02")
    expect(page.locator(".rt-asof")).to_contain_text("status")
    expect(page.locator(".rt-why .rt-chip")).not_to_have_text("substantiated")
    # The admission of 3 March was not known.
    expect(page.get_by_test_id("stMain")).not_to_contain_text("Tomas Brandvold")


def test_follow_a_rumour_to_its_origin(travel: Open, demo: Desk) -> None:
    watched = travel()
    page = watched.visit(f"/claim?id={claim_like(demo.home, '%acquire Larkfield%')}")
    tree = page.get_by_role("group", name="Provenance, from the origin outwards")
    origin = tree.locator(".rt-tree > li > .rt-node").first
    origin.scroll_into_view_if_needed()
    expect(origin.locator("a.rt-out")).to_have_attribute("href", re.compile("^http"))
    expect(tree.locator(".rt-node").nth(2)).to_be_attached()
    origin.locator("a.rt-in").click()
    watched.address("/sources?id=")
    expect(page.locator("h1")).to_have_count(1)


def test_follow_a_story_to_its_origin(travel: Open) -> None:
    watched = travel()
    page = watched.visit("/")
    rows = page.locator(".rt-stories tbody tr")
    expect(rows.first).to_be_visible()
    assert page.evaluate("document.querySelector('.rt-stories tbody tr').getBoundingClientRect().height") < 60
    page.get_by_placeholder("Search titles").fill("llama 4")
    page.get_by_placeholder("Search titles").press("Enter")
    watched.address("q=")
    page.get_by_role("radio", name="All time").click()
    watched.address("time=")
    expect(rows).to_have_count(1)
    expect(rows.locator(".rt-states")).to_have_attribute("title", re.compile("^1 disputed"))
    rows.get_by_role("link", name=re.compile("Meta trained Llama 4")).first.click()
    watched.address("/story?id=")
    expect(page.locator("h1")).to_contain_text("Meta trained Llama 4")
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(1)
    page.get_by_text("The chart as a table").click()
    expect(page.locator(".rt-as-table table").first).to_contain_text("Meta trained Llama 4")
    origin = page.get_by_role("group", name="Provenance, from the origin outwards").locator(".rt-node").first
    origin.scroll_into_view_if_needed()
    expect(origin).to_contain_text("a post on a Chinese social media site")
    expect(page.locator(".rt-origin")).to_contain_text("Said first, of all we have stored")
    denial = page.locator(".rt-moves > li", has_text="Ahmad Al-Dahle (first party, Meta)")
    expect(denial.locator("blockquote")).to_contain_text("simply not true")
    with page.expect_download() as download:
        page.get_by_role("button", name="The spread (CSV)").click()
    assert download.value.suggested_filename.endswith("-spread.csv")
    page.locator("a[href^='claim?id=']").first.click()
    watched.address("/claim?id=")
    page.locator(".rt-in-story a").click()
    watched.address("/story?id=")
    # An address of Today from before the stories came first still leads there.
    watched.visit("/?since=Week")
    watched.address("/today?since=Week")
    expect(page.locator("#stories .rt-news-story").first).to_be_visible()


def test_compare_rival_numbers(travel: Open) -> None:
    watched = travel()
    page = watched.visit("/models?model=Basalt%204")
    heading = page.get_by_role("heading", name="120b (substantiated)")
    heading.wait_for()
    expect(heading).to_contain_text("70b (contradicted)")
    page.locator(".rt-side", has_text="70b").get_by_role("link").first.click()
    watched.address("/claim?id=")
    expect(page.locator("h1")).to_contain_text("Basalt 4 has 70 billion parameters")
    expect(page.locator(".rt-why .rt-chip")).to_have_text("contradicted")


def test_read_the_slip_chart(travel: Open) -> None:
    """From the dates that were promised for a model to their data, and to the claim of the first of them."""
    watched = travel()
    page = watched.visit("/models?model=Driftwood%205")
    page.get_by_role("heading", name="Promised and moved").wait_for()
    chart = page.locator(".rt-slip")
    expect(chart.locator("tbody tr")).to_have_count(3)
    picture = chart.locator(".rt-slip-picture:visible img")
    expect(picture).to_have_attribute("alt", re.compile(r"Driftwood 5.*The same stands below as a table\.$"))
    assert picture.evaluate("one => one.complete && one.naturalWidth") > 0
    handout = page.locator(".st-key-handout-slip-driftwood-5")
    with page.expect_download() as download:
        handout.get_by_role("button", name="Data (CSV)").click()
    assert len(Path(download.value.path()).read_text("utf-8").splitlines()) == 4
    with page.expect_download() as download:
        handout.get_by_role("button", name="Picture (SVG)").click()
    assert "Driftwood 5" in Path(download.value.path()).read_text("utf-8")
    chart.locator(".rt-slip-picture:visible .rt-spot").first.click()
    watched.address("/claim?id=")
    expect(page.locator("h1")).to_contain_text("Driftwood 5")


def test_merge_two_claims_and_undo(travel: Open, demo: Desk) -> None:
    watched = travel()
    target = claim_like(demo.home, "%Millrace 2 scored 48%")
    survivor = claim_like(demo.home, "%Basalt 4 scored 61%")
    page = sign_in(watched, f"claim?id={target}")
    with merging(page, "A trial.") as combobox:
        combobox.fill(f"{watched.base}/claim?id={survivor}")
        combobox.press("Enter")
    taken_back(watched)
    entries = Journal(demo.home.journal).read()
    assert [entry.kind for entry in entries[-2:]] == ["merge", "undo"]
    assert (entries[-2].target, entries[-2].value, entries[-2].editor) == (target, survivor, "ada")


def test_save_a_filters_address_and_open_it_fresh(travel: Open) -> None:
    watched = travel()
    page = watched.visit("/claims")
    page.get_by_role("button", name="contradicted", exact=True).click()
    watched.address("status=contradicted")
    expect(page.locator(".rt-claim")).to_have_count(3)
    listed_claims = page.locator(".rt-claim-text").all_inner_texts()
    other_page = travel()
    other_page.visit(page.url.removeprefix(watched.base))
    expect(other_page.page.locator(".rt-claim-text")).to_have_text(listed_claims)


def test_export_a_dossier(travel: Open, demo: Desk, tmp_path: Path) -> None:
    watched = travel()
    page = watched.visit(f"/claim?id={claim_like(demo.home, '%Scout on test sets%')}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Dossier (HTML)").click()
    file = tmp_path / "dossier.html"
    download.value.save_as(file)
    text = file.read_text("utf-8")
    assert "Ahmad Al-Dahle" in text
    assert "<script" not in text
    assert "src=\"http" not in text


def test_ask_in_sql(travel: Open) -> None:
    watched = travel()
    sql = "SELECT status, count(*) AS claims FROM claims GROUP BY status ORDER BY claims DESC, status"
    page = watched.visit(f"/ask?sql={quote(sql)}")
    assert page.locator(".rt-answer, table.rt-table").count() == 0, "a link asks nothing by itself"
    page.get_by_role("button", name="Run").click()
    expect(page.locator("table").first).to_contain_text("substantiated")


def test_sign_in_as_editor(travel: Open) -> None:
    watched = travel()
    page = watched.visit("/about")
    page.get_by_role("link", name="Sign in as editor").click()
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".rt-foot")).to_contain_text("Signed in as ada")
    watched.ready()
    page.get_by_role("link", name="Review", exact=True).click()
    watched.address("/review")
    page.get_by_text("Where the machine is not sure").wait_for()
    watched.visit("/review?queue=stances").get_by_text("Which stance does this take?").wait_for()
    expect(page.locator(".rt-foot")).to_contain_text("Signed in as ada")


@pytest.mark.parametrize("travel", BOTH or ["dark"], indirect=True)
def test_read_on_a_phone(travel: Open) -> None:
    watched = travel(width=390)
    page = watched.visit("/")
    page.locator("a[href^='story?id=']").first.click()
    watched.address("/story?id=")
    page.locator("a[href^='claim?id=']").first.click()
    watched.address("/claim?id=")
    page.locator(".rt-why .rt-chip").wait_for()
    assert watched.overflow() <= 0
