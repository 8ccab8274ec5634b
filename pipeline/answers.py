"""Doubts that do not say themselves what they doubt: "X's claims are accurate" means what the post that it answers says of X."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.nodes import Nodes, Said
from pipeline.records import Certainty, Kind

Scores = dict[tuple[int, int], float]

_NAMED = r"(?:claims?|statements?|benchmarks?|scores?|results?|figures?|numbers?|performance|costs?|pric(?:e|es|ing))"
# What `models/language/nominals.py` makes of "doubts about X's claims", "about X's performance", "about X's superiority".
_OPEN = re.compile(rf"\b{_NAMED} (?:is|are) (?:accurate|reliable|credible|real)$|\b(?:is|are) (?:superior|effective|credible)$|\bperforms? well$", re.IGNORECASE)
_UNDERTAKEN = re.compile(r"\b(?:investment|funding|project|deal|partnership|initiative) (?:is real|will (?:materiali[sz]e|happen))$", re.IGNORECASE)
_TOPIC = re.compile(r" \([^()]+\)$")  # what label or title is about, which extract adds to words that name nothing
_PRICED = re.compile(r"\b(?:costs?|pric(?:e|es|ing))\b", re.IGNORECASE)
_ABILITIES = frozenset({Kind.BENCHMARK_RESULT, Kind.CAPABILITY})


@dataclass(frozen=True, slots=True)
class Answered:
    """A mention in what a doubt answers, or in its own title; `claim_id` is None where it has no claim yet."""

    mention_id: str
    other_id: str
    claim_id: str | None
    proposition: str
    kind: Kind
    organisations: tuple[str, ...]
    entities: tuple[str, ...]


def leaves_open(one: Said) -> bool:
    """Whether a mention doubts what is said of something, without a word of what that is."""
    doubted = one.certainty is Certainty.QUESTIONED or one.negated
    return doubted and (_undertaking(one.proposition) or (not one.numbers and _open(one.proposition)))


def with_answers(scores: Scores, nodes: Nodes, answered: Sequence[Answered]) -> Scores:
    """The scores with each such doubt put to what it answers: certainly one with it, and as like all others as that is."""
    told: dict[str, list[Answered]] = {}
    for one in answered:
        told.setdefault(one.mention_id, []).append(one)
    if not told:
        return scores
    places: Mapping[str, int] = {one.mention_id: node for node, one in enumerate(nodes.said, len(nodes.claim_ids))}
    claims = {claim: node for node, claim in enumerate(nodes.claim_ids)}
    found = dict(scores)
    for node, doubt in enumerate(nodes.said, len(nodes.claim_ids)):
        meant = [
            (found.get((min(node, other), max(node, other)), 0.0), -other)
            for one in told.get(doubt.mention_id, ())
            if leaves_open(doubt) and _may_mean(doubt, one)
            and (other := places.get(one.other_id, -1) if one.claim_id is None else claims.get(one.claim_id, -1)) >= 0
            and other != node and nodes.may_join([other], [node])
        ]  # fmt: skip
        if meant:
            _put(found, node, -max(meant)[1])
    return found


def _may_mean(doubt: Said, other: Answered) -> bool:
    """Whether a doubt can be about what another mention says: of the same thing, and of a kind that its words leave open."""
    ours, theirs = {*doubt.entities, *doubt.organisations}, {*other.entities[:1], *other.organisations[:1]}
    if _open(other.proposition) or _undertaking(other.proposition) or not ours & theirs:
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


def _put(scores: Scores, node: int, meant: int) -> None:
    """Give `node` the scores that `meant` has."""
    for pair in [pair for pair in scores if node in pair]:
        del scores[pair]
    for (a, b), score in [entry for entry in scores.items() if meant in entry[0]]:
        other = b if a == meant else a
        scores[min(node, other), max(node, other)] = score
    scores[min(node, meant), max(node, meant)] = 1.0
