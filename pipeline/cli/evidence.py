"""`rumortrail evidence` and `rumortrail verify`: what is kept, handed out and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from pipeline.archive.evidence_bundle import default_folder, write_evidence
from pipeline.archive.verify import verify as check
from pipeline.cli import console as show
from pipeline.cli.options import HomeOption, open_home
from pipeline.core.text import counted


def evidence(
    document_id: Annotated[str, typer.Argument(help="A document's id, as `ask` and the dashboard show it.")],
    out: Annotated[Path | None, typer.Option("--out", help="The folder to write; default ./evidence-DOCUMENT_ID.")] = None,
    home: HomeOption = None,
) -> None:
    """Write what is archived of a document, with its hashes and proofs, into a folder that can be handed to others.

    Exit code 1: some of its versions are missing or damaged; the folder says which.

    Example: `rumortrail evidence d41c7f0a2b9e6d835 --out for-the-lawyer`
    """
    where, config = open_home(home)
    made = write_evidence(where, config, document_id, out or default_folder(document_id))
    console = Console(soft_wrap=True)
    console.print(f"{counted(made.versions, 'version')} written; open {escape(str(made.folder / 'index.html'))}")
    for fault in made.faults:
        console.print(f"[red]damage[/]: {escape(fault)}")
    raise typer.Exit(1 if made.faults else 0)


def verify(home: HomeOption = None) -> None:
    """Check the archive (warcio's own checks, each night's Merkle root, each version's hash) and the editors' journal.

    Nothing is changed.

    Exit code 0: all well. 1: something is damaged or missing; each is told.

    Example: `rumortrail verify`
    """
    where, config = open_home(home)
    with show.progress(Console(stderr=True)) as progress:
        found = check(where, config, progress=progress)
    console = Console(soft_wrap=True)
    for note in found.notes:
        console.print(f"note: {escape(note)}")
    for damage in found.damages:
        console.print(f"[red]damage[/]: {escape(damage)}")
    console.print(
        f"{found.archives:,} archives, {found.records:,} records, {found.versions:,} versions, {found.roots:,} Merkle roots, "
        f"{found.stamps:,} time stamps, {found.entries:,} journal entries: {f'{len(found.damages):,} damaged or missing' if found.damages else 'all well'}"
    )
    raise typer.Exit(1 if found.damages else 0)
