"""A real Ray cluster on this machine: a head that does no work, and workers, each a machine to Ray."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from pipeline.core.config import EngineConfig

# Workers find functions where this process does; Ray sends no usage data to its makers.
os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

TRIES = 5
"""How often a node is begun: on a busy machine its agents may come later than Ray waits for them."""
AGENTS = ("metrics_agent_port", "metrics_export_port", "dashboard_agent_listen_port",
          "runtime_env_agent_port")


@dataclass
class Machines:
    """A cluster of several nodes, each a machine of its own to Ray."""

    cluster: Any

    @property
    def address(self) -> str:
        return str(self.cluster.address)

    @property
    def engine(self) -> EngineConfig:
        """The settings of a run on the cluster."""
        return EngineConfig(kind="ray", address=self.address)

    def add(self) -> Any:
        """Add a worker with one processor."""
        return _begun(lambda: self.cluster.add_node(num_cpus=1, **_node()))

    def remove(self, node: Any) -> None:
        """End a node at once."""
        self.cluster.remove_node(node, allow_graceful=False)

    def busy(self) -> list[psutil.Process]:
        """Return the processes that work on a batch."""
        workers: list[psutil.Process] = []
        for node in self.cluster.list_all_nodes():
            (raylet,) = node.all_processes["raylet"]
            with suppress(psutil.Error):
                workers += [process for process in psutil.Process(raylet.process.pid).children(recursive=True)
                            if process.cmdline()[:1] == ["ray::_work"]]
        return workers


@contextmanager
def machines(workers: int) -> Iterator[Machines]:
    """Begin a cluster with so many workers, which ends with the block."""
    from ray.cluster_utils import Cluster

    begun = Machines(_begun(lambda: Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **_node()})))
    try:
        for _ in range(workers):
            begun.add()
        yield begun
    finally:
        begun.cluster.shutdown()


def _node() -> dict[str, Any]:
    """Return a node's settings, with ports for its agents: Ray would wait for agents without ports."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in AGENTS]
        for free_socket in sockets:
            free_socket.bind(("", 0))
        ports = dict(zip(AGENTS, (bound.getsockname()[1] for bound in sockets), strict=True))
    return {"object_store_memory": 100_000_000, "include_dashboard": False,
            **ports}


def _begun(begin: Callable[[], Any]) -> Any:
    for _ in range(TRIES - 1):
        with suppress(Exception):
            return begin()
    return begin()
