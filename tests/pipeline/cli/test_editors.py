"""`rumortrail editor`."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest

from pipeline.core.home import Home
from pipeline.decisions.accounts import Accounts
from tests.conftest import Command


def test_an_editor_is_added_listed_and_removed(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No editor has a password yet" in command("editor", "list", "--home", tmp_path)[1]
    monkeypatch.setattr("sys.stdin", StringIO("correct horse battery\n"))
    code, out, _ = command("editor", "add", "ada", "--home", tmp_path)
    assert (code, "ada may now sign in" in out) == (0, True)
    assert Accounts(Home(tmp_path).accounts).check("ada", "correct horse battery")
    assert command("editor", "list", "--home", tmp_path)[1].strip() == "ada"
    assert command("editor", "remove", "ada", "--home", tmp_path)[0] == 0
    code, _, err = command("editor", "remove", "ada", "--home", tmp_path)
    assert code != 0
    assert "there is no editor 'ada'" in err


def test_a_short_password_is_refused(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("short\n"))
    code, _, err = command("editor", "add", "ada", "--home", tmp_path)
    assert code != 0
    assert "a password has 12" in err
    assert not Home(tmp_path).accounts.exists()
