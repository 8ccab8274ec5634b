"""`rumortrail status` beside a run on several processes or a cluster."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

from rich.console import Console

from pipeline.cli.status import STALLED, print_status
from pipeline.core.config import Config
from pipeline.core.files import FileLock
from pipeline.core.home import Home
from pipeline.engine.board import STANDING, Begun, Standing, Worker


def _shown(home: Home) -> list[str]:
    output = StringIO()
    print_status(Console(file=output, width=200), home, Config())
    return output.getvalue().splitlines()[1:-1]


def _board(home: Home, *seconds: float) -> None:
    now = datetime.now(UTC)
    batches = tuple(Begun("answer stance told", now - timedelta(seconds=ago)) for ago in seconds)
    workers = (Worker("10.0.0.5 (a1b2c3)", True), Worker("10.0.0.6 (d4e5f6)", False))
    home.engine.write_bytes(STANDING.dump_json(Standing("the cluster at 10.0.0.1:6379", workers, batches, 2)))


def test_a_run_in_progress_shows_its_workers_and_stalled_batches(home: Home) -> None:
    with FileLock(home.lock).held():
        _board(home, 1.0, STALLED + 100)
        first, summary, dead_line, stalled = _shown(home)
    assert first.startswith("A run is in progress: process ")
    assert summary == "  the cluster at 10.0.0.1:6379: 1 alive, 1 dead; 2 batches begun, 2 given again"
    assert dead_line == "  dead: 10.0.0.6 (d4e5f6)"
    assert stalled.startswith("  stalled: answer stance told, begun ") and stalled.endswith("s ago")


def test_what_a_killed_run_left_is_not_shown(home: Home) -> None:
    home.lock.touch()
    _board(home, STALLED + 100)
    assert _shown(home) == []


def test_a_file_of_another_version_is_not_shown(home: Home) -> None:
    with FileLock(home.lock).held():
        home.engine.write_text('{"engine": 7}')
        assert len(_shown(home)) == 1
