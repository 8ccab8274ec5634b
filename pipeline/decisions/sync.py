"""Copy the editors' journal into the store at the start of each run."""

from __future__ import annotations

from dataclasses import replace

from pipeline.core.context import RunContext
from pipeline.core.errors import DataError
from pipeline.core.records import Decision
from pipeline.core.vocabulary import Severity
from pipeline.decisions.journal import Journal
from pipeline.store.queries import Statements
from pipeline.store.store import Store

SQL = Statements(__package__, "sync")


def copy_journal(store: Store, run: RunContext) -> None:
    """Make store.decisions what the journal says now.

    Where the journal is damaged or cannot be read, each fault becomes an issue, and what an earlier run read
    of it still counts: a decision is never lost, nor changed behind its editor's back.
    """
    before = {decision.decision_id: decision for decision in store.read(Decision, SQL["decisions"])}
    journal = Journal(run.home.journal)
    try:
        now = {decision.decision_id: decision for decision in journal.read()}
        faults = journal.check(
            {decision.number: decision.sha256 for decision in before.values() if decision.sha256}
        ).faults
    except DataError as error:
        now, faults = {}, [str(error)]
    if faults:
        now |= {decision_id: _as_it_was(earlier, now.get(decision_id))
                for decision_id, earlier in before.items()}
    with store.transaction():
        place = run.home.journal.name
        for fault in faults:
            store.record_issue(run, "run", "journal_damaged", fault, severity=Severity.ERROR, place=place)
        if now != before:
            store.execute(SQL["clear_decisions"])
            store.append("decisions", sorted(now.values(), key=lambda decision: decision.number))


def _as_it_was(earlier: Decision, current: Decision | None) -> Decision:
    """Return the decision as it was read before; it may have been taken back since."""
    return replace(earlier, undone_at=earlier.undone_at or current.undone_at) if current else earlier
