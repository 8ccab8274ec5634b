"""A run: the order of the stages, the lock, the counts, and the one place that catches everything."""

from __future__ import annotations

import json
import os
import shutil
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from crawlers.engine import distribution, launcher
from crawlers.files import importer
from crawlers.link_targets import LINKED
from crawlers.sources import verified
from models.protocols.of_a_run import Models
from pipeline.archive.after_crawl import seal_archives
from pipeline.core.config import Config, Home
from pipeline.core.context import Progress, RunContext, silent
from pipeline.core.engine import Engine
from pipeline.core.errors import DataError, RumortrailError
from pipeline.core.files import FileLock
from pipeline.core.records import InboxCrawl, Outcome, Run, Severity, StageCounts
from pipeline.decisions.sync import copy_journal
from pipeline.digest.changes import Changes, changes, issues
from pipeline.digest.deliver import deliver, write_digest
from pipeline.digest.feed import write_feed
from pipeline.engine.opening import opened
from pipeline.pages.site.write import site_folder, write_site
from pipeline.run.models import LazyModels, second_reader
from pipeline.run.spread_models import installed, spread
from pipeline.stages.cluster.stage import cluster
from pipeline.stages.extract import extract
from pipeline.stages.found import found
from pipeline.stages.gather.stage import gather
from pipeline.stages.ingest.stage import ingest
from pipeline.stages.judge.stage import judge
from pipeline.stages.publish.stage import publish, remove_unfinished
from pipeline.stages.second_read import second_read
from pipeline.stages.trace.stage import trace
from pipeline.stages.track import track
from pipeline.stages.weigh import weigh
from pipeline.storage import copies
from pipeline.storage.copies import Copied
from pipeline.storage.objects import Objects
from pipeline.store.queries import Statements
from pipeline.store.store import Store
from pipeline.watches import tell as watches
from pipeline.watches.feed import write_feeds

SQL = Statements(__package__, "nightly")

Stage = Callable[[Store, RunContext, Models], StageCounts]

STAGES: dict[str, Stage] = {
    "ingest": lambda store, run, _: ingest(store, run),
    "extract": lambda store, run, models: extract(store, run, models.language),
    "found": lambda store, run, models: found(store, run, models.founder),
    "cluster": lambda store, run, models: cluster(store, run, models.embedder, models.stance),
    "gather": lambda store, run, models: gather(
        store, run, models.language, models.embedder, models.retriever, models.stance, models.entailment),
    "weigh": lambda store, run, models: weigh(store, run, models.stance, models.entailment),
    "trace": lambda store, run, _: trace(store, run),
    "judge": lambda store, run, _: judge(store, run),
    "second_read": lambda store, run, _: second_read(store, run, second_reader(run.config, os.environ)),
    "track": lambda store, run, _: track(store, run),
    "publish": lambda store, run, _: publish(store, run, verified(run.home)),
}


TAKE_IN = 300.0
"""Seconds that a run waits for a revisit to store what it saw; for another run it does not wait."""
REVISIT = "a revisit, "
ROOM = 500_000_000  # bytes for what a night brings; its published copy stands beside the last one


@dataclass(frozen=True, slots=True)
class RunReport:
    """How a run ended: counts and seconds by stage, what it changed, whether it published, what stages broke,
    how the crawl of each source ended, and what failed in the run as a whole.
    """

    run_id: str
    outcome: Outcome
    counts: dict[str, StageCounts]
    seconds: dict[str, float]
    changes: Changes
    published: bool
    broken: tuple[str, ...] = ()
    crawled: tuple[InboxCrawl, ...] = ()
    message: str | None = None

    @property
    def exit_code(self) -> int:
        """Return 0 if all went well, 1 if a source or a document failed, 2 if a stage broke or every source
        failed.
        """
        if self.broken or _none_read(self.crawled):
            return 2
        return int(self.outcome is not Outcome.OK)


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
    with locked(home), _engine(home, config, engine) as spreads, _store(home) as store:
        run = replace(_begin(store, home, config, now, command, progress), engine=spreads)
        _fetch(store, run)
        return _stages(store, run, stages, models or spread(config.models, spreads))


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
        return _stages(store, run, ["ingest"], LazyModels(config.models)), counts


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
    with locked(home), _engine(home, config, engine) as spreads:
        _check_space(home, ROOM + (2 * _size(home.published) if "publish" in stages else 0))
        with _store(home) as store:
            begun = _begin(store, home, config, now, command, progress)
            run = replace(begun, began=began, engine=spreads)
            _fetch(store, run)
        crawled = launcher.crawl(
            home,
            config,
            run_id=run.run_id,
            now=now,
            began=began,
            only=only,
            on_progress=progress,
            replay=replay,
            work=distribution.on(spreads),
        )
        # Nothing that the crawl saw may lie after the clock by which it is judged.
        run = run if replay else run.later()
        with _store(home) as store:
            _aside(store, run, "seal", lambda: seal_archives(store, run))
            # A replay sends no digest: what it finds is no news.
            return _stages(store, run, stages, models or spread(config.models, spreads), tell=not replay,
                           crawled=crawled)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _none_read(crawled: Sequence[InboxCrawl]) -> bool:
    """Return True where sources were asked and all failed; the links of posts are no source."""
    asked = _asked(crawled)
    return bool(asked) and all(crawl.outcome is Outcome.FAILED for crawl in asked)


def _asked(crawled: Sequence[InboxCrawl]) -> list[InboxCrawl]:
    return [crawl for crawl in crawled if crawl.outcome is not Outcome.OFF and crawl.source != LINKED.id]


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
        _aside(store, run, "seal", lambda: seal_archives(store, run))
        report = _stages(store, run, ["ingest"], LazyModels(config.models))
        if began is not None:
            _aside(store, run, "watches", lambda: watches.look_at_revisit(store, run))
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


def _engine(home: Home, config: Config, given: Engine | None) -> AbstractContextManager[Engine]:
    """Return the engine that is given, or that of `[engine]`, which is let go of when the block ends."""
    return nullcontext(given) if given else opened(config.engine, home.engine, installed)


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
    """Begin a row of runs. Runs that still say running were killed: the lock is ours."""
    dead = [run_id for (run_id,) in store.execute(SQL["interrupted"])]
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    taken = {run_id for (run_id,) in store.execute(SQL["ids"], {"prefix": stamp})}
    names = (stamp, *(f"{stamp}-{number:03d}" for number in range(2, 10_000)))
    run_id = next(name for name in names if name not in taken)
    run = RunContext(run_id=run_id, now=now, home=home, config=config, progress=progress)
    store.append("runs", [Run(run_id, command, now, None, Outcome.RUNNING, None)])
    for old in dead:
        message = f"run {old} was interrupted; this run goes on from what it had stored"
        store.record_issue(run, "run", "interrupted", message, place=old)
    copy_journal(store, run)
    return run


def _aside(store: Store, run: RunContext, name: str, work: Callable[[], None]) -> None:
    """Do `work` beside the stages; a failure is recorded as an issue, and the run goes on."""
    try:
        work()
    except Exception as error:  # noqa: BLE001  # the error boundary: as for a stage
        _record_failure(store, run, name, error)


def _fetch(store: Store, run: RunContext) -> None:
    """Fetch from the storage of `[engine]` what other machines collected since the newest run here."""
    _with_storage(store, run, partial(copies.fetch, newer=True))


def _keep(store: Store, run: RunContext) -> None:
    """Put into the storage of `[engine]` what it lacks of inbox and archive."""
    _with_storage(store, run, copies.keep)


def _with_storage(store: Store, run: RunContext, work: Callable[..., Copied]) -> None:
    address = run.config.engine.storage

    def told() -> None:
        for fault in work(run.home, Objects(address), progress=run.progress).faults:
            store.record_issue(run, "storage", "storage_failed", fault, place=address)

    if address:
        _aside(store, run, "storage", told)


def _tell(store: Store, run: RunContext) -> None:
    """Send the digest; where it cannot be sent, the run ends with exit code 1."""
    for fault in deliver(run.home, run.config, run.run_id, os.environ)[1]:
        store.record_issue(run, "deliver", "delivery_failed", fault, severity=Severity.ERROR)


def _tell_watches(store: Store, run: RunContext) -> None:
    """Tell the watches what is new; where one cannot be told, the run ends with exit code 1."""
    watches.look_at_copy(run.home, run.config, now=run.ended)
    for fault in watches.send(run.home, run.config, os.environ, now=run.ended, nightly=True).faults:
        store.record_issue(run, "deliver", "delivery_failed", fault, severity=Severity.ERROR)


def _publish_lake(run: RunContext) -> None:
    """Write the night into the lake; where it cannot be, its readers stay with the night before."""
    # Loads what asks PostgreSQL, an extra that a home without a lake does not need.
    from pipeline.lake.address import read_address
    from pipeline.lake.night import write_night

    config = run.config.publish
    write_night(read_address(config.lake), run.home.published, config.storage or str(run.home.lake))


def _write_site(run: RunContext) -> None:
    """Write what moved into the folder of `[site] out`, which may be relative to the home folder."""
    write_site(run.home, run.config, site_folder(run.home, run.config), progress=run.progress)


def _stages(
    store: Store, run: RunContext, stages: Sequence[str], models: Models, *, tell: bool = False,
    crawled: Sequence[InboxCrawl] = ()
) -> RunReport:
    counts: dict[str, StageCounts] = {}
    seconds: dict[str, float] = {}
    broken: list[str] = []
    told: Changes | None = None
    _keep(store, run)

    def digest() -> None:
        nonlocal told
        told = changes(store, run)
        write_digest(run, told)

    for name in stages:
        if name == "publish":
            # What the copy says of this run must be true when it is read.
            _finish(store, run, broken, crawled)
            _aside(store, run, "digest", digest)
        started = time.perf_counter()
        try:
            counts[name] = STAGES[name](store, run, models)
        except Exception as error:  # noqa: BLE001  # the error boundary: the rest of the night goes on
            broken.append(name)
            _record_failure(store, run, name, error)
            continue
        seconds[name] = time.perf_counter() - started
        _record(store, run, name, counts[name], seconds[name])
    if "publish" in counts:
        if run.config.publish.lake:
            _aside(store, run, "lake", lambda: _publish_lake(run))
        _aside(store, run, "feed", lambda: write_feed(store, run))
        _aside(store, run, "feed", lambda: write_feeds(run.home, run.config))
        if tell:
            _aside(store, run, "deliver", lambda: _tell(store, run))
            _aside(store, run, "watches", lambda: _tell_watches(store, run))
            if run.config.site.out:
                _aside(store, run, "site", lambda: _write_site(run))
    _finish(store, run, broken, crawled)
    outcome = _outcome(store, run, broken, crawled)
    # Nothing that comes after the digest changes more than issues.
    told = replace(told, issues=issues(store, run)) if told else changes(store, run)
    return RunReport(run.run_id, outcome, counts, seconds, told, "publish" in counts,
                     tuple(broken), tuple(crawled), _message(broken, crawled))


def _outcome(store: Store, run: RunContext, broken: Sequence[str], crawled: Sequence[InboxCrawl]) -> Outcome:
    if "publish" in broken or _none_read(crawled):
        return Outcome.FAILED
    this = {"run_id": run.run_id}
    # A crawl alone is not read into the store yet.
    lost = any(crawl.outcome in (Outcome.PARTIAL, Outcome.FAILED) for crawl in crawled)
    lost = lost or bool(store.execute(SQL["failed_crawls"], this))
    failed = broken or lost or store.execute(SQL["errors"], this)[0][0]
    return Outcome.PARTIAL if failed else Outcome.OK


def _finish(store: Store, run: RunContext, broken: Sequence[str], crawled: Sequence[InboxCrawl]) -> None:
    message = _message(broken, crawled)
    outcome = _outcome(store, run, broken, crawled)
    values = {"run_id": run.run_id, "finished_at": run.ended, "outcome": outcome, "message": message}
    store.execute(SQL["finish"], values)


def _message(broken: Sequence[str], crawled: Sequence[InboxCrawl]) -> str | None:
    """Return what failed in a run as a whole; None where nothing did."""
    if broken:
        return f"failed: {', '.join(broken)}"
    if not _none_read(crawled):
        return None
    shared = {crawl.message for crawl in _asked(crawled)}
    why = shared.pop() if len(shared) == 1 else None
    return f"no source could be read: {why}" if why else "no source could be read"


def _record(store: Store, run: RunContext, stage: str, counts: StageCounts, seconds: float) -> None:
    row = asdict(counts) | {"detail": json.dumps(counts.detail, sort_keys=True)}
    row |= {"run_id": run.run_id, "stage": stage, "seconds": seconds}
    store.execute(SQL["record"], row)


def _record_failure(store: Store, run: RunContext, stage: str, error: Exception) -> None:
    expected = isinstance(error, RumortrailError)
    message = str(error) if expected else "".join(traceback.format_exception_only(error)).strip()
    store.record_issue(run, stage, "stage_failed", message, severity=Severity.ERROR, place=stage)
    if not expected:
        log = run.home.path / "logs" / f"{run.run_id}-{stage}.txt"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("".join(traceback.format_exception(error)), "utf-8")
