"""The work of trace and judge for claims of many statements grows in proportion to their number.

The tests count executed lines of the pipeline, which are the same on any machine; each row that is read
executes some. Work inside DuckDB is not counted: `benchmarks/speed/large_claims.py` measures the time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import pipeline
from benchmarks.speed.large_claims import SHAPES, World, night
from pipeline.stages.judge.stage import judge
from pipeline.stages.trace import near_duplicates, reach, stage
from pipeline.stages.trace.stage import trace
from tests.worlds.laid import EmptyStore

pytestmark = pytest.mark.slow  # hundreds of statements for each test, line by line

FEW, MANY = 30, 120
MOST = 1.5  # allowed ratio of work per statement, MANY to FEW; quadratic work would reach up to four
ROOM = str(Path(pipeline.__file__).parent)


class Work:
    """Counts the executed lines of the pipeline."""

    def __init__(self) -> None:
        self.lines = 0

    def of(self, work: Callable[[], object]) -> int:
        """Return how many lines `work` executes."""
        previous_trace, self.lines = sys.gettrace(), 0
        sys.settrace(self._called)
        try:
            work()
        finally:
            sys.settrace(previous_trace)
        return self.lines

    def _called(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        return self._ran if frame.f_code.co_filename.startswith(ROOM) else None

    def _ran(self, _frame: FrameType, event: str, _argument: Any) -> Any:
        self.lines += event == "line"
        return self._ran


def lines(shape: str, size: int, home: Path) -> float:
    """Return how many lines are executed per statement of a shape."""
    world, store, run = World(size), EmptyStore(), night(home)
    SHAPES[shape](world)
    world.lay(store)
    count = Work().of(lambda: (trace(store, run), judge(store, run)))
    store.close()
    return count / size


@pytest.mark.parametrize("shape", SHAPES)
def test_a_statement_is_as_much_work_among_many_as_among_few(
    shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Bounds on the number of rows compared, low enough for few statements to reach them.
    for module in (reach, stage):
        monkeypatch.setattr(module, "FARTHEST", 5)
    monkeypatch.setattr(near_duplicates, "BUCKET", 5)
    monkeypatch.setattr(stage, "BATCH", 10)
    assert lines(shape, MANY, tmp_path) < MOST * lines(shape, FEW, tmp_path)
