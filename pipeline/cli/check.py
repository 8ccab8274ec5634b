"""`rumortrail check`: which statements of a text are known claims, and how these stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding

from pipeline.check.records import Bearing, Checked, CheckedStatement, FirstSaid, KnownClaim, as_json
from pipeline.cli import console
from pipeline.cli.options import HomeOption, open_home
from pipeline.core.config import Config
from pipeline.core.errors import DataError
from pipeline.core.page import Page
from pipeline.core.text import counted

out = Console()

BEARINGS = {
    Bearing.REPEATS: "repeats",
    Bearing.DENIES: "denies",
    Bearing.QUESTIONS: "questions",
    Bearing.RIVALS: "rivals",
}
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_FILE_NAME = re.compile(r"\S*[\w-]\.(?:txt|md|html?|pdf|docx?|rtf|odt)", re.IGNORECASE)


def check(
    what: Annotated[str, typer.Argument(metavar="TEXT|URL|FILE", help="A text, the address of a page, or the"
                                        " path of a text or HTML file.")],
    home: HomeOption = None,
    in_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Say which statements of a text are known claims: which they repeat, deny or rival, and their status.

    Nothing is stored or logged. A page is fetched by the same rules as in a crawl.

    Example: `rumortrail check "Basalt 4 has 95 billion parameters, two people say."`
    """
    # Here, since no other command needs the models that it imports.
    from pipeline.run.interactive import checker as make_checker

    home_folder, config = open_home(home)
    checker = make_checker(home_folder, config)
    page = _page(what, config)
    checked = checker.check(what) if page is None else checker.check_page(page)
    if in_json:
        typer.echo(json.dumps(as_json(checked), ensure_ascii=False, indent=2))
        return
    _show(checked)


def _page(text: str, config: Config) -> Page | None:
    """Return the page behind an address or the text of a file; None for what is a text itself."""
    if _URL.fullmatch(text.strip()):
        from crawlers.engine.single_page import fetch_page

        return fetch_page(text, config.crawl)
    path = Path(text)
    if not _is_file(path):
        if _FILE_NAME.fullmatch(text.strip()):
            raise DataError(f"there is no file {text!r}: give the path of a text or HTML file, or a text")
        return None
    from crawlers.files.single_file import read_file

    return read_file(path)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a text is longer than a name may be, or holds a NUL
        return False


def _show(checked: Checked) -> None:
    known_count = sum(1 for statement in checked.statements if statement.known)
    if checked.title:
        out.print(f"[bold]{console.foreign(checked.title, 300)}[/]")
    total = counted(len(checked.statements), "checkable statement")
    out.print(f"{total}, {known_count} seen before; checked against the copy published at "
              f"{checked.published_at:%Y-%m-%d %H:%M} UTC")
    for statement in checked.statements:
        out.print()
        out.print(f"[bold]“{console.foreign(statement.quote, 600)}”[/]")
        for line in _answer(statement):
            out.print(Padding(line, (0, 0, 0, 2)))
    if checked.notes:
        out.print()
    for note in checked.notes:
        out.print(f"[dim]{console.foreign(note, 500)}[/]")


def _answer(statement: CheckedStatement) -> Iterator[str]:
    if not statement.known:
        yield "not seen before"
    for claim in statement.known:
        voices = counted(claim.voices, "independent voice")
        yield (f"{BEARINGS[claim.bearing]} {console.foreign(claim.claim, 400)} ({claim.claim_id}): "
               f"{console.styled(claim.status)}, {voices}")
        if claim.differs:
            in_text, in_claim = (console.foreign(detail, 80) for detail in claim.differs)
            yield f"  {claim.slot}: {in_text} here, {in_claim} there"
        if claim.reason:
            yield f"  {console.foreign(claim.reason, 400)}"
        if claim.first:
            yield f"  first said by {_first(claim)}"


def _first(claim: KnownClaim) -> str:
    first = claim.first[0]
    several = " (one of several at about the same time)" if len(claim.first) > 1 else ""
    return f"{console.foreign(first.name, 120)}, {_when(first)}{several}"


def _when(first: FirstSaid) -> str:
    if first.said_at is None:
        return f"at an unknown time, seen {first.seen_at:%Y-%m-%d}"
    return f"{first.said_at:%Y-%m-%d}"
