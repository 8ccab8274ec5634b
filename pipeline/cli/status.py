"""`rumortrail status`: the last runs, what is stored, ailing sources and open issues, from the published copy."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from pipeline.cli import console as show
from pipeline.core.config import Config, Home
from pipeline.core.errors import DataError
from pipeline.core.files import FileLock
from pipeline.published.database import open_published, query
from pipeline.store.queries import Statements

SQL = Statements(__package__, "status")


def print_status(console: Console, home: Home, config: Config) -> None:
    """Print it; a run that holds the home folder is told first, and an empty home is no error."""
    console.print(f"Home: {escape(str(home.path))}")
    for lock, what in ((home.lock, "run"), (home.revisit_lock, "revisit")):
        if holder := FileLock(lock).holder():
            console.print(f"[yellow]A {what} is in progress[/]: {escape(holder)}")
    try:
        connection = open_published(home.published, config.ask)
    except DataError as error:
        console.print(escape(str(error)))
        return
    asked = {name: query(connection, sql, seconds=config.ask.seconds) for name, sql in SQL.items()}
    columns, rows = asked["counts"]
    console.print(", ".join(f"{value:,} {name}" for name, value in zip(columns, rows[0], strict=True)))
    console.print(", ".join(f"{count:,} {show.styled(status)}" for status, count in asked["statuses"][1]))
    tables = {"Last runs": "runs", "Ailing sources": "ailing", "Issues of the last run that had any": "issues"}
    for title, name in tables.items():
        columns, rows = asked[name]
        if rows or name != "ailing":
            console.print(f"\n[bold]{title}[/]")
            show.table(console, columns, rows, limit=len(rows))
