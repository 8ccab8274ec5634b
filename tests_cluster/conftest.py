"""The servers of a session, and a real Ray cluster on this machine: a head that does no work, two workers."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any, cast

import psutil
import pytest
from rich.console import Console

from benchmarks.speed.same import dump
from pipeline.cli import demo
from pipeline.core.config import EngineConfig
from pipeline.core.home import Home
from tests_cluster.servers import S3, Postgres

# Workers find the tests' functions where this process does; Ray sends no usage data to its makers.
os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[1])
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

TRIES = 5
"""How often a node is begun: on a busy machine its agents may come later than Ray waits for them."""
AGENTS = ("metrics_agent_port", "metrics_export_port", "dashboard_agent_listen_port",
          "runtime_env_agent_port")


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


SERVERS: dict[str, type[Postgres] | type[S3]] = {"postgres": Postgres, "s3_server": S3}
"""What begins with the session, by the fixture that gives it."""


@pytest.fixture(scope="session", autouse=True)
def begun(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Any]]]:
    """Start at once all the servers that tests of the session ask for, each shared by all tests."""
    fixtures = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    with ThreadPoolExecutor() as threads:
        started = {name: threads.submit(begin) for name, begin in SERVERS.items() if name in fixtures}
        yield started
    for server in started.values():
        if not server.exception():
            server.result().close()


@pytest.fixture(scope="session")
def postgres(begun: dict[str, Future[Any]]) -> Postgres:
    """PostgreSQL."""
    return cast("Postgres", begun["postgres"].result())


@pytest.fixture(scope="session")
def s3_server(begun: dict[str, Future[Any]]) -> S3:
    """An S3 server."""
    return cast("S3", begun["s3_server"].result())


@pytest.fixture
def s3(s3_server: S3, monkeypatch: pytest.MonkeyPatch) -> S3:
    """The S3 server; the environment has its address and a key."""
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    return s3_server


@pytest.fixture(scope="session")
def machines(begun: dict[str, Future[Any]]) -> Iterator[Machines]:
    from ray.cluster_utils import Cluster

    cluster = _begun(lambda: Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **_node()}))
    machines = Machines(cluster)
    machines.add()
    machines.add()
    yield machines
    cluster.shutdown()


@dataclass(frozen=True)
class Played:
    """A finished demo: its home, and what a reader sees of it, a file for each view."""

    home: Home
    views: dict[str, str]


def views_of(home: Home, out: Path) -> dict[str, str]:
    """Return what the published copy in `home` tells, by view."""
    dump(home.path, out)
    return {file.name: file.read_text("utf-8") for file in sorted(out.iterdir())}


def play(folder: Path, engine: EngineConfig) -> Played:
    """Play the demo's three nights on an engine."""
    home = Home(folder / "demo")
    settle_home = demo._settle
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "_settle", lambda home: replace(settle_home(home), engine=engine))
        demo.run_demo(home.path, Console(file=StringIO(), width=200))
    return Played(home, views_of(home, folder / "views"))


@pytest.fixture(scope="session")
def one_process(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The demo as one process plays it."""
    return play(tmp_path_factory.mktemp("one"), EngineConfig())


@pytest.fixture
def everything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send even two short texts to a worker, since the demo's batches are small."""
    monkeypatch.setattr("pipeline.run.spread_models.LEAST", 2)
    monkeypatch.setattr("pipeline.run.spread_models.SMALL", 0)
    monkeypatch.setattr("models.language.beside.TOGETHER", 3_000)
