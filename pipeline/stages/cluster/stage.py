"""Cluster: which mentions make the same claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from models.claim_similarity import PairModel, Profiles, Rarity
from models.protocols.stance import StanceModel
from models.protocols.vectors import Embedder
from pipeline.core.context import RunContext
from pipeline.core.records import StageCounts
from pipeline.decisions import editorial
from pipeline.stages.cluster import vectors
from pipeline.stages.cluster.average_link import group
from pipeline.stages.cluster.confirm import Confirmed
from pipeline.stages.cluster.nodes import ComparedMention, Known, Member, Nodes
from pipeline.stages.cluster.result import Outcome, Pair, grey_pairs, outcome
from pipeline.stages.cluster.scores import Answered, affinity, leaves_open, with_answers
from pipeline.stages.cluster.vectors import Neighbours
from pipeline.store.queries import Statements
from pipeline.store.store import Store

SQL = Statements(__package__, "queries")

BATCH = 1000
ENDS = 5  # a claim is compared by its earliest and its latest members, so many of each


def cluster(store: Store, run: RunContext, embedder: Embedder, relation_model: StanceModel | None = None
            ) -> StageCounts:
    """Put each mention without a claim to the claim that it makes, or to a new one; then hold the editors'
    decisions.

    What the pair model would join, the relation model must confirm; without one, as for texts that say
    several things, the pair model decides alone. Reads mentions, decisions; writes claims, placements,
    members, rivals, grey_pairs, vectors, terms. Claims that exist are never joined here: gather does that,
    and editors merge. Raises ModelError where the embedder answers with unusable vectors.
    """
    todo = [mention for (mention,) in store.execute(SQL["todo"])]
    with store.transaction():
        faults = editorial.apply_decisions(store, run)
    if not todo:
        _tell(store, run, faults)
        return StageCounts()
    model = PairModel.load()
    _renew_vectors(store, run, embedder)
    index = Neighbours.open(run.home.index, store, embedder.name)
    counts: Counter[str] = Counter(index_rebuilt=int(index.rebuilt))
    waiting = iter(todo)
    run.progress("cluster", 0, len(todo))
    while batch := list(islice(waiting, BATCH)):
        mentions = store.read(ComparedMention, SQL["mentions"], {"mentions": batch})
        fresh = vectors.made(store, run, embedder, mentions)
        answered = _answered(store, mentions)
        met = [pair.other_id for pair in answered if pair.claim_id] + _readings(store, mentions)
        known_claims = _known(store, index, fresh, run.config.cluster.neighbours, met)
        result, grey, terms = _group(store, run, embedder, model, relation_model, mentions, fresh,
                                     known_claims, answered)
        with store.transaction():
            store.append("claims", result.claims)
            store.append("placements", result.placements)
            store.append("members", [row | {"run_id": run.run_id} for row in result.placements])
            store.append("rivals", result.rivals)
            store.append("grey_pairs", grey, replace=True)
            vectors.keep(store, embedder, mentions, fresh)
            store.execute(SQL["consider"], {"mentions": batch})
            store.execute(SQL["count_terms"], {"terms": list(terms), "counts": list(terms.values())})
            faults = editorial.apply_decisions(store, run)
        index.add([row.mention_id for row in mentions], fresh)
        counts.update(claims=len(result.claims), joined=len(result.placements) - len(result.claims),
                      left=len(mentions) - len(result.placements),
                      rivals=len({frozenset((rival.claim_id, rival.rival_id)) for rival in result.rivals}))
        run.progress("cluster", counts["claims"] + counts["joined"] + counts["left"], len(todo))
    index.save()
    _tell(store, run, faults)
    return StageCounts(len(todo), len(todo) - counts["left"], counts["left"], detail=dict(counts))


def _tell(store: Store, run: RunContext, faults: Sequence[editorial.Fault]) -> None:
    for fault in faults:
        store.record_issue(run, "cluster", fault.code, fault.message, place=fault.decision_id)


def _group(
    store: Store,
    run: RunContext,
    embedder: Embedder,
    model: PairModel,
    relation_model: StanceModel | None,
    mentions: Sequence[ComparedMention],
    fresh_vectors: NDArray[np.float32],
    known_claims: Known,
    answered: Sequence[Answered],
) -> tuple[Outcome, list[Pair], Counter[str]]:
    """Return what a batch comes to, the grey pairs, and how many of its mentions hold each word."""
    fresh = _profile(model, embedder, mentions, fresh_vectors)
    old_vectors = vectors.kept(store, embedder.name, [member.mention_id for member in known_claims.members])
    old = _profile(model, embedder, known_claims.members, old_vectors.reshape(-1, fresh_vectors.shape[1]))
    terms = Counter(word for words in fresh.words for word in set(words))
    nodes = Nodes(known_claims, mentions)
    same, fixed = run.config.cluster.same, range(len(nodes.claim_ids))
    rarity = _rarity(store, terms, len(mentions), old)
    scores = with_answers(
        affinity(model, nodes, fresh, old, list(known_claims.claims.values()), rarity, same), nodes, answered)
    may_join = (Confirmed(store, run, relation_model, nodes, scores, same) if relation_model
                else nodes.may_join)
    grouping = group(nodes.weights, scores, same, fixed=fixed, may_join=may_join)
    firsts = {claim: old_vectors[rows[0]] for claim, rows in known_claims.claims.items()}
    result = outcome(run, nodes, grouping, fresh_vectors, firsts)
    grey = sorted(grey_pairs(nodes, scores, grouping, result.claim_of, same, run.run_id),
                  key=lambda pair: (pair.claim_id, pair.other_id))
    return result, grey, Counter(dict(sorted(terms.items())))


def _profile(model: PairModel, embedder: Embedder, mentions: Sequence[ComparedMention],
             rows: NDArray[np.float32]) -> Profiles:
    names = [(*mention.entities, *mention.organisations) for mention in mentions]
    return model.profile([mention.text for mention in mentions], rows, embedder.name,
                         [mention.day for mention in mentions], names)


def _answered(store: Store, mentions: Sequence[ComparedMention]) -> list[Answered]:
    doubts = [mention.mention_id for mention in mentions if leaves_open(mention)]
    return store.read(Answered, SQL["answered"], {"mentions": doubts}) if doubts else []


def _readings(store: Store, mentions: Sequence[ComparedMention]) -> list[str]:
    """Return a mention of each claim that says what the code names of the new mentions are."""
    names = {" ".join(reading.key) for mention in mentions if (reading := mention.slots.identity)}
    if not names:
        return []
    return [mention for (mention,) in store.execute(SQL["readings"], {"names": sorted(names)})]


def _known(store: Store, index: Neighbours, fresh: NDArray[np.float32], neighbours: int,
           met: Sequence[str]) -> Known:
    """Return the claims of the mentions nearest to the new ones, and of those `met` in another way."""
    near = sorted({mention for nearest in index.nearest(fresh, neighbours) for mention in nearest}.union(met))
    members = store.read(Member, SQL["representatives"], {"mentions": near, "ends": ENDS}) if near else []
    claims: dict[str, range] = {}
    for row, member in enumerate(members):
        claims[member.claim_id] = range(claims.get(member.claim_id, range(row, row)).start, row + 1)
    return Known(members, claims)


def _rarity(store: Store, fresh: Counter[str], texts: int, old: Profiles) -> Rarity:
    terms = sorted({*fresh, *(word for words in old.words for word in words)})
    stored = dict(store.execute(SQL["rarity"], {"terms": terms}))
    placed = int(store.execute(SQL["placed"])[0][0])
    return Rarity(placed + texts, {term: stored.get(term, 0) + fresh[term] for term in terms})


def _renew_vectors(store: Store, run: RunContext, embedder: Embedder) -> None:
    """Embed what another model embedded, so that old claims can be met at all."""
    waiting = (mention for (mention,) in store.execute(SQL["without_vector"], {"model": embedder.name}))
    while batch := list(islice(waiting, BATCH)):
        mentions = store.read(ComparedMention, SQL["mentions"], {"mentions": batch})
        with store.transaction():
            vectors.keep(store, embedder, mentions, vectors.made(store, run, embedder, mentions))
