"""A reader for tests: the real parser and the shipped names, with a few fictional ones over them."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from models.gazetteer import Gazetteer
from models.language import SpacyLanguage
from models.language.parsing.parser import Parser
from models.protocols.language import DocumentText, FoundMention

WEDNESDAY = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)

FICTIONAL = """
[[organisation]]
name = "Halcyon Labs"
aliases = ["Halcyon"]
domains = ["halcyon.example"]
handles = { x = ["HalcyonLabs"] }

[[organisation]]
name = "Brightwater"

[[family]]
name = "Lumen"
owner = "Halcyon Labs"
patterns = ["Lumen {n}[ {tier}]"]
words = { tier = ["Pro", "Mini"] }

[[family]]
name = "Otter"
owner = "Brightwater"
patterns = ["Otter {n}"]

[[benchmark]]
name = "LadderBench"

[[person]]
name = "Mira Solano"
organisation = "Halcyon Labs"
title = "chief executive"
handles = { x = ["mirasolano"] }
"""


@cache
def shipped_and_fictional() -> Gazetteer:
    """Return the names, loaded once for all tests."""
    files_ = [item for item in files("models.gazetteer").iterdir() if item.name.endswith(".toml")]
    shipped = [(item.name, item.read_text("utf-8")) for item in sorted(files_, key=lambda item: item.name)]
    return Gazetteer([*shipped, ("fictional.toml", FICTIONAL)])


@cache
def reader() -> SpacyLanguage:
    """Return the language model, loaded once for all tests."""
    return SpacyLanguage(Parser("en_core_web_sm"), shipped_and_fictional())


def article(
    text: str, title: str | None = None, published_at: datetime | None = WEDNESDAY,
    language: str | None = None,
) -> DocumentText:
    """Return an article of a newspaper."""
    return DocumentText(
        title, text, "news", "daily.example", "R. Byline", None, "The Daily Byte", "press", None,
        published_at, language,
    )


def post(
    text: str, author: str, platform: str = "x", title: str | None = None, parent: str | None = None
) -> DocumentText:
    """Return a post of an account."""
    return DocumentText(
        title, text, platform, f"{platform}.example", author, None, author, "community", None, WEDNESDAY,
        None, parent,
    )


def found(passage: DocumentText) -> list[FoundMention]:
    """Return the mentions that the reader finds in one passage."""
    (reading,) = reader().read([passage])
    return list(reading.mentions)


def only(passage: DocumentText) -> FoundMention:
    """Return the only mention of a passage."""
    mentions = found(passage)
    assert len(mentions) == 1, [mention.proposition for mention in mentions]
    return mentions[0]


def cases(name: str) -> list[Any]:
    """Return the cases of a test in `cases.toml`."""
    tables = tomllib.loads(Path(__file__).with_name("cases.toml").read_text("utf-8"))
    return [tuple(row) if isinstance(row, list) else row for row in tables[name]]
