"""`rumortrail evidence` and `rumortrail verify`: hand out and check what is archived."""

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
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder to write; default ./evidence-DOCUMENT_ID.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Write what is archived of a document, with hashes and proofs, into a folder to hand to others.

    Exit code 1: some of its versions are missing or damaged; the folder says which.

    Example: `rumortrail evidence d41c7f0a2b9e6d835 --out for-the-lawyer`
    """
    where, config = open_home(home)
    made = write_evidence(where, config, document_id, out or default_folder(document_id))
    console = Console(soft_wrap=True)
    index = escape(str(made.folder / "index.html"))
    console.print(f"{counted(made.versions, 'version')} written; open {index}")
    for fault in made.faults:
        console.print(f"[red]damage[/]: {escape(fault)}")
    raise typer.Exit(1 if made.faults else 0)


def verify(home: HomeOption = None) -> None:
    """Check the archive (records, Merkle roots, the hashes of versions) and the editors' journal.

    Nothing is changed.

    Exit code 0: all is well. 1: something is damaged or missing; each damage is listed.

    Example: `rumortrail verify`
    """
    where, config = open_home(home)
    with show.progress(Console(stderr=True)) as progress:
        findings = check(where, config, progress=progress)
    console = Console(soft_wrap=True)
    for note in findings.notes:
        console.print(f"note: {escape(note)}")
    for damage in findings.damages:
        console.print(f"[red]damage[/]: {escape(damage)}")
    counts = {
        "archives": findings.archives,
        "records": findings.records,
        "versions": findings.versions,
        "Merkle roots": findings.roots,
        "time stamps": findings.stamps,
        "journal entries": findings.entries,
    }
    checked = ", ".join(f"{count:,} {noun}" for noun, count in counts.items())
    result = f"{len(findings.damages):,} damaged or missing" if findings.damages else "all well"
    console.print(f"{checked}: {result}")
    raise typer.Exit(1 if findings.damages else 0)
