"""Second read: what another reader makes of the evidence on which verdicts turn."""

from __future__ import annotations

from dataclasses import dataclass

from models.passage_context import passage_context
from models.protocols.second_reader import AnswerRefused, NoAnswer, SecondReader
from models.protocols.stance import TextPair
from pipeline.core.context import RunContext
from pipeline.core.records import StageCounts
from pipeline.core.vocabulary import Severity, Stance
from pipeline.store.queries import Statements
from pipeline.store.store import Store

SQL = Statements(__package__, "second_read")

LONGEST = 4_000  # characters of a passage that is asked about
PATIENCE = 3  # questions without an answer, one after the other, after which no more are put


@dataclass(frozen=True, slots=True)
class _Cited:
    """A row of `todo`: words on which a verdict rests, and what they stand in."""

    claim_id: str
    mention_id: str
    evidence_id: str
    machine_stance: Stance
    claim: str
    quote: str
    title: str | None
    before: str | None
    answered: str | None


def second_read(store: Store, run: RunContext, reader: SecondReader | None) -> StageCounts:
    """Ask a second reader about the evidence that verdicts cite, at most `[second_reader] max_pairs` pairs.

    Reads verdicts, evidence, mentions, versions; appends second opinions, and changes nothing else: no stance
    and no status. A reader is asked once about a pair, also where its answer is refused; a question without
    an answer is put again another night. Without a reader nothing is done.
    """
    if reader is None:
        return StageCounts()
    parameters = {"model": reader.name, "longest": LONGEST, "limit": run.config.second_reader.max_pairs}
    rows = store.read(_Cited, SQL["todo"], parameters)
    done = refused = unanswered = in_a_row = differing = 0
    for number, row in enumerate(rows, 1):
        if in_a_row == PATIENCE:
            break
        opinion = {"claim_id": row.claim_id, "mention_id": row.mention_id, "evidence_id": row.evidence_id,
                   "model": reader.name, "asked_at": run.now, "run_id": run.run_id}
        context = passage_context(row.title, row.answered, row.before)
        try:
            answer = reader.read(TextPair(row.claim, row.quote, context))
        except NoAnswer as error:
            unanswered, in_a_row = unanswered + 1, in_a_row + 1
            store.record_issue(run, "second_read", "no_answer", str(error), place=reader.name)
            continue
        except AnswerRefused as error:
            refused += 1
            store.record_issue(run, "second_read", "answer_refused", str(error), severity=Severity.INFO,
                               place=row.evidence_id)
            opinion["refused"] = str(error)
        else:
            done += 1
            differing += answer.relation != row.machine_stance
            opinion |= {"relation": answer.relation, "quotation": answer.quotation}
        in_a_row = 0
        # Each is stored at once: an answer may have cost a minute, and money.
        store.append("second_opinions", [opinion])
        run.progress("second_read", number, len(rows))
    failed = refused + unanswered
    detail = {"refused": refused, "unanswered": unanswered, "differing": differing}
    return StageCounts(len(rows), done, len(rows) - done - failed, failed, detail)
