"""Judge: where each claim stands, since when, by which rule, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from pipeline import checkworthy
from pipeline.case import Artefact, Item, Rival, Ruling, Subject, is_page_of
from pipeline.context import RunContext
from pipeline.ladder import VERSION
from pipeline.records import Kind, StageCounts, Status, Verdict
from pipeline.replay import Step, replay
from pipeline.store import Store

BATCH = 500  # claims
SOMETIME = datetime(1970, 1, 1, tzinfo=UTC)


def judge(store: Store, run: RunContext) -> StageCounts:
    """Judge the claims for which evidence, origins, documents, decisions, rivals, time or the rules changed.

    Reads claims, evidence, origins, documents, decisions, rivals; appends verdicts, moves judged and checkworthy. A judgement that comes
    out as the last one leaves that one standing. A decision whose value is no status is recorded and not followed.
    """
    store.execute("judge", "key")
    store.execute("judge", "gather")
    rules = f"{VERSION}-{checkworthy.VERSION}-{run.config.judge.corroborating_voices}"
    todo = [(str(claim), str(mark)) for claim, mark in store.execute("judge", "todo", {"now": run.now, "rules": rules})]
    moved = 0
    for start in range(0, len(todo), BATCH):
        with store.transaction():
            moved += _judge(store, run, dict(todo[start : start + BATCH]))
        run.progress("judge", min(start + BATCH, len(todo)), len(todo))
    store.execute("judge", "done")
    return StageCounts(inputs=len(todo), done=len(todo), detail={"moved": moved})


def _judge(store: Store, run: RunContext, marks: dict[str, str]) -> int:
    """Judge one batch of claims; returns how many judgements came out anew."""
    claims = sorted(marks)
    rivals: dict[str, list[str]] = defaultdict(list)
    for claim_id, rival_id in store.execute("judge", "rivals", {"claims": claims}):
        rivals[claim_id].append(rival_id)
    docket = _Docket(store, run, sorted({*claims, *(rival for found in rivals.values() for rival in found)}))
    before: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in store.read(Verdict, "judge", "last", {"claims": claims}):
        before[verdict.claim_id].append(verdict)
    verdicts: list[Verdict] = []
    judged = []
    for claim_id in claims:
        found = _verdicts(claim_id, docket.steps(claim_id, rivals[claim_id]), run)
        same = before[claim_id] and _content(found) == _content(before[claim_id])
        at = before[claim_id][0].judged_at if same else run.now
        judged.append({"claim_id": claim_id, "fingerprint": marks[claim_id], "judged_at": at})
        verdicts += [] if same else found
    anew = sorted({verdict.claim_id for verdict in verdicts})
    store.execute("judge", "forget", {"now": run.now, "claims": anew})
    store.append("verdicts", verdicts)
    store.append("judged", judged, replace=True)
    worth = [checkworthy.assess(docket.subjects[claim_id], docket.items[claim_id]) for claim_id in claims]
    store.append("checkworthy", worth, replace=True)
    return len(anew)


class _Docket:
    """What a batch of claims is judged from."""

    def __init__(self, store: Store, run: RunContext, claims: list[str]) -> None:
        self.run = run
        self.subjects = {s.claim_id: s for s in store.read(Subject, "judge", "claims", {"claims": claims})}
        self.items: dict[str, list[Item]] = defaultdict(list)
        for item in store.read(Item, "judge", "items", {"claims": claims}):
            self.items[item.claim_id].append(item)
        organisations = sorted({name for subject in self.subjects.values() for name in subject.organisations})
        self.pages: dict[str, list[Artefact]] = defaultdict(list)
        for page in store.read(Artefact, "judge", "pages", {"organisations": organisations}):
            self.pages[page.organisation].append(page)
        self.rulings = dict(self._rulings(store, claims))

    def _rulings(self, store: Store, claims: list[str]) -> Iterable[tuple[str, Ruling]]:
        for target, value, editor, reason, at in store.execute("judge", "rulings", {"claims": claims}):
            try:
                yield target, Ruling(Status(value), editor, reason, at)
            except ValueError:
                message = f"{editor} decided {value!r}; a status is one of {', '.join(Status)}"
                self.run.issue(store, "judge", "decision_unknown", message, place=target)

    def steps(self, claim_id: str, rival_ids: Iterable[str]) -> list[Step]:
        """The claim's steps, with its rivals judged first, by themselves."""
        rivals = [rival for rival_id in rival_ids if (rival := self._substantiated(rival_id)) is not None]
        return self._replay(claim_id, rivals)

    def _substantiated(self, claim_id: str) -> Rival | None:
        steps = self._replay(claim_id, [])
        if not steps or steps[-1].standing.status is not Status.SUBSTANTIATED:
            return None
        return Rival(claim_id, self.subjects[claim_id].claim, steps[-1].at, steps[-1].said)

    def _replay(self, claim_id: str, rivals: list[Rival]) -> list[Step]:
        subject = self.subjects[claim_id]
        pages = [page for name in subject.organisations for page in self.pages[name]] if subject.kind is Kind.RELEASE else []
        return replay(
            subject,
            self.items[claim_id],
            now=self.run.now,
            artefacts=[page for page in pages if is_page_of(page.name, subject.models)],
            rivals=rivals,
            ruling=self.rulings.get(claim_id),
            corroborating_voices=self.run.config.judge.corroborating_voices,
        )


def _verdicts(claim_id: str, steps: list[Step], run: RunContext) -> list[Verdict]:
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
        )
        for number, step in enumerate(steps, 1)
    ]


def _content(verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts without when and by which run they were reached; scores as the store rounds them."""
    return [replace(v, judged_at=SOMETIME, run_id="", score=round(v.score, 3)) for v in verdicts]
