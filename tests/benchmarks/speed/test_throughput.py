"""Test how throughput is reckoned; `make bench` measures it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.harness import run_apart
from benchmarks.speed import throughput


def told(documents: int, **parts: float) -> dict[str, object]:
    return {
        "documents": documents, "seconds": {stage: [spent, spent / 2] for stage, spent in parts.items()},
        "peak_gb": 1.0,
    }


def test_loading_counts_and_both_clocks_are_told() -> None:
    summary = throughput.summary(
        {"ours": told(100, loading=1, extract=3, cluster=1), "naive": told(100, loading=5, parse=5, embed=40)}
    )
    assert summary["wall_documents_per_second"] == {"ours": 20, "naive": 2}
    assert summary["wall_times_as_fast"] == summary["processor_times_as_fast"] == 10
    assert summary["processor_documents_per_second"] == {"ours": 40, "naive": 4}


def test_a_part_that_comes_twice_adds_up(monkeypatch: pytest.MonkeyPatch) -> None:
    wall_times, processor = iter([1.0, 4.0, 10.0, 12.0]), iter([0.0, 1.0, 1.0, 1.5])
    monkeypatch.setattr(throughput.time, "perf_counter", lambda: next(wall_times))
    monkeypatch.setattr(throughput.time, "process_time", lambda: next(processor))
    clock = throughput.Clock()
    for _ in range(2):
        with clock.part("parse"):
            pass
    assert clock.parts == {"parse": [5.0, 1.5]}


def test_a_way_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"No such file or directory: .*none\.jsonl"):
        run_apart(throughput.__name__, tmp_path / "none.jsonl", "--way", "naive")


def test_the_table_shows_every_part(capsys: pytest.CaptureFixture[str]) -> None:
    ways = {"ours": told(100, loading=1, extract=3), "naive": told(100, parse=5, embed=40)}
    throughput.show(throughput.summary(ways), Console(width=120))
    output = capsys.readouterr().out
    assert all(word in output for word in ("extract", "embed", "11.2 times as fast", "1.00 GB (ours)"))
