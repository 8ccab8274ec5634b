"""Judge: where each claim stands, since when, by which rule, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from pipeline.core.context import RunContext
from pipeline.core.records import StageCounts, Verdict
from pipeline.core.vocabulary import Kind
from pipeline.stages.judge import check_worthiness, deadlines, releases
from pipeline.stages.judge.case import Case
from pipeline.stages.judge.evidence import Rewording
from pipeline.stages.judge.history import Step, full_case, steps
from pipeline.stages.judge.inputs import Inputs, evidence_tables
from pipeline.stages.judge.rules import RULES, VERSION
from pipeline.store.queries import Statements
from pipeline.store.row_by_row import row_by_row
from pipeline.store.store import Store
from pipeline.text.names import tokens

SQL = Statements(__package__, "queries")

BATCH = 500  # claims
SHARD = 50  # claims that a worker judges at once, of which each takes about a millisecond
SOMETIME = datetime(1970, 1, 1, tzinfo=UTC)


def judge(store: Store, run: RunContext) -> StageCounts:
    """Judge the claims for which evidence, origins, documents, decisions, rivals, time or the rules changed.

    Reads claims, evidence, origins, documents, versions, edits, decisions, rivals; appends verdicts,
    knowledge, resolutions and their texts, moves judged, checkworthy, releases, rungs, rewordings, outcomes
    and rules. A judgement equal to the last one leaves that one standing; so does a text that breaks
    the rules. A decision whose value is no status is recorded and not followed.
    """
    voices = run.config.judge.corroborating_voices
    moved, some_read = 0, False
    with evidence_tables(store):
        rules = f"{VERSION}-{check_worthiness.VERSION}-{voices}"
        todo = store.execute(SQL["todo"], {"now": run.now, "rules": rules})
        with store.transaction():
            store_rules(store, voices)
            if emptied := [claim for (claim,) in store.execute(SQL["emptied"])]:
                store.execute(SQL["learn"], {"claims": emptied, "now": run.now})
        for start in range(0, len(todo), BATCH):
            with store.transaction():
                changed, read = _judge(store, run, dict(todo[start : start + BATCH]), some_read)
                moved, some_read = moved + changed, some_read or read > 0
            run.progress("judge", min(start + BATCH, len(todo)), len(todo))
    return StageCounts(inputs=len(todo), done=len(todo), detail={"moved": moved})


def store_rules(store: Store, corroborating_voices: int) -> None:
    """Replace the stored rules and release stages by those that judge now, where they are others."""
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
    stages = [
        {"number": stage.height + 1, "rung": stage, "asked_for_by": asked_for, "shown_by": shown_by}
        for stage, (asked_for, shown_by) in releases.STAGE_WORDS.items()
    ]
    stored = [store.execute(SQL[name]) for name in ("rules", "release_stages")]
    if stored != [[tuple(row.values()) for row in rows] for rows in (rules, stages)]:
        store.execute(SQL["forget_rules"])
        store.append("rules", rules)
        store.append("release_stages", stages)


@dataclass(frozen=True, slots=True)
class _Judgement:
    """What one claim comes to; `plan` is by when a dated one will be resolved and `text` how, where that is
    not written yet.
    """

    case: Case
    steps: list[Step]
    worth: check_worthiness.Worth
    rewordings: list[Rewording]
    complaints: list[str]
    release: tuple[dict[str, Any], list[dict[str, Any]]] | None
    plan: deadlines.Resolution | None
    text: deadlines.Text | None
    outcome: deadlines.Outcome | None


def _judge(store: Store, run: RunContext, marks: dict[str, str], others_were_read: bool) -> tuple[int, int]:
    """Judge one batch of claims; return how many judgements changed, and how many claims were read.

    A claim whose texts cannot be judged keeps its last judgement.
    """
    claims = sorted(marks)
    store.execute(SQL["learn"], {"claims": claims, "now": run.now})
    before: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in store.read(Verdict, SQL["last"], {"claims": claims}):
        before[verdict.claim_id].append(verdict)
    results = row_by_row(store, run, "judge", claims, lambda ids: _judgements(store, run, ids), str,
                         unread=lambda _: None, others_were_read=others_were_read)
    by_claim = {claim_id: result for claim_id, result in zip(claims, results, strict=True)
                if result is not None}
    verdicts: list[Verdict] = []
    judged = []
    for claim_id in claims:
        previous = before[claim_id]
        fresh = _verdicts(claim_id, by_claim[claim_id].steps, run) if claim_id in by_claim else previous
        unchanged = previous and _content(fresh) == _content(previous)
        judged_at = previous[0].judged_at if unchanged else run.now
        judged.append({"claim_id": claim_id, "fingerprint": marks[claim_id], "judged_at": judged_at})
        verdicts += [] if unchanged else fresh
    changed_claims = sorted({verdict.claim_id for verdict in verdicts})
    store.execute(SQL["forget"], {"now": run.now, "claims": changed_claims})
    store.append("verdicts", verdicts)
    store.append("judged", judged, replace=True)
    _keep(store, run, by_claim)
    return len(changed_claims), len(by_claim)


@dataclass(frozen=True, slots=True)
class _Shard:
    """Some claims, and all that they are judged from; `written` and `last` are the plans and texts of dated
    ones.
    """

    claims: Sequence[str]
    inputs: Inputs
    complaints: dict[str, list[str]]
    written: dict[str, deadlines.Plan]
    last: dict[str, deadlines.Text]
    run_id: str


def _judgements(store: Store, run: RunContext, claims: Sequence[str]) -> list[_Judgement]:
    """Judge claims, by the workers of the run's engine if it has any, and write nothing."""
    size = len(claims) if run.engine.workers == 1 else SHARD
    parts = (claims[start : start + size] for start in range(0, len(claims), size))
    judged = run.engine.map(judge_shard, (_shard(store, run, ids) for ids in parts))
    return [judgement for judgements in judged for judgement in judgements]


def _shard(store: Store, run: RunContext, claims: Sequence[str]) -> _Shard:
    complaints: dict[str, list[str]] = {}
    inputs = Inputs(store, claims, now=run.now, complain=partial(_complain, complaints),
                    corroborating_voices=run.config.judge.corroborating_voices)
    written = {plan.claim_id: plan
               for plan in store.read(deadlines.Plan, SQL["resolutions"], {"claims": claims})}
    last = {text.claim_id: text for text in store.read(deadlines.Text, SQL["texts"], {"claims": claims})}
    return _Shard(claims, inputs, complaints, written, last, run.run_id)


def _complain(complaints: dict[str, list[str]], claim_id: str, words: str) -> None:
    complaints.setdefault(claim_id, []).append(words)


def judge_shard(shard: _Shard) -> list[_Judgement]:
    """Judge the claims of a shard from what was read of them, in whichever process this runs."""
    inputs, now, run_id = shard.inputs, shard.inputs.now, shard.run_id
    judgements = []
    for claim_id in shard.claims:
        case = full_case(inputs, claim_id)
        moves = steps(case)
        current, plan, text = shard.written.get(claim_id), None, None
        if deadlines.is_dated(case):
            # It comes out by the newest text, which tells of this reading; what stands written stands.
            text = deadlines.text_of(case, shard.last.get(claim_id), now=now, run_id=run_id)
            resolution = deadlines.plan(case, now=now, run_id=run_id)
            plan = resolution if current is None else None
            current = deadlines.Plan(claim_id, resolution.deadline, resolution.void)
        judgements.append(_Judgement(
            case, moves, check_worthiness.assess(inputs.subjects[claim_id], inputs.items[claim_id]),
            inputs.rewordings[claim_id], shard.complaints.get(claim_id, []),
            _release(case) if case.kind in (Kind.RELEASE, Kind.DELAY) else None,
            plan, text, deadlines.outcome(case, moves, current) if current else None))
    return judgements


def _keep(store: Store, run: RunContext, by_claim: dict[str, _Judgement]) -> None:
    """Write what claims come to beside their verdicts."""
    for claim_id, judgement in by_claim.items():
        for message in judgement.complaints:
            store.record_issue(run, "judge", "decision_unknown", message, place=claim_id)
    results = by_claim.values()
    claims = list(by_claim)
    store.append("checkworthy", [judgement.worth for judgement in results], replace=True)
    store.execute(SQL["forget_rewordings"], {"claims": claims})
    # Of words that were lost more than once, the last time is kept.
    last = {(edit.claim_id, edit.evidence_id): edit for judgement in results for edit in judgement.rewordings}
    store.append("rewordings", last.values())
    store.execute(SQL["forget_rungs"], {"claims": claims})
    released = [judgement.release for judgement in results if judgement.release]
    store.append("releases", [row for row, _ in released], replace=True)
    store.append("rungs", [rung for _, rungs in released for rung in rungs])
    store.append("resolutions", [judgement.plan for judgement in results if judgement.plan])
    store.append("resolution_texts", [judgement.text for judgement in results if judgement.text])
    store.append("outcomes", [judgement.outcome for judgement in results if judgement.outcome], replace=True)


def _release(case: Case) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what a claim of a release says and what of it is reached: its row, and one for each rung."""
    subject = case.subject
    of_release = subject.kind is Kind.RELEASE
    reached = releases.reached(case) if of_release else []
    model = next(iter(subject.specific), None)
    party = subject.party or next(iter(subject.organisations), None)
    row = {
        "claim_id": subject.claim_id,
        "model": model,
        "organisation": subject.written(party),
        "release_key": f"{party or ''}/{' '.join(tokens(model))}" if model else None,
        "rung": releases.asked(subject.claim) if of_release else None,
        "rung_reached": reached[-1].stage if reached else None,
    }
    rungs = []
    for sign in reached:
        shown_by = {"reached_at": sign.at, "said": sign.said, "document_id": sign.document_id}
        shown_by |= {"evidence_id": sign.evidence_id, "words": sign.words}
        rungs.append({"claim_id": subject.claim_id, "rung": sign.stage} | shown_by)
    return row, rungs


def _verdicts(claim_id: str, claim_steps: list[Step], run: RunContext) -> list[Verdict]:
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
        for number, step in enumerate(claim_steps, 1)
    ]


def _content(verdicts: list[Verdict]) -> list[Verdict]:
    """Return the verdicts without time and run; scores as the store rounds them."""
    return [replace(verdict, judged_at=SOMETIME, run_id="", score=round(verdict.score, 3))
            for verdict in verdicts]
