"""Measure the stages of a run on an engine: `python -m benchmarks.speed.engines FILES... [--processes N]`.

FILES are what `rumortrail ingest` reads. For each stage: seconds on the wall, of the processor in this
process and in those beside it, and those of this process's own thread, which no other core can take over. A
second run with another `--processes` tells what these are worth; where other work runs on the machine,
processor seconds tell more than the wall. `taskset -c 0 python ...` holds everything to one core. The last
line is a hash of the published copy, which is the same for every engine (benchmarks/speed/same.py).
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psutil

from benchmarks.speed.same import dump
from pipeline.core.config import Config, EngineConfig
from pipeline.core.home import Home
from pipeline.engine.opening import opened
from pipeline.run.nightly import process, take_in
from pipeline.run.spread_models import installed, spread
from pipeline.run.stages import STAGES

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROW = "{:12} {:>8} {:>10} {:>10} {:>10} {:>8}"


def beside() -> list[psutil.Process]:
    """Return the child processes of this process, and their children."""
    return psutil.Process().children(recursive=True)


def spent() -> tuple[float, float]:
    """Return processor seconds of this process, and of its running children."""
    own = os.times()
    beside_times = [process.cpu_times() for process in beside()]
    return own.user + own.system, sum(times.user + times.system for times in beside_times)


def gigabytes() -> float:
    """Return the resident memory of this process and its children; shared memory counts for each."""
    return sum(running.memory_info().rss for running in [psutil.Process(), *beside()]) / 1e9


def main() -> None:
    """Ingest the files into a temporary home, and run every stage over them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--processes", type=int, default=1)
    args = parser.parse_args()
    config = replace(Config(), engine=EngineConfig(processes=args.processes))
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        take_in(home, config, args.files, now=NOW)
        print(ROW.format("stage", "wall", "here", "beside", "own thread", "GB"))
        with opened(config.engine, home.engine, installed) as engine:
            models = spread(config.models, engine)
            for name in STAGES:
                start, (own, other), thread_start = time.perf_counter(), spent(), time.thread_time()
                process(home, config, now=NOW, stages=[name], models=models, engine=engine)
                (own_now, other_now), memory = spent(), gigabytes()
                figures = (time.perf_counter() - start, own_now - own, other_now - other,
                           time.thread_time() - thread_start, memory)
                print(ROW.format(name, *(f"{figure:.1f}" for figure in figures)), flush=True)
        print(dump(home.path, Path(folder) / "views"))


if __name__ == "__main__":
    main()
