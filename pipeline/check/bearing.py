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
from pipeline.stages.gather.relating import EARLIER
from pipeline.stages.gather.slots_agree import differs
from pipeline.text.slots import Conflict

# Probability of belonging from which the relation model is believed by itself. On the final stories it is
# right in 0.95 of cases from 0.7 on (docs/benchmarks.md, "Pairs"); but any text may be checked, and most
# speak to no claim: what is alike by chance has a larger part there (docs/benchmarks.md, "Checking a text").
ALONE = 0.8
BELIEVED = 0.7  # the same where the pair model agrees, and without the words before
AGREED = 0.3  # below it speaks against what the pair model is sure of
CERTAIN = 0.9  # score of the pair model from which it is sure
FOUNDING = 0.9  # the same for a sentence that makes a claim of its own: it seldom repeats another one as well
MOST = 5  # known claims of one statement
_FIGURE = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\b(?: \d{1,2}\b)?(?:,? \d{4}\b)?|\d+(?:[.,]\d+)*"
)
"""A figure, or a date with its month."""
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
    pairs = [(number, candidate) for number, candidates in enumerate(near) for candidate in candidates]
    relations = _relations(statements, pairs, stance)
    valued = _valued(statements, pairs, likeness, stance)
    met: list[list[Met]] = [[] for _ in statements]
    same_claims: list[tuple[int, Near, Alike, Relation]] = []
    by_relation: list[tuple[int, Near, Relation]] = []
    for (number, candidate), relation in zip(pairs, relations, strict=True):
        statement = statements[number]
        alike = likeness.of(number, candidate.row)
        agreed = valued.get((number, candidate.row), relation)
        if alike is not None and (alike.rival is not None or alike.one_claim) and _agree(alike, agreed):
            if alike.rival is None:
                same_claims.append((number, candidate, alike, relation))
            else:
                met[number].append(Met(candidate.target, Bearing.RIVALS, alike.score, alike.rival))
        elif _carries(statement, candidate.target, relation, likeness, config):
            by_relation.append((number, candidate, relation))
    # A statement that speaks to a claim only by the words before it ("X declined to comment") does not count.
    bare_relations = _relations(statements, [(number, candidate) for number, candidate, _ in by_relation],
                                stance, in_context=False)
    for (number, candidate, relation), bare in zip(by_relation, bare_relations, strict=True):
        if bare.related >= BELIEVED:
            met[number].append(Met(candidate.target, _SIDES[relation.stance], relation.related))
    opinions = stance.judge([_asked(statements[number], alike.made, candidate.target)
                             for number, candidate, alike, _ in same_claims])
    for (number, candidate, alike, relation), opinion in zip(same_claims, opinions, strict=True):
        side = _side(alike.made, opinion, relation, config.weigh.sure)
        if side is not None:
            met[number].append(Met(candidate.target, side, max(alike.score, relation.related)))
    return [tuple(sorted(candidates, key=_order)[:MOST]) for candidates in met]


def _agree(alike: Alike, relation: Relation) -> bool:
    """Return whether pair model and relation model both find that the two speak of one thing: one surely, and
    the other not against it.

    As in gathering, the bound is lower for a statement against the claim, which shares fewer of its words.
    """
    sure = alike.score >= CERTAIN or relation.related >= BELIEVED
    return sure and relation.related >= AGREED - (EARLIER if relation.stance.against else 0.0)


def _valued(statements: Sequence[Statement], pairs: Sequence[tuple[int, Near]], likeness: Likeness,
            stance: StanceModel) -> dict[tuple[int, int], Relation]:
    """Return how each statement with a rival figure relates to the claim once the claim has the statement's
    figure, by the places of both.

    The relation model takes a claim with another figure for *unrelated* (`benchmarks/labels/GUIDE.md`); read
    like this, it says whether both are about one thing.
    """
    text_pairs: dict[tuple[int, int], TextPair] = {}
    for number, candidate in pairs:
        alike, statement = likeness.of(number, candidate.row), statements[number]
        if alike is not None and alike.rival is not None:
            claim = with_its_figure(candidate.target.claim, statement.quote, alike.rival)
            text_pairs[number, candidate.row] = TextPair(claim, statement.quote, statement.context or None,
                                                         candidate.cosine)
    return dict(zip(text_pairs, map(relation_of, stance.read(list(text_pairs.values()))), strict=True))


def with_its_figure(claim: str, quote: str, rival: Conflict) -> str:
    """Return the claim with the figure of the quote in place of its own, where each has one that the other
    lacks; otherwise the claim as it is. Of several figures it is the one by which both are rivals.
    """
    statement_words, claim_words = rival.words.split(" / ")
    own = _named(_alone(claim, quote), claim_words)
    other = _named(_alone(quote, claim), statement_words)
    if len({match.group() for match in own}) != 1 or len({match.group() for match in other}) != 1:
        return claim
    for match in reversed(own):
        claim = claim[: match.start()] + other[0].group() + claim[match.end() :]
    return claim


def _alone(text: str, beside: str) -> list[re.Match[str]]:
    """Return where a text has figures that the other lacks. Each figure of the other stands for one of the
    text's, from the first on ("Millrace 2 costs $2" beside "Millrace 2 costs $3").
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
    return [figure for figure in figures
            if any(part in words for part in figure.group().lower().replace(",", "").split())] or figures


def _carries(statement: Statement, target: Target, relation: Relation, likeness: Likeness,
             config: Config) -> bool:
    """Return whether a statement speaks to a claim by the relation model alone.

    The statement or its context must then name every organisation of the claim, and a statement against the
    claim must be surely against it.
    """
    against = relation.stance.against
    return (
        relation.related >= _bound(statement, config)
        and {*target.organisations} <= {*statement.names, *statement.inherited}
        and not (against and relation.confidence < config.weigh.sure)
        and not differs(likeness.slots(target), statement.names, statement.inherited, statement.numbers,
                        statement.quote, against=against)
    )  # fmt: skip


def _bound(statement: Statement, config: Config) -> float:
    """Return the probability of belonging from which the relation model is believed by itself."""
    founds = statement.best is not None and statement.best.founding >= config.found.sure
    return FOUNDING if founds else ALONE


def _relations(statements: Sequence[Statement], pairs: Sequence[tuple[int, Near]], stance: StanceModel,
               *, in_context: bool = True) -> list[Relation]:
    text_pairs = [TextPair(candidate.target.claim, statements[number].quote,
                           (in_context and statements[number].context) or None, candidate.cosine)
                  for number, candidate in pairs]
    return [relation_of(shares) for shares in stance.read(text_pairs)]


def _asked(statement: Statement, made: Made, target: Target) -> StancePair:
    mention = made.mention
    return StancePair(target.claim, statement.quote, statement.context or None, mention.proposition,
                      mention.negated, mention.certainty, mention.speech_verb, mention.cues)


def _side(made: Made, opinion: StanceOpinion, relation: Relation, sure: float) -> Bearing | None:
    """Return on which side a statement is; None where none is sure, and negation and relation differ."""
    if opinion.confidence >= sure:
        return _SIDES[Stance(opinion.stance)]
    if made.mention.negated:
        return Bearing.DENIES if relation.stance.against else None
    return Bearing.REPEATS


def _order(met: Met) -> tuple[bool, float, str]:
    return met.bearing is Bearing.RIVALS, -met.sure, met.target.claim_id
