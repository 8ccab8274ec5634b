"""The shipped names, read once for all tests of a process and not before one asks."""

from __future__ import annotations

from functools import cache

from models.gazetteer import Gazetteer


@cache
def shipped() -> Gazetteer:
    """Return the shipped names."""
    return Gazetteer.load()
