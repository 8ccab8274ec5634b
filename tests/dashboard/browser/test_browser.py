"""What people do, and what hostile text tries, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from pipeline.core.home import Home
from tests.dashboard.altered import altered
from tests.dashboard.conftest import Desk, Watched
from tests.shared import Canary
from tests.worlds.sample import RUNS, claim_id
from tests.worlds.stories import STORIES, hostile_texts

pytestmark = pytest.mark.browser

LYRA = claim_id(STORIES[0].claim)
Watch = Callable[..., Watched]


def test_find_a_claim_read_its_denial_and_come_back(watch: Watch, sample_dashboard: str) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit("/claims")
    page.evaluate("window.sameDocument = true")
    page.get_by_placeholder("Search claims").fill("lindqvist")
    page.get_by_placeholder("Search claims").press("Enter")
    watched.address("?q=lindqvist")
    expect(page.locator(".rt-claim")).to_have_count(1)
    page.get_by_role("link", name=STORIES[0].claim).click()
    watched.address(f"/claim?id={LYRA}")
    expect(page.locator(".rt-why .rt-chip")).to_have_text("disputed")
    expect(page).to_have_title(re.compile("^Aurora Labs trained Aster 2"))
    page.get_by_role("button", name="denies", exact=True).click()
    watched.address("stance=denies")
    denial = page.locator(".rt-card", has_text="simply not true").first
    expect(denial).to_contain_text("Mara Lindqvist")
    expect(denial).to_contain_text("first party, Aurora Labs")
    expect(denial.locator("a.rt-out")).to_have_attribute("href", re.compile("^https://meridianwire.example/"))
    watched.ready()  # a script run that has not ended may overwrite the address that was gone back to
    page.go_back()
    watched.address("?q=lindqvist")
    expect(page.locator(".rt-claim")).to_have_count(1)
    assert page.evaluate("window.sameDocument") is True, "links loaded the whole page anew"
    watched.untouched()


def test_a_filters_address_opens_the_same_list_afresh(watch: Watch, sample_dashboard: str) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit("/claims")
    page.get_by_role("button", name="disputed", exact=True).click()
    watched.address("status=disputed")
    page.get_by_text("Single voice only").click()
    watched.address("single=")
    page.wait_for_function("() => document.querySelectorAll('.rt-claim').length < 3")
    listed_claims = page.locator(".rt-claim-text").all_inner_texts()
    other_page = watch(sample_dashboard).visit(page.url.removeprefix(sample_dashboard))
    expect(other_page.locator(".rt-claim-text")).to_have_text(listed_claims)
    other_page.get_by_role("button", name="Clear filters").click()
    expect(other_page.locator(".rt-claim")).to_have_count(len(STORIES))
    expect(other_page).to_have_url(f"{sample_dashboard}/claims")


def test_every_filter_opens_afresh_from_its_address(watch: Watch, sample_dashboard: str) -> None:
    path = "/claims?q=aster&status=disputed&model=Aster+2&source=Circuit+Courier&since=2026-03-01"
    watched = watch(sample_dashboard)
    page = watched.visit(f"{path}&sort=Most+denied")
    view = "1 claim · “aster” · disputed · Aster 2 · in Circuit Courier · since 1 Mar 2026"
    expect(page.locator(".rt-view")).to_have_text(view)
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-testid=stSidebar] input')]"
        ".some(input => input.value == 'Most denied')"
    )
    page.get_by_role("link", name="Denied by the subject").click()
    watched.address("denied=true")
    expect(page.locator(".rt-view")).to_have_text(re.compile("^3 claims · denied by the subject"))
    expect(page).not_to_have_url(re.compile("aster"))
    watched.ready()  # a script run that has not ended may overwrite the address that was gone back to
    page.go_back()
    expect(page.locator(".rt-view")).to_have_text(view)
    watched.untouched()


def test_the_address_is_the_view_can_be_copied_and_stays_while_a_link_opens_in_a_tab(
    watch: Watch, sample_dashboard: str
) -> None:
    watched = watch(sample_dashboard)
    watched.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=sample_dashboard)
    page = watched.visit("/claims?status=retracted")
    page.get_by_role("button", name="Copy link to this view").click()
    page.get_by_role("button", name="Link copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{sample_dashboard}/claims?status=retracted"
    page.get_by_role("button", name="Copy link to this view").wait_for()
    with page.context.expect_page() as new_page:
        page.locator(".rt-claim a").first.click(modifiers=["ControlOrMeta"])
    new_page.value.wait_for_selector(".rt-why")
    assert page.url == f"{sample_dashboard}/claims?status=retracted"


def test_claims_can_be_read_by_keys_alone(watch: Watch, sample_dashboard: str) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit("/claims")
    expect(page.locator(".rt-claim")).to_have_count(len(STORIES))
    links = page.locator(".rt-claim-text a")
    for key, position in (("j", 0), ("j", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("k", 0), ("k", 0)):
        page.keyboard.press(key)
        expect(links.nth(position)).to_be_focused()
        expect(links.nth(position)).to_have_css("outline-style", "solid")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="Keys").wait_for(state="hidden")
    page.keyboard.press("/")
    search = page.get_by_placeholder("Search claims")
    expect(search).to_be_focused()
    page.keyboard.type("lyra jk/?")
    expect(search).to_have_value("lyra jk/?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    for _ in " jk/?":
        page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    watched.address("?q=lyra")
    expect(page.locator(".rt-claim")).to_have_count(2)
    watched.ready()
    page.keyboard.press("Escape")
    expect(search).not_to_be_focused()
    page.keyboard.press("j")
    expect(links.first).to_be_focused()
    page.keyboard.press("Enter")
    watched.address("/claim?id=")
    expect(page.locator("h1")).to_contain_text("Lyra")
    watched.untouched()


def test_the_numbers_of_a_record_lead_to_their_claims(watch: Watch, sample_dashboard: str) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit("/sources?who=Organisations")
    page.get_by_role("link", name="Northwind AI").click()
    page.get_by_role("heading", name="Northwind AI").wait_for()
    page = watched.visit("/sources?id=kestrel")
    expect(page.locator(".rt-moves > li")).to_have_count(5)
    page.locator(".rt-stats > div", has_text="of these settled").get_by_role("link").click()
    watched.address("show=Counted")
    expect(page.locator(".rt-moves > li")).to_have_count(2)
    watched.untouched()


def test_a_rivals_page_does_not_keep_the_last_claims_filter(watch: Watch, sample_dashboard: str) -> None:
    large_claim = next(story.claim for story in STORIES if "400 billion" in story.claim)
    watched = watch(sample_dashboard)
    page = watched.visit(f"/claim?id={claim_id(large_claim)}&stance=denies")
    page.get_by_role("link", name="Borealis 3 has 120 billion parameters").click()
    expect(page.locator("h1")).to_contain_text("120 billion")
    expect(page).not_to_have_url(re.compile("stance"))
    expect(page.locator(".rt-voice")).to_have_count(2)


def test_a_new_night_is_shown_without_a_restart(
    watch: Watch, sample_home: Home, desk: Desk, tmp_path: Path
) -> None:
    notice = "UPDATE meta SET value = '{} night' WHERE key = 'notice'"
    first, second = (
        altered(sample_home, tmp_path / name, notice.format(f"the {name}")) for name in ("first", "second")
    )
    with desk.publishing(first, second) as publish:
        watched = watch(desk.base)
        expect(watched.visit("/about").locator(".rt-notice")).to_have_text("the first night")
        publish()
        expect(watched.visit("/about").locator(".rt-notice")).to_have_text("the second night")


# Scripts that got past our escaping, and the directive of the policy by which the browser refuses each.
ATTEMPTS = {
    "put('script', {textContent: 'window.ran = true'})": "script-src",
    "document.body.insertAdjacentHTML('beforeend', `<img src=x onerror='window.ran = true'>`)": "script-src",
    "put('img', {src: CANARY + '/img'})": "img-src",
    "put('iframe', {src: CANARY + '/frame'})": "frame-src",
    "fetch(CANARY + '/fetch', {mode: 'no-cors'}).catch(() => null)": "connect-src",
    "put('style', {textContent: `@import '${CANARY}/css'`})": "style-src",
    "setTimeout('window.ran = true')": "eval",
}


def test_the_browser_itself_refuses_what_would_get_past_us(
    watch: Watch, sample_dashboard: str, canary: Canary
) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit("/about")
    watched.untouched()
    put_script = "(tag, fields) => document.body.append(Object.assign(document.createElement(tag), fields))"
    for attempt_script, part in ATTEMPTS.items():
        watched.errors.clear()
        page.evaluate(f"CANARY => {{ const put = {put_script}; {attempt_script} }}", canary.url)
        refused = partial(_told, watched.errors, part)
        watched.until(refused, f"{attempt_script} was not refused")
        assert page.evaluate("window.ran") is None, attempt_script
    assert canary.asked == []


def _told(errors: list[str], part: str) -> bool:
    return any(part in error for error in errors)


def test_hostile_text_stays_text(watch: Watch, hostile_dashboard: str, canary: Canary) -> None:
    texts = hostile_texts(canary.url)
    watched = watch(hostile_dashboard)
    page_texts = ""
    claims = [f"/claim?id={claim_id(text)}" for text in texts]
    loaded = ["/", "/claims", "/sources?id=hostile0", claims[0]]  # links lead to the others without a load
    for path in [
        "/", "/?since=Week", "/claims", "/claims?p=2", "/runs", f"/runs?run={RUNS[2]}", "/sources",
        "/sources?who=People", "/sources?id=hostile0", "/about", *claims,
    ]:
        page = watched.visit(path) if path in loaded else watched.follow(path)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page_texts += page.locator('[data-testid="stMain"]').inner_text()
        assert watched.overflow() <= 0, path
        active_elements = (
            "img, iframe, object, embed, video, audio, svg image, .katex, [onload], [onerror], [onmouseover]"
        )
        assert page.locator(f"[data-testid=stMain] .stHtml :is({active_elements})").count() == 0, path
        for href in page.eval_on_selector_all("a", "links => links.map(a => a.getAttribute('href') || '')"):
            assert not href.lower().startswith(("javascript:", "data:", "vbscript:", "//")), href
        _hover_over_the_chart(page)
    page = watched.visit("/claims")
    page.locator('[data-testid="stMultiSelect"]').nth(1).click()
    page.get_by_role("option").first.wait_for()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    for word in (
        "SCRIPT", "IMG", "SVG", "FRAME", "STYLE", "ANCHOR", "MARKDOWN", "AUTOLINK", "SCHEMES", "LATEX",
        "BIDI",
        "CONTROL", "CLOSER",
    ):  # fmt: skip
        assert f"VISIBLE-{word}" in page_texts, word
    for phrase in (
        "<script>", ":smile:", ":material/bomb:", "![tracker](", "U+202E", "2,000 invisible characters",
        "of 1,000,000 characters shown",
    ):  # fmt: skip
        assert phrase in page_texts, phrase
    assert canary.asked == []
    watched.untouched()


def _hover_over_the_chart(page: Any) -> None:
    charts = page.locator('[data-testid="stVegaLiteChart"]').count()
    chart = page.locator('[data-testid="stVegaLiteChart"] :is(svg.marks, canvas.marks)')
    if charts:
        chart.first.wait_for()
        box = chart.first.bounding_box()
        for share in (0.15, 0.5, 0.9):
            page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
