"""Ask the relation model whether two groups that the pair model would join are one claim.

The pair model compares words, and puts sentences together that say two things of one model.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from models.protocols import StanceModel, TextPair
from pipeline.stages.cluster.nodes import Nodes
from pipeline.stages.cluster.scores import Scores

BELONGS = 0.3  # how likely what joins must speak to the claim
CERTAIN = 1.0  # a score from which nothing is asked: one person's denials in one text, a doubt and its post


class Confirmed:
    """Whether two groups of nodes may be joined: no slot differs, and the relation model agrees.

    The first founding mention of a group stands for it. Each pair is read once.
    """

    def __init__(self, nodes: Nodes, scores: Scores, relation_model: StanceModel) -> None:
        self._nodes, self._model = nodes, relation_model
        self._certain = {pair for pair, score in scores.items() if score >= CERTAIN}
        self._read: dict[tuple[str, str], bool] = {}

    def __call__(self, left: Sequence[int], right: Sequence[int]) -> bool:
        """Return whether the new mentions of `right` may join `left`, whose nodes come first."""
        return self._nodes.may_join(left, right) and (
            any((min(pair), max(pair)) in self._certain for pair in product(left, right))
            or self._belongs(self._nodes.claim(left), self._nodes.quote(right)))

    def _belongs(self, claim: str, quote: str) -> bool:
        if claim.casefold() in quote.casefold():
            return True
        pair = claim, quote
        if pair not in self._read:
            (said,) = self._model.read([TextPair(claim, quote)])
            self._read[pair] = 1 - said["unrelated"] >= BELONGS
        return self._read[pair]
