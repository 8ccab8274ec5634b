"""Editors' merges and splits are always held, whatever the machine thinks, and can be taken back."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.context import RunContext
from pipeline.core.records import Decision, DecisionKind, stable_id
from pipeline.decisions.editorial import roots, split_claim_id
from pipeline.stages.cluster.stage import cluster
from pipeline.store.queries import Statements
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.fakes import FakeEmbedder
from tests.worlds.builder import claims_of, said

SQL = Statements("pipeline.decisions", "editorial")

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


def decide(
    store: Store, kind: DecisionKind, target: str, value: str | None, number: int = 1, *, undone: bool = False
) -> None:
    at = NOW + timedelta(minutes=number)
    decision = Decision(
        f"x{number}", kind, target, value, "because", "an editor", at, at if undone else None, number
    )
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
    assert store.connection.execute(
        "SELECT claim_id, merged_into FROM store.claims WHERE merged_into IS NOT NULL"
    ).fetchall() == [(before["m1"], before["m2"])]
    store.append("mentions", [said("m3", "Orbit sings at dawn")])
    assert again(store, run)["m3"] == before["m2"]
    decide(store, DecisionKind.MERGE, before["m1"], before["m2"], undone=True)
    after = again(store, run)
    assert (after["m1"], after["m2"]) == (before["m1"], before["m2"])
    assert store.connection.execute(
        "SELECT count(*) FROM store.claims WHERE merged_into IS NOT NULL"
    ).fetchone() == (0,)


def test_a_split_gives_the_mention_its_own_claim_and_it_never_comes_back(
    store: Store, run: RunContext
) -> None:
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
    assert store.connection.execute(
        "SELECT merged_into FROM store.claims WHERE claim_id = ?", [split_claim_id("m2")]
    ).fetchone() == (before["m1"],)


def words_of(store: Store, claim_id: str) -> str:
    found = store.connection.execute(
        "SELECT claim FROM store.claims WHERE claim_id = ?", [claim_id]
    ).fetchone()
    assert found
    return str(found[0])


def test_a_claim_is_told_anew_while_its_words_are_split_off(store: Store, run: RunContext) -> None:
    first, second = "Orbit sings at dawn every day", "Every day Orbit sings at dawn"
    store.append("mentions", [said("m1", first), said("m2", second)])
    before = again(store, run)
    assert before["m1"] == before["m2"]
    decide(store, DecisionKind.SPLIT, "m1", None)
    for _ in range(2):
        again(store, run)
        assert words_of(store, before["m1"]) == second
    decide(store, DecisionKind.SPLIT, "m1", None, undone=True)
    again(store, run)
    assert words_of(store, before["m1"]) == first


def test_a_moved_mention_goes_where_its_claim_goes(store: Store, run: RunContext) -> None:
    words = ("Orbit sings at dawn", "Comet costs ten dollars", "Nebula was sold to a bank")
    store.append("mentions", [said(f"m{n}", text) for n, text in enumerate(words, 1)])
    a, b, c = again(store, run).values()
    decide(store, DecisionKind.MOVE, "m1", b, 1)
    assert again(store, run) == {"m1": b, "m2": b, "m3": c}
    decide(store, DecisionKind.MERGE, b, c, 2)
    assert again(store, run) == {"m1": c, "m2": c, "m3": c}
    decide(store, DecisionKind.SPLIT, "m1", None, 3)
    assert again(store, run)["m1"] == split_claim_id("m1")
    decide(store, DecisionKind.MOVE, "m1", "c-nowhere", 4)
    assert again(store, run)["m1"] == split_claim_id("m1"), (
        "what cannot be followed leaves the decision before it standing"
    )
    decide(store, DecisionKind.MOVE, "m1", a, 5)
    assert again(store, run)["m1"] == a
    for number, (kind, target, value) in enumerate(
        [
            ("move", "m1", b),
            ("merge", b, c),
            ("split", "m1", None),
            ("move", "m1", "c-nowhere"),
            ("move", "m1", a),
        ],
        1,
    ):
        decide(store, DecisionKind(kind), target, value, number, undone=True)
    assert again(store, run) == {"m1": a, "m2": b, "m3": c}


def test_a_moved_mention_does_not_stand_for_the_claim_that_it_was_put_to(
    store: Store, run: RunContext
) -> None:
    store.append("mentions", [said("m1", "Orbit sings at dawn"), said("m2", "Comet costs ten dollars")])
    a, b = again(store, run).values()
    decide(store, DecisionKind.MOVE, "m1", b)
    again(store, run)
    store.append("mentions", [said("m3", "Orbit sings at dawn"), said("m4", "Comet costs ten dollars")])
    after = again(store, run)
    assert after["m4"] == b
    assert after["m3"] not in (a, b)


def test_the_newest_by_the_journal_holds_whatever_the_clocks_say(store: Store, run: RunContext) -> None:
    store.append(
        "mentions",
        [
            said("m1", "Orbit sings"),
            said("m2", "Comet costs ten dollars"),
            said("m3", "Nebula was sold to a bank"),
        ],
    )
    a, b, c = again(store, run).values()
    late, early = NOW + timedelta(days=9), NOW - timedelta(days=9)
    store.append("decisions", [Decision("x1", DecisionKind.MOVE, "m1", b, "why", "ada", late, None, 1)])
    store.append("decisions", [Decision("x2", DecisionKind.MOVE, "m1", c, "why", "bo", early, None, 2)])
    assert again(store, run)["m1"] == c != a


def heirs(store: Store) -> dict[str, str]:
    return dict(store.connection.execute("SELECT claim_id, heir FROM store.heirs").fetchall())


def test_what_was_decided_about_a_split_that_was_taken_back_rests(store: Store, run: RunContext) -> None:
    store.append(
        "mentions",
        [said("m1", "Orbit sings"), said("m2", "Orbit sings"), said("m3", "Comet costs ten dollars")],
    )
    before = again(store, run)
    own = split_claim_id("m2")
    decide(store, DecisionKind.SPLIT, "m2", None, 1)
    decide(store, DecisionKind.HIDE, own, None, 2)
    decide(store, DecisionKind.MERGE, own, before["m3"], 3)
    decide(store, DecisionKind.MOVE, "m3", own, 4)
    assert again(store, run) == {"m1": before["m1"], "m2": before["m3"], "m3": before["m3"]}
    assert heirs(store) == {own: before["m3"]}
    decide(store, DecisionKind.SPLIT, "m2", None, 1, undone=True)
    assert again(store, run) == before
    assert heirs(store) == {}
    assert store.execute(SQL["claims_among"], {"claims": [own]}), "its id still resolves"
    assert store.connection.execute("SELECT code FROM store.issues").fetchall() == []


def test_splits_of_splits_that_were_taken_back_lead_to_the_first_claim(store: Store, run: RunContext) -> None:
    store.append("mentions", [said(f"m{n}", "Orbit sings") for n in range(1, 5)])
    before = again(store, run)
    for number, (mention, joiner) in enumerate((("m2", "m3"), ("m3", "m4")), 1):
        decide(store, DecisionKind.SPLIT, mention, None, number)
        again(store, run)
        place = "UPDATE store.placements SET claim_id = ? WHERE mention_id = ?"
        store.connection.execute(place, [split_claim_id(mention), joiner])
    assert again(store, run)["m4"] == split_claim_id("m3")
    for number, mention in enumerate(("m2", "m3"), 1):
        decide(store, DecisionKind.SPLIT, mention, None, number, undone=True)
    assert again(store, run) == before
    merged = "SELECT DISTINCT merged_into FROM store.claims WHERE merged_into IS NOT NULL"
    assert store.connection.execute(merged).fetchall() == [(before["m1"],)]


def test_a_claim_that_all_its_mentions_left_is_not_shown(store: Store, run: RunContext) -> None:
    store.append("mentions", [said("m1", "Orbit sings"), said("m2", "Comet costs ten dollars")])
    a, b = again(store, run).values()
    decide(store, DecisionKind.NOTE, a, None, 1)
    decide(store, DecisionKind.MOVE, "m1", b, 2)
    again(store, run)
    assert store.connection.execute("SELECT claim_id FROM step.shown").fetchall() == [(b,)]
    told = "SELECT claim_id, reason FROM timeline WHERE event = 'decision'"
    assert store.connection.execute(told).fetchall() == [(b, "move by an editor: because")]


def test_an_id_of_another_clustering_is_the_claim_of_its_founding_mention(
    store: Store, run: RunContext
) -> None:
    store.append(
        "mentions",
        [said("m1", "Orbit sings"), said("m2", "Orbit sings"), said("m3", "Comet costs ten dollars")],
    )
    before = again(store, run)
    elsewhere = stable_id("c", "m2")
    assert elsewhere not in before.values()
    decide(store, DecisionKind.MERGE, before["m3"], elsewhere, 1)
    decide(store, DecisionKind.STATUS, elsewhere, "disputed", 2)
    assert set(again(store, run).values()) == {before["m1"]}
    assert heirs(store) == {elsewhere: before["m1"], before["m3"]: before["m1"]}
    ruled = "SELECT target, value FROM step.decided WHERE kind = 'status'"
    assert store.connection.execute(ruled).fetchall() == [(before["m1"], "disputed")]


def test_rivals_of_a_merged_claim_are_those_of_the_claim_that_took_over(
    store: Store, run: RunContext
) -> None:
    store.append(
        "mentions",
        [
            said("m1", "Orbit sings"),
            said("m2", "Comet costs ten dollars"),
            said("m3", "Nebula was sold to a bank"),
        ],
    )
    a, b, c = again(store, run).values()
    store.append("rivals", [{"claim_id": a, "rival_id": c, "slot": "number", "words": "7b / 70b"}])
    store.append("rivals", [{"claim_id": c, "rival_id": a, "slot": "number", "words": "70b / 7b"}])
    decide(store, DecisionKind.MERGE, a, b)
    again(store, run)
    found = store.connection.execute("SELECT claim_id, rival_id, words FROM rivals").fetchall()
    assert set(found) == {(b, c, "7b / 70b"), (c, b, "70b / 7b")}


def test_a_split_claim_can_be_merged_elsewhere(store: Store, run: RunContext) -> None:
    store.append(
        "mentions",
        [said("m1", "Orbit sings"), said("m2", "Orbit sings"), said("m3", "Comet costs ten dollars")],
    )
    before = again(store, run)
    decide(store, DecisionKind.SPLIT, "m2", None, 1)
    again(store, run)
    decide(store, DecisionKind.MERGE, split_claim_id("m2"), before["m3"], 2)
    assert again(store, run) == {"m1": before["m1"], "m2": before["m3"], "m3": before["m3"]}


def test_decisions_made_before_the_store_was_built_hold_from_the_first_run(
    store: Store, run: RunContext
) -> None:
    decide(store, DecisionKind.SPLIT, "m2", None)
    store.append("mentions", [said("m1", "Orbit sings"), said("m2", "Orbit sings")])
    assert again(store, run)["m2"] == split_claim_id("m2")


def test_a_decision_about_nothing_is_an_issue(store: Store, run: RunContext) -> None:
    store.append("mentions", [said("m1", "Orbit sings")])
    decide(store, DecisionKind.MERGE, "c-none", "c-nowhere", 1)
    decide(store, DecisionKind.SPLIT, "m-none", None, 2)
    decide(store, DecisionKind.MOVE, "m1", "c-nowhere", 3)
    decide(store, DecisionKind.HIDE, "c-none", None, 4)
    decide(store, DecisionKind.STANCE, "m-none", "denies", 5)
    decide(store, DecisionKind.STANCE, "m1", "agrees", 6)
    decide(store, DecisionKind.STANCE, "m1", "denies", 7)
    decide(store, DecisionKind.SPLIT, "m1", None, 8)
    again(store, dataclasses.replace(run, run_id="r2"))
    codes = store.connection.execute("SELECT code, place FROM store.issues ORDER BY place").fetchall()
    assert codes == [*(("decision_dangling", f"x{n}") for n in range(1, 6)), ("decision_unknown", "x6")]
