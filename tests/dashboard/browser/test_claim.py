"""What people do on a claim's page, in a real Chromium: go back to a day, follow a rumour, take it away."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Watched
from tests.shared import Canary
from tests.worlds.sample import claim_id
from tests.worlds.stories import STORIES, hostile_texts

pytestmark = pytest.mark.browser

LYRA = claim_id(STORIES[0].claim)
Watch = Callable[..., Watched]


def test_see_what_was_known_on_a_date_and_come_back(watch: Watch, sample_dashboard: str) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit(f"/claim?id={LYRA}")
    expect(page.locator(".rt-asof")).to_have_count(0)
    page.locator(".rt-days").get_by_role("link", name="9 Mar 2026").click()
    watched.address("asof=2026-03-09")
    expect(page.locator(".rt-asof")).to_contain_text("10 of 12 mentions were known, status disputed")
    watched.ready()
    page_text = page.locator('[data-testid="stMain"]').inner_text()
    for later_text in ("tinplate", "quietlogs", "deleted since", "Asked Aurora Labs"):
        assert later_text not in page_text, later_text
    # The slider moves on from that day, and the address follows it.
    slider = page.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", "2026-03-09")
    slider.focus()
    page.keyboard.press("ArrowRight")
    watched.address("asof=2026-03-10")
    expect(page.locator(".rt-asof")).to_contain_text("11 of 12")
    watched.ready()
    page.locator(".rt-asof").get_by_role("link", name="Back to now").click()
    expect(page.locator(".rt-asof")).to_have_count(0)
    expect(page.get_by_test_id("stMain")).to_contain_text("tinplate")
    expect(page).not_to_have_url(re.compile("asof"))
    watched.ready()
    page.go_back()
    watched.address("asof=2026-03-10")
    expect(page.locator(".rt-asof")).to_contain_text("11 of 12")
    watched.untouched()


def test_an_address_of_a_day_opens_afresh_in_whatever_zone(watch: Watch, sample_dashboard: str) -> None:
    page = watch(sample_dashboard, width=390, scheme="dark").visit(f"/claim?id={LYRA}&asof=2026-03-08")
    # A day before the first mark gets a mark of its own.
    expect(page.locator(".rt-asof")).to_contain_text("nothing was known")
    watched = watch(sample_dashboard, width=390, scheme="dark")
    page = watched.visit(f"/claim?id={LYRA}&asof=2026-03-10")
    expect(page.locator(".rt-asof")).to_contain_text("11 of 12 mentions were known")
    assert watched.overflow() <= 0


def test_read_what_became_of_the_texts_who_spoke_and_where_a_rumour_began(
    watch: Watch, sample_dashboard: str
) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit(f"/claim?id={LYRA}")
    chart = page.locator('[data-testid="stVegaLiteChart"] svg')
    gone_path = chart.locator('path[aria-label*="gone"]').get_attribute("d")
    edited = chart.locator('path[aria-label*="edited"]').get_attribute("d")
    # The shapes that the key names: a cross has two strokes, a square has no curve.
    assert gone_path.count("M") == 2, gone_path
    assert edited.count("M") == 1, edited
    assert "A" not in edited, "no circle"
    expect(page.locator(".rt-diff del")).to_have_text("has not answered.")
    expect(page.locator(".rt-diff ins")).to_have_text("denies.")
    _cite(page, page.locator(".rt-card", has_text="It is simply not true").first)
    page.get_by_role("radio", name="By voice").click()
    watched.address("lanes=By+voice")
    for voice in ("@kestrel_at_dusk", "Mara Lindqvist", "Ines Okafor"):
        chart.locator("text", has_text=voice).first.wait_for()
    _follow_to_its_origin(watched, 1440)


def _cite(page: Any, card: Any) -> None:
    card.locator("summary", has_text="Cite").click()
    cited = card.locator(".rt-cite")
    expect(cited).to_contain_text("Mara Lindqvist (first party, Aurora Labs)")
    cited.click()
    assert "SHA-256" in page.evaluate("getSelection().toString()"), "one click marks all of it"
    card.locator("summary", has_text="Archived page").click()
    expect(card).to_contain_text("no page was archived")


def test_follow_a_rumour_to_its_origin_on_a_phone(watch: Watch, sample_dashboard: str) -> None:
    watched = watch(sample_dashboard, width=390)
    watched.visit(f"/claim?id={LYRA}")
    _follow_to_its_origin(watched, 390)


def _follow_to_its_origin(watched: Watched, width: int) -> None:
    page = watched.page
    tree = page.get_by_role("group", name="Provenance, from the origin outwards")
    origin = tree.locator(".rt-tree > li > .rt-node").first
    expect(origin).to_contain_text("@kestrel_at_dusk")
    expect(origin).to_contain_text("deleted since")
    expect(origin.locator("a.rt-out")).to_have_attribute("href", re.compile("^https://x.example/"))
    follower_node = tree.locator(".rt-node", has_text="r/modelgossip").first
    expect(follower_node).to_contain_text("links to it")
    first, second = origin.bounding_box(), follower_node.bounding_box()
    if width > 1000:
        assert second["x"] > first["x"] + first["width"], "outwards is to the right"
    else:
        assert second["y"] > first["y"] + first["height"], "outwards is downwards"
        assert second["x"] + second["width"] <= width
    assert watched.overflow() <= 0
    origin.locator("a.rt-in").click()
    watched.address("/sources?id=kestrel")
    watched.untouched()


def test_hostile_voices_and_an_earlier_day_stay_text(
    watch: Watch, hostile_dashboard: str, canary: Canary
) -> None:
    watched = watch(hostile_dashboard, width=390)
    watched.visit("/about")
    for text in hostile_texts(canary.url)[:8]:
        page = watched.follow(f"/claim?id={claim_id(text)}&lanes=By+voice")
        page.locator('[data-testid="stVegaLiteChart"] svg.marks').wait_for()
        assert page.locator('[data-testid="stVegaLiteChart"] :is(image, a, script)').count() == 0
        assert watched.overflow() <= 0
    page = watched.visit(f"/claim?id={LYRA}&asof=%3Cscript%3E&lanes=%3Cb%3E&stance=%3Cb%3E")
    expect(page.locator(".rt-asof")).to_have_count(0)
    assert canary.asked == []
    watched.untouched()


def test_take_the_dossier_and_the_evidence_away(watch: Watch, sample_dashboard: str, tmp_path: Path) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit(f"/claim?id={LYRA}&asof=2026-03-09")
    for label, name, text in (
        ("Dossier (HTML)", f"dossier-{LYRA}.html", STORIES[0].claim),
        ("Evidence (CSV)", f"evidence-{LYRA}-2026-03-09.csv", "evidence_id,mention_id"),
        ("Evidence (JSON)", f"evidence-{LYRA}-2026-03-09.json", "simply not true"),
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        assert download.value.suggested_filename == name
        download.value.save_as(tmp_path / name)
        assert text in (tmp_path / name).read_text("utf-8")
    watched.untouched()
