"""The reference of the published copy: the questions that can be asked of it, its views and their columns.

`questions.sql` and `views.toml` are its sources; this writes the page from them:
`python -m pipeline.published.sql_reference > docs/sql.md`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.store.queries import Statements


@dataclass(frozen=True, slots=True)
class Question:
    """A question in words, the heading that it stands under, and its SQL."""

    heading: str
    words: str
    sql: str


@dataclass(frozen=True, slots=True)
class View:
    """A view and its columns, described in plain words; columns that share a description stand together."""

    name: str
    words: str
    columns: tuple[tuple[tuple[str, ...], str], ...]


@cache
def questions() -> tuple[Question, ...]:
    """Return the questions of `questions.sql` in its order."""
    parsed: list[Question] = []
    for statement in Statements(__package__, "questions").values():
        lines = statement.splitlines()
        comments = [line.removeprefix("-- ") for line in lines if line.startswith("-- ")]
        sql = "\n".join(line for line in lines if not line.startswith("-- "))
        heading = parsed[-1].heading if parsed else ""
        if comments[0].startswith("section: "):
            heading = comments.pop(0).removeprefix("section: ")
        parsed.append(Question(heading, " ".join(comments), sql))
    return tuple(parsed)


@cache
def views() -> tuple[View, ...]:
    """Return the views of `views.toml` in its order, their descriptions without Markdown."""
    parsed = []
    for name, view in _source()["views"].items():
        described = view.get("columns", {}).items()
        columns = [(tuple(names.split(", ")), _plain(words)) for names, words in described]
        parsed.append(View(name, _plain(view["about"]), tuple(columns)))
    return tuple(parsed)


def page() -> str:
    """Return docs/sql.md as Markdown."""
    source = _source()
    parts = [source["intro"], "## Questions\n", source["questions"]]
    heading = ""
    for question in questions():
        if question.heading != heading:
            heading = question.heading
            parts.append(f"### {heading}\n")
        parts.append(f"{question.words}\n\n```sql\n{question.sql}\n```\n")
    parts.append("## Tables\n")
    for name, view in source["views"].items():
        rows = "".join(
            f"| {', '.join(f'`{column}`' for column in names.split(', '))} | {words} |\n"
            for names, words in view.get("columns", {}).items()
        )
        table = f"\n| column | is |\n| --- | --- |\n{rows}" if rows else ""
        parts.append(f"### {name}\n{view['about'].strip()}\n{table}")
    return "\n".join(parts)


@cache
def _source() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("views.toml").read_text("utf-8"))


def _plain(markdown: str) -> str:
    """Drop the marks of Markdown, and the targets of links."""
    return " ".join(re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", markdown).replace("`", "").split())


if __name__ == "__main__":
    print(page(), end="")
