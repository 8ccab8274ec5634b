"""A story's page: its claims on one axis, small and harmless."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from pipeline.core.config import Config, Home, PublisherConfig
from pipeline.pages import links, style
from pipeline.pages.story import claims_csv, slip_file, story_page, story_svg
from pipeline.published.slips import Promise, Slip
from pipeline.published.stories import StoryFile, read_story
from tests.pipeline.pages.reading import only_ours
from tests.pipeline.pages.test_claim import LARGEST, PUBLISHER, same

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def told(sample_home: Home) -> StoryFile:
    return read_story(sample_home, Config(), "sborealis")


def test_it_is_the_golden_page(told: StoryFile) -> None:
    same("story.html", story_page(told, links.files(PUBLISHER.url), PUBLISHER))


DAYS = [datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None) + timedelta(days=day) for day in range(20)]
DATES = Slip("Borealis 3", "Aurel", tuple(
    Promise("Borealis 3", "Aurel", "c1", "Aurel will release Borealis 3", DAYS[8 + day],
            DAYS[7 + day], "day", DAYS[day], DAYS[day], "second",
            "Mara <b>Voss</b>", ("Mara Voss",), "next week" * 20, None, "Courier", f"e{day}", "open")
    for day in range(1, 5)), None)  # fmt: skip


def test_promised_dates_have_a_chart_with_data_and_picture(told: StoryFile) -> None:
    page = only_ours(story_page(told, links.files(PUBLISHER.url), PUBLISHER, slips=[DATES]))
    assert "How promised dates moved" in page.text and f"{DATES.finding}." in " ".join(page.text.split())
    hrefs = {a.get("href") for tag, a in page.tags if tag == "a"}
    assert {"../s/sborealis.dates1.svg", "../s/sborealis.dates.csv"} <= hrefs
    picture = slip_file("dates1.svg", told, [DATES]) or ""
    assert picture.startswith("<svg") and "<b>" not in picture
    digest = base64.b64encode(hashlib.sha256(picture.split("<style>")[1].split("</style>")[0].encode())
                              .digest()).decode()  # fmt: skip
    assert f"'sha256-{digest}'" in style.SLIP_POLICY
    assert len((slip_file("dates.csv", told, [DATES]) or "").splitlines()) == 5
    assert slip_file("dates2.svg", told, [DATES]) is None and slip_file("dates.csv", told, []) is None


@pytest.mark.slow
def test_many_promised_dates_keep_the_page_small(told: StoryFile) -> None:
    many = replace(DATES, promises=DATES.promises * 100)
    page = story_page(told, links.files(PUBLISHER.url), PUBLISHER, slips=[many] * 9)
    assert len(page.encode()) < LARGEST
    assert "dates3.svg" in page and "dates4.svg" not in page and "6 more models" in page


def test_its_claims_are_told_with_where_they_stand(told: StoryFile) -> None:
    page = only_ours(story_page(told, links.served(PUBLISHER.url), PUBLISHER))
    text = " ".join(page.text.split())
    for claim in told.claims:
        assert claim.claim in text
        assert f"../c/{claim.claim_id}" in {a.get("href") for t, a in page.tags if t == "a"}
    for question in told.open_questions:
        assert f"What would settle it: {question.would_change}" in text
    assert "Rival values side by side" in text
    assert len(list(csv.reader(io.StringIO(claims_csv(told))))) == 1 + len(told.claims)


def test_each_claim_has_a_band(told: StoryFile) -> None:
    root = ET.fromstring(story_svg(told, PublisherConfig()))
    bands = [e for e in root.iter(f"{SVG}rect") if e.get("height") == "14"]
    assert len(bands) == len(told.moves)
    for element in root.iter():
        assert set(element.keys()).isdisjoint({"href", "style", "onload"})


def test_as_of_a_day_its_links_keep_the_day(told: StoryFile) -> None:
    page = story_page(told, links.served(PUBLISHER.url), PUBLISHER, day=date(2026, 3, 9))
    assert f"../c/{told.claims[0].claim_id}?as_of=2026-03-09" in page
    assert '<meta name="robots" content="noindex">' in page


def test_a_large_story_of_hostile_words_stays_small_and_harmless(told: StoryFile) -> None:
    evil = "</title><script>alert(1)</script>\u202e" * 40
    claims = [replace(told.claims[n % len(told.claims)], claim_id=f"c{n:016x}", claim=evil, reason=evil)
              for n in range(400)]  # fmt: skip
    marks = [replace(told.marks[0], quote=evil, speaker=evil, source=evil)] * 300 if told.marks else []
    spread = [replace(told.spread[0], speaker=evil, source=evil, total=5_000)] * 500
    subject = replace(told.subject, title=evil, organisations=[evil], entities=[evil])
    large = replace(told, subject=subject, claims=claims, marks=marks, spread=spread, first=[])
    made = story_page(large, links.served(PUBLISHER.url), PUBLISHER)
    assert len(made.encode()) < LARGEST
    page = only_ours(made)
    assert "376 more claims less spoken of are not drawn" in page.text
    ET.fromstring(story_svg(large, PUBLISHER))
