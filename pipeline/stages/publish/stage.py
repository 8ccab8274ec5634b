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
from pipeline.core.text import one_line
from pipeline.stages.publish.moved import DAMAGE, Stale, bring_up_to_date, sign
from pipeline.stages.publish.search_index import NoRoom
from pipeline.stages.publish.whole import write_whole
from pipeline.store.queries import Statements
from pipeline.store.store import Store, public_views

SQL = Statements(__package__, "publish")


def publish(store: Store, run: RunContext, verified: Mapping[str, str] | None = None) -> StageCounts:
    """Bring a copy of the last published file to what the public views tell now, or write a new one where
    that cannot be, and rename it to `<home>/published.duckdb`.

    A reader sees the old copy or the new one, whole. Killed half-way, it leaves the old copy and a
    `.publishing` file that the next run removes. Where the last copy cannot be read, that is an issue.
    `inputs` counts tables.

    `verified` says for each declared source when its address was last seen at work, or that nobody did.
    """
    target = run.home.published
    names = public_views()
    fresh = remove_unfinished(target)

    def progress(done: int) -> None:
        run.progress("publish", done, len(names))

    try:
        try:
            bring_up_to_date(store, target, fresh, names, progress)
        except (Stale, NoRoom, *DAMAGE) as error:
            _detach(store, names)
            if isinstance(error, DAMAGE):
                _tell_of_damage(store, run, error)
            write_whole(store, remove_unfinished(target), names, progress)
        _tell_of_run(store, run, verified or {})
        written = sign(store)
        _detach(store, names)
        _sync(fresh)
        os.utime(fresh, ns=(written, written))
    except BaseException:
        with suppress(duckdb.Error):  # what ended it may have ended the connection too
            _detach(store, names)
        remove_unfinished(target)  # on a full disk it would keep the disk full
        raise
    fresh.replace(target)
    _sync(target.parent)
    progress(len(names))
    return StageCounts(inputs=len(names), done=len(names))


def _tell_of_damage(store: Store, run: RunContext, error: duckdb.Error) -> None:
    message = "the last copy could not be brought up to date; all of it is written anew, which takes " \
              f"longer: {one_line(error, 300)}"  # fmt: skip
    store.record_issue(run, "publish", "copy_not_updated", message, place=run.home.published.name)


def _tell_of_run(store: Store, run: RunContext, verified: Mapping[str, str]) -> None:
    meta = {
        "published_at": run.now.isoformat(),
        "run_id": run.run_id,
        "notice": run.config.dashboard.notice,
        "version": version("rumortrail"),
        "corroborating_voices": str(run.config.judge.corroborating_voices),
        "verified": json.dumps(dict(verified), sort_keys=True),
    }
    for part, model in store.execute(SQL["models"]):
        meta[part] = model
    # A journal whose end was cut off is still a sound chain: only copies kept elsewhere show the cut.
    for entries, head in store.execute(SQL["journal_head"]):
        meta |= {"journal_entries": str(entries), "journal_head": head}
    store.connection.execute("DELETE FROM fresh.main.meta")
    store.connection.execute("INSERT INTO fresh.main.meta SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
                             [list(meta), list(meta.values())])


def remove_unfinished(published: Path) -> Path:
    """Remove what a publish that did not end has left beside the published copy; return its path."""
    fresh = published.with_suffix(".publishing")
    for leftover in (fresh, Path(f"{fresh}.wal")):
        leftover.unlink(missing_ok=True)
    return fresh


def _detach(store: Store, names: Sequence[str]) -> None:
    """Drop what stands before the views; let go of the file, which writes what its log holds, or raises."""
    for name in names:
        store.execute(f'DROP VIEW IF EXISTS temp."{name}"')
    store.execute("DETACH DATABASE IF EXISTS fresh")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
