"""`rumortrail migrate`: a home into a lake, and back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape

from pipeline.cli import console
from pipeline.cli.options import HomeOption, open_home
from pipeline.cli.runs import err, out
from pipeline.core.errors import ConfigError
from pipeline.core.home import Home
from pipeline.core.setting_types import storage_address


def migrate(
    to: Annotated[str, typer.Option("--to", help="The lake, as ducklake:postgres:dbname=news host=...")] = "",
    back: Annotated[str, typer.Option("--from", help="The lake that becomes a home again, empty now.")] = "",
    storage: Annotated[
        str, typer.Option(help="Where files go: s3://BUCKET/PREFIX or a folder. Default: [publish] storage.")
    ] = "",
    home: HomeOption = None,
) -> None:
    """Move a home into a lake, or back; nothing is deleted, and what was interrupted goes on when run again.

    What was published becomes a night of the lake; the store, the inbox, the archive and the editors' journal
    go along. Settings and secrets stay: copy them yourself.

    Example: `rumortrail migrate --to "ducklake:postgres:dbname=news host=db.example" --storage s3://news/lake`
    """
    # What needs the packages of `rumortrail[cluster]` is loaded here.
    from pipeline.lake.back import move_back
    from pipeline.lake.home_files import STAYS
    from pipeline.lake.move import move_to
    from pipeline.run.nightly import locked

    home_folder, config = open_home(home)
    if bool(to) == bool(back):
        raise ConfigError("name a lake, with --to or with --from: see `rumortrail migrate --help`")
    try:
        storage = storage_address(storage) or config.publish.storage
    except ValueError as error:
        raise ConfigError(f"--storage must be {error}") from error
    if to and not storage:
        raise ConfigError("name where files go: --storage s3://BUCKET/PREFIX, or the whole path of a folder")
    with locked(home_folder), console.progress(err) as progress:
        if to:
            _of_this_version(home_folder)
            moved = move_to(home_folder, to, storage, datetime.now(UTC), progress)
        else:
            moved = move_back(home_folder, back, progress)
    files = f"{moved.files:,} files ({moved.bytes / 1e6:,.1f} MB, {moved.new_files:,} new)"
    tables = f"{moved.tables} tables with {moved.rows:,} rows"
    out.print(f"{'The lake' if to else escape(str(home_folder.path))} holds {tables} and {files}.")
    out.print("Each table was verified by its count and a hash over its rows, each file by its SHA-256.")
    out.print(f"Not taken along: {', '.join(sorted(STAYS))}. Copy these yourself.")
    if back:
        out.print("Next: `rumortrail process` goes on, and writes the published copy.")


def _of_this_version(home: Home) -> None:
    """Bring the store to this version. Raises ConfigError where there is none."""
    from pipeline.store.store import Store

    if not home.work.exists():
        raise ConfigError(f"{home.path} holds no store: there is nothing to move")
    Store.open(home.work).close()
