"""`rumortrail edits`: when a document's text changed, and what, by sentence with the changed words marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.text import Text

from pipeline.cli.options import HomeOption, open_home
from pipeline.core.config import Config
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.core.rows import build
from pipeline.core.same_page import page_of
from pipeline.core.text import printable, shorten
from pipeline.core.vocabulary import Change, ReadAnew
from pipeline.published.database import open_published, query
from pipeline.published.place import copy_of
from pipeline.store.queries import Statements
from pipeline.text.diff import Edit, Hunk, Wording, compare, hunks, titles
from pipeline.text.inline_diff import Fate, Words, sentences

SQL = Statements(__package__, "edits")

BRIEF = 60
"""Characters of each side of a trivial edit that are shown."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document."""

    document_id: str
    url: str | None
    source: str
    title: str | None


_ANEW = {
    ReadAnew.FULLER: "more of the document could be read than before",
    ReadAnew.READER: "it was read by a newer Rumortrail, or at another address of its site",
}


@dataclass(frozen=True, slots=True)
class Version:
    """A version and what it changed of the one before; `change` is None where they were not compared yet.

    `read_anew` says why it is no edit.
    """

    number: int
    title: str | None
    headline: str | None
    text: str
    read_anew: ReadAnew | None
    unchanged_at: datetime | None
    seen_at: datetime
    change: Change | None
    noted: bool | None
    removed: str | None
    added: str | None

    @property
    def wording(self) -> Wording:
        """Return its headlines and text."""
        return Wording(self.title, self.text, self.headline)

    def edit(self, before: Version) -> Edit:
        """Return the stored edit, or compare it with `before`."""
        if self.change is None:
            return compare(before.wording, self.wording)
        return Edit(self.change, bool(self.noted), self.removed or "", self.added or "")


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
    home_folder, config = open_home(home)
    console = Console(soft_wrap=True, highlight=False)
    for line in report(*history(home_folder, config, document)):
        console.print(line)


def history(home: Home, config: Config, asked: str) -> tuple[Document, list[Version]]:
    """Return the published document with the id or the URL `asked`, and its versions, the first one first.

    Raises DataError where there is none, and where several documents share the URL.
    """

    def rows(record: type[Row], statement: str, **values: Any) -> list[Row]:
        columns, result = query(connection, SQL[statement], values, seconds=config.ask.seconds)
        return [build(record, dict(zip(columns, row, strict=True))) for row in result]

    with open_published(copy_of(home, config), config.ask) as connection:
        url = _url(asked)
        documents = rows(Document, "documents", given=asked, url=url, page=page_of(url or ""))
        if not documents:
            raise DataError(
                f"no document {asked!r} is published: give a document_id or the URL of a stored document, "
                'as `rumortrail ask "SELECT document_id, url FROM documents"` lists them'
            )
        if len(documents) > 1:
            ids = ", ".join(document.document_id for document in documents[:10])
            raise DataError(f"{len(documents)} documents have the URL {asked!r}: give an id, {ids}")
        return documents[0], rows(Version, "versions", document_id=documents[0].document_id)


def report(document: Document, versions: list[Version]) -> Iterator[Text]:
    """Yield the lines to show; the marks stand there with and without colour, without control characters."""
    yield Text(printable(document.title or document.document_id), style="bold")
    yield Text(" ".join(printable(shown) for shown in (document.source, document.url) if shown), style="dim")
    yield Text(f"Version {versions[0].number}, first seen {versions[0].seen_at:%Y-%m-%d %H:%M} UTC")
    if not versions[1:]:
        yield Text("No edit was seen.")
    for before, after in pairwise(versions):
        if after.read_anew is not None:
            seen = f"seen {after.seen_at:%Y-%m-%d %H:%M} UTC"
            yield Text(f"Version {after.number}, {seen}: no edit, {_ANEW[after.read_anew]}", style="dim")
            continue
        edit = after.edit(before)
        when = interval(after.unchanged_at, after.seen_at)
        heading = f"Version {after.number}, {when}: {edit.change.replace('_', ' ')}"
        if edit.change is Change.TRIVIAL:
            yield Text(heading + _brief(edit), style="dim")
            continue
        yield Text(f"{heading}, {'with' if edit.noted else 'without'} a note on the page", style="bold")
        if edit.change is not Change.BODY:
            for hunk in titles(before.wording, after.wording):
                yield from (Text("  headline: ").append_text(line) for line in marked(hunk))
        for hunk in hunks(before.wording, after.wording):
            yield from (Text("  ").append_text(line) for line in marked(hunk))


def interval(earliest: datetime | None, latest: datetime) -> str:
    """Return in words between which two instants something changed."""
    if earliest is None:
        return f"changed before {latest:%Y-%m-%d %H:%M} UTC"
    end = f"{latest:%H:%M}" if earliest.date() == latest.date() else f"{latest:%Y-%m-%d %H:%M}"
    return f"changed between {earliest:%Y-%m-%d %H:%M} and {end} UTC"


def marked(hunk: Hunk) -> Iterator[Text]:
    """Yield a line for each sentence of a hunk: one that was reworded, removed, or added."""
    for parts in sentences(hunk):
        yield Text(" ").join(_mark(part) for part in parts)


def _mark(part: Words) -> Text:
    plain = printable(part.text)
    if part.fate is Fate.KEPT:
        return Text(plain)
    removed = part.fate is Fate.REMOVED
    return Text(f"[-{plain}-]", style="red strike") if removed else Text(f"{{+{plain}+}}", style="green")


def _brief(edit: Edit) -> str:
    if not edit.removed and not edit.added:
        return " (spacing)"
    return f" ({_short(edit.removed)} -> {_short(edit.added)})"


def _short(text: str) -> str:
    return printable(shorten(" / ".join(text.splitlines()), BRIEF)) or "nothing"


def _url(address: str) -> str | None:
    from crawlers.normalise.urls import canonical_url  # loads what knows all domains

    try:
        return canonical_url(address)
    except ValueError:
        return None
