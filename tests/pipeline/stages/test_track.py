"""Track records: who was first, what counts, and what the counts say."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.vocabulary import Certainty, DecisionKind, Kind, Platform, Precision, Role, Stance, Status
from pipeline.stages.judge.stage import judge
from pipeline.stages.trace.stage import trace
from pipeline.stages.track import interval, track
from pipeline.store.store import Store
from tests.worlds.builder import START, hours
from tests.worlds.judged import Judged
from tests.worlds.laid import EmptyStore

pytestmark = pytest.mark.slow  # a store for each test

REPORTED: dict[str, Any] = {"speaker": None, "certainty": Certainty.REPORTED}


class Tracked(Judged):
    """A judged world with track records."""

    def __init__(self, store: Store, first: RunContext) -> None:
        super().__init__(store, first)
        self.people("Aurel")
        self.claim("c1", kind=Kind.TRAINING_DATA)

    def night(self, number: int = 0) -> int:
        """Trace, judge and track."""
        super().night(number)
        return track(self.store, self.tonight).done

    def record(self, who_id: str, columns: str, slice_: str = "all", value: str | None = None) -> Any:
        """Return one row of track_records."""
        where_clause = "WHERE who_id = ? AND slice = ? AND value IS NOT DISTINCT FROM ?"
        [row] = self.ask(f"SELECT {columns} FROM track_records {where_clause}", [who_id, slice_, value])
        return row

    def told(self, columns: str, **where: str) -> list[tuple[Any, ...]]:
        """Return rows of track_record_claims."""
        condition = " AND ".join(f"{name} = '{value}'" for name, value in where.items()) or "true"
        return self.ask(f"SELECT {columns} FROM track_record_claims WHERE {condition} "
                        "ORDER BY claim_id, who, who_id")

    def parts(self, claim_id: str = "c1", who: str = "source") -> dict[str, str]:
        """Return who did what toward a claim."""
        return dict(self.told("who_id, part", claim_id=claim_id, who=who))

    def put_into_one_house(self, own: str) -> None:
        """Make a house of The Lantern and Courier, as trace stores it (docs/trace.md); its voice is `own`."""
        self.ask(
            "UPDATE store.houses SET house = 'house:beacon', name = 'Beacon' "
            "WHERE source_id IN ('the-lantern', 'courier')"
        )
        self.ask("""
            UPDATE store.origins SET voice = 'house:beacon', voice_name = 'Beacon', independent = voice = ?
            WHERE voice IN ('source:the-lantern', 'source:courier')
        """, [f"source:{own}"])

    def records(self) -> set[tuple[Any, ...]]:
        """Return all records of whoever stood behind a claim."""
        return set(self.ask(f"SELECT {RECORD} FROM track_records WHERE first + joined + own > 0"))


@pytest.fixture
def world(store: Store, run: RunContext) -> Tracked:
    """The world with which most tests begin."""
    return Tracked(store, run)


def test_many_equals_are_named_in_room_that_does_not_grow_with_their_square(store: Store) -> None:
    store.connection.execute("""
        CREATE OR REPLACE VIEW step.told AS
        SELECT 'c1' AS claim_id, 'e' || i AS evidence_id, 'supports' AS stance, 'source:s' || i AS voice,
               'S' || i AS voice_name, true AS independent, 'stated' AS certainty, 's' || i AS source_id,
               NULL::VARCHAR AS speaker_organisation, true AS carries, true AS own, true AS for_itself,
               false AS hosted, TIMESTAMP '2026-01-01' AS said_at, 'day' AS said_precision,
               TIMESTAMP '2026-01-01' AS earliest, TIMESTAMP '2026-01-03' AS latest
        FROM range(8000) AS r (i)
    """)
    store.connection.execute("CREATE OR REPLACE VIEW step.shown AS "
                             "SELECT 'c1' AS claim_id, 'size' AS kind, []::VARCHAR[] AS organisations")
    # A list of all equals beside each equal would take a gigabyte.
    store.execute("SET memory_limit = '300MB'; SET max_temp_directory_size = '0KB'")
    reasons = dict(store.execute("SELECT who_id, why FROM track_record_claims WHERE part = 'same_time'"))
    head, tail = "not counted as first: at about the same time as ", " and 7996 more"
    assert len(reasons) == 8000
    assert reasons["s0"] == f"{head}S1, S10, S100{tail}"
    assert reasons["s7"] == f"{head}S0, S1, S10{tail}"


class TestFirst:
    def test_the_first_voice_is_first_and_who_repeats_it_is_not(self, world: Tracked) -> None:
        world.say("c1", "x:mira", hours(5), document_id="post", quote="I worked at Aurel and saw it")
        world.say("c1", "courier", hours(6), Stance.REPORTS, document={"links": ("post",)}, **REPORTED)
        world.say("c1", "the-lantern", hours(7), quote="The Lantern has obtained the lists and confirms it")
        world.night()
        assert world.parts() == {"x:mira": "first", "courier": "repeated", "the-lantern": "joined"}

    def test_a_repeater_that_stands_earlier_in_the_store_is_not_first(self, world: Tracked) -> None:
        world.say("c1", "courier", hours(1), Stance.REPORTS, **REPORTED)
        world.say("c1", "the-lantern", hours(4), quote="The Lantern has obtained the lists")
        world.night()
        assert world.parts() == {"courier": "repeated", "the-lantern": "first"}

    def test_a_quoted_person_has_the_record_and_not_the_outlet(self, world: Tracked) -> None:
        world.say("c1", "courier", hours(1), speaker="Ilse Brandt", role=Role.EXPERT)
        world.say("c1", "daily-quill", hours(2), speaker="Ilse Brandt", role=Role.EXPERT)
        world.night()
        assert world.parts() == {"courier": "repeated", "daily-quill": "repeated"}
        assert world.told("who, name, part", claim_id="c1", who="speaker") == [
            ("speaker", "Ilse Brandt", "first")
        ]

    def test_what_is_dated_by_the_day_has_no_order_within_it(self, world: Tracked) -> None:
        midnight = START.replace(hour=0)
        dated_day = {"precision": Precision.DAY, "seen_at": hours(9000)}
        world.say("c1", "courier", midnight, document=dated_day, quote="Courier has learned it")
        world.say("c1", "the-lantern", midnight + timedelta(hours=9), quote="The Lantern has learned it")
        world.say("c1", "daily-quill", midnight + timedelta(hours=25), quote="Daily Quill has learned it")
        world.night()
        assert world.parts() == {"courier": "same_time", "the-lantern": "same_time", "daily-quill": "joined"}
        assert world.record("courier", "first, same_time, joined, settled") == (0, 1, 0, 0)
        assert world.told("counted, why", who_id="courier") == [
            (False, "not counted as first: at about the same time as The Lantern",)
        ]
        assert world.told("why", who_id="daily-quill") == [
            ("not counted as first: another voice was earlier",)
        ]

    def test_what_is_dated_by_the_month_was_said_some_time_in_it(self, world: Tracked) -> None:
        january = START.replace(day=1, hour=0)
        dated_month = {"precision": Precision.MONTH, "seen_at": hours(9000)}
        month_end = START.replace(month=2, day=1, hour=0) - timedelta(microseconds=1)
        world.say(
            "c1", "courier", january, document=dated_month, quote="Courier has learned it", said_at=month_end
        )
        world.say("c1", "the-lantern", hours(1), quote="The Lantern has learned it")
        world.say("c1", "daily-quill", hours(24 * 40), quote="Daily Quill has learned it")
        world.night()
        assert world.parts() == {"courier": "same_time", "the-lantern": "same_time", "daily-quill": "joined"}
        # Courier had said it by the end of the month: The Lantern's day is the first known one.
        assert world.ask("SELECT first_said_at FROM claims") == [(hours(1),)]
        # And Courier's article moves no status at a day that is not known.
        moves = world.ask("SELECT moved_at FROM status_history WHERE moved_at IS NOT NULL")
        assert january not in [moved_at for (moved_at,) in moves] and month_end not in [
            moved_at for (moved_at,) in moves
        ]

    def test_an_unknown_time_makes_nobody_first_unless_all_others_spoke_later(self, world: Tracked) -> None:
        world.say("c1", "courier", None, document={"seen_at": hours(9)}, quote="Courier has learned it")
        world.say("c1", "the-lantern", hours(3), quote="The Lantern has learned it")
        world.claim("c2", kind=Kind.SIZE)
        world.say("c2", "courier", None, document={"seen_at": hours(2)}, quote="Courier has learned the size")
        world.say("c2", "the-lantern", hours(3), quote="The Lantern has learned the size")
        world.night()
        assert world.parts() == {"courier": "same_time", "the-lantern": "same_time"}
        assert world.parts("c2") == {"courier": "first", "the-lantern": "joined"}
        assert world.told("why", who_id="courier", claim_id="c1") == [
            ("not counted as first: its time is not known, and can be that of The Lantern",)
        ]
        assert world.told("why", who_id="the-lantern", claim_id="c1") == [
            ("not counted as first: at about the same time as Courier (time not known)",)
        ]
        assert world.told("said_at, lead_days", who_id="courier", claim_id="c2") == [(None, None)]

    def test_a_voice_that_is_not_stored_had_spoken_when_it_was_passed_on(self, world: Tracked) -> None:
        world.say("c1", "courier", hours(1), Stance.REPORTS, speaker=None, attributed_to="Harbour Gazette")
        world.say("c1", "the-lantern", hours(4), quote="The Lantern has obtained the lists")
        world.night()
        assert world.parts() == {"courier": "repeated", "the-lantern": "joined"}

    def test_what_an_edit_brought_was_said_between_the_two_looks(self, world: Tracked) -> None:
        world.say("c1", "the-lantern", hours(5), quote="The Lantern has learned it")
        world.document("d-edited", "courier", hours(1), "nothing of it")
        world.version("d-edited", 2, "Courier has learned it", hours(9))
        mention = world.mention("c1", "d-edited", number=2, quote="Courier has learned it")
        world.stance("c1", mention)
        world.night()
        assert world.parts() == {"the-lantern": "same_time", "courier": "same_time"}

    def test_what_an_edit_brought_after_the_last_look_without_it_is_later(self, world: Tracked) -> None:
        world.say("c1", "the-lantern", hours(5), quote="The Lantern has learned it")
        world.document("d-edited", "courier", hours(1), "nothing of it")
        world.version("d-edited", 2, "Courier has learned it", hours(9), unchanged_at=hours(6))
        world.stance("c1", world.mention("c1", "d-edited", number=2, quote="Courier has learned it"))
        world.night()
        assert world.parts() == {"the-lantern": "first", "courier": "joined"}

    def test_who_was_passed_on_before_its_own_stored_words_had_said_it_by_then(self, world: Tracked) -> None:
        world.document("d-own", "courier", hours(1), "nothing of it")
        world.version("d-own", 2, "Courier has learned it", hours(9), unchanged_at=hours(7))
        world.stance("c1", world.mention("c1", "d-own", number=2, quote="Courier has learned it"))
        passage_id = world.say("c1", "daily-quill", hours(5), Stance.REPORTS, speaker=None,
                               attributed_to="Courier", document={"links": ("d-own",)})
        world.say("c1", "the-lantern", hours(6), quote="The Lantern has learned it")
        world.night()
        assert world.parts() == {"courier": "first", "daily-quill": "repeated", "the-lantern": "joined"}
        assert world.ask("SELECT first_said_at, first_evidence_ids FROM claims") == [(hours(5), [passage_id])]

    def test_a_voice_that_is_not_stored_speaks_at_about_the_time_of_who_passes_it_on_first(
        self, world: Tracked
    ) -> None:
        dated_day = {"precision": Precision.DAY, "seen_at": hours(9000)}
        midnight, gazette = START.replace(hour=0), {"speaker": None, "attributed_to": "Harbour Gazette"}
        world.say("c1", "the-lantern", hours(0), quote="The Lantern has obtained the lists")
        world.say("c1", "courier", midnight, Stance.REPORTS, document=dated_day, **gazette)
        world.night()
        assert world.parts() == {"courier": "repeated", "the-lantern": "same_time"}
        assert world.told("why", who_id="the-lantern") == [
            ("not counted as first: at about the same time as Harbour Gazette",)
        ]

    def test_who_passes_a_voice_on_later_takes_no_first_from_another(self, world: Tracked) -> None:
        gazette = {"speaker": None, "attributed_to": "Harbour Gazette"}
        world.say("c1", "the-lantern", hours(0), quote="The Lantern has obtained the lists")
        world.say("c1", "courier", hours(5), Stance.REPORTS, **gazette)
        world.say("c1", "daily-quill", None, Stance.REPORTS, document={"seen_at": hours(9)}, **gazette)
        world.night()
        assert world.parts()["the-lantern"] == "first"

    def test_of_two_outlets_of_a_house_at_about_the_same_time_neither_is_first(self, world: Tracked) -> None:
        dated_day = {"precision": Precision.DAY, "seen_at": hours(9000)}
        world.say("c1", "the-lantern", hours(0), quote="The Lantern has learned it")
        world.say("c1", "courier", START.replace(hour=0), document=dated_day, quote="Courier has learned it")
        trace(world.store, world.first)
        world.put_into_one_house("courier")
        judge(world.store, world.first)
        assert world.parts() == {"the-lantern": "same_time", "courier": "same_time"}
        assert world.told("name, part", who="house") == [("Beacon", "first")]
        assert world.told("DISTINCT why", who="source") == [
            ("not counted as first: another of its house spoke at about the same time",)
        ]

    def test_of_two_outlets_of_a_house_the_first_and_the_house_have_the_record(self, world: Tracked) -> None:
        world.say("c1", "the-lantern", hours(1), quote="The Lantern has learned it")
        world.say("c1", "courier", hours(5), quote="Courier has learned it")
        world.say("c1", "daily-quill", hours(6), quote="Daily Quill has learned it")
        trace(world.store, world.first)
        world.put_into_one_house("the-lantern")
        judge(world.store, world.first)
        assert world.parts() == {"the-lantern": "first", "courier": "joined", "daily-quill": "joined"}
        assert world.told("name, part", who="house") == [("Beacon", "first")]
        assert world.told("why", who_id="courier") == [
            ("not counted as first: its voice is heard elsewhere, in another of its house or its documents",)
        ]


class TestCounted:
    def test_a_leak_that_the_subject_admits_later_held_and_led(self, world: Tracked) -> None:
        world.say("c1", "the-lantern", hours(0), quote="The Lantern has obtained the lists")
        world.say("c1", "aurel-blog", hours(36))
        world.night()
        assert world.record("the-lantern", "first, settled, held, lead_days, lead_claims, few") == (
            1,
            1,
            1,
            1.5,
            1,
            True,
        )
        assert world.record("the-lantern", "held, value", "kind", "training_data") == (1, "training_data")
        assert world.record("the-lantern", "held", "organisation", "aurel") == (1,)
        assert world.told("outcome, settled_at, counted, why", who_id="the-lantern") == [
            (
                "held",
                hours(36),
                True,
                "counted: it was first, and the claim is substantiated",
            )
        ]

    def test_what_an_organisation_says_of_itself_stands_apart(self, world: Tracked) -> None:
        world.say("c1", "aurel-blog", hours(0))
        world.say(
            "c1", "courier", hours(1), speaker="Aurel's chief", role=Role.FIRST_PARTY, organisation="Aurel"
        )
        world.night()
        for who_id in ("aurel-blog", "organisation:aurel"):
            assert world.record(who_id, "first, settled, held, own, rate") == (0, 0, 0, 1, None)
        assert world.record("courier", "first, repeated, own") == (0, 1, 0)
        assert world.told("name, own, counted, why", who="organisation") == [
            ("aurel", True, False, "not counted: it speaks about itself")
        ]

    def test_what_makers_publish_at_a_place_of_many_is_not_passed_on_there(self, world: Tracked) -> None:
        world.source("github.com", Role.COMMUNITY, None, Platform.BLOG)
        for number in range(3):
            world.say("c1", "github.com", hours(number), speaker="Aurel", by_author=True,
                      role=Role.FIRST_PARTY, organisation="Aurel", document_id=f"d{number}")
        world.night()
        assert world.parts() == {"github.com": "hosted"}
        assert world.record("github.com", "claims, first, joined, repeated, own") == (1, 0, 0, 0, 0)
        assert world.record("organisation:aurel", "claims, own") == (1, 1)
        assert world.told("why", who="source") == [
            ("not counted: Aurel publishes there in its own words, and has the record",)
        ]
        assert set(world.ask("SELECT reason FROM store.origins")) == {
            ("Aurel says so itself, in github.com; no earlier voice is found.",)
        }

    def test_what_an_organisation_says_of_another_counts(self, world: Tracked) -> None:
        world.source("Borea Blog", Role.FIRST_PARTY, "Borea", Platform.BLOG)
        world.say("c1", "borea-blog", hours(0), quote="We tested it")
        world.say("c1", "aurel-blog", hours(5))
        world.night()
        assert world.record("borea-blog", "settled, held, own") == (1, 1, 0)
        assert world.record("organisation:borea", "settled, held, own") == (1, 1, 0)

    def test_an_expired_prediction_counts_against_who_made_it(self, world: Tracked) -> None:
        world.claim(
            "c2",
            "Aurel will release Aster 9 by 7 January",
            Kind.RELEASE,
            event_at=hours(48),
            event_precision=Precision.DAY,
        )
        world.say("c2", "the-lantern", hours(0), certainty=Certainty.PREDICTED)
        world.say("c2", "courier", hours(1), Stance.REPORTS, certainty=Certainty.REPORTED, speaker=None)
        world.night()
        assert world.record("the-lantern", "settled, held, expired") == (1, 0, 1)
        assert world.record("courier", "settled, repeated, repeated_failed") == (0, 1, 1)

    def test_an_open_claim_is_not_counted_yet(self, world: Tracked) -> None:
        world.say("c1", "the-lantern", hours(0))
        world.night()
        assert world.record("the-lantern", "first, open, settled, rate, low, high, few") == (
            1,
            1,
            0,
            None,
            None,
            None,
            True,
        )
        assert world.told("counted, settled_at, why") == [
            (False, None, "not counted yet: the claim is unverified")
        ]

    def test_an_editors_status_counts_as_decided(self, world: Tracked) -> None:
        world.say("c1", "the-lantern", hours(0))
        world.decide(DecisionKind.STATUS, "c1", Status.CONTRADICTED, hours(24))
        world.night()
        assert world.record("the-lantern", "settled, held, contradicted") == (1, 0, 1)
        assert world.told("why") == [
            ("counted: it was first, and the claim is contradicted, as an editor decided",)
        ]

    def test_a_denial_is_no_first_word_and_stands_apart(self, world: Tracked) -> None:
        world.say("c1", "courier", hours(0), Stance.DENIES)
        world.say("c1", "the-lantern", hours(1))
        world.say("c1", "aurel-blog", hours(9))
        world.night()
        assert world.record("courier", "first, settled, denied, denied_held") == (0, 0, 1, 1)
        assert world.record("the-lantern", "first, held") == (1, 1)

    def test_a_foretold_time_that_cannot_be_checked_stands_beside(self, world: Tracked) -> None:
        world.claim("c2", "Aurel will release something big this summer", Kind.RELEASE, entities=())
        world.say("c2", "the-lantern", hours(0), certainty=Certainty.PREDICTED)
        world.night()
        assert world.record("the-lantern", "first, settled, open, void, rate") == (1, 0, 0, 1, None)
        ((outcome, is_counted, reason),) = world.told("outcome, counted, why")
        assert (outcome, is_counted) == ("void", False)
        assert reason.startswith("not counted: ") and len(reason) > len("not counted: ")
        world.decide(DecisionKind.STATUS, "c2", Status.SUBSTANTIATED, hours(24))
        world.night()
        assert world.record("the-lantern", "settled, held, void") == (1, 1, 0)

    def test_a_merged_claim_builds_one_record(self, world: Tracked) -> None:
        world.say("c1", "the-lantern", hours(0))
        world.claim("c2", kind=Kind.TRAINING_DATA)
        world.ask("UPDATE store.claims SET merged_into = 'c1' WHERE claim_id = 'c2'")
        world.night()
        assert world.record("the-lantern", "claims, first") == (1, 1)

    def test_every_number_leads_to_its_claims(self, world: Tracked) -> None:
        for number, source in enumerate(("the-lantern", "courier", "daily-quill", "x:mira")):
            claim = world.claim(f"k{number}", kind=Kind.SIZE)
            world.say(claim, source, hours(number), document_id=f"post{number}")
            world.say(
                claim, "the-lantern", hours(10 + number), document={"links": (f"post{number}",)}, **REPORTED
            )
            world.decide(
                DecisionKind.STATUS,
                claim,
                Status.SUBSTANTIATED if number % 2 else Status.RETRACTED,
                hours(40),
            )
        world.night()
        counted_sql = """
            SELECT who_id, count(*), count(*) FILTER (counted),
                   count(*) FILTER (counted AND outcome = 'held'), count(*) FILTER (part = 'repeated')
            FROM track_record_claims GROUP BY who_id ORDER BY who_id
        """
        told_sql = ("SELECT who_id, claims, settled, held, repeated FROM track_records WHERE slice = 'all' "
                    "ORDER BY who_id")
        assert world.ask(counted_sql) == world.ask(told_sql)


class TestStage:
    def test_a_second_run_has_nothing_to_do(self, world: Tracked) -> None:
        world.say("c1", "the-lantern", hours(0))
        world.decide(DecisionKind.STATUS, "c1", Status.SUBSTANTIATED, hours(24))
        assert world.night() == 1
        assert track(world.store, world.tonight).inputs == 0
        assert world.record("the-lantern", "rate, round(low, 3), round(high, 3)") == (2 / 3, 0.224, 0.975)


counts = st.tuples(st.integers(0, 200), st.integers(0, 200))


class TestInterval:
    @given(counts)
    def test_it_holds_the_estimate(self, count: tuple[int, int]) -> None:
        holding, failing = count
        rate_interval = interval(holding, holding + failing)
        assert 0 <= rate_interval.low < rate_interval.rate < rate_interval.high <= 1

    @given(counts, st.integers(2, 20))
    def test_it_shrinks_with_the_number_of_cases(self, count: tuple[int, int], times: int) -> None:
        holding, failing = count
        few_of, many_of = (
            interval(holding, holding + failing),
            interval(holding * times, (holding + failing) * times),
        )
        assert many_of.high - many_of.low <= few_of.high - few_of.low
        if holding + failing:
            assert many_of.high - many_of.low < few_of.high - few_of.low

    @given(counts)
    def test_one_more_that_held_raises_it_and_one_more_that_failed_lowers_it(
        self, count: tuple[int, int]
    ) -> None:
        holding, failing = count
        at_first, one_held = (
            interval(holding, holding + failing),
            interval(holding + 1, holding + failing + 1),
        )
        one_failed = interval(holding, holding + failing + 1)
        assert one_held.rate > at_first.rate > one_failed.rate
        assert one_held.low > at_first.low and one_failed.high < at_first.high


SOURCES = ("the-lantern", "courier", "daily-quill", "x:mira", "aurel-blog")
statement = st.tuples(
    st.sampled_from(SOURCES),
    st.one_of(st.none(), st.integers(0, 200)),
    st.sampled_from([Stance.SUPPORTS, Stance.DENIES, Stance.QUESTIONS]),
)
RECORD = ("who, who_id, slice, value, first, settled, held, contradicted, retracted, expired, rate, low, "
          "high, lead_days, joined, own")


Story = list[tuple[str, int | None, Stance]]


def world_of(stories: list[Story]) -> Tracked:
    """A world with a claim for each story; an editor settles every other one."""
    first_run = RunContext("r1", START + timedelta(days=60), Home(Path("unused")), Config())
    world = Tracked(EmptyStore(), first_run)
    for number, story in enumerate(stories):
        claim = world.claim(f"k{number}", f"Aurel trained Aster {number} on test sets", Kind.TRAINING_DATA)
        for source, hour, stance in story:
            said_at = None if hour is None else hours(hour)
            world.say(claim, source, said_at, stance, document={"seen_at": said_at or hours(100)})
        if number % 2:
            world.decide(DecisionKind.STATUS, claim, list(Status)[number % len(Status)], hours(300))
    world.night()
    return world


def repeat(world: Tracked, document_id: str, times: int) -> None:
    """Let others repeat what a document says."""
    [(claim,)] = world.ask("SELECT claim_id FROM mentions WHERE document_id = ?", [document_id])
    for number in range(times):
        echo = world.source(f"Echo {number}")
        world.say(claim, echo, hours(210 + number), Stance.REPORTS, document={"links": (document_id,)},
                  **REPORTED)  # fmt: skip
    world.night()


@pytest.mark.slow
@settings(max_examples=4, deadline=None)
@given(stories=st.lists(st.lists(statement, min_size=1, max_size=5), min_size=1, max_size=4), data=st.data())
def test_a_repetition_changes_nobodys_record(stories: list[Story], data: st.DataObject) -> None:
    world = world_of(stories)
    records_before = world.records()
    repeat(world, data.draw(st.sampled_from(sorted(world.documents))), data.draw(st.integers(1, 3)))
    assert world.records() == records_before
    world.store.close()


@pytest.mark.slow
@settings(max_examples=3, deadline=None)
@given(stories=st.lists(st.lists(statement, min_size=1, max_size=5), min_size=3, max_size=6))
def test_a_hidden_claim_leaves_the_records_as_if_it_were_not_stored(stories: list[Story]) -> None:
    world = world_of(stories)
    world.ask("CREATE TEMP TABLE before AS FROM track_record_claims")
    hidden_claims: list[str] = []
    for number in range(len(stories)):
        hidden_claims.append(f"k{number}")
        world.decide(DecisionKind.HIDE, f"k{number}", None, hours(301))
        without_hidden_sql = """
            SELECT who_id, count(*), count(*) FILTER (part = 'first' AND NOT own), count(*) FILTER (counted),
                   count(*) FILTER (counted AND outcome = 'held')
            FROM before WHERE claim_id NOT IN (SELECT unnest(?)) GROUP BY who, who_id ORDER BY who_id
        """
        recorded = ("SELECT who_id, claims, first, settled, held FROM track_records WHERE slice = 'all' "
                    "ORDER BY who_id")
        assert world.ask(recorded) == world.ask(without_hidden_sql, [hidden_claims])
    world.store.close()


def test_a_repetition_of_an_undated_question_changes_nobodys_record() -> None:
    world = world_of([[("the-lantern", None, Stance.QUESTIONS), ("courier", None, Stance.SUPPORTS)]])
    records_before = world.records()
    repeat(world, "d000", 1)
    assert world.records() == records_before
