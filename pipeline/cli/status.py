"""`rumortrail status`: the last runs, what is stored, ailing sources and issues, from the published copy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape

from pipeline.cli import console as show
from pipeline.cli.options import HomeOption, open_home
from pipeline.cli.runs import out
from pipeline.cli.watch import unsent_lines
from pipeline.core.config import Config
from pipeline.core.errors import DataError, RumortrailError
from pipeline.core.files import REVISIT, FileLock
from pipeline.core.home import Home
from pipeline.core.text import counted
from pipeline.engine.board import Standing, read_board
from pipeline.published.database import open_published, query
from pipeline.published.place import copy_of
from pipeline.store.queries import Statements

SQL = Statements(__package__, "status")

STALLED = 600.0
"""Seconds after which a batch that is worked on counts as stalled: most take seconds."""


def status(home: HomeOption = None) -> None:
    """Show the last runs, what is stored, and the latest issues.

    Example: `rumortrail status`
    """
    print_status(out, *open_home(home))


def _lake(home: Home, config: Config) -> str:
    """Return what stands in the lake, and whether the file is newer; why that is not known, where it cannot
    be asked.
    """
    # Loads what asks PostgreSQL, an extra that a home without a lake does not need.
    from pipeline.lake.address import read_address
    from pipeline.lake.nights import newest

    try:
        night = newest(read_address(config.publish.lake))
    except RumortrailError as error:
        return f"Lake: {error}"
    published = f"{night.published_at:%Y-%m-%d %H:%M} UTC"
    line = f"Lake: snapshot {night.snapshot}, of run {night.run_id}, published {published}"
    run_id = _run_of_file(home, config)
    if run_id in (None, night.run_id):
        return line
    return f"{line}. It lacks run {run_id}, which {home.published.name} has: run `rumortrail publish`"


def _run_of_file(home: Home, config: Config) -> str | None:
    """Return the run that published the file of the home; None where there is none that can be read."""
    try:
        with open_published(home.published, config.ask) as connection:
            return str(query(connection, SQL["run"], seconds=config.ask.seconds)[1][0][0])
    except DataError:
        return None


def print_status(console: Console, home: Home, config: Config) -> None:
    """Print the status: first whether a run is in progress; an empty home is no error."""
    console.print(f"Home: {escape(str(home.path))}")
    for lock, kind in ((home.lock, "run"), (home.revisit_lock, "revisit")):
        if holder := FileLock(lock).holder():
            console.print(f"[yellow]A {kind} is in progress[/]: {escape(holder.removeprefix(REVISIT))}")
        if holder and lock == home.lock and (board := read_board(home.engine)):
            for line in _workers(board, datetime.now(UTC)):
                console.print(f"  {escape(line)}")
    if config.publish.lake:
        console.print(escape(_lake(home, config)))
    if lines := unsent_lines(home.watches, datetime.now(UTC)):
        console.print("[yellow]Watches[/]:")
        for line in lines:
            console.print(f"  {show.foreign(line, 300)}")
    try:
        connection = open_published(copy_of(home, config), config.ask)
    except DataError as error:
        console.print(escape(str(error)))
        return
    with connection:
        answers = {name: query(connection, sql, seconds=config.ask.seconds) for name, sql in SQL.items()}
    columns, rows = answers["counts"]
    console.print(", ".join(f"{value:,} {name}" for name, value in zip(columns, rows[0], strict=True)))
    console.print(", ".join(f"{count:,} {show.styled(word)}" for word, count in answers["statuses"][1]))
    titles = {"Last runs": "runs", "Ailing sources": "ailing", "Latest issues": "issues"}
    for title, name in titles.items():
        columns, rows = answers[name]
        if rows or name != "ailing":
            console.print(f"\n[bold]{title}[/]")
            show.table(console, columns, rows, limit=len(rows))


def _workers(board: Standing, now: datetime) -> Iterator[str]:
    """Yield lines on a run's workers: how many there are, which are gone, what takes long."""
    alive = [worker.name for worker in board.workers if worker.alive]
    dead = [worker.name for worker in board.workers if not worker.alive]
    work = f"{counted(len(board.batches), 'batch', 'batches')} begun"
    work += f", {board.given_again} given again" if board.given_again else ""
    yield f"{board.engine}: {len(alive)} alive, {len(dead)} dead; {work}"
    yield from (f"dead: {name}" for name in dead)
    for batch in sorted(board.batches, key=lambda batch: batch.since):
        if (seconds := (now - batch.since).total_seconds()) > STALLED:
            yield f"stalled: {batch.what}, begun {batch.since:%H:%M:%S} UTC, {seconds:,.0f} s ago"
