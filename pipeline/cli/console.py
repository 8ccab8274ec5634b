"""What the command line prints: progress, run reports and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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

from pipeline.core.inbox_records import InboxCrawl
from pipeline.core.text import counted, one_line, printable
from pipeline.core.vocabulary import Outcome

if TYPE_CHECKING:
    from pipeline.core.context import Progress as Report
    from pipeline.digest.changes import Changes, CrawlEnd
    from pipeline.run.report import RunReport
    from pipeline.run.revisit import Revisit

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
    """Show a bar for each stage while the block runs; nothing where the output is no terminal."""
    name = TextColumn("{task.description}")
    columns = (SpinnerColumn(), name, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(escape(stage), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield report


def styled(word: str) -> str:
    """Return a status or outcome as Rich markup: the word in its colour."""
    style = _STYLES.get(word)
    return f"[{style}]{escape(word)}[/]" if style else escape(word)


def run_report(console: Console, report: RunReport) -> None:
    """Print the counts of a finished run and what it changed."""
    table = Table("stage", "inputs", "done", "skipped", "failed", "seconds", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for stage, counts in report.counts.items():
        cells = (counts.inputs, counts.done, counts.skipped, counts.failed)
        table.add_row(stage, *map(str, cells), f"{report.seconds[stage]:.1f}")
    reason = f": {foreign(report.message, 500)}" if report.message else ""
    console.print(f"Run {report.run_id}: {styled(report.outcome)}{reason}", soft_wrap=True)
    if report.counts:
        console.print(table)
    if "ingest" not in report.counts:  # no issue tells yet how the sources ended
        _sources_report(console, report.crawled)
    change_report(console, report.changes)


def _sources_report(console: Console, crawled: Iterable[InboxCrawl]) -> None:
    failed = [crawl for crawl in crawled if crawl.outcome not in (Outcome.OK, Outcome.OFF)]
    for row in _failed(failed):
        console.print(f"  {row}")


def _failed(crawls: Sequence[CrawlEnd]) -> list[str]:
    from pipeline.digest.changes import alike  # loads the store

    return [
        f"{escape(names)}: {styled(crawl.outcome)} {foreign(crawl.message or '')}"
        for names, crawl in alike(crawls)
    ]


def revisit_report(console: Console, result: Revisit) -> None:
    """Print what a revisit looked at, what it left, and what came of it."""
    plan = result.plan
    if result.ended:
        ended_ids = {crawl.source for crawl in result.ended}
        look_count = sum(len(dues) for source, dues in plan.looks.items() if source.id in ended_ids)
        sources = counted(len(result.ended), "source")
        console.print(f"Looked again at {counted(look_count, 'document')} of {sources}")
        _sources_report(console, result.ended)
    left_over = {
        "that did not finish; logs/ may say why": (result.unfinished, "source"),
        "more that are due: too many for one run, the next one continues": (plan.left, "document"),
        "that are due, of sources that are switched off or lack a credential": (plan.off, "document"),
        "that are due, of sources that sources.toml no longer declares": (plan.undeclared, "document"),
    }
    for description, (count, noun) in left_over.items():
        if count:
            console.print(f"{counted(count, noun)} {description}")
    for fault in result.untold:
        console.print(f"[red]A watch could not be sent[/]: {foreign(fault, 500)}")
    if result.report is not None:
        run_report(console, result.report)
    elif result.why:
        console.print(escape(result.why))
    elif not result.ended:
        console.print(f"Nothing is due; {_upcoming(plan.upcoming)}")


def _upcoming(look: tuple[datetime, str] | None) -> str:
    if look is None:
        return "no document of a claim that may still change is to be looked at again"
    moment, url = look
    return f"the next look is due on {moment:%Y-%m-%d %H:%M} UTC, at {escape(url.partition('://')[2])}"


def change_report(console: Console, changes: Changes, limit: int = 12) -> None:
    """Print what a run changed and what failed, each list cut at `limit` and saying so."""
    moved = [
        f"{styled(m.status)} [dim](was {m.before})[/] {foreign(m.claim)} [dim]{foreign(m.reason, 200)}[/]"
        for m in changes.moves
        if m.before
    ]
    new = [f"{styled(m.status)} {foreign(m.claim)}" for m in changes.moves if not m.before]
    edited = [f"{foreign(e.title)} [dim]({escape(e.source)}), version {e.number}[/]" for e in changes.edits]
    gone = [
        f"{foreign(d.title)} [dim]({escape(d.source)}): {foreign(d.gone_evidence)}[/]"
        for d in changes.deletions
    ]
    issues = [
        f"{i.severity} {i.code}, {counted(i.times, 'time')}: {foreign(i.message)}" for i in changes.issues
    ]
    ailing = [
        f"{escape(a.source)}: {f'failed {a.nights_failed} nights in a row' if a.ailing else 'stale'}. "
        + foreign(a.why or "")
        for a in changes.ailing
    ]
    failed = _failed(changes.crawls)
    lists = (
        (moved, "status change", ""),
        (new, "new claim", ""),
        (edited, "edited document", ""),
        (gone, "deleted document", ""),
        (failed, "source not read in full", "sources not read in full"),
        (ailing, "ailing source", ""),
        (issues, "kind of issue", "kinds of issues"),
    )
    for rows, noun, plural in lists:
        if rows:
            count = len(changes.crawls) if rows is failed else len(rows)
            console.print(f"[bold]{counted(count, noun, plural)}[/]")
            for row in rows[:limit]:
                console.print(f"  {row}", overflow="ellipsis", no_wrap=True)
            if len(rows) > limit:
                console.print(f"  [dim]and {len(rows) - limit} more[/]")


def table(console: Console, columns: Sequence[str], rows: Sequence[Sequence[Any]], limit: int) -> None:
    """Print rows for people, cut at `limit` and saying so."""
    rendered = Table(*columns, header_style="bold")
    for row in rows[:limit]:
        rendered.add_row(*(escape(_cell(value)) for value in row))
    console.print(rendered)
    more = f", {limit} shown: --json and --csv give all" if len(rows) > limit else ""
    console.print(f"[dim]{counted(len(rows), 'row')}{more}[/]")


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
