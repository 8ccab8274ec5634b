"""The page Ask: what it runs and when, what it shows, and that no stranger's text does anything in it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.ask import chart, picture
from dashboard.views.ask import page as ask
from dashboard.views.ask import table as answers
from pipeline.core.home import Home
from pipeline.exports.tables import Format
from pipeline.published.sandbox import Answer
from pipeline.published.sql_reference import questions
from tests.dashboard.conftest import Watched
from tests.dashboard.pages import html_of, opened
from tests.shared import Canary

pytestmark = pytest.mark.slow  # whole pages

Watch = Callable[..., Watched]
STATUSES = "SELECT status, count(*) AS claims FROM claims GROUP BY ALL ORDER BY claims DESC, status"


def _answer(*, more: bool = False, **columns: Any) -> Answer:
    table = pa.table(columns)
    types = {"int64": "BIGINT", "double": "DOUBLE", "timestamp[us]": "TIMESTAMP"}
    return Answer(table, tuple(types.get(str(field.type), "VARCHAR") for field in table.schema), more, 0.1)


def _run(app: AppTest, sql: str) -> AppTest:
    app.text_area(key="sql").set_value(sql)
    return app.button[0].click().run()


def test_a_link_writes_the_question_and_does_not_ask_it(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "ask", sql="SELECT 'Aurel admits it' AS finding"))
    assert "has not been asked yet" in html
    assert "rt-answer" not in html


def test_run_asks_it(sample_home: Home) -> None:
    app = _run(opened(sample_home, "ask"), "SELECT 'yes' AS answer")
    html = html_of(app)
    assert "1 row" in html
    assert "<td>yes</td>" in html


def test_a_documented_question_is_asked_when_picked(sample_home: Home) -> None:
    app = opened(sample_home, "ask")
    assert len(app.selectbox(key="ask_question").options) == len(questions()) >= 36
    html = html_of(app.selectbox(key="ask_question").select_index(1).run())
    assert app.text_area(key="sql").value == questions()[1].sql
    assert "rt-answer" in html
    html = html_of(_run(app, "SELECT 1"))
    assert app.selectbox(key="ask_question").value is None, "it names a question that the SQL no longer asks"


def test_a_fault_is_told_with_its_place(sample_home: Home) -> None:
    html = html_of(_run(opened(sample_home, "ask"), "SELECT statsu FROM claims WHERE '<b>' = ''"))
    assert "does not fit" in html
    assert "Line 1" in html
    assert "<b>'" not in html


def test_every_view_and_column_is_listed_with_its_type(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "ask"))
    assert html.count("<details>") >= 28
    assert "<code>claim_id</code> <small>text</small>" in html
    assert "<code>first_said_at</code> <small>time, UTC</small>" in html


def test_the_table_shows_values_as_they_are() -> None:
    table, rows = answers.table(
        _answer(
            claim_id=["c1", None],
            n=[1234567, -5],
            x=[0.123456789, float("nan")],
            t=pa.array(["2026-01-05T16:00:00", None]).cast(pa.timestamp("us")),
            words=["<script>alert(1)</script>", "https://evil.example"],
            many=[["a", "<i>"], []],
        )
    )
    assert rows == 2
    assert '<a class="rt-in" href="claim?id=c1">' in table
    assert ">1234567<" in table
    assert ">0.123457<" in table
    assert ">2026-01-05 16:00:00<" in table
    assert "&lt;script&gt;" in table
    assert "<script>" not in table and "<i>" not in table
    assert 'href="https' not in table
    assert table.count("null") == 2


def test_a_table_ends_where_its_html_is_long_and_says_so() -> None:
    answer = _answer(**{f"c{index}": ["\x01" * 500] * 20 for index in range(15)})
    table, shown_rows = answers.table(answer)
    assert 0 < shown_rows < 20
    assert shown_rows == table.count("<tr>") - 1
    assert len(table) < 2_100_000
    assert f"First {shown_rows} of 20 rows" in ask._count(answer, shown_rows)


def test_one_row_of_many_columns_is_cut_too() -> None:
    answer = _answer(**{f"c{index}": ["\x01" * 500] for index in range(answers.COLUMNS + 200)})
    table, shown_rows = answers.table(answer)
    assert shown_rows == 1
    assert len(table) < 2_100_000
    assert "first 1,000 of 1,200 columns" in table


def test_a_long_list_is_cut_before_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    written_sizes: list[int] = []
    dumps = json.dumps

    def watch(value: Any, **how: Any) -> str:
        written_sizes.append(len(dumps(value)))
        return dumps(value, **how)

    monkeypatch.setattr(answers.json, "dumps", watch)
    table, _ = answers.table(_answer(a=[[1] * 100_000], b=[[[["y" * 100_000]] * 5] * 50]))
    assert len(written_sizes) == 2
    assert max(written_sizes) < 300_000
    assert table.count("…</td>") == 2
    assert len(table) < 3_000
    table, _ = answers.table(_answer(a=[{"k": [1, None], "t": "x"}],
                                     m=pa.array([[("a", 1)]], pa.map_("string", "int64"))))
    assert "{&quot;k&quot;: [1, null], &quot;t&quot;: &quot;x&quot;}" in table
    assert "[[&quot;a&quot;, 1]]" in table


@pytest.mark.parametrize("times", [False, True])
def test_no_foreign_name_is_a_title_that_a_tooltip_acts_on(times: bool) -> None:
    keys = pa.array(["2026-01-05", "2026-02-05"])
    keys_shown = keys.cast(pa.date32()) if times else keys
    for names in (("image", "title"), ("title", "image")):
        _, picture = chart.chart(_answer(**{names[0]: keys_shown, names[1]: [1, 2]}), 0, 1, dark=False)
        titles = [field["title"] for layer in picture.to_dict()["layer"]
                  for field in layer["encoding"]["tooltip"]]
        assert titles
        assert not {"image", "title"} & set(titles)


def test_how_many_rows_is_told() -> None:
    assert ask._count(_answer(a=[1]), 1) == "1 row"
    assert ask._count(_answer(a=list(range(4213))), 1000).startswith("First 1,000 of 4,213 rows")
    assert "more than 4,213 rows" in ask._count(_answer(a=list(range(4213)), more=True), 1000)
    assert ask._held(_answer(a=list(range(4213)), more=True), 1000) == "the first 4,213"


def test_downloads_are_safe_and_whole() -> None:
    answer = _answer(**{"=name": ["=HYPERLINK(1)", "plain"], "n": [-1, 2]})
    rows = list(csv.reader(io.StringIO(ask._file(answer, Format.CSV).decode())))
    assert rows == [["'=name", "n"], ["'=HYPERLINK(1)", "-1"], ["plain", "2"]]
    lines = [json.loads(line) for line in ask._file(answer, Format.JSONL).decode().splitlines()]
    assert lines == [{"=name": "=HYPERLINK(1)", "n": -1}, {"=name": "plain", "n": 2}]
    assert pa.parquet.read_table(io.BytesIO(ask._file(answer, Format.PARQUET))).num_rows == 2


def test_a_chart_is_offered_where_there_is_one() -> None:
    times = pa.array(["2026-01-05", "2026-02-05"]).cast(pa.date32())
    assert chart.axes(_answer(name=["a", "b"], n=[1, 2])) == chart.Axes((0,), (1,))
    assert chart.axes(_answer(name=["a", "b"], t=times, n=[1, 2])) == chart.Axes((1, 0), (2,))
    assert chart.axes(_answer(name=["a", "b"])) == chart.Axes((), ())
    assert chart.axes(_answer(name=["a"], n=[1])) == chart.Axes((), ())


def test_a_chart_says_what_it_shows(sample_home: Home) -> None:
    title, picture = chart.chart(_answer(name=["a", "b"], n=[1, 2]), 0, 1, dark=False)
    assert title == "Highest n: b, 2"
    spec = picture.to_dict()
    assert [row["name"] for row in next(iter(spec["datasets"].values()))] == ["b", "a"]
    assert spec["config"]["view"]["stroke"] is None, "no frame"
    assert spec["config"]["font"]


@pytest.mark.parametrize("times", [False, True])
@pytest.mark.parametrize("numbers", [[1, 4], [0, 0], [-3, 2], [-3, -1], [None, 1]])
def test_the_picture_of_a_chart_stands_alone_and_is_in_proportion(times: bool, numbers: list[Any]) -> None:
    days = pa.array(["2026-01-05", "2026-02-05"]).cast(pa.date32())
    answer = _answer(along=days if times else ["a", "<b>&"], n=numbers)
    svg = picture.picture(answer, 0, 1, "chart by <Rumortrail>")
    root = ElementTree.fromstring(svg)
    bars = [float(bar.attrib["width"]) for bar in root.iter("{http://www.w3.org/2000/svg}rect")][1:]
    assert "Highest n" in svg.decode() and "chart by &lt;Rumortrail&gt;" in svg.decode()
    if numbers == [1, 4] and not times:
        assert bars[0] == pytest.approx(4 * bars[1])


def test_a_strangers_text_is_no_part_of_a_charts_program() -> None:
    hostile = "'); alert(1); ('"
    _, picture = chart.chart(_answer(**{hostile: [hostile, hostile], "n": [1, 2]}), 0, 1, dark=True)
    spec = picture.to_dict()
    rows = spec.pop("datasets")
    assert hostile in json.dumps(next(iter(rows.values()))[0]["name"])
    spec_text = json.dumps(spec).replace(json.dumps(f"{hostile}:"), "")
    assert hostile not in spec_text, "only as a title or as data"
    assert "labelExpr" not in json.dumps(spec)


@pytest.mark.browser
def test_ask_look_at_the_chart_and_send_it_on(watch: Watch, sample_dashboard: str) -> None:
    watched = watch(sample_dashboard)
    page = watched.visit("/ask")
    page.locator("textarea").fill(STATUSES)
    page.locator("textarea").press("Control+Enter")
    page.wait_for_selector(".rt-answer")
    watched.address("?sql=SELECT")
    page.get_by_text("Chart", exact=True).click()
    page.wait_for_selector('[data-testid="stVegaLiteChart"] :is(canvas, svg)')
    watched.address("ask_as=Chart")
    with page.expect_download() as picture_download:
        page.get_by_role("button", name="Picture (SVG)").click()
    assert picture_download.value.suggested_filename == "answer-chart.svg"
    with page.expect_download() as csv_download:
        page.get_by_role("button", name="CSV").click()
    assert csv_download.value.suggested_filename == "answer.csv"
    other_page = watch(sample_dashboard).visit(page.url.removeprefix(sample_dashboard))
    assert other_page.locator("textarea").input_value() == STATUSES
    assert other_page.locator(".rt-answer, [data-testid=stVegaLiteChart]").count() == 0
    other_page.get_by_role("button", name="Run").click()
    other_page.wait_for_selector('[data-testid="stVegaLiteChart"] :is(canvas, svg)')
    watched.untouched()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_hostile_answers_stay_text(
    watch: Watch, hostile_dashboard: str, canary: Canary, width: int
) -> None:
    watched = watch(hostile_dashboard, width=width)
    hostile_sql = ("SELECT e.quote, e.speaker, e.source, e.url, d.title, d.author, 1 AS n "
                   "FROM evidence AS e JOIN documents AS d USING (document_id)")
    page = watched.visit(f"/ask?sql={quote(hostile_sql)}")
    page.get_by_role("button", name="Run").click()
    page.wait_for_selector(".rt-answer")
    watched.ready()
    answer_text = page.locator(".rt-answer").inner_text()
    assert "VISIBLE-SCRIPT" in answer_text and "<script>" in answer_text and "![tracker](" in answer_text
    active_elements = "img, iframe, script, style, svg, a, object, [onload], [onerror], [onmouseover]"
    assert page.locator(f".rt-answer :is({active_elements})").count() == 0
    page.get_by_text("Chart", exact=True).click()
    page.wait_for_selector('[data-testid="stVegaLiteChart"] :is(canvas, svg)')
    watched.ready()
    overflow = page.evaluate(
        "() => { const m = document.querySelector('[data-testid=stMain]'); "
        "return m.scrollWidth - m.clientWidth }"
    )
    assert overflow <= 0
    assert canary.asked == []
    watched.untouched()
