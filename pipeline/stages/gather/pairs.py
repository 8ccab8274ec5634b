"""Read pairs of claims and passages by the relation model, those that most likely speak to a claim first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.protocols import STANCE_LABELS, StanceModel, TextPair
from pipeline.core.context import RunContext
from pipeline.core.text import one_line
from pipeline.stages.gather.attach import Passage
from pipeline.stages.gather.candidates import ENGLISH, Sought
from pipeline.store.row_by_row import row_by_row
from pipeline.store.store import Store

FIRST = 8  # different candidates of a claim, in English and in other languages, that are read at once
PROMISING = 0.4  # probability of belonging of one of these from which the others are read
BARE = 100  # characters: a shorter answer may say all it says by being an answer ("This was debunked.")
UNRELATED = {label: float(label == "unrelated") for label in STANCE_LABELS}  # of a pair that cannot be read


@dataclass(frozen=True, slots=True)
class Asked:
    """A claim and a passage; `likeness` is the cosine of both by the retriever, where it is known."""

    claim: Sought
    passage: Passage
    likeness: float | None


def read_pairs(store: Store, run: RunContext, relation_model: StanceModel, asked: Sequence[Asked]
               ) -> tuple[list[Mapping[str, float]], int]:
    """Return what the relation model says of each pair, and how many pairs it read; a pair that was not read
    is *unrelated*.

    The pairs of a claim stand in the order of the search. Most claims are spoken of once: only where one of
    the first `FIRST` candidates may belong are the others read, and for every sentence that is followed.
    Short answers are always read. A pair that breaks the model is recorded as an issue.
    """
    different: dict[tuple[str, bool], set[str]] = defaultdict(set)
    early = []
    for pair in asked:
        said = different[pair.claim.claim_id, pair.passage.language == ENGLISH]
        said.add(one_line(pair.passage.quote))
        answer = bool(pair.passage.answered) and len(pair.passage.quote) <= BARE
        early.append(pair.claim.followed or answer or len(said) <= FIRST)
    shares: list[Mapping[str, float]] = [UNRELATED] * len(asked)
    promising: set[str] = set()
    read = 0
    for first in (True, False):
        rows = [row for row, pair in enumerate(asked)
                if early[row] is first and (first or pair.claim.claim_id in promising)]
        told = row_by_row(
            store, run, "gather", [asked[row] for row in rows],
            lambda some: relation_model.read([
                TextPair(pair.claim.claim, pair.passage.quote, pair.passage.context, pair.likeness)
                for pair in some]),
            lambda pair: pair.passage.document_id, unread=lambda _: UNRELATED)
        for row, share in zip(rows, told, strict=True):
            shares[row] = share
            if 1 - share["unrelated"] >= PROMISING:
                promising.add(asked[row].claim.claim_id)
        read += len(rows)
    return shares, read
