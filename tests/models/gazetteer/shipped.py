"""The shipped names, read once for all tests of a process, at the first use."""

from __future__ import annotations

from functools import cache

from models.gazetteer import Gazetteer


@cache
def shipped() -> Gazetteer:
    """Return the shipped names."""
    return Gazetteer.load()
