"""`rumortrail site`: the pages of the published copy as a folder that any web host serves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from pipeline.cli import console
from pipeline.cli.options import HomeOption, open_home
from pipeline.core.errors import ConfigError
from pipeline.core.home import Home
from pipeline.core.text import counted
from pipeline.published.claim_filter import ClaimFilter
from pipeline.watches.store import WatchStore

err = Console(stderr=True, soft_wrap=True)


def site(
    out: Annotated[
        Path | None, typer.Argument(help="The folder to write; default: [site] out of rumortrail.toml.")
    ] = None,
    watch: Annotated[
        str | None, typer.Option("--watch", help="Only the claims of this watch, by its name or id.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Write all pages, lists, search, feeds and the calendar as a folder of static files (docs/site.md).

    A second run writes only what moved. Files that a site did not write are left alone.

    Example: `rumortrail site public`
    """
    from pipeline.pages.site.write import site_folder, write_site

    where, config = open_home(home)
    if out is None and not config.site.out:
        raise ConfigError("name a folder: `rumortrail site OUT`, or set [site] out in rumortrail.toml")
    chosen, name = _watch(where, watch) if watch else (None, "")
    with console.progress(err) as progress:
        done = write_site(
            where, config, out or site_folder(where, config), chosen=chosen, watch=name,
            progress=progress,
        )  # fmt: skip
    held = f"{counted(done.claims, 'claim')} and {counted(done.stories, 'story', 'stories')}"
    files = done.files
    err.print(
        f"{escape(str(done.root))}: {held}; {counted(files.written, 'file')} written,"
        f" {files.unchanged:,} unchanged, {files.removed:,} removed"
    )
    if files.left:
        names = ", ".join(files.left[:5])
        err.print(f"left alone, since a site did not write it: {escape(names)}")


def _watch(home: Home, asked: str) -> tuple[ClaimFilter, str]:
    """Return the filter and the name of a watch. Raises ConfigError where not one has that name."""
    kept = WatchStore(home.watches).all()
    named = [watch for watch in kept if asked == watch.watch_id] or [w for w in kept if w.name == asked]
    if len(named) == 1:
        return named[0].filter, named[0].name
    words = f"{len(named)} watches are called" if named else "there is no watch"
    raise ConfigError(f"{words} {asked[:80]!r}: `rumortrail watch list` shows their ids")
