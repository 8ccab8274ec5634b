"""Put a batch to a model, and leave out the text that breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from pipeline.core.context import RunContext
from pipeline.core.errors import RumortrailError
from pipeline.core.text import shorten
from pipeline.core.vocabulary import Severity
from pipeline.store.store import Store

Row = TypeVar("Row")
Result = TypeVar("Result")

SYSTEMIC = 2  # so many texts that all break, with none that does not: the model is at fault, not they


def row_by_row(store: Store, run: RunContext, stage: str, rows: Sequence[Row],
               work: Callable[[Sequence[Row]], Sequence[Result]], place: Callable[[Row], str], *,
               unread: Callable[[Row], Result], others_were_read: bool = False) -> list[Result]:
    """Return what `work` makes of `rows`, one result a row in their order; `unread` of a row that breaks it.

    A batch that breaks is halved until the rows that break it stand alone. Each becomes an issue `unread` at
    its `place` and takes no other row with it; the stage stores what stands for it, so that it is not tried
    every night. Errors that tell of the installation (RumortrailError), and those of many rows without one
    that can be read, go on to the run, the latter unless `others_were_read` before in the same work.
    """
    broken: list[tuple[Row, Exception]] = []
    results = list(_halved(rows, work, unread, broken))
    if len(broken) == len(rows) >= SYSTEMIC and not others_were_read:
        raise broken[0][1]
    for row, error in broken:
        reason = shorten(f"{type(error).__name__}: {error}", 300)
        message = f"the text cannot be read and is left out of {stage}: {reason}"
        store.record_issue(run, stage, "unread", message, severity=Severity.ERROR, place=place(row))
    return results


def _halved(rows: Sequence[Row], work: Callable[[Sequence[Row]], Sequence[Result]],
            unread: Callable[[Row], Result], broken: list[tuple[Row, Exception]]) -> Iterator[Result]:
    if not rows:
        return
    try:
        results = work(rows)
    except RumortrailError:
        raise
    except Exception as error:  # noqa: BLE001  # the error boundary of one text, as the run's of one stage
        if len(rows) == 1:
            broken.append((rows[0], error))
            yield unread(rows[0])
            return
    else:
        yield from results
        return
    middle = len(rows) // 2
    for half in (rows[:middle], rows[middle:]):
        yield from _halved(half, work, unread, broken)
