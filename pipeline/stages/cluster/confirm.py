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
    is recorded as an issue, and joins nothing. What is asked first is read at once, as the model reads many
    pairs quicker than one after the other: for each node the one that is most like it, from `same` on.
    """

    def __init__(self, store: Store, run: RunContext, relation_model: StanceModel, nodes: Nodes,
                 scores: Scores, same: float) -> None:
        self._store, self._run, self._model, self._nodes = store, run, relation_model, nodes
        self._certain = {pair for pair, score in scores.items() if score >= CERTAIN}
        self._answers: dict[tuple[str, str], bool] = {}
        self._read([(nodes.claim([left]), nodes.teller([right]))
                    for left, right in self._asked_first(scores, same)])

    def __call__(self, left: Sequence[int], right: Sequence[int]) -> bool:
        """Return whether the new mentions of `right` may join `left`, whose nodes come first."""
        return self._nodes.may_join(left, right) and (
            any((min(pair), max(pair)) in self._certain for pair in product(left, right))
            or self._belongs(self._nodes.claim(left), self._nodes.teller(right)))

    def _belongs(self, claim: str, teller: ComparedMention) -> bool:
        if _repeats(claim, teller):
            return True
        if (claim, teller.quote) not in self._answers:
            self._read([(claim, teller)])
        return self._answers[claim, teller.quote]

    def _asked_first(self, scores: Scores, same: float) -> list[tuple[int, int]]:
        """Return for each node the pair with its highest score, of those that the pair model would join."""
        known_count = len(self._nodes.claim_ids)
        best: dict[int, tuple[int, int]] = {}
        for pair, score in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
            left, right = pair
            if (score >= same and right >= known_count and pair not in self._certain
                    and not {left, right} <= best.keys() and self._nodes.may_join([left], [right])):
                best.setdefault(left, pair)
                best.setdefault(right, pair)
        return sorted(set(best.values()))

    def _read(self, asked: Sequence[tuple[str, ComparedMention]]) -> None:
        """Have the model read claims and mentions, and keep whether the one speaks to the other."""
        tellers = {(claim, teller.quote): teller for claim, teller in asked if not _repeats(claim, teller)}
        answers = row_by_row(self._store, self._run, "cluster", list(tellers), self._confirmed,
                             lambda pair: tellers[pair].document_id, unread=lambda _: False,
                             others_were_read=True)
        self._answers |= zip(tellers, answers, strict=True)

    def _confirmed(self, pairs: Sequence[tuple[str, str]]) -> list[bool]:
        readings = self._model.read([TextPair(claim, quote) for claim, quote in pairs])
        return [1 - shares["unrelated"] >= BELONGS for shares in readings]


def _repeats(claim: str, teller: ComparedMention) -> bool:
    return claim.casefold() in teller.quote.casefold()
