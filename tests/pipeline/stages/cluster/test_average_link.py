"""Average link: equal to scipy's without forbidden pairs, and no group holds a forbidden pair."""

from __future__ import annotations

from itertools import combinations

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage

from pipeline.stages.cluster.average_link import group

pytestmark = pytest.mark.slow  # many examples


@st.composite
def tables(draw: st.DrawFn) -> np.ndarray:
    size = draw(st.integers(2, 12))
    values = draw(st.lists(st.integers(1, 10_000), min_size=size * size, max_size=size * size, unique=True))
    table = np.asarray(values, dtype=float).reshape(size, size) / 10_001
    table = np.triu(table, 1)
    return table + table.T


def scores_of(table: np.ndarray) -> dict[tuple[int, int], float]:
    return {(a, b): float(table[a, b]) for a, b in combinations(range(len(table)), 2)}


@given(tables(), st.floats(0.05, 0.95))
@settings(deadline=None)
def test_it_is_average_linkage(table: np.ndarray, at_least: float) -> None:
    groups_found = group([1.0] * len(table), scores_of(table), at_least).groups
    upper = np.triu_indices(len(table), 1)
    expected = fcluster(linkage(1 - table[upper], "average"), 1 - at_least, "distance")
    pairs = {(a, b) for members in groups_found for a, b in combinations(members, 2)}
    assert pairs == {(a, b) for a, b in combinations(range(len(table)), 2) if expected[a] == expected[b]}


@given(tables(), st.floats(0.05, 0.6), st.data())
@settings(deadline=None)
def test_what_must_stay_apart_does(table: np.ndarray, at_least: float, data: st.DataObject) -> None:
    size = len(table)
    pairs = data.draw(st.sets(st.sampled_from(list(combinations(range(size), 2))), max_size=8))
    fixed_nodes = data.draw(st.sets(st.integers(0, size - 1), max_size=3))
    outcome = group(
        [1.0] * size,
        scores_of(table),
        at_least,
        fixed=fixed_nodes,
        may_join=lambda left, right: not any((min(a, b), max(a, b)) in pairs for a in left for b in right),
    )
    assert sorted(node for members in outcome.groups for node in members) == list(range(size))
    for members in outcome.groups:
        assert not pairs & set(combinations(members, 2))
        assert len(fixed_nodes & set(members)) <= 1
    reversed_run = group([1.0] * size, dict(reversed(scores_of(table).items())), at_least, fixed=fixed_nodes)
    assert reversed_run == group([1.0] * size, scores_of(table), at_least, fixed=fixed_nodes)


def test_a_chain_does_not_hold() -> None:
    scores = {(0, 1): 0.9, (1, 2): 0.9, (2, 3): 0.9}
    assert group([1.0] * 4, scores, 0.5).groups == [[0, 1], [2, 3]]


def test_a_node_that_stands_for_many_weighs_more() -> None:
    scores = {(0, 1): 0.9, (0, 2): 0.2, (1, 2): 0.8}
    assert group([1.0, 1.0, 1.0], scores, 0.45).groups == [[0, 1, 2]]
    assert group([9.0, 1.0, 1.0], scores, 0.45).groups == [[0, 1], [2]]


def test_refused_pairs_are_told_once() -> None:
    outcome = group([1.0] * 3, {(0, 1): 0.9, (1, 2): 0.8, (0, 2): 0.8}, 0.5,
                    may_join=lambda a, b: 2 not in (*a, *b))
    assert outcome.groups == [[0, 1], [2]]
    assert [(a, b) for a, b, _ in outcome.refused] == [(0, 2)] or len(outcome.refused) <= 2


@given(tables(), st.floats(0.05, 0.95))
@settings(deadline=None)
def test_no_group_reaches_beyond_its_connected_component(table: np.ndarray, at_least: float) -> None:
    scores = scores_of(table)
    graph = networkx.Graph([pair for pair, score in scores.items() if score >= at_least])
    graph.add_nodes_from(range(len(table)))
    components = [set(component) for component in networkx.connected_components(graph)]
    for members in group([1.0] * len(table), scores, at_least).groups:
        assert any(set(members) <= component for component in components)
