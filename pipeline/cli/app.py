"""`rumortrail`: the command line."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from dashboard import launch
from pipeline.cli import console, decide, editors, edits, evaluate, evidence, export, judge, status, why
from pipeline.cli.console import HomeOption, NowOption, clock, open_home
from pipeline.core.config import Config, Home, default_config
from pipeline.core.errors import RumortrailError
from pipeline.core.records import Outcome
from pipeline.exports import tables
from pipeline.published.database import open_published, query
from pipeline.run import revisit as second_looks

if TYPE_CHECKING:
    from pipeline.run.nightly import RunReport

# Scrapy, the stages and their libraries take longer to load than `revisit` may take when nothing is due: the commands
# that need them import them.

app = typer.Typer(
    help="Follow claims about AI models from the first rumour to their substantiation or contradiction.\n\n"
    "Start with `rumortrail demo`, or with `rumortrail init` and `rumortrail nightly`.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
# A pipe has no width of its own; 80 columns would fold every sentence of a table.
out = Console(width=None if sys.stdout.isatty() else 160)
err = Console(stderr=True)
app.add_typer(evaluate.app)
app.add_typer(editors.app)
app.command()(evidence.evidence)
app.command()(evidence.verify)
app.command()(decide.decide)
app.command()(edits.edits)
app.command()(why.why)
app.command()(export.export)
app.command()(export.claimreview)
app.command()(export.dossier)
app.command()(export.deliver)


@app.callback()
def _main(home: HomeOption = None) -> None:
    if home:
        os.environ["RUMORTRAIL_HOME"] = str(home)


def _finish(report: RunReport) -> NoReturn:
    console.run_report(out, report)
    raise typer.Exit(report.exit_code)


@app.command()
def init(
    home: HomeOption = None,
    show_defaults: Annotated[bool, typer.Option("--show", help="Print the default settings and write nothing.")] = False,
) -> None:
    """Write a commented `rumortrail.toml` and `sources.toml` into the home folder.

    Files that are there already are left as they are.

    Example: `rumortrail init --home ~/rumortrail`
    """
    if show_defaults:
        print(default_config(), end="")
        return
    where = Home.find(home)
    where.path.mkdir(parents=True, exist_ok=True)
    texts = {where.config_file: default_config(), where.sources_file: files("crawlers").joinpath("sources.toml").read_text("utf-8")}
    for file, text in texts.items():
        if file.exists():
            out.print(f"{escape(str(file))} is there already and was left as it is")
        else:
            file.write_text(text, "utf-8")
            out.print(f"wrote {escape(str(file))}")
    out.print("Next: set `contact` in rumortrail.toml, choose your sources, then run `rumortrail nightly`.")


@app.command(name="nightly")
def nightly_command(
    home: HomeOption = None,
    now: NowOption = None,
    source: Annotated[list[str] | None, typer.Option("--source", help="Crawl only this source (an id of sources.toml); repeatable.")] = None,
) -> None:
    """Crawl all configured sources, process what came, publish, and write the digest.

    Exit code 0: all well. 1: something failed, the rest is done and published. 2: nothing was published.

    Example: `rumortrail nightly --home ~/rumortrail`
    """
    from pipeline.run.nightly import nightly

    where, config = open_home(home)
    with console.progress(err) as progress:
        report = nightly(where, config, now=clock(now), only=source or (), progress=progress, replay=now is not None)
    _finish(report)


@app.command()
def revisit(home: HomeOption = None, now: NowOption = None) -> None:
    """Look again at documents that carry live claims, 15 minutes to 30 days after they were first seen.

    What came is stored at once, or by the run that is at work; the next run judges and publishes it.

    Exit code 0: all well, or nothing was due. 1: something failed, the rest is done. 2: nothing was done.

    Example: `rumortrail revisit --home ~/rumortrail`
    """
    where, config = open_home(home)
    with console.progress(err) as progress:
        found = second_looks.revisit(where, config, now=clock(now), progress=progress, replay=now is not None)
    console.revisit_report(out, found)
    raise typer.Exit(found.exit_code)


@app.command()
def crawl(
    home: HomeOption = None,
    now: NowOption = None,
    source: Annotated[list[str] | None, typer.Option("--source", help="Crawl only this source (an id of sources.toml); repeatable.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Ask each source once, show what it answers, and keep nothing.")] = False,
) -> None:
    """Crawl the configured sources into the inbox and stop there.

    With --check each source is asked for its listing alone, and a table shows what came: the HTTP status, the number of
    items, the newest time, or what went wrong. Nothing is written but a log. Exit code 1: a source could not be read.

    Example: `rumortrail crawl --check`, then `rumortrail crawl --source hackernews`
    """
    where, config = open_home(home)
    if check:
        from crawlers.engine.check import check as check_sources
        from crawlers.engine.check import rows as check_rows

        with err.status("asking each source once"):
            found = check_sources(where, config, now=clock(now), only=source or ())
        columns = ("source", "outcome", "status", "items", "newest (UTC)", "message")
        console.table(out, columns, check_rows(found), limit=len(found))
        raise typer.Exit(any(one.outcome is Outcome.FAILED for one in found))
    from pipeline.run.nightly import nightly

    with console.progress(err) as progress:
        report = nightly(
            where, config, now=clock(now), only=source or (), stages=(), command="crawl", progress=progress, replay=now is not None
        )
    _finish(report)


@app.command()
def ingest(
    paths: Annotated[list[Path] | None, typer.Argument(help="Text, HTML, WARC or JSON lines files, or folders of them (docs/ingest.md).")] = None,
    home: HomeOption = None,
    now: NowOption = None,
) -> None:
    """Read files, or with no PATH what the crawlers left in the inbox, into the store.

    Example: `rumortrail ingest posts.jsonl articles/`
    """
    from pipeline.run.nightly import process, take_in

    where, config = open_home(home)
    with console.progress(err) as progress:
        if paths:
            report, counts = take_in(where, config, paths, now=clock(now), progress=progress)
            err.print(f"{counts.inputs} read: {counts.done} taken in, {counts.skipped} skipped, {counts.failed} failed")
        else:
            report = process(where, config, now=clock(now), stages=["ingest"], command="ingest", progress=progress)
    _finish(report)


def _stage_command(name: str, summary: str) -> None:
    def command(home: HomeOption = None, now: NowOption = None) -> None:
        from pipeline.run.nightly import process

        where, config = open_home(home)
        with console.progress(err) as progress:
            report = process(where, config, now=clock(now), stages=[name], command=name, progress=progress)
        _finish(report)

    app.command(name=name, help=f"{summary}\n\nWhat is done already is left: a second call does nothing.\n\nExample: `rumortrail {name}`")(command)


_stage_command("extract", "Find the mentions in new texts.")
_stage_command("cluster", "Put new mentions to the claim that they speak of, or to a new one.")
_stage_command("weigh", "Say where each new mention stands toward its claim.")
_stage_command("trace", "Find out where each piece of evidence was taken from, and whose voice it is.")
app.command()(judge.judge)
_stage_command("track", "Say how far settled claims tell how often a source is right.")
_stage_command("publish", "Write the published copy that the dashboard and `ask` read.")


@app.command(name="process")
def process_command(home: HomeOption = None, now: NowOption = None) -> None:
    """Run all stages after the crawl, from the inbox to the published copy.

    Example: `rumortrail ingest posts.jsonl && rumortrail process`
    """
    from pipeline.run.nightly import STAGES, process

    where, config = open_home(home)
    with console.progress(err) as progress:
        report = process(where, config, now=clock(now), stages=tuple(STAGES), progress=progress)
    _finish(report)


@app.command(name="status")
def status_command(home: HomeOption = None) -> None:
    """Show the last runs, what is stored, and the open issues.

    Example: `rumortrail status`
    """
    where, config = open_home(home)
    status.print_status(out, where, config)


@app.command()
def ask(
    sql: Annotated[str, typer.Argument(help="One DuckDB statement over the published tables (docs/sql.md).")],
    home: HomeOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="All rows as a JSON array.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="All rows as CSV.")] = False,
) -> None:
    """Query the published copy, read-only.

    Example: `rumortrail ask "SELECT status, count(*) FROM claims GROUP BY status"`
    """
    where, config = open_home(home)
    connection = open_published(where.published, config.ask)
    columns, rows = query(connection, sql, seconds=config.ask.seconds)
    if as_json:
        tables.write_json(columns, rows)
    elif as_csv:
        tables.write_csv(columns, rows)
    else:
        console.table(out, columns, rows, config.ask.rows)


@app.command(name="dashboard")
def dashboard_command(home: HomeOption = None, port: Annotated[int | None, typer.Option(help="Default: [dashboard] port.")] = None) -> None:
    """Serve the dashboard on loopback until it is stopped.

    Example: `rumortrail dashboard --port 8501`
    """
    where, config = open_home(home)
    _serve(where, config, port)


def _serve(home: Home, config: Config, port: int | None) -> NoReturn:
    command = launch.command(home, config, port)
    out.print(f"Dashboard: http://localhost:{port or config.dashboard.port}  (stop it with Ctrl-C)")
    sys.stdout.flush()
    os.execvp(command[0], command)


@app.command()
def demo(
    home: Annotated[Path, typer.Option("--home", help="The folder of the demo.")] = Path(".demo"),
    serve: Annotated[bool, typer.Option(help="Serve the dashboard at the end.")] = True,
    port: Annotated[int | None, typer.Option(help="Default 8501.")] = None,
) -> None:
    """Crawl a made-up web over three simulated nights and show what comes out.

    Example: `rumortrail demo --no-serve`
    """
    from pipeline.cli.demo import run_demo

    run_demo(home, out)
    if serve:
        where, config = open_home(home)
        _serve(where, config, port)


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point: any error ends with exit code 2, one on purpose without a traceback."""
    try:
        app(args=list(arguments) if arguments is not None else None)
    except RumortrailError as error:
        err.print(f"[red]{type(error).__name__}[/]: {escape(str(error))}", soft_wrap=True)
        sys.exit(2)
    except Exception:  # noqa: BLE001  # Python's own exit code, 1, would say that the rest is done
        traceback.print_exc()
        sys.exit(2)


if __name__ == "__main__":
    main()
