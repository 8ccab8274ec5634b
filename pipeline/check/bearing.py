"""Say what a statement does with a claim, by the machinery that puts mentions and passages to claims.

Gathering's relation model says whether a sentence speaks to a claim, and on which side; founding's pair model
and slots (`sameness`) say whether two sentences are one claim, or would be but for a figure, a date or a
reading. An answer that is wrong is worse than none: where the two do not agree, one of them must be surer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.protocols import StanceModel, StanceOpinion, StancePair, TextPair
from pipeline.check.known_claims import Target
from pipeline.check.records import Bearing
from pipeline.check.sameness import Alike, Likeness
from pipeline.check.search import Near
from pipeline.check.statements import Made, Statement
from pipeline.core.config import Config
from pipeline.core.records import Stance
from pipeline.stages.gather.attach import Relation, relation_of
from pipeline.stages.gather.slots_agree import differs
from pipeline.stages.gather.stage import OTHERS
from pipeline.text.slots import Conflict

# Probability of belonging from which the relation model is believed by itself: on the final stories it is
# right in 0.92 of cases from 0.7 on (docs/benchmarks.md, "Pairs"), in 0.79 from `[gather] related` on. Of
# Chinese sentences, which share few words with a claim and are not taken apart, it is right in 0.81 of cases
# from the latter on.
ALONE = 0.8
AGREED = 0.3  # the same where the pair model says that the two are one claim, or without the words before
MOST = 5  # known claims of one statement
_SIDES = {Stance.SUPPORTS: Bearing.REPEATS, Stance.REPORTS: Bearing.REPEATS, Stance.DENIES: Bearing.DENIES,
          Stance.QUESTIONS: Bearing.QUESTIONS}


@dataclass(frozen=True, slots=True)
class Met:
    """A claim that a statement speaks to; `conflict` is how the two differ, statement first, of a rival."""

    target: Target
    bearing: Bearing
    sure: float
    conflict: Conflict | None = None


def met_claims(statements: Sequence[Statement], near: Sequence[Sequence[Near]], likeness: Likeness,
               stance: StanceModel, config: Config) -> list[tuple[Met, ...]]:
    """Return for each statement the claims that it speaks to, of those `near` it, MOST at most.

    What it repeats, denies or questions comes before its rivals, the surest first.
    """
    pairs = [(row, one) for row, some in enumerate(near) for one in some]
    relations = _relations(statements, pairs, stance)
    found: list[list[Met]] = [[] for _ in statements]
    same: list[tuple[int, Near, Alike, Relation]] = []
    read: list[tuple[int, Near, Relation]] = []
    for (row, one), relation in zip(pairs, relations, strict=True):
        statement = statements[row]
        alike = likeness.of(row, one.row)
        if alike is not None and alike.rival is not None:
            found[row].append(Met(one.target, Bearing.RIVALS, alike.score, alike.rival))
        elif alike is not None and alike.one_claim and relation.related >= AGREED:
            same.append((row, one, alike, relation))
        elif relation.related >= _bound(statement, config) and not _differs(statement, one.target, relation,
                                                                           likeness):
            read.append((row, one, relation))
    # What only the words before it make speak to a claim ("X declined to comment") says nothing of it.
    alone = _relations(statements, [(row, one) for row, one, _ in read], stance, in_context=False)
    for (row, one, relation), by_itself in zip(read, alone, strict=True):
        if by_itself.related >= AGREED:
            found[row].append(Met(one.target, _SIDES[relation.stance], relation.related))
    opinions = stance.judge([_asked(statements[row], alike.made, one.target) for row, one, alike, _ in same])
    for (row, one, alike, relation), opinion in zip(same, opinions, strict=True):
        side = _side(alike.made, opinion, config.weigh.sure)
        found[row].append(Met(one.target, side, max(alike.score, relation.related)))
    return [tuple(sorted(some, key=_order)[:MOST]) for some in found]


def _bound(statement: Statement, config: Config) -> float:
    """Return the probability of belonging from which the relation model is believed by itself."""
    if statement.chinese:
        return config.gather.related
    # What makes another claim in so many words seldom speaks to this one as well.
    founds = statement.best is not None and statement.best.founding >= config.found.sure
    return OTHERS if founds else ALONE


def _relations(statements: Sequence[Statement], pairs: Sequence[tuple[int, Near]], stance: StanceModel,
               *, in_context: bool = True) -> list[Relation]:
    asked = [TextPair(one.target.claim, statements[row].quote,
                      (in_context and statements[row].context) or None, one.cosine) for row, one in pairs]
    return [relation_of(shares) for shares in stance.read(asked)]


def _differs(statement: Statement, target: Target, relation: Relation, likeness: Likeness) -> bool:
    against = relation.stance in (Stance.DENIES, Stance.QUESTIONS)
    return differs(likeness.slots(target), statement.names, statement.inherited, statement.numbers,
                   statement.quote, against=against)


def _asked(statement: Statement, made: Made, target: Target) -> StancePair:
    mention = made.mention
    return StancePair(target.claim, statement.quote, statement.context or None, mention.proposition,
                      mention.negated, mention.certainty, mention.speech_verb, mention.cues)


def _side(made: Made, opinion: StanceOpinion, sure: float) -> Bearing:
    if opinion.confidence < sure:
        return Bearing.DENIES if made.mention.negated else Bearing.REPEATS
    return _SIDES[Stance(opinion.stance)]


def _order(met: Met) -> tuple[bool, float, str]:
    return met.bearing is Bearing.RIVALS, -met.sure, met.target.claim_id
