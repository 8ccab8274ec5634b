"""What words mean, once decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """What words mean: canonical name, the entry (by index) that knows it, the slots of the family's names.

    `declared` tells what the data names from what only a scheme does; `keys` are the names by which a short
    name that needs it may ask for it.
    """

    name: str
    entry: int
    kind: str
    owner: str | None
    family: int | None
    family_name: str | None
    version: str | None
    values: Values
    declared: bool
    keys: frozenset[str]
