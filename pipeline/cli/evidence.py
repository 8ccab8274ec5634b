"""`rumortrail evidence` and `rumortrail verify`: hand out and check what is archived."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from pipeline.cli import console as show
from pipeline.cli.options import HomeOption, open_home
from pipeline.core.text import counted


def evidence(
    wanted: Annotated[
        str,
        typer.Argument(
            metavar="DOCUMENT | CLAIM", help="The id of either, as `ask` and the dashboard show it."
        ),
    ],
    wacz: Annotated[
        bool, typer.Option("--wacz", help="Write one WACZ file, which ReplayWeb.page and pywb open.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="What to write; default ./evidence-ID or ./evidence-ID.wacz."),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Write the archived pages of a document or of a claim, with their proofs, to hand to others.

    A folder, or with --wacz one file. `verify_evidence.py` in it checks all of it without Rumortrail.

    Exit code 1: something is missing or damaged; the command and the evidence say what.

    Example: `rumortrail evidence --wacz c1234 --out for-the-lawyer.wacz`
    """
    from pipeline.archive.evidence_bundle import default_out, write_evidence  # loads all that reads archives

    home_folder, config = open_home(home)
    out = out or default_out(wanted, wacz=wacz)
    with show.progress(Console(stderr=True)) as progress:
        bundle = write_evidence(home_folder, config, wanted, out, wacz=wacz, progress=progress)
    console = Console(soft_wrap=True)
    file_to_open = bundle.path if wacz else bundle.path / "evidence" / "index.html"
    console.print(f"{counted(bundle.versions, 'version')} written; open {escape(str(file_to_open))}")
    for fault in bundle.faults:
        console.print(f"[red]damage[/]: {escape(fault)}")
    raise typer.Exit(1 if bundle.faults else 0)


def verify(home: HomeOption = None) -> None:
    """Check the archive (records, Merkle roots, the hashes of versions) and the editors' journal.

    Nothing is changed.

    Exit code 0: all is well. 1: something is damaged or missing; each damage is listed.

    Example: `rumortrail verify`
    """
    from pipeline.archive.verify import verify as check

    home_folder, config = open_home(home)
    with show.progress(Console(stderr=True)) as progress:
        findings = check(home_folder, config, progress=progress)
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
