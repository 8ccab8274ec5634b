"""`rumortrail`: the commands in one application, and the entry point."""

from __future__ import annotations

import os
import re
import sqlite3
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, NoReturn

import duckdb
import typer
from rich.markup import escape

from dashboard import launch
from pipeline.cli import (
    check,
    console,
    decide,
    editors,
    edits,
    evaluate,
    evidence,
    export,
    follow,
    judge,
    mcp,
    migrate,
    runs,
    site,
    status,
    watch,
    why,
)
from pipeline.cli.options import HomeOption, open_home
from pipeline.cli.runs import err, out
from pipeline.core.config import Config, default_config
from pipeline.core.errors import RumortrailError
from pipeline.core.home import Home
from pipeline.core.text import one_line
from pipeline.exports import tables
from pipeline.published.database import open_published, query
from pipeline.published.place import copy_of

app = typer.Typer(
    help="Follow claims about AI models from the first rumour to their substantiation or contradiction.\n\n"
    "Start with `rumortrail demo`, or with `rumortrail init` and `rumortrail nightly`.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


@app.callback()
def _main(home: HomeOption = None) -> None:
    if home:
        os.environ["RUMORTRAIL_HOME"] = str(home)


@app.command()
def init(
    home: HomeOption = None,
    show_defaults: Annotated[
        bool, typer.Option("--show", help="Print the default settings and write nothing.")
    ] = False,
) -> None:
    """Write a commented `rumortrail.toml` and `sources.toml` into the home folder.

    Existing files are left as they are.

    Example: `rumortrail init --home ~/rumortrail`
    """
    if show_defaults:
        print(default_config(), end="")
        return
    home_folder = Home.find(home)
    home_folder.path.mkdir(parents=True, exist_ok=True)
    sources = files("crawlers").joinpath("sources.toml").read_text("utf-8")
    for file, text in {home_folder.config_file: default_config(), home_folder.sources_file: sources}.items():
        if file.exists():
            out.print(f"{escape(str(file))} already exists and was left as it is")
        else:
            file.write_text(text, "utf-8")
            out.print(f"wrote {escape(str(file))}")
    out.print("Next: set `contact` in rumortrail.toml, choose your sources, then run `rumortrail nightly`.")


def ask(
    sql: Annotated[str, typer.Argument(help="One DuckDB statement over the published tables (docs/sql.md).")],
    home: HomeOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all rows as a JSON array.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print all rows as CSV.")] = False,
    as_of: Annotated[
        str, typer.Option("--as-of", help="A day, as 2026-03-01: the copy that stood at its end, of a lake.")
    ] = "",
) -> None:
    """Query the published copy, read-only; `--as-of DAY` asks what was published then.

    Example: `rumortrail ask "SELECT status, count(*) FROM claims GROUP BY status"`
    """
    home_folder, config = open_home(home)
    with open_published(copy_of(home_folder, config, as_of), config.ask) as connection:
        columns, rows = query(connection, sql, seconds=config.ask.seconds, of_user=True)
    if as_json:
        tables.write_json(columns, rows)
    elif as_csv:
        tables.write_csv(columns, rows)
    else:
        console.table(out, columns, rows, config.ask.rows)


def dashboard(
    home: HomeOption = None,
    port: Annotated[int | None, typer.Option(help="Default: [dashboard] port.")] = None,
) -> None:
    """Serve the dashboard to this machine alone, until it is stopped.

    Example: `rumortrail dashboard --port 8501`
    """
    home_folder, config = open_home(home)
    _serve(home_folder, config, port)


def _serve(home: Home, config: Config, port: int | None) -> NoReturn:
    command = launch.command(home, config, port)
    out.print(f"Dashboard: http://localhost:{port or config.dashboard.port}  (stop it with Ctrl-C)")
    sys.stdout.flush()
    os.execvp(command[0], command)


def demo(
    home: Annotated[Path, typer.Option("--home", help="The folder of the demo.")] = Path(".demo"),
    serve: Annotated[bool, typer.Option(help="Serve the dashboard at the end.")] = True,
    port: Annotated[int | None, typer.Option(help="Default: 8501.")] = None,
) -> None:
    """Crawl a made-up web over three simulated nights and show what comes out.

    Example: `rumortrail demo --no-serve`
    """
    from pipeline.cli.demo import run_demo

    run_demo(home, out)
    if serve:
        home_folder, config = open_home(home)
        _serve(home_folder, config, port)


_STAGES = {
    "extract": "Find the passages and mentions in new texts, and who speaks in them.",
    "found": "Say which of the new mentions may found a claim.",
    "cluster": "Put each new mention with the claim it makes, or start a new claim.",
    "gather": "Find the passages that speak to claims, old and new, and say where each stands.",
    "weigh": "Say whether each new mention supports, denies, questions or only reports its claim.",
    "trace": "Find out where each piece of evidence was taken from, and whose voice it is.",
    "track": "Count how often each source was right about claims that are settled.",
    "publish": "Write the published copy that the dashboard and `ask` read.",
}
_COMMANDS: dict[str, Callable[..., None]] = {
    command.__name__: command
    for command in (
        *(runs.nightly, runs.revisit, runs.crawl, runs.ingest, runs.fetch, runs.process, judge.judge),
        *(status.status, ask, check.check, why.why, edits.edits, decide.decide, follow.follow),
        *(dashboard, demo, mcp.mcp),
        *(export.export, export.claimreview, export.dossier, export.calendar, export.deliver),
        site.site,
        *(evidence.evidence, evidence.verify, migrate.migrate),
    )
} | {name: runs.stage(name, summary) for name, summary in _STAGES.items()}
for _name, _command in _COMMANDS.items():
    app.command(name=_name)(_command)
app.add_typer(evaluate.app)
app.add_typer(editors.app)
app.add_typer(watch.app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line: any error ends with exit code 2, an expected one without a traceback."""
    try:
        app(args=list(arguments) if arguments is not None else None)
    except RumortrailError as error:
        err.print(f"[red]{type(error).__name__}[/]: {escape(str(error))}", soft_wrap=True)
        sys.exit(2)
    except Exception as error:  # noqa: BLE001  # Python's own exit code, 1, would say that the rest is done
        if message := _of_the_disk(error):
            err.print(f"[red]Error[/]: {escape(message)}", soft_wrap=True)
        else:
            traceback.print_exc()
        sys.exit(2)


def _of_the_disk(error: Exception) -> str | None:
    """Return the message for a full disk or a file that may not be used; None for any other error."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    disk_error = isinstance(error, (OSError, sqlite3.Error, duckdb.Error)) and re.search(
        r"No space left|disk is full|[Rr]ead-only|ermission denied", str(error))
    return one_line(error, 500) if disk_error else None
