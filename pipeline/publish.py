"""Publish: a fresh read-only copy of the public views, renamed over the last one."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path

from pipeline.context import RunContext
from pipeline.records import StageCounts
from pipeline.store import Store


def publish(store: Store, run: RunContext) -> StageCounts:
    """Write every public view as a table of a new file and rename it to `<home>/published.duckdb`.

    A reader sees the old copy or the new one, whole. Killed half-way, it leaves the old copy and a `.publishing` file
    that the next publish removes. `inputs` counts tables.
    """
    target = run.home.published
    fresh = target.with_suffix(".publishing")
    for left in (fresh, Path(f"{fresh}.wal")):
        left.unlink(missing_ok=True)
    names = [name for (name,) in store.execute("publish", "views")]
    execute = store.connection.execute
    execute(f"ATTACH '{str(fresh).replace(chr(39), chr(39) * 2)}' AS fresh")
    try:
        for done, name in enumerate(names):
            run.progress("publish", done, len(names))
            execute(f'CREATE TABLE fresh.main."{name}" AS SELECT * FROM main."{name}"')
        execute("CREATE TABLE fresh.main.meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)")
        meta = {
            "published_at": run.now.isoformat(),
            "run_id": run.run_id,
            "notice": run.config.dashboard.notice,
            "version": version("rumortrail"),
        }
        for key, value in meta.items():
            execute("INSERT INTO fresh.main.meta VALUES (?, ?)", [key, value])
    finally:
        execute("DETACH fresh")
    _sync(fresh)
    fresh.replace(target)
    _sync(target.parent)
    run.progress("publish", len(names), len(names))
    return StageCounts(inputs=len(names), done=len(names))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
