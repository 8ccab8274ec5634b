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

    home_folder, config = open_home(home)
    if out is None and not config.site.out:
        raise ConfigError("name a folder: `rumortrail site OUT`, or set [site] out in rumortrail.toml")
    claim_filter, name = _watch(home_folder, watch) if watch else (None, "")
    with console.progress(err) as progress:
        result = write_site(
            home_folder, config, out or site_folder(home_folder, config), chosen=claim_filter, watch=name,
            progress=progress,
        )  # fmt: skip
    contents = f"{counted(result.claims, 'claim')} and {counted(result.stories, 'story', 'stories')}"
    files = result.files
    err.print(
        f"{escape(str(result.root))}: {contents}; {counted(files.written, 'file')} written,"
        f" {files.unchanged:,} unchanged, {files.removed:,} removed"
    )
    if files.left:
        names = ", ".join(files.left[:5])
        err.print(f"left alone, since a site did not write it: {escape(names)}")


def _watch(home: Home, reference: str) -> tuple[ClaimFilter, str]:
    """Return the filter and the name of a watch. Raises ConfigError where not one has that name."""
    watches = WatchStore(home.watches).all()
    matches = [watch for watch in watches if reference == watch.watch_id] or [
        watch for watch in watches if watch.name == reference
    ]
    if len(matches) == 1:
        return matches[0].filter, matches[0].name
    problem = f"{len(matches)} watches are called" if matches else "there is no watch"
    raise ConfigError(f"{problem} {reference[:80]!r}: `rumortrail watch list` shows their ids")
