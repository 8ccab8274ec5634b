"""The pages of models and organisations: their logic, without a browser."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from dashboard.components import entities, rivals
from dashboard.components.charts import claims as chart
from dashboard.data import queries
from dashboard.data.models import Pair, Rung, Side, Step, Subject, SubjectClaim
from dashboard.views.entities import entity
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.stages.publish.stage import publish
from tests.dashboard.components.charts.schema import checked
from tests.dashboard.pages import assert_harmless, html_of, opened
from tests.worlds.laid import EmptyStore
from tests.worlds.sample import NIGHTS, RUNS, claim_id
from tests.worlds.stories import STORIES, hostile_texts

pytestmark = pytest.mark.slow  # whole pages


def _at(*when: int) -> datetime:
    """Return a stored time: UTC without a zone."""
    return datetime(*when, tzinfo=UTC).replace(tzinfo=None)  # type: ignore[misc]  # ints, as many as it takes


NOW = _at(2026, 3, 11, 3)
SIZES = [story.claim for story in STORIES if "billion" in story.claim]


def test_the_index_has_models_and_organisations_but_no_benchmark_and_no_person(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "models"))
    names = ("Aster 2", "Aster 3", "Borealis 3", "Aurora Labs", "Northwind AI")
    assert html.count('class="rt-claim rt-subject"') == len(names)
    for name in names:
        assert f'<bdi class="rt-text">{name}</bdi></a></h2>' in html
    assert "Jonas Achterberg</bdi></a></h2>" not in html
    borealis = html.partition("models?model=Borealis%203")[2].partition("</article>")[0]
    assert "Reached: announced and open weights" in borealis
    assert "1 disputed" in borealis
    northwind = html.partition("models?org=Northwind%20AI")[2].partition("</article>")[0]
    for label in ("Next due", "Talked about most", "Newest"):
        assert f'rt-label">{label}</span>' in northwind
    lengths = re.findall(r'rt-shares" aria-hidden="true" style="width: ([\d.]+)%', html)
    shares = [float(length) for length in lengths]
    counts = [int(count) for count in re.findall(r'rt-num">(\d+) claims?</p>', html)]
    assert shares == [pytest.approx(100 * count / max(counts), abs=0.01) for count in counts]


def test_the_index_is_searched_filtered_and_ordered_by_the_address(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "models", what="Models", name="ASTER", by="Name"))
    positions = [html.index(f"models?model=Aster%20{n}") for n in (2, 3)]
    assert positions == sorted(positions)
    assert html.count('class="rt-claim rt-subject"') == 2
    app = opened(sample_home, "models", name="no such name")
    assert "No such name" in html_of(app)
    app.button[0].click().run()
    assert html_of(app).count('class="rt-claim rt-subject"') == 5


def test_a_models_page_has_its_rivals_side_by_side_with_statuses_and_voices(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "models", model="Borealis 3"))
    assert "Two figures in parameters: 120b (substantiated) and 400b (contradicted)" in html
    small_side, large_side = html.partition("rt-sides")[2].split("</article>")[:2]
    assert "120b parameters" in small_side
    assert "rt-chip rt-is-substantiated" in small_side
    assert "carried by" in small_side
    assert f"claim?id={claim_id(SIZES[1])}" in small_side
    assert "rt-chip rt-is-contradicted" in large_side
    assert f"claim?id={claim_id(SIZES[0])}" in large_side
    assert "; open weights on 10 Mar 2026" in html
    assert "by <a" in html


def test_the_time_axis_of_a_model_leaves_as_a_picture(sample_home: Home) -> None:
    app = opened(sample_home, "models", model="Borealis 3")
    assert html_of(app)
    assert "Picture (SVG)" in [button.proto.label for button in app.get("download_button")]
    copy = queries.current(sample_home, Config())
    claim = SubjectClaim("c1", "It <is> large", "release", 1, "disputed", 1, 2, None, "unknown", NOW, None,
                         _at(2026, 3, 30), "day", 1)
    steps = [Step("c1", NOW, False, "unverified", ""), Step("c1", _at(2026, 3, 11, 5), True, "disputed", "")]
    rung = Rung("Borealis 3", "open_weights", NOW, False, None, "words", "c1", 1)
    svg = entity.axis_svg(copy, "One claim", [claim], steps, [rung]).decode()
    ElementTree.fromstring(svg)
    for text in ("It &lt;is&gt; large", "fill-unverified", "fill-disputed", "chart by Rumortrail",
                 "Borealis 3: open weights (seen)"):
        assert text in svg


def test_an_organisations_page_has_its_models_its_own_words_and_its_goalposts(sample_home: Home) -> None:
    html = html_of(opened(sample_home, "models", org="Aurora Labs"))
    assert "Aster 3: 1 date named; no release is seen yet</bdi></h3>" in html
    slip = html.partition("Promised and moved")[2].partition("rt-section")[0]
    assert 'src="data:image/svg+xml;base64,' in slip
    assert "a release that slips, and on the diagonal" in slip
    assert slip.count('class="rt-spot"') == 2, "one for each size"
    assert "rt-is-failed" in slip
    own_html = html.partition("What its own people and channels said")[2].partition("All claims, by kind")[0]
    assert "It is simply not true" in own_html
    assert "rt-is-denies" in own_html
    assert "Mara Lindqvist" in own_html
    models = html.partition("Its models")[2].partition("rt-section")[0]
    assert "models?model=Aster%202" in models
    assert "models?model=Borealis%203" not in models


def test_the_claims_of_a_model_are_grouped_by_kind_and_filtered(sample_home: Home) -> None:
    def listed(**kind: str) -> str:
        html = html_of(opened(sample_home, "models", model="Borealis 3", **kind))
        return html.partition("All claims, by kind")[2]

    kinds = [section.partition(" <")[0] for section in listed().split('<h3 class="rt-kind">')[1:]]
    assert kinds == ["Size", "Licence", "Release"]
    assert listed(kind="licence").count("claim?id=") == 1
    assert "No claim of this kind" in listed(kind="safety")


@pytest.mark.parametrize("key", ["model", "org"])
@pytest.mark.parametrize("given", ["nope", "<script>alert(1)</script>", "'; DROP TABLE claims; --"])
def test_an_unknown_name_is_told(sample_home: Home, key: str, given: str) -> None:
    html = html_of(opened(sample_home, "models", **{key: given}))
    assert "There is no such" in html
    assert "<script>" not in html


def test_a_copy_without_claims_says_so(home: Home) -> None:
    store = EmptyStore()
    publish(store, RunContext(run_id=RUNS[-1], now=NIGHTS[-1], home=home, config=Config()))
    store.close()
    assert "No claims yet" in html_of(opened(home, "models"))


def test_hostile_names_come_out_as_text(hostile_home: Home) -> None:
    pages: list[dict[str, str | list[str]]] = [{}, {"p": "2"}]
    for text in hostile_texts("http://canary.example")[:12:3]:
        pages += [{"model": text[:100]}, {"org": text[:200]}]
    for parameters in pages:
        assert_harmless(html_of(opened(hostile_home, "models", **parameters)), parameters)


def _subject(**statuses: int) -> Subject:
    return Subject(
        "model", "Aster 4", None, None, sum(statuses.values()), statuses, NOW, {}, {}, None, None, 1, [], 0
    )


def _claim(claim: str, **fields: Any) -> SubjectClaim:
    time = _at(2026, 3, 1)
    row = SubjectClaim(claim, claim, "size", 1, "unverified", 1, 1, time, "day", time, time, None, None, 1)
    return dataclasses.replace(row, **fields)


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        ({"disputed": 1}, "The one claim about Aster 4 is disputed; no release of it is stored"),
        ({"expired": 3}, "All 3 claims about Aster 4 are expired; no release of it is stored"),
        (
            {"contradicted": 1, "substantiated": 2, "retracted": 1},
            "Of 4 claims about Aster 4, 2 are substantiated, 1 contradicted and 1 retracted; "
            "no release of it is stored",
        ),
    ],
)
def test_the_charts_title_says_the_finding(statuses: dict[str, int], told: str) -> None:
    assert entities.finding(_subject(**statuses), []) == told


def test_the_charts_title_names_the_last_rung_and_whether_its_time_is_known() -> None:
    rung = Rung("Aster 4", "api", NOW, True, None, "it is there", "c", 1)
    assert entities.finding(_subject(disputed=1), [rung]).endswith("; API on 11 Mar 2026")
    assert entities.finding(_subject(disputed=1), [dataclasses.replace(rung, at_is_said=False)]).endswith(
        "; API seen on 11 Mar 2026"
    )


def test_a_stage_that_several_organisations_reached_was_reached_with_the_first() -> None:
    early = Rung("Aster 4", "preview", _at(2026, 3, 2), True, None, "Aurora shows it", "c1", 2)
    late = dataclasses.replace(early, reached_at=_at(2026, 3, 9), words="Borealis shows it")
    assert entities.finding(_subject(disputed=1), [late, early]).endswith("; preview on 2 Mar 2026")
    spec = checked(chart.chart([_claim("c1")], [], [late, early], until=NOW, dark=False))
    rows = [row for rows in spec["datasets"].values() for row in rows]
    words = {row["text"]: row["y"] for row in rows if "Whole" in row}
    assert len(set(words.values())) == len(words) == 3, "each has a row of its own"
    marks = [row["y"] for row in rows if row.get("kind") == "rung"]
    assert len(set(marks)) == 2 and max(words.values()) + 30 < spec["height"]


def _marks(claims: list[SubjectClaim], steps: list[Step], rungs: list[Rung]) -> list[dict[str, Any]]:
    spec = checked(chart.chart(claims, steps, rungs, until=NOW, dark=False))
    return [row for rows in spec["datasets"].values() for row in rows if "What" in row]


def test_a_mark_without_a_known_time_is_hollow_and_says_so() -> None:
    undated = _claim("c1", first_said_at=None, said_precision="unknown", first_seen_at=_at(2026, 3, 4, 5))
    (mark,) = _marks([undated], [], [])
    assert (mark["dated"], mark["filled"]) == (False, False)
    assert mark["When"].startswith("time unknown, seen 4 Mar 2026")
    dated_marks = _marks([_claim("c2")], [Step("c2", _at(2026, 3, 2, 7, 30, 9), True, "disputed", "x")], [])
    assert [(row["What"], row["dated"], row["filled"]) for row in dated_marks] == [
        ("disputed", True, True),
        ("said first, of all we have stored", True, True),
    ]
    assert "2026-03-02 07:30:09 UTC" in dated_marks[0]["When"]
    assert dated_marks[1]["When"] == "1 Mar 2026", "what is known to the day is told as a day"


def test_a_far_deadline_does_not_press_the_rest_together() -> None:
    for outside in (_at(2028, 1, 1), _at(2019, 1, 1)):
        claims = [_claim("c1", event_at=outside, event_precision="year")]
        spec = checked(chart.chart(claims, [], [], until=NOW, dark=True))
        assert not [row for rows in spec["datasets"].values() for row in rows if "Due" in row]
    claims = [_claim("c1", event_at=_at(2026, 3, 14), event_precision="day")]
    spec = checked(chart.chart(claims, [], [], until=NOW, dark=True))
    (due_mark,) = [row for rows in spec["datasets"].values() for row in rows if "Due" in row]
    assert due_mark["Due"] == "by the end of 14 Mar 2026"


def _side(claim: str, status: str) -> Side:
    return Side(claim, claim, status, 1, 2, None, ["Kestrel"], [])


def test_rivals_of_rivals_are_one_contest_and_the_best_supported_stands_first() -> None:
    pairs = [
        Pair("c1", "c2", "number", "92 / 71", "CodeQuarry", 4),
        Pair("c4", "c5", "date", "January 2026 / March 2026", None, 4),
        Pair("c3", "c2", "number", "88 / 71", None, 4),
        Pair("c1", "gone", "number", "92 / 5", None, 4),
    ]
    standing = {
        "c1": "contradicted",
        "c2": "unverified",
        "c3": "corroborated",
        "c4": "expired",
        "c5": "expired",
    }
    contests = rivals.contests(pairs, [_side(claim, status) for claim, status in standing.items()])
    assert [contest.title for contest in contests] == [
        "Three figures for CodeQuarry: 88 (corroborated), 71 (unverified) and 92 (contradicted)",
        "Two dates: January 2026 (expired) and March 2026 (expired)",
    ]


def test_two_contests_become_one_when_a_later_pair_joins_them() -> None:
    pairs = [
        Pair(a, b, "number", f"{a} / {b}", None, 3) for a, b in (("c1", "c2"), ("c3", "c4"), ("c2", "c3"))
    ]
    (contest,) = rivals.contests(pairs, [_side(f"c{n}", "unverified") for n in range(1, 5)])
    assert len(contest.sides) == 4
    assert contest.title == "Four figures: c1 (unverified), c2 (unverified), c3 (unverified) and 1 more"


def test_figures_of_different_things_are_no_one_contest() -> None:
    pairs = [Pair("c1", "c2", "number", "200 languages / 100 languages", None, 3),
             Pair("c1", "c3", "number", "4 models / 2 models", None, 3),
             Pair("c4", "c1", "number", "50 languages / 200 languages", None, 3)]
    contests = rivals.contests(pairs, [_side(f"c{n}", "unverified") for n in range(1, 5)])
    assert [[value for value, _ in contest.sides] for contest in contests] == [
        ["200 languages", "100 languages", "50 languages"], ["4 models", "2 models"],
    ]


def test_each_contest_names_the_values_that_contradict_each_other() -> None:
    (contest,) = rivals.contests(
        [Pair("c1", "c2", "subject", "Aster 4 / Aster 5", None, 1)],
        [_side("c1", "disputed"), _side("c2", "disputed")],
    )
    assert contest.title == "Two subjects: Aster 4 (disputed) and Aster 5 (disputed)"
    (unnamed,) = rivals.contests([Pair("c1", "c2", "subject", "another", None, 1)],
                                 [_side("c1", "disputed"), _side("c2", "disputed")])
    assert unnamed.title == "Two claims that differ in subject"
