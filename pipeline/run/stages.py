"""The stages of a run in their order: each is counted, and one that breaks does not end the run."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from crawlers.sources import verified
from models.protocols.of_a_run import Models
from pipeline.core.context import RunContext
from pipeline.core.inbox_records import InboxCrawl
from pipeline.core.records import StageCounts
from pipeline.core.vocabulary import Outcome
from pipeline.digest.changes import Changes, changes, issues
from pipeline.digest.deliver import write_digest
from pipeline.run.after_publishing import after_publishing
from pipeline.run.error_boundary import aside, record_failure
from pipeline.run.models import second_reader
from pipeline.run.report import RunReport, none_read, what_failed
from pipeline.run.storage import keep
from pipeline.stages.cluster.stage import cluster
from pipeline.stages.extract import extract
from pipeline.stages.found import found
from pipeline.stages.gather.stage import gather
from pipeline.stages.ingest.stage import ingest
from pipeline.stages.judge.stage import judge
from pipeline.stages.publish.stage import publish
from pipeline.stages.second_read import second_read
from pipeline.stages.trace.stage import trace
from pipeline.stages.track import track
from pipeline.stages.weigh import weigh
from pipeline.store.queries import Statements
from pipeline.store.store import Store

SQL = Statements(__package__, "stages")

Stage = Callable[[Store, RunContext, Models], StageCounts]

STAGES: dict[str, Stage] = {
    "ingest": lambda store, run, _: ingest(store, run),
    "extract": lambda store, run, models: extract(store, run, models.language),
    "found": lambda store, run, models: found(store, run, models.founder),
    "cluster": lambda store, run, models: cluster(store, run, models.embedder, models.stance),
    "gather": lambda store, run, models: gather(
        store, run, models.language, models.embedder, models.retriever, models.stance, models.entailment,
        lambda: models.founder),
    "weigh": lambda store, run, models: weigh(store, run, models.stance, models.entailment),
    "trace": lambda store, run, _: trace(store, run),
    "judge": lambda store, run, _: judge(store, run),
    "second_read": lambda store, run, _: second_read(store, run, second_reader(run.config, os.environ)),
    "track": lambda store, run, _: track(store, run),
    "publish": lambda store, run, _: publish(store, run, verified(run.home)),
}


def run_stages(
    store: Store, run: RunContext, stages: Sequence[str], models: Models, *, tell: bool = False,
    crawled: Sequence[InboxCrawl] = ()
) -> RunReport:
    """Run `stages` over what is not done yet, count what each did, and return how the run ended.

    A stage that breaks is recorded, and the others go on. With `tell`, what is new is sent.
    """
    counts: dict[str, StageCounts] = {}
    seconds: dict[str, float] = {}
    broken: list[str] = []
    what_changed: Changes | None = None
    keep(store, run)

    def digest() -> None:
        nonlocal what_changed
        what_changed = changes(store, run)
        write_digest(run, what_changed)

    for name in stages:
        if name == "publish":
            # What the copy says of this run must be true when it is read.
            _finish(store, run, broken, crawled)
            aside(store, run, "digest", digest)
        started = time.perf_counter()
        try:
            counts[name] = STAGES[name](store, run, models)
        except Exception as error:  # noqa: BLE001  # the error boundary: the rest of the night goes on
            broken.append(name)
            record_failure(store, run, name, error)
            continue
        seconds[name] = time.perf_counter() - started
        _record(store, run, name, counts[name], seconds[name])
    if "publish" in counts:
        after_publishing(store, run, tell=tell)
    _finish(store, run, broken, crawled)
    outcome = _outcome(store, run, broken, crawled)
    # Nothing that comes after the digest changes more than issues.
    what_changed = replace(what_changed, issues=issues(store, run)) if what_changed else changes(store, run)
    return RunReport(run.run_id, outcome, counts, seconds, what_changed, "publish" in counts,
                     tuple(broken), tuple(crawled), what_failed(broken, crawled))


def _outcome(store: Store, run: RunContext, broken: Sequence[str], crawled: Sequence[InboxCrawl]) -> Outcome:
    if "publish" in broken or none_read(crawled):
        return Outcome.FAILED
    parameters = {"run_id": run.run_id}
    # A crawl alone is not read into the store yet.
    incomplete = any(crawl.outcome in (Outcome.PARTIAL, Outcome.FAILED) for crawl in crawled)
    incomplete = incomplete or bool(store.execute(SQL["failed_crawls"], parameters))
    failed = broken or incomplete or store.execute(SQL["errors"], parameters)[0][0]
    return Outcome.PARTIAL if failed else Outcome.OK


def _finish(store: Store, run: RunContext, broken: Sequence[str], crawled: Sequence[InboxCrawl]) -> None:
    outcome = _outcome(store, run, broken, crawled)
    values = {"run_id": run.run_id, "finished_at": run.ended, "outcome": outcome,
              "message": what_failed(broken, crawled)}
    store.execute(SQL["finish"], values)


def _record(store: Store, run: RunContext, stage: str, counts: StageCounts, seconds: float) -> None:
    row = asdict(counts) | {"detail": json.dumps(counts.detail, sort_keys=True)}
    row |= {"run_id": run.run_id, "stage": stage, "seconds": seconds}
    store.execute(SQL["record"], row)
