"""The commands that crawl, process and publish.

Scrapy, the stages and their libraries take longer to load than `revisit` may take when nothing is due: each
command imports what it needs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from pipeline.cli import console
from pipeline.cli.options import HomeOption, NowOption, clock, open_home
from pipeline.core.config import Config
from pipeline.core.errors import ConfigError
from pipeline.core.home import Home
from pipeline.core.text import counted
from pipeline.core.vocabulary import Outcome
from pipeline.run import revisit as second_looks

if TYPE_CHECKING:
    from pipeline.run.report import RunReport

# A pipe has no width of its own; 80 columns would fold every sentence of a table.
out = Console(width=None if sys.stdout.isatty() else 160)
err = Console(stderr=True)

SourceOption = Annotated[
    list[str] | None,
    typer.Option("--source", help="Crawl only this source (an id of sources.toml); may be repeated."),
]


def run(home: Path | None, work: Callable[..., RunReport], **options: object) -> NoReturn:
    """Do `work` with `options` under a progress bar, print its report and exit with its code."""
    home_folder, config = open_home(home)
    with console.progress(err) as progress:
        report = work(home_folder, config, progress=progress, **options)
    console.run_report(out, report)
    raise typer.Exit(report.exit_code)


def run_stages(home: Path | None, now: str | None, stages: Sequence[str], command: str) -> NoReturn:
    """Run `stages` over what is not done yet, print the report and exit with its code."""
    from pipeline.run.nightly import process

    run(home, process, now=clock(now), stages=stages, command=command)


def nightly(home: HomeOption = None, now: NowOption = None, source: SourceOption = None) -> None:
    """Crawl all configured sources, process what came, publish, and write the digest.

    Exit code 0: all went well. 1: something failed; the rest is done and published. 2: a stage failed, no
    source could be read, or nothing was published.

    Example: `rumortrail nightly --home ~/rumortrail`
    """
    from pipeline.run.nightly import nightly as run_night

    run(home, run_night, now=clock(now), only=source or (), replay=now is not None)


def revisit(home: HomeOption = None, now: NowOption = None) -> None:
    """Look again at the documents of open claims, 15 minutes to 30 days after they were first seen.

    What came is stored at once, or by the run that is in progress; the next run judges and publishes it.

    Exit code 0: all went well, or nothing was due. 1: something failed; the rest is done. 2: nothing was
    done.

    Example: `rumortrail revisit --home ~/rumortrail`
    """
    home_folder, config = open_home(home)
    with console.progress(err) as progress:
        at, replay = clock(now), now is not None
        result = second_looks.revisit(home_folder, config, now=at, progress=progress, replay=replay)
    console.revisit_report(out, result)
    raise typer.Exit(result.exit_code)


def crawl(
    home: HomeOption = None,
    now: NowOption = None,
    source: SourceOption = None,
    check: Annotated[
        bool, typer.Option("--check", help="Ask each source once, show what it answers, and keep nothing.")
    ] = False,
) -> None:
    """Crawl the configured sources into the inbox and stop there.

    Exit code 1: a source could not be read completely. 2: none could be read.

    With --check each source is asked for its listing, and a feed for its first article, and a table shows
    what came: the HTTP status, the number of items, the newest time, when the address was last verified, or
    what went wrong. Nothing is written but a log. Exit code 1: a listing or an article could not be read.
    2: no server could be reached.

    Example: `rumortrail crawl --check`, then `rumortrail crawl --source hackernews`
    """
    at, only = clock(now), source or ()
    if not check:
        from pipeline.run.nightly import nightly as run_night

        run(home, run_night, now=at, only=only, stages=(), command="crawl", replay=now is not None)
    from crawlers.engine import check as check_sources

    home_folder, config = open_home(home)
    with err.status("asking each source once"):
        checks = check_sources.check(home_folder, config, now=at, only=only)
    columns = ("source", "outcome", "status", "items", "newest (UTC)", "verified", "message")
    console.table(out, columns, check_sources.rows(checks), limit=len(checks))
    raise typer.Exit(any(result.outcome in (Outcome.FAILED, Outcome.PARTIAL) for result in checks))


def ingest(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Text, HTML, WARC or JSON lines files, or folders of them (docs/ingest.md)."),
    ] = None,
    home: HomeOption = None,
    now: NowOption = None,
) -> None:
    """Read files into the store, or without PATHS what the crawlers left in the inbox.

    Example: `rumortrail ingest posts.jsonl articles/`
    """
    from pipeline.run.nightly import take_in

    if not paths:
        run_stages(home, now, ["ingest"], "ingest")

    def work(home_folder: Home, config: Config, **options: Any) -> RunReport:
        report, counts = take_in(home_folder, config, paths, **options)
        not_stored = f"{counts.skipped} skipped, {counts.failed} failed"
        err.print(f"{counts.inputs} read: {counts.done} stored, {not_stored}")
        return report

    run(home, work, now=clock(now))


def fetch(home: HomeOption = None) -> None:
    """Fetch from the storage of `[engine]` all that this home lacks of inbox and archive.

    `rumortrail process` then builds the store from it, on a new machine too. Exit code 1: a file could not be
    fetched; the rest is there.

    Example: `rumortrail fetch && rumortrail process`
    """
    from pipeline.run.nightly import locked
    from pipeline.storage import copies
    from pipeline.storage.objects import Objects

    home_folder, config = open_home(home)
    if not config.engine.storage:
        raise ConfigError(
            f"{home_folder.config_file} names no [engine] storage: there is nothing to fetch from"
        )
    with locked(home_folder), console.progress(err) as progress:
        copied = copies.fetch(home_folder, Objects(config.engine.storage), progress=progress)
    for fault in copied.faults:
        err.print(f"[red]{escape(fault)}[/]", soft_wrap=True)
    out.print(f"{counted(copied.files, 'file')} fetched from {escape(config.engine.storage)}")
    raise typer.Exit(int(bool(copied.faults)))


def process(home: HomeOption = None, now: NowOption = None) -> None:
    """Run all stages after the crawl, from the inbox to the published copy.

    Example: `rumortrail ingest posts.jsonl && rumortrail process`
    """
    from pipeline.run.stages import STAGES

    run_stages(home, now, tuple(STAGES), "process")


def stage(name: str, summary: str) -> Callable[..., None]:
    """Return the command that runs the stage `name` alone."""

    def command(home: HomeOption = None, now: NowOption = None) -> None:
        run_stages(home, now, [name], name)

    command.__doc__ = f"{summary}\n\nA second call finds nothing left to do.\n\nExample: `rumortrail {name}`"
    return command
