"""Say what a statement does with a claim, by the machinery that puts mentions and passages to claims.

Gathering's relation model says whether a sentence speaks to a claim, and on which side; founding's pair model
and slots (`sameness`) say whether two sentences are one claim, or would be but for a figure, a date or a
reading. An answer that is wrong is worse than none: where the two do not agree, one of them must be surer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from models.protocols.stance import StanceModel, StanceOpinion, StancePair, TextPair
from pipeline.check.known_claims import Target
from pipeline.check.records import Bearing
from pipeline.check.sameness import Alike, Likeness
from pipeline.check.search import Near
from pipeline.check.statements import Made, Statement
from pipeline.core.config import Config
from pipeline.core.vocabulary import Stance
from pipeline.stages.gather.attach import Relation, relation_of
from pipeline.stages.gather.slots_agree import differs
from pipeline.stages.gather.stage import OTHERS
from pipeline.text.slots import Conflict

# Probability of belonging from which the relation model is believed by itself. On the final stories it is
# right in 0.95 of cases from 0.7 on (docs/benchmarks.md, "Pairs"); but any text may be checked, and most
# speak to no claim: what is alike by chance has a larger part there (docs/benchmarks.md, "Checking a text").
ALONE = 0.8
BELIEVED = 0.7  # the same where the pair model agrees, and without the words before
AGREED = 0.3  # below it speaks against what the pair model is sure of
CERTAIN = 0.9  # score of the pair model from which it is sure
CHINESE = 0.6  # of Chinese sentences, which share few words with a claim: right in 1.00 of cases from it on
MOST = 5  # known claims of one statement
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
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
    valued = _valued(statements, pairs, likeness, stance)
    found: list[list[Met]] = [[] for _ in statements]
    same: list[tuple[int, Near, Alike, Relation]] = []
    read: list[tuple[int, Near, Relation]] = []
    for (row, one), relation in zip(pairs, relations, strict=True):
        statement = statements[row]
        alike = likeness.of(row, one.row)
        agreed = valued.get((row, one.row), relation)
        if alike is not None and (alike.rival is not None or alike.one_claim) and _agree(alike, agreed):
            if alike.rival is None:
                same.append((row, one, alike, relation))
            else:
                found[row].append(Met(one.target, Bearing.RIVALS, alike.score, alike.rival))
        elif _carries(statement, one.target, relation, likeness, config):
            read.append((row, one, relation))
    # What only the words before it make speak to a claim ("X declined to comment") says nothing of it.
    alone = _relations(statements, [(row, one) for row, one, _ in read], stance, in_context=False)
    for (row, one, relation), by_itself in zip(read, alone, strict=True):
        if by_itself.related >= (CHINESE if statements[row].chinese else BELIEVED):
            found[row].append(Met(one.target, _SIDES[relation.stance], relation.related))
    opinions = stance.judge([_asked(statements[row], alike.made, one.target) for row, one, alike, _ in same])
    for (row, one, alike, relation), opinion in zip(same, opinions, strict=True):
        side = _side(alike.made, opinion, relation, config.weigh.sure)
        if side is not None:
            found[row].append(Met(one.target, side, max(alike.score, relation.related)))
    return [tuple(sorted(some, key=_order)[:MOST]) for some in found]


def _agree(alike: Alike, relation: Relation) -> bool:
    """Return whether pair model and relation model both find that the two speak of one thing: one surely, and
    the other not against it.
    """
    sure = alike.score >= CERTAIN or relation.related >= BELIEVED
    return sure and relation.related >= AGREED


def _valued(statements: Sequence[Statement], pairs: Sequence[tuple[int, Near]], likeness: Likeness,
            stance: StanceModel) -> dict[tuple[int, int], Relation]:
    """Return where each statement with a rival figure stands toward the claim with the statement's own
    figure, by the places of both.

    Another figure is *unrelated* to the relation model (`benchmarks/labels/GUIDE.md`); what is asked of it
    here is whether both are of one thing.
    """
    asked: dict[tuple[int, int], TextPair] = {}
    for row, one in pairs:
        alike, statement = likeness.of(row, one.row), statements[row]
        if alike is not None and alike.rival is not None:
            claim = with_its_figure(one.target.claim, statement.quote, alike.rival)
            asked[row, one.row] = TextPair(claim, statement.quote, statement.context or None, one.cosine)
    return dict(zip(asked, map(relation_of, stance.read(list(asked.values()))), strict=True))


def with_its_figure(claim: str, quote: str, rival: Conflict) -> str:
    """Return the claim with the figure of the quote in place of its own, where each has one that the other
    lacks; otherwise the claim as it is. Of several figures it is the one by which both are rivals.
    """
    told, known = rival.words.split(" / ")
    own = _named(_alone(claim, quote), known)
    other = _named(_alone(quote, claim), told)
    if len({match.group() for match in own}) != 1 or len({match.group() for match in other}) != 1:
        return claim
    for match in reversed(own):
        claim = claim[: match.start()] + other[0].group() + claim[match.end() :]
    return claim


def _alone(text: str, beside: str) -> list[re.Match[str]]:
    """Return where a text has figures that the other lacks; each of the other's, from the first on, is one of
    the text's ("Millrace 2 costs $2" beside "Millrace 2 costs $3").
    """
    left = Counter(_FIGURE.findall(beside))
    alone = []
    for match in _FIGURE.finditer(text):
        if left[match.group()]:
            left[match.group()] -= 1
        else:
            alone.append(match)
    return alone


def _named(figures: list[re.Match[str]], words: str) -> list[re.Match[str]]:
    """Return the figures that some words name; all of them where these name none."""
    return [figure for figure in figures if figure.group().replace(",", "") in words] or figures


def _carries(statement: Statement, target: Target, relation: Relation, likeness: Likeness,
             config: Config) -> bool:
    """Return whether a statement speaks to a claim by the relation model alone.

    It then names every organisation of the claim, or what it stands in does, and who stands against the claim
    does so surely.
    """
    against = relation.stance in (Stance.DENIES, Stance.QUESTIONS)
    return (
        relation.related >= _bound(statement, config)
        and {*target.organisations} <= {*statement.names, *statement.inherited}
        and not (against and relation.confidence < config.weigh.sure)
        and not differs(likeness.slots(target), statement.names, statement.inherited, statement.numbers,
                        statement.quote, against=against)
    )  # fmt: skip


def _bound(statement: Statement, config: Config) -> float:
    """Return the probability of belonging from which the relation model is believed by itself."""
    if statement.chinese:
        return max(CHINESE, config.gather.related)
    # What makes another claim in so many words seldom speaks to this one as well.
    founds = statement.best is not None and statement.best.founding >= config.found.sure
    return OTHERS if founds else ALONE


def _relations(statements: Sequence[Statement], pairs: Sequence[tuple[int, Near]], stance: StanceModel,
               *, in_context: bool = True) -> list[Relation]:
    asked = [TextPair(one.target.claim, statements[row].quote,
                      (in_context and statements[row].context) or None, one.cosine) for row, one in pairs]
    return [relation_of(shares) for shares in stance.read(asked)]


def _asked(statement: Statement, made: Made, target: Target) -> StancePair:
    mention = made.mention
    return StancePair(target.claim, statement.quote, statement.context or None, mention.proposition,
                      mention.negated, mention.certainty, mention.speech_verb, mention.cues)


def _side(made: Made, opinion: StanceOpinion, relation: Relation, sure: float) -> Bearing | None:
    """Return on which side a statement is; None where none is sure, and negation and relation differ."""
    if opinion.confidence >= sure:
        return _SIDES[Stance(opinion.stance)]
    if made.mention.negated:
        return Bearing.DENIES if relation.stance in (Stance.DENIES, Stance.QUESTIONS) else None
    return Bearing.REPEATS


def _order(met: Met) -> tuple[bool, float, str]:
    return met.bearing is Bearing.RIVALS, -met.sure, met.target.claim_id
