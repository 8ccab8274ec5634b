"""What holds when processes meet or die: readers during publishes, and runs killed at any moment.

The programs below are real processes; only the models are small stand-ins.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.config import AskConfig, Home
from pipeline.published.database import open_published, query
from tests.conftest import InboxWriter, document

RUN = """
import sys
from datetime import datetime
from pathlib import Path
from pipeline.core.config import Config, Home, IngestConfig
from pipeline.run.nightly import process
from tests.fakes import FakeModels
home, nights = Home(Path(sys.argv[1])), [Path(night) for night in sys.argv[2:]]
config = Config(ingest=IngestConfig(batch=7))
print("ready", flush=True)
for night in nights or [None]:
    if night:
        night.rename(home.inbox / night.name)
    process(home, config, now=datetime.fromisoformat("2026-03-02T03:00:00+00:00"), models=FakeModels())
print("done", flush=True)
"""

READ = """
import sys
from pathlib import Path
from pipeline.core.config import AskConfig
from pipeline.published.database import open_published, query
path, stop, reads, errors, nights = Path(sys.argv[1]), Path(sys.argv[2]), 0, [], set()
while not stop.exists():
    try:
        connection = open_published(path, AskConfig())
        run, documents, told = query(connection, '''
            SELECT (SELECT value FROM meta WHERE key = 'run_id'), (SELECT count(*) FROM documents),
                   (SELECT sum(documents) FROM runs)''', seconds=30)[1][0]
        connection.close()
        nights.add(run)
        if documents != told:
            errors.append(f"{run}: {documents} documents, the runs tell of {told}")
    except Exception as error:
        errors.append(repr(error))
    reads += 1
print(reads, len(nights), errors[:3])
sys.exit(bool(errors))
"""

# Everything that is published, less what tells of the runs themselves and of their durations.
TABLES = ["claims", "evidence", "mentions", "documents", "versions", "links", "sources", "provenance", "timeline", "rivals", "decisions", "crawls"]


def _start(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parents[3]
    )


def _await_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout
    assert process.stdout.readline().strip() == "ready"


def _content(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    connection = open_published(home.published, AskConfig())
    found = {}
    for table in TABLES:
        columns, rows = query(connection, f"SELECT * FROM {table}", seconds=30)
        keep = [n for n, column in enumerate(columns) if column != "run_id"]
        found[table] = sorted((json.dumps([row[n] for n in keep], default=str),) for row in rows)
    return found


def _inbox(count: int) -> list[dict[str, Any]]:
    chance = random.Random(20260302)
    rows: list[dict[str, Any]] = []
    for n in range(count):
        model, size = chance.choice(["Aster", "Borage", "Clover", "Dahlia"]), chance.choice([7, 70, 400])
        negation = chance.choice(["", "", " not"])
        text = f"Model {model} does{negation} have {size}b parameters. Here is some other text. Model {model} was{negation} released."
        link = {"url": f"https://wire.example/{chance.randrange(max(1, n))}", "kind": "link"}
        day = 1 + n * 27 // count
        url = f"https://wire.example/{n if n % 9 else n // 2}"
        rows.append(document(url, text=text, title=None, links=[link], published_at=f"2026-02-{day:02d}T12:00:00Z", source=f"wire{n % 5}"))
    return rows


@pytest.mark.slow
def test_a_reader_never_meets_an_error_or_half_a_night(home: Home, write_inbox: InboxWriter, tmp_path: Path) -> None:
    rows = _inbox(44)
    write_inbox(rows[:4], run_id="r00")
    assert _start(RUN, home.path).wait(120) == 0
    nights = [write_inbox(rows[n * 4 : n * 4 + 4], run_id=f"r{n:02d}").parent for n in range(1, 11)]
    (tmp_path / "later").mkdir()
    waiting = [night.rename(tmp_path / "later" / night.name) for night in nights]
    stop = tmp_path / "stop"
    readers = [_start(READ, home.published, stop) for _ in range(2)]
    assert _start(RUN, home.path, *waiting).wait(300) == 0
    stop.touch()
    told = [reader.communicate(timeout=60)[0] for reader in readers]
    assert [reader.returncode for reader in readers] == [0, 0], told
    assert all(int(line.split()[0]) > 10 for line in told), told
    assert sum(int(line.split()[1]) for line in told) > 2, told


@pytest.mark.slow
def test_a_run_killed_thirty_times_ends_as_one_that_never_was(home: Home, write_inbox: InboxWriter, tmp_path: Path) -> None:
    rows = _inbox(90)
    write_inbox(rows)
    calm = Home(tmp_path / "calm")
    calm.path.mkdir()
    (calm.path / "inbox").symlink_to(home.inbox)
    reference = _start(RUN, calm.path)
    _await_ready(reference)
    started = time.monotonic()
    assert reference.wait(120) == 0
    length = time.monotonic() - started

    chance = random.Random(30)
    finished = 0
    for _ in range(30):
        victim = _start(RUN, home.path)
        _await_ready(victim)
        try:
            victim.wait(chance.uniform(0, length))
            finished += 1
        except subprocess.TimeoutExpired:
            victim.send_signal(signal.SIGKILL)
            victim.wait(30)
    assert finished < 30, "no run was killed: the test proves nothing"

    clean = _start(RUN, home.path)
    assert clean.wait(120) == 0
    expected, found = _content(calm), _content(home)
    assert expected["claims"], "nothing was published: the test proves nothing"
    for table in TABLES:
        assert found[table] == expected[table], table


def test_two_runs_at_once_are_refused(home: Home, write_inbox: InboxWriter) -> None:
    write_inbox(_inbox(5))
    holder = subprocess.Popen(
        [sys.executable, "-c", f"import time; from pathlib import Path; from pipeline.core.config import Home; from pipeline.run.nightly import locked\nwith locked(Home(Path({str(home.path)!r}))): print('ready', flush=True); time.sleep(60)"],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parents[3],
    )  # fmt: skip
    try:
        _await_ready(holder)
        second = subprocess.run(
            [sys.executable, "-m", "pipeline.cli", "process", "--home", str(home.path)],
            capture_output=True, text=True, timeout=120, cwd=Path(__file__).resolve().parents[3],
        )  # fmt: skip
        assert second.returncode == 2
        assert f"process {holder.pid}" in second.stderr.replace("\n", "")
    finally:
        holder.kill()
        holder.wait()
