"""One page that a person asked for by its address: what crawlers fetch and a check reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pipeline.core.vocabulary import Precision


@dataclass(frozen=True, slots=True)
class Page:
    """The readable text of a page; `url` is where it was found in the end.

    `whole` is false where a page that is not free shows a part; `notes` say so in plain words.
    """

    url: str
    title: str | None
    text: str
    published_at: datetime | None
    published_precision: Precision
    language: str | None
    whole: bool = True
    notes: tuple[str, ...] = ()


Fetch = Callable[[str], Page]
"""Fetches a page by its address. Raises SourceError that says in plain words why a page cannot be read."""
