"""The nights and what each did: the page Runs, without a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.records import Run
from pipeline.core.vocabulary import Outcome
from pipeline.run.stages import STAGES
from pipeline.stages.publish.stage import publish
from pipeline.store.queries import Statements
from tests.dashboard.altered import altered
from tests.dashboard.pages import html_of, opened
from tests.worlds.laid import EmptyStore
from tests.worlds.sample import NIGHTS, RUNS

pytestmark = pytest.mark.slow  # a page for each test


YEARS = (
    "INSERT INTO runs SELECT 'old' || n, 'nightly', TIMESTAMP '2026-03-08 03:00' - to_days(n::INT), "
    "TIMESTAMP '2026-03-08 03:12' - to_days(n::INT), "
    "CASE n WHEN 3 THEN 'failed' WHEN 4 THEN 'interrupted' ELSE 'ok' END, NULL, n, 0, 0, 0 "
    "FROM range(800) AS r(n)",
    "UPDATE runs SET finished_at = NULL WHERE outcome = 'interrupted'",
    "INSERT INTO runs SELECT 'look' || n, 'revisit', TIMESTAMP '2026-03-08 09:00' + to_hours(n::INT), "
    "TIMESTAMP '2026-03-08 09:01' + to_hours(n::INT), "
    "CASE n WHEN 7 THEN 'failed' ELSE 'ok' END, NULL, 0, 0, 0, 0 FROM range(40) AS r(n)",
)


def _rows(html: str) -> list[str]:
    body = html.partition('<div class="rt-runs">')[2].partition("</table>")[0].partition("<tbody>")[2]
    return re.findall(r"<tr>(.*?)</tr>", body)


def test_the_chart_says_how_many_nights_ended_well_and_how_long_the_last_took(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "runs"))
    assert "<h2>2 of 3 nights ended well; the last took 11 min</h2>" in html
    bars = html.partition('class="rt-night-bars"')[2].partition("</div>")[0]
    assert re.findall(r'<span class="rt-is-(\w+)"', bars) == ["ok", "ok", "partial"]
    assert bars.count("<i></i>") == 1, "a night that did not end well has a shape, not only a colour"
    assert "1 partial" in bars.partition(">")[0]


def test_each_night_is_a_row_with_its_counts(sample_home: Home) -> None:
    rows = _rows(html_of(opened(sample_home, "runs")))
    assert len(rows) == 3
    assert f'href="runs?run={RUNS[2]}"' in rows[0]
    assert "11 Mar 2026, 03:00 UTC" in rows[0]
    assert 'data-label="Moved" class="rt-r">2<' in rows[0]
    assert 'data-label="Issues" class="rt-r">6<' in rows[0]
    assert "2 of 12" in rows[0]
    assert 'data-label="Not read" class="rt-r rt-zero">0<' in rows[1]


def test_years_of_nights_are_paged_and_revisits_are_told_apart(sample_home: Home, tmp_path: Path) -> None:
    home = altered(sample_home, tmp_path / "h", *YEARS)
    html = html_of(opened(home, "runs"))
    assert len(_rows(html)) == 25
    assert "look" not in "".join(_rows(html))
    assert "57 of 60 nights ended well" in html
    assert "40 revisits ran between them: 1 of them did not end well." in html
    last_rows = _rows(html_of(opened(home, "runs", p="33")))
    assert len(last_rows) == 3
    assert "run=old799" in last_rows[-1]
    look_rows = _rows(html_of(opened(home, "runs", which="Revisits", p="2")))
    assert len(look_rows) == 15
    assert all("run=look" in row for row in look_rows)
    all_rows = _rows(html_of(opened(home, "runs", which="All")))
    assert any("run=look" in row for row in all_rows)
    assert any(RUNS[2] in row for row in all_rows)
    assert len(_rows(html_of(opened(home, "runs", p="99")))) == 25


def test_a_night_that_was_cut_off_has_no_end(sample_home: Home, tmp_path: Path) -> None:
    rows = _rows(html_of(opened(altered(sample_home, tmp_path / "h", *YEARS), "runs")))
    cut_row = next(row for row in rows if "run=old4" in row)
    assert "no end known" in cut_row
    assert "interrupted" in cut_row


def test_a_night_names_what_moved_and_every_source_that_failed(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "runs", run=RUNS[2]))
    assert "<h1>Run of 11 Mar 2026, 03:00 UTC</h1>" in html and "the run before" in html
    assert "2 claims changed status, 1 is new." in html
    assert "2 could not be read, or only in part and 1 is switched off" in html
    for text in (
        "Circuit Courier",
        "r/modelgossip",
        "answered 503 three times",
        "no credentials",
        "impossible date",
        "edited, version 2",
        "All 12 crawls",
    ):
        assert text in html


def test_the_stages_say_what_came_in_and_what_became_of_it(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "runs", run=RUNS[2]))
    stages = html.partition("<h2>Stages</h2>")[2]
    ingest = re.findall(r"<td[^>]*>([^<]*(?:<bdi[^>]*>[^<]*</bdi>)?)</td>", stages.partition("</tr>")[2])[:6]
    assert [int(cell) for cell in ingest[1:5]] == [214, 198, 13, 3]
    assert "78 seconds in all" in stages
    assert "Skipped means read without a result" in stages


def test_a_run_tells_what_it_could_not_read_and_for_how_long(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "runs", run=RUNS[2]))
    silences = html.partition("<h2>Source outages</h2>")[2].partition("</table>")[0]
    assert "cannot be read" in silences
    assert "switched off" in silences
    html = html_of(opened(sample_home, "runs"))
    now = html.partition("<h2>What cannot be read now</h2>")[2].partition("</table>")[0]
    assert "Circuit Courier" in now
    assert "11 Mar 2026, 03:00 UTC" in now


def test_sources_that_are_ailing_are_named_with_why_and_how_long(home: Home) -> None:
    store = EmptyStore()
    for run_id, night in zip(RUNS, NIGHTS, strict=True):
        store.append("runs", [Run(run_id, "nightly", night, night, Outcome.PARTIAL, None)])
        crawl = {"inbox_folder": run_id, "run_id": run_id, "feed": "courier", "started_at": night,
                 "finished_at": night, "outcome": "failed"}
        store.append("crawls", [crawl | {"documents": 0, "requests": 1, "message": "<b>answered</b> 503"}])
    publish(store, RunContext(run_id=RUNS[-1], now=NIGHTS[-1], home=home, config=Config()))
    store.close()
    html = html_of(opened(home, "runs"))
    ailing = html.partition("Ailing sources")[2]
    assert "3 nights in a row, never read" in ailing
    assert "&lt;b&gt;answered" in ailing
    assert "1 ailing source</summary>" in html_of(opened(home, "sources"))


def test_an_older_night_can_be_chosen_and_leads_to_those_beside_it(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "runs", run=RUNS[1]))
    assert "Run of 10 Mar 2026, 03:00 UTC" in html
    assert f'href="runs?run={RUNS[0]}">← the run before' in html
    assert f'href="runs?run={RUNS[2]}">the run after →' in html
    first = html_of(opened(sample_home, "runs", run=RUNS[0]))
    assert "All 12 sources were read" in first
    assert "the run before" not in first


@pytest.mark.parametrize("given", ["nope", "<script>", "'; DROP TABLE runs; --"])
def test_a_run_that_is_not_there_is_told(sample_home: Home, given: str) -> None:
    html = html_of(opened(sample_home, "runs", run=given))
    assert "There is no such run" in html
    assert "<script>" not in html


def test_before_any_run_it_says_what_to_do(home: Home) -> None:
    store = EmptyStore()
    publish(store, RunContext(run_id=RUNS[-1], now=NIGHTS[-1], home=home, config=Config()))
    store.close()
    assert "No run yet" in html_of(opened(home, "runs"))
    assert "Nothing moved" in html_of(opened(home, "today"))


def test_a_night_tells_of_what_revisits_found_before_it_and_a_revisit_only_of_its_own(
    sample_home: Home, tmp_path: Path
) -> None:
    looks = [
        f"INSERT INTO runs VALUES ('look{hour}', 'revisit', '2026-03-10 {hour}:00', '2026-03-10 {hour}:01', "
        "'ok', NULL, 0, 0, 0, 0)"
        for hour in (12, 18)
    ]
    gone = (
        "UPDATE documents SET gone_at = '2026-03-10 {}:00:30', title = 'found at {}' WHERE document_id = "
        "(SELECT document_id FROM documents ORDER BY document_id LIMIT 1 OFFSET {})"
    )
    home = altered(sample_home, tmp_path / "h", *looks, gone.format(12, 12, 0), gone.format(18, 18, 1))
    night, noon, before = (html_of(opened(home, "runs", run=run)) for run in (RUNS[2], "look12", RUNS[1]))
    assert "found at 12" in night
    assert "found at 18" in night
    assert "found at 12" in noon
    assert "found at 18" not in noon
    assert "Revisit of 10 Mar 2026, 12:00 UTC" in noon
    assert "found at 12" not in before


def test_stages_stand_in_the_order_in_which_they_run() -> None:
    assert re.findall(r"'(\w+)'", Statements("dashboard.data", "runs")["stages"]) == list(STAGES)
