"""Whether what a statement says and a claim are one claim, or rivals: founding's pair model and slots."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.claim_similarity import Matrix, PairModel, Profiles
from models.protocols.language import Language
from models.protocols.vectors import Embedder
from pipeline.check.known_claims import KnownClaims, Target
from pipeline.check.search import Near
from pipeline.check.statements import Made, Statement
from pipeline.core.vocabulary import Certainty, Kind, Precision
from pipeline.stages.cluster.nodes import Known, Member, Nodes, Said
from pipeline.stages.cluster.scores import affinity
from pipeline.text.slots import Conflict, Slots

VALUES = frozenset({"number", "date", "identity"})
"""Slots of which a claim has one value: who gives another one gives a rival of the claim."""
# "10 months ago" and "15 months ago" may be one date, told at two times.
_RELATIVE = re.compile(r"\b(?:ago|earlier|later)\b", re.IGNORECASE)
# "This week" and "Monday" may be any date.
_FIXED = re.compile(r"\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Alike:
    """A statement whose words `made` are alike enough to a claim to be one with it, by `score` (0 to 1).

    They are one claim where no slot is filled otherwise, and rivals where one of VALUES is: `rival` says
    how they differ, the statement first.
    """

    made: Made
    score: float
    one_claim: bool
    rival: Conflict | None


class Likeness:
    """How alike statements are to claims, by the place of a statement and of a claim."""

    def __init__(self, known: KnownClaims, statements: Sequence[Statement], near: Sequence[Sequence[Near]],
                 language: Language, embedder: Embedder, model: PairModel, same: float) -> None:
        self._language = language
        self._slots: dict[str, Slots] = {}
        rows = sorted({one.row for some in near for one in some})
        self._found: dict[tuple[int, int], Alike] = {}
        made = [(number, one) for number, statement in enumerate(statements) for one in statement.made]
        if not rows or not made:
            return
        members = [self._member(known.claims[row]) for row in rows]
        said = [_said(statements[number], one, str(place)) for place, (number, one) in enumerate(made)]
        nodes = Nodes(Known(members, {one.claim_id: range(row, row + 1) for row, one in enumerate(members)}),
                      said)
        fresh = _profile(model, embedder, said, embedder.encode([one.text for one in said]))
        old = _profile(model, embedder, members, known.vectors(embedder.name, np.asarray(rows)))
        scores = affinity(model, nodes, fresh, old, [range(row, row + 1) for row in range(len(rows))],
                          known.rarity, same)
        place = {row: node for node, row in enumerate(rows)}
        wanted = {(number, one.row) for number, some in enumerate(near) for one in some}
        for at, (number, one) in enumerate(made, len(rows)):
            for row, node in place.items():
                score = scores.get((node, at), 0.0)
                if score >= same and (number, row) in wanted:
                    self._keep(number, row, _alike(one, score, nodes.conflict(at, node), known.claims[row]))

    def of(self, statement: int, row: int) -> Alike | None:
        """Return how alike the statement and the claim of these places are; None where they are not."""
        return self._found.get((statement, row))

    def slots(self, target: Target) -> Slots:
        """Return what may tell a claim from a look-alike."""
        if target.claim_id not in self._slots:
            numbers = self._language.statement(target.claim, None).numbers
            self._slots[target.claim_id] = Slots(target.claim, target.kind, target.organisations,
                                                 target.entities, numbers, target.event_at,
                                                 target.event_precision)
        return self._slots[target.claim_id]

    def _keep(self, statement: int, row: int, alike: Alike) -> None:
        known = self._found.get((statement, row))
        if known is None or (alike.one_claim, alike.score) > (known.one_claim, known.score):
            self._found[statement, row] = alike

    def _member(self, target: Target) -> Member:
        return Member(target.claim_id, target.claim_id, target.claim, target.claim, target.kind, None, False,
                      Certainty.ASSERTED, target.organisations, target.entities, self.slots(target).numbers,
                      target.event_at, target.event_precision, None, True, target.claim_id)


def _alike(made: Made, score: float, conflict: Conflict | None, target: Target) -> Alike:
    if conflict is None:
        return Alike(made, score, True, None)
    mention = made.mention
    asserted = not mention.negated and mention.certainty != Certainty.QUESTIONED
    subject = {*mention.entities} - {*mention.organisations} == {*target.entities} - {*target.organisations}
    relative = _RELATIVE.search(mention.proposition) or _RELATIVE.search(target.claim)
    valued = conflict.slot in VALUES and (conflict.slot != "date" or _fixed(conflict))
    rival = conflict if valued and asserted and subject and not relative else None
    return Alike(made, score, False, rival)


def _fixed(conflict: Conflict) -> bool:
    """Return whether both dates stand for themselves, whenever they are said."""
    return all(_FIXED.search(words) for words in conflict.words.split(" / "))


def _said(statement: Statement, made: Made, name: str) -> Said:
    one = made.mention
    return Said(name, "", one.proposition, statement.quote, Kind(one.kind), one.speaker, one.negated,
                Certainty(one.certainty), one.organisations, one.entities, one.numbers, one.event_at,
                Precision(one.event_precision), None, True)


def _profile(model: PairModel, embedder: Embedder, said: Sequence[Said], vectors: Matrix) -> Profiles:
    names = [(*one.entities, *one.organisations) for one in said]
    return model.profile([one.text for one in said], vectors, embedder.name, [None] * len(said), names)

