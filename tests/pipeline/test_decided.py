"""Editors' merges and splits are always held, whatever the machine thinks, and can be taken back."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cluster import cluster
from pipeline.context import RunContext
from pipeline.decided import roots, split_claim_id
from pipeline.records import Decision, DecisionKind
from pipeline.store import Store
from tests.conftest import NOW
from tests.fakes import FakeEmbedder
from tests.pipeline.mentions import claims_of, said

NAMES = st.sampled_from([f"c{n}" for n in range(8)])


@given(st.lists(st.tuples(NAMES, NAMES), max_size=12))
def test_groups_are_the_connected_components(merges: list[tuple[str, str]]) -> None:
    heads = roots(merges)
    graph = nx.Graph()
    graph.add_edges_from(merges)
    groups: dict[str, set[str]] = {}
    for claim, head in heads.items():
        groups.setdefault(head, set()).add(claim)
    assert sorted(map(sorted, groups.values())) == sorted(map(sorted, nx.connected_components(graph)))
    assert all(head in members for head, members in groups.items())


def test_the_newest_merge_says_who_takes_over() -> None:
    assert roots([("a", "b"), ("b", "c")]) == {"a": "c", "b": "c", "c": "c"}
    assert roots([("a", "b"), ("b", "a")]) == {"a": "a", "b": "a"}
    assert roots([("a", "b"), ("c", "a")])["c"] == "b"


def decide(store: Store, kind: DecisionKind, target: str, value: str | None, number: int = 1, *, undone: bool = False) -> None:
    at = NOW + timedelta(minutes=number)
    decision = Decision(f"x{number}", kind, target, value, "because", "an editor", at, at if undone else None)
    store.append("decisions", [decision], replace=True)


def again(store: Store, run: RunContext) -> dict[str, str]:
    cluster(store, run, FakeEmbedder())
    return claims_of(store)


def test_a_merge_moves_members_and_its_undoing_brings_them_back(store: Store, run: RunContext) -> None:
    store.append("mentions", [said("m1", "Orbit sings at dawn"), said("m2", "Comet costs ten dollars")])
    before = again(store, run)
    assert before["m1"] != before["m2"]
    decide(store, DecisionKind.MERGE, before["m1"], before["m2"])
    assert set(again(store, run).values()) == {before["m2"]}
    assert store.connection.execute("SELECT claim_id, merged_into FROM store.claims WHERE merged_into IS NOT NULL").fetchall() == [
        (before["m1"], before["m2"])
    ]
    store.append("mentions", [said("m3", "Orbit sings at dawn")])
    assert again(store, run)["m3"] == before["m2"]
    decide(store, DecisionKind.MERGE, before["m1"], before["m2"], undone=True)
    after = again(store, run)
    assert (after["m1"], after["m2"]) == (before["m1"], before["m2"])
    assert store.connection.execute("SELECT count(*) FROM store.claims WHERE merged_into IS NOT NULL").fetchone() == (0,)


def test_a_split_gives_the_mention_its_own_claim_and_it_never_comes_back(store: Store, run: RunContext) -> None:
    words = "Orbit sings at dawn every day"
    store.append("mentions", [said("m1", words), said("m2", words), said("m3", words)])
    before = again(store, run)
    assert len(set(before.values())) == 1
    decide(store, DecisionKind.SPLIT, "m2", None)
    after = again(store, run)
    assert after == before | {"m2": split_claim_id("m2")}
    store.append("mentions", [said("m4", words)])
    assert again(store, run)["m2"] == split_claim_id("m2")
    decide(store, DecisionKind.SPLIT, "m2", None, undone=True)
    assert again(store, run)["m2"] == before["m1"]
    assert store.connection.execute("SELECT merged_into FROM store.claims WHERE claim_id = ?", [split_claim_id("m2")]).fetchone() == (
        before["m1"],
    )


def test_a_claim_is_told_anew_when_its_words_are_split_off(store: Store, run: RunContext) -> None:
    store.append("mentions", [said("m1", "Orbit sings at dawn every day"), said("m2", "Every day Orbit sings at dawn")])
    before = again(store, run)
    assert before["m1"] == before["m2"]
    decide(store, DecisionKind.SPLIT, "m1", None)
    again(store, run)
    told = store.connection.execute("SELECT claim FROM store.claims WHERE claim_id = ?", [before["m1"]]).fetchone()
    assert told == ("Every day Orbit sings at dawn",)


def test_a_split_claim_can_be_merged_elsewhere(store: Store, run: RunContext) -> None:
    store.append("mentions", [said("m1", "Orbit sings"), said("m2", "Orbit sings"), said("m3", "Comet costs ten dollars")])
    before = again(store, run)
    decide(store, DecisionKind.SPLIT, "m2", None, 1)
    again(store, run)
    decide(store, DecisionKind.MERGE, split_claim_id("m2"), before["m3"], 2)
    assert again(store, run) == {"m1": before["m1"], "m2": before["m3"], "m3": before["m3"]}


def test_decisions_made_before_the_store_was_built_hold_from_the_first_run(store: Store, run: RunContext) -> None:
    decide(store, DecisionKind.SPLIT, "m2", None)
    store.append("mentions", [said("m1", "Orbit sings"), said("m2", "Orbit sings")])
    assert again(store, run)["m2"] == split_claim_id("m2")


def test_a_decision_about_nothing_is_an_issue(store: Store, run: RunContext) -> None:
    store.append("mentions", [said("m1", "Orbit sings")])
    decide(store, DecisionKind.MERGE, "c-none", "c-nowhere", 1)
    decide(store, DecisionKind.SPLIT, "m-none", None, 2)
    again(store, dataclasses.replace(run, run_id="r2"))
    codes = store.connection.execute("SELECT DISTINCT code, place FROM store.issues ORDER BY place").fetchall()
    assert codes == [("decision_dangling", "x1"), ("decision_dangling", "x2")]
