"""The timeline chart and its colours."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from dashboard.components import html, layout
from dashboard.components.charts import lanes
from dashboard.components.charts import timeline as charts
from dashboard.components.charts.axis import ticks, time_axis
from dashboard.data import claim as rows
from dashboard.data import queries
from dashboard.views.claim.as_of import Known
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.vocabulary import HEARSAY, RUMOUR, Stance, Status
from pipeline.published.claim_rows import Claim, Happening, Move
from tests.dashboard.components.charts.schema import checked
from tests.worlds.sample import claim_id
from tests.worlds.stories import STORIES

pytestmark = pytest.mark.slow  # many drawings

CSS = (layout.THEME / "css" / "base.css").read_text("utf-8")
TOKENS = dict(re.findall(r"--rt-([\w-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", CSS))
COLOURS = {name: tuple(pair.split(", ")) for name, pair in TOKENS.items()}
AT = datetime(2026, 3, 1)  # noqa: DTZ001  # the published copy holds UTC without a zone


def _point(
    stance: str, voice: str, hours: float, *, said: bool = True, independent: bool = True
) -> rows.Point:
    said_at = AT + timedelta(hours=hours)
    return rows.Point(
        f"e{hours}", stance, said_at if said else None, "second", said_at, voice, "wire", independent,
        voice, voice, False
    )


@pytest.mark.parametrize(
    ("start", "days", "years"),
    [(AT, 2, 1), (AT, 60, 1), (datetime(2025, 12, 20), 30, 2)],  # noqa: DTZ001
)
def test_the_axis_tells_each_year_where_it_begins(start: datetime, days: int, years: int) -> None:
    axis = time_axis(start, start + timedelta(days=days), 0)["axis"]
    begins = re.search(r"indexof\(\[(.*?)\]", axis["labelExpr"])
    assert begins and len(begins[1].split(",")) == years
    assert "%Y" in axis["labelExpr"].split("'")[3]


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2, 1.4.3)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _mix(colour: str, share: float, ground: str) -> str:
    parts = zip(
        (int(colour[i : i + 2], 16) for i in (1, 3, 5)),
        (int(ground[i : i + 2], 16) for i in (1, 3, 5)),
        strict=True,
    )
    return "#" + "".join(f"{round(share * over + (1 - share) * under):02x}" for over, under in parts)


@pytest.mark.parametrize("tone", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "soft", *map(str, Stance), *map(str, Status)])
def test_text_meets_aa_on_every_ground(name: str, tone: int) -> None:
    colour = COLOURS[name][tone]
    grounds = [COLOURS[ground][tone] for ground in ("paper", "card", "sunk")]
    for ground in [*grounds, _mix(colour, 0.08, grounds[0])]:
        assert contrast(colour, ground) >= 4.5, f"{name} {colour} on {ground}"


@pytest.mark.parametrize("tone", [0, 1], ids=["light", "dark"])
def test_marked_words_meet_aa(tone: int) -> None:
    assert contrast(COLOURS["ink"][tone], COLOURS["marker"][tone]) >= 4.5


def test_the_canvas_has_the_colours_of_the_page() -> None:
    assert {name: COLOURS[name] for name in charts.COLOURS} == charts.COLOURS
    assert (COLOURS["ink"], COLOURS["soft"], COLOURS["line"]) == (charts.INK, charts.SOFT, charts.LINE)


def test_every_stance_has_a_lane_and_a_shape() -> None:
    assert list(charts.SHAPES) == list(html.STANCES) == [str(stance) for stance in Stance]
    assert len(set(charts.SHAPES.values())) == len(charts.SHAPES)


def test_every_status_and_stance_has_a_shape_of_its_own() -> None:
    for enumeration in (Status, Stance):
        shapes = [re.findall(rf"\.rt-is-{word} > i \{{([^}}]*)\}}", CSS) for word in enumeration]
        assert all(shapes)
        assert len({shape[0] for shape in shapes}) == len(shapes)


def test_the_theme_and_the_page_agree() -> None:
    theme = (layout.THEME / "theme.toml").read_text("utf-8")
    for tone, name in enumerate(("light", "dark")):
        section = theme.split(f"[theme.{name}]")[1]
        assert f'backgroundColor = "{COLOURS["paper"][tone]}"' in section
        assert f'textColor = "{COLOURS["ink"][tone]}"' in section


def test_nothing_of_the_theme_is_fetched_from_elsewhere() -> None:
    files = [file for file in layout.THEME.rglob("*") if file.is_file()]
    assert any(file.parent.name == "css" for file in files)
    for file in files:
        external = re.search(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", file.read_text("utf-8"))
        assert not external, file.name


@dataclass(frozen=True)
class _Read:
    claim: Claim
    moves: list[Move]
    points: list[rows.Point]


def _read(home: Home, number: int) -> _Read:
    known = Known(queries.current(home, Config()), claim_id(STORIES[number].claim))
    claim = queries.claim(known.copy, known.claim_id)
    assert claim is not None
    moves, points = known.read(Move, "moves"), known.read(rows.Point, "points", limit=100)
    return _Read(claim, moves, points)


@pytest.mark.parametrize(
    ("number", "title"),
    [
        (0, "Disputed since 7 Mar 2026: carried by 3 voices, denied by 1 and questioned by 2"),
        (7, "Unverified since 10 Mar 2026: carried by 1 voice"),
        (8, "Disputed: carried by 1 voice, denied by 1 and questioned by 1"),
    ],
)
def test_the_title_says_the_finding(sample_home: Home, number: int, title: str) -> None:
    case = _read(sample_home, number)
    assert charts.finding(case.claim, case.moves) == title


def test_rumour_is_no_voice(sample_home: Home) -> None:
    case = _read(sample_home, 11)
    unvoiced = replace(case.claim, voices=0, questioned_by=0)
    words = f"carried by {RUMOUR} only"
    assert charts.finding(unvoiced, case.moves) == f"Unverified since 24 Feb 2026: {words}"
    assert "carried by 1 voice and questioned by 1" in charts.finding(case.claim, case.moves)


@pytest.mark.parametrize("number", range(len(STORIES)))
def test_every_claim_has_a_chart(sample_home: Home, number: int) -> None:
    case = _read(sample_home, number)
    for by_voice in (False, True):
        dark = by_voice is bool(number % 2)  # changes the colours alone: all four combinations are drawn
        spec = checked(charts.timeline(
            case.claim, case.moves, case.points, until=case.claim.last_seen_at, by_voice=by_voice, dark=dark
        ))
        assert "href" not in json.dumps(spec)
        shown_rows = [row for data in spec["datasets"].values() for row in data if "Who" in row]
        assert len(shown_rows) == len(case.points)


def test_a_voice_is_large_once_and_a_repetition_small() -> None:
    points = [
        _point("supports", "a", 0),
        _point("supports", "a", 5),
        _point("reports", HEARSAY, 6, independent=False),
        _point("denies", "c", 7, said=False),
    ]
    frame = lanes.frame(points)
    assert list(frame["own"]) == [True, False, False, True]
    assert list(frame["dated"]) == [True, True, True, False]
    assert frame["Said"].iloc[3].startswith("unknown, seen ")


def test_marks_at_one_time_stand_side_by_side() -> None:
    frame = lanes.frame([_point("reports", str(n), 0) for n in range(4)] + [_point("reports", "z", 90)])
    places = lanes.places(frame.assign(lane="reports"), {"reports": 40.0})
    assert len(set(places[:4])) == 4
    assert places[4] == places[0]


@pytest.mark.parametrize("days", [0.1, 0.5, 1, 3, 9, 30, 100, 400, 3000])
def test_ticks_are_few_and_told_apart(days: float) -> None:
    start = AT + timedelta(hours=5, minutes=7)
    tick_times, form = ticks(start, start + timedelta(days=days))
    labels = [tick.strftime(form.replace("%-d", "%d")) for tick in tick_times]
    assert 1 <= len(tick_times) <= 9
    assert len(set(labels)) == len(labels)
    assert all(start <= tick <= start + timedelta(days=days) for tick in tick_times)


def test_a_voices_name_is_data_and_never_an_expression(sample_home: Home) -> None:
    name = "' + alert(1) + '"
    points = [_point("supports", name, 0), _point("denies", name, 1), _point("reports", HEARSAY, 2)]
    case = _read(sample_home, 0)
    spec = checked(charts.timeline(case.claim, case.moves, points, until=AT, by_voice=True, dark=False))
    datasets = spec.pop("datasets")
    assert "alert" not in json.dumps(spec)
    assert name in [row["name"] for data in datasets.values() for row in data if "name" in row]


def test_voices_beyond_the_most_heard_share_a_lane() -> None:
    points = [_point("supports", f"v{n}", n) for n in range(lanes.VOICES + 3)]
    points += [_point("reports", HEARSAY, 20), _point("supports", "v0", 21)]
    lane_names = lanes.voice_lanes(points)
    assert lane_names[0] == lane_names[-1] == "v0"
    assert lane_names[-2] == "nobody stands behind it"
    assert lane_names.count("other voices") == 3


def test_where_the_status_moved_a_numbered_rule_stands(sample_home: Home) -> None:
    case = _read(sample_home, 0)
    spec = checked(charts.timeline(case.claim, case.moves, case.points, until=case.claim.last_seen_at,
                                   dark=False))
    labels = [row["label"] for data in spec["datasets"].values() for row in data if "status" in row]
    assert labels == ["1 unverified", "2 disputed"]


def test_what_became_of_the_texts_has_a_lane_and_a_shape_each(sample_home: Home) -> None:
    case = _read(sample_home, 0)
    events = [Happening(case.claim.last_seen_at, event, "<b>x</b>", False, None) for event in charts.HAPPENED]
    due_claim = replace(case.claim, event_at=case.claim.last_seen_at)
    spec = checked(charts.timeline(due_claim, case.moves, case.points, events, until=case.claim.last_seen_at,
                                   dark=False))
    assert "date in the claim" in json.dumps(spec["datasets"])
    shown_rows = [row for data in spec["datasets"].values() for row in data if "What" in row]
    assert {row["event"] for row in shown_rows} == {"edited", "hedged", "corrected", "gone"}
    assert len(set(charts._HAPPENED_SHAPES.values())) == len(charts.HAPPENED)


def test_bars_count_what_has_no_mark_and_the_chart_reaches_to_their_end(sample_home: Home) -> None:
    case = _read(sample_home, 0)
    later = case.claim.last_seen_at + timedelta(days=90)
    heaps = [rows.Heap("supports", case.claim.last_seen_at, later, 19_000)]
    spec = checked(charts.timeline(case.claim, case.moves, case.points, heaps=heaps, until=later, dark=False))
    assert "19,000 mentions" in json.dumps(spec["datasets"])
    domains = [layer["encoding"]["x"]["scale"]["domain"] for layer in spec["layer"]
               if "scale" in layer.get("encoding", {}).get("x", {})]
    ends = {(domain[1]["year"], domain[1]["month"]) for domain in domains}
    assert ends and min(ends) >= (later.year, later.month)
