"""The editors' journal: append-only, undo as a line of its own, many writers at once."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.errors import DataError
from pipeline.journal import Journal
from pipeline.records import DecisionKind
from tests.conftest import NOW


def test_decisions_come_back_in_order_and_whole(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "decisions.sqlite")
    first = journal.decide(DecisionKind.STATUS, "c1", "disputed", reason="  the lab answered ", editor="ada", now=NOW)
    second = journal.decide(DecisionKind.HIDE, "c2", None, reason="private person", editor="bo", now=NOW + timedelta(minutes=1))
    assert journal.read() == [first, second]
    assert first.reason == "the lab answered"


def test_no_journal_is_no_decision(tmp_path: Path) -> None:
    assert Journal(tmp_path / "decisions.sqlite").read() == []


def test_undoing_keeps_the_decision_and_says_when(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "decisions.sqlite")
    made = journal.decide(DecisionKind.NOTE, "c1", None, reason="see the filing", editor="ada", now=NOW)
    journal.undo(made.decision_id, editor="ada", now=NOW + timedelta(hours=1))
    journal.undo(made.decision_id, editor="ada", now=NOW + timedelta(hours=2))
    assert [(d.decision_id, d.undone_at) for d in journal.read()] == [(made.decision_id, NOW + timedelta(hours=1))]


def test_the_same_decision_twice_is_two(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "decisions.sqlite")
    ids = {journal.decide(DecisionKind.NOTE, "c1", None, reason="again", editor="ada", now=NOW).decision_id for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.parametrize(("reason", "editor"), [("", "ada"), ("why", "  ")])
def test_a_decision_needs_a_reason_and_an_editor(tmp_path: Path, reason: str, editor: str) -> None:
    with pytest.raises(DataError, match="needs a reason"):
        Journal(tmp_path / "decisions.sqlite").decide(DecisionKind.NOTE, "c1", None, reason=reason, editor=editor, now=NOW)


def test_undoing_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no decision x1"):
        Journal(tmp_path / "decisions.sqlite").undo("x1", editor="ada", now=NOW)


def _write(path: Path, editor: str) -> None:
    for n in range(20):
        Journal(path).decide(DecisionKind.NOTE, f"c{n}", None, reason=f"note {n}", editor=editor, now=NOW)


def test_editors_who_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "decisions.sqlite"
    context = multiprocessing.get_context("spawn")
    editors = [context.Process(target=_write, args=(path, f"editor{n}")) for n in range(4)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join(120)
    assert [editor.exitcode for editor in editors] == [0] * 4
    found = Journal(path).read()
    assert len({d.decision_id for d in found}) == 80
