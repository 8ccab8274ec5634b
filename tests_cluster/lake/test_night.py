"""Each night is a snapshot of the lake that holds what the file holds, and only what moved is written."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import psycopg
import pytest

from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.lake.address import SCHEME, Lake, read_address
from pipeline.lake.catalogue import Catalogue
from pipeline.lake.connection import attach_to_write, load_extensions
from pipeline.lake.night import write_night
from pipeline.lake.nights import newest
from pipeline.lake.rows import Moved
from tests.conftest import Command
from tests_cluster.lake.conftest import Read
from tests_cluster.lake.world import PublishedNight, of_file
from tests_cluster.servers import PASSWORD


def night_snapshots(lake: Lake) -> list[tuple[int, str]]:
    """Return the snapshots that are nights, with their messages."""
    with psycopg.connect(lake.database, password=lake.password or "") as connection:
        return connection.execute(
            "SELECT snapshot_id, commit_message FROM ducklake_snapshot_changes"
            " WHERE author = 'Rumortrail' ORDER BY 1"
        ).fetchall()


def test_a_night_is_one_snapshot_equal_to_the_file(
    lake: Lake, storage: str, nights: list[PublishedNight], read: Read
) -> None:
    for number, night in enumerate(nights):
        written_night = write_night(lake, night.file, storage)
        assert read() == of_file(night)
        assert newest(lake).run_id == night.run_id
        assert newest(lake).published_at == night.at
        assert len(night_snapshots(lake)) == number + 1
        assert night_snapshots(lake)[-1] == (written_night.snapshot, f"night {night.run_id}")


def test_only_what_moved_is_written(lake: Lake, storage: str, little: list[PublishedNight]) -> None:
    write_night(lake, little[0].file, storage)
    moved_by = {move.table: move for move in write_night(lake, little[1].file, storage).moved}
    # c0 is as it was, c1 moved, c900 came back, c901 went, n0 came.
    assert moved_by["main", "claims"] == Moved(("main", "claims"), came=4, gone=3)
    assert ("main", "names") not in moved_by


def test_the_same_again_is_no_new_snapshot(
    lake: Lake, storage: str, little: list[PublishedNight]
) -> None:
    first = write_night(lake, little[0].file, storage)
    with Catalogue.open(lake) as catalogue:
        before = catalogue.last_snapshot()
    second_write = write_night(lake, little[0].file, storage)
    with Catalogue.open(lake) as catalogue:
        assert catalogue.last_snapshot() == before
    assert second_write.snapshot == first.snapshot and not second_write.moved


def test_files_lie_in_object_storage(
    lake: Lake, bucket: str, little: list[PublishedNight], read: Read
) -> None:
    for night in little[:2]:
        write_night(lake, night.file, bucket)
        assert read() == of_file(night)


def test_a_table_that_the_catalogue_miscounts_is_an_error_and_the_night_before_is_read(
    lake: Lake, storage: str, little: list[PublishedNight], read: Read
) -> None:
    write_night(lake, little[0].file, storage)
    with psycopg.connect(lake.database, password=lake.password or "", autocommit=True) as connection:
        connection.execute(
            "UPDATE ducklake_data_file SET record_count = record_count + 7 WHERE table_id ="
            " (SELECT table_id FROM ducklake_table WHERE table_name = 'names')"
        )
        with pytest.raises(DataError, match="names has 1 rows, the lake's catalogue says 8, a scan finds 1"):
            write_night(lake, little[1].file, storage)
        assert newest(lake).run_id == little[0].run_id
        connection.execute(
            "UPDATE ducklake_data_file SET record_count = record_count - 7 WHERE table_id ="
            " (SELECT table_id FROM ducklake_table WHERE table_name = 'names')"
        )
    write_night(lake, little[1].file, storage)
    assert read() == of_file(little[1])


def test_rows_that_are_lost_are_written_anew(
    lake: Lake, storage: str, little: list[PublishedNight], read: Read
) -> None:
    write_night(lake, little[0].file, storage)
    with duckdb.connect(":memory:") as connection, Catalogue.open(lake) as catalogue:
        load_extensions(connection)
        attach_to_write(connection, lake, "lake", catalogue.data_path(), "")
        connection.execute("DELETE FROM lake.main.claims WHERE claim_id = 'c0-1'")
        connection.execute("INSERT INTO lake.main.names FROM lake.main.names")
    write_night(lake, little[0].file, storage)
    write_night(lake, little[1].file, storage)
    assert read() == of_file(little[1])


@pytest.mark.parametrize("wrong", ["password=another", "port=1", "dbname=nowhere"])
def test_no_message_shows_the_password(
    address: str, little: list[PublishedNight], tmp_path: Path, wrong: str
) -> None:
    key = wrong.partition("=")[0]
    changed_address = re.sub(rf"{key}=\S+", wrong, address) if key in address else f"{address} {wrong}"
    lake = read_address(changed_address)
    with pytest.raises(DataError) as caught:
        write_night(lake, little[0].file, str(tmp_path))
    assert SCHEME in str(caught.value)
    for text in (str(caught.value), repr(caught.value), repr(lake), str(lake)):
        assert PASSWORD not in text and "another" not in text


def test_status_tells_what_the_lake_lacks(
    home: Home, address: str, lake: Lake, storage: str, nights: list[PublishedNight], command: Command
) -> None:
    home.config_file.write_text(f'[publish]\nlake = "{address}"\n', "utf-8")
    shutil.copy(nights[1].file, home.published)
    write_night(lake, nights[0].file, storage)
    code, output, _ = command("status", "--home", home.path)
    lacking = f"of run {nights[0].run_id}, published 2026-03-01 03:00 UTC. It lacks run {nights[1].run_id}"
    words = " ".join(output.split())
    assert code == 0 and f"{lacking}, which published.duckdb has: run `rumortrail publish`" in words
    write_night(lake, nights[1].file, storage)
    code, output, _ = command("status", "--home", home.path)
    assert code == 0 and f"of run {nights[1].run_id}" in output and "lacks" not in output
