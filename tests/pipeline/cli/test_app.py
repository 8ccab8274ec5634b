"""The command line as a user meets it: its words, its exit codes, its files."""

from __future__ import annotations

import errno
import json
import sqlite3
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from pipeline.cli import app, status
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.run import nightly
from tests.conftest import NOW, Command


def test_init_writes_settings_and_sources_and_leaves_what_is_there(tmp_path: Path, command: Command) -> None:
    home = tmp_path / "home"
    assert command("init", "--home", home)[0] == 0
    assert {path.name for path in home.iterdir()} == {"rumortrail.toml", "sources.toml"}
    (home / "rumortrail.toml").write_text("[crawl]\ncontact = 'desk@paper.example'\n")
    code, out, _ = command("init", "--home", home)
    assert code == 0
    assert "left as it is" in out
    assert "desk@paper.example" in (home / "rumortrail.toml").read_text()


def test_an_error_on_purpose_has_no_traceback_and_code_2(tmp_path: Path, command: Command) -> None:
    code, _, err = command("ask", "SELECT 1", "--home", tmp_path)
    assert code == 2
    assert "rumortrail nightly" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(("module", "arguments"), [(app, ("ask", "SELECT 1")), (status, ("status",))])
def test_the_published_copy_is_closed(module: ModuleType, arguments: tuple[str, ...], tmp_path: Path,
                                      command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = duckdb.connect()
    monkeypatch.setattr(module, "open_published", lambda *_: connection)
    command(*arguments, "--home", tmp_path)
    with pytest.raises(duckdb.ConnectionException):
        connection.execute("SELECT 1")


def test_any_other_error_has_code_2_too(tmp_path: Path, command: Command,
                                        monkeypatch: pytest.MonkeyPatch) -> None:
    """Code 1 means that part of the work failed, which systemd counts as a success."""
    monkeypatch.setattr(nightly, "process", lambda *_, **__: 1 / 0)
    code, _, err = command("process", "--home", tmp_path)
    assert code == 2
    assert "ZeroDivisionError" in err


def test_a_folder_that_is_none_is_named(tmp_path: Path, command: Command) -> None:
    (tmp_path / "file").touch()
    code, _, err = command("process", "--home", tmp_path / "file" / "home")
    assert (code, "Traceback" in err) == (2, False)
    assert f"{tmp_path / 'file' / 'home'}: Not a directory" in err.replace("\n", "")


@pytest.mark.parametrize("error", [
    duckdb.TransactionException("Failed to commit: No space left on device"),
    sqlite3.OperationalError("database or disk is full"),
    OSError(errno.ENOSPC, "No space left on device"),
])  # fmt: skip
def test_a_full_disk_is_told_without_a_traceback(error: Exception, tmp_path: Path, command: Command,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(nightly, "process", full)
    code, _, err = command("process", "--home", tmp_path)
    assert (code, "Traceback" in err) == (2, False)
    assert "No space left" in err or "disk is full" in err


@pytest.mark.parametrize(("file", "told"), [
    ("work.duckdb", ["work.duckdb is damaged", "move it away", "earlier verdicts and runs are then lost"]),
    ("rumortrail.toml", ["rumortrail.toml is not valid TOML"]),
])  # fmt: skip
def test_a_damaged_file_is_named_with_the_way_out(file: str, told: list[str], tmp_path: Path,
                                                  command: Command) -> None:
    (tmp_path / file).write_bytes(b"\xff\x00 none of ours" * 1000)
    code, _, err = command("process", "--home", tmp_path)
    assert (code, "Traceback" in err) == (2, False)
    assert [text for text in told if text not in " ".join(err.split())] == []


def test_a_faulty_setting_is_named(tmp_path: Path, command: Command) -> None:
    (tmp_path / "rumortrail.toml").write_text("[crawl]\ndelays = 3\n")
    code, _, err = command("process", "--home", tmp_path)
    assert code == 2
    assert "delays is unknown" in err


def test_a_home_without_anything_tells_its_status(tmp_path: Path, command: Command) -> None:
    code, out, _ = command("status", "--home", tmp_path)
    assert code == 0
    assert "nothing is published" in out


def test_nightly_without_sources_tells_to_init(tmp_path: Path, command: Command) -> None:
    code, _, err = command("nightly", "--home", tmp_path)
    assert code == 2
    assert "rumortrail init" in err


@pytest.mark.slow
def test_a_file_comes_in_and_can_be_asked_for(tmp_path: Path, command: Command) -> None:
    file = tmp_path / "posts.jsonl"
    fields = {"platform": "x", "title": None}
    first = fields | {"id": "p1", "author": "ada", "published_at": "2026-03-01T12:00:00Z"}
    second = fields | {"id": "p2", "author": "bo", "published_at": "no time at all"}
    rows = [first | {"text": "A quiet day at the beach."}, second | {"text": "Nothing happened."}]
    file.write_text("\n".join(map(json.dumps, rows)) + "\n{broken\n")
    home = ("--home", str(tmp_path / "home"))
    code, out, _ = command("ingest", file, *home, "--now", "2026-03-02T03:00:00Z")
    assert code == 1, out
    assert command("publish", *home, "--now", "2026-03-02T03:05:00Z")[0] == 0
    code, out, _ = command("ask", "SELECT document_id, seen_at FROM documents ORDER BY 1", "--json", *home)
    assert json.loads(out) == [{"document_id": name, "seen_at": "2026-03-02T03:00:00"}
                               for name in ("p1", "p2")]
    _, out, _ = command("ask", "SELECT place FROM issues ORDER BY place", "--csv", *home)
    assert out.splitlines() == ["place", f"{file}:2", f"{file}:3"]
    _, out, _ = command("status", *home)
    assert "2 documents" in out


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home with an empty published copy."""
    home = Home(tmp_path_factory.mktemp("nothing"))
    assert nightly.process(home, Config(), now=NOW, stages=("publish",)).exit_code == 0
    return home


@pytest.mark.slow
@pytest.mark.parametrize("statement", [
    "COPY (SELECT 1) TO '{file}'", "EXPLAIN ANALYZE COPY (SELECT 1) TO '{file}'",
    "SELECT 1; COPY (SELECT 1) TO '{file}'", "COPY (SELECT 1) TO '{file}' (FORMAT csv, USE_TMP_FILE false)",
    "FROM enable_logging(storage='file', storage_path='{file}')",
    "FROM ENABLE_PROFILING (save_location='{file}')",
    "ATTACH '{file}' AS other", "EXPORT DATABASE '{file}'", "CREATE TABLE t AS SELECT 1", "SET threads = 1",
])
def test_ask_reads_and_does_nothing_else(nothing: Home, command: Command, statement: str) -> None:
    home, copy = ("--home", nothing.path), nothing.published
    before = copy.read_bytes()
    code, _, err = command("ask", statement.format(file=copy), *home)
    assert code == 2 and "Traceback" not in err
    assert copy.read_bytes() == before
    assert command("ask", "SELECT count(*) FROM claims", *home)[0] == 0


def test_decisions_are_written_listed_and_undone(tmp_path: Path, command: Command) -> None:
    home = ("--home", tmp_path)
    note = ("decide", "note", "c1", "--anyway")
    code, out, _ = command(*note, "--reason", "see the filing", "--editor", "ada", *home)
    assert code == 0
    decision = out.split(":")[0]
    assert "see the filing" in command("decide", *home)[1]
    undo_arguments = ("decide", "undo", decision, "--reason", "wrong claim", "--editor", "ada")
    assert command(*undo_arguments, *home)[0] == 0
    code, _, err = command(*note, *home)
    assert code == 2
    assert "needs a reason" in err
