"""Ten editors write at once, each a process, while nights run: nothing is lost, all is in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.archive.verify import verify
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.decisions.journal import Journal
from tests.conftest import InboxWriter, query_published
from tests.pipeline.run.test_processes import inbox
from tests.processes import Started, edit_until_told, run_nights

CHAIN = "SELECT number, decision_id, sha256 FROM decisions ORDER BY number"


@pytest.mark.slow
def test_ten_editors_write_while_nights_run_and_publish(
    home: Home, write_inbox: InboxWriter, tmp_path: Path
) -> None:
    rows = inbox(12)
    nights = [write_inbox(rows[n * 4 : n * 4 + 4], run_id=f"r{n:02d}").parent for n in range(3)]
    (tmp_path / "later").mkdir()
    waiting = [night.rename(tmp_path / "later" / night.name) for night in nights]
    editors = [Started(edit_until_told, home, f"editor{n}") for n in range(10)]
    run = Started(run_nights, home, *waiting)
    for editor in editors:
        editor.connection.send("go")
    assert run.told() == "done"
    seen_at_night = query_published(home, CHAIN)
    for editor in editors:
        editor.connection.send("stop")
    reports = [editor.told() for editor in editors]
    print(*reports)
    counts = [count for count, _ in reports]

    entries = Journal(home.journal).read()
    assert [entry.number for entry in entries] == list(range(1, sum(counts) + 1))
    for n, count in enumerate(counts):
        assert [entry.reason for entry in entries if entry.editor == f"editor{n}"] == [
            str(index) for index in range(count)
        ]
    chain = [(entry.number, entry.decision_id, entry.sha256) for entry in entries]
    assert 0 < len(seen_at_night) < len(chain), "no night fell among the decisions: the test proves nothing"
    assert seen_at_night == chain[: len(seen_at_night)]
    assert Journal(home.journal).check({number: digest for number, _, digest in seen_at_night}).faults == []

    assert Started(run_nights, home).told() == "done"
    assert query_published(home, CHAIN) == chain
    report = verify(home, Config())
    assert (report.damages, report.entries) == ([], len(chain))
    assert query_published(home, "SELECT code FROM issues WHERE code LIKE 'journal%'") == []
