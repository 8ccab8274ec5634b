"""Run processes for tests: forked from one that has loaded the pipeline, so that thirty cost little."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pipeline.core.config import AskConfig, Config, IngestConfig
from pipeline.core.home import Home
from pipeline.core.vocabulary import DecisionKind
from pipeline.decisions.journal import ITSELF, Journal
from pipeline.published.database import open_published, query
from pipeline.run.nightly import locked, process
from tests.fakes import FakeModels
from tests.forkserver import CONTEXT

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)


class Started:
    """A started process that has reported that it is ready."""

    def __init__(self, program: Callable[..., object], *arguments: object) -> None:
        self.connection, child_end = CONTEXT.Pipe()
        self.process = CONTEXT.Process(target=program, args=(child_end, *arguments), daemon=True)
        self.process.start()
        child_end.close()
        assert self.connection.recv() == "ready"

    def ended(self, seconds: float | None = None) -> bool:
        """Wait until the process ends, no longer than `seconds`; tell whether it did."""
        self.process.join(seconds)
        return self.process.exitcode is not None

    def told(self) -> Any:
        """Return what the process sends next; EOFError where it ended before."""
        return self.connection.recv()

    def kill(self) -> None:
        """End the process at once, with SIGKILL."""
        self.process.kill()
        self.process.join()


def run_nights(test: Connection, home: Home, *nights: Path) -> None:
    """Process the inbox; given `nights`, one after the other as they would be collected."""
    config = Config(ingest=IngestConfig(batch=7))
    test.send("ready")
    for night in nights or [None]:
        if night:
            night.rename(home.inbox / night.name)
        process(home, config, now=NOW, models=FakeModels())
    test.send("done")


def read_until_told(test: Connection, home: Home) -> None:
    """Read the published copy until the test says so; send the number of reads, the runs seen, and errors."""
    read_count, runs, errors = 0, set(), []
    test.send("ready")
    while not test.poll():
        try:
            connection = open_published(home.published, AskConfig())
            sql = "SELECT (SELECT value FROM meta WHERE key = 'run_id'), (SELECT count(*) FROM documents), "
            sql += "(SELECT sum(documents) FROM runs)"
            run, documents, counted = query(connection, sql, seconds=600)[1][0]
            connection.close()
            runs.add(run)
            if documents != counted:
                errors.append(f"{run}: {documents} documents, the runs tell of {counted}")
        except Exception as error:  # noqa: BLE001
            errors.append(repr(error))
        read_count += 1
        time.sleep(0.2)  # leaves the processor to the run: opening a copy takes 30 ms of processor time
    test.send((read_count, len(runs), errors))


def edit_until_told(test: Connection, home: Home, editor: str) -> None:
    """Decide and undo until the test says so, ten times at least; send how often, and the longest wait."""
    journal, chance, durations = Journal(home.journal), random.Random(editor), list[float]()
    decision_id = ""
    test.send("ready")
    test.recv()
    while len(durations) < 10 or (len(durations) < 10_000 and not test.poll()):
        number, started_at = len(durations), time.monotonic()
        fields: dict[str, Any] = {"reason": f"{number}", "editor": editor, "now": datetime.now(UTC)}
        if number % 5 == 4:
            journal.undo(decision_id, **fields)
        else:
            decision_id = journal.decide(DecisionKind.NOTE, ITSELF, None, **fields).decision_id
        durations.append(time.monotonic() - started_at)
        time.sleep(chance.uniform(0.05, 0.4))
    test.send((len(durations), f"longest wait {max(durations):.3f} s"))


def note_twenty(test: Connection, path: Path, editor: str) -> None:
    """Write twenty notes into the journal at `path` once the test says so."""
    test.send("ready")
    test.recv()
    for n in range(20):
        Journal(path).decide(DecisionKind.NOTE, f"c{n}", None, reason=f"note {n}", editor=editor, now=NOW)


def hold(test: Connection, home: Home) -> None:
    """Hold the home folder until the test says so."""
    with locked(home):
        test.send("ready")
        test.recv()
