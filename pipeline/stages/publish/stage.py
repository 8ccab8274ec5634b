"""Publish: a fresh read-only copy of the public views, renamed over the last one."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import duckdb

from pipeline.core.context import RunContext
from pipeline.core.records import StageCounts
from pipeline.stages.publish.search_index import index
from pipeline.store.queries import Statements
from pipeline.store.store import Store, public_views

SQL = Statements(__package__, "publish")

# What is asked about one claim, or one document, then stands together: benchmarks/sql_scale.py,
# docs/benchmarks.md.
SORTED = {
    "carriers": "source, claim_id",
    "claims": "claim_id",
    "evidence": "claim_id",
    "mentions": "claim_id",
    "second_opinions": "claim_id",
    "status_history": "claim_id, judged_at, step",
    "subjects": "type, subject",
    "timeline": "claim_id",
    "track_record_claims": "who_id",
    "documents": "document_id",
    "provenance": "document_id",
    "repeats": "source_id",
    "versions": "document_id, number",
}


def publish(store: Store, run: RunContext, verified: Mapping[str, str] | None = None) -> StageCounts:
    """Write every public view as a table of a new file, index it for search, and rename it to
    `<home>/published.duckdb`.

    A reader sees the old copy or the new one, whole. Killed half-way, it leaves the old copy and a
    `.publishing` file that the next run removes. `inputs` counts tables.

    The views are written in the order in which they were laid, each after those that it reads. A temporary
    view of the same name stands before each that is written: what is laid on it reads the table, and is not
    worked out again.

    `verified` says for each declared source when its address was last seen at work, or that nobody did.
    """
    target = run.home.published
    fresh = remove_unfinished(target)
    names = public_views()
    execute = store.connection.execute
    execute(f"ATTACH '{str(fresh).replace(chr(39), chr(39) * 2)}' AS fresh")
    try:
        for done, name in enumerate(names):
            run.progress("publish", done, len(names))
            order = f" ORDER BY {SORTED[name]}" if name in SORTED else ""
            execute(f'CREATE TABLE fresh.main."{name}" AS SELECT * FROM main."{name}"{order}')
            execute(f'CREATE TEMP VIEW "{name}" AS FROM fresh.main."{name}"')
        index(store)
        execute("CREATE TABLE fresh.main.meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)")
        meta = {
            "published_at": run.now.isoformat(),
            "run_id": run.run_id,
            "notice": run.config.dashboard.notice,
            "version": version("rumortrail"),
            "corroborating_voices": str(run.config.judge.corroborating_voices),
            "verified": json.dumps(dict(verified or {}), sort_keys=True),
        }
        for part, model in store.execute(SQL["models"]):
            meta[part] = model
        # A journal whose end was cut off is still a sound chain: the copies that left the house show it.
        for entries, head in store.execute(SQL["journal_head"]):
            meta |= {"journal_entries": str(entries), "journal_head": head}
        execute("INSERT INTO fresh.main.meta SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
                [list(meta), list(meta.values())])
        _detach(store, names)
        _sync(fresh)
    except BaseException:
        with suppress(duckdb.Error):  # what ended it may have ended the connection too
            _detach(store, names)
        remove_unfinished(target)  # on a full disk it would keep the disk full
        raise
    fresh.replace(target)
    _sync(target.parent)
    run.progress("publish", len(names), len(names))
    return StageCounts(inputs=len(names), done=len(names))


def remove_unfinished(published: Path) -> Path:
    """Remove what a publish that did not end has left beside the published copy; return its path."""
    fresh = published.with_suffix(".publishing")
    for left in (fresh, Path(f"{fresh}.wal")):
        left.unlink(missing_ok=True)
    return fresh


def _detach(store: Store, names: Sequence[str]) -> None:
    for name in names:
        store.execute(f'DROP VIEW IF EXISTS temp."{name}"')
    store.execute("DETACH fresh")  # writes what the write-ahead log still holds, or raises


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
