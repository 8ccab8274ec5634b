"""A file of SQLite is opened, brought to a version and written whole; what is wrong with it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.core.errors import DataError
from pipeline.core.sqlite import opened, transaction, version, write_ahead


def test_what_breaks_in_a_transaction_leaves_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "a.sqlite", "the file") as connection:
        write_ahead(connection)
        connection.execute("CREATE TABLE t (x)")
        with pytest.raises(KeyboardInterrupt), transaction(connection):
            connection.execute("INSERT INTO t VALUES (1)")
            raise KeyboardInterrupt
        with transaction(connection):
            connection.execute("INSERT INTO t VALUES (2)")
    with opened(tmp_path / "a.sqlite", "the file") as connection:
        assert connection.execute("SELECT x FROM t").fetchall() == [(2,)]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_full_disk_is_told_as_that(tmp_path: Path) -> None:
    with opened(tmp_path / "a.sqlite", "the file") as connection:
        connection.execute("CREATE TABLE t (x)")
    with (
        pytest.raises(DataError, match="the file cannot be used: database or disk is full"),
        opened(tmp_path / "a.sqlite", "the file") as connection,
    ):
        connection.execute("PRAGMA max_page_count = 3")
        with transaction(connection):
            connection.execute("INSERT INTO t VALUES (zeroblob(100000))")


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path / "a.sqlite", "the file") as connection:
        connection.execute("PRAGMA user_version = 3")
        assert version(connection, 3, "the file") == 3
        with pytest.raises(DataError, match="the file was written by a newer Rumortrail"):
            version(connection, 2, "the file")


def test_a_damaged_file_and_one_that_cannot_be_opened_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").write_bytes(b"no database" * 500)
    with (
        pytest.raises(DataError, match=r"the file is damaged: .* Restore it from a backup"),
        opened(tmp_path / "a.sqlite", "the file") as connection,
    ):
        connection.execute("SELECT * FROM sqlite_master")
    with pytest.raises(DataError, match="the file cannot be used"), opened(tmp_path, "the file"):
        pass
