"""The commands that hand things out: `export`, `claimreview`, `dossier`, `calendar`, `deliver`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from pipeline.cli import console
from pipeline.cli.options import HomeOption, open_home
from pipeline.core.errors import ConfigError
from pipeline.core.files import whole_file, write_whole
from pipeline.core.text import counted
from pipeline.exports.tables import Format, format_of, views
from pipeline.exports.tables import export as write_export
from pipeline.published.claim_filter import ClaimFilter, from_query, in_a_line
from pipeline.published.place import copy_of

err = Console(stderr=True, soft_wrap=True)


def export(
    view: Annotated[
        str | None, typer.Argument(help="A view of docs/sql.md; without it all views are listed.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="The file to write.")] = None,
    form: Annotated[
        Format | None, typer.Option("--format", help="Default: what the name of --out ends in.")
    ] = None,
    where: Annotated[
        str | None, typer.Option(help="A condition in SQL: only rows for which it holds.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Write a view of the published copy as CSV, Parquet or JSON lines; without a view, list them.

    The file appears whole, in place of an older one, or not at all.

    Example: `rumortrail export claims --where "status = 'disputed'" --out disputed.parquet`
    """
    home_folder, config = open_home(home)
    if view is None:
        rows = views(copy_of(home_folder, config), config.ask)
        console.table(Console(), ["view", "rows", "columns"], rows, limit=len(rows))
        return
    if out is None:
        raise ConfigError(f"name a file: rumortrail export {view} --out {view}.csv")
    file_format = format_of(out, form)
    with console.progress(err) as progress:
        row_count = write_export(
            copy_of(home_folder, config), config.ask, view, out, file_format, where=where, progress=progress
        )
    err.print(f"{counted(row_count, 'row')} of {escape(view)} written to {escape(str(out))} as {file_format}")


def deliver(
    run_id: Annotated[
        str | None, typer.Argument(help="A run; default: the newest that left a digest.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Send a run's digest again, by mail and to the webhook, as `nightly` does. It also tests the settings.

    Exit code 1: something could not be sent; each failure is named.

    Example: `rumortrail deliver`
    """
    from pipeline.digest import deliver as delivery

    home_folder, config = open_home(home)
    run = run_id or delivery.latest(home_folder)
    sent, faults = delivery.deliver(home_folder, config, run, os.environ)
    for fault in faults:
        err.print(f"[red]not sent[/]: {escape(fault)}")
    if not sent and not faults:
        raise ConfigError(
            f"nothing to send {run} to: set [mail] host and to, or {delivery.WEBHOOK} (docs/exports.md)"
        )
    if sent:
        err.print(f"{escape(run)} sent by {' and '.join(sent)}")
    raise typer.Exit(bool(faults))


Claim = Annotated[str, typer.Argument(help="A claim's id, as `ask` and the dashboard show it.")]


def claimreview(
    claim: Claim,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write; default: standard output.")
    ] = None,
    html: Annotated[bool, typer.Option("--html", help="As the script element for a page.")] = False,
    home: HomeOption = None,
) -> None:
    """Write a claim as ClaimReview (JSON-LD), for the page on which you publish your review of it.

    Only for a claim that an editor signed off: one whose status an editor decided.

    Example: `rumortrail claimreview c1234 --html --out review.html`
    """
    from pipeline.exports import claimreview as review
    from pipeline.published.claim import read_claim

    home_folder, config = open_home(home)
    case = read_claim(home_folder, config, claim)
    document = review.claim_review(case, review.sign_off(case, home_folder), config.publisher)
    text = review.as_html(document) if html else review.as_json(document)
    if out is None:
        print(text)
    else:
        write_whole(out, text + "\n")
        err.print(f"ClaimReview of {escape(case.subject.claim_id)} written to {escape(str(out))}")


def dossier(
    claim: Claim,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write; default ./dossier-CLAIM.html.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Write all that is known of a claim as one HTML file that loads nothing and prints well.

    Example: `rumortrail dossier c1234 --out dossier.html`
    """
    from pipeline.exports.dossier import dossier as page
    from pipeline.exports.overtaken import read_current

    home_folder, config = open_home(home)
    case = read_current(home_folder, config, claim)
    target = out or Path(f"dossier-{case.subject.claim_id}.html")
    write_whole(target, page(home_folder, config, case, datetime.now(UTC)))
    contents = f"{counted(len(case.statements), 'mention')}, {counted(len(case.decisions), 'decision')}"
    err.print(f"{escape(case.subject.claim_id)}: {contents} written to {escape(str(target))}")


def calendar(
    chosen: Annotated[
        str, typer.Option("--filter", help="Of the page Claims: what stands behind ? in its address.")
    ] = "",
    watch: Annotated[str, typer.Option(help="A watch, by its name or id: the claims of its filter.")] = "",
    out: Annotated[Path, typer.Option("--out", help="The file to write.")] = Path("deadlines.ics"),
    home: HomeOption = None,
) -> None:
    """Write the deadlines that claims name as a calendar (iCalendar): all, or those of a filter or a watch.

    Of a release that was put off there is one event, at its newest date. A time of which no day was named is
    an event over all of it.

    Example: `rumortrail calendar --filter "org=OpenAI&due=true" --out openai.ics`
    """
    from pipeline.exports.calendar import calendar as write_calendar
    from pipeline.published.deadlines import read_ledger
    from pipeline.watches.store import WatchStore

    home_folder, config = open_home(home)
    if watch and chosen:
        raise ConfigError("name a watch or a filter, not both")
    store = WatchStore(home_folder.watches)
    filter_ = store.find(watch).filter if watch else from_query(chosen.lstrip("?"))
    ledger = read_ledger(home_folder, config, filter_)
    name = watch or ("" if filter_ == ClaimFilter() else in_a_line(filter_))
    with whole_file(out) as stream:
        stream.write(write_calendar(ledger, config.publisher, name))
    err.print(f"{counted(len(ledger.deadlines), 'deadline')} written to {escape(str(out))}")
