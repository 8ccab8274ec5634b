"""A run: the lock, the crawl, and then the stages."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from crawlers.engine import distribution, launcher
from crawlers.files import importer
from models.protocols.of_a_run import Models
from pipeline.archive.after_crawl import seal_archives
from pipeline.core.config import Config
from pipeline.core.context import Progress, RunContext, silent
from pipeline.core.engine import Engine
from pipeline.core.errors import DataError
from pipeline.core.files import REVISIT, FileLock
from pipeline.core.home import Home
from pipeline.core.records import Run, StageCounts
from pipeline.core.vocabulary import Outcome
from pipeline.decisions.sync import copy_journal
from pipeline.engine.opening import opened
from pipeline.run.error_boundary import aside
from pipeline.run.models import LazyModels
from pipeline.run.report import RunReport
from pipeline.run.spread_models import installed, spread
from pipeline.run.stages import STAGES, run_stages
from pipeline.run.storage import fetch
from pipeline.stages.publish.stage import remove_unfinished
from pipeline.store.queries import Statements
from pipeline.store.store import Store
from pipeline.watches import tell as watches

SQL = Statements(__package__, "nightly")


TAKE_IN = 300.0
"""Seconds that a run waits for a revisit to store what it saw; for another run it does not wait."""
ROOM = 500_000_000  # bytes for what a night brings; its published copy stands beside the last one


def process(
    home: Home,
    config: Config,
    *,
    now: datetime,
    stages: Sequence[str] = tuple(STAGES),
    command: str = "process",
    progress: Progress = silent,
    models: Models | None = None,
    engine: Engine | None = None,
) -> RunReport:
    """Run `stages` over what is not done yet, on `engine` or that of the settings.

    Raises RumortrailError where another run holds the home folder, or the cluster of `[engine]` cannot be
    used.
    """
    with locked(home), _engine(home, config, engine) as run_engine, _store(home) as store:
        run = replace(_begin(store, home, config, now, command, progress), engine=run_engine)
        fetch(store, run)
        return run_stages(store, run, stages, models or spread(config.models, run_engine))


def take_in(
    home: Home, config: Config, paths: Sequence[Path], *, now: datetime, progress: Progress = silent
) -> tuple[RunReport, StageCounts]:
    """Put files into the inbox and read the inbox into the store; return the counts of the files too.

    Raises RumortrailError where another run holds the home folder or a path does not exist.
    """
    with locked(home), _store(home) as store:
        run = _begin(store, home, config, now, "ingest", progress)
        files = importer.collect(paths, home, config, run_id=run.run_id, now=now, on_progress=progress)
        counts = StageCounts(files.inputs, files.done, files.skipped, files.failed)
        return run_stages(store, run, ["ingest"], LazyModels(config.models)), counts


def nightly(
    home: Home,
    config: Config,
    *,
    now: datetime,
    only: Sequence[str] = (),
    stages: Sequence[str] = tuple(STAGES),
    command: str = "nightly",
    progress: Progress = silent,
    models: Models | None = None,
    engine: Engine | None = None,
    replay: bool = False,
) -> RunReport:
    """Crawl the configured sources, then run `stages`, on `engine` or that of the settings.

    Documents bear the time of their answer, and the stages the time of the crawl's end; in a `replay` all
    bear `now`. Raises RumortrailError where another run holds the home folder or the disk has too little room
    for a night, and ConfigError for faulty sources, and where the cluster of `[engine]` cannot be used.
    """
    began = time.monotonic()
    with locked(home), _engine(home, config, engine) as run_engine:
        _check_space(home, ROOM + (2 * _size(home.published) if "publish" in stages else 0))
        with _store(home) as store:
            new_run = _begin(store, home, config, now, command, progress)
            run = replace(new_run, began=began, engine=run_engine)
            fetch(store, run)
        crawled = launcher.crawl(
            home,
            config,
            run_id=run.run_id,
            now=now,
            began=began,
            only=only,
            on_progress=progress,
            replay=replay,
            work=distribution.on(run_engine),
        )
        # Nothing that the crawl saw may lie after the clock by which it is judged.
        run = run if replay else run.later()
        with _store(home) as store:
            aside(store, run, "seal", lambda: seal_archives(store, run))
            # A replay sends no digest: what it finds is no news.
            return run_stages(store, run, stages, models or spread(config.models, run_engine),
                           tell=not replay, crawled=crawled)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _check_space(home: Home, needed: int) -> None:
    """Raise DataError where the disk of the home folder has fewer bytes free than a night needs."""
    free = shutil.disk_usage(home.path).free
    if free < needed:
        raise DataError(
            f"{home.path} has {free / 1e9:.1f} GB left on its disk, and a night may need "
            f"{needed / 1e9:.1f} GB: make room, or move the home folder (docs/year.md)")


def take_in_looks(
    home: Home, config: Config, *, now: datetime, began: float | None = None, progress: Progress = silent
) -> RunReport:
    """Seal the archive of a revisit, and read the inbox into the store.

    The revisit began at `now`, when the monotonic clock showed `began`; without that its looks took no time.
    Raises BusyError where another run holds the home folder: that run, or the next one, does it.
    """
    with locked(home, looks=True), _store(home) as store:
        run = _begin(store, home, config, now, "revisit", progress)
        run = run if began is None else replace(run, began=began)
        aside(store, run, "seal", lambda: seal_archives(store, run))
        report = run_stages(store, run, ["ingest"], LazyModels(config.models))
        if began is not None:
            aside(store, run, "watches", lambda: watches.look_at_revisit(store, run))
        return report


@contextmanager
def locked(home: Home, *, looks: bool = False) -> Iterator[None]:
    """Hold the home folder for writing, and remove what an ended publish left; `looks` for a revisit that
    stores what it saw.

    Raises BusyError where another process holds it; a run waits TAKE_IN seconds for a revisit.
    """

    def wait(holder: str) -> float:
        return TAKE_IN if holder.startswith(REVISIT) and not looks else 1.0

    with FileLock(home.lock).held(REVISIT if looks else "", wait):
        remove_unfinished(home.published)
        yield


def _engine(home: Home, config: Config, engine: Engine | None) -> AbstractContextManager[Engine]:
    """Return the engine that is given, or that of `[engine]`, which is let go of when the block ends."""
    return nullcontext(engine) if engine else opened(config.engine, home.engine, installed)


@contextmanager
def _store(home: Home) -> Iterator[Store]:
    store = Store.open(home.work)
    try:
        yield store
    finally:
        store.close()


def _begin(
    store: Store, home: Home, config: Config, now: datetime, command: str, progress: Progress
) -> RunContext:
    """Add the run's row. Runs that still say running were killed, as the lock is ours: each is an issue."""
    interrupted_ids = [run_id for (run_id,) in store.execute(SQL["interrupted"])]
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    taken_ids = {run_id for (run_id,) in store.execute(SQL["ids"], {"prefix": stamp})}
    names = (stamp, *(f"{stamp}-{number:03d}" for number in range(2, 10_000)))
    run_id = next(name for name in names if name not in taken_ids)
    run = RunContext(run_id=run_id, now=now, home=home, config=config, progress=progress)
    store.append("runs", [Run(run_id, command, now, None, Outcome.RUNNING, None)])
    for interrupted_id in interrupted_ids:
        message = f"run {interrupted_id} was interrupted; this run goes on from what it had stored"
        store.record_issue(run, "run", "interrupted", message, place=interrupted_id)
    copy_journal(store, run)
    return run
