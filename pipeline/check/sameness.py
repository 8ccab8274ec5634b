"""Tell whether a statement and a claim are one claim, or rivals, by founding's pair model and slots."""

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
from pipeline.stages.cluster.nodes import ComparedMention, Known, Member, Nodes
from pipeline.stages.cluster.scores import affinity
from pipeline.text.slots import Conflict, Slots

VALUES = frozenset({"number", "date", "identity"})
"""Slots of which a claim has one value: a statement with another value is a rival of the claim."""
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
        rows = sorted({candidate.row for candidates in near for candidate in candidates})
        self._found: dict[tuple[int, int], Alike] = {}
        numbered_made = [(number, made) for number, statement in enumerate(statements)
                         for made in statement.made]
        if not rows or not numbered_made:
            return
        members = [self._member(known.claims[row]) for row in rows]
        said = [_said(statements[number], made, str(place))
                for place, (number, made) in enumerate(numbered_made)]
        nodes = Nodes(Known(members,
                            {member.claim_id: range(row, row + 1) for row, member in enumerate(members)}),
                      said)
        fresh = _profile(model, embedder, said, embedder.encode([words.text for words in said]))
        old = _profile(model, embedder, members, known.vectors(embedder.name, np.asarray(rows)))
        scores = affinity(model, nodes, fresh, old, [range(row, row + 1) for row in range(len(rows))],
                          known.rarity, same)
        node_of_row = {row: node for node, row in enumerate(rows)}
        near_pairs = {(number, candidate.row) for number, candidates in enumerate(near)
                      for candidate in candidates}
        for said_node, (number, made) in enumerate(numbered_made, len(rows)):
            for row, node in node_of_row.items():
                score = scores.get((node, said_node), 0.0)
                if score >= same and (number, row) in near_pairs:
                    self._keep(number, row,
                               _alike(made, score, nodes.conflict(said_node, node), known.claims[row]))

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
        previous = self._found.get((statement, row))
        if previous is None or (alike.one_claim, alike.score) > (previous.one_claim, previous.score):
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


def _said(statement: Statement, made: Made, name: str) -> ComparedMention:
    mention = made.mention
    return ComparedMention(name, "", mention.proposition, statement.quote, Kind(mention.kind),
                           mention.speaker, mention.negated, Certainty(mention.certainty),
                           mention.organisations, mention.entities, mention.numbers, mention.event_at,
                           Precision(mention.event_precision), None, True)


def _profile(model: PairModel, embedder: Embedder, said: Sequence[ComparedMention], vectors: Matrix
             ) -> Profiles:
    names = [(*words.entities, *words.organisations) for words in said]
    return model.profile([words.text for words in said], vectors, embedder.name, [None] * len(said), names)

