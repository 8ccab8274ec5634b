"""Pairs of claims that are almost similar enough to be one."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.core.config import ClusterConfig
from pipeline.core.context import RunContext
from pipeline.core.vocabulary import DecisionKind, Precision
from pipeline.decisions.journal import Journal
from pipeline.decisions.sync import copy_journal
from pipeline.stages.cluster.average_link import Grouping
from pipeline.stages.cluster.nodes import ComparedMention, Known, Nodes
from pipeline.stages.cluster.result import grey_pairs
from pipeline.stages.cluster.stage import cluster
from pipeline.store.queries import Statements
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.fakes import FakeEmbedder
from tests.worlds.builder import said

SQL = Statements("pipeline.stages.cluster", "queries")

def _nodes(store: Store, *texts: str) -> Nodes:
    store.append("mentions", [said(f"m{number}", text) for number, text in enumerate(texts)])
    wanted = [f"m{number}" for number in range(len(texts))]
    mentions = store.read(ComparedMention, SQL["mentions"], {"mentions": wanted})
    return Nodes(Known([], {}), mentions)


def test_a_pair_is_grey_between_half_of_the_bound_and_the_bound(store: Store) -> None:
    nodes = _nodes(store, "Orbit sings", "Orbit sings at dawn", "Orbit is cheap", "Orbit was sold")
    scores = {(0, 1): 0.9, (0, 2): 0.4, (1, 2): 0.2, (0, 3): 0.3, (1, 3): 0.1, (2, 3): 0.5}
    grouping = Grouping([[0, 1], [2], [3]], [])
    claim_of = {0: "cb", 1: "cb", 2: "ca", 3: "cc"}
    pairs = [(pair.claim_id, pair.other_id, pair.score)
             for pair in grey_pairs(nodes, scores, grouping, claim_of, 0.5, "r")]
    # The mean over both members: 0.3; 0.2 is too little, and 0.5 reaches the bound.
    assert pairs == [("ca", "cb", 0.3)]


def test_what_differs_in_a_slot_is_no_question(store: Store) -> None:
    nodes = _nodes(store, "Orbit 2 sings at dawn", "Orbit 3 sings at dawn")
    assert not nodes.may_join([0], [1])
    assert list(grey_pairs(nodes, {(0, 1): 0.4}, Grouping([[0], [1]], []), {0: "ca", 1: "cb"},
                           0.5, "r")) == []


def test_an_editor_s_word_ends_the_question(store: Store, run: RunContext) -> None:
    store.append("mentions", [said("m1", "Orbit sings at dawn"), said("m2", "Comet costs ten dollars")])
    cluster(store, run, FakeEmbedder())
    first_id, second_id = sorted(
        claim for (claim,) in store.connection.execute("SELECT claim_id FROM store.claims").fetchall()
    )
    assert run.config.cluster == ClusterConfig()
    pair = {"claim_id": first_id, "other_id": second_id, "score": 0.4, "run_id": "r"}
    store.append("grey_pairs", [pair], replace=True)
    grey_pairs_sql = "SELECT claim_id, other_id FROM grey_pairs"
    assert store.connection.execute(grey_pairs_sql).fetchall() == [(first_id, second_id)]
    journal = Journal(run.home.journal)
    decision = journal.decide(
        DecisionKind.APART, second_id, first_id, reason="two things", editor="ada", now=NOW
    )
    copy_journal(store, run)
    assert store.connection.execute(grey_pairs_sql).fetchall() == []
    journal.undo(decision.decision_id, reason="not sure", editor="ada", now=NOW)
    copy_journal(store, run)
    assert store.connection.execute(grey_pairs_sql).fetchall() == [(first_id, second_id)]
    journal.decide(DecisionKind.MERGE, second_id, first_id, reason="one thing", editor="ada", now=NOW)
    copy_journal(store, run)
    cluster(store, run, FakeEmbedder())
    assert store.connection.execute(grey_pairs_sql).fetchall() == []


@pytest.mark.parametrize("nights", [1, 2], ids=["in one batch", "a night apart"])
def test_a_time_that_only_another_mention_names_is_none_of_the_claim_s(
    store: Store, run: RunContext, nights: int
) -> None:
    day_fields: dict[str, Any] = {"event_at": NOW, "event_precision": Precision.DAY}
    mentions = [
        said("m1", "Orbit sings at dawn every day"),
        said("m2", "Every day Orbit sings at dawn", **day_fields),
    ]
    for batch in [mentions] if nights == 1 else [[mention] for mention in mentions]:
        store.append("mentions", batch)
        cluster(store, run, FakeEmbedder())
    assert store.execute("SELECT claim, event_at, event_precision FROM store.claims") == [
        ("Orbit sings at dawn every day", None, "unknown")
    ]


def test_a_claim_has_the_time_that_its_own_words_name(store: Store, run: RunContext) -> None:
    store.append("mentions", [
        said("m1", "It sings at dawn every day"),
        said("m2", "Orbit sings at dawn every day", event_at=NOW, event_precision=Precision.DAY),
    ])  # fmt: skip
    cluster(store, run, FakeEmbedder())
    assert store.execute("SELECT claim, event_at FROM store.claims") == [
        ("Orbit sings at dawn every day", NOW)
    ]
