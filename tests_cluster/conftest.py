"""The servers of a session, and a real Ray cluster on this machine: a head that does no work, two workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any, cast

import pytest
from rich.console import Console

from benchmarks.speed import ray_cluster
from benchmarks.speed.ray_cluster import Machines
from benchmarks.speed.same import OF_RUNS, dump
from pipeline.cli import demo
from pipeline.core.config import EngineConfig, PublishConfig
from pipeline.core.home import Home
from pipeline.run.nightly import nightly
from pipeline.run.report import RunReport
from tests_cluster.servers import S3, Postgres

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
    with ray_cluster.machines(2) as machines:
        yield machines


Views = dict[str, str]
"""What a reader sees: the rows of each view."""


@dataclass(frozen=True)
class Played:
    """A finished demo: its home, and what a reader saw of it after each night."""

    home: Home
    nights: list[Views]

    @property
    def views(self) -> Views:
        """What a reader sees of it now."""
        return self.nights[-1]


def views_of(home: Home, out: Path) -> Views:
    """Return what the published copy in `home` tells, by view."""
    dump(home.path, out)
    return {file.name: file.read_text("utf-8") for file in sorted(out.iterdir())}


def of_the_news(views: Views) -> Views:
    """Return the views without those that tell of runs: of killed ones, and of those that went on."""
    return {name: rows for name, rows in views.items() if name.removesuffix(".jsonl") not in OF_RUNS}


def play(
    folder: Path, engine: EngineConfig, publish: PublishConfig | None = None,
    night: Callable[..., RunReport] = nightly,
) -> Played:
    """Play the demo's three nights on an engine; `night` plays one of them."""
    home = Home(folder / "demo")
    settle_home = demo._settle
    nights: list[Views] = []

    def played_night(*given: Any, **named: Any) -> RunReport:
        report = night(*given, **named)
        nights.append(views_of(home, folder / f"views{len(nights)}"))
        return report

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "_settle", lambda home: replace(
            settle_home(home), engine=engine, publish=publish or PublishConfig()))
        patch.setattr(demo, "nightly", played_night)
        demo.run_demo(home.path, Console(file=StringIO(), width=200))
    return Played(home, nights)


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
