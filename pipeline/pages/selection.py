"""Which statements of a claim a page shows, where there are more than a reader would read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.core.vocabulary import Stance
from pipeline.exports.timeline_svg import Mark
from pipeline.pages.rendering import Bounds
from pipeline.published.claim import CaseFile
from pipeline.published.claim_rows import Evidence


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with its mark on the timeline, which has its number."""

    evidence: Evidence
    mark: Mark


@dataclass(frozen=True, slots=True)
class Selection:
    """Statements as cards and as lines, each in the order of time, and how many `more` there are."""

    cards: list[Statement]
    lines: list[Statement]
    more: int


def select(case: CaseFile, marks: Sequence[Mark], bounds: Bounds) -> Selection:
    """Return what a page shows of `case`: first of all what its status rests on and who said it first.

    Then denials and primary documents, the first word of each voice, what was deleted or edited away, other
    words of a voice's own, repetitions.
    """
    first_ids = {words.evidence_id for words in case.first}
    weighty_ids = set(case.subject.evidence_ids)

    def rank(statement: Statement) -> tuple[int, int]:
        evidence, mark = statement.evidence, statement.mark
        if evidence.evidence_id in weighty_ids:
            place = 0
        elif evidence.evidence_id in first_ids:
            place = 1
        elif evidence.artefact or (mark.large and evidence.stance is Stance.DENIES):
            place = 2
        elif mark.large:
            place = 3
        elif evidence.gone_at or not evidence.quote_stands:
            place = 4
        else:
            place = 5 if evidence.independent else 6
        return place, mark.number

    ranked = sorted(map(Statement, case.statements, marks), key=rank)
    cards, remaining = ranked[: bounds.cards], ranked[bounds.cards :]
    lines = remaining[: bounds.lines]
    return Selection(_by_time(cards), _by_time(lines), len(remaining) - len(lines))


def _by_time(statements: Sequence[Statement]) -> list[Statement]:
    return sorted(statements, key=lambda statement: statement.mark.number)
