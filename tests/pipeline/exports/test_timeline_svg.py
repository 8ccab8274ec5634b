"""The picture: what is large, what is hollow, and that nothing leaves it."""

from __future__ import annotations

from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.vocabulary import Stance, Status
from pipeline.exports.timeline_svg import Mark, marks, picture
from pipeline.published.claim import read_claim
from pipeline.published.claim_rows import Move
from tests.conftest import NOW
from tests.worlds.sample import claim_id
from tests.worlds.stories import STORIES

SVG = "{http://www.w3.org/2000/svg}"


def moved(at: datetime, status: Status) -> Move:
    return Move(at, status, "", True, None)


def drawn(
    found: list[Mark], moves: list[Move], width: int = 720, deadline: datetime | None = None
) -> ET.Element:
    until = max([NOW, *(mark.at for mark in found)])
    return ET.fromstring(picture(found, moves, until=until, deadline=deadline, width=width, words="A & B"))


def test_a_repetition_is_small_and_an_unknown_time_hollow(sample_home: Home) -> None:
    case = read_claim(sample_home, Config(), claim_id(STORIES[0].claim))
    story_marks = marks(case.statements)
    assert [mark.number for mark in story_marks] == list(range(1, len(story_marks) + 1))
    for mark, statement in zip(story_marks, case.statements, strict=True):
        assert not mark.large or statement.independent
        assert mark.hollow == (statement.said_at is None)
    assert sum(mark.large for mark in story_marks if mark.stance is Stance.DENIES) == 1
    shapes = drawn(story_marks, case.moves)
    assert len(shapes.findall(f"{SVG}polygon[@class='line-supports']")) == 1
    labels = [element.text for element in shapes.iter(f"{SVG}text")]
    assert {"supports", "denies", "questions", "reports", "unverified", "disputed"} <= set(labels)


@given(
    st.lists(
        st.tuples(st.integers(0, 60 * 24 * 900), st.sampled_from(list(Stance)), st.booleans(), st.booleans()),
        max_size=40,
    ),
    st.lists(st.tuples(st.integers(0, 60 * 24 * 900), st.sampled_from(list(Status))), max_size=6),
    st.sampled_from([350, 720]),
)
def test_everything_stands_inside_the_picture(
    said: list[tuple[int, Stance, bool, bool]], moves: list[tuple[int, Status]], width: int
) -> None:
    start = NOW - timedelta(days=900)
    found = [
        Mark(start + timedelta(minutes=minutes), stance, number, is_large, is_hollow)
        for number, (minutes, stance, is_large, is_hollow) in enumerate(said, 1)
    ]
    root = drawn(found, [moved(start + timedelta(minutes=m), s) for m, s in moves], width, NOW)
    height = int((root.get("viewBox") or "").split()[3])
    for element in root.iter():
        for name in ("x", "x1", "x2", "cx"):
            assert 0 <= float(element.get(name, "0")) <= width
        for name in ("y", "y1", "y2", "cy"):
            assert 0 <= float(element.get(name, "0")) <= height
        assert set(element.keys()).isdisjoint({"href", "style", "onload"})
    assert len(root.findall(f"{SVG}polygon")) + len(root.findall(f"{SVG}circle")) == len(found)
    ticks = [
        e for e in root.findall(f"{SVG}text") if "tick" in (e.get("class") or "") and e.text != "deadline"
    ]
    assert len(ticks) <= width // 60 + 2


Box = tuple[float, float, float, float]


def boxes(root: ET.Element) -> tuple[list[Box], list[Box]]:
    """Return where the marks stand, and the words beside them, as wide as a wide font draws them."""
    shapes: list[Box] = []
    for polygon in root.findall(f"{SVG}polygon"):
        corners = [tuple(map(float, corner.split(","))) for corner in polygon.get("points", "").split()]
        across, down = zip(*corners, strict=True)
        shapes.append((min(across), min(down), max(across), max(down)))
    for circle in root.findall(f"{SVG}circle"):
        x, y, r = (float(circle.get(name, "")) for name in ("cx", "cy", "r"))
        shapes.append((x - r, y - r, x + r, y + r))
    texts: list[Box] = []
    for text in root.findall(f"{SVG}text"):
        kind, _, anchor = (text.get("class") or "").partition(" ")
        if kind in ("number", "band", "label") or text.text == "deadline":
            size = {"number": 10.5, "band": 11.5, "label": 12}.get(kind, 11)
            wide = 0.64 * size * len(text.text or "")
            x, y = float(text.get("x", "")), float(text.get("y", ""))
            left = x - {"middle": wide / 2, "end": wide}.get(anchor, 0)
            texts.append((left, y - 0.75 * size, left + wide, y))
    return shapes, texts


def apart(one: Box, other: Box) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.sampled_from(list(Stance)), st.booleans()), min_size=1, max_size=60
    ),
    st.sampled_from([350, 800]),
    st.integers(1, 900),
)
def test_no_number_stands_over_a_mark_or_other_words(
    said: list[tuple[int, Stance, bool]], width: int, first: int
) -> None:
    start = NOW - timedelta(days=60)
    found = [Mark(start + timedelta(days=days), stance, number, is_large, False)
             for number, (days, stance, is_large) in enumerate(said, first)]
    shapes, texts = boxes(drawn(found, [moved(start, Status.DISPUTED)], width, NOW - timedelta(days=9)))
    for number, text in enumerate(texts):
        assert all(apart(text, shape) for shape in shapes)
        assert all(apart(text, other) for other in texts[:number])


@pytest.mark.parametrize("width", [350, 800])
def test_a_mark_among_repetitions_of_the_same_moment_has_its_number(width: int) -> None:
    found = [Mark(NOW, Stance.DENIES, number, number == 10, False) for number in (9, 10, 11)]
    later = Mark(NOW + timedelta(days=1), Stance.DENIES, 12, True, False)
    root = drawn([*found, later], [], width)
    assert [text.text for text in root.findall(f"{SVG}text") if "number" in (text.get("class") or "")] == [
        "10", "12"]


def test_the_axis_tells_each_year_where_it_begins() -> None:
    def shown(days: float) -> list[str]:
        root = drawn([Mark(NOW - timedelta(days=days), Stance.SUPPORTS, 1, True, False)], [])
        return [e.text or "" for e in root.findall(f"{SVG}text") if "tick" in (e.get("class") or "")]

    years = [label.split()[2:] for label in shown(400)]
    told = [year for (year,) in filter(None, years)]
    assert len(told) == len(set(told)) == 2 and years[0] == [told[0]]
    for days in (20, 1):
        first, *others = shown(days)
        assert f" {NOW.year}" in first and not any(f" {NOW.year}" in label for label in others)


@pytest.mark.parametrize("days", [0, 0.1, 1, 10, 100, 1000])
def test_the_axis_has_times_at_any_span(days: float) -> None:
    found = [
        Mark(NOW - timedelta(days=days), Stance.SUPPORTS, 1, True, False),
        Mark(NOW, Stance.DENIES, 2, True, False),
    ]
    root = drawn(found, [])
    assert [e.text for e in root.findall(f"{SVG}text") if "tick" in (e.get("class") or "")]
