"""A story's page: its claims on one axis, small and harmless."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from pipeline.core.config import Config, PublisherConfig
from pipeline.core.home import Home
from pipeline.core.vocabulary import Precision, Status
from pipeline.pages import links, style
from pipeline.pages.links import Links
from pipeline.pages.story import claims_csv, slip_file, story_page, story_part_page, story_svg
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
    hrefs = {attributes.get("href") for tag, attributes in page.tags if tag == "a"}
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
    many_slips = replace(DATES, promises=DATES.promises * 100)
    page = story_page(told, links.files(PUBLISHER.url), PUBLISHER, slips=[many_slips] * 9)
    assert len(page.encode()) < LARGEST
    assert "dates3.svg" in page and "dates4.svg" not in page and "6 more models" in page


def test_its_claims_are_told_with_where_they_stand(told: StoryFile) -> None:
    page = only_ours(story_page(told, links.served(PUBLISHER.url), PUBLISHER))
    text = " ".join(page.text.split())
    for claim in told.claims:
        assert claim.claim in text
        assert f"../c/{claim.claim_id}" in {fields.get("href") for tag, fields in page.tags if tag == "a"}
    for question in told.open_questions:
        assert str(question.would_change) in text
    assert "Rival values side by side" in text
    assert len(list(csv.reader(io.StringIO(claims_csv(told))))) == 1 + len(told.claims)


def test_what_would_settle_several_claims_is_told_once(told: StoryFile) -> None:
    claims = [replace(claim, status=Status.DISPUTED, would_change="A count.") for claim in told.claims]
    page = only_ours(story_page(replace(told, claims=claims), links.served(PUBLISHER.url), PUBLISHER))
    assert len(claims) > 1 and " ".join(page.text.split()).count("What would settle these: A count.") == 1


def test_what_its_axis_spans_is_told_no_finer_than_it_is_known(told: StoryFile) -> None:
    claims = [replace(claim, first_precision=Precision.MONTH) for claim in told.claims]
    first = min(claim.first_at for claim in claims if claim.first_at)
    page = story_page(replace(told, claims=claims), links.served(PUBLISHER.url), PUBLISHER)
    assert f"<figcaption>{first:%B %Y} to " in page


def test_each_claim_has_a_band(told: StoryFile) -> None:
    root = ET.fromstring(story_svg(told, PublisherConfig()))
    bands = [bar for bar in root.iter(f"{SVG}rect") if bar.get("height") == "14"]
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
    marks = [replace(told.marks[0], quote=f"{evil} {number}", speaker=evil, source=evil)
             for number in range(300)] if told.marks else []
    spread = [replace(told.spread[0], speaker=evil, source=evil, total=5_000)] * 500
    subject = replace(told.subject, title=evil, organisations=[evil], entities=[evil])
    large = replace(told, subject=subject, claims=claims, marks=marks, spread=spread, first=[])
    html = story_page(large, links.served(PUBLISHER.url), PUBLISHER)
    assert len(html.encode()) < LARGEST
    page = only_ours(html)
    assert "Shown are 24 of 400 claims" in page.text
    ET.fromstring(story_svg(large, PUBLISHER))
    for part in (2, 17):
        html = story_part_page(large, part, links.served(PUBLISHER.url), PUBLISHER)
        assert len(html.encode()) < LARGEST and only_ours(html)


def many(told: StoryFile, number: int) -> StoryFile:
    """Return a story of `number` claims with their bands; later claims have more mentions."""
    claims = [
        replace(told.claims[0], claim_id=f"c{n:016x}", claim=f"Aurel has {n} models.", status=Status.EXPIRED,
                mentions=n)
        for n in range(number)
    ]  # fmt: skip
    claims[0] = replace(claims[0], status=Status.DISPUTED)
    moves = [replace(told.moves[0], claim_id=claim.claim_id) for claim in claims]
    return replace(told, claims=claims, moves=moves)


@pytest.mark.parametrize("where", [links.files(PUBLISHER.url), links.served(PUBLISHER.url)])
def test_every_claim_of_a_large_story_is_drawn_on_one_of_its_pages(told: StoryFile, where: Links) -> None:
    large, day = many(told, 60), None if where.suffix else date(2026, 3, 9)
    first = story_page(large, where, PUBLISHER, day=day)
    pages = [first, *(story_part_page(large, part, where, PUBLISHER, day=day) for part in (2, 3))]
    asked = f"?as_of={day}" if day else ""
    ways = ["../s/sborealis", *(f"../s/sborealis.claims{part}" for part in (2, 3))]
    leads = [f"{part_path}{where.suffix}{asked}" for part_path in ways]
    seen: list[str] = []
    for number, part_html in enumerate(pages):
        page = only_ours(part_html)
        told_of = " ".join(page.text.split())
        hrefs = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
        claims_shown = 24 if number < 2 else 12
        assert f"Shown are {claims_shown} of 60 claims" in told_of and len(part_html.encode()) < LARGEST
        assert all(lead in hrefs for lead in leads if lead != leads[number])
        assert "All 60 claims, in 3 parts: part 1 · part 2 · part 3" in told_of
        bands = part_html.partition('<div class="narrow">')[0].count('height="14"')
        assert bands == claims_shown
        seen += [one.claim_id for one in large.claims if f"../c/{one.claim_id}{where.suffix}{asked}" in hrefs
                 and one.claim in told_of and one.claim_id not in seen]  # fmt: skip
    assert sorted(seen) == [claim.claim_id for claim in large.claims]
    assert large.claims[0].claim in first, "what is contested comes first"
    assert large.claims[59].claim in first and large.claims[1].claim not in first
    assert "24 of 60 claims" in story_svg(large, PUBLISHER)


def test_a_small_story_has_one_page(told: StoryFile) -> None:
    assert told.parts == 1 and "Shown are" not in story_page(told, links.files(PUBLISHER.url), PUBLISHER)
    assert many(told, 24).parts == 1 and many(told, 25).parts == 2


def test_a_story_of_very_many_claims_leads_to_those_around_and_to_the_last(told: StoryFile) -> None:
    page = story_part_page(many(told, 2_400), 50, links.files(PUBLISHER.url), PUBLISHER)
    parts = re.findall(r"sborealis\.claims(\d+)\.html", page)
    assert {"49", "51", "100"} <= set(parts) and len(set(parts)) < 20 and len(page.encode()) < LARGEST
