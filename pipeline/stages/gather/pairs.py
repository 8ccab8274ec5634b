"""Read pairs of claims and passages by the relation model, those that most likely speak to a claim first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.other_documents import others
from models.protocols.stance import STANCE_LABELS, StanceModel, TextPair
from pipeline.core.context import RunContext
from pipeline.core.text import one_line
from pipeline.stages.gather.attach import Passage, SoughtClaim
from pipeline.stages.gather.candidates import ENGLISH
from pipeline.store.row_by_row import row_by_row
from pipeline.store.store import Store

ROUND = 4  # different candidates of a claim, in English and in other languages, that are read at once
PROMISING = 0.3  # probability of belonging from which one of a round has the next one read
# The same for a sentence that an editor follows, for which more reading is worth while.
FOLLOWED_ROUND, FOLLOWED_PROMISING = 8, 0.2
BARE = 100  # characters: a shorter answer may say all it says by being an answer ("This was debunked.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the relation model says of a pair by itself, and the probability that it belongs with what other
    documents say of the claim taken into account.
    """

    shares: Mapping[str, float]
    related: float


UNREAD = Answer({label: float(label == "unrelated") for label in STANCE_LABELS}, 0.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """A claim and a passage; `likeness` is the cosine of both by the retriever. It is None for a short answer
    to what speaks to the claim, which no search compared with it, and where the retriever broke. `promise`
    says how likely both belong together by what is known before they are read.
    """

    claim: SoughtClaim
    passage: Passage
    likeness: float | None
    promise: float


def read_pairs(store: Store, run: RunContext, relation_model: StanceModel, asked: Sequence[Asked],
               held: Mapping[str, Mapping[str, float]]) -> tuple[list[Answer], int]:
    """Return what the relation model says of each pair, and how many pairs it read; a pair that was not read
    is *unrelated*.

    The candidates of a claim are read in the order of their promise, of equals in that of `asked`; what is
    not worth reading is left out. Most claims are spoken of once: the candidates in one language are read on,
    round by round, only as long as one of those just read may belong. Short answers to what speaks to a claim
    are always read. Whether
    a passage belongs is weighed with how surely others seem to speak to the claim, those of `held` among them
    (by claim, the documents that were gathered before); how sure its side is, is not. A pair that breaks the
    model is recorded as an issue.
    """
    pairs = [TextPair(pair.claim.claim, pair.passage.quote, pair.passage.context, pair.likeness,
                      pair.claim.followed) for pair in asked]
    read: dict[int, Any] = {}
    alone: dict[int, Mapping[str, float]] = {}
    waiting = _rounds(asked)
    while waiting:
        rows = sorted(row for rounds in waiting.values() for row in rounds.pop(0))
        results = row_by_row(
            store, run, "gather", rows, lambda batch: relation_model.told([pairs[row] for row in batch]),
            lambda row: asked[row].passage.document_id, unread=lambda _: None, others_were_read=bool(read))
        fresh = {row: reading for row, reading in zip(rows, results, strict=True)
                 if reading is not None}
        read |= fresh
        shares = relation_model.weighed([pairs[row] for row in fresh], list(fresh.values()))
        alone |= zip(fresh, shares, strict=True)
        promising = {_search(asked[row]) for row in fresh if _related(alone[row]) >= _promising(asked[row])}
        waiting = {search: rounds for search, rounds in waiting.items() if rounds and search in promising}
    beside = relation_model.weighed([pairs[row] for row in read], list(read.values()),
                                    _others(asked, alone, held))
    answers = {row: Answer(alone[row], _related(shares)) for row, shares in zip(read, beside, strict=True)}
    return [answers.get(row, UNREAD) for row in range(len(asked))], len(read)


def _promising(pair: Asked) -> float:
    return FOLLOWED_PROMISING if pair.claim.followed else PROMISING


def _related(shares: Mapping[str, float]) -> float:
    return 1 - shares["unrelated"]


def _search(pair: Asked) -> tuple[str, bool]:
    """Return the search that found a pair: its claim's, in English or in another language."""
    return pair.claim.claim_id, pair.passage.language == ENGLISH


def _rounds(asked: Sequence[Asked]) -> dict[tuple[str, bool], list[list[int]]]:
    """Return for each search the rows read together, round by round; a repeated text takes no place.
    """
    rounds: dict[tuple[str, bool], list[list[int]]] = defaultdict(lambda: [[]])
    different: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for row in sorted(range(len(asked)), key=lambda row: -asked[row].promise):
        pair = asked[row]
        search, quote = _search(pair), one_line(pair.passage.quote)
        if pair.likeness is None:
            rounds[search][0].append(row)
            continue
        if not pair.promise:
            continue
        room = (FOLLOWED_ROUND if pair.claim.followed else ROUND) * len(rounds[search])
        if quote not in different[search] and len(different[search]) == room:
            rounds[search].append([])
        different[search].add(quote)
        rounds[search][-1].append(row)
    return dict(rounds)


def _others(asked: Sequence[Asked], alone: Mapping[int, Mapping[str, float]],
            held: Mapping[str, Mapping[str, float]]) -> list[float]:
    """Return for each row of `alone` how surely other documents speak to its claim: those of other rows, of
    which one that repeats another word for word is the same, and those that it holds already.
    """
    by_claim: dict[str, list[int]] = defaultdict(list)
    for row in alone:
        by_claim[asked[row].claim.claim_id].append(row)
    spoken: dict[int, float] = {}
    for claim_id, rows in by_claim.items():
        first: dict[str, str] = {}  # of a text, the first document that has it
        sources = [first.setdefault(one_line(asked[row].passage.quote), asked[row].passage.document_id)
                   for row in rows]
        earlier = held.get(claim_id, {})
        documents = [*sources, *earlier]
        strengths = others(documents, [*(_related(alone[row]) for row in rows), *earlier.values()])
        spoken |= zip(rows, strengths, strict=False)
    return [spoken[row] for row in alone]
