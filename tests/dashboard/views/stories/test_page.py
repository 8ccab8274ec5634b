"""The front page: dense rows of stories, filters held by the address, empty states and the file."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from dashboard.views.stories import table
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.published.stories import list_stories
from tests.dashboard.altered import altered
from tests.dashboard.pages import assert_harmless, html_of, opened
from tests.worlds.sample import TOLD, claim_id
from tests.worlds.stories import STORIES

pytestmark = pytest.mark.slow  # a page for each test

ALL = {"time": "All time"}


def _rows(html: str) -> list[str]:
    return re.findall(r"<tr>\s*<th scope=\"row\".*?</tr>", html, re.DOTALL)


def test_a_row_tells_a_story_without_opening_it(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "stories", **ALL))
    assert "<b>2 stories</b> of all time." in html
    borealis, aster = _rows(html)
    assert 'href="story?id=sborealis"' in borealis and "How large Borealis 3 is" in borealis
    assert 'title="1 contradicted, 1 substantiated"' in borealis
    assert "9 Mar 2026" in borealis and "The published weights count" in borealis
    assert borealis.index(">unverified</span>") < borealis.index('aria-label="then"')
    assert '<span class="rt-wide-hidden">First said: </span>' in borealis, "told where no head is shown"
    assert "4 Mar 2026" in borealis, "when it was first said"
    assert aster.index("disputed") < aster.index("corroborated"), "the contested come first"
    assert 'role="img" aria-label="' in aster and "in this time, most" in aster
    assert html.index("How large") < html.index("What Aster 2"), "what moved last comes first"


def test_the_filters_that_are_on_are_told_in_words(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "stories", **ALL, q="<b>zzz"))
    assert "<b>0 stories</b>" in html and '“<bdi class="rt-text">&lt;b&gt;zzz</bdi>”' in html
    assert "&lt;bdi" not in html


def test_bars_are_in_proportion_on_one_scale_for_all(sample_home: Home, tmp_path: Path) -> None:
    third_id = claim_id(STORIES[0].claim)
    home = altered(sample_home, tmp_path / "h",
                   f"UPDATE claims SET story_id = 'saster' WHERE claim_id = '{third_id}'",
                   "UPDATE stories SET claims = 3 WHERE story_id = 'saster'")
    html = html_of(opened(home, "stories", **ALL))
    widths = re.findall(r'rt-shares" aria-hidden="true" style="width: ([0-9.]+)%', html)
    assert sorted(map(float, widths)) == [66.7, 100.0]
    heights = [float(height) for height in re.findall(r'<i style="height: ([0-9.]+)%', html)]
    assert max(heights) == 100.0
    tallest = int(re.search(r"tallest bar of documents counts (\d+)", html)[1])  # type: ignore[index]
    assert all(abs(height * tallest / 100 - round(height * tallest / 100)) < 0.01 for height in heights)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ({}, ["sborealis"]),
        ({"time": "Month"}, ["sborealis", "saster"]),
        ({**ALL, "status": ["disputed"]}, ["saster"]),
        ({**ALL, "org": ["Northwind AI"]}, ["sborealis"]),
        ({**ALL, "model": ["Aster 2"]}, ["saster"]),
        ({**ALL, "q": "billion"}, ["sborealis"]),
        ({**ALL, "sort": "Most disputed claims"}, ["saster", "sborealis"]),
        ({"time": "Dates", "from": "2026-03-09", "until": "2026-03-09"}, ["sborealis"]),
        ({**ALL, "p": "99"}, ["sborealis", "saster"]),
    ],
)
def test_the_address_chooses(
    sample_home: Home, address: dict[str, str | list[str]], found: list[str]
) -> None:
    html = html_of(opened(sample_home, "stories", **address))
    shown_ids = re.findall(r'<th scope="row"[^>]*><a class="rt-in" href="story\?id=(\w+)"', html)
    assert shown_ids == found


@pytest.mark.parametrize(
    ("statements", "address", "words"),
    [
        ((), {**ALL, "q": "nothing has this"}, "No story passes all filters"),
        ((), {"time": "Dates", "from": "2030-01-01"}, "No story in this time"),
        (("DELETE FROM stories",), ALL, "No stories yet"),
        (("DELETE FROM stories",), {}, "No stories yet"),
        (("DELETE FROM stories", "DELETE FROM claims"), ALL, "No claims yet"),
    ],
)
def test_where_there_is_nothing_it_says_why(sample_home: Home, tmp_path: Path, statements: tuple[str, ...],
                                            address: dict[str, str | list[str]], words: str) -> None:
    home = altered(sample_home, tmp_path / "h", *statements)
    assert words in html_of(opened(home, "stories", **address))


def test_the_list_leaves_as_a_file_in_which_no_cell_runs(sample_home: Home, hostile_home: Home) -> None:
    lines = list_stories(sample_home, Config())
    first, second = csv.DictReader(io.StringIO(table.as_csv(lines).decode()))
    assert (first["story_id"], first["contradicted"], first["disputed"]) == ("sborealis", "1", "0")
    assert first["status_before"] == "unverified" and first["moved_at"].startswith("2026-03-09")
    assert first["documents_by_day"].startswith("2026-03-04:")
    assert second["title"] == TOLD["saster"][0]
    lines = list_stories(hostile_home, Config(), limit=100)
    for row in csv.reader(io.StringIO(table.as_csv(lines).decode("utf-8", "replace"))):
        assert not any(cell.startswith(("=", "+", "@", "\t")) for cell in row)


def test_hostile_text_comes_out_escaped(hostile_home: Home) -> None:
    for address in (ALL, {**ALL, "p": "2"}, {**ALL, "q": "<script>alert(1)</script>"}):
        html = html_of(opened(hostile_home, "stories", **address))
        assert_harmless(html, address)
