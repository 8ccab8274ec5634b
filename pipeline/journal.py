"""The editors' journal: small concurrent writes in SQLite (WAL), read by the pipeline at the start of each run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from pipeline.context import stable_id
from pipeline.errors import DataError
from pipeline.records import Decision, DecisionKind

_SCHEMA = """
CREATE TABLE IF NOT EXISTS decisions (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    decision_id TEXT NOT NULL UNIQUE,
    kind        TEXT NOT NULL,
    target      TEXT NOT NULL,
    value       TEXT,
    reason      TEXT NOT NULL,
    editor      TEXT NOT NULL,
    decided_at  TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS undone (
    decision_id TEXT PRIMARY KEY REFERENCES decisions (decision_id),
    editor      TEXT NOT NULL,
    undone_at   TEXT NOT NULL
);
"""


class Journal:
    """Append-only: a decision is never changed; undoing one adds a line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=30, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(_SCHEMA)
            yield connection

    def decide(
        self, kind: DecisionKind, target: str, value: str | None, *, reason: str, editor: str, now: datetime
    ) -> Decision:
        """Write one decision down.

        Raises DataError without a reason or an editor.
        """
        if not reason.strip() or not editor.strip():
            raise DataError("a decision needs a reason and the name of its editor")
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            number = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM decisions").fetchone()[0]
            decision_id = stable_id("x", number, kind, target, value, editor, now.isoformat())
            decision = Decision(decision_id, kind, target, value, reason.strip(), editor.strip(), now)
            connection.execute(
                "INSERT INTO decisions (decision_id, kind, target, value, reason, editor, decided_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (decision_id, kind, target, value, decision.reason, decision.editor, now.isoformat()),
            )
            connection.execute("COMMIT")
        return decision

    def undo(self, decision_id: str, *, editor: str, now: datetime) -> None:
        """Take a decision back; a second time is a no-op.

        Raises DataError where there is no such decision.
        """
        with self._open() as connection:
            if not connection.execute("SELECT 1 FROM decisions WHERE decision_id = ?", (decision_id,)).fetchone():
                raise DataError(f"there is no decision {decision_id}: `rumortrail decide` without arguments shows them")
            connection.execute("INSERT OR IGNORE INTO undone VALUES (?, ?, ?)", (decision_id, editor, now.isoformat()))

    def read(self) -> list[Decision]:
        """All decisions in the order they were made."""
        if not self.path.exists():
            return []
        with self._open() as connection:
            rows = connection.execute(
                "SELECT d.decision_id, kind, target, value, reason, d.editor, decided_at, undone_at"
                " FROM decisions AS d LEFT JOIN undone USING (decision_id) ORDER BY number"
            ).fetchall()
        return [
            Decision(i, DecisionKind(kind), target, value, reason, editor, datetime.fromisoformat(at), datetime.fromisoformat(undone) if undone else None)
            for i, kind, target, value, reason, editor, at, undone in rows
        ]
