"""Ten editors write at once, each a process, while nights run and publish: nothing is lost and the order is total."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.archive.verify import verify
from pipeline.core.config import AskConfig, Config, Home
from pipeline.decisions.journal import Journal
from pipeline.published.database import open_published, query
from tests.conftest import InboxWriter
from tests.pipeline.run.test_processes import RUN, _await_ready, _inbox, _start

EDIT = """
import random, sys, time
from datetime import UTC, datetime
from pathlib import Path
from pipeline.decisions.journal import ITSELF, Journal
from pipeline.core.records import DecisionKind
path, name, go, stop = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
chance, made, waits = random.Random(name), [], []
print("ready", flush=True)
while not go.exists():
    time.sleep(0.01)
while len(waits) < 10 or (len(waits) < 400 and not stop.exists()):
    began, n = time.monotonic(), len(waits)
    if n % 5 == 4:
        Journal(path).undo(made[-1], reason=f"{n}", editor=name, now=datetime.now(UTC))
    else:
        made.append(Journal(path).decide(DecisionKind.NOTE, ITSELF, None, reason=f"{n}", editor=name, now=datetime.now(UTC)).decision_id)
    waits.append(time.monotonic() - began)
    time.sleep(chance.uniform(0.05, 0.4))
print(len(waits), f"longest wait {max(waits):.3f} s")
"""


def published(home: Home) -> list[tuple[int, str, str]]:
    connection = open_published(home.published, AskConfig())
    return query(connection, "SELECT number, decision_id, sha256 FROM decisions ORDER BY number", seconds=30)[
        1
    ]


@pytest.mark.slow
def test_ten_editors_write_while_nights_run_and_publish(
    home: Home, write_inbox: InboxWriter, tmp_path: Path
) -> None:
    rows = _inbox(12)
    nights = [write_inbox(rows[n * 4 : n * 4 + 4], run_id=f"r{n:02d}").parent for n in range(3)]
    (tmp_path / "later").mkdir()
    waiting = [night.rename(tmp_path / "later" / night.name) for night in nights]
    go, stop = tmp_path / "go", tmp_path / "stop"
    editors = [_start(EDIT, home.journal, f"editor{n}", go, stop) for n in range(10)]
    for editor in editors:
        _await_ready(editor)
    run = _start(RUN, home.path, *waiting)
    _await_ready(run)
    go.touch()
    assert run.wait(300) == 0
    seen_at_night = published(home)
    stop.touch()
    told = [editor.communicate(timeout=120)[0] for editor in editors]
    print(*told)
    assert [editor.returncode for editor in editors] == [0] * 10, told
    counts = [int(line.split()[0]) for line in told]

    entries = Journal(home.journal).read()
    assert [entry.number for entry in entries] == list(range(1, sum(counts) + 1))
    for n, count in enumerate(counts):
        assert [entry.reason for entry in entries if entry.editor == f"editor{n}"] == [
            str(k) for k in range(count)
        ]
    chain = [(entry.number, entry.decision_id, entry.sha256) for entry in entries]
    assert 0 < len(seen_at_night) < len(chain), "no night fell among the decisions: the test proves nothing"
    assert seen_at_night == chain[: len(seen_at_night)]
    assert Journal(home.journal).check({number: digest for number, _, digest in seen_at_night}).faults == []

    assert _start(RUN, home.path).wait(120) == 0
    assert published(home) == chain
    found = verify(home, Config())
    assert (found.damages, found.entries) == ([], len(chain))
    connection = open_published(home.published, AskConfig())
    assert query(connection, "SELECT code FROM issues WHERE code LIKE 'journal%'", seconds=30)[1] == []
