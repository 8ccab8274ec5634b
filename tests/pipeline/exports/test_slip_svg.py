"""The slip chart: what is drawn where, that strangers' words stay words, and the data as CSV."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exports.slip_svg import COLUMNS, csv_of, picture, promised, spots
from pipeline.published.slips import Promise, Released, Slip
from tests.hostile.texts import TEXTS

SVG = "{http://www.w3.org/2000/svg}"
START = datetime(2026, 1, 1)  # noqa: DTZ001  # the published copy holds UTC without a zone
UNTIL = START + timedelta(days=150)


def promise(said: float, due: float, *, state: str = "open", days: float = 1, precision: str = "day",
            known: bool = True, speaker: str = "mira", quote: str = "It comes then") -> Promise:
    said_at, end = START + timedelta(days=said), START + timedelta(days=due)
    return Promise("Aster 5", "Aurel", "c1", "Aurel will release Aster 5", end, end - timedelta(days=days),
                   precision, said_at if known else None, said_at, "second", speaker, (speaker,), quote,
                   "https://x.example/1", "X", "e1", state)


def released(day: float, *, said: bool = True) -> Released:
    return Released("Aster 5", "Aurel", "api", START + timedelta(days=day), said, "https://aurel.example/5",
                    "Aster 5", "c1")


def drawn(slip: Slip, width: int = 720) -> ET.Element:
    return ET.fromstring(picture(slip, until=UNTIL, width=width))


def of_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [element for element in root.iter() if element.get("class") == name]


def test_each_promise_has_its_mark_and_the_line_steps_from_one_to_the_next() -> None:
    slip = Slip("Aster 5", "Aurel", (
        promise(0, 31, state="missed", days=31, precision="month"), promise(40, 60, state="met"),
        promise(50, 90, known=False)), released(58))
    root = drawn(slip)
    assert [len(of_class(root, f"slip-{name}")) for name in ("missed", "met", "open", "unknown", "out")] == [
        1, 1, 1, 1, 1]
    [step] = of_class(root, "slip-step")
    assert (step.get("d") or "").count("H") == (step.get("d") or "").count("V") == 2
    assert len(of_class(root, "slip-span")) == 1, "a month is a bar, a day is none"
    chart_words = " ".join(element.text or "" for element in root.iter(f"{SVG}text"))
    assert "+30 days" in chart_words
    assert "out in an API on 28 Feb 2026" in chart_words
    assert slip.finding == ("Aster 5: 3 dates named, the last 59 days later than the first; "
                            "out in an API on 28 Feb 2026")


def test_on_the_diagonal_the_promised_day_has_come() -> None:
    root = drawn(Slip("Aster 5", None, (promise(0, 31),), released(58, said=False)))
    [diagonal] = of_class(root, "slip-done")
    x1, y1, x2, y2 = (float(diagonal.get(name) or 0) for name in ("x1", "y1", "x2", "y2"))
    [unseen_mark] = of_class(root, "slip-out-seen")
    (left, top), _, (_, bottom), _ = (map(float, pair.split(",")) for pair in (unseen_mark.get("points") or ""
                                                                               ).split())
    x, y = left, (top + bottom) / 2
    assert y == pytest.approx(y1 + (y2 - y1) * (x - x1) / (x2 - x1), abs=0.2)


@given(TEXTS)
def test_what_a_stranger_wrote_stays_words(text: str) -> None:
    root = drawn(Slip("Aster 5", "Aurel", (promise(0, 31, speaker=text, quote=text),), None))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "polygon", "line", "text", "path", "g", "circle"}


def test_the_data_has_a_row_for_each_promise_and_no_formula_runs() -> None:
    slip = Slip("Aster 5", "Aurel", (promise(0, 31, quote="=1+1"), promise(40, 60)), None)
    rows = list(csv.reader(io.StringIO(csv_of([slip]))))
    assert rows[0] == list(COLUMNS)
    assert [row[0] for row in rows[1:]] == ["1", "2"]
    assert rows[1][COLUMNS.index("quote")] == "'=1+1"
    assert rows[1][COLUMNS.index("promised_until")] == "2026-02-01T00:00:00Z"


@pytest.mark.parametrize(("precision", "words"), [
    ("day", "31 Jan 2026"), ("month", "January 2026"), ("quarter", "Q1 2026"), ("year", "2026")])
def test_a_promised_time_is_told_as_exactly_as_it_was_named(precision: str, words: str) -> None:
    assert promised(promise(0, 31, precision=precision)) == words


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 4000), st.booleans()), min_size=1, max_size=12),
       st.sampled_from([300, 720]))
def test_any_promises_stay_within_the_picture(told: list[tuple[float, float, bool]], width: int) -> None:
    promises = tuple(promise(day, day + later, known=known) for day, later, known in told)
    slip = Slip("Aster 5", "Aurel", promises, None)
    drawn(slip, width)
    for left, top, _, _ in spots(slip, until=UNTIL, width=width):
        assert 0 <= left <= 1
        assert 0 <= top <= 1
