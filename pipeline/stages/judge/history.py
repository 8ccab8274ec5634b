"""The history of one claim: the ladder asked again after each new piece of evidence, in the order of its being said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.stages.judge.case import Artefact, Case, Item, Rewording, Rival, Ruling, Subject
from pipeline.stages.judge.reasons import became, unique
from pipeline.stages.judge.rules import Standing, stand


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` on the claim stood so; `said` is False where only the time of our seeing it is known."""

    at: datetime
    said: bool
    standing: Standing
    cites: tuple[str, ...]
    reason: str


def replay(
    subject: Subject,
    items: Sequence[Item],
    *,
    now: datetime,
    artefacts: Sequence[Artefact] = (),
    rivals: Sequence[Rival] = (),
    ruling: Ruling | None = None,
    rewordings: Sequence[Rewording] = (),
    corroborating_voices: int = 2,
) -> list[Step]:
    """The steps by which the claim came to stand where it stands at `now`; the order in which things are given is no matter."""
    case = Case(
        subject=subject,
        at=now,
        items=tuple(items),
        artefacts=tuple(artefacts),
        rivals=tuple(rivals),
        ruling=ruling,
        rewordings=tuple(rewordings),
        corroborating_voices=corroborating_voices,
    )
    return steps(case)


def steps(case: Case) -> list[Step]:
    """The steps of a case that holds all that is known; none where it holds no evidence.

    A step is worded with what was known when it happened, the last one with all that is known.
    """
    if not case.items:
        return []
    whole = _in_order(case)
    found: list[Step] = []
    for at in _instants(whole):
        case = as_of(whole, at)
        standing = stand(case)
        if not found or found[-1].standing.status is not standing.status:
            found.append(_step(case, standing, at))
    last = found[-1]
    found[-1] = replace(_step(whole, stand(whole), last.at, last.cites[-1:]), said=last.said)
    return found


def _in_order(case: Case) -> Case:
    return replace(
        case,
        items=tuple(sorted(case.items, key=lambda item: (item.at, item.evidence_id))),
        artefacts=tuple(sorted(case.artefacts, key=lambda page: (page.at, page.document_id))),
        rivals=tuple(sorted(case.rivals, key=lambda rival: (rival.at, rival.claim_id))),
        rewordings=tuple(sorted(case.rewordings, key=lambda edit: (edit.seen_at, edit.evidence_id))),
    )


def _instants(case: Case) -> list[datetime]:
    """The times, from the first piece of evidence on, at which the claim may have come to stand elsewhere."""
    start, end = case.items[0].at, case.items[-1].at
    told: set[object] = set()
    instants = {start, end}
    for item in case.items:
        # What only repeats changes nothing, so the ladder need not be asked again.
        if item.repetition is None or item.repetition not in told:
            instants.add(item.at)
            told.add(item.repetition)
    for edit in case.rewordings:
        instants |= {max(at, start) for at in (edit.seen_at, edit.restored_at) if at is not None}
    instants |= {max(page.at, start) for page in case.artefacts} | {max(rival.at, start) for rival in case.rivals}
    if (deadline := case.subject.deadline) is not None and deadline <= case.at:
        instants.add(max(deadline, start))
    if case.ruling is not None:
        instants.add(max(case.ruling.at, start))
    return sorted(instants)


def as_of(case: Case, at: datetime) -> Case:
    """The case with what had been said by then, as far as it is known now."""
    ruling = case.ruling if case.ruling and case.ruling.at <= at else None
    return replace(
        case,
        at=min(at, case.at),  # a document dated in the future does not make a deadline pass
        items=tuple(item for item in case.items if item.at <= at),
        artefacts=tuple(page for page in case.artefacts if page.at <= at),
        rivals=tuple(rival for rival in case.rivals if rival.at <= at),
        ruling=ruling,
        rewordings=tuple(edit for edit in case.rewordings if edit.seen_at <= at),
    )


def _step(case: Case, standing: Standing, at: datetime, mover: tuple[str, ...] = ()) -> Step:
    """The step with what moved it cited last: `mover`, or what is cited of what arrived at that instant."""
    arrived = {item.evidence_id: item.said for item in case.items if item.at == at}
    cites = standing.finding.cites
    if not mover:
        mover = tuple(cited for cited in cites if cited in arrived)[-1:]
    said = [*arrived.values(), *(page.said for page in case.artefacts if page.at == at), *(r.said for r in case.rivals if r.at == at)]
    # An edit was made some time before we saw it.
    said += [False for edit in case.rewordings if at in (edit.seen_at, edit.restored_at)]
    timed = standing.rule.id in ("decided", "expired") or any(said) or not said
    return Step(at, timed, standing, unique([*(cited for cited in cites if cited not in mover), *mover]), reason(case, standing))


def reason(case: Case, standing: Standing) -> str:
    """The finding, and what became of the documents that the claim comes from."""
    words = standing.finding.reason
    first = next((item for item in case.carriers if item.own_words), next(iter(case.carriers), None))
    if first and first.gone:
        words += f" The earliest document, at {first.source}, has since been deleted; that is no retraction."
    elif first and standing.rule.id not in ("retracted", "softened"):
        words += _edited(case, first)
    return words


def _edited(case: Case, first: Item) -> str:
    """What was made of the words with which the claim came up."""
    edit = next((edit for edit in case.rewordings if edit.evidence_id == first.evidence_id and edit.holds(case.at)), None)
    if edit is not None and edit.after is not None:
        return f" {first.source} has since edited its text: {became(edit)}."
    if edit is not None or any(item.edited for item in case.carriers if item.document_id == first.document_id):
        return f" {first.source} has since edited its text, which no longer says so."
    return ""
