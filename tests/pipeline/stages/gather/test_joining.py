"""Claims that say the same are joined, recorded, and taken apart by an editor's word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.protocols.stance import TextPair
from pipeline.core.context import RunContext
from pipeline.core.vocabulary import DecisionKind, Kind, Precision
from pipeline.decisions import editorial
from pipeline.decisions.joins import compatible_joins
from pipeline.decisions.preview import Consequences
from pipeline.stages.gather.joining import SUPPORTS, Readers, join_claims, same_details, turned
from pipeline.stages.judge.stage import judge
from pipeline.store.store import Store
from pipeline.text.slots import Slots
from tests.fakes import FakeEmbedder, FakeStance
from tests.worlds.builder import World, claims_of, hours
from tests.worlds.laid import EmptyStore

pytestmark = pytest.mark.slow  # a store for each test

TEST_SETS = (
    "Aurel trained Aster 4 on the test sets",
    "On the test sets Aurel trained Aster 4",
    "Aurel trained Aster 4 on the very test sets",
)
ELSE = "Aurel trained Aster 4 on licensed books"


@dataclass
class Reader(FakeStance):
    """Judge that sentences with mostly the same words entail each other, and record the pairs."""

    sure: float = 0.95
    unlike: frozenset[tuple[str, str]] = frozenset()
    asked: list[tuple[str, str]] = field(default_factory=list)

    supports: float = SUPPORTS

    def entails(self, pairs: Sequence[TextPair]) -> list[float]:
        self.asked += [(pair.claim, pair.text) for pair in pairs]
        return [self._read(pair) for pair in pairs]

    def read(self, pairs: Sequence[TextPair]) -> list[dict[str, float]]:
        other_shares = {"denies": 0.0, "questions": 0.0, "reports": 0.0, "unrelated": 1 - self.supports}
        return [{"supports": self.supports} | other_shares for _ in pairs]

    def _read(self, pair: TextPair) -> float:
        claim_words, text_words = set(pair.claim.lower().split()), set(pair.text.lower().split())
        alike = (
            len(claim_words & text_words) >= 0.8 * len(claim_words)
            and (pair.claim, pair.text) not in self.unlike
        )
        return self.sure if alike else 0.02


class Desk:
    """A store with claims of one mention each, and nights that join them."""

    def __init__(self, store: EmptyStore, run: RunContext) -> None:
        self.store, self.run, self.world = store, run, World(store)
        self.world.source("Wire")
        self.reader = Reader()
        self.nights = 0

    def claim(self, claim_id: str, words: str, hour: float = 0, **fields: object) -> str:
        """Add a claim that one document makes; return the id of its mention."""
        self.world.claim(claim_id, words, mention_id=f"m-{claim_id}", first_seen_at=hours(hour), **fields)  # type: ignore[arg-type]
        self.world.say(claim_id, "wire", hours(hour), document_id=f"d-{claim_id}", mention_id=f"m-{claim_id}")
        self.store.put(
            "placements",
            [{"mention_id": f"m-{claim_id}", "claim_id": claim_id, "similarity": 1.0, "how": "new"}],
        )
        return f"m-{claim_id}"

    def night(self) -> int:
        """Embed and join, some hours later each time; return how many were joined."""
        self.nights += 1
        self.run = replace(self.run, run_id=f"r{self.nights}", now=hours(100 + 24 * self.nights))
        embedder = FakeEmbedder()
        rows = self.store.execute("SELECT claim_id, claim FROM store.claims ORDER BY claim_id")
        vectors = embedder.encode([claim for _, claim in rows])
        self.store.append(
            "claim_vectors",
            (
                {"claim_id": claim_id, "claim": claim, "model": embedder.name, "vector": vector}
                for (claim_id, claim), vector in zip(rows, np.asarray(vectors), strict=True)
            ),
            replace=True,
        )
        with self.store.transaction():
            editorial.apply_decisions(self.store, self.run)
        return join_claims(self.store, self.run, Readers(self.reader, self.reader), embedder.name)

    def decide(self, kind: DecisionKind, target: str, value: str | None = None) -> str:
        """Write a decision; return its id."""
        self.world.decide(kind, target, value, hours(110 + 24 * self.nights))
        number = int(self.store.execute("SELECT count(*) FROM store.decisions")[0][0])
        self.store.execute("UPDATE store.decisions SET number = $number WHERE number = 0", {"number": number})
        return str(self.store.execute("SELECT max_by(decision_id, number) FROM store.decisions")[0][0])

    def undo(self, decision_id: str) -> None:
        """Take a decision back."""
        self.store.execute(
            "UPDATE store.decisions SET undone_at = $at WHERE decision_id = $decision_id",
            {"at": hours(115 + 24 * self.nights), "decision_id": decision_id},
        )

    @property
    def shown(self) -> list[str]:
        """Return the published claims."""
        return [claim for (claim,) in self.store.execute("SELECT claim_id FROM claims ORDER BY claim_id")]


@pytest.fixture
def desk(store: EmptyStore, run: RunContext) -> Desk:
    return Desk(store, run)


def test_two_claims_that_say_the_same_become_the_older_one(desk: Desk) -> None:
    desk.claim("c1", TEST_SETS[1], hour=5)
    desk.claim("c2", TEST_SETS[0], hour=1)
    desk.claim("c3", ELSE, hour=2)
    assert desk.night() == 1
    assert claims_of(desk.store) == {"m-c1": "c2", "m-c2": "c2", "m-c3": "c3"}
    assert desk.shown == ["c2", "c3"]
    joins_sql = "SELECT joined_id, into_id, claim_id, claim, model, run_id, parted_at FROM joins"
    model_names = "fake-stance-1+fake-stance-1"
    assert desk.store.execute(joins_sql) == [("c1", "c2", "c2", TEST_SETS[1], model_names, "r1", None)]
    on_timeline = "SELECT claim_id, reason FROM timeline WHERE event = 'joined'"
    [(claim, reason)] = desk.store.execute(on_timeline)
    assert claim == "c2" and "c1" in reason and TEST_SETS[1] in reason


def test_a_pair_is_read_once_until_one_of_the_two_is_reworded(desk: Desk) -> None:
    desk.reader.sure = desk.run.config.gather.join - 0.01
    desk.claim("c1", TEST_SETS[0])
    desk.claim("c2", TEST_SETS[1])
    assert desk.night() == 0
    assert set(desk.reader.asked) == {TEST_SETS[:2], TEST_SETS[1::-1]}
    desk.reader.asked.clear()
    assert desk.night() == 0 and desk.reader.asked == []
    desk.store.execute(
        "UPDATE store.claims SET claim = $claim WHERE claim_id = 'c1'", {"claim": TEST_SETS[2]}
    )
    desk.night()
    assert set(desk.reader.asked) == {TEST_SETS[1:], TEST_SETS[:0:-1]}


def test_what_the_relation_model_does_not_find_to_support_the_other_is_not_joined(desk: Desk) -> None:
    desk.reader.supports = SUPPORTS - 0.01
    desk.claim("c1", TEST_SETS[0])
    desk.claim("c2", TEST_SETS[1])
    assert desk.night() == 0
    assert set(desk.reader.asked) == {TEST_SETS[:2], TEST_SETS[1::-1]}


@pytest.mark.parametrize(("other", "is_turned"), [
    ("Calling Aster 4 by its interface is cheaper than to run Aster 4 on your own machine", True),
    ("To run Aster 4 on your own machine costs less than its interface", False),
    ("To run Aster 4 on your own machine is cheap", False),
    ("Aster 4 runs faster than ever, and cheaper than its interface", False),
])
def test_a_comparison_the_other_way_round_is_another_claim(other: str, is_turned: bool) -> None:
    words = "To run Aster 4 on your own machine is cheaper than its interface"
    assert turned(words, other) is turned(other, words) is is_turned
    assert not turned(words, words)


def test_a_sentence_that_breaks_the_reader_is_joined_to_none_and_keeps_no_other_from_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.claim("c1", TEST_SETS[1], hour=5)
    desk.claim("c2", TEST_SETS[0], hour=1)
    desk.claim("c3", f"{TEST_SETS[0]} poison", hour=2)
    read_one_pair = desk.reader._read

    def brittle(pair: TextPair) -> float:
        if "poison" in pair.claim + pair.text:
            raise OverflowError("a number that is too large")
        return read_one_pair(pair)

    monkeypatch.setattr(desk.reader, "_read", brittle)
    assert desk.night() == 1
    assert desk.shown == ["c2", "c3"]
    issues = desk.store.execute("SELECT DISTINCT stage, code, place FROM store.issues ORDER BY place")
    assert issues == [("gather", "unread", "c2 c3"), ("gather", "unread", "c3 c1")]
    assert desk.night() == 0


def test_one_way_is_not_enough(desk: Desk) -> None:
    desk.reader.unlike = frozenset({TEST_SETS[:2]})
    desk.claim("c1", TEST_SETS[0])
    desk.claim("c2", TEST_SETS[1])
    assert desk.night() == 0


def test_claims_of_other_days_or_other_names_stay_two(desk: Desk) -> None:
    desk.claim("c1", TEST_SETS[0])
    desk.claim("c2", TEST_SETS[1], hour=24 * 100)
    desk.claim("c3", TEST_SETS[1], organisations=("lodestone",), entities=("Borage 2",))
    assert desk.night() == 0 and desk.reader.asked == []


def test_of_three_in_a_row_only_those_are_one_that_were_read_side_by_side(desk: Desk) -> None:
    desk.reader.unlike = frozenset({(TEST_SETS[0], TEST_SETS[2]), (TEST_SETS[2], TEST_SETS[0])})
    for number, words in enumerate(TEST_SETS):
        desk.claim(f"c{number}", words, hour=number)
    assert desk.night() == 1
    assert len(set(claims_of(desk.store).values())) == 2


def test_what_is_joined_on_two_nights_was_read_side_by_side_too(desk: Desk) -> None:
    desk.reader.unlike = frozenset({(TEST_SETS[0], TEST_SETS[2]), (TEST_SETS[2], TEST_SETS[0])})
    desk.claim("c1", TEST_SETS[1], hour=5)
    desk.claim("c2", TEST_SETS[2], hour=9)
    assert desk.night() == 1
    desk.claim("c3", TEST_SETS[0], hour=50)
    desk.decide(DecisionKind.STATUS, "c3", "disputed")  # so that c3 would take the others over
    assert desk.night() == 0
    assert claims_of(desk.store) == {"m-c1": "c1", "m-c2": "c1", "m-c3": "c3"}


def test_a_claim_takes_its_joined_ones_along_that_were_read_beside_the_other(desk: Desk) -> None:
    desk.claim("c1", TEST_SETS[1], hour=5)
    desk.claim("c2", TEST_SETS[2], hour=9)
    assert desk.night() == 1
    desk.claim("c3", TEST_SETS[0], hour=50)
    desk.decide(DecisionKind.STATUS, "c3", "disputed")
    desk.reader.asked.clear()
    assert desk.night() == 1
    assert (TEST_SETS[0], TEST_SETS[2]) in desk.reader.asked
    assert set(claims_of(desk.store).values()) == {"c3"}


def test_apart_takes_a_join_back_for_good_and_its_undoing_restores_it(desk: Desk) -> None:
    desk.claim("c1", TEST_SETS[0])
    desk.claim("c2", TEST_SETS[1], hour=2)
    desk.night()
    assert desk.shown == ["c1"]
    preview = Consequences(desk.store.connection, 10).of(DecisionKind.APART, "c2", "c1")
    assert any("joined" in line for line in preview)
    decision = desk.decide(DecisionKind.APART, "c2", "c1")
    assert desk.night() == 0
    assert claims_of(desk.store) == {"m-c1": "c1", "m-c2": "c2"}
    [(parted,)] = desk.store.execute("SELECT parted_at FROM joins")
    assert parted is not None
    desk.store.execute("DELETE FROM store.compared")
    assert desk.night() == 0 and desk.shown == ["c1", "c2"]
    desk.undo(decision)
    desk.night()
    assert claims_of(desk.store) == {"m-c1": "c1", "m-c2": "c1"}


def test_what_an_editor_split_off_or_moved_away_is_not_joined_again(desk: Desk) -> None:
    for number, words in enumerate(TEST_SETS):
        desk.claim(f"c{number}", words, hour=number)
    desk.claim("c3", ELSE)
    assert desk.night() == 2
    desk.decide(DecisionKind.SPLIT, "m-c1")
    desk.night()
    desk.night()
    split_id = editorial.split_claim_id("m-c1")
    assert claims_of(desk.store) == {"m-c0": "c0", "m-c1": split_id, "m-c2": "c0", "m-c3": "c3"}
    desk.decide(DecisionKind.MOVE, "m-c2", "c3")
    desk.store.execute("DELETE FROM store.compared")
    desk.night()
    assert claims_of(desk.store) == {"m-c0": "c0", "m-c1": split_id, "m-c2": "c3", "m-c3": "c3"}


def test_the_claim_that_editors_decided_about_survives_and_of_two_such_none(desk: Desk) -> None:
    desk.claim("c1", TEST_SETS[0])
    desk.claim("c2", TEST_SETS[1], hour=5)
    desk.decide(DecisionKind.STATUS, "c2", "disputed")
    desk.night()
    assert desk.shown == ["c2"]
    desk.claim("c3", TEST_SETS[2], hour=6)
    desk.decide(DecisionKind.NOTE, "c3")
    desk.night()
    assert desk.shown == ["c2", "c3"]


def test_a_followed_claim_survives_and_stands_for_nothing_once_nobody_follows_it(desk: Desk) -> None:
    desk.claim("c1", TEST_SETS[0])
    desk.world.claim("c-followed", TEST_SETS[1], mention_id="", first_seen_at=hours(90))
    decision = desk.decide(DecisionKind.FOLLOW, "c-followed", TEST_SETS[1])
    desk.night()
    assert desk.shown == ["c-followed"]
    assert claims_of(desk.store) == {"m-c1": "c-followed"}
    desk.undo(decision)
    desk.night()
    assert desk.shown == ["c1"]


def test_a_hidden_claim_hides_no_other(desk: Desk) -> None:
    desk.claim("c1", TEST_SETS[0])
    desk.claim("c2", TEST_SETS[1], hour=5)
    desk.decide(DecisionKind.HIDE, "c1")
    assert desk.night() == 0
    assert desk.shown == ["c2"]


def test_an_editor_merge_says_who_takes_over_in_a_joined_group(desk: Desk) -> None:
    desk.claim("c1", TEST_SETS[0])
    desk.claim("c2", TEST_SETS[1], hour=5)
    desk.claim("c3", ELSE)
    desk.night()
    desk.decide(DecisionKind.MERGE, "c1", "c3")
    desk.night()
    assert set(claims_of(desk.store).values()) == {"c3"}


def test_before_the_join_two_claims_were_known(desk: Desk) -> None:
    desk.claim("c1", TEST_SETS[0])
    desk.claim("c2", TEST_SETS[1], hour=2)
    earlier_run = replace(desk.run, run_id="r0", now=hours(60))
    judge(desk.store, earlier_run)
    desk.night()
    desk.world.stance("c1", "m-c2", at=desk.run.now)
    judge(desk.store, desk.run)
    known_members_sql = """SELECT claim_id, mention_id FROM (
        FROM store.knowledge WHERE known_at <= $at
        QUALIFY row_number() OVER (PARTITION BY claim_id, evidence_id ORDER BY known_at DESC) = 1
    ) WHERE present ORDER BY ALL"""
    assert desk.store.execute(known_members_sql, {"at": hours(70)}) == [("c1", "m-c1"), ("c2", "m-c2")]
    assert desk.store.execute(known_members_sql, {"at": desk.run.now}) == [("c1", "m-c1"), ("c1", "m-c2")]


PAIRS = (
    ("Aurel released Aster 4 in May", "Aurel released Aster 5 in May"),
    ("Aster 4 has 70 billion parameters", "Aster 4 has 72 billion parameters"),
    ("Aster 4 needs 80 GB of memory", "Aster 4 needs 80 TB of memory"),
    ("Aurel will release Aster 4 in May", "Aurel will release Aster 4 in June"),
    ("Aurel trained Aster 4 on MMLU", "Aurel trained Aster 4 on GPQA"),
    ("Aurel trained Aster 4 on test sets", "Aurel never trained Aster 4 on test sets"),
    ("Aster 4 beats Borage 2", "Borage 2 beats Aster 4"),
    ("Aurel raised the price of Aster 4", "Aurel lowered the price of Aster 4"),
    ("Aurel released Aster 4", "Aurel released Aster 4 in May"),
    ("Aurel released Aster 4", "Aurel released Aster 4 Mini"),
)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_sentences_that_pin_down_other_things_are_not_even_read(desk: Desk, one: str, other: str) -> None:
    desk.reader.sure = 1.0
    desk.claim("c1", one)
    desk.claim("c2", other)
    assert desk.night() == 0 and desk.reader.asked == []
    claim_details, other_details = (
        Slots(text, Kind.OTHER, ("aurel",), ("Aster 4",), (), None, Precision.UNKNOWN, text)
        for text in (one, other)
    )
    assert not same_details(claim_details, other_details) and not same_details(other_details, claim_details)


TOLD_TWICE = (
    ("Aurel offers a bug bounty", Kind.DEAL, "Aurel offers a bug bounty", Kind.SAFETY),
    ("Aurel copied the voice of Mira Sol", Kind.SAFETY, "Aurel copied the voice of Sol", Kind.SAFETY),
)


@pytest.mark.parametrize(("one", "kind", "other", "others_kind"), TOLD_TWICE)
def test_two_kinds_and_one_more_name_keep_no_two_tellings_apart(
    one: str, kind: Kind, other: str, others_kind: Kind
) -> None:
    claim_details, other_details = (
        Slots(text, text_kind, ("aurel",), ("Aster 4",), (), None, Precision.UNKNOWN, f"{text}{end}")
        for text, text_kind, end in ((one, kind, ""), (other, others_kind, " now"))
    )
    assert same_details(claim_details, other_details) and same_details(other_details, claim_details)


NAMES = [f"c{number}" for number in range(5)]
PAIR = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] != pair[1])


@given(st.lists(PAIR, max_size=8), st.lists(PAIR, max_size=3), st.lists(PAIR, max_size=4))
def test_joins_that_hold_bring_no_two_claims_together_that_are_apart(
    joins: list[tuple[str, str]], merges: list[tuple[str, str]], apart: list[tuple[str, str]]
) -> None:
    def groups(edges: Iterable[tuple[str, str]]) -> dict[str, int]:
        group_of = {name: number for number, name in enumerate(NAMES)}
        for left, right in edges:
            old_group, new_group = group_of[left], group_of[right]
            group_of = {
                name: new_group if number == old_group else number for name, number in group_of.items()
            }
        return group_of

    held_joins = compatible_joins(joins, merges, apart)
    assert [join for join in joins if join in held_joins] == held_joins or set(held_joins) <= set(joins)
    merged, standing_groups = groups(merges), groups([*merges, *held_joins])
    for left, right in apart:
        assert standing_groups[left] != standing_groups[right] or merged[left] == merged[right]
    for join in joins:
        after_join = groups([*merges, *held_joins, join])
        unites = after_join != standing_groups and any(
            after_join[left] == after_join[right] and standing_groups[left] != standing_groups[right]
            for left, right in apart
        )
        assert join in held_joins or unites


STEP = st.one_of(
    st.tuples(st.just(DecisionKind.APART), PAIR),
    st.tuples(st.just(DecisionKind.MERGE), PAIR),
    st.tuples(st.just(DecisionKind.SPLIT), PAIR),
    st.tuples(st.just(DecisionKind.MOVE), PAIR),
    st.tuples(st.just(DecisionKind.UNDO), PAIR),
)


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, min_size=2, max_size=6))
def test_ids_resolve_after_any_joins_merges_and_splits(
    store: EmptyStore, run: RunContext, steps: list[tuple[DecisionKind, tuple[str, str]]]
) -> None:
    for (table,) in store.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'store'"):
        store.execute(f"DELETE FROM store.{table}")
    desk = Desk(store, run)
    for number, name in enumerate(NAMES):
        desk.claim(name, (*TEST_SETS, ELSE, f"{ELSE} too")[number], hour=number)
    desk.night()
    decisions_made: list[str] = []
    for kind, (claim_id, other_id) in steps:
        if kind is DecisionKind.UNDO:
            if decisions_made:
                desk.undo(decisions_made.pop())
        else:
            target = f"m-{claim_id}" if kind in (DecisionKind.SPLIT, DecisionKind.MOVE) else claim_id
            decisions_made.append(desk.decide(kind, target, None if kind is DecisionKind.SPLIT else other_id))
        desk.night()
        _check(store)


def _check(store: Store) -> None:
    rows = dict(store.execute("SELECT claim_id, merged_into FROM store.claims"))
    for claim_id, into_id in rows.items():
        assert into_id is None or (into_id in rows and into_id != claim_id and rows[into_id] is None)
    members = claims_of(store)
    assert len(members) == len(NAMES)
    assert all(rows[claim] is None for claim in members.values())
    apart_pairs = store.execute(
        "SELECT target, value FROM store.decisions WHERE kind = 'apart' AND undone_at IS NULL"
    )
    merged = store.execute("SELECT count(*) FROM store.decisions WHERE kind = 'merge' AND undone_at IS NULL")
    if merged == [(0,)]:
        for left, right in apart_pairs:
            assert (rows[left] or left) != (rows[right] or right)
    for kept_id, other_id in combinations(rows, 2):
        if rows[kept_id] == other_id:
            assert rows[other_id] is None
