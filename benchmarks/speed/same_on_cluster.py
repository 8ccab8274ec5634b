"""Compares what one process and a Ray cluster publish of the same raw items, row for row.

    python -m benchmarks.speed.same_on_cluster OUT FILES... [--items N] [--workers N]

FILES are what `rumortrail ingest` reads, as JSON lines. N items (all without `--items`) are drawn by their
places: of each file the same share, evenly spread over it. They are read once in one process, and once on a
cluster of `--workers` (two) that is begun on this machine. Then the rows of every public view are hashed, and
a table tells which views are the same; the exit code is 1 where one differs: `diff -r OUT/one OUT/cluster`.

Lines say how far it is, every half minute at most. Killed and run again, it goes on with what is in OUT;
views that tell of runs may then differ, and are told apart.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.speed.ray_cluster import machines
from benchmarks.speed.same import OF_RUNS, dump
from pipeline.core.config import Config, EngineConfig
from pipeline.core.engine import Batch, Engine, Lost, Result
from pipeline.core.home import Home
from pipeline.engine.opening import opened
from pipeline.run.nightly import process, take_in
from pipeline.run.spread_models import installed

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EVERY = 30.0
"""Seconds between two lines of progress."""


class Progress:
    """Prints how far a run is, with the seconds since it began."""

    def __init__(self, name: str) -> None:
        self._name, self._began, self._told = name, time.monotonic(), 0.0

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            of_all = f" of {total:,}" if total is not None else ""
            self.say(f"{stage}: {done:,}{of_all}")

    def say(self, words: str) -> None:
        """Print a line."""
        print(f"{time.monotonic() - self._began:7.0f} s  {self._name}: {words}", flush=True)


class Counted:
    """An engine that counts the batches which it gives to its workers."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self.workers, self.batches = engine, engine.workers, 0

    def map(self, function: Callable[[Batch], Result], batches: Iterable[Batch],
            lost: Lost[Result] | None = None) -> Iterator[Result]:
        """Yield what the engine yields."""
        return self._engine.map(function, self._count(batches), lost)

    def _count(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        for batch in batches:
            self.batches += 1
            yield batch


def draw(files: list[Path], items: int, out: Path) -> int:
    """Write the items that are drawn into files of the same names in `out`; return how many there are."""
    lines = {file: file.read_text("utf-8").splitlines(keepends=True) for file in files}
    step = max(1.0, sum(map(len, lines.values())) / items) if items else 1.0
    out.mkdir(parents=True, exist_ok=True)
    drawn_count = 0
    for file, rows in lines.items():
        drawn = [rows[int(number * step)] for number in range(int((len(rows) - 1) / step) + 1)]
        (out / file.name).write_text("".join(drawn), "utf-8")
        drawn_count += len(drawn)
    return drawn_count


def read(name: str, settings: EngineConfig, out: Path, drawn: list[Path]) -> None:
    """Read what is drawn in a home of its own on an engine, and dump what it publishes to `out/name`."""
    progress, home = Progress(name), Home(out / f"{name}-home")
    config, taken = replace(Config(), engine=settings), out / f"{name}-home" / "taken"
    if not taken.exists():
        take_in(home, config, drawn, now=NOW, progress=progress)
        taken.touch()
    with opened(settings, home.engine, installed) as plain:
        engine = Counted(plain)
        report = process(home, config, now=NOW, progress=progress, engine=engine)
    seconds = ", ".join(f"{stage} {spent:.1f}" for stage, spent in report.seconds.items())
    given = f"{engine.workers} workers, {engine.batches:,} batches given to them"
    progress.say(f"{report.outcome}; {given}; seconds: {seconds}")
    if report.broken:
        sys.exit(f"{name}: {report.message}")
    unfinished = out / f"{name}-unfinished"
    dump(home.path, unfinished)
    unfinished.rename(out / name)


def compare(one: Path, other: Path) -> list[str]:
    """Print rows and hash of each view; return the views that differ, but for those that tell of runs."""
    different = []
    for view in sorted({file.name for folder in (one, other) for file in folder.iterdir()}):
        texts = [(folder / view).read_bytes() for folder in (one, other) if (folder / view).exists()]
        hashes = [hashlib.sha256(text).hexdigest()[:16] for text in texts]
        is_same = len(texts) == 2 and len(set(hashes)) == 1
        rows = texts[0].count(b"\n")
        told = hashes[0] if is_same else f"{' '.join(hashes)}  DIFFERS"
        print(f"{view.removesuffix('.jsonl'):24} {rows:>9,}  {told}")
        if not is_same and view.removesuffix(".jsonl") not in OF_RUNS:
            different.append(view)
    return different


def main() -> None:
    """Draw, read twice, compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--items", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    out = args.out.resolve()
    items = out / "items"
    if not items.exists():
        print(f"{draw(args.files, args.items, items):,} items drawn", flush=True)
    drawn = sorted(items.iterdir())
    if not (out / "one").exists():
        read("one", EngineConfig(), out, drawn)
    if not (out / "cluster").exists():
        with machines(args.workers) as cluster:
            read("cluster", cluster.engine, out, drawn)
    different = compare(out / "one", out / "cluster")
    print(f"{len(different)} views differ: {', '.join(different)}" if different else "All views are the same")
    sys.exit(bool(different))


if __name__ == "__main__":
    main()
