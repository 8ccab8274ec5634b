"""Weigh: where each mention stands toward its claim, and whether one that supports it says all of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice

from models.passage_context import passage_context
from models.protocols.stance import EntailmentModel, StanceModel, StanceOpinion, StancePair, TextPair
from pipeline.core.context import RunContext
from pipeline.core.errors import ModelError
from pipeline.core.records import Evidence, StageCounts, stable_id
from pipeline.core.vocabulary import Severity, Stance
from pipeline.store.queries import Statements
from pipeline.store.row_by_row import row_by_row
from pipeline.store.store import Store

SQL = Statements(__package__, "weigh")

BATCH = 500
UNREAD = StanceOpinion(Stance.REPORTS, 0.0, ("unread",))  # of words that break the stance model


@dataclass(frozen=True, slots=True)
class _Pair:
    """A row of `pairs`: a mention, its claim, and what its quote stands in."""

    mention_id: str
    document_id: str
    claim_id: str
    claim: str
    quote: str
    proposition: str
    negated: bool
    certainty: str
    speech_verb: str | None
    cues: tuple[str, ...]
    title: str | None
    answered: str | None
    before: str | None


@dataclass(frozen=True, slots=True)
class _Supporting:
    """A row of `supporting`: a claim, words that support it, and what these stand in."""

    evidence_id: str
    document_id: str
    claim: str
    quote: str
    title: str | None
    answered: str | None
    before: str | None

    @property
    def repeats(self) -> bool:
        """Return whether the words hold the claim word for word."""
        return self.claim.casefold() in self.quote.casefold()


def weigh(store: Store, run: RunContext, stance_model: StanceModel, entailment_model: EntailmentModel
          ) -> StageCounts:
    """Give each member mention a stance on its claim; a stance less sure than `[weigh] sure` becomes
    *reports*. Then say of each mention that supports its claim how likely it bears out the whole of it.

    Reads members, claims, mentions, versions; appends evidence, and writes entailments. A mention is weighed
    once by each model for each claim that it belonged to, and anew where an editor's split or move changed
    the claim's words. Raises ModelError where the stance model answers with something that is no stance.
    """
    counts = _take_sides(store, run, stance_model)
    entailed = _store_entailments(store, run, entailment_model)
    return replace(counts, detail=counts.detail | {"entailed": entailed})


def _take_sides(store: Store, run: RunContext, stance_model: StanceModel) -> StageCounts:
    todo = iter(store.execute(SQL["todo"], {"model": stance_model.name}))
    inputs = done = failed = 0
    stances = dict.fromkeys(Stance, 0)
    while batch := list(islice(todo, BATCH)):
        inputs += len(batch)
        rows = store.read(_Pair, SQL["pairs"], {"mentions": [mention for mention, _ in batch]})
        opinions = row_by_row(store, run, "weigh", rows,
                              lambda chunk: stance_model.judge([_asked(row) for row in chunk]),
                              lambda row: row.document_id, unread=lambda _: UNREAD)
        evidence = [_evidence(row, opinion, stance_model.name, run)
                    for row, opinion in zip(rows, opinions, strict=True)]
        with store.transaction():
            store.append("evidence", evidence)
            for mention_id, claim_id in sorted(set(batch) - {(row.mention_id, row.claim_id) for row in rows}):
                lost = "but its claim, mention or version is not stored"
                message = f"claim {claim_id} has member {mention_id}, {lost}"
                store.record_issue(run, "weigh", "member_dangling", message, severity=Severity.ERROR,
                                   place=mention_id)
                failed += 1
        for item in evidence:
            stances[item.stance] += 1
        done += len(evidence)
        run.progress("weigh", inputs, None)
    return StageCounts(inputs, done, 0, failed, {str(stance): count for stance, count in stances.items()})


def _store_entailments(store: Store, run: RunContext, model: EntailmentModel) -> int:
    """Store how likely supporting evidence bears out the whole of its claim; return how much was read."""
    todo = iter(store.execute(SQL["unread"], {"model": model.name}))
    read = 0
    while batch := list(islice(todo, BATCH)):
        rows = store.read(_Supporting, SQL["supporting"], {"evidence": [evidence for (evidence,) in batch]})
        worded = [row for row in rows if not row.repeats]
        pairs = {row.evidence_id: TextPair(row.claim, row.quote,
                                           passage_context(row.title, row.answered, row.before))
                 for row in worded}
        shares = dict(zip(pairs, row_by_row(
            store, run, "weigh", worded, lambda chunk, pairs=pairs: model.entails(  # type: ignore[misc]
                [pairs[row.evidence_id] for row in chunk]),
            lambda row: row.document_id, unread=lambda _: 0.0, others_were_read=bool(read)), strict=True))
        store.append("entailments", (
            {"evidence_id": row.evidence_id, "model": model.name, "run_id": run.run_id,
             "probability": shares.get(row.evidence_id, 1.0)} for row in rows),
            replace=True)
        read += len(rows)
        run.progress("weigh", read, None)
    return read


def _asked(row: _Pair) -> StancePair:
    return StancePair(
        claim=row.claim,
        quote=row.quote,
        context=passage_context(row.title, row.answered, row.before),
        proposition=row.proposition,
        negated=row.negated,
        certainty=row.certainty,
        speech_verb=row.speech_verb,
        cues=row.cues,
    )


def _evidence(row: _Pair, opinion: StanceOpinion, model: str, run: RunContext) -> Evidence:
    try:
        stance = Stance(opinion.stance)
    except ValueError as error:
        stances = ", ".join(Stance)
        raise ModelError(f"{model} answered {opinion.stance!r}; a stance is one of {stances}") from error
    cues = opinion.cues
    if opinion.confidence < run.config.weigh.sure and stance is not Stance.REPORTS:
        cues, stance = (*cues, f"unsure: {stance}"), Stance.REPORTS
    evidence_id = stable_id("e", row.claim_id, row.mention_id, model)
    return Evidence(evidence_id, row.claim_id, row.mention_id, stance, opinion.confidence, cues, model,
                    run.now, run.run_id)
