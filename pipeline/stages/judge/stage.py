"""Judge: where each claim stands, since when, by which rule, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pipeline.core.context import RunContext
from pipeline.core.records import Kind, StageCounts, Verdict
from pipeline.stages.judge import check_worthiness, deadlines, releases
from pipeline.stages.judge.case import Case, Rewording, Subject
from pipeline.stages.judge.history import Step, steps
from pipeline.stages.judge.inputs import Docket, clear, gather
from pipeline.stages.judge.rules import VERSION
from pipeline.store.queries import Statements
from pipeline.store.store import Store
from pipeline.text.names import name_key, tokens

SQL = Statements(__package__, "queries")

BATCH = 500  # claims
SOMETIME = datetime(1970, 1, 1, tzinfo=UTC)


def judge(store: Store, run: RunContext) -> StageCounts:
    """Judge the claims for which evidence, origins, documents, decisions, rivals, time or the rules changed.

    Reads claims, evidence, origins, documents, versions, edits, decisions, rivals; appends verdicts, knowledge and resolutions, moves
    judged, checkworthy, releases, rungs, rewordings and outcomes. A judgement that comes out as the last one leaves that one standing.
    A decision whose value is no status is recorded and not followed.
    """
    gather(store)
    rules = f"{VERSION}-{check_worthiness.VERSION}-{run.config.judge.corroborating_voices}"
    todo = [(str(claim), str(mark)) for claim, mark in store.execute(SQL["todo"], {"now": run.now, "rules": rules})]
    moved = 0
    with store.transaction():
        store.execute(SQL["learn"], {"claims": [claim for (claim,) in store.execute(SQL["emptied"])], "now": run.now})
    for start in range(0, len(todo), BATCH):
        with store.transaction():
            moved += _judge(store, run, dict(todo[start : start + BATCH]))
        run.progress("judge", min(start + BATCH, len(todo)), len(todo))
    clear(store)
    return StageCounts(inputs=len(todo), done=len(todo), detail={"moved": moved})


def _judge(store: Store, run: RunContext, marks: dict[str, str]) -> int:
    """Judge one batch of claims; returns how many judgements came out anew."""
    claims = sorted(marks)
    store.execute(SQL["learn"], {"claims": claims, "now": run.now})

    def complain(claim_id: str, message: str) -> None:
        store.record_issue(run, "judge", "decision_unknown", message, place=claim_id)

    docket = Docket(store, claims, now=run.now, corroborating_voices=run.config.judge.corroborating_voices, complain=complain)
    before: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in store.read(Verdict, SQL["last"], {"claims": claims}):
        before[verdict.claim_id].append(verdict)
    cases = {claim_id: docket.case(claim_id) for claim_id in claims}
    found = {claim_id: steps(case) for claim_id, case in cases.items()}
    verdicts: list[Verdict] = []
    judged = []
    for claim_id in claims:
        fresh = _verdicts(claim_id, found[claim_id], run)
        same = before[claim_id] and _content(fresh) == _content(before[claim_id])
        at = before[claim_id][0].judged_at if same else run.now
        judged.append({"claim_id": claim_id, "fingerprint": marks[claim_id], "judged_at": at})
        verdicts += [] if same else fresh
    anew = sorted({verdict.claim_id for verdict in verdicts})
    store.execute(SQL["forget"], {"now": run.now, "claims": anew})
    store.append("verdicts", verdicts)
    store.append("judged", judged, replace=True)
    worth = [check_worthiness.assess(docket.subjects[claim_id], docket.items[claim_id]) for claim_id in claims]
    store.append("checkworthy", worth, replace=True)
    _keep_edits(store, claims, [edit for claim_id in claims for edit in docket.rewordings[claim_id]])
    _keep_releases(store, claims, [case for case in cases.values() if case.kind in (Kind.RELEASE, Kind.DELAY)])
    _keep_deadlines(store, run, cases, found)
    return len(anew)


def _keep_edits(store: Store, claims: Sequence[str], edits: Sequence[Rewording]) -> None:
    store.execute(SQL["forget_rewordings"], {"claims": claims})
    store.append("rewordings", edits)


def _keep_releases(store: Store, claims: Sequence[str], cases: Sequence[Case]) -> None:
    store.execute(SQL["forget_rungs"], {"claims": claims})
    rows, rungs = [], []
    for case in cases:
        subject = case.subject
        of_release = subject.kind is Kind.RELEASE
        reached = releases.reached(case) if of_release else []
        model = next(iter(subject.specific), None)
        party = subject.party or next(iter(subject.organisations), None)
        rows.append(
            {
                "claim_id": subject.claim_id,
                "model": model,
                "organisation": _written(subject, party),
                "release_key": f"{party or ''}/{' '.join(tokens(model))}" if model else None,
                "rung": releases.asked(subject.claim) if of_release else None,
                "rung_reached": reached[-1].rung if reached else None,
            }
        )
        for one in reached:
            told = {"reached_at": one.at, "said": one.said, "document_id": one.document_id, "evidence_id": one.evidence_id}
            rungs.append({"claim_id": subject.claim_id, "rung": one.rung, "words": one.words, **told})
    store.append("releases", rows, replace=True)
    store.append("rungs", rungs)


def _written(subject: Subject, key: str | None) -> str | None:
    """An organisation of the claim as it is written; the first where it is not known which is meant."""
    return next((name for name in subject.called if name_key(name) == key), next(iter(subject.called), None))


def _keep_deadlines(store: Store, run: RunContext, cases: dict[str, Case], found: dict[str, list[Step]]) -> None:
    """Write how claims that are dated now will be resolved, unless that stands written, and how they came out so far."""
    dated = [case for case in cases.values() if deadlines.is_dated(case)]
    store.append("resolutions", [deadlines.plan(case, now=run.now, run_id=run.run_id) for case in dated])
    written = store.read(deadlines.Plan, SQL["resolutions"], {"claims": list(cases)})
    outcomes = [deadlines.outcome(cases[plan.claim_id], found[plan.claim_id], plan) for plan in written]
    store.append("outcomes", outcomes, replace=True)


def _verdicts(claim_id: str, found: list[Step], run: RunContext) -> list[Verdict]:
    return [
        Verdict(
            claim_id=claim_id,
            judged_at=run.now,
            step=number,
            moved_at=step.at if step.said else None,
            status=step.standing.status,
            score=step.standing.score,
            voices=step.standing.voices,
            rule=step.standing.rule.id,
            reason=step.reason,
            evidence_ids=step.cites,
            would_change=step.standing.rule.would_change,
            run_id=run.run_id,
            since=step.at,
        )
        for number, step in enumerate(found, 1)
    ]


def _content(verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts without when and by which run they were reached; scores as the store rounds them."""
    return [replace(v, judged_at=SOMETIME, run_id="", score=round(v.score, 3)) for v in verdicts]
