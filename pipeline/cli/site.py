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
from pipeline.core.text import counted
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
    saved_watch = WatchStore(home_folder.watches).find(watch) if watch else None
    with console.progress(err) as progress:
        result = write_site(
            home_folder, config, out or site_folder(home_folder, config), progress=progress,
            chosen=saved_watch.filter if saved_watch else None, watch=saved_watch.name if saved_watch else "",
        )  # fmt: skip
    contents = f"{counted(result.claims, 'claim')} and {counted(result.stories, 'story', 'stories')}"
    files = result.files
    err.print(
        f"{escape(str(result.root))}: {contents}; {counted(files.written, 'file')} written,"
        f" {files.unchanged:,} unchanged, {files.removed:,} removed"
    )
    if files.left:
        names = ", ".join(files.left[:5])
        err.print(f"not touched, because Rumortrail did not write them: {escape(names)}")
