"""Ask the relation model whether two groups that the pair model would join are one claim.

The pair model compares words, and puts sentences together that say two things of one model.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from models.protocols.stance import StanceModel, TextPair
from pipeline.core.context import RunContext
from pipeline.stages.cluster.nodes import ComparedMention, Nodes
from pipeline.stages.cluster.scores import Scores
from pipeline.store.row_by_row import row_by_row
from pipeline.store.store import Store

BELONGS = 0.3  # how likely what joins must speak to the claim
CERTAIN = 1.0  # a score from which nothing is asked: one person's denials in one text, a doubt and its post


class Confirmed:
    """Whether two groups of nodes may be joined: no slot differs, and the relation model agrees.

    The first founding mention of a group stands for it. Each pair is read once; a text that breaks the model
    is recorded as an issue, and joins nothing.
    """

    def __init__(self, store: Store, run: RunContext, relation_model: StanceModel, nodes: Nodes,
                 scores: Scores) -> None:
        self._store, self._run, self._model, self._nodes = store, run, relation_model, nodes
        self._certain = {pair for pair, score in scores.items() if score >= CERTAIN}
        self._read: dict[tuple[str, str], bool] = {}

    def __call__(self, left: Sequence[int], right: Sequence[int]) -> bool:
        """Return whether the new mentions of `right` may join `left`, whose nodes come first."""
        return self._nodes.may_join(left, right) and (
            any((min(pair), max(pair)) in self._certain for pair in product(left, right))
            or self._belongs(self._nodes.claim(left), self._nodes.teller(right)))

    def _belongs(self, claim: str, teller: ComparedMention) -> bool:
        if claim.casefold() in teller.quote.casefold():
            return True
        pair = claim, teller.quote
        if pair not in self._read:
            (self._read[pair],) = row_by_row(
                self._store, self._run, "cluster", [TextPair(*pair)], self._confirmed,
                lambda _: teller.document_id, unread=lambda _: False, others_were_read=True)
        return self._read[pair]

    def _confirmed(self, pairs: Sequence[TextPair]) -> list[bool]:
        return [1 - shares["unrelated"] >= BELONGS for shares in self._model.read(pairs)]
