"""What docs/sql.md says, for programs: the questions that can be asked of the published copy, and its views.

The page is the one source of both. The package holds it as `pipeline/sql.md`, a link that an installation follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Question:
    """A question in words, the heading that it stands under, and its SQL."""

    heading: str
    words: str
    sql: str


@dataclass(frozen=True, slots=True)
class View:
    """A view: what it is, and what its columns are; columns that are told together stand together."""

    name: str
    words: str
    columns: tuple[tuple[tuple[str, ...], str], ...]


@cache
def questions() -> tuple[Question, ...]:
    """The questions, in the page's order."""
    return tuple(
        Question(heading, words, sql.strip())
        for heading, body in _sections("Questions")
        for words, sql in re.findall(r"([^\n]+)\n\n```sql\n(.*?)```", body, re.DOTALL)
    )


@cache
def views() -> tuple[View, ...]:
    """The views, in the page's order."""
    return tuple(
        View(
            name,
            _said(body.split("\n|")[0]),
            tuple(
                (tuple(re.findall(r"`(\w+)`", names)), _said(words))
                for names, words in re.findall(r"^\| (`.*?) \| (.*) \|$", body, re.MULTILINE)
            ),
        )
        for name, body in _sections("Tables")
    )


def _sections(part: str) -> list[tuple[str, str]]:
    page = files(__package__).joinpath("sql.md").read_text("utf-8")
    whole = re.split(r"^## ", page, flags=re.MULTILINE)
    body = next(text for text in whole if text.startswith(f"{part}\n"))
    return [
        (heading.strip(), text)
        for heading, _, text in (section.partition("\n") for section in body.split("\n### ")[1:])
    ]


def _said(markdown: str) -> str:
    """The page's Markdown as plain words: links without their targets, no marks."""
    return " ".join(re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", markdown).replace("`", "").split())
