"""Test work in this process and others of this machine: order, exceptions, killed workers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from pipeline.core.engine import Here, WorkerLost
from pipeline.core.errors import ModelError
from pipeline.engine.board import read_board
from pipeline.engine.local import Processes, several
from pipeline.engine.spread import AHEAD, GIVEN_AGAIN, TraceOfWorker
from tests.pipeline.engine.work import (
    dying,
    its_process,
    making_what_cannot_be_sent,
    raising,
    raising_what_cannot_be_sent,
    squared,
)

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    with several(2, tmp_path_factory.mktemp("engine") / "engine.json") as engine:
        yield engine


def test_one_process_works_here_on_one_batch_after_the_other() -> None:
    taken_batches: list[int] = []

    def batches() -> Iterator[int]:
        for number in range(3):
            taken_batches.append(number)
            yield number

    results = Here().map(squared, batches())
    assert Here().workers == 1
    assert (next(results), taken_batches) == (0, [0])
    assert list(results) == [1, 4]


def test_results_come_in_the_order_of_the_batches(two: Processes) -> None:
    assert two.workers == 2
    assert list(two.map(squared, range(50))) == [number * number for number in range(50)]
    assert list(two.map(squared, [])) == []


def test_batches_are_taken_as_they_are_worked_on(two: Processes) -> None:
    taken_batches: list[int] = []

    def batches() -> Iterator[int]:
        for number in range(100):
            taken_batches.append(number)
            yield number

    results = two.map(squared, batches())
    next(results)
    assert len(taken_batches) == AHEAD * 2
    results.close()  # type: ignore[attr-defined]
    assert len(taken_batches) == AHEAD * 2


def test_processes_stay_and_share_the_cores(two: Processes) -> None:
    processes = set(two.map(its_process, range(20)))
    assert len({pid for pid, _ in processes}) <= 2 and os.getpid() not in {pid for pid, _ in processes}
    assert {int(cores) for _, cores in processes} == {max(1, len(os.sched_getaffinity(0)) // 2)}


def test_what_a_worker_raises_is_raised_here_with_its_trace(two: Processes) -> None:
    with pytest.raises(ModelError, match="no weights") as error_info:
        list(two.map(raising, ["no weights"]))
    assert isinstance(error_info.value.__cause__, TraceOfWorker)
    assert "in raising" in str(error_info.value.__cause__)


def test_what_cannot_be_sent_is_an_error_and_the_worker_stays(two: Processes) -> None:
    with pytest.raises(RuntimeError, match="ValueError: held a lock"):
        list(two.map(raising_what_cannot_be_sent, [1]))
    with pytest.raises(TypeError, match="pickle"):
        list(two.map(making_what_cannot_be_sent, [1]))
    assert two.board.standing().given_again == 0


def test_a_batch_whose_worker_is_killed_is_given_to_another(two: Processes, tmp_path: Path) -> None:
    before = two.board.standing().given_again
    assert list(two.map(partial(dying, tmp_path, GIVEN_AGAIN), range(3))) == [0, 1, 2]
    standing = two.board.standing()
    assert standing.given_again == before + 2 * GIVEN_AGAIN
    assert sum(not worker.alive for worker in standing.workers) >= 2 * GIVEN_AGAIN
    assert sum(worker.alive for worker in standing.workers) <= 2


def test_a_batch_that_kills_every_worker_is_an_error_and_others_are_done(
    two: Processes, tmp_path: Path
) -> None:
    with pytest.raises(WorkerLost, match="4 processes"):
        list(two.map(partial(dying, tmp_path, 99), [2]))
    assert len(list(tmp_path.iterdir())) == 1 + GIVEN_AGAIN
    assert list(two.map(partial(dying, tmp_path, 99), [1, 3])) == [1, 3]


def test_what_stands_for_a_batch_that_kills_every_worker(two: Processes, tmp_path: Path) -> None:
    results = list(two.map(partial(dying, tmp_path, 99), range(4), lambda loss: -int(str(loss)[0])))
    assert results == [-4, 1, -4, 3]


def test_a_run_tells_what_its_workers_are_at_while_it_lasts(tmp_path: Path) -> None:
    board = tmp_path / "engine.json"
    with several(2, board) as engine:
        assert list(engine.map(squared, [3])) == [9]
        while not (board_state := read_board(board)) or not board_state.workers:
            time.sleep(0.01)
        with engine.board.working(partial(squared, "stance", "told", 7)):
            (begun_batch,) = engine.board.standing().batches
        assert begun_batch.what == "squared stance told"
        assert board_state.engine == "2 processes of this machine"
        assert [worker.alive for worker in board_state.workers] == [True]
        pids = [int(worker.name.removeprefix("process ")) for worker in board_state.workers]
    assert read_board(board) is None and not any(map(psutil.pid_exists, pids))


RUN = """
import sys
from pathlib import Path
from pipeline.engine.local import several
from tests.pipeline.engine.work import its_process
if __name__ == "__main__":
    with several(2, Path(sys.argv[1])) as engine:
        print(*{pid for pid, _ in engine.map(its_process, range(20))}, flush=True)
        sys.stdin.read()
"""


def test_workers_end_with_a_run_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text(RUN)
    command = [sys.executable, "run.py", str(tmp_path / "engine.json")]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    run = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path,
                           env=environment)
    assert run.stdout and run.stdin
    pids = [int(pid) for pid in run.stdout.readline().split()]
    assert pids
    run.kill()
    run.communicate()
    for pid in pids:
        while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
