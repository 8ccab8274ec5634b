"""How likely two nodes of clustering are one claim: the pair model, and two things that it cannot see.

Doubts that do not say themselves what they doubt: "X's claims are accurate" means what the post that it
answers says of X.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from models.claim_similarity import PairModel, Profiles, Rarity
from models.stems import stems
from pipeline.core.vocabulary import Certainty, Kind
from pipeline.stages.cluster.nodes import ComparedMention, Nodes
from pipeline.text.slots import Slots, close

Scores = dict[tuple[int, int], float]

BLOCK = 4000  # representatives scored at once
FLOOR = 0.04  # of the bound: scores below are taken as none
SAME_SUM = 0.9  # the score of two that name the same sum of money
SAME_CODE_NAME = 0.9  # and of two that say what one code name stands for, one model or rivals
SAME_RELEASE = 0.9  # and of two that say no more than that one model is released
_RELEASED = frozenset(
    ("releas", "release", "launch", "introduc", "unveil", "official", "arriv", "drop", "debut", "available",
     "live", "model", "soon", "today")
)


def affinity(
    model: PairModel, nodes: Nodes, fresh: Profiles, old: Profiles, claims: Sequence[range], rarity: Rarity,
    same: float
) -> Scores:
    """Return the mean score between a known claim and a new mention, and between two new ones, by node
    numbers.

    `fresh` are the profiles of `nodes.mentions`, `old` those of the claims' representatives, `claims` says
    which rows of `old` are whose. Pairs that score below FLOOR times the bound `same` are left out.
    """
    scores = _by_model(model, fresh, old, claims, rarity, FLOOR * same)
    scores = _with_sums(_with_denials(scores, nodes.mentions, len(claims)), nodes)
    return _with_code_names(_with_releases(scores, nodes), nodes)


def _by_model(
    model: PairModel, fresh: Profiles, old: Profiles, claims: Sequence[range], rarity: Rarity, floor: float
) -> Scores:
    scores: Scores = {}
    start = 0
    while start < len(claims):
        stop = start + 1
        while stop < len(claims) and claims[stop].stop - claims[start].start <= BLOCK:
            stop += 1
        first = claims[start].start
        block = model.scores(fresh, old.take(range(first, claims[stop - 1].stop)), rarity)
        sums = np.add.reduceat(block, [rows.start - first for rows in claims[start:stop]], axis=1)
        sizes = np.asarray([len(rows) for rows in claims[start:stop]], dtype=np.float32)
        means = np.asarray(sums / sizes, dtype=np.float32)
        scores.update(_entries(means.T, floor, start, len(claims)))
        start = stop
    scores.update(_entries(np.triu(model.scores(fresh, fresh, rarity), 1), floor, len(claims), len(claims)))
    return scores


def _entries(table: NDArray[np.float32], floor: float, row: int,
             column: int) -> Iterator[tuple[tuple[int, int], float]]:
    """Yield the cells that reach `floor`, by node numbers from `row` and `column` on."""
    rows, columns = np.nonzero(table >= floor)
    pairs = zip((rows + row).tolist(), (columns + column).tolist(), strict=True)
    return zip(pairs, table[rows, columns].tolist(), strict=True)


def _with_denials(scores: Scores, mentions: Sequence[ComparedMention], first: int) -> Scores:
    """Return the scores with the wordings of one denial joined: an article tells it in headline, lead and
    quotation.

    They are certain pairs, and what is like one of them is as like all of them.
    """
    groups: dict[object, list[int]] = {}
    for node, mention in enumerate(mentions, first):
        if mention.denial:
            groups.setdefault(mention.denial, []).append(node)
    new_scores = dict(scores)
    for nodes in (nodes for nodes in groups.values() if len(nodes) > 1):
        for other in set(range(first + len(mentions))).difference(nodes):
            if best := max(new_scores.get(_pair(node, other), 0.0) for node in nodes):
                new_scores |= {_pair(node, other): best for node in nodes}
        new_scores |= dict.fromkeys(combinations(nodes, 2), 1.0)
    return new_scores


def _pair(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _with_sums(scores: Scores, nodes: Nodes) -> Scores:
    """Return the scores, raised for pairs that name the same sum of money, for the same kind of thing, of one
    organisation.

    "The training cost is $5.5 million" and "V3 was built for about $6M" share no words but the sum.
    """
    sums: dict[tuple[Kind, str], list[tuple[float, int]]] = {}
    for node, slots in enumerate(nodes.slots):
        for slot in slots:
            for amount, organisation in product(slot.figures.get("usd", ()), slot.organisations):
                sums.setdefault((slot.kind, organisation), []).append((amount, node))
    new_scores = dict(scores)
    for kin in sums.values():
        fresh = [entry for entry in kin if entry[1] >= len(nodes.claim_ids)]
        for (left_sum, a), (right_sum, b) in product(fresh, kin):
            pair = _pair(a, b)
            if a != b and close(left_sum, right_sum):
                new_scores[pair] = max(SAME_SUM, new_scores.get(pair, 0.0))
    return new_scores


def _with_releases(scores: Scores, nodes: Nodes) -> Scores:
    """Return the scores, raised for pairs that say of the same model that it is released, and nothing else.

    "Aurel introduced Aster 4" and "Aster 4 is out" share no words but the name, which the pair model leaves
    out.
    """
    nodes_by_model: dict[object, list[int]] = {}
    for node, slots in enumerate(nodes.slots):
        for model in {model for slot in slots if (model := _bare_release(slot))}:
            nodes_by_model.setdefault(model, []).append(node)
    return _alike(scores, nodes, nodes_by_model, SAME_RELEASE)


def _with_code_names(scores: Scores, nodes: Nodes) -> Scores:
    """Return the scores, raised for pairs that say what the same code name stands for.

    Those that name one model are one claim, and those that name two are rivals, whatever words are around.
    """
    nodes_by_name: dict[object, list[int]] = {}
    for node, slots in enumerate(nodes.slots):
        for key in {slot.identity.key for slot in slots if slot.identity}:
            nodes_by_name.setdefault(key, []).append(node)
    return _alike(scores, nodes, nodes_by_name, SAME_CODE_NAME)


def _alike(scores: Scores, nodes: Nodes, groups: Mapping[object, Sequence[int]], score: float) -> Scores:
    """Return the scores, raised to `score` for the pairs of each group of which at least one node is new."""
    new_scores = dict(scores)
    for kin in groups.values():
        for a, b in combinations(kin, 2):
            if b >= len(nodes.claim_ids):
                new_scores[a, b] = max(score, new_scores.get((a, b), 0.0))
    return new_scores


def _bare_release(slots: Slots) -> tuple[str, frozenset[str]] | None:
    """Return the model, if the words say no more than that the one organisation named releases it."""
    if slots.kind is not Kind.RELEASE or len(slots.organisations) > 1 or not slots.models:
        return None
    named = [entity for entity in slots.entities if entity not in slots.organisations]
    if len(named) != 1 or slots.models[0][2] != named[0]:
        return None
    names = {stem for name in (*slots.entities, *slots.organisations) for stem in stems(name)}
    return slots.models[0][:2] if set(stems(slots.text)) - names <= _RELEASED else None



_NAMED = (r"(?:claims?|statements?|benchmarks?|scores?|results?|figures?|numbers?|performance|costs?"
          r"|pric(?:e|es|ing))")
# What `models/language/propositions/nominals.py` makes of "doubts about X's claims", "about X's performance",
# "about X's superiority".
_OPEN = re.compile(rf"\b{_NAMED} (?:is|are) (?:accurate|reliable|credible|real)$|\b(?:is|are) (?:superior"
                   rf"|effective|credible)$|\bperforms? well$", re.IGNORECASE)
_UNDERTAKEN = re.compile(r"\b(?:investment|funding|project|deal|partnership|initiative) (?:is real"
                         r"|will (?:materiali[sz]e|happen))$", re.IGNORECASE)
_TOPIC = re.compile(r" \([^()]+\)$")  # the topic that extract adds to words that name nothing
_PRICED = re.compile(r"\b(?:costs?|pric(?:e|es|ing))\b", re.IGNORECASE)
_ABILITIES = frozenset({Kind.BENCHMARK_RESULT, Kind.CAPABILITY})


@dataclass(frozen=True, slots=True)
class Answered:
    """A mention that a doubt answers, or one in its own title; `claim_id` is None where it has no claim."""

    mention_id: str
    other_id: str
    claim_id: str | None
    proposition: str
    kind: Kind
    organisations: tuple[str, ...]
    entities: tuple[str, ...]


def leaves_open(one: ComparedMention) -> bool:
    """Return whether a mention doubts what is said of something, without a word of what that is."""
    doubted = one.certainty is Certainty.QUESTIONED or one.negated
    return doubted and (_undertaking(one.proposition) or (not one.numbers and _open(one.proposition)))


def with_answers(scores: Scores, nodes: Nodes, answered: Sequence[Answered]) -> Scores:
    """Return the scores with each open doubt joined to what it answers, whose other scores it takes over."""
    answered_by_doubt: dict[str, list[Answered]] = {}
    for answer in answered:
        answered_by_doubt.setdefault(answer.mention_id, []).append(answer)
    if not answered_by_doubt:
        return scores
    places: Mapping[str, int] = {mention.mention_id: node
                                 for node, mention in enumerate(nodes.mentions, len(nodes.claim_ids))}
    claims = {claim: node for node, claim in enumerate(nodes.claim_ids)}
    new_scores = dict(scores)
    for node, doubt in enumerate(nodes.mentions, len(nodes.claim_ids)):
        meant = [
            (new_scores.get(_pair(node, other), 0.0), -other)
            for answer in answered_by_doubt.get(doubt.mention_id, ())
            if leaves_open(doubt) and _may_mean(doubt, answer)
            and (other := places.get(answer.other_id, -1) if answer.claim_id is None
                 else claims.get(answer.claim_id, -1)) >= 0
            and other != node and nodes.may_join([other], [node])
        ]  # fmt: skip
        if meant:
            _put(new_scores, range(len(nodes.slots)), node, -max(meant)[1])
    return new_scores


def _may_mean(doubt: ComparedMention, other: Answered) -> bool:
    """Return whether a doubt can be about another mention: of the same thing, of an open kind."""
    doubt_names, other_names = ({*doubt.entities, *doubt.organisations},
                                {*other.entities[:1], *other.organisations[:1]})
    if _open(other.proposition) or _undertaking(other.proposition) or not doubt_names & other_names:
        return False
    if _undertaking(doubt.proposition):
        return other.kind is Kind.DEAL
    if _PRICED.search(doubt.proposition):
        return other.kind is Kind.PRICE
    return other.kind in _ABILITIES


def _open(proposition: str) -> bool:
    return _OPEN.search(_TOPIC.sub("", proposition)) is not None


def _undertaking(proposition: str) -> bool:
    return _UNDERTAKEN.search(_TOPIC.sub("", proposition)) is not None


def _put(scores: Scores, others: Iterable[int], node: int, meant: int) -> None:
    """Give `node` the scores that `meant` has with the `others`."""
    for other in others:
        scores.pop(_pair(node, other), None)
        if other != node and (score := scores.get(_pair(meant, other))) is not None:
            scores[_pair(node, other)] = score
    scores[_pair(node, meant)] = 1.0
