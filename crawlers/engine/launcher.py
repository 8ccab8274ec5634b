"""Starts a crawl in a process of its own, and returns how each source ended.

A Twisted reactor cannot start twice in a process, and a crawl that hangs can be ended from outside. The job
goes to `python -m crawlers` on its standard input, which stays open: when this process dies, so does that
one. How each source ended comes back on its standard output, one JSON object a line; its log goes to
`<home>/logs/<run_id>.log`.
"""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import IO

from pydantic import TypeAdapter, ValidationError

from crawlers.crawl_state import CrawlState
from crawlers.engine.job import CrawlMessage, Job, Unreachable
from crawlers.http.credentials import lacking
from crawlers.link_targets import LINKED
from crawlers.links_to_follow import Following
from crawlers.sources import DeclaredSource, choose, load_sources
from pipeline.core.config import Config
from pipeline.core.errors import DataError, NetworkError
from pipeline.core.home import Home
from pipeline.core.inbox import InboxWriter
from pipeline.core.inbox_records import InboxCrawl, InboxIssue, InboxRecord
from pipeline.core.vocabulary import Outcome, Severity

GRACE = 30.0
"""Seconds beyond night_budget and one request's time after which the crawlers are killed."""

NO_NETWORK = "no network: "
"""The beginning of a crawl's message by which the view `source_health` knows that no source is at fault."""

_MESSAGE: TypeAdapter[CrawlMessage] = TypeAdapter(CrawlMessage)
_UNREACHABLE = TypeAdapter(Unreachable)


def _silent(_stage: str, _done: int, _total: int | None) -> None:
    """A progress that shows nothing."""


def crawl(
    home: Home,
    config: Config,
    *,
    run_id: str,
    now: datetime,
    only: Sequence[str] = (),
    on_progress: Callable[[str, int, int | None], None] = _silent,
    began: float | None = None,
    replay: bool = False,
    work: Callable[[Job], Iterator[InboxCrawl]] | None = None,
) -> list[InboxCrawl]:
    """Crawl the sources of `home` into its inbox, and return how each ended.

    `only` names the sources to crawl, even if they are switched off; one whose credential is not set
    (`crawlers.http.credentials`) is off all the same. After them the links of posts are followed
    (`crawlers.spiders.followed_links`), unless `only` names sources: that ends as the source `linked`, where
    there was anything to do. `now` is the wall clock at the start, when the monotonic one showed `began` (by
    default now): what is seen later bears the later time, but in a `replay` all bears `now`. `work` does
    the job, as `results` does by default (`crawlers.engine.distribution`).

    A source that did not come to its end (a crash, the budget) is recorded as failed; so are all, in the same
    words, where the crawlers' memory is damaged or no server can be reached. Raises ConfigError where
    sources.toml is missing or faulty.
    """
    began = monotonic() if began is None else began
    declared = load_sources(home.sources_file)
    chosen = choose(declared, tuple(only))
    enabled = [source for source in chosen if source.enabled or only]
    wanted = [source for source in enabled if lacking(source.spider, source.url) is None]
    ended = {source.id: _off(home, run_id, now, source) for source in chosen if source not in wanted}
    on_progress("crawl", len(ended), len(chosen))
    failure, reached = _damage(home) if wanted else "", True
    if wanted and not failure:
        follow = None if only else Following(tuple(declared))
        home_path, sources = str(home.path), tuple(wanted)
        job = Job(run_id, now, config.crawl, home_path, sources, replay=replay, follow=follow, began=began)
        try:
            for result in (work or results)(job):
                ended[result.source] = result
                on_progress("crawl", len(ended), max(len(chosen), len(ended)))
        except NetworkError as error:
            failure, reached = str(error), False
    linked = [LINKED] if (home.inbox / run_id / f"{LINKED.id}.jsonl.gz").exists() else []
    for source in [*wanted, *linked]:
        if source.id not in ended:
            at = now + timedelta(seconds=monotonic() - began)
            ended[source.id] = failed(home, run_id, now, at, source, failure, reached=reached)
            on_progress("crawl", len(ended), max(len(chosen), len(ended)))
    return [ended[source.id] for source in [*chosen, *linked]]


def results(job: Job) -> Iterator[InboxCrawl]:
    """Do `job` in a process of its own, and yield how each source ended, as it ends. Raises as `output`."""
    return (message for message in output(job) if isinstance(message, InboxCrawl))


def output(job: Job) -> Iterator[CrawlMessage]:
    """Do `job` in a process of its own, and yield what it tells. Raises as `output_lines`."""
    with closing(output_lines(job)) as lines:
        for line in lines:
            with suppress(ValidationError):
                yield _MESSAGE.validate_json(line)


def output_lines(job: Job) -> Generator[bytes]:
    """Yield the lines that `job` prints in a process of its own, which ends with this generator.

    Raises NetworkError where no server can be reached.
    """
    log = Path(job.home) / "logs" / f"{job.run_id}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    deadline = job.began + job.crawl.night_budget + job.crawl.timeout + GRACE
    lines: queue.Queue[bytes | None] = queue.Queue()
    with log.open("ab") as errors:
        process = subprocess.Popen(
            # -P: where the run was started from is no place to load a module from.
            [sys.executable, "-P", "-m", "crawlers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
    assert process.stdin is not None and process.stdout is not None
    reader = threading.Thread(target=_read, args=(process.stdout, lines), daemon=True)
    reader.start()
    try:
        with suppress(BrokenPipeError):
            process.stdin.write(job.to_json() + b"\n")
            process.stdin.flush()
        while (line := _next(lines, deadline)) is not None:
            with suppress(ValidationError):
                why = _UNREACHABLE.validate_json(line).unreachable
                raise NetworkError(f"{NO_NETWORK}{why}; check the connection and [crawl] proxy")
            yield line
    finally:
        with suppress(BrokenPipeError):
            process.stdin.close()
        _end(process)
        reader.join()
        process.stdout.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait a moment for a process that knows that it is not wanted any more, then kill it."""
    try:
        process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _read(stream: IO[bytes], lines: queue.Queue[bytes | None]) -> None:
    for line in stream:
        lines.put(line)
    lines.put(None)


def _next(lines: queue.Queue[bytes | None], deadline: float) -> bytes | None:
    """Return the next line of output; None at its end, and when the time is up."""
    try:
        return lines.get(timeout=max(0.0, deadline - monotonic()))
    except queue.Empty:
        return None


def _off(home: Home, run_id: str, now: datetime, source: DeclaredSource) -> InboxCrawl:
    message = lacking(source.spider, source.url) or "switched off in sources.toml (enabled = false)"
    return _record(home, run_id, source, _ended(source, now, now, Outcome.OFF, message))


def _damage(home: Home) -> str:
    """Return why the crawlers' memory cannot be used, "" where it can."""
    try:
        CrawlState(home.crawl_state).close()
    except DataError as error:
        return str(error)
    return ""


def failed(home: Home, run_id: str, now: datetime, at: datetime, source: DeclaredSource, message: str, *,
           reached: bool = True) -> InboxCrawl:
    """Record that a source gave nothing in the run that began at `now`; `at` is when this was known."""
    words = message or unfinished(run_id)
    issue = InboxIssue(source.id, "unfinished", words, Severity.ERROR, at, source.url)
    # Where nothing can be reached, no source is at fault.
    issues = (issue,) if reached else ()
    return _record(home, run_id, source, _ended(source, now, at, Outcome.FAILED, words), *issues)


def unfinished(run_id: str) -> str:
    """Return the words for a source that did not come to its end."""
    return f"it did not start or did not finish; logs/{run_id}.log may say why"


def _ended(source: DeclaredSource, began: datetime, at: datetime, outcome: Outcome, words: str) -> InboxCrawl:
    """Return the record of a source that gave nothing."""
    bounds = {"expect_min": source.expect_min, "expect_max": source.expect_max}
    return InboxCrawl(source.id, began, at, outcome, 0, 0, words, **bounds)


def _record(
    home: Home, run_id: str, source: DeclaredSource, crawl: InboxCrawl, *issues: InboxIssue
) -> InboxCrawl:
    """Write a file for a source that no spider could end; the file of its spider stays beside it."""
    with InboxWriter.create(home.inbox, run_id, source.id) as writer:
        records: tuple[InboxRecord, ...] = (source.record(), *issues, crawl)
        for record in records:
            writer.write(record)
    return crawl
