"""The editors' journal: small concurrent writes in SQLite (WAL), each chained to the one before by its hash.

The chain of the editors' journal: each entry's hash covers the hash of the entry before.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.core.errors import DataError
from pipeline.core.records import Decision, DecisionKind, Stance, Status, stable_id

ITSELF = "journal"  # the target of what the journal notes about itself
PATIENCE = 30.0  # seconds that a writer waits for the others

_VERSION = 2  # 1: without hashes, tables `decisions` and `undone`
_SCHEMA = (
    """CREATE TABLE entries (
        number      INTEGER PRIMARY KEY,
        decision_id TEXT NOT NULL UNIQUE,
        kind        TEXT NOT NULL,
        target      TEXT NOT NULL,
        value       TEXT,
        reason      TEXT NOT NULL,
        editor      TEXT NOT NULL,
        decided_at  TEXT NOT NULL,
        previous    TEXT NOT NULL,
        sha256      TEXT NOT NULL
    )""",
    "CREATE TRIGGER unchanged BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END",
    "CREATE TRIGGER kept BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END",
)
_COLUMNS = "decision_id, kind, target, value, reason, editor, decided_at"


class Journal:
    """Append-only: a decision is never changed; undoing one adds an entry.

    A journal from before there were hashes is taken into the chain when it is first opened; a note in it says so.
    Every method raises DataError where the file cannot be read or is of a newer Rumortrail.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with closing(sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)) as connection:
                connection.execute("PRAGMA synchronous = FULL")
                self._prepare(connection)
                yield connection
        except sqlite3.DatabaseError as error:
            raise DataError(
                f"the journal {self.path} cannot be used: {error}. A backup has a copy (docs/year.md)"
            ) from error

    def _prepare(self, connection: sqlite3.Connection) -> None:
        if self._version(connection) == _VERSION:
            return
        # SQLite does not wait for others when it changes the mode of a file: of ten first writers nine fail.
        until = time.monotonic() + PATIENCE
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                break
            except sqlite3.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)
        connection.execute("BEGIN IMMEDIATE")
        if self._version(connection) != _VERSION:
            for statement in _SCHEMA:
                connection.execute(statement)
            _adopt(connection)
            connection.execute(f"PRAGMA user_version = {_VERSION}")
        connection.execute("COMMIT")

    def _version(self, connection: sqlite3.Connection) -> int:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > _VERSION:
            raise DataError(f"the journal {self.path} was written by a newer Rumortrail: upgrade Rumortrail")
        return version

    def decide(
        self, kind: DecisionKind, target: str, value: str | None, *, reason: str, editor: str, now: datetime
    ) -> Decision:
        """Write one decision down; whether its target exists is not looked at.

        Raises DataError without a reason or an editor, and for a value that is none of its kind.
        """
        words = _signed(reason, editor)
        check_value(kind, target, value)
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            decision = _append(connection, kind, target, value, *words, _written(now))
            connection.execute("COMMIT")
        return decision

    def undo(self, decision_id: str, *, reason: str, editor: str, now: datetime) -> None:
        """Take a decision back; a second time is a no-op.

        Raises DataError without a reason or an editor, and where there is no such decision.
        """
        words = _signed(reason, editor)
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            found = connection.execute(
                "SELECT kind FROM entries WHERE decision_id = ?", (decision_id,)
            ).fetchone()
            if found is None:
                raise DataError(
                    f"there is no decision {decision_id}: `rumortrail decide` without arguments shows them"
                )
            if found[0] == DecisionKind.UNDO:
                raise DataError(
                    f"{decision_id} takes a decision back and is not taken back itself: decide anew"
                )
            undone = "SELECT 1 FROM entries WHERE kind = 'undo' AND target = ?"
            if connection.execute(undone, (decision_id,)).fetchone() is None:
                _append(connection, DecisionKind.UNDO, decision_id, None, *words, _written(now))
            connection.execute("COMMIT")

    def read(self) -> list[Decision]:
        """All entries in the order in which they were made, each with when it was taken back.

        An entry of a kind or a time that cannot be read is left out; `check` tells of it.
        """
        if not self.path.exists():
            return []
        with self._open() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS}, (SELECT min(u.decided_at) FROM entries AS u WHERE u.kind = 'undo' AND u.target = e.decision_id),"
                " number, sha256 FROM entries AS e ORDER BY number"
            ).fetchall()
        return [decision for row in rows if (decision := _decision(row)) is not None]

    def check(self, known: Mapping[int, str]) -> Checked:
        """Whether the chain is whole; the faults name each entry that was changed, is missing or out of order.

        `known` are hashes of entries by their numbers as somebody else keeps them, such as the published copy:
        the chain alone does not show that its end was cut off, or that all was written anew. Writes nothing.
        """
        rows: list[tuple[Any, ...]] = []
        notes = []
        if self.path.exists():
            try:
                with closing(
                    sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE)
                ) as connection:
                    if self._version(connection) < _VERSION:
                        notes.append(
                            f"{self.path.name} has no hashes yet: the next decision or run takes it into a chain"
                        )
                    else:
                        entries = f"SELECT number, previous, sha256, {_COLUMNS} FROM entries ORDER BY number"
                        rows = connection.execute(entries).fetchall()
            except sqlite3.DatabaseError as error:
                raise DataError(
                    f"the journal {self.path} cannot be read: {error}. A backup has a copy (docs/year.md)"
                ) from error
        return Checked(len(rows), [*chained(rows), *strangers(rows, known)], notes)


def check_value(kind: DecisionKind, target: str, value: str | None) -> None:
    """Raises DataError where `value` is none that a decision of this kind can have."""
    if not target.strip() or not all(text.isprintable() for text in (target, value or "")):
        raise DataError(
            f"{target!r} {value or ''!r}: a target is the id of a claim or a mention, as `ask` and the dashboard show it"
        )
    if kind in _VALUES:
        allowed, example = _VALUES[kind]
        if value not in allowed:
            raise DataError(
                f"{value!r} is no {kind}: one of {', '.join(allowed)}. For example: rumortrail decide {example}"
            )
    elif kind in _OTHER_CLAIM:
        if not value:
            raise DataError(f"{kind} of {target} {_OTHER_CLAIM[kind]}")
        if value == target:
            raise DataError(f"{target} cannot be told from itself" if kind is DecisionKind.APART else f"{target} cannot be put into itself")
    elif kind is DecisionKind.UNDO:
        raise DataError(f"`rumortrail decide undo {target}` takes a decision back")
    elif value is not None:
        raise DataError(
            f"a {kind} has no value, and {value!r} was given: what there is to say stands in the reason"
        )


_OTHER_CLAIM = {
    DecisionKind.MERGE: "into which claim? `rumortrail decide merge CLAIM CLAIM`, the claim that it becomes part of last",
    DecisionKind.MOVE: "into which claim? `rumortrail decide move MENTION CLAIM`, the claim that it becomes part of last",
    DecisionKind.APART: "from which claim? `rumortrail decide apart CLAIM CLAIM`",
}
_VALUES: dict[DecisionKind, tuple[tuple[str, ...], str]] = {
    DecisionKind.STANCE: (tuple(Stance), 'stance m1234 denies --reason "it quotes the denial"'),
    DecisionKind.STATUS: (tuple(Status), 'status c1234 retracted --reason "the paper withdrew its story"'),
}


def _signed(reason: str, editor: str) -> tuple[str, str]:
    reason, editor = reason.strip(), editor.strip()
    if not reason or not editor:
        raise DataError("a decision needs a reason and the name of its editor")
    if any("\ud800" <= character <= "\udfff" for character in reason + editor):
        raise DataError("the reason or the editor is no text in UTF-8")
    return reason, editor


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _append(
    connection: sqlite3.Connection,
    kind: str,
    target: str,
    value: str | None,
    reason: str,
    editor: str,
    at: str,
    decision_id: str | None = None,
) -> Decision:
    last = connection.execute("SELECT number, sha256 FROM entries ORDER BY number DESC LIMIT 1").fetchone()
    number, previous = (last[0] + 1, last[1]) if last else (1, GENESIS)
    fields = (
        decision_id or stable_id("x", previous, kind, target, value, reason, editor, at),
        kind,
        target,
        value,
        reason,
        editor,
        at,
    )
    digest = entry_hash(previous, fields)
    connection.execute(
        f"INSERT INTO entries (number, {_COLUMNS}, previous, sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, *fields, previous, digest),
    )
    return Decision(
        fields[0],
        DecisionKind(kind),
        target,
        value,
        reason,
        editor,
        datetime.fromisoformat(at),
        None,
        number,
        digest,
    )


def _adopt(connection: sqlite3.Connection) -> None:
    """Take what was written without hashes into the chain; its tables go: all of it stands in the entries."""
    old = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "decisions" not in old:
        return
    count = connection.execute("SELECT count(*) FROM decisions").fetchone()[0]
    if count:
        words = f"decisions that were written without hashes and are now taken into the chain as they stood: {count}"
        first = connection.execute("SELECT decided_at FROM decisions ORDER BY number LIMIT 1").fetchone()[0]
        _append(connection, DecisionKind.NOTE, ITSELF, None, words, "rumortrail", first)
    decisions = f"SELECT {_COLUMNS} FROM decisions ORDER BY number"
    for decision_id, kind, target, value, reason, editor, at in connection.execute(decisions).fetchall():
        _append(connection, kind, target, value, reason, editor, at, decision_id)
    undone = "SELECT decision_id, editor, undone_at FROM undone ORDER BY undone_at, decision_id"
    for decision_id, editor, undone_at in connection.execute(undone).fetchall():
        _append(
            connection,
            DecisionKind.UNDO,
            decision_id,
            None,
            "taken back; no reason was asked for then",
            editor,
            undone_at,
        )
    connection.execute("DROP TABLE undone")
    connection.execute("DROP TABLE decisions")


def _decision(row: tuple[Any, ...]) -> Decision | None:
    decision_id, kind, target, value, reason, editor, at, undone, number, digest = row
    try:
        times = [datetime.fromisoformat(moment) if moment else None for moment in (at, undone)]
        if times[0] is None:
            return None
        return Decision(
            decision_id, DecisionKind(kind), target, value, reason, editor, times[0], times[1], number, digest
        )
    except (TypeError, ValueError):
        return None


GENESIS = "0" * 64  # what the first entry follows


@dataclass(frozen=True, slots=True)
class Checked:
    """How many entries the chain has, what is wrong with it, and what could not be checked."""

    entries: int
    faults: list[str]
    notes: list[str]


def entry_hash(previous: str, fields: tuple[Any, ...]) -> str:
    """The SHA-256 of an entry: of the JSON array of the hash before it and its fields, UTF-8, no spaces.

    `fields` are decision_id, kind, target, value, reason, editor and decided_at as written.
    """
    text = json.dumps([previous, *fields], ensure_ascii=False, separators=(",", ":"), default=repr)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def chained(rows: Sequence[tuple[Any, ...]]) -> Iterator[str]:
    """Each entry that was changed, is missing or is out of order.

    A row is the number, the hash before, the hash, and the hashed fields; rows are in the order of their numbers.
    """
    numbers = {digest: number for number, _, digest, *_ in rows}
    last, head = 0, GENESIS
    for number, previous, digest, *fields in rows:
        name = f"entry {number} ({fields[0]})"
        if number != last + 1:
            yield (
                f"entry {last + 1} is missing"
                if number == last + 2
                else f"entries {last + 1} to {number - 1} are missing"
            )
        if entry_hash(previous, tuple(fields)) != digest:
            yield f"{name} was changed after it was written"
        elif previous != head and number == last + 1:
            if previous == GENESIS or previous in numbers:
                yield f"{name} is out of order: it was written after entry {numbers.get(previous, 0)}"
            else:
                yield (
                    f"{name} was not written after entry {last} as it stands: that one was replaced, or one between"
                    " them is missing"
                )
        last, head = number, digest


def strangers(rows: Sequence[tuple[Any, ...]], known: Mapping[int, str]) -> Iterator[str]:
    """Entries that are not there as they were `known`: hashes by number. Rows as for `chained`."""
    there = {number: digest for number, _, digest, *_ in rows}
    last = max(there, default=0)
    if cut := [number for number in known if number > last]:
        yield f"the journal ends with entry {last}; it had {max(cut)} entries: its end was cut off"
    for number in sorted(number for number in known if number in there and there[number] != known[number]):
        yield f"entry {number} is another than the one that was read before"
