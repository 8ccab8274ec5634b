"""Found: which sentences may found a claim, by a model that did not write them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from models.passage_context import passage_context
from models.protocols.founding import Candidate, Founder, Founding
from pipeline.core.context import RunContext
from pipeline.core.errors import ModelError
from pipeline.core.records import StageCounts
from pipeline.core.vocabulary import Kind
from pipeline.store.queries import Statements
from pipeline.store.row_by_row import row_by_row
from pipeline.store.store import Store

SQL = Statements(__package__, "found")

VERSIONS = 500  # judged at once
REPEATS = "repeats"  # why a sentence founds nothing of which a part founds a claim
UNREAD = Founding(0.0, "unread")  # of a sentence that breaks the founding model
_KINDS = frozenset((*Kind, None))


@dataclass(frozen=True, slots=True)
class _Row:
    """A mention to judge, with its place and what its quote stands in."""

    mention_id: str
    version_id: str
    document_id: str
    start_char: int
    end_char: int
    claim: str
    quote: str
    part: str
    kind: str
    negated: bool
    certainty: str
    entities: tuple[str, ...]
    whole: bool
    title: str | None
    before: str | None
    answered: str | None


def found(store: Store, run: RunContext, founder: Founder) -> StageCounts:
    """Judge which new mentions may found a claim; the others are kept, and no claim is made of them.

    Reads mentions, versions, documents; appends foundings. A mention whose probability is below `[found]
    sure`, or of which a part founds a claim already, is withheld, with the reason: what its passage says is
    still gathered for the claims that others found. `skipped` counts these. Raises ModelError for answers
    that are no probabilities, or no kinds of claims.
    """
    todo = [version for (version,) in store.execute(SQL["todo"])]
    judged = done = 0
    for start in range(0, len(todo), VERSIONS):
        rows = store.read(_Row, SQL["candidates"], {"versions": todo[start : start + VERSIONS]})
        opinions = row_by_row(store, run, "found", rows,
                              lambda batch: founder.judge([_asked(row) for row in batch]),
                              lambda row: row.document_id, unread=lambda _: UNREAD)
        if not all(0 <= opinion.probability <= 1 and opinion.kind in _KINDS for opinion in opinions):
            raise ModelError(f"{founder.name} gave values that are not probabilities, or no kinds of claims")
        sure = [row for row, opinion in zip(rows, opinions, strict=True)
                if opinion.probability >= run.config.found.sure]
        repeating = _repeating(sure)
        founding = {row.mention_id for row in sure} - repeating
        store.append("foundings", (
            {"mention_id": row.mention_id, "probability": opinion.probability,
             "founds": row.mention_id in founding, "model": founder.name, "run_id": run.run_id,
             "considered": row.whole and row.mention_id not in founding, "kind": opinion.kind,
             "reason": None if row.mention_id in founding else
                       REPEATS if row.mention_id in repeating else opinion.reason}
            for row, opinion in zip(rows, opinions, strict=True)))
        judged += len(rows)
        done += len(founding)
        run.progress("found", min(start + VERSIONS, len(todo)), len(todo))
    return StageCounts(judged, done, judged - done)


def _repeating(sure: Sequence[_Row]) -> set[str]:
    """Return the mentions whose sentence holds another one at the same place that founds a claim."""
    places: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    repeating: set[str] = set()
    for row in sorted(sure, key=lambda row: (len(row.claim), row.mention_id)):
        founding = places[row.version_id, row.part]
        if any(other.start_char < row.end_char and row.start_char < other.end_char
               and other.claim.lower() in row.claim.lower() for other in founding):
            repeating.add(row.mention_id)
        else:
            founding.append(row)
    return repeating


def _asked(row: _Row) -> Candidate:
    context = passage_context(row.title, row.answered, row.before)
    return Candidate(row.claim, row.quote, context, row.part, row.kind, row.negated, row.certainty,
                     row.entities)
