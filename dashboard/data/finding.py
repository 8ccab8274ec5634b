"""Searching: the rows of `finding.sql`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """How many passages the copy holds."""

    passages: int


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers of words that begin alike; None where there are none."""

    first: int | None
    last: int | None
