"""Editors' merges and splits are always held, whatever the machine thinks, and can be taken back."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.context import RunContext
from pipeline.core.records import Decision, Evidence, stable_id
from pipeline.core.vocabulary import DecisionKind, Kind, Precision, Stance
from pipeline.decisions.editorial import roots, split_claim_id
from pipeline.stages.cluster.stage import cluster
from pipeline.store.queries import Statements
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.fakes import FakeEmbedder
from tests.worlds.builder import World, claims_of, said

SQL = Statements("pipeline.decisions", "editorial")
WEIGH = Statements("pipeline.stages", "weigh")

NAMES = st.sampled_from([f"c{n}" for n in range(8)])


@given(st.lists(st.tuples(NAMES, NAMES), max_size=12))
def test_groups_are_the_connected_components(merges: list[tuple[str, str]]) -> None:
    import networkx as nx  # here, since it takes half a second to load

    root_of = roots(merges)
    graph = nx.Graph()
    graph.add_edges_from(merges)
    groups: dict[str, set[str]] = {}
    for claim, root in root_of.items():
        groups.setdefault(root, set()).add(claim)
    assert sorted(map(sorted, groups.values())) == sorted(map(sorted, nx.connected_components(graph)))
    assert all(root_name in members for root_name, members in groups.items())


def test_the_newest_merge_says_who_takes_over() -> None:
    assert roots([("a", "b"), ("b", "c")]) == {"a": "c", "b": "c", "c": "c"}
    assert roots([("a", "b"), ("b", "a")]) == {"a": "a", "b": "a"}
    assert roots([("a", "b"), ("c", "a")])["c"] == "b"


class Desk:
    """Sentences that are clustered again and again, under what an editor decided."""

    def __init__(self, store: Store, run: RunContext) -> None:
        self.store, self.run = store, run
        self.heard = self.made = 0

    def hear(self, *sentences: str) -> None:
        """Append a mention of each sentence; they are m1, m2 and so on."""
        numbered = enumerate(sentences, self.heard + 1)
        self.store.append("mentions", [said(f"m{number}", words) for number, words in numbered])
        self.heard += len(sentences)

    def decide(self, kind: DecisionKind, target: str, value: str | None = None) -> None:
        """Append a decision; they are x1, x2 and so on, a minute apart."""
        self.made += 1
        when = NOW + timedelta(minutes=self.made)
        editor = "an editor"
        decision = Decision(f"x{self.made}", kind, target, value, "because", editor, when, None, self.made)
        self.store.append("decisions", [decision])

    def undo(self, number: int = 1) -> None:
        """Take a decision back."""
        self.ask("UPDATE store.decisions SET undone_at = decided_at WHERE number = ?", [number])

    def again(self) -> dict[str, str]:
        """Cluster; return the claim of each mention."""
        cluster(self.store, self.run, FakeEmbedder())
        return claims_of(self.store)

    def ask(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        return self.store.execute(sql, parameters)

    def heirs(self) -> dict[str, str]:
        """Return the claim that stands for each merged claim."""
        return dict(self.ask("SELECT claim_id, heir FROM store.heirs"))

    def merged(self) -> dict[str, str]:
        """Return which claim went into which."""
        sql = "SELECT claim_id, merged_into FROM store.claims WHERE merged_into IS NOT NULL"
        return dict(self.ask(sql))

    def words_of(self, claim_id: str) -> str:
        """Return the words of a claim."""
        [(claim_text,)] = self.ask("SELECT claim FROM store.claims WHERE claim_id = ?", [claim_id])
        return str(claim_text)


@pytest.fixture
def desk(store: Store, run: RunContext) -> Desk:
    return Desk(store, run)


def test_a_merge_moves_members_and_its_undoing_brings_them_back(desk: Desk) -> None:
    desk.hear("Orbit sings at dawn", "Comet costs ten dollars")
    before = desk.again()
    assert before["m1"] != before["m2"]
    desk.decide(DecisionKind.MERGE, before["m1"], before["m2"])
    assert set(desk.again().values()) == {before["m2"]}
    assert desk.merged() == {before["m1"]: before["m2"]}
    desk.hear("Orbit sings at dawn")
    assert desk.again()["m3"] == before["m2"]
    desk.undo()
    after = desk.again()
    assert (after["m1"], after["m2"]) == (before["m1"], before["m2"])
    assert desk.merged() == {}


def test_a_split_gives_the_mention_its_own_claim_and_it_never_comes_back(desk: Desk) -> None:
    sentence = "Orbit sings at dawn every day"
    desk.hear(sentence, sentence, sentence)
    before = desk.again()
    assert len(set(before.values())) == 1
    desk.decide(DecisionKind.SPLIT, "m2")
    after = desk.again()
    assert after == before | {"m2": split_claim_id("m2")}
    desk.hear(sentence)
    assert desk.again()["m2"] == split_claim_id("m2")
    desk.undo()
    assert desk.again()["m2"] == before["m1"]
    assert desk.merged()[split_claim_id("m2")] == before["m1"]


def test_a_claim_is_told_anew_while_its_words_are_split_off(desk: Desk) -> None:
    first, second = "Orbit sings at dawn every day", "Every day Orbit sings at dawn"
    desk.hear(first, second)
    before = desk.again()
    assert before["m1"] == before["m2"]
    desk.decide(DecisionKind.SPLIT, "m1")
    for _ in range(2):
        desk.again()
        assert desk.words_of(before["m1"]) == second
    desk.undo()
    desk.again()
    assert desk.words_of(before["m1"]) == first


def test_what_a_claim_is_about_is_told_anew_with_its_words(desk: Desk) -> None:
    """Kind, names and time come from the wording mention; the evidence is weighed against the new words."""
    first, second = "Orbit sings at dawn every day", "Every day Orbit sings at dawn"
    fields: dict[str, Any] = {"kind": Kind.RELEASE, "entities": ("Orbit",), "organisations": ("Aurel",)}
    desk.store.append("mentions", [
        said("m1", first, **fields, event_at=NOW, event_precision=Precision.DAY),
        said("m2", second, kind=Kind.OTHER, entities=("Orbit 2", "Orbit"), organisations=("Basalt",)),
    ])  # fmt: skip
    claim = desk.again()["m1"]
    assert set(claims_of(desk.store).values()) == {claim}
    evidence_sql = "SELECT mention_id FROM store.evidence WHERE claim_id = ? ORDER BY ALL"
    claim_sql = "SELECT claim, kind, entities, organisations, event_at, event_precision FROM store.claims"
    claim_sql += f" WHERE claim_id = '{claim}'"
    before = desk.ask(claim_sql)

    def weigh_all() -> None:
        desk.store.append("evidence", [
            Evidence(f"e-{mention}-{claim_id}", claim_id, mention, Stance.DENIES, 0.9, (), "fake", NOW, "r1")
            for mention, claim_id in desk.ask(WEIGH["todo"], {"model": "fake"})])  # fmt: skip

    desk.store.append("mentions", [said("m3", first)])
    desk.store.append("placements", [{"mention_id": "m3", "claim_id": claim, "similarity": 1.0,
                                      "how": "gathered"}])  # fmt: skip
    desk.store.append("members", [{"mention_id": "m3", "claim_id": claim, "similarity": 1.0,
                                   "how": "gathered", "run_id": "r1"}])  # fmt: skip
    desk.decide(DecisionKind.STANCE, "m2", "reports")
    weigh_all()
    desk.decide(DecisionKind.SPLIT, "m1")
    desk.again()
    [(claim_text, kind, entities, organisations, event_at, precision)] = desk.ask(claim_sql)
    assert (claim_text, kind, event_at, precision) == (second, "other", None, "unknown")
    assert (list(entities), list(organisations)) == (["Orbit 2", "Orbit"], ["Basalt"])
    assert desk.ask(evidence_sql, [claim]) == [("m3",)]  # gathered evidence stays with its claim
    weigh_all()
    desk.again()
    assert desk.ask(evidence_sql, [claim]) == [("m2",), ("m3",)]
    stances = "SELECT machine_stance, stance FROM step.stances WHERE mention_id = 'm2'"
    assert desk.ask(stances) == [("denies", "reports")]
    desk.undo(2)
    desk.again()
    assert desk.ask(claim_sql) == before
    assert sorted(desk.ask(WEIGH["todo"], {"model": "fake"})) == [("m1", claim), ("m2", claim)]


def test_a_moved_mention_goes_where_its_claim_goes(desk: Desk) -> None:
    sentences = ("Orbit sings at dawn", "Comet costs ten dollars", "Nebula was sold to a bank")
    desk.hear(*sentences)
    a, b, c = desk.again().values()
    desk.decide(DecisionKind.MOVE, "m1", b)
    assert desk.again() == {"m1": b, "m2": b, "m3": c}
    desk.decide(DecisionKind.MERGE, b, c)
    assert desk.again() == {"m1": c, "m2": c, "m3": c}
    desk.decide(DecisionKind.SPLIT, "m1")
    assert desk.again()["m1"] == split_claim_id("m1")
    desk.decide(DecisionKind.MOVE, "m1", "c-nowhere")
    # A decision that cannot be carried out leaves the one before it in force.
    assert desk.again()["m1"] == split_claim_id("m1")
    desk.decide(DecisionKind.MOVE, "m1", a)
    assert desk.again()["m1"] == a
    for number in range(1, 6):
        desk.undo(number)
    assert desk.again() == {"m1": a, "m2": b, "m3": c}


def test_a_moved_mention_does_not_stand_for_the_claim_that_it_was_put_to(desk: Desk) -> None:
    desk.hear("Orbit sings at dawn", "Comet costs ten dollars")
    a, b = desk.again().values()
    desk.decide(DecisionKind.MOVE, "m1", b)
    desk.again()
    desk.hear("Orbit sings at dawn", "Comet costs ten dollars")
    after = desk.again()
    assert after["m4"] == b
    assert after["m3"] not in (a, b)


def test_the_newest_by_the_journal_holds_whatever_the_clocks_say(desk: Desk) -> None:
    desk.hear("Orbit sings", "Comet costs ten dollars", "Nebula was sold to a bank")
    a, b, c = desk.again().values()
    late, early = NOW + timedelta(days=9), NOW - timedelta(days=9)
    desk.store.append("decisions", [Decision("x1", DecisionKind.MOVE, "m1", b, "why", "ada", late, None, 1)])
    desk.store.append("decisions", [Decision("x2", DecisionKind.MOVE, "m1", c, "why", "bo", early, None, 2)])
    assert desk.again()["m1"] == c != a


def test_what_was_decided_about_a_split_that_was_taken_back_rests(desk: Desk) -> None:
    desk.hear("Orbit sings", "Orbit sings", "Comet costs ten dollars")
    before = desk.again()
    own_claim = split_claim_id("m2")
    desk.decide(DecisionKind.SPLIT, "m2")
    desk.decide(DecisionKind.HIDE, own_claim)
    desk.decide(DecisionKind.MERGE, own_claim, before["m3"])
    desk.decide(DecisionKind.MOVE, "m3", own_claim)
    assert desk.again() == {"m1": before["m1"], "m2": before["m3"], "m3": before["m3"]}
    assert desk.heirs() == {own_claim: before["m3"]}
    desk.undo()
    assert desk.again() == before
    assert desk.heirs() == {}
    assert desk.store.execute(SQL["claims_among"], {"claims": [own_claim]}), "its id still resolves"
    assert desk.ask("SELECT code FROM store.issues") == []


def test_splits_of_splits_that_were_taken_back_lead_to_the_first_claim(desk: Desk) -> None:
    desk.hear(*["Orbit sings"] * 4)
    before = desk.again()
    for mention, joiner in (("m2", "m3"), ("m3", "m4")):
        desk.decide(DecisionKind.SPLIT, mention)
        desk.again()
        placement_update = "UPDATE store.placements SET claim_id = ? WHERE mention_id = ?"
        desk.ask(placement_update, [split_claim_id(mention), joiner])
    assert desk.again()["m4"] == split_claim_id("m3")
    for number in (1, 2):
        desk.undo(number)
    assert desk.again() == before
    assert set(desk.merged().values()) == {before["m1"]}


def test_a_claim_that_all_its_mentions_left_is_not_shown(desk: Desk) -> None:
    desk.hear("Orbit sings", "Comet costs ten dollars")
    a, b = desk.again().values()
    desk.decide(DecisionKind.NOTE, a)
    desk.decide(DecisionKind.MOVE, "m1", b)
    desk.again()
    assert desk.ask("SELECT claim_id FROM step.shown") == [(b,)]
    timeline_sql = "SELECT claim_id, reason FROM timeline WHERE event = 'decision'"
    assert desk.ask(timeline_sql) == [(b, "move by an editor: because")]


def test_an_id_of_another_clustering_is_the_claim_of_its_founding_mention(desk: Desk) -> None:
    desk.hear("Orbit sings", "Orbit sings", "Comet costs ten dollars")
    before = desk.again()
    other_id = stable_id("c", "m2")
    assert other_id not in before.values()
    desk.decide(DecisionKind.MERGE, before["m3"], other_id)
    desk.decide(DecisionKind.STATUS, other_id, "disputed")
    assert set(desk.again().values()) == {before["m1"]}
    assert desk.heirs() == {other_id: before["m1"], before["m3"]: before["m1"]}
    decided_sql = "SELECT target, value FROM step.decided WHERE kind = 'status'"
    assert desk.ask(decided_sql) == [(before["m1"], "disputed")]


def test_rivals_of_a_merged_claim_are_those_of_the_claim_that_took_over(desk: Desk) -> None:
    desk.hear("Orbit sings", "Comet costs ten dollars", "Nebula was sold to a bank")
    a, b, c = desk.again().values()
    world = World(desk.store)
    world.rivals(a, c, "number", "7b / 70b")
    world.rivals(c, a, "number", "70b / 7b")
    desk.decide(DecisionKind.MERGE, a, b)
    desk.again()
    rival_rows = desk.ask("SELECT claim_id, rival_id, words FROM rivals")
    assert set(rival_rows) == {(b, c, "7b / 70b"), (c, b, "70b / 7b")}


def test_a_split_claim_can_be_merged_elsewhere(desk: Desk) -> None:
    desk.hear("Orbit sings", "Orbit sings", "Comet costs ten dollars")
    before = desk.again()
    desk.decide(DecisionKind.SPLIT, "m2")
    desk.again()
    desk.decide(DecisionKind.MERGE, split_claim_id("m2"), before["m3"])
    assert desk.again() == {"m1": before["m1"], "m2": before["m3"], "m3": before["m3"]}


def test_decisions_made_before_the_store_was_built_hold_from_the_first_run(desk: Desk) -> None:
    desk.decide(DecisionKind.SPLIT, "m2")
    desk.hear("Orbit sings", "Orbit sings")
    assert desk.again()["m2"] == split_claim_id("m2")


def test_a_decision_about_nothing_is_an_issue(desk: Desk) -> None:
    desk.hear("Orbit sings")
    desk.decide(DecisionKind.MERGE, "c-none", "c-nowhere")
    desk.decide(DecisionKind.SPLIT, "m-none")
    desk.decide(DecisionKind.MOVE, "m1", "c-nowhere")
    desk.decide(DecisionKind.HIDE, "c-none")
    desk.decide(DecisionKind.STANCE, "m-none", "denies")
    desk.decide(DecisionKind.STANCE, "m1", "agrees")
    desk.decide(DecisionKind.STANCE, "m1", "denies")
    desk.decide(DecisionKind.SPLIT, "m1")
    desk.run = dataclasses.replace(desk.run, run_id="r2")
    desk.again()
    codes = desk.ask("SELECT code, place FROM store.issues ORDER BY place")
    assert codes == [*(("decision_dangling", f"x{n}") for n in range(1, 6)), ("decision_unknown", "x6")]
