"""The history of a claim: the rules asked again after each piece of evidence, in the order of its saying."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.core.vocabulary import Status
from pipeline.stages.judge.case import Case, Subject
from pipeline.stages.judge.evidence import Artefact, Item, Rival
from pipeline.stages.judge.inputs import Inputs, evidence_tables
from pipeline.stages.judge.reasons import became, unique
from pipeline.stages.judge.rules import Assessment, apply_rules
from pipeline.stages.judge.set_aside import set_aside
from pipeline.stages.judge.turning_points import turning_points
from pipeline.store.queries import Statements
from pipeline.store.store import Store

SQL = Statements(__package__, "queries")

BATCH = 500  # claims


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` on the claim stood so; `said` is False where only the time of our seeing it is known."""

    at: datetime
    said: bool
    assessment: Assessment
    cites: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class History:
    """A claim, and the steps by which it came to stand as it did."""

    subject: Subject
    steps: tuple[Step, ...]


def histories(
    store: Store, at: datetime, *, corroborating_voices: int, known: bool, claim_id: str | None = None
) -> Iterator[History]:
    """Yield where each claim (or the one given) stood at `at`; nothing is written but temporary tables.

    As said: by what was said up to `at`, with all that is known now. `known`: by what had been seen up to
    `at`. Claims of which nothing was said, or seen, by then are left out.
    """
    seen_by = at if known else None
    with evidence_tables(store, seen_by):
        claims = [claim for (claim,) in store.execute(SQL["held"], {"known": known})]
        claims = [claim for claim in claims if claim_id in (None, claim)]
        for start in range(0, len(claims), BATCH):
            batch = claims[start : start + BATCH]
            inputs = Inputs(store, batch, now=at, corroborating_voices=corroborating_voices, known=seen_by)
            for claim in batch:
                if moves := steps(full_case(inputs, claim, None if known else at)):
                    yield History(inputs.subjects[claim], tuple(moves))


def full_case(inputs: Inputs, claim_id: str, until: datetime | None = None) -> Case:
    """Return the case of a claim with those of its rivals that are substantiated, each judged by itself."""
    rivals = []
    for rival_id in inputs.rivals[claim_id]:
        with inputs.reading(rival_id):
            moves = steps(inputs.case(rival_id, until))
            if moves and moves[-1].assessment.status is Status.SUBSTANTIATED:
                rivals.append(Rival(rival_id, inputs.subjects[rival_id].claim, moves[-1].at, moves[-1].said))
    return replace(inputs.case(claim_id, until), rivals=tuple(rivals))


def steps(case: Case) -> list[Step]:
    """Return the steps of a case that holds all that is known, by time.

    A step is worded with what was known when it happened, the last one with all that is known. Without
    evidence there is none but an editor's decision.
    """
    if not case.items:
        return [_step(case, apply_rules(case), case.ruling.at)] if case.ruling else []
    full = case.in_order()
    moves: list[Step] = []
    for at in turning_points(full):
        case = full.as_of(at)
        assessment = apply_rules(case)
        if not moves or moves[-1].assessment.status is not assessment.status:
            moves.append(_step(case, assessment, at))
    last = moves[-1]
    moves[-1] = replace(_step(full, apply_rules(full), last.at, last.cites[-1:]), said=last.said)
    return moves


def _signs(case: Case) -> list[Artefact | Rival]:
    return [*case.artefacts, *case.rivals]


def _step(case: Case, assessment: Assessment, at: datetime, mover: tuple[str, ...] = ()) -> Step:
    """Make the step; the evidence that moved it is cited last: `mover`, or what arrived at that instant."""
    arrived = case.items[bisect_left(case.items, at, key=lambda item: item.at):
                         bisect_right(case.items, at, key=lambda item: item.at)]
    cites = assessment.finding.cites
    if not mover:
        arrived_ids = {item.evidence_id for item in arrived}
        mover = tuple(cited for cited in cites if cited in arrived_ids)[-1:]
    said_flags = [item.said for item in arrived] + [sign.said for sign in _signs(case) if sign.at == at]
    # An edit was made some time before we saw it.
    said_flags += [False for edit in case.rewordings if at in (edit.seen_at, edit.restored_at)]
    over = assessment.rule.id == "expired" and at == case.subject.deadline
    timed = assessment.rule.id == "decided" or over or any(said_flags) or not said_flags
    cites = unique([*(cited for cited in cites if cited not in mover), *mover])
    return Step(at, timed, assessment, cites, reason(case, assessment))


def reason(case: Case, assessment: Assessment) -> str:
    """Return the finding, what stands against the claim beside it, and what became of the documents that the
    claim comes from.
    """
    words = assessment.finding.reason + set_aside(case, assessment)
    first = next((item for item in case.carriers if item.own_words), next(iter(case.carriers), None))
    if first and first.gone:
        equal_items = (item for item in case.carriers if item.document_id != first.document_id
                       and item.own_words == first.own_words and not first.surely_before(item))
        earliest = "One of the earliest documents" if any(equal_items) else "The earliest document"
        words += f" {earliest}, at {first.source}, has since been deleted; that is not a retraction."
    elif first and assessment.rule.id not in ("retracted", "softened"):
        words += _edited(case, first)
    return words


def _edited(case: Case, first: Item) -> str:
    """Say what was made of the words with which the claim came up."""
    edits = (edit for edit in case.rewordings if edit.evidence_id == first.evidence_id
             and edit.holds(case.at))
    edit = next(edits, None)
    if edit is not None and edit.after is not None:
        return f" {first.source} has since edited its text: {became(edit)}."
    if edit is not None or any(item.edited
                               for item in case.carriers if item.document_id == first.document_id):
        return f" {first.source} has since edited its text, which no longer says so."
    return ""
