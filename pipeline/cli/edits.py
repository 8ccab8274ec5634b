"""`rumortrail edits`: when a document's text changed, and what, by sentence with the changed words marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from crawlers.normalise.urls import canonical_url
from pipeline.cli.options import HomeOption, open_home
from pipeline.core.config import Config, Home
from pipeline.core.errors import DataError
from pipeline.core.records import Change
from pipeline.published.database import open_published, query
from pipeline.store.queries import Statements
from pipeline.text.diff import Edit, Hunk, Wording, compare, hunks
from pipeline.text.inline_diff import Fate, Words, sentences

SQL = Statements("pipeline.stages.ingest", "edits")

BRIEF = 60
"""Characters of each side of a trivial edit that are shown."""


@dataclass(frozen=True, slots=True)
class Told:
    """A version as the published copy has it; `edit` is what it changed of the one before."""

    number: int
    wording: Wording
    unchanged_at: datetime | None
    seen_at: datetime
    edit: Edit


@dataclass(frozen=True, slots=True)
class History:
    """A document and its versions, the first one first."""

    document_id: str
    url: str | None
    source: str
    title: str | None
    versions: tuple[Told, ...]


def edits(
    document: Annotated[
        str, typer.Argument(metavar="DOCUMENT_ID|URL", help="A document's id, or the address of its page.")
    ],
    home: HomeOption = None,
) -> None:
    """Show when a document's text changed and what was changed: [-removed-] {+added+}, sentence by sentence.

    A trivial edit (typography, counters, clocks, "3 min read", links to other stories) is told in one line.

    Example: `rumortrail edits https://news.example/aster-delayed`
    """
    where, config = open_home(home)
    console = Console(soft_wrap=True, highlight=False)
    for line in report(history(where, config, document)):
        console.print(line)


def history(home: Home, config: Config, given: str) -> History:
    """What the published copy has of the document with the id, or at the URL, `given`.

    Raises DataError where there is none, and where several documents share the URL.
    """
    connection = open_published(home.published, config.ask)
    try:
        found = _rows(connection, config, "documents", {"given": given, "url": _url(given)})
        if not found:
            raise DataError(
                f"no document {given!r} is published: give a document_id or the URL of a stored document, "
                'as `rumortrail ask "SELECT document_id, url FROM documents"` lists them'
            )
        if len(found) > 1:
            ids = ", ".join(row["document_id"] for row in found[:10])
            raise DataError(f"{len(found)} documents have the URL {given!r}: give one of their ids, {ids}")
        versions = _rows(connection, config, "history", {"document_id": found[0]["document_id"]})
    finally:
        connection.close()
    wordings = [Wording(row["title"], row["text"]) for row in versions]
    told = [
        Told(row["number"], wording, row["unchanged_at"], row["seen_at"], _edit(row, before, wording))
        for row, before, wording in zip(versions, [wordings[0], *wordings], wordings, strict=False)
    ]
    return History(**found[0], versions=tuple(told))


def report(found: History) -> Iterator[Text]:
    """The lines to show; the marks stand there with and without colour, and control characters do not."""
    yield Text(_plain(found.title or found.document_id), style="bold")
    yield Text(" ".join(_plain(words) for words in (found.source, found.url or "") if words), style="dim")
    first, *later = found.versions
    yield Text(f"Version {first.number}, first seen {first.seen_at:%Y-%m-%d %H:%M} UTC")
    if not later:
        yield Text("No edit was seen.")
    for before, after in zip(found.versions, later, strict=False):
        change = after.edit.change
        when = interval(after.unchanged_at, after.seen_at)
        head = f"Version {after.number}, {when}: {change.replace('_', ' ')}"
        if change is Change.TRIVIAL:
            yield Text(head + _brief(after.edit), style="dim")
            continue
        yield Text(f"{head}, {'with' if after.edit.noted else 'without'} a note on the page", style="bold")
        if change is not Change.BODY:
            old, new = before.wording.title, after.wording.title
            titles = Hunk((old,) if old else (), (new,) if new else ())
            yield from (Text("  headline: ").append_text(line) for line in marked(titles))
        for hunk in hunks(before.wording, after.wording):
            yield from (Text("  ").append_text(line) for line in marked(hunk))


def interval(earliest: datetime | None, latest: datetime) -> str:
    """Between which two instants something changed."""
    if earliest is None:
        return f"changed before {latest:%Y-%m-%d %H:%M} UTC"
    end = f"{latest:%H:%M}" if earliest.date() == latest.date() else f"{latest:%Y-%m-%d %H:%M}"
    return f"changed between {earliest:%Y-%m-%d %H:%M} and {end} UTC"


def marked(hunk: Hunk) -> Iterator[Text]:
    """A line for each sentence of a hunk: one that was reworded, removed, or added."""
    for parts in sentences(hunk):
        yield Text(" ").join(_mark(part) for part in parts)


def _mark(part: Words) -> Text:
    plain = _plain(part.text)
    if part.fate is Fate.KEPT:
        return Text(plain)
    removed = part.fate is Fate.REMOVED
    return Text(f"[-{plain}-]", style="red strike") if removed else Text(f"{{+{plain}+}}", style="green")


def _brief(edit: Edit) -> str:
    if not edit.removed and not edit.added:
        return " (spacing)"
    return f" ({_short(edit.removed)} -> {_short(edit.added)})"


def _short(text: str) -> str:
    line = " / ".join(text.splitlines())
    return _plain(line if len(line) <= BRIEF else f"{line[:BRIEF]}…") or "nothing"


def _url(given: str) -> str | None:
    try:
        return canonical_url(given)
    except ValueError:
        return None


def _rows(connection: Any, config: Config, name: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    columns, rows = query(connection, SQL[name], parameters, seconds=config.ask.seconds)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _edit(row: dict[str, Any], before: Wording, after: Wording) -> Edit:
    """What is stored; compared here where that was not done yet."""
    if row["change"] is None:
        return compare(before, after)
    return Edit(Change(row["change"]), row["noted"], row["removed"], row["added"])


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in text)
