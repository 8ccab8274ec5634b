"""Small files are joined by the writer after a night, and every night can be read as before."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.lake import maintenance
from pipeline.lake.address import Lake
from pipeline.lake.catalogue import Catalogue
from pipeline.lake.night import write_night
from tests_cluster.lake.conftest import Read
from tests_cluster.lake.test_night import night_snapshots
from tests_cluster.lake.world import PublishedNight, of_file


def test_files_are_joined_and_each_night_is_as_it_was(
    lake: Lake, storage: str, little: list[PublishedNight], read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "MOST_SMALL", 1)
    monkeypatch.setattr(maintenance, "GONE", 0.001)
    # The files that were joined stay until no question can be reading them.
    monkeypatch.setattr(maintenance, "KEPT", "0 seconds")
    for night in little:
        write_night(lake, night.file, storage)
    with Catalogue.open(lake) as catalogue:
        assert catalogue.rows("small_files", size=maintenance.SMALL) == [(1,)], "each table is one file"
    assert len(night_snapshots(lake)) == 3
    for night in little:
        assert read(f"{night.at:%Y-%m-%d}") == of_file(night)
    files = set(Path(storage).rglob("*.parquet"))
    write_night(lake, little[0].file, storage)
    assert files - set(Path(storage).rglob("*.parquet")), "what was joined is deleted"
    for night in little[1:]:
        assert read(f"{night.at:%Y-%m-%d}") == of_file(night)
