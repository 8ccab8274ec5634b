"""Average-link clustering (Sokal & Michener 1958) that never joins what must stay apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grouping:
    """`groups` of node numbers, each sorted, by their smallest node; `refused` pairs of groups that were
    alike enough.

    A refused pair is given by the smallest nodes of the two groups as they were refused, with their mean
    score.
    """

    groups: list[list[int]]
    refused: list[tuple[int, int, float]]


@dataclass(slots=True)
class _State:
    members: dict[int, list[int]]
    weight: dict[int, float]
    # near[a][b]: the sum of scores over all pairs between the groups a and b
    near: dict[int, dict[int, float]]
    apart: dict[int, set[int]]
    heap: list[tuple[float, int, int]] = field(default_factory=list)

    def mean(self, a: int, b: int) -> float:
        return self.near[a][b] / (self.weight[a] * self.weight[b])


def group(
    weights: Sequence[float],
    scores: Mapping[Pair, float],
    at_least: float,
    *,
    fixed: Iterable[int] = (),
    may_join: Callable[[Sequence[int], Sequence[int]], bool] = lambda _a, _b: True,
) -> Grouping:
    """Join the two groups with the highest mean score, again and again, while it is at least `at_least`.

    `weights[n]` says how many texts node n stands for, `scores[a, b]` (a < b) the mean score between two
    nodes; a missing one is 0. No group holds two `fixed` nodes, nor two groups for whose nodes `may_join` is
    false. Ties go to the earlier nodes, so the outcome depends on the nodes' order alone.
    """
    state = _State(
        {n: [n] for n in range(len(weights))},
        dict(enumerate(weights)),
        {n: {} for n in range(len(weights))},
        {n: set() for n in range(len(weights))},
    )
    fixed_groups = set(fixed)
    parts = _parts(len(weights), scores, at_least)
    for (a, b), score in scores.items():
        # No mean between two parts can reach the bound, whatever is joined within them.
        if parts[a] != parts[b] or (a in fixed_groups and b in fixed_groups):
            continue
        state.near[a][b] = state.near[b][a] = score * weights[a] * weights[b]
        # The mean as it will be worked out again when the entry is checked, to the last bit.
        if (mean := state.mean(a, b)) >= at_least:
            state.heap.append((-mean, min(a, b), max(a, b)))
    heapify(state.heap)
    refused: list[tuple[int, int, float]] = []
    while state.heap:
        negative, a, b = heappop(state.heap)
        # Each entry is checked against the present: groups that were joined, or whose mean has moved, have
        # newer ones.
        if a not in state.members or b not in state.members or b in state.apart[a]:
            continue
        if b not in state.near[a] or state.mean(a, b) != -negative:
            continue
        if (a in fixed_groups and b in fixed_groups) or not may_join(state.members[a], state.members[b]):
            state.apart[a].add(b)
            state.apart[b].add(a)
            if not (a in fixed_groups and b in fixed_groups):
                refused.append((a, b, -negative))
            continue
        _join(state, a, b, at_least)
        if b in fixed_groups:
            fixed_groups.add(a)
    return Grouping([state.members[n] for n in sorted(state.members)], refused)


def _parts(count: int, scores: Mapping[Pair, float], at_least: float) -> list[int]:
    """Return for each node its connected component in the graph of the pairs that reach the bound."""
    pairs = np.asarray([pair for pair, score in scores.items() if score >= at_least],
                       dtype=np.intp).reshape(-1, 2)
    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return [int(part) for part in connected_components(graph, directed=False)[1]]


def _join(state: _State, a: int, b: int, at_least: float) -> None:
    """Put b's nodes to a, the smaller one, and offer the new means."""
    state.members[a] = sorted(state.members[a] + state.members.pop(b))
    near_b = state.near.pop(b)
    state.near[a].pop(b, None)
    for other, total in near_b.items():
        if other != a:
            state.near[other].pop(b)
            state.near[a][other] = state.near[other][a] = state.near[a].get(other, 0.0) + total
    state.weight[a] += state.weight.pop(b)
    for other in state.apart.pop(b):
        state.apart[other].discard(b)
        if other != a:
            state.apart[other].add(a)
            state.apart[a].add(other)
    state.apart[a].discard(b)
    for other in state.near[a]:
        mean = state.mean(a, other)
        if mean >= at_least and other not in state.apart[a]:
            heappush(state.heap, (-mean, min(a, other), max(a, other)))
