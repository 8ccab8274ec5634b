"""Judge: where each claim stands, since when, by which rule, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pipeline.core.context import RunContext
from pipeline.core.records import Kind, StageCounts, Verdict
from pipeline.stages.judge import check_worthiness, deadlines, releases
from pipeline.stages.judge.case import Case
from pipeline.stages.judge.evidence import Rewording
from pipeline.stages.judge.history import Step, full_case, steps
from pipeline.stages.judge.inputs import Inputs, evidence_tables
from pipeline.stages.judge.rules import RULES, VERSION
from pipeline.store.queries import Statements
from pipeline.store.store import Store
from pipeline.text.names import tokens

SQL = Statements(__package__, "queries")

BATCH = 500  # claims
SOMETIME = datetime(1970, 1, 1, tzinfo=UTC)


def judge(store: Store, run: RunContext) -> StageCounts:
    """Judge the claims for which evidence, origins, documents, decisions, rivals, time or the rules changed.

    Reads claims, evidence, origins, documents, versions, edits, decisions, rivals; appends verdicts,
    knowledge, resolutions and their texts, moves judged, checkworthy, releases, rungs, rewordings, outcomes
    and rules. A judgement that comes out as the last one leaves that one standing. A decision whose value is
    no status is recorded and not followed.
    """
    voices = run.config.judge.corroborating_voices
    moved = 0
    with evidence_tables(store):
        rules = f"{VERSION}-{check_worthiness.VERSION}-{voices}"
        todo = store.execute(SQL["todo"], {"now": run.now, "rules": rules})
        with store.transaction():
            store_rules(store, voices)
            emptied = [claim for (claim,) in store.execute(SQL["emptied"])]
            store.execute(SQL["learn"], {"claims": emptied, "now": run.now})
        for start in range(0, len(todo), BATCH):
            with store.transaction():
                moved += _judge(store, run, dict(todo[start : start + BATCH]))
            run.progress("judge", min(start + BATCH, len(todo)), len(todo))
    return StageCounts(inputs=len(todo), done=len(todo), detail={"moved": moved})


def store_rules(store: Store, corroborating_voices: int) -> None:
    """Replace the stored rules and release stages by those that judge now."""
    store.execute(SQL["forget_rules"])
    rules = [
        {
            "number": number,
            "rule": rule.id,
            "status": rule.status,
            "holds_when": rule.holds_when(corroborating_voices),
            "would_change": rule.would_change,
            "version": VERSION,
        }
        for number, rule in enumerate(RULES, 1)
    ]
    store.append("rules", rules)
    stages = [
        {"number": stage.height + 1, "rung": stage, "asked_for_by": asked_for, "shown_by": shown_by}
        for stage, (asked_for, shown_by) in releases.STAGE_WORDS.items()
    ]
    store.append("release_stages", stages)


def _judge(store: Store, run: RunContext, marks: dict[str, str]) -> int:
    """Judge one batch of claims; returns how many judgements came out anew."""
    claims = sorted(marks)
    store.execute(SQL["learn"], {"claims": claims, "now": run.now})

    def complain(claim_id: str, message: str) -> None:
        store.record_issue(run, "judge", "decision_unknown", message, place=claim_id)

    voices = run.config.judge.corroborating_voices
    inputs = Inputs(store, claims, now=run.now, corroborating_voices=voices, complain=complain)
    before: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in store.read(Verdict, SQL["last"], {"claims": claims}):
        before[verdict.claim_id].append(verdict)
    cases = {claim_id: full_case(inputs, claim_id) for claim_id in claims}
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
    worth = [check_worthiness.assess(inputs.subjects[claim_id], inputs.items[claim_id])
             for claim_id in claims]
    store.append("checkworthy", worth, replace=True)
    _keep_edits(store, claims, [edit for claim_id in claims for edit in inputs.rewordings[claim_id]])
    _keep_releases(store, claims,
                   [case for case in cases.values() if case.kind in (Kind.RELEASE, Kind.DELAY)])
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
                "organisation": subject.written(party),
                "release_key": f"{party or ''}/{' '.join(tokens(model))}" if model else None,
                "rung": releases.asked(subject.claim) if of_release else None,
                "rung_reached": reached[-1].stage if reached else None,
            }
        )
        for sign in reached:
            shown = {"reached_at": sign.at, "said": sign.said, "document_id": sign.document_id}
            shown |= {"evidence_id": sign.evidence_id, "words": sign.words}
            rungs.append({"claim_id": subject.claim_id, "rung": sign.stage} | shown)
    store.append("releases", rows, replace=True)
    store.append("rungs", rungs)


def _keep_deadlines(store: Store, run: RunContext, cases: dict[str, Case],
                    found: dict[str, list[Step]]) -> None:
    """Write how dated claims will be resolved, unless that is written, and how they came out so far."""
    dated = [case for case in cases.values() if deadlines.is_dated(case)]
    store.append("resolutions", [deadlines.plan(case, now=run.now, run_id=run.run_id) for case in dated])
    written = store.read(deadlines.Plan, SQL["resolutions"], {"claims": list(cases)})
    outcomes = [deadlines.outcome(cases[plan.claim_id], found[plan.claim_id], plan) for plan in written]
    store.append("outcomes", outcomes, replace=True)
    last = {text.claim_id: text for text in store.read(deadlines.Text, SQL["texts"], {"claims": list(cases)})}
    texts = (deadlines.text_of(case, last.get(case.subject.claim_id), now=run.now, run_id=run.run_id)
             for case in dated)
    store.append("resolution_texts", [text for text in texts if text is not None])


def _verdicts(claim_id: str, found: list[Step], run: RunContext) -> list[Verdict]:
    return [
        Verdict(
            claim_id=claim_id,
            judged_at=run.now,
            step=number,
            moved_at=step.at if step.said else None,
            status=step.assessment.status,
            score=step.assessment.score,
            voices=step.assessment.voices,
            rule=step.assessment.rule.id,
            reason=step.reason,
            evidence_ids=step.cites,
            would_change=step.assessment.rule.would_change,
            run_id=run.run_id,
            since=step.at,
        )
        for number, step in enumerate(found, 1)
    ]


def _content(verdicts: list[Verdict]) -> list[Verdict]:
    """Return the verdicts without time and run; scores as the store rounds them."""
    return [replace(v, judged_at=SOMETIME, run_id="", score=round(v.score, 3)) for v in verdicts]
