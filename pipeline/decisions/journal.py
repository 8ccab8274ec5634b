"""The editors' journal: small concurrent writes in SQLite (WAL), each chained to the one before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.chinese.han import HAN
from pipeline.core.errors import DataError
from pipeline.core.records import Decision, followed_claim_id, stable_id
from pipeline.core.sqlite import PATIENCE, opened, transaction, version, write_ahead
from pipeline.core.text import counted
from pipeline.core.vocabulary import DecisionKind, Stance, Status
from pipeline.decisions.hash_chain import GENESIS, Checked, chained, entry_hash, strangers

ITSELF = "journal"  # the target of what the journal notes about itself
MOST_CLAIMS = 100  # that one decision takes out of a story
LONGEST_TITLE = 110  # characters, as the machine's titles

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
    "CREATE TRIGGER unchanged BEFORE UPDATE ON entries"
    " BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END",
    "CREATE TRIGGER kept BEFORE DELETE ON entries"
    " BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END",
)
_COLUMNS = "decision_id, kind, target, value, reason, editor, decided_at"
_STANDING = f"""
SELECT {_COLUMNS}, NULL, number, sha256 FROM entries AS e
WHERE kind = ? AND target = ?
  AND NOT EXISTS (SELECT 1 FROM entries AS u WHERE u.kind = 'undo' AND u.target = e.decision_id)
ORDER BY number LIMIT 1"""


class Journal:
    """Keeps decisions, append-only: none is ever changed; undoing one adds an entry.

    A journal without hashes, from an earlier Rumortrail, is taken into the chain when it is first opened; a
    note in it says so. Every method raises DataError where the file cannot be read or is of a newer
    Rumortrail.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with opened(self.path, f"the journal {self.path}") as connection:
            self._prepare(connection)
            yield connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        if self._version(connection) == _VERSION:
            return
        write_ahead(connection)
        with transaction(connection):
            if self._version(connection) != _VERSION:
                for statement in _SCHEMA:
                    connection.execute(statement)
                _adopt(connection)
                connection.execute(f"PRAGMA user_version = {_VERSION}")

    def _version(self, connection: sqlite3.Connection) -> int:
        return version(connection, _VERSION, f"the journal {self.path}")

    def decide(
        self, kind: DecisionKind, target: str, value: str | None, *, reason: str, editor: str, now: datetime
    ) -> Decision:
        """Write one decision; whether its target exists is not checked.

        Raises DataError without a reason or an editor, and for a value that its kind cannot have.
        """
        words = _signed(reason, editor)
        value = as_value(kind, value)
        check_value(kind, target, value)
        with self._open() as connection, transaction(connection):
            decision = _append(connection, kind, target, value, *words, _written(now))
        return decision

    def follow(self, sentence: str, *, reason: str, editor: str, now: datetime) -> tuple[Decision, bool]:
        """Write that a sentence is followed as a claim; return the decision, and whether it is a new one.

        A sentence that is followed already is not followed twice: its decision is returned. Raises DataError
        as `decide`.
        """
        sentence, words = as_sentence(sentence), _signed(reason, editor)
        check_sentence(sentence)
        claim_id = followed_claim_id(sentence)
        with self._open() as connection, transaction(connection):
            row = connection.execute(_STANDING, (DecisionKind.FOLLOW, claim_id)).fetchone()
            existing = _decision(row) if row else None
            entry = (DecisionKind.FOLLOW, claim_id, sentence, *words, _written(now))
            decision = existing or _append(connection, *entry)
        return decision, existing is None

    def undo(self, decision_id: str, *, reason: str, editor: str, now: datetime) -> None:
        """Take a decision back; a second time is a no-op.

        Raises DataError without a reason or an editor, and where there is no such decision.
        """
        words = _signed(reason, editor)
        with self._open() as connection, transaction(connection):
            kind_sql = "SELECT kind FROM entries WHERE decision_id = ?"
            entry = connection.execute(kind_sql, (decision_id,)).fetchone()
            if entry is None:
                raise DataError(f"there is no decision {decision_id}: `rumortrail decide` alone lists them")
            if entry[0] == DecisionKind.UNDO:
                raise DataError(f"{decision_id} is an undo, which cannot be undone: make the decision again")
            undone = "SELECT 1 FROM entries WHERE kind = 'undo' AND target = ?"
            if connection.execute(undone, (decision_id,)).fetchone() is None:
                _append(connection, DecisionKind.UNDO, decision_id, None, *words, _written(now))

    def read(self) -> list[Decision]:
        """Return all entries in the order in which they were made, each with when it was taken back.

        An entry whose kind or time cannot be read is left out; `check` reports it.
        """
        if not self.path.exists():
            return []
        with self._open() as connection:
            undone = "SELECT target AS undone, min(decided_at) AS undone_at FROM entries WHERE kind = 'undo'"
            rows = connection.execute(
                f"SELECT {_COLUMNS}, undone_at, number, sha256 FROM entries"
                f" LEFT JOIN ({undone} GROUP BY target) ON undone = decision_id ORDER BY number").fetchall()
        return [decision for row in rows if (decision := _decision(row)) is not None]

    def head(self) -> str:
        """Return the hash of the newest entry, which changes with each that is added."""
        if not self.path.exists():
            return GENESIS
        with self._open() as connection:
            return _last(connection)[1]

    def check(self, known: Mapping[int, str]) -> Checked:
        """Return what is wrong with the chain: each entry that was changed, is missing or out of order.

        `known` are hashes of entries by their numbers as they are kept elsewhere, such as in the published
        copy: the chain alone does not show that its end was cut off, or that all was written anew. Writes
        nothing.
        """
        rows: list[tuple[Any, ...]] = []
        notes = []
        if self.path.exists():
            try:
                address = f"{self.path.absolute().as_uri()}?mode=ro"
                with closing(sqlite3.connect(address, uri=True, timeout=PATIENCE)) as connection:
                    if self._version(connection) < _VERSION:
                        notes.append(f"{self.path.name} has no hashes yet: the next run adds them")
                    else:
                        entries = f"SELECT number, previous, sha256, {_COLUMNS} FROM entries ORDER BY number"
                        rows = connection.execute(entries).fetchall()
            except sqlite3.DatabaseError as error:
                words = f"the journal {self.path} cannot be read: {error}"
                raise DataError(f"{words}. Restore it from a backup (docs/year.md)") from error
        return Checked(len(rows), [*chained(rows), *strangers(rows, known)], notes)


def as_value(kind: DecisionKind, value: str | None) -> str | None:
    """Return the value of a decision as it is written: the claims of a list and the words of a title by
    spaces.
    """
    if value is not None and kind is DecisionKind.STORY_SPLIT:
        return " ".join(dict.fromkeys(value.replace(",", " ").split()))
    return as_sentence(value) if value is not None and kind is DecisionKind.STORY_TITLE else value


def check_value(kind: DecisionKind, target: str, value: str | None) -> None:
    """Raise DataError where a decision of this kind cannot have this `target` and `value`."""
    if kind is DecisionKind.FOLLOW:
        check_sentence(value or "")
        if target != followed_claim_id(value or ""):
            raise DataError('a sentence is followed with `rumortrail follow "SENTENCE"`')
        return
    if not target.strip() or not target.isprintable():
        raise DataError(f"{target!r} is not an id: give the id of a claim, a mention or a story as the "
                        "dashboard shows it")
    if not (value or "").isprintable():
        raise DataError(f"{value!r} holds a control character or an invisible one: type it anew")
    if kind in _VALUES:
        allowed, example = _VALUES[kind]
        if value not in allowed:
            words = f"{value!r} is not a {kind}; allowed are {', '.join(allowed)}"
            raise DataError(f"{words}. For example: rumortrail decide {example}")
    elif kind in _OTHER_CLAIM:
        if not value:
            raise DataError(f"{kind} {target} {_OTHER_CLAIM[kind]}")
        if value == target:
            phrase = "kept apart from" if kind is DecisionKind.APART else "put into"
            raise DataError(f"{target} cannot be {phrase} itself")
    elif kind is DecisionKind.STORY_SPLIT:
        if not 1 <= len(names := (value or "").split()) <= MOST_CLAIMS:
            raise DataError(f"story_split {target} takes 1 to {MOST_CLAIMS} claims, and {len(names)} were "
                            'given: `rumortrail decide story_split STORY "CLAIM CLAIM"`')
    elif kind is DecisionKind.STORY_TITLE:
        if not 3 <= len(value or "") <= LONGEST_TITLE or not any(map(str.isalpha, value or "")):
            raise DataError(f"a title has 3 to {LONGEST_TITLE} characters, and this has {len(value or '')}: "
                            '`rumortrail decide story_title STORY "The title"`')
    elif kind is DecisionKind.UNDO:
        raise DataError(f"`rumortrail decide undo {target}` takes a decision back")
    elif value is not None:
        raise DataError(f"a {kind} has no value, but {value!r} was given: say it in the reason")


def as_sentence(words: str) -> str:
    """Return what somebody typed as one line with single spaces."""
    return " ".join(words.split())


def check_sentence(sentence: str) -> None:
    """Raise DataError where a sentence cannot be followed as a claim."""
    # Chinese has no spaces: two of its characters say about as much as a word.
    count = len(HAN.sub(" ", sentence).split()) + (len(HAN.findall(sentence)) + 1) // 2
    if not sentence.isprintable():
        raise DataError("the sentence holds a control character or an invisible one: type it anew")
    if not 3 <= count <= 60 or len(sentence) > 400 or not any(map(str.isalpha, sentence)):
        raise DataError(f"a claim is a sentence of 3 to 60 words and at most 400 characters, and this has "
                        f"{counted(count, 'word')} and {counted(len(sentence), 'character')}. For example: "
                        "Meta trained Llama 4 on test sets.")


_OTHER_CLAIM = {
    DecisionKind.MERGE: "into which claim? `rumortrail decide merge CLAIM INTO_CLAIM`",
    DecisionKind.MOVE: "to which claim? `rumortrail decide move MENTION CLAIM`",
    DecisionKind.APART: "from which claim? `rumortrail decide apart CLAIM CLAIM`",
    DecisionKind.STORY_MERGE: "into which story? `rumortrail decide story_merge STORY INTO_STORY`",
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
        raise DataError("the reason or the editor is not text in UTF-8")
    return reason, editor


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _last(connection: sqlite3.Connection) -> tuple[int, str]:
    """Return number and hash of the newest entry, which the next one follows."""
    newest = "SELECT number, sha256 FROM entries ORDER BY number DESC LIMIT 1"
    number, digest = connection.execute(newest).fetchone() or (0, GENESIS)
    return number, digest


def _append(
    connection: sqlite3.Connection, *entry: str | None, decision_id: str | None = None
) -> Decision:
    """Append `entry` (kind, target, value, reason, editor, time) and return it."""
    last, previous = _last(connection)
    number = last + 1
    fields = (decision_id or stable_id("x", previous, *entry), *entry)
    digest = entry_hash(previous, fields)
    values = (number, *fields, previous, digest)
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO entries (number, {_COLUMNS}, previous, sha256) VALUES ({marks})", values)
    decision = _decision((*fields, None, number, digest))
    assert decision is not None
    return decision


def _adopt(connection: sqlite3.Connection) -> None:
    """Take decisions written without hashes into the chain, which holds them all, and drop their tables."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "decisions" not in tables:
        return
    count = connection.execute("SELECT count(*) FROM decisions").fetchone()[0]
    if count:
        words = f"decisions written without hashes, now taken into the chain as they stood: {count}"
        first = connection.execute("SELECT decided_at FROM decisions ORDER BY number LIMIT 1").fetchone()[0]
        _append(connection, DecisionKind.NOTE, ITSELF, None, words, "rumortrail", first)
    decisions = f"SELECT {_COLUMNS} FROM decisions ORDER BY number"
    for decision_id, kind, target, value, reason, editor, at in connection.execute(decisions).fetchall():
        _append(connection, kind, target, value, reason, editor, at, decision_id=decision_id)
    undone = "SELECT decision_id, editor, undone_at FROM undone ORDER BY undone_at, decision_id"
    for decision_id, editor, undone_at in connection.execute(undone).fetchall():
        words = "taken back; no reason was asked for then"
        _append(connection, DecisionKind.UNDO, decision_id, None, words, editor, undone_at)
    connection.execute("DROP TABLE undone")
    connection.execute("DROP TABLE decisions")


def _decision(row: tuple[Any, ...]) -> Decision | None:
    decision_id, kind, target, value, reason, editor, decided_at, undone_at, number, digest = row
    try:
        times = [datetime.fromisoformat(moment) if moment else None for moment in (decided_at, undone_at)]
        if times[0] is None:
            return None
        return Decision(
            decision_id, DecisionKind(kind), target, value, reason, editor, times[0], times[1], number, digest
        )
    except (TypeError, ValueError):
        return None
