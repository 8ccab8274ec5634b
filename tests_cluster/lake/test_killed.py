"""A writer, or PostgreSQL, that is killed at any moment loses nothing: the next run ends the night."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.core.errors import BusyError, DataError
from pipeline.lake.address import Lake
from pipeline.lake.catalogue import Catalogue
from pipeline.lake.connection import attach_to_write, load_extensions
from pipeline.lake.night import write_night
from pipeline.lake.nights import newest
from pipeline.lake.rows import Rows
from tests.forkserver import CONTEXT
from tests_cluster.lake.conftest import Read
from tests_cluster.lake.killed import MOMENTS, hold, started, write
from tests_cluster.lake.world import PublishedNight, of_file
from tests_cluster.servers import Postgres


def kept(lake: Lake) -> list[tuple[Any, ...]]:
    with Catalogue.open(lake) as catalogue:
        return catalogue.rows("nights", before="infinity", most=10)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_writer_that_was_killed_leaves_one_night_or_the_other(
    address: str, lake: Lake, storage: str, little: list[PublishedNight], read: Read, moment: str
) -> None:
    number = 0 if "is made" in moment else 1
    for night in little[:number]:
        write_night(lake, night.file, storage)
    child = started(write, address, moment, little[number].file, storage)
    child.join(300)
    assert child.exitcode == -signal.SIGKILL
    if number:
        snapshot_count = number if moment in ("after it is kept", "after the maintenance") else number - 1
        assert read() == of_file(little[snapshot_count])
    # The same night is written once more, as a resumed run does; then the next night.
    write_night(lake, little[number].file, storage)
    assert read() == of_file(little[number])
    write_night(lake, little[number + 1].file, storage)
    assert read() == of_file(little[number + 1])
    assert [run_id for _, run_id, *_ in kept(lake)] == [one.run_id for one in little[number + 1 :: -1]]


def test_a_night_that_was_killed_is_passed_over_by_the_next(
    address: str, lake: Lake, storage: str, little: list[PublishedNight], read: Read
) -> None:
    write_night(lake, little[0].file, storage)
    started(write, address, "after the commit, before the check", little[1].file, storage).join(300)
    write_night(lake, little[2].file, storage)
    assert read() == of_file(little[2])
    assert [run_id for _, run_id, *_ in kept(lake)] == [little[2].run_id, little[0].run_id]


def test_of_two_writers_one_waits_and_tells_for_whom(
    address: str, lake: Lake, storage: str, little: list[PublishedNight], read: Read
) -> None:
    write_night(lake, little[0].file, storage)
    held_event = CONTEXT.Event()
    holder = started(hold, address, held_event)
    assert held_event.wait(300)
    with pytest.raises(BusyError, match=r"is being written by rumortrail another on 127\.0\.0\.1 since 20"):
        write_night(lake, little[1].file, storage, wait=0)
    holder.kill()
    holder.join()
    write_night(lake, little[1].file, storage)
    assert read() == of_file(little[1])


def test_what_another_commits_beside_a_night_is_an_error_and_no_mixture(
    lake: Lake, storage: str, little: list[PublishedNight], read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other writer does not take the lock; any user of DuckDB with the right to write may do so."""
    write_night(lake, little[0].file, storage)
    original = Rows._write

    def beside(self: Rows, *given: Any) -> None:
        original(self, *given)
        with duckdb.connect(":memory:") as connection, Catalogue.open(lake) as catalogue:
            load_extensions(connection)
            attach_to_write(connection, lake, "lake", catalogue.data_path(), "")
            connection.execute("INSERT INTO lake.main.names VALUES ('Borealis')")

    with monkeypatch.context() as patch:
        patch.setattr(Rows, "_write", beside)
        with pytest.raises(DataError, match="was not written: another program committed to it meanwhile"):
            write_night(lake, little[1].file, storage)
    assert read() == of_file(little[0])
    assert newest(lake).run_id == little[0].run_id
    write_night(lake, little[1].file, storage)
    assert read() == of_file(little[1])


@pytest.mark.parametrize("when", ["_write", "check"])
def test_postgresql_is_killed(
    lake: Lake, postgres: Postgres, storage: str, little: list[PublishedNight], read: Read, when: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    write_night(lake, little[0].file, storage)
    real_method = getattr(Rows, when)

    def killing(self: Rows, *given: Any) -> None:
        postgres.kill()
        postgres.start()
        real_method(self, *given)

    with monkeypatch.context() as patch:
        patch.setattr(Rows, when, killing)
        with pytest.raises(DataError, match=r"PostgreSQL (broke off while|says: .* closed the)"):
            write_night(lake, little[1].file, storage)
    assert read() == of_file(little[0])
    write_night(lake, little[1].file, storage)
    assert read() == of_file(little[1])


def test_nothing_is_left_beside_the_file(
    lake: Lake, storage: str, little: list[PublishedNight], tmp_path: Path
) -> None:
    file = tmp_path / "published.duckdb"
    file.write_bytes(little[0].file.read_bytes())
    write_night(lake, file, storage)
    assert {path.name for path in tmp_path.iterdir()} == {"published.duckdb", "storage"}
