"""Join: claims that turn out to say the same become one, by their sentences read side by side both ways."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice

import numpy as np

from models.protocols.stance import EntailmentModel, StanceModel, TextPair
from models.stems import stems
from pipeline.core.context import RunContext
from pipeline.core.rows import build
from pipeline.decisions import editorial
from pipeline.stages.gather.candidates import name_keys
from pipeline.store.queries import Statements
from pipeline.store.row_by_row import row_by_row
from pipeline.store.store import Store
from pipeline.store.vectors import Vectors, vectors_of
from pipeline.text.details import unshared
from pipeline.text.slots import ClaimText, Slots, conflicts

SQL = Statements(__package__, "joining")

VERSION = "join-3"
AROUND = timedelta(days=30)  # claims that were never talked about this near to each other stay two
# Bounds set on the half `choose` of benchmarks/labels/joins.jsonl, for no wrong join, by
# benchmarks/quality/joins.py.
NEAR = 0.7  # cosine from which two sentences are read side by side
SUPPORTS = 0.5  # how likely each must support the other by the relation model
NEAREST = 10  # claims beside which one is read
BATCH = 500  # claims compared at once

BothWays = tuple[float, float]
UNLIKE = (0.0, 0.0)  # for a pair that cannot be read
_THAN = re.compile(r"\bthan\b", re.I)


@dataclass(frozen=True)
class Sentence(ClaimText):
    """A claim that may be joined. `rank` orders survivors: followed, touched by editors, then oldest.

    It was heard from `first_at` to `last_at`; nobody was heard on it yet where these are None.
    """

    first_at: datetime | None
    last_at: datetime | None
    created_at: datetime
    followed: bool
    touched: bool

    @cached_property
    def slots(self) -> Slots:
        """Return what may tell it from a look-alike; its figures are those that its words give."""
        return Slots(
            self.claim,
            self.kind,
            self.organisations,
            self.entities,
            (),
            self.event_at,
            self.event_precision,
            self.claim,
        )

    @cached_property
    def keys(self) -> frozenset[str]:
        """Return the keys of its names, `name_keys`."""
        return name_keys((*self.entities, *self.organisations))

    @property
    def rank(self) -> tuple[bool, bool, datetime, str]:
        """Return the sort key that puts a survivor before the claims that are joined to it."""
        return not self.followed, not self.touched, self.created_at, self.claim_id


@dataclass(frozen=True)
class _Joined(Sentence):
    """A claim that was joined to another one, `into_id`."""

    into_id: str


@dataclass(frozen=True, slots=True)
class Join:
    """A row of store.joins."""

    claim_id: str
    into_id: str
    forward: float
    backward: float
    model: str
    joined_at: datetime
    parted_at: datetime | None
    run_id: str


@dataclass(frozen=True, slots=True)
class Readers:
    """The models that must both find that two sentences are one."""

    entailment: EntailmentModel
    relation: StanceModel

    @property
    def name(self) -> str:
        """Return name and version of both."""
        return f"{self.entailment.name}+{self.relation.name}"


def join_claims(store: Store, run: RunContext, readers: Readers, embedding: str) -> int:
    """Join the claims that say the same, if one of the two is new or was reworded since it was compared.

    Claims need vectors by `embedding`. Reads claims, claim_vectors, members, mentions, decisions; writes
    joins, compared, and what follows from joins (`editorial.apply_decisions`). Returns how many claims were
    joined.
    """
    model = f"{readers.name}+{embedding}+{VERSION}"
    waiting = iter([claim for (claim,) in store.execute(SQL["waiting"], {"model": model})])
    joined = 0
    while batch := list(islice(waiting, BATCH)):
        claims, vectors = _around(store, batch, embedding)
        rivals = {frozenset(pair) for pair in store.execute(SQL["rivals"])}
        pairs = list(candidates(claims, vectors, frozenset(batch), editorial.apart_now(store) | rivals))
        new_joins = joins(store, run, pairs, readers)
        sentences = {claim.claim_id: claim.claim for claim in claims}
        with store.transaction():
            store.append("joins", new_joins, replace=True)
            store.append(
                "compared",
                (
                    {"claim_id": claim, "claim": sentences[claim], "model": model}
                    for claim in batch
                    if claim in sentences
                ),
                replace=True,
            )
            if new_joins:
                # Faults of decisions were recorded when claims were grouped.
                editorial.apply_decisions(store, run)
        joined += len(new_joins)
    return joined


def candidates(
    claims: Sequence[Sentence], vectors: Vectors, fresh: frozenset[str], apart: set[frozenset[str]]
) -> Iterator[tuple[Sentence, Sentence]]:
    """Yield the pairs that may be one claim, at least one of them `fresh`, the nearest first, each once.

    `vectors` has a row a claim. They share a name and a time, their sentences are near and pin down the same,
    and they are in no pair of `apart`.
    """
    seen: set[frozenset[str]] = set(apart)
    scored: list[tuple[float, Sentence, Sentence]] = []
    for number, claim in enumerate(claims):
        if claim.claim_id not in fresh:
            continue
        cosines = vectors @ vectors[number]
        rows = np.flatnonzero(cosines >= NEAR)
        rows = rows[np.argsort(-cosines[rows], kind="stable")]
        taken = 0
        for row in rows.tolist():
            other = claims[row]
            pair = frozenset((claim.claim_id, other.claim_id))
            if row == number or pair in seen or not may_be_one(claim, other):
                continue
            seen.add(pair)
            survivor, joined = sorted((claim, other), key=lambda sentence: sentence.rank)
            scored.append((-float(cosines[row]), survivor, joined))
            taken += 1
            if taken == NEAREST:
                break
    scored.sort(key=lambda entry: (entry[0], entry[1].claim_id, entry[2].claim_id))
    yield from ((survivor, joined) for _, survivor, joined in scored)


def may_be_one(one: Sentence, other: Sentence) -> bool:
    """Return True if nothing but the model's reading is missing to join two claims."""
    # Where editors have decided about both claims, the machine gives up neither.
    if (one.touched and other.touched) or (one.followed and other.followed):
        return False
    return bool(one.keys & other.keys) and _meet(one, other) and same_details(one.slots, other.slots)


def same_details(one: Slots, other: Slots) -> bool:
    """Return True if two sentences fill no slot differently, neither has a figure, time, hedge or degree that
    the other leaves open, and neither puts the other's comparison the other way round.

    Their kinds may differ: a kind is told from one sentence alone, and two tellings of one event get two.
    """
    return (all(found.slot == "kind" for found in conflicts(one, other))
            and unshared(one.details, other.details) is None and not turned(one.text, other.text))


def turned(one: str, other: str) -> bool:
    """Return True if one sentence puts before "than" what the other puts behind it, and the reverse."""
    sides = [[set(stems(side)) for side in _THAN.split(words)] for words in (one, other)]
    if any(len(parts) != 2 for parts in sides):
        return False
    (before, behind), (others_before, others_behind) = sides
    return bool((before - behind) & (others_behind - others_before)
                and (behind - before) & (others_before - others_behind))


def joins(
    store: Store, run: RunContext, pairs: Sequence[tuple[Sentence, Sentence]], readers: Readers
) -> list[Join]:
    """Return the joins among pairs (survivor, other), the surest first; a pair that breaks the model is none.

    A claim is joined only to one beside which it was itself read: of three claims in a row the first and the
    last need not be one. That holds for what was joined on earlier nights too.
    """
    heads = _joined(store)
    sure = {(survivor.claim_id, other.claim_id): (survivor, other, shares)
            for (survivor, other), shares in _sure(store, run, pairs, readers)}
    to_confirm = [(survivor, joined) for survivor, other, _ in sure.values()
                  for joined in heads[other.claim_id].values() if same_details(survivor.slots, joined.slots)]
    confirmed = sure.keys() | {(survivor.claim_id, joined.claim_id)
                               for (survivor, joined), _ in _sure(store, run, to_confirm, readers)}
    into: dict[str, str] = {}
    new_joins = []
    for survivor, other, (forward, backward) in sorted(sure.values(),
                                                       key=lambda row: (-min(row[2]), row[1].rank)):
        if survivor.claim_id in into or other.claim_id in into:
            continue
        # All that was joined to the other is joined to the survivor as well, so it must be the same.
        if any((survivor.claim_id, joined) not in confirmed for joined in heads[other.claim_id]):
            continue
        into[other.claim_id] = survivor.claim_id
        heads[survivor.claim_id] |= {other.claim_id: other, **heads[other.claim_id]}
        new_joins.append(Join(other.claim_id, survivor.claim_id, forward, backward, readers.name, run.now,
                              None, run.run_id))
    return new_joins


def _sure(
    store: Store, run: RunContext, pairs: Sequence[tuple[Sentence, Sentence]], readers: Readers
) -> Iterator[tuple[tuple[Sentence, Sentence], BothWays]]:
    """Yield the pairs that are surely one claim, with how surely each sentence bears out the whole of the
    other.
    """
    def read_surely(asked: Sequence[tuple[Sentence, Sentence]],
                    read: Callable[[Sequence[TextPair]], Sequence[float]],
                    least: float) -> list[tuple[tuple[Sentence, Sentence], BothWays]]:
        def read_both_ways(batch: Sequence[tuple[Sentence, Sentence]]) -> list[BothWays]:
            shares = read([pair for one, other in batch for pair in both_ways(one.claim, other.claim)])
            return list(zip(shares[::2], shares[1::2], strict=True))

        shares = row_by_row(store, run, "gather", asked, read_both_ways,
                            lambda pair: f"{pair[0].claim_id} {pair[1].claim_id}", unread=lambda _: UNLIKE)
        return [(pair, both) for pair, both in zip(asked, shares, strict=True) if min(both) >= least]

    entailed = read_surely(pairs, readers.entailment.entails, run.config.gather.join)
    likely = read_surely([pair for pair, _ in entailed], lambda texts: supports(readers.relation, texts),
                         SUPPORTS)
    supported = {pair for pair, _ in likely}
    yield from (row for row in entailed if row[0] in supported)


def _joined(store: Store) -> defaultdict[str, dict[str, Sentence]]:
    """Return for each claim those that were joined to it on earlier nights, directly or through others."""
    rows = store.read(_Joined, SQL["joined"])
    parents: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        parents[row.claim_id].add(row.into_id)
    heads: defaultdict[str, dict[str, Sentence]] = defaultdict(dict)
    for row in rows:
        waiting, seen = [row.into_id], {row.claim_id}
        while waiting:
            head = waiting.pop()
            if head not in seen:
                seen.add(head)
                heads[head][row.claim_id] = row
                waiting += parents[head]
    return heads


def both_ways(one: str, other: str) -> tuple[TextPair, TextPair]:
    """Return what the models are asked: each sentence beside the other, both ways round."""
    return TextPair(one, other), TextPair(other, one)


def supports(relation_model: StanceModel, pairs: Sequence[TextPair]) -> list[float]:
    """Return how likely each text supports its claim, in order."""
    return [shares["supports"] for shares in relation_model.read(pairs)]


def _around(store: Store, batch: Sequence[str], embedding: str) -> tuple[list[Sentence], Vectors]:
    """Return the claims of a batch and those of their days, with their vectors."""
    table = store.table(SQL["claims"], {"claims": list(batch), "days": AROUND.days, "model": embedding})
    rows = table.drop_columns(["vector"]).to_pylist()
    return [build(Sentence, row) for row in rows], vectors_of(table.column("vector"))


def _meet(one: Sentence, other: Sentence) -> bool:
    if one.first_at is None or one.last_at is None or other.first_at is None or other.last_at is None:
        return True
    return one.first_at <= other.last_at + AROUND and other.first_at <= one.last_at + AROUND
