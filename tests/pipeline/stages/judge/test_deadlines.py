"""Dated claims: how their resolution is written down, and how they come out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from pipeline.core.context import RunContext
from pipeline.core.vocabulary import Certainty, DecisionKind, Kind, Platform, Precision, Role, Stance
from pipeline.stages.judge.case import Case
from pipeline.stages.judge.deadlines import VOID_WORDS, Plan, State, Void, is_dated, outcome, plan, text_of
from pipeline.stages.judge.history import steps
from pipeline.stages.judge.rules import VERSION
from pipeline.store.store import Store
from tests.pipeline.stages.judge.test_rules import (
    DATED,
    FORETOLD,
    case,
    item,
    launch,
    ours,
    page,
    release,
    undated,
)
from tests.worlds.builder import hours
from tests.worlds.judged import Judged

pytestmark = pytest.mark.slow  # a store for each

JANUARY = replace(DATED, claim="Aurel will release Aster 4 in January")


def came_out(given: Case, void: Void | None = None) -> tuple[State, datetime | None]:
    """Return how a claim came out with this resolution plan."""
    resolution = outcome(given, steps(given), Plan("c1", given.subject.deadline, void))
    return resolution.state, resolution.resolved_at


@pytest.mark.parametrize(
    ("given", "dated"),
    [
        (release(item(1, **FORETOLD), subject=JANUARY), True),
        (release(item(1, **FORETOLD), subject=launch("Aurel will release Aster 4 soon")), True),
        (release(item(1, **FORETOLD),
                 subject=launch("Aurel will release Aster 4 in the coming weeks")), True),
        (release(item(1, **FORETOLD), subject=launch("Aurel will release Aster 4")), False),
        (release(item(900), subject=replace(DATED, claim="Aurel released Aster 4 in January")), False),
        (release(item(1, Stance.DENIES, **FORETOLD), subject=JANUARY), False),
    ],
)
def test_what_foretells_something_for_a_time_is_dated(given: Case, dated: bool) -> None:
    assert is_dated(given) is dated


@pytest.mark.parametrize(
    ("given", "void"),
    [
        (release(item(1, **FORETOLD), subject=replace(JANUARY, entities=())), Void.NO_SUBJECT),
        (release(item(1, **FORETOLD), subject=replace(JANUARY, organisations=())), Void.NO_SUBJECT),
        (release(item(1, **FORETOLD), subject=launch("Aurel will release Aster 4 soon")), Void.NO_TIME),
        (release(item(1, said=False, **FORETOLD), subject=launch("Aurel will release Aster 4 next week")),
         Void.UNKNOWN_PUBLICATION),
        (release(item(900, said=False, **FORETOLD), subject=JANUARY), Void.UNKNOWN_PUBLICATION),
        (release(item(1, said=False, **FORETOLD), subject=JANUARY), None),
    ],
)
def test_what_cannot_be_resolved_is_void_and_says_why(given: Case, void: Void | None) -> None:
    written_plan = plan(given, now=hours(2), run_id="r1")
    assert written_plan.void is void
    text = text_of(given, None, now=hours(2), run_id="r1")
    assert text is not None
    assert text.text.startswith("Cannot be resolved: ") is (void is not None)


def test_each_way_to_come_out() -> None:
    forecast = item(1, voice="source:mira", **FORETOLD)
    fields: dict[str, Any] = {"subject": JANUARY, "kind": Kind.RELEASE}
    assert came_out(case(forecast, artefacts=(page(20),), **fields)) == (State.MET, hours(20))
    assert came_out(case(forecast, artefacts=(page(900),), **fields)) == (State.MISSED, JANUARY.deadline)
    assert came_out(case(forecast, ours(900, quote="Aster 4 is out today"),
                         **fields)) == (State.MISSED, JANUARY.deadline)
    assert came_out(case(forecast, at=hours(9), **fields)) == (State.OPEN, None)
    assert came_out(case(forecast, item(3, Stance.DENIES, "source:mira"), **fields)) == (State.VOID, hours(3))
    assert came_out(case(forecast, **fields), Void.NO_SUBJECT) == (State.VOID, None)


def test_a_page_that_may_have_been_there_in_time_leaves_it_open() -> None:
    forecast, fields = item(1, voice="source:mira", **FORETOLD), {"subject": JANUARY, "kind": Kind.RELEASE}
    late_hour = 24 * 40
    assert came_out(case(forecast, artefacts=(undated(late_hour, 24 * 20),), **fields)) == (State.OPEN, None)
    assert came_out(case(forecast, artefacts=(undated(late_hour, None),), **fields)) == (State.OPEN, None)
    missed_then = (State.MISSED, JANUARY.deadline)
    assert came_out(case(forecast, artefacts=(undated(late_hour, late_hour - 1),), **fields)) == missed_then
    assert came_out(case(forecast, artefacts=(undated(20, -900),), **fields)) == (State.MET, None)
    delay = {"subject": replace(DATED, claim="Aster 4 is delayed to January"), "kind": Kind.DELAY}
    delayed = case(ours(1, **FORETOLD), artefacts=(undated(late_hour, 24 * 20),), **delay)
    assert came_out(delayed) == (State.OPEN, None)
    reason = outcome(delayed, steps(delayed), Plan("c1", delayed.subject.deadline, None)).reason
    assert "whether it was there in time is not known" in reason


def test_a_new_date_is_met_by_what_comes_until_then_and_not_by_the_delay_itself() -> None:
    delay = replace(DATED, claim="Aster 4 is delayed to January")
    forecast = ours(1, **FORETOLD)
    assert came_out(case(forecast, subject=delay, kind=Kind.DELAY, at=hours(9))) == (State.OPEN, None)
    assert came_out(case(forecast, subject=delay, kind=Kind.DELAY)) == (State.MISSED, delay.deadline)
    assert came_out(case(forecast, subject=delay, kind=Kind.DELAY,
                         artefacts=(page(20),))) == (State.MET, hours(20))
    for hours_since, state in ((-24 * 200, State.MISSED), (-24 * 40, State.MET), (None, State.MET)):
        case_with_page = case(forecast, subject=delay, kind=Kind.DELAY, artefacts=(undated(20, hours_since),))
        assert came_out(case_with_page)[0] is state


def test_what_is_dated_to_before_the_deadline_was_said_in_time_whenever_we_saw_it() -> None:
    seen_hour, dating = 24 * 40, {"said": False, "said_earliest": hours(5), "said_latest": hours(24 * 10)}
    fields: dict[str, Any] = {"subject": JANUARY, "kind": Kind.RELEASE}
    forecast, done_fields = item(1, voice="source:mira", **FORETOLD), {"quote": "Aster 4 is out today"}
    assert came_out(case(forecast, ours(seen_hour, **done_fields, **dating), **fields)) == (State.MET, None)
    assert came_out(case(forecast, ours(seen_hour, **done_fields, said=False), **fields))[0] is State.MISSED
    # The same holds for a prediction, which can then be checked and can fail.
    late_case = case(item(seen_hour, **FORETOLD, **dating), **fields)
    assert plan(late_case, now=hours(seen_hour), run_id="r1").void is None
    assert came_out(late_case) == (State.MISSED, None)


# --- in the store -----------------------------------------------------------------------------------------


@pytest.fixture
def world(store: Store, run: RunContext) -> Judged:
    """A release for which an outlet, the subject and a leaker each give a date."""
    world = Judged(store, run)
    world.source("The Lantern")
    world.source("Aurel Blog", Role.FIRST_PARTY, "Aurel", Platform.BLOG)
    world.source("mira", Role.COMMUNITY, platform=Platform.X)
    for number, (source, said_hour, month) in enumerate([("the-lantern", 0, 1), ("aurel-blog", 24 * 20, 3),
                                                         ("x:mira", 24 * 30, 4)]):
        due_at = datetime(2026, month, 28, 23, 59, 59, tzinfo=hours(0).tzinfo)
        world.claim(f"c{number}", f"Aurel will release Aster 5 in month {month}", Kind.RELEASE, ("Aurel",),
                    ("Aster 5", "Aurel"), due_at, Precision.MONTH)
        world.say(f"c{number}", source, hours(said_hour), certainty=Certainty.PREDICTED)
    return world


def test_goalposts_are_linked_in_the_order_they_were_said_in_and_resolved_each_on_its_own(
    world: Judged
) -> None:
    world.document("page", "aurel-blog", hours(24 * 50), "Parameters: 7", title="Aster 5", artefact=True)
    world.night()
    goalposts = world.ask(
        "SELECT revision, claim_id, revises, moved_days, speaker, state, model, organisation "
        "FROM goalposts ORDER BY revision"
    )
    assert goalposts == [
        (1, "c0", None, None, "The Lantern", "missed", "Aster 5", "Aurel"),
        (2, "c1", "c0", 59, "Aurel Blog", "met", "Aster 5", "Aurel"),
        (3, "c2", "c1", 31, "mira", "met", "Aster 5", "Aurel"),
    ]


def test_what_is_known_of_a_pages_time_decides_each(world: Judged) -> None:
    world.document("page", "aurel-blog", None, "Parameters: 7", title="Aster 5", artefact=True,
                   seen_at=hours(24 * 50), not_before=hours(24 * 10))
    world.night()
    states = world.ask("SELECT claim_id, state FROM goalposts ORDER BY claim_id")
    assert states == [("c0", "open"), ("c1", "met"), ("c2", "met")]


def test_the_resolution_is_written_once_and_never_changed(world: Judged) -> None:
    world.night()
    resolutions_before = world.ask("FROM store.resolutions ORDER BY claim_id")
    texts = world.ask("FROM resolution_texts ORDER BY claim_id")
    world.ask("UPDATE store.claims "
                             "SET event_at = event_at + INTERVAL 40 DAY, claim = claim || ' at last'")
    world.say("c0", "aurel-blog", hours(24 * 40), certainty=Certainty.PREDICTED)
    world.night(1)
    assert world.ask("FROM store.resolutions ORDER BY claim_id") == resolutions_before
    assert len(resolutions_before) == 3
    assert [(number, note) for _, number, _, _, _, note, _ in texts] == [(1, "first seen")] * 3
    texts_now = world.ask("FROM resolution_texts ORDER BY claim_id, number")
    assert [row[:6] for row in texts_now if row[1] == 1] == [row[:6] for row in texts]
    second_texts = [row for row in texts_now if row[1] == 2]
    assert {row[5:] for row in second_texts} == {("another reading of the claim", True)}
    assert [row[6] for row in texts_now] == [False, True] * 3, (
        "the newest is the one that tells of today's rules"
    )


def test_each_time_that_was_named_for_a_claim_is_a_row(world: Judged) -> None:
    """The month that a claim names, then a day in it, then a later month of a claim merged into it."""
    def named(source: str, said: float, due: datetime, precision: str) -> None:
        evidence = world.say("c1", source, hours(said), certainty=Certainty.PREDICTED)
        world.ask("UPDATE store.mentions SET event_at = $due, event_precision = $precision, kind = 'release' "
                  "WHERE mention_id IN (SELECT mention_id FROM store.evidence WHERE evidence_id = $evidence)",
                  {"due": due, "precision": precision, "evidence": evidence})

    hour = 24 * 20
    named("x:mira", hour + 2, datetime(2026, 3, 17), "day")  # noqa: DTZ001
    named("the-lantern", hour + 3, datetime(2026, 5, 31, 23, 59, 59), "month")  # noqa: DTZ001
    named("x:mira", hour + 4, datetime(2026, 3, 28, 20), "month")  # noqa: DTZ001  # the same, told elsewhere
    named("x:mira", hour + 24 * 300, datetime(2026, 7, 31), "month")  # noqa: DTZ001  # over when it was said
    world.night()
    rows = world.ask("SELECT basis, \"precision\", deadline, earliest, moved_days, speaker FROM goalposts "
                     "WHERE claim_id = 'c1' ORDER BY revision")
    shown_times = [
        tuple(f"{value:%m-%d}" if isinstance(value, datetime) else value for value in row) for row in rows
    ]
    assert shown_times == [
        ("claim", "month", "03-28", "03-01", 59, "Aurel Blog"),
        ("statement", "day", "03-18", "03-17", 0, "mira"),
        ("statement", "month", "05-31", "05-01", 74, "The Lantern"),
    ]
    assert world.ask("SELECT count(*), count(DISTINCT revision) FROM goalposts") == [(5, 5)]


def test_a_time_that_is_read_otherwise_is_a_row_beside_the_first(world: Judged) -> None:
    world.night()
    world.ask("UPDATE store.claims SET event_at = event_at + INTERVAL 40 DAY WHERE claim_id = 'c0'")
    world.say("c0", "aurel-blog", hours(24 * 40), certainty=Certainty.PREDICTED)
    world.night(1)
    rows = world.ask("SELECT basis, date_diff('day', lag(deadline) OVER (ORDER BY basis), deadline) "
                     "FROM goalposts WHERE claim_id = 'c0' ORDER BY basis")
    assert rows == [("claim", None), ("reread", 40)]


def test_the_newest_reading_decides_how_it_comes_out(world: Judged) -> None:
    world.claim("c7", "Aurel will release Aster 6 next month", Kind.RELEASE, ("Aurel",), ("Aster 6",))
    world.say("c7", "the-lantern", None, document={"seen_at": hours(0)}, certainty=Certainty.PREDICTED)
    world.document("page", "aurel-blog", hours(24 * 50), "Parameters: 7", title="Aster 6", artefact=True)
    world.night()
    goalpost_sql = "SELECT state, void, deadline FROM goalposts WHERE claim_id = 'c7'"
    coverage_sql = "SELECT void, void_unknown_publication FROM coverage"
    assert world.ask(goalpost_sql) == [("void", "unknown_publication", None)]
    assert world.ask(coverage_sql) == [(1, 1)]
    due_at = hours(24 * 54)
    world.ask(
        "UPDATE store.claims SET event_at = ?, event_precision = 'second' WHERE claim_id = 'c7'", [due_at]
    )
    world.say("c7", "x:mira", hours(1), certainty=Certainty.PREDICTED)
    world.night(1)
    assert world.ask(goalpost_sql) == [("met", None, due_at)]
    assert world.ask(coverage_sql) == [(0, 0)]
    assert world.ask("SELECT void, deadline FROM store.resolutions WHERE claim_id = 'c7'") == [
        ("unknown_publication", None)
    ], "what was written at first sight stands"
    world.ask("UPDATE store.claims SET event_at = NULL, event_precision = 'unknown' WHERE claim_id = 'c7'")
    world.night(2)
    assert world.ask(goalpost_sql) == [("void", "no_time", None)]


def test_a_delay_is_resolved_by_the_newest_reading_of_its_date(world: Judged) -> None:
    world.claim("c7", "Aster 6 is delayed to late February", Kind.DELAY, ("Aurel",), ("Aster 6",),
                hours(24 * 40), Precision.SECOND)
    world.say("c7", "aurel-blog", hours(0), certainty=Certainty.PREDICTED)
    world.document("page", "aurel-blog", hours(24 * 45), "Parameters: 7", title="Aster 6", artefact=True)
    state = "SELECT state FROM store.outcomes WHERE claim_id = 'c7'"
    world.night()
    assert world.ask(state) == [("missed",)]
    world.ask("UPDATE store.claims SET event_at = ? WHERE claim_id = 'c7'", [hours(24 * 50)])
    world.night(1)
    assert world.ask(state) == [("met",)]


@pytest.mark.parametrize("void", Void)
def test_the_views_know_why_a_claim_is_void(store: Store, void: Void) -> None:
    assert store.execute("SELECT step.void(?)", [VOID_WORDS[void]]) == [(void,)]


def test_other_rules_put_a_text_beside_the_first(world: Judged, monkeypatch: pytest.MonkeyPatch) -> None:
    world.night()
    for module in ("rules", "stage", "deadlines", "resolution_text"):
        monkeypatch.setattr(f"pipeline.stages.judge.{module}.VERSION", "rules-99")
    world.night(1)
    texts = world.ask("SELECT number, rules, why FROM resolution_texts WHERE claim_id = 'c0' ORDER BY number")
    assert texts == [(1, VERSION, "first seen"), (2, "rules-99", "other rules")]
    [(how_first, how_now)] = world.ask("SELECT how, how_now FROM goalposts WHERE claim_id = 'c0'")
    assert (VERSION in how_first, "rules-99" in how_now) == (True, True)
    assert world.night(2) == 0, "nothing changed, and nothing is written"


def test_void_and_coverage_are_counted(world: Judged) -> None:
    world.claim("c8", "Aurel will release a model in March", Kind.RELEASE, ("Aurel",), (), hours(24 * 80),
                Precision.MONTH)
    world.say("c8", "the-lantern", hours(0), certainty=Certainty.PREDICTED)
    world.claim("c9", "Aurel will release Aster 6 soon", Kind.RELEASE, ("Aurel",), ("Aster 6",))
    world.say("c9", "the-lantern", hours(0), certainty=Certainty.PREDICTED)
    world.night()
    [coverage_row] = world.ask("SELECT kind, dated, resolvable, resolved, met, missed, open, void, "
                          "void_no_subject, void_no_time FROM coverage")
    assert coverage_row == ("release", 5, 3, 1, 0, 1, 2, 2, 1, 1)
    world.decide(DecisionKind.HIDE, "c9", None, hours(10))
    assert world.ask("SELECT dated, void FROM coverage") == [(4, 1)]
