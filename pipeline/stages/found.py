"""Found: which sentences may found a claim, by a model that did not write them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from models.passage_context import passage_context
from models.protocols import Candidate, Founder, Founding
from pipeline.core.context import RunContext
from pipeline.core.errors import ModelError
from pipeline.core.records import StageCounts
from pipeline.store.queries import Statements
from pipeline.store.row_by_row import row_by_row
from pipeline.store.store import Store

SQL = Statements(__package__, "found")

BATCH = 500
UNREAD = Founding(0.0, "unread")  # of a sentence that breaks the founding model


@dataclass(frozen=True, slots=True)
class _Row:
    """A mention to judge, with what its quote stands in."""

    mention_id: str
    document_id: str
    claim: str
    quote: str
    part: str
    kind: str
    negated: bool
    certainty: str
    entities: tuple[str, ...]
    title: str | None
    before: str | None
    answered: str | None


def found(store: Store, run: RunContext, founder: Founder) -> StageCounts:
    """Judge which new mentions may found a claim; the others are kept, and no claim is made of them.

    Reads mentions, versions, documents; appends foundings. A mention whose probability is below `[found]
    sure` is withheld, with the reason: what its passage says is still gathered for the claims that others
    found. `skipped` counts these. Raises ModelError for answers that are no probabilities.
    """
    todo = [mention for (mention,) in store.execute(SQL["todo"])]
    waiting = iter(todo)
    done = 0
    while batch := list(islice(waiting, BATCH)):
        rows = store.read(_Row, SQL["candidates"], {"mentions": batch})
        told = row_by_row(store, run, "found", rows,
                          lambda some: founder.judge([_asked(row) for row in some]),
                          lambda row: row.document_id, unread=lambda _: UNREAD)
        if not all(0 <= one.probability <= 1 for one in told):
            raise ModelError(f"{founder.name} gave values that are no probabilities")
        sure = [one.probability >= run.config.found.sure for one in told]
        store.append("foundings", (
            {"mention_id": row.mention_id, "probability": one.probability, "founds": founds,
             "reason": None if founds else one.reason, "considered": False, "model": founder.name,
             "run_id": run.run_id}
            for row, one, founds in zip(rows, told, sure, strict=True)))
        done += sum(sure)
        run.progress("found", done, len(todo))
    return StageCounts(len(todo), done, len(todo) - done)


def _asked(row: _Row) -> Candidate:
    context = passage_context(row.title, row.answered, row.before)
    return Candidate(row.claim, row.quote, context, row.part, row.kind, row.negated, row.certainty,
                     row.entities)
