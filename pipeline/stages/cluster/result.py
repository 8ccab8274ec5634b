"""What a batch of clustering comes to: new claims, placements of mentions, and rivals, as rows to store.

Pairs of claims that are nearly one by the pair model: too little to join them, enough for an editor to look.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from pipeline.core.context import RunContext
from pipeline.core.records import Claim, stable_id
from pipeline.stages.cluster.average_link import Grouping
from pipeline.stages.cluster.nodes import ComparedMention, Nodes
from pipeline.stages.cluster.scores import Scores
from pipeline.text.standalone import standalone

RIVAL_SLOTS = frozenset({"version", "date", "number", "identity"})


@dataclass(frozen=True, slots=True)
class Rival:
    """A row of store.rivals."""

    claim_id: str
    rival_id: str
    slot: str
    words: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch comes to; `claim_of` says for each node which claim it is in."""

    claims: list[Claim]
    placements: list[dict[str, object]]
    rivals: list[Rival]
    claim_of: dict[int, str]


def outcome(
    run: RunContext,
    nodes: Nodes,
    grouping: Grouping,
    vectors: NDArray[np.float32],
    firsts: Mapping[str, NDArray[np.float32]],
) -> Outcome:
    """Return the rows for a grouping of `nodes`.

    `vectors` are those of the new mentions, `firsts` of each claim's first one.
    """
    claims: list[Claim] = []
    placements: list[dict[str, object]] = []
    claim_of: dict[int, str] = {}
    known_count = len(nodes.claim_ids)
    for members in grouping.groups:
        mentions = [node - known_count for node in members if node >= known_count]
        if members[0] < known_count:
            claim_id, how = nodes.claim_ids[members[0]], "near"
            first = firsts[claim_id]
        elif not (founders := [nodes.mentions[row] for row in mentions if nodes.mentions[row].founds]):
            continue
        else:
            claims.append(_claim(run, founders))
            claim_id, first, how = claims[-1].claim_id, vectors[mentions[0]], "new"
        claim_of.update(dict.fromkeys(members, claim_id))
        for row in mentions:
            similarity = round(float(vectors[row] @ first), 4)
            mention_id = nodes.mentions[row].mention_id
            placements.append({"mention_id": mention_id, "claim_id": claim_id, "similarity": similarity,
                               "how": how})
            how = "near"
    placements.sort(key=lambda row: str(row["mention_id"]))
    return Outcome(claims, placements, list(_rivals(nodes, grouping, claim_of)), claim_of)


RIVALS = 100
"""Rivals that a claim gets in one batch at most: somebody may write a sentence with a thousand figures."""


def _rivals(nodes: Nodes, grouping: Grouping, claim_of: Mapping[int, str]) -> Iterator[Rival]:
    """Yield pairs of claims that were alike enough to be one and differ in a slot, each from both sides: for
    a claim the RIVALS most like it.
    """
    groups = {node: members for members in grouping.groups for node in members}
    seen: set[tuple[str, str, str]] = set()
    rivals: Counter[str] = Counter()
    for a, b, _ in grouping.refused:
        left, right = claim_of.get(a), claim_of.get(b)
        if left is None or right is None or left == right or min(rivals[left], rivals[right]) >= RIVALS:
            continue
        difference = next((slot_conflict for pair in product(groups[a], groups[b])
                           if (slot_conflict := nodes.conflict(*pair))), None)
        if difference is None or difference.slot not in RIVAL_SLOTS or (left, right, difference.slot) in seen:
            continue
        seen |= {(left, right, difference.slot), (right, left, difference.slot)}
        for claim, rival, words in ((left, right, difference.words),
                                    (right, left, difference.turned().words)):
            if rivals[claim] < RIVALS:
                rivals[claim] += 1
                yield Rival(claim, rival, difference.slot, words)


def _claim(run: RunContext, founders: Sequence[ComparedMention]) -> Claim:
    """Return a new claim with the words, kind and date of the founder that tells it best."""
    first_text = [founder for founder in founders if founder.document_id == founders[0].document_id]
    most = max(len(founder.entities) for founder in first_text)
    # Of the wordings of its first text, those that name most; an article's lead says "its models", its
    # quotation which.
    text = standalone([founder.text for founder in (
        *(founder for founder in first_text if len(founder.entities) == most), *founders)])
    teller = next(founder for founder in founders if founder.text == text)
    first = founders[0]
    return Claim(
        claim_id=stable_id("c", first.mention_id),
        claim=text,
        kind=teller.kind,
        first_mention_id=first.mention_id,
        organisations=tuple(dict.fromkeys((*teller.organisations, *first.organisations))),
        entities=tuple(dict.fromkeys((*teller.entities, *first.entities))),
        # A time that only others name is no part of what this sentence claims.
        event_at=teller.event_at,
        event_precision=teller.event_precision,
        merged_into=None,
        created_at=run.now,
        run_id=run.run_id,
    )


GREY = 0.5  # of the bound: benchmarks/quality/grey_zone.py tells how many such pairs are one claim


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of store.grey_pairs; `score` is the mean probability, `claim_id` the smaller id."""

    claim_id: str
    other_id: str
    score: float
    run_id: str


def grey_pairs(
    nodes: Nodes, scores: Scores, grouping: Grouping, claim_of: Mapping[int, str], same: float, run_id: str
) -> Iterator[Pair]:
    """Return the pairs of groups whose mean score is below the bound `same`, and at least GREY times as high.

    Pairs that differ in a slot are rivals, and no question to anybody.
    """
    group_of = {node: number for number, members in enumerate(grouping.groups) for node in members}
    weights = [sum(nodes.weights[node] for node in members) for members in grouping.groups]
    totals: defaultdict[tuple[int, int], float] = defaultdict(float)
    for (a, b), score in scores.items():
        left, right = sorted((group_of[a], group_of[b]))
        if left != right:
            totals[left, right] += score * nodes.weights[a] * nodes.weights[b]
    for (left, right), total in totals.items():
        if any(grouping.groups[number][0] not in claim_of for number in (left, right)):
            continue
        mean = total / (weights[left] * weights[right])
        if GREY * same <= mean < same and nodes.may_join(grouping.groups[left], grouping.groups[right]):
            pair = sorted(claim_of[grouping.groups[number][0]] for number in (left, right))
            yield Pair(pair[0], pair[1], round(mean, 4), run_id)
