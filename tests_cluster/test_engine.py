"""Test the engine on a cluster: order, exceptions, killed workers, lost machines, other versions, status."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.speed.ray_cluster import Machines
from pipeline.cli import status
from pipeline.core.config import Config
from pipeline.core.engine import WorkerLost
from pipeline.core.errors import ConfigError, ModelError
from pipeline.core.files import FileLock
from pipeline.core.home import Home
from pipeline.engine.ray import Cluster, cluster
from pipeline.engine.spread import GIVEN_AGAIN, TraceOfWorker
from tests.pipeline.engine.work import (
    dying,
    its_process,
    making_what_cannot_be_sent,
    raising,
    raising_what_cannot_be_sent,
    squared,
)
from tests_cluster.work import VERSION, installed, meeting, only_here, until


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def engine(machines: Machines, home: Home) -> Iterator[Cluster]:
    with cluster(machines.address, installed, home.engine) as engine:
        yield engine


def test_batches_are_worked_on_by_all_machines_in_order(engine: Cluster, tmp_path: Path) -> None:
    assert engine.workers == 2
    assert list(engine.map(squared, range(50))) == [number * number for number in range(50)]
    processes = list(engine.map(its_process, range(20)))
    assert {cores for _, cores in processes} == {"1"}
    (tmp_path / "there").mkdir()
    assert list(engine.map(partial(meeting, tmp_path / "there"), [2, 2])) == [2, 2]


def test_what_a_worker_raises_is_raised_here(engine: Cluster) -> None:
    with pytest.raises(ModelError, match="no weights") as error_info:
        list(engine.map(raising, ["no weights"]))
    assert isinstance(error_info.value.__cause__, TraceOfWorker)
    with pytest.raises(RuntimeError, match="ValueError: held a lock"):
        list(engine.map(raising_what_cannot_be_sent, [1]))
    with pytest.raises(TypeError, match="pickle"):
        list(engine.map(making_what_cannot_be_sent, [1]))


def test_a_batch_whose_worker_is_killed_is_given_to_another(engine: Cluster, tmp_path: Path) -> None:
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    assert list(engine.map(partial(dying, deaths, GIVEN_AGAIN), range(3))) == [0, 1, 2]
    assert len(list(deaths.iterdir())) == 2 * GIVEN_AGAIN


def test_a_batch_that_kills_every_worker_is_an_error(engine: Cluster, tmp_path: Path) -> None:
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    with pytest.raises(WorkerLost, match="4 workers"):
        list(engine.map(partial(dying, deaths, 99), [2]))
    assert list(engine.map(partial(dying, deaths, 99), [3, 4], lambda loss: -int(str(loss)[0]))) == [3, -4]
    assert len(list(deaths.iterdir())) == 2 * (1 + GIVEN_AGAIN)


def test_status_tells_of_machines_that_are_lost_and_of_batches_that_take_long(
    machines: Machines, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other machines do the work that a lost machine had."""
    monkeypatch.setattr(status, "STALLED", 0.0)
    lost_machine = machines.add()
    with FileLock(home.lock).held(), cluster(machines.address, installed, home.engine) as engine:
        assert engine.workers == 3
        released = tmp_path / "released"
        results = engine.map(until, [tmp_path, *[released] * 11])
        assert next(results)
        machines.remove(lost_machine)
        deadline = time.monotonic() + 60
        while "1 dead" not in (status_text := _status(home)) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert f"the cluster at {machines.address}: 2 alive, 1 dead" in status_text
        assert "  stalled: until, begun " in status_text
        released.touch()
        assert len(list(results)) == 11
    assert "cluster" not in _status(home)
    # The next run does not mention the lost machine.
    with FileLock(home.lock).held(), cluster(machines.address, installed, home.engine):
        deadline = time.monotonic() + 60
        while "alive" not in (status_text := _status(home)) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert "2 alive, 0 dead" in status_text


def _status(home: Home) -> str:
    output = StringIO()
    status.print_status(Console(file=output, width=200), home, Config())
    return output.getvalue()


def test_machines_with_another_version_are_refused(
    machines: Machines, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VERSION, "version 2")
    with pytest.raises(ConfigError) as error_info, cluster(machines.address, installed, home.engine):
        pass
    first, *faults = str(error_info.value).splitlines()
    assert first == "all machines of a cluster must have what this one has, version 2:"
    assert len(faults) == 2 and all(line.endswith(") has version 1") for line in faults)


def test_a_machine_with_another_version_that_joins_later_is_refused(
    engine: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_ours", "version 0")
    with pytest.raises(ConfigError, match="a worker that joined has version 1, and the run has version 0"):
        list(engine.map(squared, [1]))


def test_machines_without_rumortrail_are_refused(
    machines: Machines, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VERSION, "version 1")
    with pytest.raises(ConfigError, match="No module named 'pipeline'"), \
            cluster(machines.address, only_here, home.engine):
        pass
