"""What holds when processes meet or die: readers during publishes, and runs killed at any moment.

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

# Everything that is published, less what tells of the runs themselves and of their durations.
TABLES = (
    "claims", "evidence", "mentions", "documents", "versions", "links", "sources", "provenance", "timeline",
    "rivals",
    "decisions", "crawls",
)  # fmt: skip


def _content(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    connection = open_published(home.published, AskConfig())
    found = {}
    for table in TABLES:
        columns, rows = query(connection, f"SELECT * FROM {table}", seconds=600)
        keep = [n for n, column in enumerate(columns) if column != "run_id"]
        found[table] = sorted((json.dumps([row[n] for n in keep], default=str),) for row in rows)
    return found


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
        at, source = f"2026-02-{day:02d}T12:00:00Z", f"wire{n % 5}"
        rows.append(document(url, text=text, title=None, links=[link], published_at=at, source=source))
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
    told = [reader.told() for reader in readers]
    assert [errors for _, _, errors in told] == [[], []]
    assert all(reads > 10 for reads, _, _ in told), told
    assert sum(runs for _, runs, _ in told) > 2, told


@pytest.mark.slow
def test_a_run_killed_many_times_ends_as_one_that_never_was(
    home: Home, write_inbox: InboxWriter, tmp_path: Path
) -> None:
    write_inbox(inbox(90))
    calm = Home(tmp_path / "calm")
    calm.path.mkdir()
    (calm.path / "inbox").symlink_to(home.inbox)
    reference = Started(run_nights, calm)
    started = time.monotonic()
    assert reference.told() == "done"
    length = time.monotonic() - started

    chance = random.Random(30)
    finished = 0
    for _ in range(KILLS):
        victim = Started(run_nights, home)
        finished += victim.ended(chance.uniform(0, length))
        victim.kill()
    assert finished < KILLS, "no run was killed: the test proves nothing"

    assert Started(run_nights, home).told() == "done"
    expected, found = _content(calm), _content(home)
    assert expected["claims"], "nothing was published: the test proves nothing"
    for table in TABLES:
        assert found[table] == expected[table], table


def test_two_runs_at_once_are_refused(home: Home, write_inbox: InboxWriter) -> None:
    write_inbox(inbox(5))
    holder = Started(hold, home)
    command = [sys.executable, "-m", "pipeline.cli", "process", "--home", str(home.path)]
    second = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).resolve().parents[3])
    holder.kill()
    assert second.returncode == 2
    assert f"process {holder.process.pid}" in second.stderr.replace("\n", "")


def test_no_query_prints_its_progress_into_the_answer(tmp_path: Path) -> None:
    asked = """
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
    # Started with -c, a process has no main file, as one started with -m has none when it loads the package.
    told = subprocess.run([sys.executable, "-c", asked, str(tmp_path / "work.duckdb")], capture_output=True,
                          text=True, cwd=Path(__file__).resolve().parents[3], check=True)
    assert told.stdout.split() == ["False", "False"]
