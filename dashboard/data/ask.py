"""What the page Ask reads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the published copy."""

    view: str
    name: str
    type: str
