"""Items are drawn evenly by their places, and views that differ are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.speed.same_on_cluster import compare, draw


def test_of_each_file_the_same_share_is_drawn_evenly(tmp_path: Path) -> None:
    files = [tmp_path / "long.jsonl", tmp_path / "short.jsonl"]
    files[0].write_text("".join(f"{number}\n" for number in range(80)), "utf-8")
    files[1].write_text("".join(f"{number}\n" for number in range(20)), "utf-8")
    assert draw(files, 10, tmp_path / "drawn") == 10
    assert (tmp_path / "drawn" / "long.jsonl").read_text("utf-8").split() == [
        "0", "10", "20", "30", "40", "50", "60", "70"]
    assert (tmp_path / "drawn" / "short.jsonl").read_text("utf-8").split() == ["0", "10"]
    assert draw(files, 0, tmp_path / "all") == 100


def test_a_row_that_differs_and_a_view_that_is_missing_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, run in ((one, "a"), (other, "b")):
        folder.mkdir()
        (folder / "claims.jsonl").write_text("x\ny\n", "utf-8")
        (folder / "runs.jsonl").write_text(run, "utf-8")
    assert compare(one, other) == []
    assert "runs" in capsys.readouterr().out.partition("DIFFERS")[0]
    (other / "claims.jsonl").write_text("x\nz\n", "utf-8")
    (one / "mentions.jsonl").write_text("m\n", "utf-8")
    assert compare(one, other) == ["claims.jsonl", "mentions.jsonl"]
