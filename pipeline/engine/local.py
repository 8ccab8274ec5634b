"""Work on this machine, in several processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, SimpleQueue

from pipeline.core.engine import CORES, Batch, Lost, Result, WorkerLost
from pipeline.engine.board import Board, Worker
from pipeline.engine.spread import GIVEN_AGAIN, Outcome, in_order, pack_task, run_task

# A process that was forked beside threads of a model, or of DuckDB, may wait for ever.
_CONTEXT = get_context("spawn")


class Processes:
    """The engine of `pipeline.core.engine` that works in several processes of this machine.

    They begin when there is work, share the machine's cores, and end with `close`; where this process is
    killed, they end when their batches are done. Each has its own pipe, so that the batch of a killed one is
    known and no other is disturbed (a ProcessPoolExecutor loses all that its processes hold).
    """

    def __init__(self, processes: int, board: Path) -> None:
        self.workers = processes
        self._cores = max(1, len(os.sched_getaffinity(0)) // processes)
        self._threads = ThreadPoolExecutor(processes)
        self._idle: SimpleQueue[_Process] = SimpleQueue()
        self._all: list[_Process] = []
        self._closed = False
        self.board = Board(board, f"{processes} processes of this machine", self._standing)

    def map(self, function: Callable[[Batch], Result], batches: Iterable[Batch],
            lost: Lost[Result] | None = None) -> Iterator[Result]:
        """Yield what `function` makes of each batch, in order; `lost` stands for what is lost."""
        return in_order(self._threads, self.workers, self._work, function, batches, lost)

    def close(self) -> None:
        """End the processes, whatever they are at."""
        self._closed = True
        for process in self._all:
            process.end()
        self._threads.shutdown(cancel_futures=True)

    def _work(self, function: Callable[[Batch], Result], batch: Batch) -> Result:
        task = pack_task(function, batch)
        with self.board.working(function):
            for _ in range(1 + GIVEN_AGAIN):
                process = self._free()
                if (worker_outcome := process.ask(task)) is not None:
                    self._idle.put(process)
                    result: Result = worker_outcome.unwrap()
                    return result
                self.board.again()
        raise WorkerLost(f"{1 + GIVEN_AGAIN} processes that were given one batch ended before it was done")

    def _free(self) -> _Process:
        """Return a process that has nothing to do and was not killed meanwhile, or a new one."""
        with suppress(Empty):
            while True:
                process = self._idle.get_nowait()
                if process.is_alive():
                    return process
        if self._closed:
            raise WorkerLost("the processes were ended")
        process = _Process(self._cores)
        self._all.append(process)
        return process

    def _standing(self) -> list[Worker]:
        return [Worker(f"process {process.pid}", process.is_alive()) for process in self._all.copy()]


class _Process:
    """A process that works on one batch after the other."""

    def __init__(self, cores: int) -> None:
        self._connection, worker_end = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(worker_end, cores), daemon=True)
        self._process.start()
        worker_end.close()
        self.pid = self._process.pid

    def ask(self, task: bytes) -> Outcome | None:
        """Return the outcome of a task; None where the process ended before."""
        try:
            self._connection.send_bytes(task)
            worker_outcome: Outcome = self._connection.recv()
        except (EOFError, OSError):
            self._process.join()
            return None
        return worker_outcome

    def is_alive(self) -> bool:
        return self._process.is_alive()

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._connection.close()


def _serve(driver: Connection, cores: int) -> None:
    """Work on each task until the process that sends them is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run that is interrupted ends its processes
    os.environ[CORES] = str(cores)
    with suppress(EOFError, OSError):
        while True:
            driver.send(run_task(driver.recv_bytes()))


@contextmanager
def several(processes: int, board: Path) -> Iterator[Processes]:
    """Open an engine of so many processes, which end with the block."""
    engine = Processes(processes, board)
    try:
        with engine.board.shown():
            yield engine
    finally:
        engine.close()
