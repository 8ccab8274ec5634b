"""The page Ask: the rows of `ask.sql`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the published copy."""

    view: str
    name: str
    type: str
