"""Work on a cluster: Ray gives each batch to a worker, and to another one where that dies."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.core.engine import CORES, Batch, Lost, Result, WorkerLost
from pipeline.core.errors import ConfigError
from pipeline.engine.board import Board, Worker
from pipeline.engine.spread import GIVEN_AGAIN, Outcome, in_order, pack_task, run_task

ANSWERS_WITHIN = 10.0
"""Seconds within which the head must take a connection: Ray itself waits for minutes."""
CHECKED_WITHIN = 120.0
"""Seconds within which each machine must say what it has installed."""


class Cluster:
    """The engine of `pipeline.core.engine` that works on a Ray cluster, a batch for each of its processors.

    `installed` says what this process has installed, and is asked of each worker; it stands in a module.
    Raises ConfigError where a machine of the cluster has something else installed. Machines that join later
    are put to use, at most as many processors at a time as there were in the beginning.
    """

    def __init__(self, ray: Any, address: str, installed: Callable[[], str], board: Path) -> None:
        self._ray, self._installed = ray, installed
        self._ours = installed()
        self._check()
        processors = sum(int(node["Resources"].get("CPU", 0)) for node in ray.nodes() if node["Alive"])
        if not processors:
            raise ConfigError(f"the cluster at {address} has no worker: start one with `ray start`")
        self.workers = processors
        # Ray remembers machines that left long ago, such as those from which earlier nights were run.
        self._left = {node["NodeID"] for node in ray.nodes() if not node["Alive"]}
        self._threads = ThreadPoolExecutor(processors)
        self._task = ray.remote(num_cpus=1, max_retries=GIVEN_AGAIN)(_work)
        self.board = Board(board, f"the cluster at {address}", self._standing)

    def map(self, function: Callable[[Batch], Result], batches: Iterable[Batch],
            lost: Lost[Result] | None = None) -> Iterator[Result]:
        """Yield what `function` makes of each batch, in order; `lost` stands for what is lost."""
        return in_order(self._threads, self.workers, self._give, function, batches, lost)

    def close(self) -> None:
        """Let go of the cluster, which forgets what it was given."""
        self._ray.shutdown()
        self._threads.shutdown(cancel_futures=True)

    def _give(self, function: Callable[[Batch], Result], batch: Batch) -> Result:
        ray = self._ray
        with self.board.working(function):
            answer = self._task.remote(self._installed, self._ours, pack_task(function, batch))
            try:
                worker_outcome: Outcome = ray.get(answer)
            except ray.exceptions.RayTaskError as error:
                raise ConfigError(f"a worker cannot begin to work: {_last_line(error)}") from error
            except ray.exceptions.RayError as error:
                message = f"{1 + GIVEN_AGAIN} workers that were given one batch died of it, or were killed"
                raise WorkerLost(f"{message} ({type(error).__name__})") from error
        result: Result = worker_outcome.unwrap()
        return result

    def _check(self) -> None:
        """Ask each machine what it has installed."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        installed = self._installed

        # Not a function of the module: Ray then sends its code, also to where Rumortrail is not installed.
        def ask() -> str:
            return installed()

        task = self._ray.remote(num_cpus=0, max_retries=GIVEN_AGAIN)(ask)
        answers = {_named(node): task.options(
                     scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)).remote()
                 for node in self._ray.nodes() if node["Alive"] and node["Resources"].get("CPU")}
        faults = []
        for name, answer in answers.items():
            try:
                node_installed = self._ray.get(answer, timeout=CHECKED_WITHIN)
            except self._ray.exceptions.RayError as error:
                faults.append(f"{name} does not say what it has installed: {_last_line(error)}")
            else:
                if node_installed != self._ours:
                    faults.append(f"{name} has {node_installed}")
        if faults:
            raise ConfigError(f"all machines of a cluster must have what this one has, {self._ours}:\n  "
                              + "\n  ".join(faults))

    def _standing(self) -> list[Worker]:
        try:
            nodes = self._ray.nodes()
        except self._ray.exceptions.RayError:  # the head does not answer
            return []
        return [Worker(_named(node), node["Alive"]) for node in nodes
                if node["Resources"].get("CPU") or not (node["Alive"] or node["NodeID"] in self._left)]


def _work(installed: Callable[[], str], wanted: str, task: bytes) -> Outcome:
    """Return the outcome of a task, on a worker."""
    os.environ[CORES] = "1"
    if (joined := installed()) != wanted:
        return Outcome(error=ConfigError(f"a worker that joined has {joined}, and the run has {wanted}"))
    return run_task(task)


def _named(node: dict[str, Any]) -> str:
    return f"{node['NodeName']} ({node['NodeID'][:6]})"


def _last_line(error: Exception) -> str:
    return str(error).strip().rpartition("\n")[2]


@contextmanager
def cluster(address: str, installed: Callable[[], str], board: Path) -> Iterator[Cluster]:
    """Open the engine of the cluster whose head is at `address` ("HOST:PORT"), to which this machine belongs.

    Raises ConfigError where Ray is not installed, no head answers, or its machines have something else
    installed.
    """
    try:
        import ray
    except ImportError as error:
        message = "[engine] kind is \"ray\", and Ray is not installed here: pip install 'rumortrail[cluster]'"
        raise ConfigError(f"{message} ({error})") from error
    _knock(address)
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, configure_logging=False)
    except Exception as error:  # Ray has many
        message = f"[engine] address: the cluster at {address} cannot be joined from here"
        raise ConfigError(f"{message}: {_last_line(error)}") from error
    engine = None
    try:
        engine = Cluster(ray, address, installed, board)
        with engine.board.shown():
            yield engine
    finally:
        if engine:
            engine.close()
        ray.shutdown()


def _knock(address: str) -> None:
    """Raise ConfigError where nobody takes a connection at `address`."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not (host and port.isdigit()):
        raise ConfigError(f'[engine] address = "{address}" must name the head of the cluster: "HOST:PORT"')
    try:
        socket.create_connection((host, int(port)), ANSWERS_WITHIN).close()
    except OSError as error:
        message = f"[engine] address: no head of a cluster answers at {address}: {error.strerror or error}"
        raise ConfigError(f"{message}; start one with `ray start --head`") from error
