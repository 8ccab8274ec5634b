"""The one place that catches every error: a failure becomes an issue, and the run goes on."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from pipeline.core.context import RunContext
from pipeline.core.errors import RumortrailError
from pipeline.core.vocabulary import Severity
from pipeline.store.store import Store


def aside(store: Store, run: RunContext, name: str, work: Callable[[], None]) -> None:
    """Do `work` beside the stages; a failure is recorded as an issue of the stage `name`."""
    try:
        work()
    except Exception as error:  # noqa: BLE001  # the error boundary: as for a stage
        record_failure(store, run, name, error)


def record_failure(store: Store, run: RunContext, stage: str, error: Exception) -> None:
    """Record what failed as an issue; what nobody foresaw is written into logs/ too."""
    expected = isinstance(error, RumortrailError)
    message = str(error) if expected else "".join(traceback.format_exception_only(error)).strip()
    store.record_issue(run, stage, "stage_failed", message, severity=Severity.ERROR, place=stage)
    if not expected:
        log = run.home.path / "logs" / f"{run.run_id}-{stage}.txt"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("".join(traceback.format_exception(error)), "utf-8")
