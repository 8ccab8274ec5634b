"""Test processes that meet or die: readers during publishes, and runs killed at any moment.

They are real processes; only the models are small stand-ins.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.config import AskConfig
from pipeline.core.home import Home
from pipeline.published.database import open_published, query
from tests.conftest import InboxWriter, document
from tests.processes import Started, hold, read_until_told, run_nights

KILLS = 12  # `make soak` kills every command a thousand times

# Everything that is published, except the tables about the runs themselves and their durations.
TABLES = (
    "claims", "evidence", "mentions", "documents", "versions", "links", "sources", "provenance", "timeline",
    "rivals",
    "decisions", "crawls",
)  # fmt: skip


def _content(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    connection = open_published(home.published, AskConfig())
    contents = {}
    for table in TABLES:
        columns, rows = query(connection, f"SELECT * FROM {table}", seconds=600)
        kept_columns = [n for n, column in enumerate(columns) if column != "run_id"]
        contents[table] = sorted((json.dumps([row[n] for n in kept_columns], default=str),) for row in rows)
    return contents


def inbox(count: int) -> list[dict[str, Any]]:
    chance = random.Random(20260302)
    rows: list[dict[str, Any]] = []
    for n in range(count):
        model, size = chance.choice(["Aster", "Borage", "Clover", "Dahlia"]), chance.choice([7, 70, 400])
        negation = chance.choice(["", "", " not"])
        text = f"Model {model} does{negation} have {size}b parameters. Here is some other text. "
        text += f"Model {model} was{negation} released."
        link = {"url": f"https://wire.example/{chance.randrange(max(1, n))}", "kind": "link"}
        day = 1 + n * 27 // count
        url = f"https://wire.example/{n if n % 9 else n // 2}"
        seen_at, source = f"2026-02-{day:02d}T12:00:00Z", f"wire{n % 5}"
        rows.append(document(url, text=text, title=None, links=[link], published_at=seen_at, source=source))
    return rows


@pytest.mark.slow
def test_a_reader_never_meets_an_error_or_half_a_night(
    home: Home, write_inbox: InboxWriter, tmp_path: Path
) -> None:
    rows = inbox(44)
    write_inbox(rows[:4], run_id="r00")
    assert Started(run_nights, home).ended(300)
    nights = [write_inbox(rows[n * 4 : n * 4 + 4], run_id=f"r{n:02d}").parent for n in range(1, 11)]
    (tmp_path / "later").mkdir()
    waiting = [night.rename(tmp_path / "later" / night.name) for night in nights]
    readers = [Started(read_until_told, home) for _ in range(2)]
    run = Started(run_nights, home, *waiting)
    assert run.told() == "done"
    for reader in readers:
        reader.connection.send("stop")
    reports = [reader.told() for reader in readers]
    assert [errors for _, _, errors in reports] == [[], []]
    assert all(read_count > 10 for read_count, _, _ in reports), reports
    assert sum(runs for _, runs, _ in reports) > 2, reports


@pytest.mark.slow
def test_a_run_killed_many_times_ends_as_one_that_never_was(
    home: Home, write_inbox: InboxWriter, tmp_path: Path
) -> None:
    write_inbox(inbox(90))
    calm_home = Home(tmp_path / "calm")
    calm_home.path.mkdir()
    (calm_home.path / "inbox").symlink_to(home.inbox)
    reference = Started(run_nights, calm_home)
    started_at = time.monotonic()
    assert reference.told() == "done"
    length = time.monotonic() - started_at

    chance = random.Random(30)
    finished_runs = 0
    for _ in range(KILLS):
        process = Started(run_nights, home)
        finished_runs += process.ended(chance.uniform(0, length))
        process.kill()
    assert finished_runs < KILLS, "no run was killed: the test proves nothing"

    assert Started(run_nights, home).told() == "done"
    expected, contents = _content(calm_home), _content(home)
    assert expected["claims"], "nothing was published: the test proves nothing"
    for table in TABLES:
        assert contents[table] == expected[table], table


def test_two_runs_at_once_are_refused(home: Home, write_inbox: InboxWriter) -> None:
    write_inbox(inbox(5))
    holding = Started(hold, home)
    command = [sys.executable, "-m", "pipeline.cli", "process", "--home", str(home.path)]
    second = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).resolve().parents[3])
    holding.kill()
    assert second.returncode == 2
    assert f"process {holding.process.pid}" in second.stderr.replace("\n", "")


def test_no_query_prints_its_progress_into_the_answer(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from pipeline.core.config import AskConfig
from pipeline.published.database import open_published
from pipeline.store.store import Store

setting = "SELECT current_setting('enable_progress_bar')"
store = Store.open(Path(sys.argv[1]))
print(*store.connection.execute(setting).fetchone())
store.close()
print(*open_published(Path(sys.argv[1]), AskConfig()).execute(setting).fetchone())
"""
    # A process started with -c has no main file; neither has one started with -m while it loads the package.
    result = subprocess.run([sys.executable, "-c", code, str(tmp_path / "work.duckdb")], capture_output=True,
                            text=True, cwd=Path(__file__).resolve().parents[3], check=True)
    assert result.stdout.split() == ["False", "False"]
