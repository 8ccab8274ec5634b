"""The page of a story: its chart and the same as a table, origin and spread, what is open, addresses."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import ValidationError
from pyarrow import ipc

from dashboard.components.charts import claims as chart
from dashboard.components.charts.spec import Chart
from dashboard.data import queries
from dashboard.views.story import downloads, sections, timeline
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.published import stories
from pipeline.published.stories import read_story
from tests.dashboard.altered import altered
from tests.dashboard.components.charts.schema import checked
from tests.dashboard.pages import assert_harmless, html_of, opened
from tests.worlds.sample import TAKEN_OVER, claim_id
from tests.worlds.stories import STORIES

pytestmark = pytest.mark.slow  # a page for each test

LARGE, SMALL = (claim_id(f"Borealis 3 has {size} billion parameters") for size in (400, 120))


def test_it_tells_the_state_the_origin_and_the_rivals_of_a_story(sample_home: Home) -> None:
    app = opened(sample_home, "story", id="sborealis")
    html = html_of(app)
    assert "<h1>" in html and "How large Borealis 3 is" in html
    assert "Of 2 claims, 1 contradicted and 1 substantiated" in html
    assert 'title="1 contradicted, 1 substantiated"' in html
    assert "Said first, of all we have stored" in html
    assert "Rival claims, side by side" in html and "400b parameters" in html and "120b parameters" in html
    assert "Nothing is open" in html
    assert f"<code>{TAKEN_OVER}</code>" in html and "split off from it" in html
    assert len(app.get("vega_lite_chart") or app.get("arrow_vega_lite_chart")) == 1


def test_the_axis_has_parts_that_the_address_holds_and_says_how_many_claims_are_shown(
    sample_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "ON_AXIS", 5)
    home = altered(sample_home, tmp_path / "h", "UPDATE claims SET story_id = 'saster'")
    drawn_claims: list[str] = []
    for part, shown_count in (("1", "5"), ("2", "5"), ("3", "3")):
        app = opened(home, "story", id="saster", part=part)
        html = html_of(app)
        assert f"Shown are {shown_count} of 13 claims" in html and "the table has all" in html
        [plot] = app.get("vega_lite_chart") or app.get("arrow_vega_lite_chart")
        rows = str([ipc.open_stream(sent.data.data).read_all().to_pydict() for sent in plot.proto.datasets])
        drawn_claims += [story.claim for story in STORIES if repr(story.claim) in rows]
    assert sorted(drawn_claims) == sorted(story.claim for story in STORIES)
    assert "Shown are 5 of 13 claims" in html_of(opened(home, "story", id="saster", part="9"))
    assert "Shown are" not in html_of(opened(sample_home, "story", id="saster"))


def test_what_is_open_says_what_would_settle_it(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "story", id="saster"))
    open_section = html.partition("Still open, and what would settle it")[2].partition("rt-section")[0]
    assert open_section.index(">disputed<") < open_section.index(">corroborated<"), "the contested come first"
    assert open_section.count("What would change it:</span>") == 2
    assert "Denials and primary documents" in html


def test_open_claims_that_wait_for_the_same_stand_together_and_many_are_folded(
    sample_home: Home, tmp_path: Path
) -> None:
    home = altered(
        sample_home, tmp_path / "h", "UPDATE claims SET story_id = 'saster'",
        "UPDATE status_history SET status = 'unverified', would_change = 'A second voice.'",
    )
    html = html_of(opened(home, "story", id="saster"))
    open_section = html.partition("Still open, and what would settle it")[2].partition("rt-section")[0]
    assert open_section.count("What would change these:") == 1
    assert f"and {len(STORIES) - sections.OPEN} more</summary>" in open_section
    assert open_section.count("claim?id=") == len(STORIES)


def test_the_chart_stands_below_as_a_table(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "story", id="sborealis"))
    table = html.partition("The chart as a table")[2].partition("</details>")[0]
    for claim in (LARGE, SMALL):
        assert f"claim?id={claim}" in table
    assert table.count("<th scope=") == 5
    assert "unverified" in table and "contradicted" in table and "9 Mar 2026" in table


def test_marks_have_shapes_of_their_own_and_words(sample_home: Home) -> None:
    story = read_story(sample_home, Config(), "saster")
    story_marks = timeline.marks(story, {claim.claim_id for claim in story.claims})
    assert {mark.what for mark in story_marks} >= {"origin", "denial"}
    assert len({str(shape) for shape in chart.FALLEN.values()}) == len(chart.FALLEN)
    assert set(chart.FALLEN) == {"origin", "denial", "artefact"} == set(chart.ASIDE)


def test_vega_lite_allows_the_chart(sample_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    make_chart = chart.chart
    drawn_charts: list[Chart] = []

    def keep(*asked: Any, **more: Any) -> Chart:
        drawn_charts.append(make_chart(*asked, **more))
        return drawn_charts[-1]

    monkeypatch.setattr(chart, "chart", keep)
    html_of(opened(sample_home, "story", id="sborealis"))
    html_of(opened(sample_home, "models", model="Borealis 3"))
    layers = [layer for drawn_chart in drawn_charts for layer in checked(drawn_chart)["layer"]]
    assert {layer["mark"]["type"] for layer in layers} == {"rule", "text", "rect", "point"}
    with pytest.raises(ValidationError):
        checked(replace(drawn_charts[0], padding={"left": "wide", "top": 0, "bottom": 0}))


def test_the_chart_ends_where_the_story_does(sample_home: Home) -> None:
    story = read_story(sample_home, Config(), "sborealis")
    times = [move.at for move in story.moves]
    last_move = max(times)
    long_after = last_move + timedelta(days=300)
    end = timeline.ends(story.claims, times, long_after)
    assert last_move < end < last_move + timedelta(days=5)
    assert timeline.ends(story.claims, times, last_move) == last_move


def test_an_earlier_day_shows_what_was_known_then(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "story", id="sborealis", asof="2026-03-09"))
    assert "As known on 9 Mar 2026" in html and "Of 2 claims, 2 unverified" in html
    assert "contradicted" not in html.partition("As known on")[2].partition("Download")[0]
    now = html_of(opened(sample_home, "story", id="sborealis", asof="2031-01-01"))
    assert "As known on" not in now
    before = html_of(opened(sample_home, "story", id="sborealis", asof="2019-01-01"))
    assert "Nothing was known of this story on that day" in before


def test_an_address_that_was_taken_over_or_is_unknown(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "story", id=TAKEN_OVER))
    assert "How large Borealis 3 is" in html and "became part of this one" in html
    assert "There is no such story" in html_of(opened(sample_home, "story", id="nope"))
    assert "Which story?" in html_of(opened(sample_home, "story"))


def test_the_page_of_a_claim_leads_to_its_story(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "claim", id=LARGE))
    assert 'In the story</span> <a class="rt-in" href="story?id=sborealis">' in html
    assert "with 1 other claim" in html
    assert "In the story" not in html_of(opened(sample_home, "claim", id=claim_id(STORIES[0].claim)))


def test_the_data_of_the_charts_leaves_as_csv(sample_home: Home, hostile_home: Home) -> None:
    story = read_story(sample_home, Config(), "sborealis")
    tables = {kind: list(csv.DictReader(io.StringIO(getattr(downloads, kind)(story).decode())))
              for kind in ("statuses", "marks", "spread", "days")}
    assert [row["status"] for row in tables["statuses"] if row["claim_id"] == LARGE] == [
        "unverified", "contradicted"]
    assert sum(int(row["documents"]) for row in tables["days"]) >= len(tables["days"])
    assert len(tables["spread"]) == len(story.spread)
    assert all(re.match(r"\d{4}-\d\d-\d\d", row["seen_at"]) for row in tables["spread"])
    hostile = read_story(hostile_home, Config(), "shostile0")
    for kind in tables:
        for row in csv.reader(io.StringIO(getattr(downloads, kind)(hostile).decode("utf-8", "replace"))):
            assert not any(cell.startswith(("=", "+", "@", "\t")) for cell in row)


@pytest.mark.parametrize("day", [None, date(2026, 3, 9)])
def test_the_chart_has_its_picture_its_data_and_a_line_to_cite(sample_home: Home, day: date | None) -> None:
    app = opened(sample_home, "story", id="sborealis", **({"asof": str(day)} if day else {}))
    assert "How large Borealis 3 is”, chart by Rumortrail, data published" in html_of(app)
    labels = [button.proto.label for button in app.get("download_button")]
    assert "Picture (SVG)" in labels and "Data (CSV)" in labels
    svg = downloads.picture(queries.current(sample_home, Config()), "sborealis", day).decode()
    root = ElementTree.fromstring(svg)
    assert root.tag.endswith("svg") and "Borealis 3 has 400 billion parameters" in svg


def test_a_story_whose_claims_all_left_says_so(sample_home: Home, tmp_path: Path) -> None:
    home = altered(sample_home, tmp_path / "h", "UPDATE claims SET story_id = NULL")
    assert "Nothing was known of this story" in html_of(opened(home, "story", id="saster"))


@pytest.mark.parametrize("number", range(0, 12, 3))
def test_hostile_text_comes_out_escaped(hostile_home: Home, number: int) -> None:
    story_id = f"shostile{number}"
    assert_harmless(html_of(opened(hostile_home, "story", id=story_id)), story_id)


def test_an_address_from_anybody_is_shown_as_text(sample_home: Home) -> None:
    hostile_id = "<script>alert(1)</script>"
    assert_harmless(html_of(opened(sample_home, "story", id=hostile_id)), hostile_id)
