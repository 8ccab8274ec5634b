"""A damaged journal is told, and what earlier runs read of it holds on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.core.context import RunContext
from pipeline.core.vocabulary import DecisionKind
from pipeline.decisions.journal import Journal
from pipeline.decisions.sync import copy_journal
from pipeline.store.store import Store
from tests.conftest import NOW


def issues(store: Store) -> list[tuple[str, str, str]]:
    return store.connection.execute(
        "SELECT severity, code, message FROM store.issues ORDER BY message"
    ).fetchall()


def held(store: Store) -> list[tuple[str, str]]:
    return store.connection.execute(
        "SELECT target, reason FROM store.decisions WHERE undone_at IS NULL AND kind <> 'undo' "
        "ORDER BY number"
    ).fetchall()


@pytest.fixture
def journal(store: Store, run: RunContext) -> Journal:
    """Three decisions that a run has read."""
    new_journal = Journal(run.home.journal)
    for n in range(1, 4):
        new_journal.decide(DecisionKind.NOTE, f"c{n}", None, reason=f"reason {n}", editor="ada", now=NOW)
    copy_journal(store, run)
    return new_journal


def test_what_is_new_and_what_was_taken_back_is_copied(
    journal: Journal, store: Store, run: RunContext
) -> None:
    journal.undo(journal.read()[0].decision_id, reason="wrong", editor="bo", now=NOW + timedelta(hours=1))
    journal.decide(DecisionKind.HIDE, "c4", None, reason="private", editor="bo", now=NOW)
    copy_journal(store, run)
    assert held(store) == [("c2", "reason 2"), ("c3", "reason 3"), ("c4", "private")]
    assert issues(store) == []


def test_a_journal_without_news_is_not_written_again(
    journal: Journal, store: Store, run: RunContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = held(store)
    monkeypatch.setattr(store, "append", lambda *_: pytest.fail("decisions were written again"))
    copy_journal(store, run)
    assert held(store) == before


def _harm(sql: str) -> Callable[[Path], None]:
    def harm(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.executescript(f"DROP TRIGGER kept; DROP TRIGGER unchanged; {sql}")

    return harm


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (_harm("DELETE FROM entries WHERE number > 1"), "its end was cut off"),
        (
            _harm("UPDATE entries SET reason = 'quite another' WHERE number = 2"),
            "was changed after it was written",
        ),
        (
            _harm("UPDATE entries SET kind = 'unheard of' WHERE number = 2"),
            "was changed after it was written",
        ),
        (lambda path: path.unlink(), "its end was cut off"),
        (lambda path: path.write_bytes(b"x" * 5000), "is damaged"),
    ],
)
def test_damage_is_an_issue_and_changes_no_decision(
    journal: Journal, store: Store, run: RunContext, harm: Callable[[Path], None], words: str
) -> None:
    before = held(store)
    harm(journal.path)
    copy_journal(store, run)
    assert held(store) == before
    ((severity, code, message),) = issues(store)
    assert (severity, code) == ("error", "journal_damaged")
    assert words in message


def test_beside_the_damage_new_entries_count(journal: Journal, store: Store, run: RunContext) -> None:
    _harm("UPDATE entries SET reason = 'quite another' WHERE number = 2")(journal.path)
    journal.undo(journal.read()[2].decision_id, reason="wrong", editor="bo", now=NOW)
    journal.decide(DecisionKind.HIDE, "c4", None, reason="private", editor="bo", now=NOW)
    copy_journal(store, run)
    assert held(store) == [("c1", "reason 1"), ("c2", "reason 2"), ("c4", "private")]
