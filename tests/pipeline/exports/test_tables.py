"""Views as files: whole, in UTC, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.core.config import AskConfig
from pipeline.core.errors import ConfigError, DataError
from pipeline.core.home import Home
from pipeline.exports.tables import Format, csv_cell, export, format_of, views
from tests.conftest import Command
from tests.worlds.stories import STORIES

pytestmark = pytest.mark.slow  # whole nights


def test_every_view_goes_into_every_format_whole(sample_home: Home, tmp_path: Path) -> None:
    for view, rows, _ in views(sample_home.published, AskConfig()):
        for form in Format:
            target = tmp_path / f"{view}.{form}"
            assert export(sample_home.published, AskConfig(), view, target, form) == rows, view
        assert len((tmp_path / f"{view}.jsonl").read_text("utf-8").splitlines()) == rows
        assert pq.read_table(tmp_path / f"{view}.parquet").num_rows == rows
        with (tmp_path / f"{view}.csv").open(encoding="utf-8", newline="") as stream:
            assert len(list(csv.DictReader(stream))) == rows
    assert not list(tmp_path.glob(".*"))


def test_times_say_that_they_are_utc(sample_home: Home, tmp_path: Path) -> None:
    for form in Format:
        export(sample_home.published, AskConfig(), "runs", tmp_path / f"runs.{form}", form)
    first = datetime(2026, 3, 9, 3, 0, tzinfo=UTC)
    assert min(pq.read_table(tmp_path / "runs.parquet")["started_at"].to_pylist()) == first
    rows = [json.loads(line) for line in (tmp_path / "runs.jsonl").read_text("utf-8").splitlines()]
    assert min(row["started_at"] for row in rows) == "2026-03-09T03:00:00+00:00"
    assert "2026-03-09T03:00:00+00:00" in (tmp_path / "runs.csv").read_text("utf-8")


def test_a_condition_chooses_rows_and_cannot_do_more(sample_home: Home, tmp_path: Path) -> None:
    target, bounds = tmp_path / "claims.csv", AskConfig()
    row_count = export(
        sample_home.published, bounds, "claims", target, Format.CSV, where="status = 'disputed' -- mine"
    )
    assert 0 < row_count < len(STORIES)
    before = target.read_bytes()
    for condition in (
        "nonsense",
        "true); DROP TABLE claims; SELECT (1",
        "true) UNION SELECT * FROM read_text('/etc/passwd'",
    ):
        with pytest.raises(DataError):
            export(sample_home.published, bounds, "claims", target, Format.CSV, where=condition)
    assert target.read_bytes() == before
    with pytest.raises(DataError, match=r"there are .*claims, "):
        export(sample_home.published, bounds, "clams", target, Format.CSV)


def test_a_broken_export_leaves_the_older_file(sample_home: Home, tmp_path: Path) -> None:
    target = tmp_path / "claims.jsonl"
    target.write_text("older")

    def stop(_stage: str, _done: int, _total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(sample_home.published, AskConfig(), "claims", target, Format.JSONL, progress=stop)
    assert target.read_text() == "older"
    assert list(tmp_path.iterdir()) == [target]
    with pytest.raises(ConfigError, match="cannot be written"):
        export(sample_home.published, AskConfig(), "claims", tmp_path / "no" / "such.csv", Format.CSV)


def test_no_cell_is_a_formula(hostile_home: Home, tmp_path: Path) -> None:
    for view, *_ in views(hostile_home.published, AskConfig()):
        target = tmp_path / f"{view}.csv"
        export(hostile_home.published, AskConfig(), view, target, Format.CSV)
        csv.field_size_limit(10_000_000)
        with target.open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream):
                assert not [cell for cell in row if cell[:1] in tuple("=+@\t\r\n＝＋－＠")], view
    assert csv_cell("-2+3") == "'-2+3"
    assert csv_cell(-2.5) == -2.5


def test_the_format_follows_the_name() -> None:
    assert format_of(Path("a.CSV"), None) is Format.CSV
    assert format_of(Path("a.csv"), Format.JSONL) is Format.JSONL
    with pytest.raises(ConfigError, match="--format csv, parquet, jsonl"):
        format_of(Path("a.xlsx"), None)


def test_the_command_lists_and_writes(sample_home: Home, tmp_path: Path, command: Command) -> None:
    export = ("export", "--home", sample_home.path)
    code, out, _ = command(*export)
    assert (code, "silences" in out) == (0, True)
    code, _, err = command(*export, "claims")
    assert (code, "--out claims.csv" in err) == (2, True)
    code, _, err = command(*export, "claims", "--out", tmp_path / "c.parquet")
    assert (code, f"{len(STORIES):,} rows of" in err) == (0, True)
