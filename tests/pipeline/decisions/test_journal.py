"""The editors' journal: append-only, chained by hashes, undo as an entry of its own, many writers at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.errors import DataError
from pipeline.core.records import followed_claim_id
from pipeline.core.vocabulary import DecisionKind
from pipeline.decisions.hash_chain import GENESIS, entry_hash
from pipeline.decisions.journal import ITSELF, Journal
from tests.conftest import NOW
from tests.processes import Started, note_twenty


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "decisions.sqlite")


def note(journal: Journal, target: str = "c1", reason: str = "see the filing") -> str:
    return journal.decide(DecisionKind.NOTE, target, None, reason=reason, editor="ada", now=NOW).decision_id


def test_decisions_come_back_in_order_and_whole(journal: Journal) -> None:
    first = journal.decide(
        DecisionKind.STATUS, "c1", "disputed", reason="  the lab answered ", editor="ada", now=NOW
    )
    second = journal.decide(
        DecisionKind.HIDE, "c2", None, reason="private person", editor="bo", now=NOW - timedelta(minutes=1)
    )
    assert journal.read() == [first, second]
    assert (first.reason, first.number, second.number) == ("the lab answered", 1, 2)


def test_a_sentence_is_followed_once_until_that_is_taken_back(journal: Journal) -> None:
    sentence = "Meta trained Llama 4 on test sets."
    decision, is_new = journal.follow(f" {sentence}\n", reason="a tip", editor="ada", now=NOW)
    assert (decision.kind, decision.value, is_new) == (DecisionKind.FOLLOW, sentence, True)
    assert journal.follow(sentence.lower(), reason="the same", editor="bo", now=NOW) == (decision, False)
    journal.undo(decision.decision_id, reason="no more", editor="bo", now=NOW)
    next_decision, is_new = journal.follow(sentence, reason="after all", editor="bo", now=NOW)
    assert (next_decision.target, next_decision.editor, is_new) == (decision.target, "bo", True)
    assert [entry.kind for entry in journal.read()] == ["follow", "undo", "follow"]
    assert journal.check({}).faults == []


def test_only_a_sentence_is_followed_and_as_the_claim_that_it_makes(journal: Journal) -> None:
    for target, value, message in (
        ("c1", "Meta trained Llama 4 on test sets.", "rumortrail follow"),
        ("c1", None, "sentence of 3 to 60 words"),
        ("c1", "Meta trained \u200bLlama", "invisible"),
    ):
        with pytest.raises(DataError, match=message):
            journal.decide(DecisionKind.FOLLOW, target, value, reason="why", editor="ada", now=NOW)
    assert journal.read() == []


def test_a_chinese_sentence_has_no_spaces_and_is_followed_to_the_letter(journal: Journal) -> None:
    sentence = "Meta用测试集训练了Llama 4。"
    made, _ = journal.follow(sentence, reason="a tip", editor="ada", now=NOW)
    assert (made.value, made.target) == (sentence, followed_claim_id(sentence))
    for sentence_given in ("发布", "训" * 130):
        with pytest.raises(DataError, match="sentence of 3 to 60 words"):
            journal.follow(sentence_given, reason="why", editor="ada", now=NOW)


def test_no_journal_is_no_decision(journal: Journal) -> None:
    assert journal.read() == []
    assert journal.check({}).faults == []
    assert not journal.path.exists()


def test_the_head_changes_with_each_entry(journal: Journal) -> None:
    head_hashes = [journal.head()]
    assert head_hashes == [GENESIS] and not journal.path.exists()
    decision_id = note(journal)
    head_hashes.append(journal.head())
    journal.undo(decision_id, reason="no more", editor="bo", now=NOW)
    head_hashes.append(journal.head())
    assert len({*head_hashes}) == 3 and head_hashes[2] == journal.head() == journal.read()[-1].sha256


def test_undoing_keeps_the_decision_and_says_who_when_and_why(journal: Journal) -> None:
    decision_id = note(journal)
    journal.undo(decision_id, reason="another claim was meant", editor="bo", now=NOW + timedelta(hours=1))
    journal.undo(decision_id, reason="again", editor="bo", now=NOW + timedelta(hours=2))
    entries = journal.read()
    assert [(decision.kind, decision.target, decision.undone_at) for decision in entries] == [
        (DecisionKind.NOTE, "c1", NOW + timedelta(hours=1)),
        (DecisionKind.UNDO, decision_id, None),
    ]
    assert (entries[1].editor, entries[1].reason) == ("bo", "another claim was meant")


def test_an_undo_is_not_undone(journal: Journal) -> None:
    journal.undo(note(journal), reason="wrong", editor="bo", now=NOW)
    with pytest.raises(DataError, match="make the decision again"):
        journal.undo(journal.read()[1].decision_id, reason="right after all", editor="bo", now=NOW)


def test_the_same_decision_twice_is_two(journal: Journal) -> None:
    assert len({note(journal) for _ in range(3)}) == 3


@pytest.mark.parametrize(("reason", "editor"), [("", "ada"), ("why", "  ")])
def test_a_decision_and_an_undo_need_a_reason_and_an_editor(
    journal: Journal, reason: str, editor: str
) -> None:
    with pytest.raises(DataError, match="needs a reason"):
        journal.decide(DecisionKind.NOTE, "c1", None, reason=reason, editor=editor, now=NOW)
    decision_id = note(journal)
    with pytest.raises(DataError, match="needs a reason"):
        journal.undo(decision_id, reason=reason, editor=editor, now=NOW)


def test_undoing_what_is_not_there_is_told(journal: Journal) -> None:
    with pytest.raises(DataError, match="no decision x1"):
        journal.undo("x1", reason="wrong", editor="ada", now=NOW)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (
            DecisionKind.STATUS,
            "retraction",
            "allowed are unverified, .*, expired. For example: rumortrail decide status c1234 retracted",
        ),
        (DecisionKind.STATUS, None, "allowed are unverified"),
        (DecisionKind.STANCE, "agrees", "allowed are supports, denies, questions, reports. For example"),
        (DecisionKind.MERGE, None, "into which claim"),
        (DecisionKind.MERGE, "c1", "into itself"),
        (DecisionKind.MOVE, None, "to which claim"),
        (DecisionKind.APART, None, "from which claim"),
        (DecisionKind.APART, "c1", "from itself"),
        (DecisionKind.SPLIT, "c2", "has no value"),
        (DecisionKind.NOTE, "c2", "has no value"),
        (DecisionKind.HIDE, "c2", "has no value"),
        (DecisionKind.UNDO, None, "decide undo c1"),
        (DecisionKind.MERGE, "c\x1b[31m", "holds a control character"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    journal: Journal, kind: DecisionKind, value: str | None, words: str
) -> None:
    with pytest.raises(DataError, match=words):
        journal.decide(kind, "c1", value, reason="why", editor="ada", now=NOW)
    assert journal.read() == []


@pytest.mark.parametrize("target", ["", " ", "c\x1b[31m"])
def test_what_is_no_id_is_refused(journal: Journal, target: str) -> None:
    with pytest.raises(DataError, match="is not an id: give the id of a claim"):
        journal.decide(DecisionKind.HIDE, target, None, reason="why", editor="ada", now=NOW)
    assert journal.read() == []


def test_a_reason_that_is_no_text_is_refused(journal: Journal) -> None:
    with pytest.raises(DataError, match="UTF-8"):
        note(journal, reason="caf\udce9")


def test_each_entry_holds_the_hash_of_the_one_before(journal: Journal) -> None:
    journal.undo(note(journal, reason="naïve “quotes” 日本"), reason="wrong", editor="bo", now=NOW)
    with closing(sqlite3.connect(journal.path)) as connection:
        rows = connection.execute(
            "SELECT previous, sha256, decision_id, kind, target, value, reason, editor, decided_at "
            "FROM entries ORDER BY number"
        ).fetchall()
    assert rows[0][0] == GENESIS
    assert rows[1][0] == rows[0][1]
    assert (
        [row[1] for row in rows]
        == [entry_hash(row[0], row[2:]) for row in rows]
        == [entry.sha256 for entry in journal.read()]
    )
    assert journal.check({entry.number: entry.sha256 for entry in journal.read()}).faults == []


def _tamper(*statements: str) -> Callable[[Path], None]:
    def harm(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.executescript("DROP TRIGGER unchanged; DROP TRIGGER kept;" + ";".join(statements))

    return harm


def _rehash(path: Path) -> None:
    """Rewrite an entry and all hashes after it, as somebody who knows the method would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript("DROP TRIGGER unchanged; UPDATE entries SET editor = 'eve' WHERE number = 2")
        previous = GENESIS
        fields = "decision_id, kind, target, value, reason, editor, decided_at"
        for number, *row in connection.execute(
            f"SELECT number, {fields} FROM entries ORDER BY number"
        ).fetchall():
            digest = entry_hash(previous, tuple(row))
            connection.execute(
                "UPDATE entries SET previous = ?, sha256 = ? WHERE number = ?", (previous, digest, number)
            )
            previous = digest


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (
            _tamper("UPDATE entries SET reason = 'other words' WHERE number = 2"),
            ["entry 2 (x", "was changed after it was written"],
        ),
        (
            _tamper("UPDATE entries SET kind = 'praise', decided_at = 'soon' WHERE number = 2"),
            ["entry 2 (x", "was changed"],
        ),
        (_tamper("UPDATE entries SET reason = x'00ff' WHERE number = 2"), ["entry 2 (x", "was changed"]),
        (_tamper("DELETE FROM entries WHERE number = 2"), ["entry 2 is missing"]),
        (_tamper("DELETE FROM entries WHERE number IN (2, 3)"), ["entries 2 to 3 are missing"]),
        (_tamper("DELETE FROM entries WHERE number = 1"), ["entry 1 is missing"]),
        (
            _tamper(
                "DELETE FROM entries WHERE number = 2",
                "UPDATE entries SET number = number - 1 WHERE number > 2",
            ),
            [
                "entry 2 (x",
                "does not follow entry 1",
                "the journal ends with entry 4; it had 5",
            ],
        ),
        (
            _tamper(
                *(
                    f"UPDATE entries SET number = {new_number} WHERE number = {old_number}"
                    for old_number, new_number in ((2, 9), (3, 2), (9, 3))
                )
            ),
            ["entry 2 (x", "is out of order: it was written after entry 3"],
        ),
        (
            _tamper("DELETE FROM entries WHERE number > 3"),
            ["the journal ends with entry 3; it had 5 entries: its end was cut off"],
        ),
        (_rehash, ["entry 2 is not the one that was read before", "entry 5 is not the one"]),
        (lambda path: path.unlink(), ["the journal ends with entry 0; it had 5 entries"]),
    ],
)
def test_what_was_changed_is_missing_or_out_of_order_is_named(
    journal: Journal, harm: Callable[[Path], None], words: list[str]
) -> None:
    for n in range(5):
        note(journal, f"c{n}")
    known_hashes = {entry.number: entry.sha256 for entry in journal.read()}
    assert journal.check(known_hashes).faults == []
    harm(journal.path)
    fault_text = "\n".join(journal.check(known_hashes).faults)
    for word in words:
        assert word in fault_text
    journal.read()


def test_a_journal_that_is_none_is_told(journal: Journal) -> None:
    journal.path.write_bytes(b"no database at all, however long it may be read " * 40)
    for call in (journal.read, lambda: journal.check({}), lambda: note(journal)):
        with pytest.raises(DataError, match="Restore it from a backup"):
            call()


def test_a_newer_journal_is_left_alone(journal: Journal) -> None:
    note(journal)
    with closing(sqlite3.connect(journal.path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    for call in (journal.read, lambda: journal.check({}), lambda: note(journal)):
        with pytest.raises(DataError, match="upgrade Rumortrail"):
            call()


OLD = """
CREATE TABLE decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT, decision_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    target TEXT NOT NULL, value TEXT, reason TEXT NOT NULL, editor TEXT NOT NULL, decided_at TEXT NOT NULL
);
CREATE TABLE undone (decision_id TEXT PRIMARY KEY, editor TEXT NOT NULL, undone_at TEXT NOT NULL);
INSERT INTO decisions VALUES
    (1, 'x1', 'merge', 'c1', 'c2', 'the same', 'ada', '2026-03-01T10:00:00+00:00'),
    (2, 'x2', 'hide', 'c3', NULL, 'private', 'bo', '2026-03-01T09:00:00+00:00');
INSERT INTO undone VALUES ('x1', 'bo', '2026-03-01T11:00:00+00:00');
"""


def test_a_journal_without_hashes_is_taken_into_the_chain(journal: Journal) -> None:
    with closing(sqlite3.connect(journal.path)) as connection:
        connection.executescript(OLD)
    check = journal.check({})
    assert (check.entries, check.faults) == (0, []), "it has no chain that could be broken"
    assert "has no hashes yet" in check.notes[0]
    entries = journal.read()
    assert [(row.kind, row.target, row.value, row.editor, row.undone_at is not None) for row in entries] == [
        ("note", ITSELF, None, "rumortrail", False),
        ("merge", "c1", "c2", "ada", True),
        ("hide", "c3", None, "bo", False),
        ("undo", "x1", None, "bo", False),
    ]
    assert "decisions written without hashes, now taken into the chain as they stood: 2" in entries[0].reason
    assert [decision.decision_id for decision in entries[1:3]] == ["x1", "x2"]
    note(journal)
    assert journal.read()[:4] == entries
    assert journal.check({decision.number: decision.sha256 for decision in entries}).faults == []


def test_editors_who_begin_a_journal_at_once_lose_nothing(journal: Journal) -> None:
    editors = [Started(note_twenty, journal.path, f"editor{n}") for n in range(4)]
    for editor in editors:
        editor.connection.send("begin")
    assert all(editor.ended(600) for editor in editors)
    assert [editor.process.exitcode for editor in editors] == [0] * 4
    entries = journal.read()
    assert [entry.number for entry in entries] == list(range(1, 81))
    for n in range(4):
        assert [entry.target for entry in entries if entry.editor == f"editor{n}"] == [
            f"c{index}" for index in range(20)
        ]
    assert journal.check({}).faults == []


def test_twice_the_decisions_take_twice_the_steps(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """All decisions are undone: a scan of all entries for each of them would take four times the steps."""
    journal.decide(DecisionKind.NOTE, "c0", None, reason="r", editor="ada", now=NOW)
    steps = [_steps_of_reading(journal, first, monkeypatch) for first in (0, 1_000)]
    assert steps[1] < 3 * steps[0]


def _steps_of_reading(journal: Journal, first: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Add a thousand decisions that were taken back, and return in how many hundred steps all are read."""
    decisions_made = [(f"d{number}", "note", f"c{number}") for number in range(first, first + 1_000)]
    undo_entries = [(f"u{number}", "undo", f"d{number}") for number in range(first, first + 1_000)]
    insert = ("INSERT INTO entries (decision_id, kind, target, reason, editor, decided_at, previous, sha256) "
              f"VALUES (?, ?, ?, 'r', 'ada', '{NOW.isoformat()}', '', '')")
    with closing(sqlite3.connect(journal.path)) as connection, connection:
        connection.executemany(insert, decisions_made + undo_entries)
    step_calls: list[None] = []

    class Counted(sqlite3.Connection):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.set_progress_handler(lambda: step_calls.append(None), 100)

    connect = partial(sqlite3.connect, factory=Counted)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.decisions.journal.sqlite3.connect", connect)
        assert len(journal.read()) > 2 * first
    return len(step_calls)
