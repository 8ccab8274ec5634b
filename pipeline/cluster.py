"""Cluster: which mentions make the same claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, islice, product

import numpy as np
from numpy.typing import NDArray

from models.pairs import PairModel, Profiles, Rarity
from models.protocols import Embedder
from pipeline import decided
from pipeline.claim_text import standalone
from pipeline.context import RunContext, stable_id
from pipeline.errors import ModelError
from pipeline.linkage import Grouping, group
from pipeline.neighbours import Neighbours
from pipeline.records import Claim, Kind, Precision, StageCounts
from pipeline.slots import Conflict, Slots, close, conflict
from pipeline.store import Store

BATCH = 1000
ENDS = 5  # a claim is compared by its earliest and its latest members, so many of each
BLOCK = 4000  # representatives scored at once
FLOOR = 0.005  # scores below are taken as none
SAME_SUM = 0.9  # the score of two that name the same sum of money
RIVAL_SLOTS = frozenset({"version", "date", "number"})


@dataclass(frozen=True, slots=True)
class Said:
    """What clustering looks at in a mention."""

    mention_id: str
    document_id: str
    proposition: str
    quote: str
    kind: Kind
    speaker: str | None
    negated: bool
    organisations: tuple[str, ...]
    entities: tuple[str, ...]
    numbers: tuple[str, ...]
    event_at: datetime | None
    event_precision: Precision
    said_at: datetime | None

    @property
    def text(self) -> str:
        """The proposition; the quote where extract left none."""
        return self.proposition.strip() or self.quote

    @property
    def denial(self) -> tuple[str, str, Kind, tuple[str, ...]] | None:
        """What is equal for two mentions in which one person denies one accusation, in several wordings of one text."""
        if not self.negated or self.speaker is None or not self.organisations:
            return None
        return self.document_id, self.speaker, self.kind, self.organisations

    @property
    def slots(self) -> Slots:
        """What may tell it from a look-alike."""
        when, precision = self.event_at, self.event_precision
        return Slots(self.text, self.kind, self.organisations, self.entities, self.numbers, when, precision)


@dataclass(frozen=True, slots=True)
class Member(Said):
    """A mention that has a claim already."""

    claim_id: str


@dataclass(frozen=True, slots=True)
class Rival:
    """A row of store.rivals."""

    claim_id: str
    rival_id: str
    slot: str
    words: str


@dataclass(frozen=True, slots=True)
class Known:
    """The claims that a batch may join: each with its representatives (rows of `members`)."""

    members: list[Member]
    claims: dict[str, range]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch comes to, as rows to store."""

    claims: list[Claim]
    placements: list[dict[str, object]]
    rivals: list[Rival]


class Nodes:
    """What is grouped: first the known claims, then the new mentions in order."""

    def __init__(self, known: Known, said: Sequence[Said]) -> None:
        self.claim_ids = list(known.claims)
        self.said = said
        self.slots = [[known.members[row].slots for row in rows] for rows in known.claims.values()]
        self.slots += [[one.slots] for one in said]
        self.weights = [float(len(slots)) for slots in self.slots]
        self._conflicts: dict[tuple[int, int], Conflict | None] = {}

    def conflict(self, a: int, b: int) -> Conflict | None:
        """The first slot in which two nodes differ, seen from a."""
        key = (min(a, b), max(a, b))
        if key not in self._conflicts:
            found = (conflict(one, other) for one, other in product(self.slots[key[0]], self.slots[key[1]]))
            self._conflicts[key] = next((one for one in found if one), None)
        told = self._conflicts[key]
        return told.turned() if told and a > b else told

    def may_join(self, left: Sequence[int], right: Sequence[int]) -> bool:
        """Whether no two mentions of two groups fill a slot differently."""
        return not any(self.conflict(a, b) for a, b in product(left, right))


def cluster(store: Store, run: RunContext, embedder: Embedder) -> StageCounts:
    """Put each mention without a claim to the claim that it makes, or to a new one; then hold the editors' decisions.

    Reads mentions, decisions; writes claims, placements, members, rivals, vectors, terms. Claims that exist are never
    joined here: only editors merge. Raises ModelError where the embedder answers with unusable vectors.
    """
    todo = [mention for (mention,) in store.execute("cluster", "todo")]
    with store.transaction():
        decided.hold(store, run)
    if not todo:
        return StageCounts()
    model = PairModel.load()
    _renew_vectors(store, embedder)
    index = Neighbours.open(run.home.index, store, embedder.name)
    counts: Counter[str] = Counter(index_rebuilt=int(index.rebuilt))
    waiting = iter(todo)
    run.progress("cluster", 0, len(todo))
    while batch := list(islice(waiting, BATCH)):
        said = store.read(Said, "cluster", "mentions", {"mentions": batch})
        vectors = _vectors(store, embedder, said)
        known = _known(store, index, vectors, run.config.cluster.neighbours)
        outcome, terms = _group(store, run, embedder, model, said, vectors, known)
        with store.transaction():
            store.append("claims", outcome.claims)
            store.append("placements", outcome.placements)
            store.append("members", [row | {"run_id": run.run_id} for row in outcome.placements])
            store.append("rivals", outcome.rivals)
            store.append("vectors", _vector_rows(embedder, said, vectors), replace=True)
            store.execute("cluster", "count_terms", {"terms": list(terms), "counts": list(terms.values())})
            decided.hold(store, run)
        index.add([one.mention_id for one in said], vectors)
        counts.update(claims=len(outcome.claims), joined=len(said) - len(outcome.claims), rivals=len(outcome.rivals) // 2)
        run.progress("cluster", counts["claims"] + counts["joined"], len(todo))
    index.save()
    return StageCounts(len(todo), len(todo), detail=dict(counts))


def _group(
    store: Store,
    run: RunContext,
    embedder: Embedder,
    model: PairModel,
    said: Sequence[Said],
    vectors: NDArray[np.float32],
    known: Known,
) -> tuple[Outcome, Counter[str]]:
    """What a batch comes to, and how many of its mentions hold each word."""
    fresh = _profile(model, embedder, said, vectors)
    old_vectors = _stored_vectors(store, embedder, known.members, vectors.shape[1])
    old = _profile(model, embedder, known.members, old_vectors)
    terms = Counter(word for words in fresh.words for word in set(words))
    rarity = _rarity(store, terms, len(said), old)
    nodes = Nodes(known, said)
    scores = _scores(model, fresh, old, list(known.claims.values()), rarity)
    scores = _with_sums(_with_denials(scores, said, len(known.claims)), nodes)
    grouping = group(
        nodes.weights, scores, run.config.cluster.same, fixed=range(len(nodes.claim_ids)), may_join=nodes.may_join
    )
    firsts = {claim: old_vectors[rows[0]] for claim, rows in known.claims.items()}
    return _outcome(run, nodes, grouping, vectors, firsts), Counter(dict(sorted(terms.items())))


def _profile(model: PairModel, embedder: Embedder, said: Sequence[Said], vectors: NDArray[np.float32]) -> Profiles:
    names = [(*one.entities, *one.organisations) for one in said]
    return model.profile([one.text for one in said], vectors, embedder.name, [_day(one) for one in said], names)


def _scores(
    model: PairModel, fresh: Profiles, old: Profiles, claims: Sequence[range], rarity: Rarity
) -> dict[tuple[int, int], float]:
    """The mean score between a known claim and a new mention, and between two new ones, by node numbers."""
    found: dict[tuple[int, int], float] = {}
    start = 0
    while start < len(claims):
        stop = start + 1
        while stop < len(claims) and claims[stop].stop - claims[start].start <= BLOCK:
            stop += 1
        first = claims[start].start
        block = model.scores(fresh, old.take(range(first, claims[stop - 1].stop)), rarity)
        sums = np.add.reduceat(block, [rows.start - first for rows in claims[start:stop]], axis=1)
        means = sums / np.asarray([len(rows) for rows in claims[start:stop]], dtype=np.float32)
        for mention, claim in zip(*np.nonzero(means >= FLOOR), strict=True):
            found[start + int(claim), len(claims) + int(mention)] = float(means[mention, claim])
        start = stop
    pairs = np.triu(model.scores(fresh, fresh, rarity), 1)
    for a, b in zip(*np.nonzero(pairs >= FLOOR), strict=True):
        found[len(claims) + int(a), len(claims) + int(b)] = float(pairs[a, b])
    return found


def _with_denials(scores: dict[tuple[int, int], float], said: Sequence[Said], first: int) -> dict[tuple[int, int], float]:
    """The scores with the wordings of one denial made one: an article tells it in headline, lead and quotation.

    They are certain pairs, and what is like one of them is as like all of them.
    """
    groups: dict[object, list[int]] = {}
    for node, one in enumerate(said, first):
        if one.denial:
            groups.setdefault(one.denial, []).append(node)
    found = dict(scores)
    for nodes in (nodes for nodes in groups.values() if len(nodes) > 1):
        best: dict[int, float] = {}
        for (a, b), score in found.items():
            for node, other in ((a, b), (b, a)):
                if node in nodes and other not in nodes:
                    best[other] = max(score, best.get(other, 0.0))
        found |= {(min(node, other), max(node, other)): score for other, score in best.items() for node in nodes}
        found |= dict.fromkeys(combinations(nodes, 2), 1.0)
    return found


def _with_sums(scores: dict[tuple[int, int], float], nodes: Nodes) -> dict[tuple[int, int], float]:
    """The scores with those likely one that name the same sum of money, for the same kind of thing, of one organisation.

    "The training cost is $5.5 million" and "V3 was built for about $6M" share no words but the sum.
    """
    named: dict[tuple[Kind, str], list[tuple[float, int]]] = {}
    for node, slots in enumerate(nodes.slots):
        for one in slots:
            for sum_, organisation in product(one.figures.get("usd", ()), one.organisations):
                named.setdefault((one.kind, organisation), []).append((sum_, node))
    found = dict(scores)
    for kin in named.values():
        for (this, a), (that, b) in combinations(kin, 2):
            pair = (min(a, b), max(a, b))
            if a != b and pair[1] >= len(nodes.claim_ids) and close(this, that):
                found[pair] = max(SAME_SUM, found.get(pair, 0.0))
    return found


def _outcome(
    run: RunContext,
    nodes: Nodes,
    grouping: Grouping,
    vectors: NDArray[np.float32],
    firsts: dict[str, NDArray[np.float32]],
) -> Outcome:
    claims: list[Claim] = []
    placements: list[dict[str, object]] = []
    claim_of: dict[int, str] = {}
    known = len(nodes.claim_ids)
    for members in grouping.groups:
        mentions = [node - known for node in members if node >= known]
        if members[0] < known:
            claim_id, how = nodes.claim_ids[members[0]], "near"
            first = firsts[claim_id]
        else:
            claims.append(_claim(run, [nodes.said[row] for row in mentions]))
            claim_id, first, how = claims[-1].claim_id, vectors[mentions[0]], "new"
        claim_of.update(dict.fromkeys(members, claim_id))
        for row in mentions:
            similarity = round(float(vectors[row] @ first), 4)
            mention_id = nodes.said[row].mention_id
            placements.append({"mention_id": mention_id, "claim_id": claim_id, "similarity": similarity, "how": how})
            how = "near"
    placements.sort(key=lambda row: str(row["mention_id"]))
    return Outcome(claims, placements, list(_rivals(nodes, grouping, claim_of)))


def _rivals(nodes: Nodes, grouping: Grouping, claim_of: dict[int, str]) -> Iterator[Rival]:
    """Pairs of claims that were alike enough to be one and differ in a slot, each from both sides."""
    groups = {node: members for members in grouping.groups for node in members}
    seen: set[tuple[str, str, str]] = set()
    for a, b, _ in grouping.refused:
        found = next((told for pair in product(groups[a], groups[b]) if (told := nodes.conflict(*pair))), None)
        one, other = claim_of[a], claim_of[b]
        if found is None or found.slot not in RIVAL_SLOTS or one == other or (one, other, found.slot) in seen:
            continue
        seen |= {(one, other, found.slot), (other, one, found.slot)}
        yield Rival(one, other, found.slot, found.words)
        yield Rival(other, one, found.slot, found.turned().words)


def _claim(run: RunContext, founders: Sequence[Said]) -> Claim:
    """A new claim in the words of the founder that tells it best; its kind and date are that one's, too."""
    told = [one for one in founders if one.document_id == founders[0].document_id]
    named = max(len(one.entities) for one in told)
    # Of the wordings of its first text, those that name most; an article's lead says "its models", its quotation which.
    text = standalone([one.text for one in (*(one for one in told if len(one.entities) == named), *founders)])
    teller = next(one for one in founders if one.text == text)
    first = founders[0]
    dated = next((one for one in (teller, *founders) if one.event_at is not None), teller)
    return Claim(
        claim_id=stable_id("c", first.mention_id),
        claim=text,
        kind=teller.kind,
        first_mention_id=first.mention_id,
        organisations=tuple(dict.fromkeys((*teller.organisations, *first.organisations))),
        entities=tuple(dict.fromkeys((*teller.entities, *first.entities))),
        event_at=dated.event_at,
        event_precision=dated.event_precision,
        merged_into=None,
        created_at=run.now,
        run_id=run.run_id,
    )


def _known(store: Store, index: Neighbours, vectors: NDArray[np.float32], neighbours: int) -> Known:
    near = sorted({mention for found in index.nearest(vectors, neighbours) for mention in found})
    members = store.read(Member, "cluster", "representatives", {"mentions": near, "ends": ENDS}) if near else []
    claims: dict[str, range] = {}
    for row, member in enumerate(members):
        claims[member.claim_id] = range(claims.get(member.claim_id, range(row, row)).start, row + 1)
    return Known(members, claims)


def _rarity(store: Store, fresh: Counter[str], texts: int, old: Profiles) -> Rarity:
    terms = sorted({*fresh, *(word for words in old.words for word in words)})
    stored = dict(store.execute("cluster", "rarity", {"terms": terms}))
    placed = int(store.execute("cluster", "placed")[0][0])
    return Rarity(placed + texts, {term: stored.get(term, 0) + fresh[term] for term in terms})


def _day(said: Said) -> float | None:
    return said.said_at.timestamp() / 86400 if said.said_at else None


def _vectors(store: Store, embedder: Embedder, said: Sequence[Said]) -> NDArray[np.float32]:
    """One vector a mention; texts that were embedded before are not embedded again."""
    ids = [one.mention_id for one in said]
    stored = store.execute("cluster", "same_words", {"mentions": ids, "model": embedder.name})
    found = {mention: np.asarray(vector, dtype=np.float32) for mention, vector in stored}
    missing = list(dict.fromkeys(one.text for one in said if one.mention_id not in found))
    if missing:
        made = np.asarray(embedder.encode(missing), dtype=np.float32)
        if made.ndim != 2 or len(made) != len(missing) or not np.isfinite(made).all():
            raise ModelError(f"{embedder.name} gave values of shape {made.shape} for {len(missing)} texts, or no numbers")
        rows = dict(zip(missing, made, strict=True))
        found.update({one.mention_id: rows[one.text] for one in said if one.mention_id not in found})
    return np.stack([found[mention] for mention in ids])


def _stored_vectors(
    store: Store, embedder: Embedder, members: Sequence[Member], dimension: int
) -> NDArray[np.float32]:
    ids = [member.mention_id for member in members]
    found = dict(store.execute("cluster", "vectors", {"mentions": ids, "model": embedder.name}))
    return np.asarray([found[mention] for mention in ids], dtype=np.float32).reshape(len(ids), dimension)


def _vector_rows(embedder: Embedder, said: Sequence[Said], vectors: NDArray[np.float32]) -> list[dict[str, object]]:
    return [
        {"mention_id": one.mention_id, "model": embedder.name, "vector": vector.tolist()}
        for one, vector in zip(said, vectors, strict=True)
    ]


def _renew_vectors(store: Store, embedder: Embedder) -> None:
    """Embed what another model embedded, so that old claims can be met at all."""
    waiting = (mention for (mention,) in store.execute("cluster", "without_vector", {"model": embedder.name}))
    while batch := list(islice(waiting, BATCH)):
        said = store.read(Said, "cluster", "mentions", {"mentions": batch})
        with store.transaction():
            store.append("vectors", _vector_rows(embedder, said, _vectors(store, embedder, said)), replace=True)
