"""What people do, and what hostile text tries, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.config import Home
from tests.dashboard.conftest import Canary, Watched, served
from tests.worlds.sample import RUNS, build, claim_id
from tests.worlds.stories import STORIES, hostile_texts

pytestmark = pytest.mark.browser

LYRA = claim_id(STORIES[0].claim)
Watch = Callable[..., Watched]


def _overflow(page: Any) -> int:
    script = "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth }"
    return int(page.evaluate(script))


def _settle(page: Any) -> None:
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


def test_find_a_claim_read_its_denial_and_come_back(watch: Watch, sample_dashboard: str) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit("/claims")
    page.evaluate("window.sameDocument = true")
    page.get_by_placeholder("Search claims").fill("lindqvist")
    page.get_by_placeholder("Search claims").press("Enter")
    watched.address("?q=lindqvist")
    page.wait_for_function("() => document.querySelectorAll('.rt-claim').length === 1")
    _settle(page)
    page.get_by_role("link", name=STORIES[0].claim).click()
    watched.address(f"/claim?id={LYRA}")
    page.wait_for_selector(".rt-why")
    watched.ready()
    assert page.title().startswith("Aurora Labs trained Aster 2")
    assert page.locator(".rt-why .rt-chip").inner_text() == "disputed"
    page.get_by_role("button", name="denies", exact=True).click()
    watched.address("stance=denies")
    denial = page.locator(".rt-card", has_text="simply not true").first
    denial.wait_for()
    assert "Mara Lindqvist" in denial.inner_text()
    assert "first party, Aurora Labs" in denial.inner_text()
    assert denial.locator("a.rt-out").get_attribute("href").startswith("https://meridianwire.example/")
    _settle(page)  # a run that is still at work may write its own address over the one gone back to
    page.go_back()
    watched.address("?q=lindqvist")
    page.wait_for_selector(".rt-claim")
    assert page.locator(".rt-claim").count() == 1
    assert page.evaluate("window.sameDocument") is True, "links loaded the whole page anew"
    watched.untouched()


def test_a_filters_address_opens_the_same_list_afresh(watch: Watch, sample_dashboard: str) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit("/claims")
    page.get_by_role("button", name="disputed", exact=True).click()
    watched.address("status=disputed")
    _settle(page)
    page.get_by_text("Single voice only").click()
    watched.address("single=")
    _settle(page)
    page.wait_for_function("() => document.querySelectorAll('.rt-claim').length < 3")
    listed = page.locator(".rt-claim-text").all_inner_texts()
    other = watch(sample_dashboard).visit(page.url.removeprefix(sample_dashboard))
    assert other.locator(".rt-claim-text").all_inner_texts() == listed
    other.get_by_role("button", name="Clear filters").click()
    other.wait_for_function(f"() => document.querySelectorAll('.rt-claim').length === {len(STORIES)}")
    assert other.url == f"{sample_dashboard}/claims"


def test_every_filter_opens_afresh_from_its_address(watch: Watch, sample_dashboard: str) -> None:
    path = "/claims?q=aster&status=disputed&model=Aster+2&source=Circuit+Courier&since=2026-03-01&sort=Most+denied"
    watched = watch(sample_dashboard)
    page = watched.visit(path)
    page.wait_for_selector(".rt-claim")
    told = page.locator(".rt-view").inner_text()
    assert told == "1 claim · “aster” · disputed · Aster 2 · in Circuit Courier · since 1 Mar 2026"
    chosen = page.locator('[data-testid="stSidebar"] input').evaluate_all("inputs => inputs.map(input => input.value)")
    assert "Most denied" in chosen
    page.get_by_role("link", name="Denied by the subject").click()
    watched.address("denied=true")
    page.wait_for_function("() => document.querySelector('.rt-view').innerText.startsWith('3 claims · denied by the subject')")
    assert "aster" not in page.url
    _settle(page)  # a run that is still at work may write its own address over the one gone back to
    page.go_back()
    page.wait_for_function("told => document.querySelector('.rt-view').innerText === told", arg=told)
    watched.untouched()


def test_the_address_is_the_view_and_can_be_copied(watch: Watch, sample_dashboard: str) -> None:
    watched = watch(sample_dashboard)
    watched.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=sample_dashboard)
    page = watched.visit("/claims?status=retracted")
    page.get_by_role("button", name="Copy link to this view").click()
    page.get_by_role("button", name="Link copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{sample_dashboard}/claims?status=retracted"
    page.get_by_role("button", name="Copy link to this view").wait_for()


def test_claims_can_be_read_by_keys_alone(watch: Watch, sample_dashboard: str) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit("/claims")
    claims = page.locator(".rt-claim-text a").all_inner_texts()
    on = "document.activeElement.innerText"
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate(on) == claims[1]
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(on) == claims[2]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert page.evaluate(on) == claims[0]
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="Keys").wait_for(state="hidden")
    page.keyboard.press("/")
    page.keyboard.type("lyra jk/?")
    assert page.evaluate("document.activeElement.value") == "lyra jk/?"
    assert page.get_by_role("dialog").count() == 0
    for _ in " jk/?":
        page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    watched.address("?q=lyra")
    page.wait_for_function("() => document.querySelectorAll('.rt-claim').length === 2")
    _settle(page)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    watched.address("/claim?id=")
    watched.ready()
    assert "Lyra" in page.locator("h1").inner_text()
    watched.untouched()


def test_the_numbers_of_a_record_lead_to_their_claims(watch: Watch, sample_dashboard: str) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit("/sources?who=Organisations")
    page.get_by_role("link", name="Northwind AI").click()
    page.get_by_role("heading", name="Northwind AI").wait_for()
    page = watched.visit("/sources?id=kestrel")
    assert page.locator(".rt-moves > li").count() == 5
    page.locator(".rt-stats > div", has_text="of these settled").get_by_role("link").click()
    watched.address("show=Counted")
    page.wait_for_function("() => document.querySelectorAll('.rt-moves > li').length == 2")
    watched.untouched()


def test_a_rivals_page_does_not_keep_the_last_claims_filter(watch: Watch, sample_dashboard: str) -> None:
    large = next(story.claim for story in STORIES if "400 billion" in story.claim)
    watched = watch(sample_dashboard)
    page = watched.visit(f"/claim?id={claim_id(large)}&stance=denies")
    page.get_by_role("link", name="Borealis 3 has 120 billion parameters").click()
    page.wait_for_function("() => document.querySelector('h1').innerText.includes('120 billion')")
    watched.ready()
    assert "stance" not in page.url
    assert page.locator(".rt-voice").count() == 2


def test_a_link_opens_in_a_tab_of_its_own_with_a_key_held(watch: Watch, sample_dashboard: str) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit("/claims")
    with page.context.expect_page() as opened:
        page.locator(".rt-claim a").first.click(modifiers=["ControlOrMeta"])
    opened.value.wait_for_selector(".rt-why")
    assert page.url == f"{sample_dashboard}/claims"


def test_a_new_night_is_shown_without_a_restart(watch: Watch, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    build(home, notice="the first night")
    fresh = build(Home(tmp_path / "fresh"), notice="the second night")
    with served(home) as base:
        watched = watch(base)
        assert watched.visit("/about").locator(".rt-notice").inner_text() == "the first night"
        fresh.replace(home.published)
        assert watched.visit("/about").locator(".rt-notice").inner_text() == "the second night"


def test_before_the_first_night(watch: Watch, tmp_path: Path) -> None:
    with served(Home(tmp_path)) as base:
        watched = watch(base)
        for path in ("/", "/claim?id=x", "/runs"):
            assert "Nothing is published yet" in watched.visit(path).locator(".rt-empty").inner_text()
        watched.untouched()


@pytest.mark.parametrize(
    "attempt",
    [
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = true'}))",
        "document.body.insertAdjacentHTML('beforeend', `<img src=x onerror='window.ran = true'>`)",
        "document.body.append(Object.assign(document.createElement('img'), {src: CANARY + '/img'}))",
        "document.body.append(Object.assign(document.createElement('iframe'), {src: CANARY + '/frame'}))",
        "fetch(CANARY + '/fetch', {mode: 'no-cors'}).catch(() => null)",
        "document.body.append(Object.assign(document.createElement('style'), {textContent: `@import '${CANARY}/css'`}))",
        "setTimeout('window.ran = true')",
    ],
)
def test_the_browser_itself_refuses_what_would_get_past_us(
    watch: Watch, sample_dashboard: str, canary: Canary, attempt: str
) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit("/about")
    watched.untouched()
    page.evaluate(f"CANARY => {{ {attempt} }}", canary.url)
    for _ in range(100):
        if watched.errors:
            break
        page.wait_for_timeout(50)
    assert watched.errors, "the browser did not say that it refused"
    assert page.evaluate("window.ran") is None
    assert canary.asked == []


def test_hostile_text_stays_text(watch: Watch, hostile_dashboard: str, canary: Canary) -> None:
    texts = hostile_texts(canary.url)
    watched = watch(hostile_dashboard)
    seen = ""
    claims = [f"/claim?id={claim_id(text)}" for text in texts]
    for path in ["/", "/?since=Week", "/claims", "/claims?p=2", "/runs", f"/runs?run={RUNS[2]}", "/sources", "/sources?who=People", "/sources?id=hostile0", "/about", *claims]:
        page = watched.visit(path)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        seen += page.locator('[data-testid="stMain"]').inner_text()
        assert _overflow(page) <= 0, path
        built = (
            "img, iframe, object, embed, video, audio, svg image, .katex, [onload], [onerror], [onmouseover]"
        )
        assert page.locator(f"[data-testid=stMain] .stHtml :is({built})").count() == 0, path
        for href in page.eval_on_selector_all("a", "links => links.map(a => a.getAttribute('href') || '')"):
            assert not href.lower().startswith(("javascript:", "data:", "vbscript:", "//")), href
        _hover_over_the_chart(page)
    page = watched.visit("/claims")
    page.locator('[data-testid="stMultiSelect"]').nth(1).click()
    page.get_by_role("option").first.wait_for()
    page.wait_for_timeout(1_000)
    for word in (
        "SCRIPT",
        "IMG",
        "SVG",
        "FRAME",
        "STYLE",
        "ANCHOR",
        "MARKDOWN",
        "AUTOLINK",
        "SCHEMES",
        "LATEX",
        "BIDI",
        "CONTROL",
        "CLOSER",
    ):
        assert f"VISIBLE-{word}" in seen, word
    for words in (
        "<script>",
        ":smile:",
        ":material/bomb:",
        "![tracker](",
        "U+202E",
        "2,000 invisible characters",
        "of 1,000,000 characters shown",
    ):
        assert words in seen, words
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
