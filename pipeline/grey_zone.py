"""Pairs of claims that are nearly one by the pair model: too little to join them, enough for an editor to look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.affinity import Scores
from pipeline.linkage import Grouping
from pipeline.nodes import Nodes

GREY = 0.5  # of the bound: benchmarks/grey_zone.py tells how many such pairs are one claim


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of store.grey_pairs; `score` is the mean probability between the two, `claim_id` the smaller id."""

    claim_id: str
    other_id: str
    score: float
    run_id: str


def grey_pairs(
    nodes: Nodes, scores: Scores, grouping: Grouping, claim_of: Mapping[int, str], same: float, run_id: str
) -> Iterator[Pair]:
    """The pairs of groups whose mean score is below the bound `same`, and at least GREY times as high.

    Pairs that differ in a slot are rivals, and no question to anybody.
    """
    group_of = {node: number for number, members in enumerate(grouping.groups) for node in members}
    weights = [sum(nodes.weights[node] for node in members) for members in grouping.groups]
    totals: defaultdict[tuple[int, int], float] = defaultdict(float)
    for (a, b), score in scores.items():
        one, other = sorted((group_of[a], group_of[b]))
        if one != other:
            totals[one, other] += score * nodes.weights[a] * nodes.weights[b]
    for (one, other), total in totals.items():
        mean = total / (weights[one] * weights[other])
        if GREY * same <= mean < same and nodes.may_join(grouping.groups[one], grouping.groups[other]):
            pair = sorted(claim_of[grouping.groups[number][0]] for number in (one, other))
            yield Pair(pair[0], pair[1], round(mean, 4), run_id)
