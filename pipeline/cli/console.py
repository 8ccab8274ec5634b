"""What the command line prints: progress, run reports, tables, JSON and CSV.

What several modules of commands share: where the state is, opening it, and what time it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

if TYPE_CHECKING:
    from pipeline.core.context import Progress as Report
    from pipeline.digest.changes import Changes
    from pipeline.run.nightly import RunReport
    from pipeline.run.revisit import Revisit

from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer

from pipeline.core.config import Config, Home
from pipeline.core.errors import ConfigError
from pipeline.core.text import one_line, printable

_STYLES = {
    "substantiated": "green",
    "corroborated": "cyan",
    "disputed": "yellow",
    "contradicted": "red",
    "retracted": "red",
    "expired": "magenta",
    "unverified": "dim",
    "ok": "green",
    "partial": "yellow",
    "failed": "red",
    "interrupted": "red",
}


@contextmanager
def progress(console: Console) -> Iterator[Report]:
    """A bar for each stage while the block runs; nothing where the output is no terminal."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(escape(stage), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield report


def styled(word: str) -> str:
    """A status or outcome as Rich markup in its colour; the word always stands there too."""
    style = _STYLES.get(word)
    return f"[{style}]{escape(word)}[/]" if style else escape(word)


def run_report(console: Console, report: RunReport) -> None:
    """The counts of a finished run and what it changed."""
    table = Table("stage", "inputs", "done", "skipped", "failed", "seconds", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for stage, counts in report.counts.items():
        cells = (counts.inputs, counts.done, counts.skipped, counts.failed)
        table.add_row(stage, *map(str, cells), f"{report.seconds[stage]:.1f}")
    console.print(f"Run {report.run_id}: {styled(report.outcome)}")
    console.print(table)
    change_report(console, report.changes)


def revisit_report(console: Console, found: Revisit) -> None:
    """What a revisit looked at, what it left, and what came of it."""
    plan = found.plan
    if found.ended:
        looked = sum(len(dues) for source, dues in plan.looks.items() if source.id in {e.source for e in found.ended})
        console.print(f"{looked} document(s) of {len(found.ended)} source(s) looked at again")
        for one in found.ended:
            if one.outcome != "ok":
                console.print(f"  {escape(one.source)}: {styled(one.outcome)} {foreign(one.message or '')}")
    rest = {
        "source(s) did not come to their end; logs/ may say why": found.unfinished,
        "more are due: too many for one run, the next one goes on": plan.left,
        "due, of sources that are switched off or lack a credential": plan.off,
        "due, of sources that sources.toml declares no more": plan.undeclared,
    }
    for words, count in rest.items():
        if count:
            console.print(f"{count} {words}")
    if found.report is not None:
        run_report(console, found.report)
    elif found.why:
        console.print(escape(found.why))
    elif not found.ended:
        console.print(f"nothing is due; {_upcoming(plan.upcoming)}")


def _upcoming(look: tuple[datetime, str] | None) -> str:
    if look is None:
        return "no document that is looked at again carries a live claim"
    moment, url = look
    return f"next look at {moment:%Y-%m-%d %H:%M} UTC at {escape(url.partition('://')[2])}"


def change_report(console: Console, found: Changes, limit: int = 12) -> None:
    """Moves, edits, deletions, sources that failed and issues, each list cut at `limit` and saying so."""
    moved = [f"{styled(m.status)} [dim](was {m.before})[/] {foreign(m.claim)} [dim]{foreign(m.reason, 200)}[/]" for m in found.moves if m.before]
    new = [f"{styled(m.status)} {foreign(m.claim)}" for m in found.moves if not m.before]
    edited = [f"{foreign(e.title)} [dim]({escape(e.source)}), version {e.number}[/]" for e in found.edits]
    gone = [f"{foreign(d.title)} [dim]({escape(d.source)}): {escape(d.gone_evidence)}[/]" for d in found.deletions]
    failed = [f"{escape(c.source)}: {styled(c.outcome)} {foreign(c.message or '')}" for c in found.crawls]
    issues = [f"{i.severity} {i.code}, {i.times} time(s): {foreign(i.message)}" for i in found.issues]
    ailing = [f"{escape(a.source)}: {a.nights_failed} nights in a row {foreign(a.why or '')}" for a in found.ailing]
    lists = {"status changes": moved, "new claims": new, "edited": edited, "deleted": gone, "sources not read, or not whole": failed}
    lists |= {"ailing sources": ailing, "issues": issues}
    for title, rows in lists.items():
        if rows:
            console.print(f"[bold]{len(rows)} {title}[/]")
            for row in rows[:limit]:
                console.print(f"  {row}", overflow="ellipsis", no_wrap=True)
            if len(rows) > limit:
                console.print(f"  [dim]and {len(rows) - limit} more[/]")


def table(console: Console, columns: Sequence[str], rows: Sequence[Sequence[Any]], limit: int) -> None:
    """Rows for people, cut at `limit` and saying so."""
    shown = Table(*columns, header_style="bold")
    for row in rows[:limit]:
        shown.add_row(*(escape(_cell(value)) for value in row))
    console.print(shown)
    more = f", {limit} shown: --json and --csv give all" if len(rows) > limit else ""
    console.print(f"[dim]{len(rows)} row(s){more}[/]")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_cell, value))
    return printable(str(value), keep="\n")


def foreign(text: str, limit: int = 140) -> str:
    """Return a stranger's text as Rich markup: on one line, without control characters, cut at `limit`."""
    return escape(printable(one_line(text, limit)))


HomeOption = Annotated[Path | None, typer.Option("--home", help="The folder that holds all state; default $RUMORTRAIL_HOME, else ./data.")]

NowOption = Annotated[str | None, typer.Option("--now", help="Run as if it were this instant, ISO 8601, UTC where no zone is given.")]


def clock(now: str | None) -> datetime:
    """The instant that `--now` names; the present one without it. Raises ConfigError for what is no time."""
    if not now:
        return datetime.now(UTC)
    try:
        given = datetime.fromisoformat(now)
    except ValueError as error:
        raise ConfigError(f"--now {now!r} is no time: write it as 2026-03-01T03:00:00Z") from error
    return given.astimezone(UTC) if given.tzinfo else given.replace(tzinfo=UTC)


def open_home(home: Path | None) -> tuple[Home, Config]:
    """The home that is meant, and its settings. Raises ConfigError for faulty ones."""
    where = Home.find(home)
    return where, Config.load(where.config_file)
