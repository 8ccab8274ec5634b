"""What all engines share: batches are handed out ahead and come back in order, with what a worker raised."""

from __future__ import annotations

import pickle
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from pipeline.core.engine import Batch, Lost, Result, WorkerLost

GIVEN_AGAIN = 3
"""How often a batch is given to another worker after its own died."""
AHEAD = 4
"""Batches that are handed out for each worker before the first is done: a long one stops no other."""


class TraceOfWorker(Exception):
    """The traceback of what was raised in a worker, as text; the cause of what is raised here."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a batch in a worker: a pickled result, or an error with its traceback."""

    result: bytes = b""
    error: Exception | None = None
    trace: str = ""

    def unwrap(self) -> Any:
        """Return the result, or raise the error."""
        if self.error is not None:
            raise self.error from TraceOfWorker(self.trace)
        return pickle.loads(self.result)


def pack_task(function: Callable[[Batch], Result], batch: Batch) -> bytes:
    """Return what a worker is sent to run a function over a batch, for `run_task`."""
    return pickle.dumps((function, batch))


def run_task(task: bytes) -> Outcome:
    """Run what `pack_task` packed, in a worker, and return what comes of it."""
    try:
        function, batch = pickle.loads(task)
        return Outcome(pickle.dumps(function(batch)))
    except Exception as error:  # noqa: BLE001  # whatever it is: it is raised where the batch came from
        return Outcome(error=_portable(error), trace=traceback.format_exc())


def _portable(error: Exception) -> Exception:
    """Return an error that can be pickled: the same one, or else its type and words."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001  # an error of a library may hold anything
        return RuntimeError("".join(traceback.format_exception_only(error)).strip())
    return error


def in_order(
    threads: ThreadPoolExecutor,
    workers: int,
    work: Callable[[Callable[[Batch], Result], Batch], Result],
    function: Callable[[Batch], Result],
    batches: Iterable[Batch],
    lost: Lost[Result] | None = None,
) -> Iterator[Result]:
    """Yield what `work(function, batch)` returns for each batch, in the batches' order.

    Where that raises WorkerLost, what `lost` makes of it stands in its place. Each of `workers` threads waits
    for one worker. Once the caller stops iterating, or an error is raised, no further batch is begun.
    """
    waiting: deque[Future[Result]] = deque()

    def first() -> Result:
        try:
            return waiting.popleft().result()
        except WorkerLost as error:
            if lost is None:
                raise
            return lost(error)

    try:
        for batch in batches:
            waiting.append(threads.submit(work, function, batch))
            if len(waiting) >= AHEAD * workers:
                yield first()
        while waiting:
            yield first()
    finally:
        for future in waiting:
            future.cancel()
